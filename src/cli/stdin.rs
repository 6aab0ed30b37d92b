//! What comes from standard input: one text, or a list of paths.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use super::Outcome;
use super::check::{CheckArgs, below_root, lists, refuse_own, write_all};
use super::terminal::{Terminal, stop_flag};
use crate::config::Config;
use crate::corpus::{Corpus, LARGEST_TEXT};
use crate::engine::alone::{Alone, NAMELESS};
use crate::engine::{Options, Report, Summary};
use crate::error::{Error, Result};
use crate::manifest::TextPath;

/// The paths in a file, one a line.
pub(super) fn listed(list: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error| Error::io("read", list, error);
    let lines: std::io::Result<Vec<String>> = match list == Path::new("-") {
        true => std::io::stdin().lock().lines().collect(),
        false => BufReader::new(std::fs::File::open(list).map_err(failed)?)
            .lines()
            .collect(),
    };
    let lines = lines.map_err(failed)?;
    let paths: Vec<PathBuf> = lines
        .iter()
        .filter(|line| !line.is_empty())
        .map(PathBuf::from)
        .collect();
    if paths.is_empty() {
        return Err(Error::Usage(format!(
            "{} names no text, so there is nothing to check",
            list.display()
        )));
    }
    Ok(paths)
}

/// Checks one text on standard input: as the text of that path where the manifest lists it, and else for what it says of itself.
pub(super) fn check(args: &CheckArgs, config: &Config, options: Options<'_>, terminal: &Terminal) -> Result<Outcome> {
    if let Some(what) = args.beside_stdin() {
        let message = format!("a text on standard input stands alone, without {what}; check the corpus in another run");
        return Err(Error::Usage(message));
    }
    let outputs = args.outputs()?;
    let bytes = read()?;
    let stop = stop_flag();
    let manifest = args.manifest();
    let path = path_of(args.stdin_path(), manifest)?;
    // A text without a path hangs on no manifest, sound or not.
    let is_asked = args.stdin_path().is_some() || !outputs.is_empty();
    let around = (is_asked && manifest.exists()).then(|| Corpus::open(manifest));
    let around = around.transpose()?;
    if let Some(corpus) = &around {
        refuse_own(&outputs, corpus)?;
    }
    let around = around.filter(|corpus| lists(corpus, &path));
    let options = Options {
        stop: Some(&stop),
        ..args.run().for_formats(options)
    };
    let report = Alone::new(&options)?.check(&path, &bytes, around, options)?;
    let report = Report {
        docs: config.docs.as_ref().map(|docs| docs.value.clone()),
        summary: unverified(report.summary),
        ..report
    };
    write_all(&report, outputs, args.run(), terminal)?;
    let fail_on = &config.fail_on.value;
    let fails = report.findings.iter().any(|finding| fail_on.takes(finding));
    Ok(if fails { Outcome::Findings } else { Outcome::Clean })
}

/// What comes from elsewhere is verified against nothing, and the counts must not say otherwise.
fn unverified(summary: Summary) -> Summary {
    Summary {
        listed: 1,
        verified: 0,
        unverifiable: 1,
        skipped: 0,
        missing: 0,
        unlisted: 0,
        ..summary
    }
}

fn read() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(LARGEST_TEXT + 1).read_to_end(&mut bytes);
    read.map_err(|error| Error::io("read", "standard input", error))?;
    match bytes.len() as u64 {
        0 => Err(Error::Usage(
            "standard input is empty, so there is nothing to check".to_owned(),
        )),
        size if size > LARGEST_TEXT => Err(Error::Usage(
            "the text on standard input has more than 1 GiB".to_owned(),
        )),
        _ => Ok(bytes),
    }
}

/// The path of the text from the root of the corpus; as it was given where it is elsewhere.
fn path_of(given: Option<&Path>, manifest: &Path) -> Result<String> {
    let Some(path) = given else {
        return Ok(NAMELESS.to_owned());
    };
    let named = below_root(Corpus::root_of(manifest), path).or_else(|_| Ok(crate::corpus::slashed(path)));
    named.and_then(|path| match TextPath::new(&path) {
        Ok(_) => Ok(path),
        Err(why) => Err(Error::Usage(format!("--stdin-path {path}: the path {why}"))),
    })
}
