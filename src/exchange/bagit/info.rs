//! `bag-info.txt`: labels and values, of which some can be compared with the bag and some have a place in a manifest.

use super::fetch::Outstanding;
use super::folder::Folder;
use super::listing::text_of;
use super::{Notes, error, number};
use crate::date;
use crate::finding::{Finding, Location, Severity};
use crate::manifest::facts::CorpusFacts;
use crate::source::{Source, Span};

/// One label with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    label: String,
    value: String,
    span: Span,
}

impl Field {
    fn is(&self, label: &str) -> bool {
        self.label.eq_ignore_ascii_case(label)
    }
}

/// What the file says.
#[derive(Debug)]
pub(super) struct Info<'a> {
    source: &'a Source,
    strict: bool,
    fields: Vec<Field>,
}

impl<'a> Info<'a> {
    /// Reads it; a line that is no label and value, and continues none, is noted.
    pub(super) fn read(source: &'a Source, strict: bool, notes: &mut Notes) -> Self {
        let mut fields: Vec<Field> = Vec::new();
        for number in 1..=source.line_count() {
            let span = source.line(number);
            let Some(text) = text_of(source, span, notes) else {
                continue;
            };
            let continues = text.starts_with([' ', '\t']);
            match fields.last_mut().filter(|_| continues) {
                _ if text.trim().is_empty() => {}
                Some(last) => {
                    last.value.push(' ');
                    last.value.push_str(text.trim());
                    last.span = last.span.to(span);
                }
                None => fields.extend(field(source, text, span, strict, notes)),
            }
        }
        Self { source, strict, fields }
    }

    /// Takes what a manifest has a place for, and says what it has none for.
    pub(super) fn carry_over(&self, corpus: &mut CorpusFacts, notes: &mut Notes) {
        let first = |label: &str| self.fields.iter().position(|field| field.is(label));
        let id = first("External-Identifier");
        let title = first("Title").or_else(|| first("External-Description"));
        for (index, field) in self
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| !field.is("Payload-Oxum"))
        {
            let index = Some(index);
            if index == id {
                corpus.id = Some(field.value.clone());
            } else if index == title {
                corpus.title = Some(field.value.clone());
            } else {
                notes.lost.note(field.label.as_str());
            }
        }
    }

    /// Compares what it says of the payload with what is there.
    pub(super) fn compare(&self, folder: &Folder, outstanding: Outstanding, notes: &mut Notes) {
        let totals: Vec<&Field> = self.fields.iter().filter(|field| field.is("Payload-Oxum")).collect();
        if let [first, again, ..] = totals.as_slice() {
            let severity = if self.strict {
                Severity::Error
            } else {
                Severity::Warning
            };
            let message = "Payload-Oxum is given more than once";
            let finding = Finding::new("manifest/duplicate-key", severity, self.place(again), message);
            notes.push(finding.related(self.place(first), "given here already"));
        }
        for total in totals {
            self.total(total, folder, outstanding, notes);
        }
        let dates = self
            .fields
            .iter()
            .filter(|field| field.is("Bagging-Date") || field.is("Packing-Date"));
        for date in dates.filter(|field| date::day(&field.value).is_err()) {
            let message = format!("`{}` is no day: it is written as in 2026-01-31", date.value);
            notes.push(Finding::new(
                "manifest/invalid-date",
                Severity::Warning,
                self.place(date),
                message,
            ));
        }
    }

    fn total(&self, field: &Field, folder: &Folder, outstanding: Outstanding, notes: &mut Notes) {
        let Some((bytes, files)) = oxum(&field.value) else {
            let message = format!(
                "`{}` is no total: a number of bytes, a point, a number of files",
                field.value
            );
            notes.push(error("manifest/invalid-value", self.place(field), message));
            return;
        };
        let there = folder.payload().fold((0_u64, 0_u64), |(bytes, files), (_, size)| {
            (bytes.saturating_add(size), files + 1)
        });
        let (present_bytes, present_files) = (there.0.saturating_add(outstanding.bytes), there.1 + outstanding.files);
        let same = present_files == files && (present_bytes == bytes || outstanding.unsized_files);
        if same {
            return;
        }
        let with = if outstanding.files > 0 {
            ", with what is to be fetched,"
        } else {
            ""
        };
        let message = format!(
            "the payload{with} has {present_bytes} bytes in {present_files} files, and {} says {bytes} in {files}",
            self.source.name()
        );
        let finding = error("fixity/total-mismatch", self.place(field), message);
        let finding =
            finding.help("see to what is found of single files first; if there is nothing, correct the total");
        let recorded = finding
            .evidence("recorded_bytes", bytes)
            .evidence("recorded_files", files);
        notes.push(
            recorded
                .evidence("bytes", present_bytes)
                .evidence("files", present_files),
        );
    }

    fn place(&self, field: &Field) -> Location {
        Location::at(self.source.name(), field.span)
    }
}

fn field(source: &Source, text: &str, span: Span, strict: bool, notes: &mut Notes) -> Option<Field> {
    let place = Location::at(source.name(), span);
    let Some((label, value)) = text.split_once(':').filter(|(label, _)| !label.trim().is_empty()) else {
        let message = "the line is no label, colon and value, and continues none";
        notes.push(error("manifest/invalid-value", place, message));
        return None;
    };
    if strict && (label.trim() != label || !value.starts_with([' ', '\t'])) {
        let message = "the line is not a label, a colon and a space: version 1.0 allows nothing else before the value";
        notes.push(Finding::new("manifest/line-form", Severity::Warning, place, message));
    }
    Some(Field {
        label: label.trim().to_owned(),
        value: value.trim().to_owned(),
        span,
    })
}

/// Bytes and files.
fn oxum(value: &str) -> Option<(u64, u64)> {
    let (bytes, files) = value.split_once('.')?;
    Some((number(bytes)?, number(files)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, strict: bool) -> (Vec<(String, String)>, Vec<String>) {
        let source = Source::new("bag-info.txt", text.as_bytes().to_vec());
        let mut notes = Notes::default();
        let info = Info::read(&source, strict, &mut notes);
        let fields = info
            .fields
            .into_iter()
            .map(|field| (field.label, field.value))
            .collect();
        (fields, notes.findings.into_iter().map(|one| one.message).collect())
    }

    #[test]
    fn lines_are_folded_and_labels_repeated() {
        let text = "A: one\r\n  and: two\r\n\tthree\nA : 2\nb:\n\nC: x:y";
        let pair = |label: &str, value: &str| (label.to_owned(), value.to_owned());
        let (fields, said) = read(text, false);
        assert_eq!(
            fields,
            [
                pair("A", "one and: two three"),
                pair("A", "2"),
                pair("b", ""),
                pair("C", "x:y")
            ]
        );
        assert_eq!(said, Vec::<String>::new());
        let (fields, said) = read("  hung\nplain\n: x\n", false);
        assert_eq!((fields.len(), said.len()), (0, 3));
        assert_eq!(read("A : 1\nB:2\nC: 3\n", true).1.len(), 2);
    }

    #[test]
    fn totals_are_what_they_are() {
        assert_eq!(oxum("279164409832.1198"), Some((279_164_409_832, 1198)));
        for none in ["", "1", "1.", ".1", "1.2.3", "-1.2", "1,2", "99999999999999999999.1"] {
            assert_eq!(oxum(none), None, "{none}");
        }
    }
}
