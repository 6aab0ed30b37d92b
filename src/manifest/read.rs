//! From the tree to typed values: every problem is noted at its place, and reading goes on.

use std::collections::HashMap;

use super::model::{Problem, ProblemKind, Recorded, Spanned};
use super::path::TextPath;
use super::schema::{Key, Record, Shape, VERSION};
use super::yaml::{Kind, Node};
use crate::date::{DateError, When};
use crate::digest::{Algorithm, Digest};
use crate::source::Span;

/// Reads one manifest file and gathers what is wrong in it.
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) file: usize,
    pub(crate) problems: Vec<Problem>,
}

/// The sound keys of one mapping.
#[derive(Debug)]
pub(crate) struct Fields<'n, 'a> {
    pub(crate) span: Span,
    record: &'static Record,
    /// In the order of the keys of the record.
    values: Vec<Option<&'n Node<'a>>>,
}

impl<'n, 'a> Fields<'n, 'a> {
    /// The value of a key, whatever it is.
    pub(crate) fn get(&self, name: &str) -> Option<&'n Node<'a>> {
        let index = self.record.keys.iter().position(|key| key.name == name)?;
        self.values[index]
    }
}

impl Reader {
    /// Notes a problem, and gives it back to be said more exactly.
    pub(crate) fn problem(&mut self, kind: ProblemKind, span: Span, message: impl Into<String>) -> &mut Problem {
        self.problems.push(Problem {
            kind,
            file: self.file,
            span,
            message: message.into(),
            label: None,
            help: None,
            other: None,
            mild: false,
            entry: None,
        });
        let last = self.problems.len() - 1;
        &mut self.problems[last]
    }

    /// The keys of a mapping; notes unknown, doubled and missing ones. `None` where it is no mapping.
    pub(crate) fn fields<'n, 'a>(&mut self, node: &'n Node<'a>, record: &'static Record) -> Option<Fields<'n, 'a>> {
        let Kind::Mapping(pairs) = &node.kind else {
            self.wrong_kind(node, record.noun, "a mapping of keys and values");
            return None;
        };
        let mut seen = vec![None; record.keys.len()];
        let mut values = vec![None; record.keys.len()];
        let mut unknown: HashMap<&str, Span> = HashMap::new();
        for (key, value) in pairs {
            let Some(name) = key.text() else {
                let said = format!("a key of {} is {}", record.noun, key.noun());
                self.problem(ProblemKind::UnknownKey, key.span, said);
                continue;
            };
            let first = match record.keys.iter().position(|known| known.name == name) {
                Some(index) if seen[index].is_none() => {
                    seen[index] = Some(key.span);
                    values[index] = Some(value);
                    continue;
                }
                Some(index) => seen[index],
                None => unknown.get(name).copied(),
            };
            match first {
                Some(first) => self.duplicate_key(key.span, first, name, record),
                None => {
                    unknown.insert(name, key.span);
                    self.unknown_key(key.span, name, record);
                }
            }
        }
        self.missing_keys(node, record, &seen);
        let span = node.span;
        Some(Fields { span, record, values })
    }

    fn duplicate_key(&mut self, span: Span, first: Span, name: &str, record: &Record) {
        let said = format!("the key `{name}` stands twice in {}", record.noun);
        let problem = self.problem(ProblemKind::DuplicateKey, span, said);
        problem.other = Some((problem.file, first, "it stands here first, and this one is read"));
        problem.help = Some("remove one of the two".to_owned());
    }

