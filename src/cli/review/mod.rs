//! `review`: shows one finding after the other, and writes what a person has decided, all at once.

mod columns;
mod editor;
#[cfg(test)]
mod examples;
mod kept;
mod line;
mod plain;
mod screen;
mod session;
mod view;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;

use super::change::ChangeArgs;
use super::check::below_root;
use super::config::{self, RuleArgs, TimeArgs};
use super::edit::warn_of_signature;
use super::fix::tell;
use super::terminal::{Bar, Terminal, patient_stop_flag};
use super::{ManifestArg, Outcome};
use crate::config::Config;
use crate::corpus::{BUFFER, Corpus, LARGEST_TEXT, Library, Order};
use crate::date;
use crate::digest::Algorithm;
use crate::engine::{self, Options, Report};
use crate::error::Result;
use crate::finding::{Edit, Finding, Severity};
use crate::fix::accept::{Acceptance, entry_of};
use crate::fix::{Key, Request, rehearse};
use crate::inventory::change::begin_again;
use crate::manifest::Manifest;
use crate::report::{count_of, fixes, write_summary};
use crate::stop::Stop;
use editor::Window;
use kept::Kept;
use session::{Decision, Effect, Item, Press, Session};

#[derive(Args)]
pub(super) struct ReviewArgs {
    /// Only these texts, or the texts below these folders
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    manifest: ManifestArg,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    change: ChangeArgs,
    /// Show infos that have no fix as well
    #[arg(long)]
    all: bool,
    /// Forget what an earlier review has decided and not written
    #[arg(long)]
    restart: bool,
    /// Ask line by line, as it is done where there is no full terminal
    #[arg(long)]
    plain: bool,
    #[command(flatten)]
    time: TimeArgs,
}

/// What is recorded of fixes that were chosen here.
const REASON: &str = "mended by fixes that were reviewed one by one";

/// How a review ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// What was decided is to be written.
    Apply,
    /// It is kept for the next review.
    Quit,
}

/// Runs `review`.
pub(super) fn run(args: &ReviewArgs, terminal: &Terminal) -> Result<Outcome> {
    let (bar, flag) = (terminal.progress(), patient_stop_flag());
    let config = args.rules.config(&args.manifest.manifest)?;
    let options = options(args, &config, &bar, &flag)?;
    let (corpus, mut report) = engine::check(&args.manifest.manifest, &options)?;
    let asked = (args.manifest.manifest.as_path(), &options);
    args.change.set_aside(&corpus, &mut report, &config, asked, terminal)?;
    let items = items(&corpus.manifest, &report, args.all);
    if items.is_empty() {
        return nothing(&report, terminal);
    }
    let digests = digests(&corpus.manifest);
    let (kept, session) = Kept::take_up(&corpus.root, items, args.restart, |path| digests.get(path).cloned())?;
    let mut review = Review {
        session,
        kept,
        library: corpus.library(),
        held: None,
        flag: Arc::clone(&flag),
        stop: Stop::new(Some(&flag)),
    };
    let end = match terminal.is_full() && !args.plain {
        true => screen::run(&mut review, terminal.style())?,
        false => plain::run(&mut review, terminal.error_style(), terminal)?,
    };
    match end {
        End::Apply => apply(args, &review, options, terminal),
        End::Quit => quit(&review.session, terminal),
    }
}

fn options<'a>(args: &ReviewArgs, config: &Config, bar: &'a Bar, flag: &'a AtomicUsize) -> Result<Options<'a>> {
    let root = Corpus::root_of(&args.manifest.manifest);
    let only = args.paths.iter().map(|path| below_root(root, path));
    Ok(Options {
        only: only.collect::<Result<_>>()?,
        progress: Some(bar),
        stop: Some(flag),
        ..config::options(config, &args.time)?
    })
}

/// The findings to decide on, in the order of the report.
fn items(manifest: &Manifest, report: &Report, all: bool) -> Vec<Item> {
    let wanted = |finding: &&Finding| {
        let weighs = all || finding.fix.is_some() || finding.severity >= Severity::Warning;
        finding.suppressed.is_none() && weighs
    };
    let digests = digests(manifest);
    let states = manifest.entries.iter().zip(&report.states);
    let states: HashMap<&str, (usize, &str)> = states
        .filter_map(|(entry, state)| Some((entry.path.as_ref()?.value.as_str(), (entry.file, *state))))
        .collect();
    let item = |finding: &Finding| Item {
        no_fix: why_not_mended(manifest, finding, states.get(finding.location.path.as_str()).copied()),
        no_acceptance: entry_of(manifest, finding).err(),
        digest: digests.get(&finding.location.path).cloned().unwrap_or_default(),
        finding: finding.clone(),
    };
    report.findings.iter().filter(wanted).map(item).collect()
}

