//! From findings to the diagnostics of an editor.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, NumberOrString, Position, Range, Uri,
};
use serde_json::json;

use super::check::{Contents, Job};
use super::place::uri_of;
use super::positions::{Encoding, Lines};
use crate::corpus::{Corpus, Library};
use crate::error::Error;
use crate::finding::{Finding, Location, Related, Severity};
use crate::place::Sources;
use crate::report::rule_address;

/// What diagnostics say that they come from.
pub(super) const SOURCE: &str = "vidimus";

/// So many files are kept as lines at a time.
const KEPT: usize = 64;

/// A finding, and what the editor is told of it.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// The finding.
    pub(super) finding: Finding,
    /// The same for the editor.
    pub(super) diagnostic: Diagnostic,
}

/// What it takes to draw the findings of one check.
pub(super) struct Drawing<'a> {
    job: &'a Job,
    corpus: &'a Corpus,
    contents: &'a Contents,
    docs: Option<&'a str>,
}

impl<'a> Drawing<'a> {
    /// Of findings in a corpus.
    pub(super) fn new(job: &'a Job, corpus: &'a Corpus, contents: &'a Contents, docs: Option<&'a str>) -> Self {
        Self {
            job,
            corpus,
            contents,
            docs,
        }
    }

    /// Draws findings, by the path of the file that each is shown in. What is accepted or old is not shown.
    pub(super) fn draw(&self, findings: Vec<Finding>) -> BTreeMap<String, Vec<Shown>> {
        let library = self.corpus.library();
        let mut places = Places::new(self, &library);
        let mut shown: BTreeMap<String, Vec<Shown>> = BTreeMap::new();
        for finding in findings.into_iter().filter(|finding| finding.suppressed.is_none()) {
            let diagnostic = self.diagnostic(&finding, &mut places);
            let path = self.home(&finding.location.path).to_owned();
            shown.entry(path).or_default().push(Shown { finding, diagnostic });
        }
        shown
    }

    fn diagnostic(&self, finding: &Finding, places: &mut Places<'_>) -> Diagnostic {
        let related = finding.related.iter().filter_map(|one| self.related(one, places));
        let related: Vec<_> = related.collect();
        Diagnostic {
            range: places.range(&finding.location),
            severity: Some(severity(finding.severity)),
            code: Some(NumberOrString::String(finding.rule.to_owned())),
            code_description: self.docs.and_then(|docs| page(docs, finding.rule)),
            source: Some(SOURCE.to_owned()),
            message: message(&finding.message, finding.help.as_deref()),
            related_information: Some(related).filter(|related| !related.is_empty()),
            tags: None,
            data: Some(json!({"fingerprint": finding.fingerprint})),
        }
    }

    fn related(&self, related: &Related, places: &mut Places<'_>) -> Option<DiagnosticRelatedInformation> {
        let range = places.range(&related.location);
        let uri = self.uri(self.home(&related.location.path))?;
        Some(DiagnosticRelatedInformation {
            location: lsp_types::Location { uri, range },
            message: related.message.clone(),
        })
    }

    /// The file that a finding is shown in: what speaks of a folder stands in the manifest.
    fn home<'p>(&'p self, path: &'p str) -> &'p str {
        match self.corpus.root.join(path).is_dir() {
            true => self.corpus.manifest.files[0].name(),
            false => path,
        }
    }

    fn uri(&self, path: &str) -> Option<Uri> {
        let path = self.corpus.root.join(path);
        let open = self.job.buffers.iter().find(|buffer| buffer.path == path);
        open.map(|buffer| buffer.uri.clone()).or_else(|| uri_of(&path))
    }
}

/// The lines of the files that findings point into.
struct Places<'a> {
    sources: Sources<'a>,
    lines: HashMap<String, Lines>,
    contents: &'a Contents,
    encoding: Encoding,
}

impl<'a> Places<'a> {
    fn new(drawing: &Drawing<'a>, library: &'a Library) -> Self {
        Self {
            sources: Sources::new(&drawing.corpus.manifest, library),
            lines: HashMap::new(),
            contents: drawing.contents,
            encoding: drawing.job.encoding,
        }
    }

