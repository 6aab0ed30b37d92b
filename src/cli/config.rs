//! What several commands take of the configuration, and `show-config`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::check::parse;
use super::terminal::Terminal;
use super::{ManifestArg, Outcome};
use crate::config::{self, Config, FailOn, Layer, Origin, Selector, Set};
use crate::corpus::Corpus;
use crate::date;
use crate::engine::Options;
use crate::error::Result;
use crate::report;

/// Which rules, and how they are set.
#[derive(Args)]
pub(super) struct RuleArgs {
    /// Only these rules, families or severities
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = parse::<Selector>, help_heading = "Rules")]
    pub(super) select: Vec<Selector>,
    /// None of these rules, families or severities, beside what the configuration ignores
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = parse::<Selector>, help_heading = "Rules")]
    pub(super) ignore: Vec<Selector>,
    /// A file in place of the vidimus.toml that is found from the manifest upward; a setting of a rule, as in
    /// layout/rule.setting=2; or a line of the file, as in fail-on=error. May be given several times
    #[arg(long, value_name = "FILE|KEY=VALUE", help_heading = "Rules")]
    config: Vec<String>,
    /// Read no configuration file
    #[arg(long, help_heading = "Rules")]
    isolated: bool,
    /// A list of further labels of pages, of the form that `vidimus explain layout/stray-label` shows; may be given several times
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    phrases: Vec<PathBuf>,
}

/// On what day, and with how much of the machine.
#[derive(Args)]
pub(super) struct TimeArgs {
    /// The day that the rules call today [default: the day it is, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date::whole_day)]
    pub(super) today: Option<Date>,
    /// How many threads to use [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) threads: Option<u16>,
}

impl RuleArgs {
    /// What holds by files and `--config`.
    pub(super) fn base(&self, manifest: &Path) -> Result<Config> {
        config::load(Corpus::root_of(manifest), self.isolated, &self.config)
    }

    /// What holds, all told.
    pub(super) fn config(&self, manifest: &Path) -> Result<Config> {
        let mut config = self.base(manifest)?;
        self.lay_over(&mut config);
        Ok(config)
    }

    /// Lays the other options over what files say: `--select` takes the place of it, `--ignore` and `--phrases` add to it.
    pub(super) fn lay_over(&self, config: &mut Config) {
        let given = |list: &[Selector], name| {
            let set = Set {
                value: list.to_vec(),
                origin: Origin::Argument(name),
            };
            Some(set).filter(|set| !set.value.is_empty())
        };
        let phrases = config.phrases.value.iter().chain(&self.phrases).cloned();
        let phrases = Set {
            value: phrases.collect(),
            origin: Origin::Argument("--phrases"),
        };
        config.lay(Layer {
            select: given(&self.select, "--select"),
            extend_ignore: given(&self.ignore, "--ignore"),
            phrases: Some(phrases).filter(|_| !self.phrases.is_empty()),
            ..Layer::default()
        });
    }
}

/// The options of a run that are the same for every command that checks.
pub(super) fn options<'a>(config: &Config, time: &TimeArgs) -> Result<Options<'a>> {
    Ok(Options {
        today: time.today.unwrap_or_else(date::today),
        threads: time.threads.map(usize::from),
        ..Options::configured(config)?
    })
}

/// Lays `--fail-on` over what files say.
pub(super) fn fail_on(config: &mut Config, given: Option<&FailOn>) {
    config.lay(Layer {
        fail_on: given.map(|fail_on| Set {
            value: fail_on.clone(),
            origin: Origin::Argument("--fail-on"),
        }),
        ..Layer::default()
    });
}

#[derive(Args)]
pub(super) struct ShowConfigArgs {
    #[command(flatten)]
    manifest: ManifestArg,
    #[command(flatten)]
    rules: RuleArgs,
    /// How to print it
    #[arg(long, value_enum, default_value = "toml", value_name = "FORMAT")]
    format: ShowFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum ShowFormat {
    /// As it could stand in the file, with the origin of each value beside it
    Toml,
    /// One object
    Json,
}

/// Runs `show-config`.
pub(super) fn show(args: &ShowConfigArgs, terminal: &Terminal) -> Result<Outcome> {
    let config = args.rules.config(&args.manifest.manifest)?;
    terminal.print(|out| match args.format {
        ShowFormat::Toml => report::config::write_toml(&config, out),
        ShowFormat::Json => report::config::write_json(&config, out),
    })?;
    Ok(Outcome::Clean)
}