/// Why the fix of a finding cannot be made, as the end of a sentence that begins with the finding.
fn why_not_mended(manifest: &Manifest, finding: &Finding, state: Option<(usize, &str)>) -> Option<String> {
    let path = &finding.location.path;
    let Some(fix) = &finding.fix else {
        return Some("has no fix".to_owned());
    };
    if let Some(record) = &finding.location.record {
        return Some(format!(
            "is in a record of the shard {}, which is not rewritten; mend it where it is made",
            record.shard
        ));
    }
    match state {
        None => Some("is in no text that the manifest lists, so its fix is not made".to_owned()),
        Some((0, "verified")) if fix.edits.iter().all(|edit| edit.path == *path) => None,
        Some((0, "verified")) => Some("has a fix that changes other files, which is not made".to_owned()),
        Some((0, _)) => Some("is in a text that is not as certified; accept the change or restore it first".to_owned()),
        Some((file, _)) => {
            let shard = manifest.files[file].name();
            Some(format!(
                "is in a text of the shard {shard}; review it with that as the manifest"
            ))
        }
    }
}

/// The digests on record, of the texts and of the manifest itself, by path.
fn digests(manifest: &Manifest) -> HashMap<String, String> {
    let texts = manifest.entries.iter();
    let texts = texts.filter_map(|entry| Some((entry.path.as_ref()?.value.as_str(), entry.digest()?)));
    let files = manifest.files.iter().zip(&manifest.digests);
    let files = files.map(|(file, digest)| (file.name(), *digest));
    texts
        .chain(files)
        .map(|(path, digest)| (path.to_owned(), digest.to_string()))
        .collect()
}

fn nothing(report: &Report, terminal: &Terminal) -> Result<Outcome> {
    if !terminal.is_quiet() {
        terminal.print(|out| {
            writeln!(out, "nothing to review")?;
            write_summary(report, out)
        })?;
    }
    match report.summary.verified {
        0 => Ok(Outcome::Nothing),
        _ => Ok(Outcome::Clean),
    }
}

fn quit(session: &Session, terminal: &Terminal) -> Result<Outcome> {
    let kept = session.decisions().filter(|(_, decision)| decision.is_some()).count();
    if kept > 0 && !terminal.is_quiet() {
        let kept = count_of(kept, "decision is kept", "decisions are kept");
        terminal.complain(&format!(
            "nothing was written; {kept}, and `vidimus review` goes on there"
        ));
    }
    Ok(Outcome::Clean)
}

/// Writes what was decided: texts, manifest and log in one step.
fn apply(args: &ReviewArgs, review: &Review<'_>, check: Options<'_>, terminal: &Terminal) -> Result<Outcome> {
    let manifest = &args.manifest.manifest;
    let (mut chosen, mut accepted) = (std::collections::BTreeMap::new(), Vec::new());
    for (Item { finding, .. }, decision) in review.session.decisions() {
        match decision {
            Some(Decision::Fix) => drop(chosen.insert(Key::of(finding), None)),
            Some(Decision::Edit(edit)) => drop(chosen.insert(Key::of(finding), Some(vec![edit.clone()]))),
            Some(Decision::Accept(reason)) => accepted.push(Acceptance {
                finding: finding.clone(),
                reason: reason.clone(),
            }),
            Some(Decision::Skip) | None => {}
        }
    }
    let as_of = review.session.decisions().filter_map(|(item, decision)| {
        decision?;
        Some((item.finding.location.path.clone(), item.digest.clone()))
    });
    // What was shown was a matter of the options; what is wrong afterwards is one of the configuration alone.
    let check = Options {
        selection: args.rules.base(manifest)?.selection(),
        ..check
    };
    let request = Request {
        as_of: as_of.collect(),
        selection: check.selection.clone(),
        unsafe_too: false,
        check,
        at: date::now(),
        reason: REASON,
        chosen: Some(chosen),
        accepted: &accepted,
    };
    let transaction = begin_again(manifest)?;
    tell(transaction.recovery(), terminal);
    let fixed = rehearse(manifest, &request, transaction.staging())?;
    fixed.commit(transaction, manifest, review.stop)?;
    if !fixed.texts.is_empty() || !fixed.accepted.is_empty() {
        warn_of_signature(manifest, terminal);
    }
    let is_changed = |path: &str| fixed.texts.iter().any(|text| text.path == path);
    review.kept.forget(&review.session, is_changed)?;
    terminal.print(|out| fixes::write(&fixed, true, terminal.style(), out))?;
    Ok(Outcome::Clean)
}

