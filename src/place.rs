//! From spans to lines, columns and excerpts, while the bytes are at hand; and fingerprints that survive a move.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use rayon::prelude::*;

use crate::corpus::{BUFFER, Budget, LARGEST_TEXT, Library, Order};
use crate::digest::Algorithm;
use crate::finding::{Edit, Excerpt, Finding, Fix, Location, Place, Record, Stretch};
use crate::manifest::Manifest;
use crate::source::{Source, Span};

/// An excerpt holds at most this many lines.
const EXCERPT_LINES: usize = 6;
/// An excerpt keeps this many bytes after the span, and so many times as many lines as it has of the span itself.
const EXCERPT_SIDE: usize = 240;
/// A line is kept from its beginning where the span stands within this many bytes of it.
const EXCERPT_LINE: usize = 8 << 10;

/// A report shows at most so many bytes before the first and behind the last of edits that stand near to each other.
const AROUND: usize = 200;
/// And so many stretches of them, each of so many bytes.
const STRETCHES: usize = 6;
/// See [`STRETCHES`].
const STRETCH: usize = 6_000;

/// Files that were read for their places are kept up to so many bytes together.
const KEPT: usize = 256 << 20;

/// What is filled in of fixes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fixes {
    /// The lines and columns of their edits.
    pub places: bool,
    /// The text around them, to show what goes out and what comes in.
    pub around: bool,
}

/// The sources that findings may point into.
pub struct Sources<'a> {
    manifest: &'a Manifest,
    library: &'a Library,
    /// The path that was read in place of one, where they differ by case or Unicode form.
    forms: HashMap<String, String>,
    read: HashMap<String, Option<Source>>,
    kept: usize,
    /// What is filled in of fixes.
    fixes: Fixes,
    /// The text of a record, where it was kept.
    records: Option<TextOf<'a>>,
}

/// The bytes of the text of a record.
type TextOf<'a> = &'a (dyn Fn(&Record) -> Option<Vec<u8>> + Sync);

impl fmt::Debug for Sources<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources")
            .field("library", &self.library)
            .finish_non_exhaustive()
    }
}

impl<'a> Sources<'a> {
    /// The files of a manifest, and what a library holds.
    pub fn new(manifest: &'a Manifest, library: &'a Library) -> Self {
        Self {
            manifest,
            library,
            forms: HashMap::new(),
            read: HashMap::new(),
            kept: 0,
            fixes: Fixes::default(),
            records: None,
        }
    }

    /// Knows the texts of records.
    #[must_use]
    pub fn with_records(mut self, records: TextOf<'a>) -> Self {
        self.records = Some(records);
        self
    }

    /// Fills in fixes too, for formats that show them: it takes time and memory.
    #[must_use]
    pub fn with_fixes(mut self, fixes: Fixes) -> Self {
        self.fixes = fixes;
        self
    }

    /// Reads some texts at other paths than findings name.
    #[must_use]
    pub fn with_forms(mut self, forms: impl IntoIterator<Item = (String, String)>) -> Self {
        self.forms.extend(forms);
        self
    }

    /// [`Sources::fill`] for findings of many texts, in any order: each file is read once, and none is kept.
    pub fn fill_all(&self, findings: &mut [Finding]) {
        let mut passages = vec![String::new(); findings.len()];
        let mut slots: BTreeMap<(String, Option<Arc<Record>>), Vec<Slot<'_>>> = BTreeMap::new();
        for (finding, passage) in findings.iter_mut().zip(&mut passages) {
            let related = finding.related.iter_mut().map(|related| Slot {
                location: &mut related.location,
                passage: None,
                fix: None,
            });
            let own = Slot {
                location: &mut finding.location,
                passage: Some(passage),
                fix: finding.fix.as_mut(),
            };
            for slot in related.chain([own]) {
                let place = (slot.location.path.clone(), slot.location.record.clone());
                slots.entry(place).or_default().push(slot);
            }
        }
        let budget = Budget::default();
        slots
            .into_par_iter()
            .for_each(|((path, record), slots)| self.fill_slots(&path, record.as_deref(), slots, &budget));
        for (finding, passage) in findings.iter_mut().zip(&passages) {
            finish(finding, passage);
        }
    }

