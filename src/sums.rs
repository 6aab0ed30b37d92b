//! Checksum lists, as `sha256sum`, BSD `sha256` and `hashdeep` write them: every line is a checksum, a comment, or a
//! problem with its number; none is passed over.

use std::collections::HashMap;

use crate::digest::{Algorithm, Digest};
use crate::error::{Error, Result};
use crate::source::{Source, Span};

/// A checksum list.
#[derive(Debug, Default)]
pub struct SumList {
    /// What is listed, in the order of the list; a path stands once, with all its digests.
    pub sums: Vec<Sum>,
    /// Lines that are none, or that contradict an earlier one.
    pub problems: Vec<SumProblem>,
}

/// What a list says of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The path, unescaped, without `./` at its beginning; not checked in any other way.
    pub path: String,
    /// Its digests, one for each algorithm.
    pub digests: Vec<Digest>,
    /// Its size in bytes, where the list gives it.
    pub size: Option<u64>,
    /// The first line that names it.
    pub line: Span,
}

/// A line that says nothing that can be verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SumProblem {
    /// The line, 1-based.
    pub number: usize,
    /// Where it stands.
    pub line: Span,
    /// What is wrong with it, in one sentence without a full stop.
    pub message: String,
}

/// One line, read.
struct Line {
    path: String,
    digests: Vec<Digest>,
    size: Option<u64>,
}

/// Reads a list. The digests are of `algorithm`, or of the one that the line, the header or the name of the list tells,
/// or of the one that has digests of that length.
///
/// # Errors
/// [`Error::Refused`] where there is not one line that could be a checksum: nothing could be verified.
pub fn parse(source: &Source, algorithm: Option<Algorithm>) -> Result<SumList> {
    let mut reader = Reader {
        algorithm: algorithm.or_else(|| told_by_name(source.name())),
        columns: None,
        list: SumList::default(),
        seen: HashMap::new(),
    };
    for number in 1..=source.line_count() {
        let line = source.line(number);
        reader.take(source, number, line);
    }
    let list = reader.list;
    if list.sums.is_empty() && list.problems.is_empty() {
        return Err(Error::Refused(format!(
            "the checksum list {} holds no checksum, so nothing can be verified",
            source.name()
        )));
    }
    Ok(list)
}

/// Writes a list as GNU `sha256sum` does, with its escapes.
pub fn write<'a>(sums: impl IntoIterator<Item = (&'a str, Digest)>) -> String {
    let line = |(path, digest): (&str, Digest)| {
        let (mark, path) = escaped(path);
        format!("{mark}{digest}  {path}\n")
    };
    sums.into_iter().map(line).collect()
}

/// Writes a list with tags, as BSD `sha256` and GNU `sha256sum --tag` do.
pub fn write_tagged<'a>(sums: impl IntoIterator<Item = (&'a str, Digest)>) -> String {
    let line = |(path, digest): (&str, Digest)| {
        let name = digest.algorithm().name().to_uppercase();
        let (mark, path) = escaped(path);
        format!("{mark}{name} ({path}) = {digest}\n")
    };
    sums.into_iter().map(line).collect()
}

/// Writes a list with sizes, as `hashdeep -c sha256` does. It has no escapes: paths with line ends are refused by whoever
/// reads it, and no manifest lists them.
pub fn write_hashdeep<'a>(sums: impl IntoIterator<Item = (u64, Digest, &'a str)>) -> String {
    let head = "%%%% HASHDEEP-1.0\n%%%% size,sha256,filename\n".to_owned();
    let line = |(size, digest, path): (u64, Digest, &str)| format!("{size},{digest},{path}\n");
    sums.into_iter().map(line).fold(head, |text, line| text + &line)
}

/// A path with the escapes of GNU, and the mark of a line that has some.
fn escaped(path: &str) -> (&'static str, String) {
    let escaped = path.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
    (if escaped == path { "" } else { "\\" }, escaped)
}

/// Reads a list line by line.
struct Reader {
    algorithm: Option<Algorithm>,
    /// The columns of a hashdeep list, once its header was seen.
    columns: Option<Vec<String>>,
    list: SumList,
    seen: HashMap<String, usize>,
}

