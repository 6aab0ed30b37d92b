//! Named fields, as the heads of WARC records and of HTTP messages have them.

use std::collections::{BTreeSet, HashSet};

/// Names and values in their order; a name may stand several times, in any case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    list: Vec<(String, String)>,
    /// Lines that are no field.
    pub odd: usize,
}

impl Fields {
    /// Reads lines up to a blank one. A line that begins with white space goes on with the one before.
    pub fn parse<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut fields = Self::default();
        for line in lines.take_while(|line| !line.is_empty()) {
            let text = String::from_utf8_lossy(line);
            match (text.starts_with([' ', '\t']), fields.list.last_mut()) {
                (true, Some((_, value))) => {
                    value.push(' ');
                    value.push_str(text.trim());
                }
                _ => fields.take(&text),
            }
        }
        fields
    }

    fn take(&mut self, line: &str) {
        match line.split_once(':') {
            Some((name, value)) if is_token(name.trim_end()) => {
                self.list.push((name.trim_end().to_owned(), value.trim().to_owned()));
            }
            _ => self.odd += 1,
        }
    }

    /// The first value of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of that name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = move |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
        self.list.iter().filter(named).map(|(_, value)| value.as_str())
    }

    /// The names, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|(name, _)| name.as_str())
    }

    /// The names that stand several times, each once.
    pub fn repeated(&self) -> BTreeSet<&str> {
        let mut seen = HashSet::new();
        self.names()
            .filter(|name| !seen.insert(name.to_ascii_lowercase()))
            .collect()
    }

    /// The words of a field that lists them with commas, in lower case.
    pub fn words(&self, name: &str) -> Vec<String> {
        let words = self.all(name).flat_map(|value| value.split(','));
        let words = words.map(|word| word.trim().to_ascii_lowercase());
        words.filter(|word| !word.is_empty()).collect()
    }
}

/// Whether a name is one (RFC 9110, 5.6.2).
fn is_token(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"(),/:;<=>?@[\\]{}".contains(&byte);
    !name.is_empty() && name.bytes().all(plain)
}

/// The lines of a head, without their ends.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes
        .split(|&byte| byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// The media type of a `Content-Type`, in lower case and without parameters.
pub(super) fn media_type(value: &str) -> String {
    let plain = value.split(';').next().unwrap_or_default();
    plain.trim().to_ascii_lowercase()
}

/// A parameter of a `Content-Type`.
pub(super) fn parameter(value: &str, name: &str) -> Option<String> {
    let mut parameters = value.split(';').skip(1).filter_map(|one| one.split_once('='));
    let (_, found) = parameters.find(|(known, _)| known.trim().eq_ignore_ascii_case(name))?;
    Some(found.trim().trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_case_and_folded_lines() {
        let head = b"warc-TYPE: response\r\nX-Long: one\r\n\ttwo\r\n  three\r\nno field\r\n\r\nafter: the end";
        let fields = Fields::parse(lines(head));
        assert_eq!(fields.get("WARC-Type"), Some("response"));
        assert_eq!(fields.get("x-long"), Some("one two three"));
        assert_eq!((fields.odd, fields.get("after")), (1, None));
        assert!(fields.repeated().is_empty());
        let twice = Fields::parse(lines(b"A: 1\r\nB: 2\r\na: 3\r\na: 4\r\n"));
        assert_eq!(twice.repeated(), BTreeSet::from(["a"]));
    }

    #[test]
    fn content_types() {
        let value = "Text/HTML ; Charset=\"iso-8859-1\"; x=y";
        assert_eq!(media_type(value), "text/html");
        assert_eq!(parameter(value, "charset").as_deref(), Some("iso-8859-1"));
        assert_eq!(parameter("text/html", "charset"), None);
    }
}