    /// Where it is; the beginning of a file where it is the file as a whole.
    fn range(&mut self, location: &Location) -> Range {
        let Some(span) = location.span else {
            return Range::default();
        };
        let Some(source) = self.sources.source(&location.path) else {
            return counted(location);
        };
        if self.lines.len() >= KEPT && !self.lines.contains_key(&location.path) {
            self.lines.clear();
        }
        let hidden = self.contents.get(&location.path).map_or(0, |content| content.hidden);
        let lines = self.lines.entry(location.path.clone());
        let lines = lines.or_insert_with(|| Lines::new(source.bytes(), hidden, self.encoding));
        lines.range(source.bytes(), span.start(), span.end())
    }
}

/// A place in a file that cannot be read again, as a reader counts it.
fn counted(location: &Location) -> Range {
    let position = |at: &crate::source::Position| {
        let narrow = |number: usize| u32::try_from(number.saturating_sub(1)).unwrap_or(u32::MAX);
        Position::new(narrow(at.line), narrow(at.column))
    };
    let place = location.place.as_ref();
    place.map_or_else(Range::default, |place| {
        Range::new(position(&place.start), position(&place.end))
    })
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
    }
}

fn page(docs: &str, rule: &str) -> Option<CodeDescription> {
    let href = rule_address(docs, rule).parse().ok()?;
    Some(CodeDescription { href })
}

fn message(message: &str, help: Option<&str>) -> String {
    match help {
        Some(help) => format!("{message}\nhelp: {help}"),
        None => message.to_owned(),
    }
}

/// What keeps a check from being made, by the file in which it has a place. What has none is left out.
pub(super) fn of_error(error: &Error, root: &Path, encoding: Encoding) -> BTreeMap<PathBuf, Vec<Diagnostic>> {
    let errors = match error {
        Error::Several(errors) => errors.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut of_files: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
    for (path, diagnostic) in errors.iter().filter_map(|error| placed(error, root, encoding)) {
        of_files.entry(path).or_default().push(diagnostic);
    }
    of_files
}

fn placed(error: &Error, root: &Path, encoding: Encoding) -> Option<(PathBuf, Diagnostic)> {
    let Error::Syntax {
        path,
        at,
        message: what,
        line,
        help,
    } = error
    else {
        return None;
    };
    let before: String = line.chars().take(at.column.saturating_sub(1)).collect();
    let column = u32::try_from(encoding.units(before.as_bytes())).unwrap_or(u32::MAX);
    let start = Position::new(u32::try_from(at.line.saturating_sub(1)).unwrap_or(u32::MAX), column);
    let diagnostic = Diagnostic {
        range: Range::new(start, start),
        severity: Some(DiagnosticSeverity::ERROR),
        source: Some(SOURCE.to_owned()),
        message: message(what, Some(help)),
        ..Diagnostic::default()
    };
    Some((found(path, root)?, diagnostic))
}

/// A file by the name that an error gives it: that of a shard is relative to the root, that of a configuration to where the program
/// runs.
fn found(name: &str, root: &Path) -> Option<PathBuf> {
    let below = root.join(name);
    if below.is_file() {
        return Some(below);
    }
    std::path::absolute(name).ok().filter(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Position as At;

    #[test]
    fn an_error_of_the_manifest_is_shown_where_it_stands() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("manifest.yaml");
        std::fs::write(&path, "").expect("written");
        let error = Error::Syntax {
            path: path.display().to_string(),
            at: At {
                line: 2,
                column: 3,
                ..At::default()
            },
            message: "no".to_owned(),
            line: "\u{1f600}a: [".to_owned(),
            help: "close it".into(),
        };
        let found = of_error(&error, folder.path(), Encoding::Utf16);
        let diagnostic = &found[&path][0];
        assert_eq!(diagnostic.range.start, Position::new(1, 3));
        assert_eq!(diagnostic.message, "no\nhelp: close it");
        let several = Error::Several(vec![Error::Usage("x".to_owned()), error]);
        assert_eq!(of_error(&several, folder.path(), Encoding::Utf16), found);
        assert!(of_error(&Error::Usage("x".to_owned()), folder.path(), Encoding::Utf8).is_empty());
    }
}
