//! Paths of findings as other programs want them: from where the program runs, and as a relative URI.

use crate::engine::Report;

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
    let mut uri = String::new();
    let mut first = true;
    for byte in from_here(report, path).bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=@/".contains(&byte) || (byte == b':' && !first);
        first &= byte != b'/';
        if plain {
            uri.push(char::from(byte));
        } else {
            uri.extend(format!("%{byte:02X}").chars());
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_relative_reference() {
        let report = Report {
            base: "texts/".to_owned(),
            ..Report::default()
        };
        assert_eq!(uri(&report, "a b/über#1?.txt"), "texts/a%20b/%C3%BCber%231%3F.txt");
        let report = Report::default();
        assert_eq!(uri(&report, "a:b/c:d"), "a%3Ab/c:d");
    }
}
