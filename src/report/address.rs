//! Paths of findings as other programs want them: from where the program runs, and as a relative URI.

use std::borrow::Cow;

use crate::engine::Report;
use crate::finding::{Finding, Location, Place};

/// The page of a rule, where the report knows where the documentation is published.
pub(super) fn rule_page(report: &Report, rule: &str) -> Option<String> {
    Some(rule_address(report.docs.as_deref()?, rule))
}

/// The page of a rule, below the address where the documentation is published.
pub fn rule_address(docs: &str, rule: &str) -> String {
    format!("{}/rules/{rule}.html", docs.trim_end_matches('/'))
}

/// A path of the corpus, from where the program runs.
pub(super) fn from_here(report: &Report, path: &str) -> String {
    format!("{}{path}", report.base)
}

/// The same as a relative URI reference (RFC 3986): what may not stand in a path segment is percent-encoded, and a colon in the first
/// segment too, since that would be read as a scheme.
pub(super) fn uri(report: &Report, path: &str) -> String {
    let mut first = true;
    let plain = |byte| {
        let plain = is_plain(byte) || (byte == b':' && !first);
        first &= byte != b'/';
        plain
    };
    encoded(&from_here(report, path), plain)
}

/// The file of a place as such a reference; a record of it is the fragment.
pub(super) fn uri_of(report: &Report, location: &Location) -> String {
    let file = uri(report, location.file_path());
    match location.record.is_some().then(|| record_of(location)) {
        Some(record) => format!("{file}#{}", encoded(record, is_plain)),
        None => file,
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=@/".contains(&byte)
}

fn encoded(text: &str, mut plain: impl FnMut(u8) -> bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match plain(byte) {
            true => encoded.push(char::from(byte)),
            false => encoded.extend(format!("%{byte:02X}").chars()),
        }
    }
    encoded
}

/// How a record is named in the path of a place.
fn record_of(location: &Location) -> &str {
    let below = location.path.strip_prefix(location.file_path());
    below.and_then(|below| below.strip_prefix('#')).unwrap_or_default()
}

/// Where a place is for programs that know files and lines of them: a place in a record has none, for it is in the text of the record.
pub(super) fn place_in_file(location: &Location) -> Option<&Place> {
    location.place.as_ref().filter(|_| location.record.is_none())
}

/// What a finding says to such programs: the record first, where it is of one.
pub(super) fn said(finding: &Finding) -> Cow<'_, str> {
    match finding.location.record.is_some() {
        true => format!("record {}: {}", record_of(&finding.location), finding.message).into(),
        false => finding.message.as_str().into(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::finding::Record;

    #[test]
    fn a_path_is_a_relative_reference() {
        let report = Report {
            base: "texts/".to_owned(),
            ..Report::default()
        };
        assert_eq!(uri(&report, "a b/über#1?.txt"), "texts/a%20b/%C3%BCber%231%3F.txt");
        let report = Report::default();
        assert_eq!(uri(&report, "a:b/c:d"), "a%3Ab/c:d");
        let record = Arc::new(Record {
            shard: "s#1/a b.jsonl".to_owned(),
            number: 7,
            id: Some("x y#\u{e9}:z".to_owned()),
            offset: None,
        });
        let location = Location::record(&record);
        assert_eq!(uri_of(&report, &location), "s%231/a%20b.jsonl#x%20y%23%C3%A9%3Az");
        assert_eq!(uri_of(&report, &Location::file("a b")), "a%20b");
    }
}
