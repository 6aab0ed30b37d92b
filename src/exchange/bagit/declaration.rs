//! `bagit.txt`: the two lines that say which version a bag is of and how its other files are encoded.

use super::Notes;
use super::tag::{Encoding, bytes_of, end_with_feeds};
use crate::corpus::Library;
use crate::finding::{Finding, Location, RuleId, Severity};
use crate::source::{Source, Span};
use crate::stop::Stop;

/// Its name.
pub(super) const FILE: &str = "bagit.txt";

/// A larger one is not read, in bytes: its two lines have some 60.
const LONGEST: u64 = 4096;

/// What is told in it, or taken for told where it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Declaration {
    pub(super) version: Version,
    pub(super) encoding: Encoding,
}

/// Major and minor number, which are no decimal fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(u32, u32);

impl Version {
    /// The drafts that are known, and the RFC.
    const KNOWN: [Self; 6] = [
        Self(0, 93),
        Self(0, 94),
        Self(0, 95),
        Self(0, 96),
        Self(0, 97),
        Self(1, 0),
    ];

    /// The last draft, which forgives more than the RFC does.
    const DRAFT: Self = Self(0, 97);

    /// Whether the RFC holds, which forgives less than the drafts did.
    pub(super) fn is_strict(self) -> bool {
        self >= Self(1, 0)
    }

    /// The file with labels and values.
    pub(super) fn info_file(self) -> &'static str {
        if self <= Self(0, 95) {
            "package-info.txt"
        } else {
            "bag-info.txt"
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        let number = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse().ok()).flatten()
        };
        Some(Self(number(major)?, number(minor)?))
    }
}

/// Reads the declaration; what is wrong in it is noted, and the rest of the bag is read as well as can be.
pub(super) fn read(library: &Library, stop: Stop<'_>, notes: &mut Notes) -> (Declaration, Option<Source>) {
    let unknown = Declaration {
        version: Version::DRAFT,
        encoding: Encoding::Utf8,
    };
    if library
        .open(FILE)
        .is_err_and(|refusal| refusal == crate::corpus::Refusal::Missing)
    {
        let message = "there is no bagit.txt, so that neither the version nor the encoding of the bag is known";
        notes.push(
            invalid(Location::file(FILE), message)
                .help("write one: `BagIt-Version: 1.0` and `Tag-File-Character-Encoding: UTF-8`, each in a line"),
        );
        return (unknown, None);
    }
    let Some(mut bytes) = bytes_of(library, FILE, LONGEST, stop, notes) else {
        return (unknown, None);
    };
    if let Some(why) = misencoded(&bytes) {
        notes.push(invalid(Location::file(FILE), why).help("write it anew in UTF-8, without a byte-order mark"));
    }
    let start = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    bytes.drain(..start);
    end_with_feeds(&mut bytes);
    let source = Source::new(FILE, bytes);
    let declaration = Reader { source: &source, notes }.read();
    (declaration, Some(source))
}

fn misencoded(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        Some("bagit.txt begins with a byte-order mark, which no version allows")
    } else if std::str::from_utf8(bytes).is_err() {
        Some("bagit.txt is not UTF-8")
    } else {
        None
    }
}

fn invalid(place: Location, message: impl Into<String>) -> Finding {
    of_rule("manifest/invalid-declaration", place, message)
}

fn of_rule(rule: RuleId, place: Location, message: impl Into<String>) -> Finding {
    Finding::new(rule, Severity::Error, place, message)
}

/// One of the two lines.
struct Line {
    span: Span,
    value: String,
    /// Whether there is exactly one space, after the colon.
    exact: bool,
}

struct Reader<'a> {
    source: &'a Source,
    notes: &'a mut Notes,
}

