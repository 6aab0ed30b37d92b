//! YAML in the one style of our own: block style, one key a line, and quotes wherever some reader of YAML 1.1 or 1.2
//! could take a text for anything else.

use std::fmt::Write as _;

/// What is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text, quoted where it must be.
    Text(String),
    /// Text that is quoted always, as digests are: some consist of digits alone.
    Quoted(String),
    /// A number or a date, never quoted; the caller knows that it is one.
    Plain(String),
    /// A list.
    List(Vec<Value>),
    /// A mapping.
    Record(Vec<Item>),
}

/// A line or more of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A key and its value.
    Field(&'static str, Value),
    /// A comment, without its `#`.
    Remark(String),
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A text with quotes.
    pub fn quoted(text: impl ToString) -> Self {
        Self::Quoted(text.to_string())
    }

    /// A number or a date.
    pub fn plain(value: impl ToString) -> Self {
        Self::Plain(value.to_string())
    }

    /// The value on one line, as it may stand anywhere, inside `{}` and `[]` too.
    pub fn flow(&self) -> String {
        match self {
            Self::Text(text) => scalar(text),
            Self::Quoted(text) => quoted(text),
            Self::Plain(text) => text.clone(),
            Self::List(values) => {
                let values: Vec<_> = values.iter().map(Self::flow).collect();
                format!("[{}]", values.join(", "))
            }
            Self::Record(items) => {
                let pairs: Vec<_> = fields(items)
                    .map(|(key, value)| format!("{key}: {}", value.flow()))
                    .collect();
                format!("{{{}}}", pairs.join(", "))
            }
        }
    }

    /// Whether it takes lines of its own below its key.
    fn is_tall(&self) -> bool {
        match self {
            Self::List(values) => !values.is_empty(),
            Self::Record(items) => fields(items).next().is_some(),
            _ => false,
        }
    }
}

/// The keys and values, without the comments.
pub(crate) fn fields(items: &[Item]) -> impl Iterator<Item = (&'static str, &Value)> {
    items.iter().filter_map(|item| match item {
        Item::Field(key, value) => Some((*key, value)),
        Item::Remark(_) => None,
    })
}

/// Writes lines of one file, each ended in the way of that file.
#[derive(Debug)]
pub struct Writer {
    text: String,
    newline: &'static str,
}

impl Writer {
    /// A writer that ends lines like this.
    pub fn new(newline: &'static str) -> Self {
        Self {
            text: String::new(),
            newline,
        }
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.text
    }

    /// Writes a key and its value, below an indentation of so many spaces.
    pub fn field(&mut self, indent: usize, key: &str, value: &Value) {
        self.indent(indent);
        self.text.push_str(key);
        self.text.push(':');
        self.value(indent, value);
    }

    /// Writes a comment on a line of its own.
    pub fn remark(&mut self, indent: usize, remark: &str) {
        self.indent(indent);
        self.text.push_str("# ");
        let harmless = |c: char| if must_escape(c) { ' ' } else { c };
        self.text.extend(remark.chars().map(harmless));
        self.end_line();
    }

    /// Writes the lines of a mapping.
    pub fn items(&mut self, indent: usize, items: &[Item]) {
        for item in items {
            match item {
                Item::Field(key, value) => self.field(indent, key, value),
                Item::Remark(remark) => self.remark(indent, remark),
            }
        }
    }

    /// Writes an item of a list; its dash stands below so many spaces.
    pub fn item(&mut self, indent: usize, value: &Value) {
        let start = self.text.len();
        match value {
            Value::Record(items) if value.is_tall() => self.items(indent + 2, items),
            Value::List(values) if value.is_tall() => self.list(indent + 2, values),
            _ => {
                self.indent(indent + 2);
                self.text.push_str(&value.flow());
                self.end_line();
            }
        }
        self.text.replace_range(start + indent..=start + indent, "-");
    }

    /// Writes the items of a list.
    pub fn list(&mut self, indent: usize, values: &[Value]) {
        values.iter().for_each(|value| self.item(indent, value));
    }

    fn value(&mut self, indent: usize, value: &Value) {
        match value {
            Value::Record(items) if value.is_tall() => {
                self.end_line();
                self.items(indent + 2, items);
            }
            Value::List(values) if value.is_tall() => {
                self.end_line();
                self.list(indent + 2, values);
            }
            _ => {
                self.text.push(' ');
                self.text.push_str(&value.flow());
                self.end_line();
            }
        }
    }

    fn indent(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(' ', indent));
    }

    fn end_line(&mut self) {
        self.text.push_str(self.newline);
    }
}

/// A text as a scalar: plain where every reader takes it for this text, in double quotes elsewhere.
pub fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// A text in double quotes, with escapes for what cannot be seen or is no part of YAML.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    text.chars().for_each(|c| push_escaped(&mut out, c));
    out.push('"');
    out
}

/// A text in single quotes, where these can hold it.
pub fn single_quoted(text: &str) -> Option<String> {
    let sound = !text.contains(must_escape);
    sound.then(|| format!("'{}'", text.replace('\'', "''")))
}

fn push_escaped(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ if !must_escape(c) => out.push(c),
        _ => push_code(out, u32::from(c)),
    }
}

fn push_code(out: &mut String, code: u32) {
    let written = match code {
        0..=0xFF => write!(out, "\\x{code:02X}"),
        0x100..=0xFFFF => write!(out, "\\u{code:04X}"),
        _ => write!(out, "\\U{code:08X}"),
    };
    debug_assert!(written.is_ok(), "a string takes whatever is written to it");
}

