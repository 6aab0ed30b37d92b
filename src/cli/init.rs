//! `init`: the first manifest of a folder.

use std::path::PathBuf;

use clap::Args;

use super::edit::{RecordFields, records_of};
use super::terminal::{Terminal, stop_flag};
use super::{Outcome, describe, in_folder};
use crate::corpus::slashed;
use crate::date;
use crate::error::Result;
use crate::inventory::{self, Begun, Init};
use crate::report::{count_of, printable};
use crate::stop::Stop;

#[derive(Args)]
pub(super) struct InitArgs {
    /// The folder whose texts are listed
    #[arg(long, default_value = ".", value_name = "DIR", value_parser = in_folder())]
    root: PathBuf,
    /// The manifest to write [default: manifest.yaml in the root]
    #[arg(short, long, value_name = "FILE", value_parser = in_folder())]
    output: Option<PathBuf>,
    /// A glob for what is listed, relative to the root; may be given several times [default: the texts that are there]
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,
    /// A glob for what is left out; may be given several times
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// List shards, a record a text, in place of texts, by these fields: `text=body,id=key,source.url=url`
    #[arg(long, value_name = "KEY=FIELD,…", value_parser = records_of, conflicts_with = "from")]
    records: Option<RecordFields>,
    /// List the files of a checksum list (GNU, BSD or hashdeep), each only if it has the digest of the list
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// What the corpus is called
    #[arg(long)]
    title: Option<String>,
    /// The language of all texts, as a BCP 47 tag
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// The licence of all texts, as an SPDX expression
    #[arg(long, value_name = "SPDX")]
    license: Option<String>,
    /// Leave out files whose names no manifest can list, instead of refusing
    #[arg(long)]
    skip_unlistable: bool,
    /// Keep no copy of the texts
    #[arg(long)]
    no_store: bool,
    /// Replace a manifest that is there
    #[arg(long)]
    force: bool,
}

/// Runs `init`.
pub(super) fn run(args: &InitArgs, terminal: &Terminal) -> Result<Outcome> {
    let output = args.output.clone().unwrap_or_else(|| args.root.join("manifest.yaml"));
    let (bar, stop) = (terminal.progress(), stop_flag());
    let begun = inventory::init(&Init {
        include: &args.include,
        exclude: &args.exclude,
        title: args.title.as_deref(),
        language: args.language.as_deref(),
        license: args.license.as_deref(),
        from: args.from.as_deref(),
        records: args.records.as_ref().map(|records| records.0.as_slice()),
        force: args.force,
        skip_unlistable: args.skip_unlistable,
        describe: &describe,
        progress: Some(&bar),
        stop: Stop::new(Some(&stop)),
        keep: !args.no_store,
        ..Init::new(&args.root, &output, date::now())
    })?;
    if !terminal.is_quiet() {
        let (one, several) = match &args.records {
            Some(_) => ("shard", "shards"),
            None => ("text", "texts"),
        };
        let listed = count_of(begun.texts, one, several);
        let said = format!("listed {listed}, {} bytes, in {}", begun.bytes, slashed(&output));
        terminal.print(|out| writeln!(out, "{}", printable(&said)))?;
    }
    warn(&begun, terminal);
    Ok(Outcome::Clean)
}

/// What the user may not expect: nothing is left out in silence.
fn warn(begun: &Begun, terminal: &Terminal) {
    for skipped in &begun.skipped {
        terminal.warn(&format!("left out {}: it {}", skipped.path, skipped.why));
    }
    for left_out in &begun.left_out {
        let files = count_of(left_out.files, "file that ends", "files that end");
        terminal.warn(&format!(
            "not listed: {files} in .{}; name them with `--include`",
            left_out.ending
        ));
    }
    for path in &begun.unlisted {
        terminal.warn(&format!("{path} is not in the checksum list, so it is not listed"));
    }
}