impl Reader {
    fn take(&mut self, source: &Source, number: usize, line: Span) {
        let said = match std::str::from_utf8(source.slice(line)) {
            Ok(text) => self.line(text.strip_prefix('\u{feff}').filter(|_| number == 1).unwrap_or(text)),
            Err(_) => Err("the line is not UTF-8, so no manifest can list its path".to_owned()),
        };
        let problem = match said {
            Ok(Some(read)) => self.note(number, line, read, source).err(),
            Ok(None) => None,
            Err(message) => Some(message),
        };
        self.list
            .problems
            .extend(problem.map(|message| SumProblem { number, line, message }));
    }

    fn line(&mut self, text: &str) -> Result<Option<Line>, String> {
        if let Some(header) = text.strip_prefix("%%%% ") {
            return self.header(header).map(|()| None);
        }
        if text.trim().is_empty() || text.starts_with('#') {
            return Ok(None);
        }
        match &self.columns {
            Some(columns) => hashdeep(text, columns).map(Some),
            None => self.sum(text).map(Some),
        }
    }

    fn header(&mut self, header: &str) -> Result<(), String> {
        if header.starts_with("HASHDEEP-") {
            return match header.trim() {
                "HASHDEEP-1.0" => Ok(()),
                other => Err(format!("this is {other}; the version that is read is HASHDEEP-1.0")),
            };
        }
        let columns: Vec<String> = header.trim().split(',').map(str::to_owned).collect();
        let sound = columns.last().is_some_and(|last| last == "filename");
        if !sound {
            return Err("the header of the columns does not end with `filename`".to_owned());
        }
        self.columns = Some(columns);
        Ok(())
    }

    fn sum(&self, text: &str) -> Result<Line, String> {
        let (escaped, text) = match text.strip_prefix('\\') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (digest, path) = match tagged(text) {
            Some((name, path, hex)) => (named(name, hex)?, path),
            None => self.untagged(text)?,
        };
        let path = if escaped { unescape(path)? } else { path.to_owned() };
        Ok(Line {
            path,
            digests: vec![digest],
            size: None,
        })
    }

    /// `hash  path` and `hash *path`; `hash path` is how BSD writes it with `-r`.
    fn untagged<'t>(&self, text: &'t str) -> Result<(Digest, &'t str), String> {
        let none = || "the line is no checksum: a digest, two spaces and a path".to_owned();
        let (hex, path) = text.split_once(' ').ok_or_else(none)?;
        let hexadecimal = !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let path = path.strip_prefix([' ', '*']).unwrap_or(path);
        if !hexadecimal || path.is_empty() {
            return Err(none());
        }
        Ok((self.untold(hex)?, path))
    }

    fn untold(&self, hex: &str) -> Result<Digest, String> {
        let told = self.algorithm.or_else(|| Algorithm::with_hex_length(hex.len()).next());
        let Some(algorithm) = told else {
            return Err(format!(
                "no digest that can be verified has {} hexadecimal digits",
                hex.len()
            ));
        };
        named(algorithm.name(), hex)
    }

    fn note(&mut self, number: usize, line: Span, read: Line, source: &Source) -> Result<(), String> {
        let path = plain(&read.path).to_owned();
        let Some(&index) = self.seen.get(&path) else {
            self.seen.insert(path.clone(), self.list.sums.len());
            self.list.sums.push(Sum {
                path,
                digests: read.digests,
                size: read.size,
                line,
            });
            return Ok(());
        };
        let first = &mut self.list.sums[index];
        let other = |digest: &Digest| {
            let known = first
                .digests
                .iter()
                .find(|known| known.algorithm() == digest.algorithm());
            known.is_some_and(|known| known != digest)
        };
        if read.digests.iter().any(other) || first.size.zip(read.size).is_some_and(|(a, b)| a != b) {
            let earlier = source.position(first.line.start()).line;
            return Err(format!(
                "line {number} gives {path} another digest or size than line {earlier}"
            ));
        }
        let new = read
            .digests
            .into_iter()
            .filter(|digest| !first.digests.contains(digest));
        let new: Vec<_> = new.collect();
        first.digests.extend(new);
        first.size = first.size.or(read.size);
        Ok(())
    }
}