/// What YAML cannot hold as it is (1.2.2, 5.1), what some reader takes for a line end, and what turns the direction of
/// the text around it, so that a person would read another value than a program.
fn must_escape(c: char) -> bool {
    let unseen = matches!(c, '\u{2028}' | '\u{2029}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{61C}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}');
    c.is_control() || unseen || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Words that some reader takes for a truth value or for nothing (YAML 1.1 and 1.2).
const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// Whether every reader takes the text, as it stands, for this text, inside `{}` and `[]` too.
fn is_plain(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_alphanumeric() || c == '/' || c == '_');
    let ends = !text.ends_with(|c: char| c.is_whitespace() || c == ':');
    let inside = !text.contains(|c: char| must_escape(c) || matches!(c, ',' | '[' | ']' | '{' | '}' | '"' | '`'));
    let breaks = text.contains(": ") || text.contains(" #");
    let word = WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    starts && ends && inside && !breaks && !word && !is_number(text)
}

/// Whether it may be a number or a date to some reader: `0x1F`, `1e5`, `1_000`, `12:30:45`, `2016-08-11T10:00:00Z`.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix("0x").or(text.strip_prefix("0o")).unwrap_or(text);
    let part = |c: char| c.is_numeric() || matches!(c, 'a'..='f' | 'A'..='F' | '_' | '+' | '-' | '.' | ':');
    let clock = |c: char| part(c) || matches!(c, 't' | 'T' | 'z' | 'Z' | ' ');
    let dated = text.len() > 4
        && text
            .bytes()
            .take(5)
            .eq(text.bytes().take(4).filter(u8::is_ascii_digit).chain([b'-']));
    text.starts_with(char::is_numeric) && (digits.chars().all(part) || (dated && text.chars().all(clock)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::manifest::Manifest;
    use crate::source::Source;

    fn title(value: &str) -> Option<String> {
        let text = format!("vidimus: 1\nentries:\n  - title: {value}\n    path: a\n");
        let none = |_: &str| Err(std::io::Error::from(std::io::ErrorKind::NotFound));
        let manifest = Manifest::parse(Source::new("m", text.into_bytes()), "m", none).expect("yaml");
        manifest.entries[0].title.as_ref().map(|title| title.value.clone())
    }

    #[test]
    fn quotes_what_some_reader_takes_for_something_else() {
        let quoted = [
            "",
            " a",
            "a ",
            "no",
            "No",
            "y",
            "NULL",
            "~",
            "true",
            "123",
            "1_000",
            "0x1F",
            "1e5",
            "12:30:45",
            "2016-08-11",
            ".5",
            "-1",
            "+1",
            "- a",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a",
            "'a",
            "\"a",
            "[a",
            "{a",
            "a, b",
            "?",
            "---",
            "...",
            "<<",
            "=",
            "a\nb",
            "a\tb",
            "a\u{85}b",
            "\u{202e}a",
            "a\u{2028}b",
            "\u{feff}a",
            "a\u{0}",
            "5065123456789012345678901234567890123456789012345678901234567890",
        ];
        for text in quoted {
            let written = scalar(text);
            assert!(written.starts_with('"'), "{written}");
            assert_eq!(title(&written).as_deref(), Some(text));
        }
    }

    #[test]
    fn leaves_plain_what_is_plain() {
        for text in [
            "a b",
            "corpus/002.txt",
            "000001.txt",
            "https://example.org/a?b=c#d",
            "Über uns",
            "CC0-1.0",
            "it's",
            "一",
        ] {
            assert_eq!(scalar(text), text);
            assert_eq!(title(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn block_style_has_one_key_a_line() {
        let entry = Value::Record(vec![
            Item::Field("path", Value::text("a.txt")),
            Item::Remark("title?: a\nb".to_owned()),
            Item::Field("author", Value::List(vec![Value::text("A"), Value::text("no")])),
            Item::Field(
                "origin",
                Value::Record(vec![Item::Field("kind", Value::text("unknown"))]),
            ),
            Item::Field("edits", Value::List(Vec::new())),
        ]);
        let mut writer = Writer::new("\n");
        writer.field(0, "entries", &Value::List(vec![entry.clone()]));
        assert_eq!(
            writer.finish(),
            "entries:\n  - path: a.txt\n    # title?: a b\n    author:\n      - A\n      - \"no\"\n    origin:\n      kind: unknown\n    edits: []\n"
        );
        assert_eq!(
            entry.flow(),
            "{path: a.txt, author: [A, \"no\"], origin: {kind: unknown}, edits: []}"
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(text: String) {
            prop_assert_eq!(title(&scalar(&text)), Some(text.clone()));
            prop_assert_eq!(title(&quoted(&text)), Some(text.clone()));
            if let Some(single) = single_quoted(&text) {
                prop_assert_eq!(title(&single), Some(text));
            }
        }

        #[test]
        fn what_looks_like_yaml_is_read(text in "[-:#&*!|>'\"%@`{}\\[\\], ?~=<.0-9a-fnoy_\n\r\t\u{85}\u{a0}\u{2028}]{0,12}") {
            prop_assert_eq!(title(&scalar(&text)), Some(text.clone()));
            let flow = Value::List(vec![Value::text(text.clone())]).flow();
            let tree = format!("vidimus: 1\nentries: [{{path: a, author: {flow}}}]\n");
            let none = |_: &str| Err(std::io::Error::from(std::io::ErrorKind::NotFound));
            let manifest = Manifest::parse(Source::new("m", tree.into_bytes()), "m", none).expect("yaml");
            prop_assert_eq!(&manifest.entries[0].authors[0].value, &text);
        }
    }
}