impl Reader<'_> {
    fn read(mut self) -> Declaration {
        let version = self.line(1, "BagIt-Version");
        let encoding = self.line(2, "Tag-File-Character-Encoding");
        let told = version.as_ref().map_or(Version::DRAFT, |line| self.version(line));
        let exact = [&version, &encoding].into_iter().flatten().filter(|line| !line.exact);
        for line in exact.filter(|_| told.is_strict()) {
            let message =
                "the line has white space where version 1.0 allows none: one space after the colon, and no other";
            self.notes.push(invalid(Location::at(FILE, line.span), message));
        }
        self.rest(told);
        Declaration {
            version: told,
            encoding: encoding.as_ref().map_or(Encoding::Utf8, |line| self.encoding(line)),
        }
    }

    fn line(&mut self, number: usize, label: &str) -> Option<Line> {
        let span = self.source.line(number);
        let text = self.source.text_of(span).into_owned();
        let found = text
            .split_once(':')
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case(label));
        let Some((name, value)) = found else {
            let place = if span.is_empty() {
                Location::file(FILE)
            } else {
                Location::at(FILE, span)
            };
            let message = format!("line {number} of bagit.txt does not give `{label}`");
            let help = format!("it is `{label}: ` and the value, and nothing else");
            self.notes.push(invalid(place, message).help(help));
            return None;
        };
        let value = value.trim();
        Some(Line {
            span,
            exact: text == format!("{}: {value}", name.trim()),
            value: value.to_owned(),
        })
    }

    fn version(&mut self, line: &Line) -> Version {
        let place = Location::at(FILE, line.span);
        let Some(version) = Version::parse(&line.value) else {
            let message = format!("`{}` is no version: two numbers with a point between them", line.value);
            self.notes.push(invalid(place, message));
            return Version::DRAFT;
        };
        if !Version::KNOWN.contains(&version) {
            let message = format!("version {} of BagIt is not known; 0.93 to 0.97 and 1.0 are", line.value);
            let finding = of_rule("manifest/unsupported-version", place, message);
            self.notes
                .push(finding.help("use a newer program, or correct the number"));
        }
        version
    }

    fn encoding(&mut self, line: &Line) -> Encoding {
        Encoding::named(&line.value).unwrap_or_else(|| {
            let message = format!(
                "`{}` is no encoding that is known; the bag is read as UTF-8",
                line.value
            );
            self.notes.push(invalid(Location::at(FILE, line.span), message));
            Encoding::Utf8
        })
    }

    /// Whatever comes after the two lines.
    fn rest(&mut self, version: Version) {
        let mut more = (3..=self.source.line_count()).map(|number| self.source.line(number));
        let blank = |span: &Span| self.source.text_of(*span).trim().is_empty();
        let wrong = more.find(|span| version.is_strict() || !blank(span));
        if let Some(span) = wrong {
            let message = "bagit.txt has more than its two lines";
            self.notes.push(invalid(Location::at(FILE, span), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(bytes: &[u8]) -> (Declaration, Vec<String>) {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(FILE), bytes).expect("written");
        let library = Library::new(folder.path(), crate::manifest::LinkPolicy::Forbid);
        let mut notes = Notes::default();
        let (declaration, _) = read(&library, Stop::default(), &mut notes);
        (declaration, notes.findings.into_iter().map(|one| one.message).collect())
    }

    #[test]
    fn two_lines_and_nothing_else() {
        let whole = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
        for good in [
            whole,
            whole.trim_end(),
            &whole.replace('\n', "\r\n"),
            &whole.replace('\n', "\r"),
        ] {
            let (declaration, said) = declared(good.as_bytes());
            assert_eq!((declaration.version, said), (Version(1, 0), vec![]), "{good:?}");
        }
        let draft = "BagIt-Version : 0.97\ntag-file-character-encoding:ISO-8859-1\n\n";
        let (declaration, said) = declared(draft.as_bytes());
        assert_eq!((declaration.encoding, said), (Encoding::Latin1, vec![]));
    }

    #[test]
    fn what_is_wrong_is_said_and_read_on() {
        let cases: [(&str, &str); 9] = [
            (
                "\u{feff}BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
                "byte-order mark",
            ),
            (
                "BagIt-Version: 1.0 \nTag-File-Character-Encoding: UTF-8\n",
                "white space",
            ),
            (
                "BagIt-Version: .97\nTag-File-Character-Encoding: UTF-8\n",
                "`.97` is no version",
            ),
            (
                "BagIt-Version: +1.0\nTag-File-Character-Encoding: UTF-8\n",
                "is no version",
            ),
            (
                "BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n",
                "version 2.0 of BagIt",
            ),
            ("BagIt-Version: 0.97\n", "line 2 of bagit.txt"),
            (
                "Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 0.97\n",
                "line 1 of bagit.txt",
            ),
            (
                "BagIt-Version: 0.97\nTag-File-Character-Encoding: EBCDIC\n",
                "no encoding",
            ),
            (
                "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nmore\n",
                "more than its two lines",
            ),
        ];
        for (text, want) in cases {
            let (_, said) = declared(text.as_bytes());
            assert!(said.iter().any(|message| message.contains(want)), "{text:?}: {said:?}");
        }
        assert!(
            declared(b"\xff\xfe")
                .1
                .iter()
                .any(|message| message.contains("is not UTF-8"))
        );
    }
}