/// `SHA256 (path) = hash`, and `SHA256(path)= hash` as OpenSSL writes it.
fn tagged(text: &str) -> Option<(&str, &str, &str)> {
    let (head, hex) = text.rsplit_once("= ")?;
    let (name, rest) = head.split_once('(')?;
    let path = rest.strip_suffix(") ").or_else(|| rest.strip_suffix(')'))?;
    let name = name.strip_suffix(' ').unwrap_or(name);
    let sound = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_/".contains(&byte));
    (sound && !path.is_empty()).then_some((name, path, hex))
}

fn named(name: &str, hex: &str) -> Result<Digest, String> {
    let Some(algorithm) = Algorithm::from_name(name) else {
        return Err(format!("`{name}` is no digest algorithm that can be verified"));
    };
    Digest::from_hex(algorithm, hex).ok_or_else(|| {
        format!(
            "this is no {} digest: it has not {} hexadecimal digits",
            algorithm.title(),
            algorithm.length() * 2
        )
    })
}

fn hashdeep(text: &str, columns: &[String]) -> Result<Line, String> {
    let values: Vec<&str> = text.splitn(columns.len(), ',').collect();
    if values.len() < columns.len() {
        return Err(format!("the line has {} columns, not {}", values.len(), columns.len()));
    }
    let mut line = Line {
        path: String::new(),
        digests: Vec::new(),
        size: None,
    };
    for (column, value) in columns.iter().zip(values) {
        match column.as_str() {
            "filename" => line.path = value.to_owned(),
            "size" => line.size = Some(value.parse().map_err(|_| "the size is not a whole number".to_owned())?),
            name => line.digests.push(named(name, value)?),
        }
    }
    match (line.path.is_empty(), line.digests.is_empty()) {
        (true, _) => Err("the line names no file".to_owned()),
        (_, true) => Err("the line gives no digest".to_owned()),
        _ => Ok(line),
    }
}

/// Undoes the escapes of GNU: `\\`, `\n` and `\r`.
fn unescape(path: &str) -> Result<String, String> {
    let mut out = String::with_capacity(path.len());
    let mut rest = path.chars();
    while let Some(c) = rest.next() {
        out.push(match c {
            '\\' => match rest.next() {
                Some('\\') => '\\',
                Some('n') => '\n',
                Some('r') => '\r',
                _ => return Err("the path holds a backslash that begins no escape".to_owned()),
            },
            c => c,
        });
    }
    Ok(out)
}

/// Without the `./` that `find` writes.
fn plain(path: &str) -> &str {
    let mut path = path;
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/');
    }
    path
}

