//! JSON whose every value knows where it stands, so that a finding underlines it.
//!
//! A value is a piece of the text. It is taken apart one level at a time, and only where somebody asks: what nobody reads costs
//! one pass, however deep it is.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::Error;
use crate::source::{Source, Span};

/// A value, as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a>(&'a str);

/// The fields of an object, in the order in which they are written.
#[derive(Debug)]
pub(super) struct Fields<'a>(pub(super) Vec<(Cow<'a, str>, Node<'a>)>);

impl<'a> Node<'a> {
    /// The value that a source holds, behind a byte-order mark where there is one.
    ///
    /// # Errors
    /// [`Error::Syntax`] where it is no JSON, [`Error::Refused`] where it is not even text; `shown` names it.
    pub(super) fn of(source: &'a Source, shown: &str) -> Result<Self, Error> {
        let text = source.text().ok_or_else(|| not_utf8(source, shown))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let raw: &RawValue = serde_json::from_str(text).map_err(|error| syntax(source, text, shown, &error))?;
        Ok(Self(raw.get()))
    }

    /// The text of the source that it is.
    pub(super) fn raw(self) -> &'a str {
        self.0
    }

    /// What kind of value it is, with its article.
    pub(super) fn noun(self) -> &'static str {
        match self.0.as_bytes().first() {
            Some(b'{') => "an object",
            Some(b'[') => "a list",
            Some(b'"') => "text",
            Some(b't' | b'f') => "true or false",
            Some(b'n') => "null",
            _ => "a number",
        }
    }

    /// Whether it is `null`.
    pub(super) fn is_null(self) -> bool {
        self.0 == "null"
    }

    /// The text, where it is text.
    pub(super) fn text(self) -> Option<Cow<'a, str>> {
        serde_json::from_str(self.0).map(|Text(text)| text).ok()
    }

    /// The number, where it is a whole one that is not negative.
    pub(super) fn integer(self) -> Option<u64> {
        self.0.parse().ok()
    }

    /// The items, where it is a list.
    pub(super) fn items(self) -> Option<Vec<Self>> {
        let items: Vec<&RawValue> = serde_json::from_str(self.0).ok()?;
        Some(items.into_iter().map(|raw| Self(raw.get())).collect())
    }

    /// The fields, where it is an object.
    pub(super) fn fields(self) -> Option<Fields<'a>> {
        serde_json::from_str(self.0).ok()
    }

    /// The value, without its place. `None` where it is nested deeper than anybody means.
    pub(super) fn value(self) -> Option<Value> {
        serde_json::from_str(self.0).ok()
    }
}

/// Text that is borrowed where nothing in it is escaped.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Collect)
    }
}

struct Collect;

impl<'de> Visitor<'de> for Collect {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(Text(key)) = map.next_key()? {
            let raw: &RawValue = map.next_value().map_err(A::Error::custom)?;
            fields.push((key, Node(raw.get())));
        }
        Ok(Fields(fields))
    }
}

/// Where a key stands; the place of its value where it is written with escapes.
#[expect(
    clippy::ptr_arg,
    reason = "a key that is borrowed stands in the source, and one that is owned does not"
)]
pub(super) fn span_of_key(source: &Source, key: &Cow<'_, str>, value: Node<'_>) -> Span {
    match key {
        Cow::Borrowed(key) => source.span_of(key),
        Cow::Owned(_) => source.span_of(value.raw()),
    }
}

fn not_utf8(source: &Source, shown: &str) -> Error {
    let valid = source
        .bytes()
        .utf8_chunks()
        .next()
        .map_or(0, |chunk| chunk.valid().len());
    let line = source.position(valid).line;
    Error::Refused(format!(
        "{shown} is not UTF-8 from line {line}, byte {valid} on, as JSON must be; convert it first"
    ))
}

fn syntax(source: &Source, text: &str, shown: &str, error: &serde_json::Error) -> Error {
    let line = text
        .split_inclusive('\n')
        .nth(error.line().saturating_sub(1))
        .unwrap_or_default();
    let start = line.as_ptr().addr().saturating_sub(source.bytes().as_ptr().addr());
    let start = if line.is_empty() { source.len() } else { start };
    let span = source.nearest_span(start + error.column().saturating_sub(1), source.len());
    let said = error.to_string();
    let plain = said.split(" at line ").next().unwrap_or(&said);
    let at = source.position(span.start());
    let nothing = text.trim().is_empty();
    Error::Syntax {
        path: shown.to_owned(),
        at,
        message: if nothing {
            "the file is empty".to_owned()
        } else {
            format!("this is no JSON: {plain}")
        },
        line: excerpt(&source.text_of(source.line(at.line)), at.column),
        help: "nothing of it was read; mend it, or name another file".into(),
    }
}

/// The line of an error, as far as it can be shown: what JSON puts in one line may have megabytes.
fn excerpt(line: &str, column: usize) -> String {
    const SHOWN: usize = 1_000;
    if column > SHOWN {
        String::new()
    } else {
        line.chars().take(2 * SHOWN).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("a.json", text.as_bytes().to_vec())
    }

    #[test]
    fn every_value_knows_its_place() {
        let source = source("\u{feff}{\"a\": [1, \"\\u00e9\", {\"b\": null}],\n \"a\": 7}");
        let fields = Node::of(&source, "a.json")
            .expect("json")
            .fields()
            .expect("an object")
            .0;
        assert_eq!(fields.iter().map(|(key, _)| &**key).collect::<Vec<_>>(), ["a", "a"]);
        let items = fields[0].1.items().expect("a list");
        assert_eq!(items[1].text().as_deref(), Some("é"));
        assert_eq!(source.text_of(source.span_of(items[1].raw())), "\"\\u00e9\"");
        assert_eq!(source.position(source.span_of(fields[1].1.raw()).start()).line, 2);
        assert_eq!(source.text_of(span_of_key(&source, &fields[1].0, fields[1].1)), "a");
        assert_eq!(fields[1].1.integer(), Some(7));
        assert_eq!(
            items.iter().map(|item| item.noun()).collect::<Vec<_>>(),
            ["a number", "text", "an object"]
        );
    }

    #[test]
    fn nesting_of_any_depth_is_passed_over() {
        let deep = format!("{{\"a\": {}{}, \"b\": 1}}", "[".repeat(300_000), "]".repeat(300_000));
        let source = source(&deep);
        let fields = Node::of(&source, "a.json")
            .expect("json")
            .fields()
            .expect("an object")
            .0;
        assert_eq!(fields[1].1.integer(), Some(1));
        assert_eq!(fields[0].1.value(), None);
    }

    #[test]
    fn what_is_no_json_is_named_with_its_place() {
        let said = |text: &str| Node::of(&source(text), "a.json").expect_err("refused").to_string();
        assert_eq!(said("{\n  \"a\": foo}"), "a.json:2:9: this is no JSON: expected ident");
        assert_eq!(said(" "), "a.json:1:1: the file is empty");
        assert_eq!(
            said("{\"a\":"),
            "a.json:1:5: this is no JSON: EOF while parsing a value"
        );
        assert!(said("{} {}").contains("trailing characters"));
        let binary = Source::new("a.json", b"{\n\"\xff\"}".to_vec());
        let said = Node::of(&binary, "a.json").expect_err("refused").to_string();
        assert!(said.starts_with("a.json is not UTF-8 from line 2, byte 3 on"), "{said}");
    }
}
