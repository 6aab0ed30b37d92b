//! Whose hands a text went through, in a few words.

use crate::engine::TextRecord;
use crate::report::cleanup::count_of;

/// Whether the bytes are the certified ones, and what was done to get there.
pub(in crate::report) fn custody(record: &TextRecord) -> String {
    let mut said = Vec::new();
    match record.edits.len() {
        0 if record.state == "verified" => said.push("certified as it came".to_owned()),
        0 => {}
        edits => said.push(format!("edited {}", count_of(edits, "time", "times"))),
    }
    match record.derived_from.as_slice() {
        [] => {}
        [one] => said.push(format!("derived from {one}")),
        [one, rest @ ..] => said.push(format!(
            "derived from {one} and {}",
            count_of(rest.len(), "other", "others")
        )),
    }
    match record.state {
        "changed" => said.push("changed since".to_owned()),
        "missing" => said.push("not there".to_owned()),
        "unverifiable" => said.push("not certified".to_owned()),
        "skipped" => said.push("not looked at".to_owned()),
        _ => {}
    }
    said.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Change;

    #[test]
    fn it_is_told_in_a_few_words() {
        let mut record = TextRecord {
            state: "verified",
            ..TextRecord::default()
        };
        assert_eq!(custody(&record), "certified as it came");
        record.edits.push(Change::default());
        record.derived_from = vec!["raw/a.txt".to_owned(), "raw/b.txt".to_owned()];
        record.state = "changed";
        assert_eq!(
            custody(&record),
            "edited 1 time; derived from raw/a.txt and 1 other; changed since"
        );
    }
}
