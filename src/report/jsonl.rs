//! One JSON object a finding, as in the findings of report version 1.

use std::io::{self, Write};

use serde::Serialize;

use super::json::FindingV1;
use crate::engine::Report;

/// Writes a line a finding.
///
/// # Errors
/// What the writer gives.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    report
        .findings
        .iter()
        .try_for_each(|finding| write_line(&FindingV1::from(finding), out))
}

/// Writes one value on one line, for every reader: some take U+0085, U+2028 and U+2029 for line ends too.
///
/// # Errors
/// What the writer gives.
pub fn write_line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut line = serde_json::to_string(value)?;
    for (end, escape) in [("\u{85}", "\\u0085"), ("\u{2028}", "\\u2028"), ("\u{2029}", "\\u2029")] {
        if line.contains(end) {
            line = line.replace(end, escape);
        }
    }
    writeln!(out, "{line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_line_for_every_reader() {
        let mut out = Vec::new();
        write_line(&"a\u{85}b\u{2028}c\u{2029}d\n", &mut out).expect("written");
        assert_eq!(out, b"\"a\\u0085b\\u2028c\\u2029d\\n\"\n");
        assert_eq!(
            serde_json::from_slice::<String>(&out).expect("JSON"),
            "a\u{85}b\u{2028}c\u{2029}d\n"
        );
    }
}