    /// Fills the places of one file.
    fn fill_slots(&self, path: &str, record: Option<&Record>, slots: Vec<Slot<'_>>, budget: &Budget) {
        if slots.iter().all(|slot| slot.location.span.is_none()) {
            return;
        }
        let known = self.manifest.file(path);
        let _room = known.map_or_else(|| budget.room(self.library.size(path)), |_| None);
        let read = match record {
            Some(record) => self
                .records
                .and_then(|text_of| text_of(record))
                .map(|text| Source::new(path, text)),
            None => known.map_or_else(|| self.read(path), |_| None),
        };
        let Some(source) = known.or(read.as_ref()) else { return };
        for slot in slots {
            let text = fill_location(slot.location, source);
            if let Some(passage) = slot.passage {
                *passage = text;
            }
            if let Some(fix) = slot.fix {
                fill_fix(fix, source, self.fixes);
            }
        }
    }

    /// Fills in lines, columns, excerpts and the base of the fingerprint. `at_hand` is the text that is being looked at.
    pub fn fill(&mut self, finding: &mut Finding, at_hand: Option<&Source>) {
        let passage = self.fill_place(&mut finding.location, at_hand);
        if let (Some(fix), Some(source)) = (&mut finding.fix, at_hand) {
            fill_fix(fix, source, self.fixes);
        }
        finding.related.iter_mut().for_each(|related| {
            self.fill_place(&mut related.location, at_hand);
        });
        finish(finding, &passage);
    }

    /// Fills one place, and gives the text of its span.
    fn fill_place(&mut self, location: &mut Location, at_hand: Option<&Source>) -> String {
        if location.span.is_none() {
            return String::new();
        }
        let source = match at_hand.filter(|source| source.name() == location.path) {
            Some(source) => Some(source),
            None => self.source(&location.path),
        };
        source.map_or_else(String::new, |source| fill_location(location, source))
    }

    /// A file, where it can be read.
    pub(crate) fn source(&mut self, path: &str) -> Option<&Source> {
        if let Some(file) = self.manifest.file(path) {
            return Some(file);
        }
        if !self.read.contains_key(path) {
            let source = self.read(path);
            self.keep(path, source);
        }
        self.read.get(path)?.as_ref()
    }

    fn read(&self, path: &str) -> Option<Source> {
        let order = Order {
            algorithms: &[],
            keep: LARGEST_TEXT,
        };
        let form = self.forms.get(path).map_or(path, String::as_str);
        let reading = self.library.read(form, order, &mut vec![0; BUFFER], |_| Ok(())).ok()?;
        Some(Source::new(path, reading.bytes?))
    }
}

/// A place to fill in, where to put its text, and the fix whose places are filled in with it.
struct Slot<'f> {
    location: &'f mut Location,
    passage: Option<&'f mut String>,
    fix: Option<&'f mut Fix>,
}

/// Fills in what is wanted of a fix, all of which is in one source: the one that its finding is in.
fn fill_fix(fix: &mut Fix, source: &Source, wanted: Fixes) {
    if fix.edits.iter().any(|edit| edit.path != source.name()) {
        return;
    }
    if wanted.places {
        let place = |edit: &Edit| (source.position(edit.start), source.position(edit.end));
        fix.places = fix.edits.iter().map(place).collect();
    }
    if wanted.around {
        fix.around = stretches(&fix.edits, source);
    }
}

/// The text around edits: one stretch for those that stand near to each other.
fn stretches(edits: &[Edit], source: &Source) -> Vec<Stretch> {
    let near = |a: &Edit, b: &Edit| b.start.saturating_sub(a.end) <= 2 * AROUND;
    let groups = edits.chunk_by(near).take(STRETCHES);
    let stretch = |group: &[Edit]| {
        let (first, last) = (group.first()?, group.last()?);
        let (start, end) = (first.start.saturating_sub(AROUND), last.end.saturating_add(AROUND));
        let span = source.nearest_span(start, end.min(start.saturating_add(STRETCH)));
        Some(Stretch {
            line: source.position(first.start).line,
            start: span.start(),
            bytes: source.bytes()[span.start()..span.end()].to_vec(),
        })
    };
    groups.filter_map(stretch).collect()
}

/// Fills one place of a source, and gives the text of its span.
fn fill_location(location: &mut Location, source: &Source) -> String {
    let Some(span) = location.span else {
        return String::new();
    };
    let span = source.nearest_span(span.start(), span.end());
    location.place.get_or_insert_with(|| place(source, span));
    source.text_of(span).into_owned()
}

