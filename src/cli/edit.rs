//! `add`, `remove` and `accept`: the only acts that change a manifest.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;

use clap::Args;

use super::terminal::{Terminal, stop_flag};
use super::{ManifestArg, Outcome, describe, in_folder};
use crate::date;
use crate::diagnosis::{Case, Class, SEARCH, diagnose};
use crate::error::Result;
use crate::inventory::{self, Acceptance, Accepted, Act};
use crate::manifest::Entry;
use crate::report::printable;
use crate::stop::Stop;

#[derive(Args)]
pub(super) struct AddArgs {
    /// The texts, or folders of texts
    #[arg(value_name = "PATH", required = true, value_parser = in_folder())]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    manifest: ManifestArg,
    /// They are shards, a record a text, by these fields: `text=body,id=key,source.url=url`; no copy of them is kept
    #[arg(long, value_name = "KEY=FIELD,…", value_parser = records_of)]
    records: Option<RecordFields>,
    /// Keep no copy of the texts
    #[arg(long)]
    no_store: bool,
}

/// Which field of a record says what.
#[derive(Clone, Debug)]
pub(super) struct RecordFields(pub(super) Vec<(&'static str, String)>);

pub(super) fn records_of(text: &str) -> Result<RecordFields, String> {
    inventory::fields_of(text).map(RecordFields)
}

#[derive(Args)]
pub(super) struct RemoveArgs {
    /// The texts, by path or id
    #[arg(value_name = "TEXT", required = true)]
    texts: Vec<String>,
    #[command(flatten)]
    manifest: ManifestArg,
}

#[derive(Args)]
pub(super) struct AcceptArgs {
    /// The texts, by path or id
    #[arg(value_name = "TEXT", required = true)]
    texts: Vec<String>,
    #[command(flatten)]
    manifest: ManifestArg,
    /// Why the change is right; it is recorded in the manifest
    #[arg(short, long, value_name = "TEXT")]
    reason: String,
    /// Accept what looks damaged as well
    #[arg(long)]
    damaged: bool,
    /// Keep no copy of the texts
    #[arg(long)]
    no_store: bool,
}

/// An act of now.
fn act(keep: bool, stop: &AtomicUsize) -> Act<'_> {
    Act {
        at: date::now(),
        keep,
        stop: Stop::new(Some(stop)),
    }
}

/// Runs `add`.
pub(super) fn add(args: &AddArgs, terminal: &Terminal) -> Result<Outcome> {
    let added = inventory::add(
        &args.manifest.manifest,
        &args.paths,
        args.records.as_ref().map(|records| records.0.as_slice()),
        &describe,
        act(!args.no_store, &stop_flag()),
    )?;
    warn_of_signature(&args.manifest.manifest, terminal);
    say(
        terminal,
        added
            .iter()
            .map(|one| format!("added {} as {}, {} bytes", one.path, one.id, one.size)),
    )
}

/// Runs `remove`.
pub(super) fn remove(args: &RemoveArgs, terminal: &Terminal) -> Result<Outcome> {
    let removed = inventory::remove(&args.manifest.manifest, &args.texts, act(false, &stop_flag()))?;
    warn_of_signature(&args.manifest.manifest, terminal);
    say(
        terminal,
        removed
            .iter()
            .map(|path| format!("removed {path}; the file itself is left alone")),
    )
}

/// Runs `accept`.
pub(super) fn accept(args: &AcceptArgs, terminal: &Terminal) -> Result<Outcome> {
    let stop = stop_flag();
    let how = Acceptance {
        reason: &args.reason,
        act: act(!args.no_store, &stop),
        damaged: args.damaged,
        verdict: &damage,
    };
    let accepted = inventory::accept(&args.manifest.manifest, &args.texts, &how)?;
    if accepted.iter().any(|accepted| accepted.changed) {
        warn_of_signature(&args.manifest.manifest, terminal);
    }
    say(terminal, accepted.iter().map(line))
}

fn line(accepted: &Accepted) -> String {
    let Accepted {
        path,
        from,
        to,
        changed,
    } = accepted;
    match from {
        _ if !changed => format!("{path} has the digest on record; nothing was changed"),
        Some(from) => format!("accepted {path}\n  was {from}\n  is  {to}"),
        None => format!("accepted {path}\n  is  {to}"),
    }
}

/// Below this confidence a shorter text may as well have been shortened on purpose.
const SURE: f32 = 0.65;

/// Why the bytes look damaged or cut rather than edited.
fn damage(bytes: &[u8], entry: &Entry) -> Option<String> {
    let diagnosis = diagnose(&Case {
        bytes,
        recorded: entry.digest()?,
        recorded_bytes: entry.bytes.as_ref().map(|bytes| bytes.value),
        search: SEARCH,
        holder: &|_| None,
    });
    let bad = matches!(diagnosis.class, Class::Damage | Class::Cut) && diagnosis.confidence >= SURE;
    bad.then_some(diagnosis.message)
}

/// A signature is one of the bytes that were there before.
pub(super) fn warn_of_signature(manifest: &Path, terminal: &Terminal) {
    let signature = inventory::signature_of(manifest);
    if signature.symlink_metadata().is_ok() {
        let signature = signature.display();
        terminal.warn(&format!(
            "{signature} is none of the changed manifest; sign it again with `vidimus sign`"
        ));
    }
}

/// A line an act, unless nobody wants to hear of it.
fn say(terminal: &Terminal, lines: impl Iterator<Item = String>) -> Result<Outcome> {
    if !terminal.is_quiet() {
        let said: Vec<String> = lines
            .flat_map(|line| {
                line.lines()
                    .map(|line| printable(line).into_owned())
                    .collect::<Vec<_>>()
            })
            .collect();
        terminal.print(|out| said.iter().try_for_each(|line| writeln!(out, "{line}")))?;
    }
    Ok(Outcome::Clean)
}