    fn unknown_key(&mut self, span: Span, name: &str, record: &'static Record) {
        if name == "<<" {
            self.problem(ProblemKind::Alias, span, "a merge key is not read in a manifest")
                .help = Some("write the keys out".to_owned());
            return;
        }
        let near = nearest(name, record.keys.iter().map(|key| key.name));
        let problem = self.problem(
            ProblemKind::UnknownKey,
            span,
            format!("{} has no key `{name}`", record.noun),
        );
        problem.help = Some(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its keys are {}", names(record)),
        });
    }

    fn missing_keys(&mut self, node: &Node<'_>, record: &'static Record, seen: &[Option<Span>]) {
        let place = match &node.kind {
            Kind::Mapping(pairs) => pairs.first().map_or(node.span, |(key, _)| key.span),
            _ => node.span,
        };
        let missing = record
            .keys
            .iter()
            .zip(seen)
            .filter(|(key, seen)| key.required && seen.is_none());
        for (key, _) in missing {
            let said = format!("{} lacks the key `{}`", record.noun, key.name);
            let problem = self.problem(ProblemKind::MissingKey, place, said);
            problem.help = Some(format!("add it: {}", as_clause(key.about)));
            problem.mild = key.name == "include";
        }
    }

    fn wrong_kind(&mut self, node: &Node<'_>, what: &str, wanted: &str) {
        if matches!(node.kind, Kind::Alias) {
            return; // The alias itself is the finding.
        }
        let message = format!("{what} is {}, not {wanted}", node.noun());
        self.problem(ProblemKind::InvalidValue, node.span, message).help = Some(format!("write {wanted}"));
    }

    /// The text of a key.
    pub(crate) fn text(&mut self, fields: &Fields<'_, '_>, name: &'static str) -> Option<Spanned<String>> {
        let node = fields.get(name)?;
        self.scalar(node, name).map(|text| Spanned {
            value: text.to_owned(),
            span: node.span,
        })
    }

    /// The text of a value that must be a scalar.
    fn scalar<'n>(&mut self, node: &'n Node<'_>, name: &str) -> Option<&'n str> {
        let text = node.text();
        if text.is_none() {
            self.wrong_kind(node, &format!("`{name}`"), "text");
        }
        text
    }

    /// The items of a list.
    pub(crate) fn items<'n, 'a>(&mut self, fields: &Fields<'n, 'a>, name: &'static str) -> &'n [Node<'a>] {
        match fields.get(name) {
            None => &[],
            Some(Node {
                kind: Kind::Sequence(items),
                ..
            }) => items,
            Some(node) => {
                self.wrong_kind(node, &format!("`{name}`"), "a list");
                &[]
            }
        }
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, fields: &Fields<'_, '_>, name: &'static str) -> Vec<Spanned<String>> {
        let items = self.items(fields, name);
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            let text = self.scalar(item, name);
            texts.extend(text.map(|text| Spanned {
                value: text.to_owned(),
                span: item.span,
            }));
        }
        texts
    }

    /// A whole number.
    pub(crate) fn integer(&mut self, fields: &Fields<'_, '_>, name: &'static str) -> Option<Spanned<u64>> {
        let text = self.text(fields, name)?;
        let plain = text.value.bytes().all(|byte| byte.is_ascii_digit());
        let value = plain.then(|| text.value.parse().ok()).flatten();
        if value.is_none() {
            self.problem(
                ProblemKind::InvalidValue,
                text.span,
                format!("`{name}` is not a whole number"),
            )
            .help = Some("write digits alone, without a sign, a point or a unit".to_owned());
        }
        value.map(|value| Spanned { value, span: text.span })
    }

    /// A language tag.
    pub(crate) fn language(&mut self, fields: &Fields<'_, '_>, name: &'static str) -> Option<Spanned<String>> {
        let text = self.text(fields, name)?;
        if is_language_tag(&text.value) {
            return Some(text);
        }
        let problem = self.problem(
            ProblemKind::InvalidValue,
            text.span,
            format!("`{}` is no language tag", text.value),
        );
        problem.help = Some("write a BCP 47 tag: `en`, `de-AT`, `zh-Hant`".to_owned());
        None
    }

    /// One of the words that a key allows.
    pub(crate) fn word(&mut self, fields: &Fields<'_, '_>, key: &'static Key) -> Option<Spanned<&'static str>> {
        let text = self.text(fields, key.name)?;
        let Shape::Word(words) = key.shape else { return None };
        let word = words.iter().find(|&&word| word == text.value);
        if word.is_none() {
            let problem = self.problem(
                ProblemKind::InvalidValue,
                text.span,
                format!("`{}` cannot be `{}`", key.name, text.value),
            );
            problem.help = Some(format!("it is one of {}", words.join(", ")));
        }
        word.map(|&value| Spanned { value, span: text.span })
    }

    /// The format version.
    pub(crate) fn version(&mut self, fields: &Fields<'_, '_>) {
        let Some(text) = self.text(fields, "vidimus") else {
            return;
        };
        if text.value != VERSION {
            let problem = self.problem(
                ProblemKind::Version,
                text.span,
                format!("this is version {} of the manifest format", text.value),
            );
            problem.help = Some(format!(
                "this program reads version {VERSION}; take a newer program, or correct the number"
            ));
        }
    }

    /// A path that stays inside the root.
    pub(crate) fn path(&mut self, fields: &Fields<'_, '_>, name: &'static str) -> Option<Spanned<TextPath>> {
        self.path_by(TextPath::new, fields, name)
    }

    /// A path, or the address of an object.
    pub(crate) fn path_or_address(&mut self, fields: &Fields<'_, '_>, name: &'static str) -> Option<Spanned<TextPath>> {
        self.path_by(TextPath::of_shard, fields, name)
    }

    fn path_by(
        &mut self,
        read: fn(&str) -> Result<TextPath, &'static str>,
        fields: &Fields<'_, '_>,
        name: &'static str,
    ) -> Option<Spanned<TextPath>> {
        let text = self.text(fields, name)?;
        match read(&text.value) {
            Ok(value) => {
                if let Some(why) = value.unportable() {
                    let problem = self.problem(ProblemKind::UnportablePath, text.span, format!("the path {why}"));
                    problem.help = Some(
                        "rename the file, or say that this corpus stays where it is by ignoring the rule".to_owned(),
                    );
                }
                Some(Spanned { value, span: text.span })
            }
            Err(why) => {
                let problem = self.problem(ProblemKind::InvalidPath, text.span, format!("the path {why}"));
                problem.help =
                    Some("it is not followed; write it relative to the folder of the manifest, with `/`".to_owned());
                None
            }
        }
    }

    /// A date.
    pub(crate) fn date(&mut self, fields: &Fields<'_, '_>, name: &'static str) -> Option<Spanned<When>> {
        let text = self.text(fields, name)?;
        match text.value.parse() {
            Ok(value) => Some(Spanned { value, span: text.span }),
            Err(error) => {
                self.bad_date(&text, name, &error);
                None
            }
        }
    }

    fn bad_date(&mut self, text: &Spanned<String>, name: &str, error: &DateError) {
        let message = match error {
            DateError::Shape => format!("`{name}` is not a date"),
            DateError::NoOffset => format!("`{name}` gives a time without its offset from UTC"),
            DateError::Impossible(why) => format!("`{name}` is impossible: {why}"),
        };
        let help = match error {
            DateError::Shape => "write 2016, 2016-08, 2016-08-11 or 2016-08-11T10:00:00Z",
            DateError::NoOffset => "add `Z` or an offset like `+02:00`, or give the day alone",
            DateError::Impossible(_) => "look it up where it comes from; it is not read",
        };
        self.problem(ProblemKind::InvalidDate, text.span, message).help = Some(help.to_owned());
    }

    /// A digest of one algorithm.
    pub(crate) fn digest(&mut self, fields: &Fields<'_, '_>, name: &'static str) -> Option<Recorded> {
        let node = fields.get(name)?;
        self.recorded(node, Algorithm::Sha256)
    }

    fn recorded(&mut self, node: &Node<'_>, algorithm: Algorithm) -> Option<Recorded> {
        if !matches!(node.kind, Kind::Scalar { .. }) {
            self.wrong_kind(node, "a digest", "text");
            return None;
        }
        let text = node.text().unwrap_or_default();
        let span = node.span;
        let digest = read_digest(text, algorithm);
        if let Err(why) = &digest {
            self.bad_digest(why, algorithm, span);
        } else if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            let problem = self.problem(ProblemKind::DigestForm, span, "the digest is written in upper case");
            let help = "it is verified as it is; lower case is the usual form, and other tools compare texts";
            problem.help = Some(help.to_owned());
        }
        let digest = digest.ok();
        let text = if digest.is_none() { text } else { "" }.to_owned();
        Some(Recorded {
            algorithm,
            text,
            span,
            digest,
        })
    }

    fn bad_digest(&mut self, why: &str, algorithm: Algorithm, span: Span) {
        let title = algorithm.title();
        let problem = self.problem(
            ProblemKind::InvalidDigest,
            span,
            format!("this is no {title} digest: it {why}"),
        );
        problem.help = Some(format!(
            "nothing is verified against it; write the {} hexadecimal digits of the {title} (`vidimus accept` does)",
            algorithm.length() * 2
        ));
    }

    /// Further digests, by algorithm.
    pub(crate) fn digests(&mut self, fields: &Fields<'_, '_>) -> Vec<Recorded> {
        let Some(node) = fields.get("digests") else {
            return Vec::new();
        };
        let Kind::Mapping(pairs) = &node.kind else {
            self.wrong_kind(node, "`digests`", "a mapping from algorithm to digest");
            return Vec::new();
        };
        let mut digests = Vec::with_capacity(pairs.len());
        let mut seen: HashMap<Algorithm, Span> = HashMap::new();
        for (key, value) in pairs {
            let name = key.text().unwrap_or_default();
            let Some(algorithm) = Algorithm::from_name(name) else {
                let problem = self.problem(
                    ProblemKind::UnknownAlgorithm,
                    key.span,
                    format!("`{name}` is no digest algorithm that can be verified"),
                );
                problem.help = Some(format!("known are {}", Algorithm::ALL.map(Algorithm::name).join(", ")));
                continue;
            };
            if let Some(first) = seen.insert(algorithm, key.span) {
                let problem = self.problem(
                    ProblemKind::DuplicateKey,
                    key.span,
                    format!("the digest `{name}` stands twice"),
                );
                problem.other = Some((problem.file, first, "it stands here first, and this one is read"));
                problem.help = Some("remove one of the two".to_owned());
                continue;
            }
            digests.extend(self.recorded(value, algorithm));
        }
        digests
    }
}