/// The algorithm that the name of a list tells: `SHA256SUMS`, `manifest-md5.txt`, `corpus.b3`.
fn told_by_name(name: &str) -> Option<Algorithm> {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
    let words = file.split(|c: char| !c.is_ascii_alphanumeric());
    let told = |word: &str| match word.trim_end_matches("sums").trim_end_matches("sum") {
        "b3" => Some(Algorithm::Blake3),
        word => Algorithm::from_name(word),
    };
    let mut told: Vec<Algorithm> = words.filter_map(told).collect();
    told.dedup();
    match told[..] {
        [one] => Some(one),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(name: &str, text: &str) -> SumList {
        parse(&Source::new(name, text.as_bytes().to_vec()), None).expect("a list")
    }

    fn paths(list: &SumList) -> Vec<&str> {
        list.sums.iter().map(|sum| sum.path.as_str()).collect()
    }

    fn said(list: &SumList) -> Vec<(usize, &str)> {
        list.problems
            .iter()
            .map(|problem| (problem.number, problem.message.as_str()))
            .collect()
    }

    fn hex(algorithm: Algorithm) -> String {
        algorithm.digest(b"abc").to_string()
    }

    #[test]
    fn reads_what_gnu_writes() {
        let sha = hex(Algorithm::Sha256);
        let text = format!(
            "# a comment\r\n{sha}  a.txt\r\n{sha} *b c.txt\r\n\\{sha}  x\\\\y\\nz\\r\r\n{sha}  ./d/e.txt\r\n\r\n"
        );
        let list = read("list", &text);
        assert_eq!(
            (paths(&list), said(&list)),
            (vec!["a.txt", "b c.txt", "x\\y\nz\r", "d/e.txt"], vec![])
        );
        assert!(
            list.sums
                .iter()
                .all(|sum| sum.digests == [Algorithm::Sha256.digest(b"abc")])
        );
    }

    #[test]
    fn reads_what_bsd_and_openssl_write() {
        let text = format!(
            "SHA256 (a (1) = b.txt) = {}\nMD5(c)= {}\nSHA2-256 (d) = {}\n",
            hex(Algorithm::Sha256),
            hex(Algorithm::Md5),
            hex(Algorithm::Sha256)
        );
        let list = read("list", &text);
        assert_eq!(paths(&list), ["a (1) = b.txt", "c"]);
        assert_eq!(
            said(&list),
            [(3, "`SHA2-256` is no digest algorithm that can be verified")]
        );
    }

    #[test]
    fn reads_what_hashdeep_writes() {
        let (md5, sha) = (hex(Algorithm::Md5), hex(Algorithm::Sha256));
        let head = "%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n## Invoked from: /\n";
        let list = read(
            "list",
            &format!("{head}3,{md5},{sha},a, b.txt\n3,{md5},c\nx,{md5},{sha},d\n"),
        );
        assert_eq!(
            (paths(&list), list.sums[0].size, list.sums[0].digests.len()),
            (vec!["a, b.txt"], Some(3), 2)
        );
        assert_eq!(
            said(&list),
            [
                (5, "the line has 3 columns, not 4"),
                (6, "the size is not a whole number")
            ]
        );
    }

    #[test]
    fn no_line_is_passed_over() {
        let sha = hex(Algorithm::Sha256);
        let list = read(
            "list",
            &format!("{sha}\tx\nabc  x\n{sha}  \nhello\n{sha}  ok\n\\{sha}  a\\tb\n"),
        );
        assert_eq!(paths(&list), ["ok"]);
        assert_eq!(
            list.problems.iter().map(|problem| problem.number).collect::<Vec<_>>(),
            [1, 2, 3, 4, 6]
        );
    }

    #[test]
    fn contradictions_are_named_and_repetitions_are_not() {
        let (a, b) = (hex(Algorithm::Sha256), Algorithm::Sha256.digest(b"x").to_string());
        let list = read(
            "list",
            &format!("{a}  f\n{a}  ./f\n{b}  f\n{}  f\n", hex(Algorithm::Md5)),
        );
        assert_eq!(said(&list), [(3, "line 3 gives f another digest or size than line 1")]);
        assert_eq!(list.sums[0].digests.len(), 2);
    }

    #[test]
    fn an_empty_list_is_an_error() {
        for text in ["", "\n\n", "# nothing\n", "%%%% HASHDEEP-1.0\n%%%% size,md5,filename\n"] {
            assert!(parse(&Source::new("list", text.into()), None).is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_name_tells_the_algorithm() {
        let named = [
            ("SHA256SUMS", Some(Algorithm::Sha256)),
            ("x/manifest-md5.txt", Some(Algorithm::Md5)),
            ("corpus.b3", Some(Algorithm::Blake3)),
            ("B3SUMS", Some(Algorithm::Blake3)),
            ("checksums.txt", None),
        ];
        for (name, algorithm) in named {
            assert_eq!(told_by_name(name), algorithm, "{name}");
        }
        let list = read("SHA256SUMS", &format!("{}  a\n", hex(Algorithm::Sha1)));
        assert_eq!(
            said(&list),
            [(1, "this is no SHA-256 digest: it has not 64 hexadecimal digits")]
        );
        let list = read("a.b3", &format!("{}  a\n", hex(Algorithm::Blake3)));
        assert_eq!(list.sums[0].digests[0].algorithm(), Algorithm::Blake3);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(path in "[a-z\\\\\n\r *é./()=#%]{1,12}") {
            let digest = Algorithm::Sha256.digest(b"abc");
            let source = Source::new("list", write([(path.as_str(), digest)]).into_bytes());
            let list = parse(&source, None).expect("a list");
            prop_assert_eq!(&list.sums[0].path, plain(&path));
            prop_assert_eq!(&list.sums[0].digests, &[digest]);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(prop_oneof![Just(b'%'), Just(b'\n'), Just(b'('), Just(b'='), Just(b' '), any::<u8>()], 0..60)) {
            let _ = parse(&Source::new("list", bytes), None);
        }
    }
}
