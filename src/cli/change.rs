//! What of the findings is old: the options of `check` and `review` that set it aside.

use std::path::{Path, PathBuf};

use clap::Args;

use super::terminal::Terminal;
use crate::baseline::{self, Baseline};
use crate::config::Config;
use crate::corpus::Corpus;
use crate::engine::{Options, Report};
use crate::error::Result;
use crate::report::count_of;
use crate::since;

/// What of the findings is old.
#[derive(Args, Default)]
pub(super) struct ChangeArgs {
    /// The file of findings that are known; they do not count as new
    #[arg(long, value_name = "FILE", help_heading = "Old findings")]
    baseline: Option<PathBuf>,
    /// Heed no baseline
    #[arg(long, help_heading = "Old findings", conflicts_with = "baseline")]
    no_baseline: bool,
    /// Take what is found in this revision in Git for known
    #[arg(long, value_name = "REV", help_heading = "Old findings", conflicts_with_all = ["baseline", "no_baseline"])]
    baseline_from_ref: Option<String>,
    /// Check all, and tell only of files and lines that changed since this revision in Git
    #[arg(long, value_name = "REV", help_heading = "Old findings")]
    since: Option<String>,
}

impl ChangeArgs {
    /// The name of the first option that was given and needs the whole corpus.
    pub(super) fn given(&self) -> Option<&'static str> {
        let asked = [
            (self.baseline.is_some(), "--baseline"),
            (self.baseline_from_ref.is_some(), "--baseline-from-ref"),
            (self.since.is_some(), "--since"),
        ];
        asked.into_iter().find(|(given, _)| *given).map(|(_, what)| what)
    }

    /// Marks what is known, and leaves out what is not of this change. The report was made of this manifest with these options.
    ///
    /// # Errors
    /// As [`Baseline::open`], [`baseline::of_revision`] and [`since::keep_changed`].
    pub(super) fn set_aside(
        &self,
        corpus: &Corpus,
        report: &mut Report,
        config: &Config,
        (manifest, options): (&Path, &Options<'_>),
        terminal: &Terminal,
    ) -> Result<()> {
        let configured = config.baseline.as_ref().filter(|_| !self.no_baseline);
        let configured = configured.map(|set| &set.value);
        if let Some(revision) = &self.baseline_from_ref {
            baseline::of_revision(manifest, revision, options)?.mark(report);
        } else if let Some(path) = self.baseline.as_ref().or(configured) {
            let known = Baseline::open(path)?;
            let gone = known.gone(report, &options.selection).len();
            known.mark(report);
            if gone > 0 && options.only.is_empty() && !terminal.is_quiet() {
                let gone = count_of(gone, "finding of the baseline is", "findings of the baseline are");
                terminal.warn(&format!(
                    "{gone} not found any more; `vidimus baseline prune` takes them out"
                ));
            }
        }
        if let Some(revision) = &self.since {
            report.outside = since::keep_changed(corpus, report, revision)?;
        }
        Ok(())
    }
}