/// A digest of one algorithm in hexadecimal digits of either case; or why the text is none, as the end of a sentence that begins
/// with "it".
///
/// # Errors
/// For anything else: a placeholder, an address, digits of another length, another notation.
pub(crate) fn read_digest(text: &str, algorithm: Algorithm) -> Result<Digest, String> {
    let digest = Digest::from_hex(algorithm, text).filter(|digest| !is_made_up(digest.as_bytes()));
    let why = || {
        placeholder(text)
            .map(str::to_owned)
            .unwrap_or_else(|| describe(text, algorithm))
    };
    digest.ok_or_else(why)
}

/// Whether no function gives these bytes: one digit repeated, or counted through.
pub(crate) fn is_made_up(bytes: &[u8]) -> bool {
    let repeated = bytes.iter().all(|byte| *byte == bytes[0]) && bytes[0] >> 4 == bytes[0] & 15;
    let step = |pair: &[u8]| pair[1] == pair[0].wrapping_add(0x22) || matches!(pair, [0xef | 0x89, 0x01]);
    repeated || bytes.windows(2).all(step)
}

/// What a placeholder is, where the text is one.
pub(crate) fn placeholder(text: &str) -> Option<&'static str> {
    let plain = text.trim().to_lowercase();
    let words = [
        "todo",
        "tbd",
        "fixme",
        "xxx",
        "none",
        "n/a",
        "na",
        "unknown",
        "foo",
        "bar",
        "placeholder",
        "changeme",
        "hash",
        "digest",
        "checksum",
    ];
    let repeated = plain
        .chars()
        .next()
        .is_some_and(|first| plain.len() > 3 && plain.chars().all(|c| c == first));
    let refused = [
        (plain.is_empty(), "is empty"),
        (
            Algorithm::from_name(&plain).is_some(),
            "is the name of an algorithm, a placeholder",
        ),
        (words.contains(&plain.as_str()), "is a placeholder"),
        (plain.contains("://"), "is an address"),
        (repeated, "repeats one character, a placeholder"),
        (is_counted(&plain), "counts through the digits, a placeholder"),
    ];
    refused.into_iter().find(|(is, _)| *is).map(|(_, why)| why)
}