/// Turns the passage of a finding into the base of its fingerprint, unless it hangs on something else.
fn finish(finding: &mut Finding, passage: &str) {
    let anchor = std::mem::take(&mut finding.fingerprint);
    finding.fingerprint = fingerprint(finding, if anchor.is_empty() { passage } else { &anchor });
}

impl Sources<'_> {
    /// Keeps a file for the next finding in it; lets go of the others where they are too many.
    fn keep(&mut self, path: &str, source: Option<Source>) {
        self.kept += source.as_ref().map_or(0, Source::len);
        if self.kept > KEPT {
            self.read.clear();
            self.kept = source.as_ref().map_or(0, Source::len);
        }
        self.read.insert(path.to_owned(), source);
    }
}

/// Lines, columns and excerpt of a span.
pub fn place(source: &Source, span: Span) -> Place {
    Place {
        start: source.position(span.start()),
        end: source.position(span.end()),
        excerpt: excerpt(source, span),
    }
}

fn excerpt(source: &Source, span: Span) -> Excerpt {
    let first = source.position(span.start()).line;
    let last = source.position(span.end()).line.min(first + EXCERPT_LINES - 1);
    let lines = source.line(first).to(source.line(last));
    let cut = span
        .end()
        .min(span.start() + EXCERPT_SIDE * EXCERPT_LINES)
        .min(lines.end().max(span.start()));
    let near = span.start() - lines.start() <= EXCERPT_LINE;
    let start = if near {
        lines.start()
    } else {
        span.start() - EXCERPT_SIDE
    };
    let end = lines.end().min(cut + EXCERPT_SIDE).max(cut);
    let cut = source.nearest_span(span.start(), cut);
    let text = |from: usize, to: usize| source.text_of(source.nearest_span(from, to)).into_owned();
    let (before, within, after) = (
        text(start, cut.start()),
        text(cut.start(), cut.end()),
        text(cut.end(), end),
    );
    Excerpt {
        text: [before.as_str(), &within, &after].concat(),
        line: first,
        start: before.len(),
        end: before.len() + within.len(),
        whole: near,
    }
}

/// The base of a fingerprint: rule, path and passage, without regard to white space, so that it stays when lines move. What
/// several texts share has no path.
fn fingerprint(finding: &Finding, passage: &str) -> String {
    let plain: Vec<&str> = passage.split_whitespace().collect();
    let path = if finding.shared { "" } else { &finding.location.path };
    let anchor = [finding.rule, path, &plain.join(" ")].join("\0");
    Algorithm::Sha256.digest(anchor.as_bytes()).to_string()
}

/// Turns bases into fingerprints: the second of two equal passages is another finding than the first.
///
/// The findings must be in their final order.
pub fn number_fingerprints(findings: &mut [Finding]) {
    let mut seen: HashMap<String, usize> = HashMap::with_capacity(findings.len());
    for finding in findings {
        let base = std::mem::take(&mut finding.fingerprint);
        let turn = seen.entry(base.clone()).and_modify(|turn| *turn += 1).or_insert(0);
        let numbered = if *turn == 0 {
            base
        } else {
            Algorithm::Sha256
                .digest(format!("{base}\0{turn}").as_bytes())
                .to_string()
        };
        finding.fingerprint = numbered.chars().take(16).collect();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_excerpt_of_a_long_line_is_short() {
        let source = Source::new("a", [b"x".repeat(10_000), b"YY".to_vec(), b"z".repeat(10_000)].concat());
        let span = source.span(10_000, 10_002).expect("a span");
        let excerpt = place(&source, span).excerpt;
        assert_eq!(&excerpt.text[excerpt.start..excerpt.end], "YY");
        assert!(excerpt.text.len() < 1_000);
    }

    proptest! {
        #[test]
        fn excerpts_lie_on_boundaries(text in "[a\u{e9}\u{1f600}\n ]{0,2000}", a in 0usize..3000, b in 0usize..3000) {
            let source = Source::new("a", text.into_bytes());
            let span = source.nearest_span(a, b);
            let excerpt = place(&source, span).excerpt;
            prop_assert!(excerpt.text.get(excerpt.start..excerpt.end).is_some());
        }

        #[test]
        fn excerpts_of_any_bytes_do_not_panic(bytes: Vec<u8>, a in 0usize..300, b in 0usize..300) {
            let source = Source::new("a", bytes);
            let excerpt = place(&source, source.nearest_span(a, b)).excerpt;
            prop_assert!(excerpt.text.get(excerpt.start..excerpt.end).is_some());
        }
    }
}