/// A text in memory.
struct Held {
    path: String,
    /// Its digest and its bytes; `None` where it cannot be read.
    read: Option<(String, Vec<u8>)>,
}

/// A review, and what it needs of the corpus.
struct Review<'a> {
    session: Session,
    kept: Kept,
    library: Library,
    /// The text that was looked at last.
    held: Option<Held>,
    flag: Arc<AtomicUsize>,
    stop: Stop<'a>,
}

impl<'a> Review<'a> {
    fn stop(&self) -> Stop<'a> {
        self.stop
    }

    /// Does what a key asks for; what was decided is kept before this returns.
    fn press(&mut self, press: Press) -> Result<Effect> {
        let effect = self.session.press(press);
        if effect == Effect::Decided {
            self.kept.keep(&self.session)?;
        }
        Ok(effect)
    }

    /// Reads the text that the finding at hand is about, unless it was read before.
    fn load(&mut self) {
        let Some(item) = self.session.item() else { return };
        let path = item.finding.location.path.as_str();
        if item.finding.fix.is_none() || self.held.as_ref().is_some_and(|held| held.path == path) {
            return;
        }
        let order = Order {
            algorithms: &[Algorithm::Sha256],
            keep: LARGEST_TEXT,
        };
        let reading = self.library.read(path, order, &mut vec![0; BUFFER], |_| Ok(())).ok();
        let read = reading.and_then(|reading| Some((reading.digests.first()?.to_string(), reading.bytes?)));
        self.held = Some(Held {
            path: path.to_owned(),
            read,
        });
    }

    /// The bytes that the finding at hand is about, where they are still those that were checked.
    fn text(&self) -> Option<&[u8]> {
        let item = self.session.item()?;
        let held = self.held.as_ref()?;
        let (digest, bytes) = held.read.as_ref()?;
        (held.path == item.finding.location.path && *digest == item.digest).then_some(bytes)
    }

    /// The edits that the finding at hand would have made now: those of the person, or those of its fix.
    fn edits(&self) -> Vec<Edit> {
        let fix = self.session.item().and_then(|item| item.finding.fix.as_ref());
        match self.session.decision() {
            Some(Decision::Edit(edit)) => vec![edit.clone()],
            _ => fix.map(|fix| fix.edits.clone()).unwrap_or_default(),
        }
    }

    /// Lets the person change what the fix of the finding at hand writes: with an editor where there is one, else on a line.
    fn edit(
        &mut self,
        command: Option<&str>,
        open: impl FnOnce(&str, &str) -> std::result::Result<String, String>,
    ) -> Result<()> {
        let written = self.session.take_replacement();
        self.load();
        let edits = self.edits();
        let text = self.text();
        let window = text.and_then(|text| match command {
            Some(_) => Window::of_lines(text, &edits),
            None => Window::of_edits(text, &edits),
        });
        let Some(window) = window else {
            self.session
                .say("the text cannot be edited: it is not UTF-8, or has changed");
            return Ok(());
        };
        let new = match (written, command) {
            (Some(written), _) => Ok(written),
            (None, Some(command)) => open(command, &window.mended),
            (None, None) => {
                let now = window.to_begin_with();
                self.session.ask_replacement(&now);
                return Ok(());
            }
        };
        // Ctrl-C in the editor is for the editor.
        let _ = self.flag.compare_exchange(2, 0, Ordering::Relaxed, Ordering::Relaxed);
        let decision = new.and_then(|new| self.decision_of(&window, &new));
        match decision {
            Err(why) => self.session.say(why),
            Ok(decision) => {
                self.session.decide(decision);
                self.kept.keep(&self.session)?;
            }
        }
        Ok(())
    }

    /// What it means that a person wants a part of the text to be so.
    fn decision_of(&self, window: &Window<'_>, new: &str) -> std::result::Result<Decision, String> {
        let item = self.session.item().ok_or("there is nothing to decide on")?;
        if new == window.mended {
            let edited = self
                .session
                .decision()
                .filter(|decision| matches!(decision, Decision::Edit(_)));
            return Ok(edited.cloned().unwrap_or(Decision::Fix));
        }
        let edit = window.edit(&item.finding.location.path, new);
        edit.map(Decision::Edit)
            .ok_or_else(|| "that is the text as it is: s skips the finding, a accepts it".to_owned())
    }
}