/// `0123456789abcdef0123…` and the like.
fn is_counted(text: &str) -> bool {
    let step = |pair: &[u8]| {
        let value = |byte: u8| char::from(byte).to_digit(16);
        matches!((value(pair[0]), value(pair[1])), (Some(a), Some(b)) if b == (a + 1) % 16 || (a == 9 && b == 0))
    };
    text.len() > 15 && text.as_bytes().windows(2).all(step)
}

/// What a text that is no digest of this algorithm looks like.
fn describe(text: &str, algorithm: Algorithm) -> String {
    let hex = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let others: Vec<_> = Algorithm::with_hex_length(text.len()).map(Algorithm::title).collect();
    let length = algorithm.length();
    if hex && !others.is_empty() {
        return format!("has the length of {}", others.join(" or "));
    }
    if hex {
        return format!("has {} hexadecimal digits, not {}", text.len(), length * 2);
    }
    if let Some((name, rest)) = text.split_once([':', '-'])
        && Algorithm::from_name(name).is_some()
    {
        let what = if rest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            ""
        } else {
            " and is not hexadecimal"
        };
        return format!("begins with the name of an algorithm{what}");
    }
    if decode_base64(text).is_some_and(|bytes| bytes.len() == length) {
        return "is written in base64".to_owned();
    }
    let bad = text.chars().find(|c| !c.is_ascii_hexdigit());
    match bad {
        Some(bad) if text.len() == length * 2 => format!("holds {bad:?}, which is no hexadecimal digit"),
        _ => "is not hexadecimal".to_owned(),
    }
}

/// The bytes of base64 text, padded or not, in either alphabet.
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    let plain = text.trim().trim_end_matches('=');
    STANDARD_NO_PAD
        .decode(plain)
        .or_else(|_| URL_SAFE_NO_PAD.decode(plain))
        .ok()
}

/// The well-formed part of BCP 47 (RFC 5646, 2.1) that a manifest needs.
fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let primary = (2..=8).contains(&first.len()) || matches!(first, "x" | "i");
    let sound = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    primary && first.bytes().all(|byte| byte.is_ascii_alphabetic()) && parts.all(sound)
}

/// The name that differs least from this one, where one is near.
pub fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let near = names.map(|known| (distance(name, known), known)).min();
    near.filter(|&(distance, known)| distance <= known.len() / 3 + 1 && distance < name.len())
        .map(|(_, known)| known)
}

/// Levenshtein distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, &to) in b.iter().enumerate() {
            let step = (corner + usize::from(from != to)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = std::mem::replace(&mut row[j + 1], step);
        }
    }
    row.last().copied().unwrap_or(0)
}

/// A sentence as the end of another one.
fn as_clause(sentence: &str) -> String {
    let plain = sentence.trim_end_matches('.');
    let mut letters = plain.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn names(record: &Record) -> String {
    record.keys.iter().map(|key| key.name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_and_other_algorithms_are_named() {
        let said = |text: &str| {
            placeholder(text)
                .map(str::to_owned)
                .unwrap_or_else(|| describe(text, Algorithm::Sha256))
        };
        let md5 = "900150983cd24fb0d6963f7d28e17f72";
        let cases = [
            ("TODO", "is a placeholder"),
            ("sha256", "is the name of an algorithm, a placeholder"),
            ("https://example.org/x", "is an address"),
            (&"0".repeat(64), "repeats one character, a placeholder"),
            (
                &"0123456789abcdef".repeat(4),
                "counts through the digits, a placeholder",
            ),
            (md5, "has the length of MD5"),
            ("abc123", "has 6 hexadecimal digits, not 64"),
            ("sha256:abc", "begins with the name of an algorithm"),
            ("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", "is written in base64"),
            ("", "is empty"),
        ];
        for (text, want) in cases {
            assert_eq!(said(text), want, "{text}");
        }
    }

    #[test]
    fn made_up_digests_are_seen_in_their_bytes() {
        for text in [
            "0".repeat(64),
            "f".repeat(64),
            "0123456789abcdef".repeat(4),
            "01234567890123456789".repeat(2),
        ] {
            let length = text.len();
            let algorithm = Algorithm::with_hex_length(length).next().expect("an algorithm");
            let digest = Digest::from_hex(algorithm, &text).expect("hexadecimal");
            assert!(is_made_up(digest.as_bytes()), "{text}");
        }
        assert!(!is_made_up(Algorithm::Sha256.digest(b"").as_bytes()));
    }

    #[test]
    fn near_names() {
        assert_eq!(nearest("licence", ["license", "language"].into_iter()), Some("license"));
        assert_eq!(nearest("frobnicate", ["license", "language"].into_iter()), None);
    }

    #[test]
    fn language_tags() {
        for tag in ["en", "de-AT", "zh-Hant", "no", "x-old"] {
            assert!(is_language_tag(tag), "{tag}");
        }
        for tag in ["e", "English language", "de_AT", "", "de-"] {
            assert!(!is_language_tag(tag), "{tag}");
        }
    }
}
