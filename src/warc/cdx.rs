//! Indexes of captures: CDX lines with a legend or in the usual orders, CDXJ, and what a CDX server answers.

use std::io;

use serde_json::Value;

use super::input::{Bytes, Input, Trouble};
use crate::stop::Stop;

/// A line has at most so many bytes.
const LONGEST: usize = 1 << 20;

/// One capture, as an index gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capture {
    /// The address.
    pub url: String,
    /// When, in fourteen digits.
    pub timestamp: String,
    /// The HTTP status.
    pub status: Option<u64>,
    /// The digest of the payload in the web archive, as written.
    pub digest: Option<String>,
    /// The WARC file.
    pub file: Option<String>,
}

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    Capture(Capture),
    /// A legend: the letters of its columns.
    Legend(Vec<String>),
    /// Nothing, or a line that speaks of the index itself.
    Blank,
    /// None of these.
    Odd,
}

/// The columns of CDX files without a legend, by how many there are
/// (<https://iipc.github.io/warc-specifications/specifications/cdx-format/cdx-2015/>).
const USUAL: [(usize, &str); 4] = [
    (11, "N b a m s k r M S V g"),
    (10, "N b a m s k r M V g"),
    (9, "N b a m s k r V g"),
    (7, "N b a m s k S"),
];

/// Reads an index, also a compressed one, and tells of each capture. Gives the numbers of lines that are none, up to some, and how many
/// there are.
///
/// # Errors
/// Where it cannot be read, is damaged, or somebody wants it to stop.
pub fn read(from: Box<dyn Bytes>, stop: Stop<'_>, mut take: impl FnMut(Capture)) -> io::Result<(Vec<usize>, usize)> {
    const TOLD: usize = 5;
    let mut input = Input::new(from)?;
    let (mut legend, mut odd, mut odds, mut number) = (Vec::new(), Vec::new(), 0, 0);
    while let Some(line) = next_line(&mut input)? {
        number += 1;
        stop.heed_piece(&line)?;
        match parse(&String::from_utf8_lossy(&line), &legend) {
            Line::Capture(capture) => take(capture),
            Line::Legend(letters) => legend = letters,
            Line::Blank => {}
            Line::Odd => {
                odds += 1;
                odd.extend((odds <= TOLD).then_some(number));
            }
        }
    }
    Ok((odd, odds))
}

/// A line without its end; what is too long is cut.
fn next_line(input: &mut Input) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut some = false;
    loop {
        let buffer = input.fill().map_err(|trouble| match trouble {
            Trouble::Unreadable(error) => error,
            Trouble::Damaged(why) => io::Error::new(io::ErrorKind::InvalidData, why),
            Trouble::Bomb => io::Error::new(io::ErrorKind::InvalidData, "it grows out of all proportion"),
        })?;
        if buffer.is_empty() {
            return Ok(some.then_some(line));
        }
        some = true;
        let end = memchr::memchr(b'\n', buffer);
        let part = &buffer[..end.unwrap_or(buffer.len())];
        line.extend_from_slice(&part[..part.len().min(LONGEST.saturating_sub(line.len()))]);
        let used = part.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() {
            return Ok(Some(line));
        }
    }
}

fn parse(line: &str, legend: &[String]) -> Line {
    let line = line.trim_end_matches('\r');
    let plain = line.trim();
    if plain.is_empty() || plain.starts_with('!') || matches!(plain, "[" | "]") {
        return Line::Blank;
    }
    if let Some(letters) = plain.strip_prefix("CDX ") {
        return Line::Legend(letters.split(' ').map(str::to_owned).collect());
    }
    if plain.starts_with('[') {
        return row(plain, legend);
    }
    let Some(at) = plain.find(" {") else {
        let columns: Vec<&str> = plain.split(' ').filter(|column| !column.is_empty()).collect();
        return columns_of(&columns, legend);
    };
    json(&plain[..at], &plain[at + 1..])
}

/// A row of what a server answers with `output=json`: the first gives the names of the columns.
fn row(line: &str, legend: &[String]) -> Line {
    let plain = line
        .strip_prefix("[[")
        .map_or_else(|| line.to_owned(), |rest| format!("[{rest}"));
    let plain = plain.trim_end_matches(',');
    let plain = plain
        .strip_suffix("]]")
        .map_or_else(|| plain.to_owned(), |rest| format!("{rest}]"));
    let Ok(cells) = serde_json::from_str::<Vec<String>>(&plain) else {
        return Line::Odd;
    };
    if legend.is_empty() && cells.iter().any(|cell| cell == "timestamp") {
        return Line::Legend(cells);
    }
    columns_of(&cells.iter().map(String::as_str).collect::<Vec<_>>(), legend)
}

fn columns_of(columns: &[&str], legend: &[String]) -> Line {
    let usual = || USUAL.iter().find(|(count, _)| *count == columns.len());
    let names: Vec<&str> = match legend.is_empty() {
        false => legend.iter().map(String::as_str).collect(),
        true => usual()
            .map(|(_, letters)| letters.split(' ').collect())
            .unwrap_or_default(),
    };
    let column = |letter: &str, name: &str| {
        let at = names.iter().position(|known| *known == letter || *known == name)?;
        columns.get(at).copied().filter(|value| *value != "-")
    };
    let capture = Capture {
        url: column("a", "original").unwrap_or_default().to_owned(),
        timestamp: column("b", "timestamp").unwrap_or_default().to_owned(),
        status: column("s", "statuscode").and_then(|status| status.parse().ok()),
        digest: column("k", "digest").map(str::to_owned),
        file: column("g", "filename").map(str::to_owned),
    };
    sound(capture)
}

fn json(key: &str, fields: &str) -> Line {
    let Ok(fields) = serde_json::from_str::<Value>(fields) else {
        return Line::Odd;
    };
    let text = |name: &str| match &fields[name] {
        Value::String(text) if text != "-" => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let timestamp = key.rsplit(' ').next().unwrap_or_default().to_owned();
    sound(Capture {
        url: text("url").unwrap_or_default(),
        timestamp: text("timestamp").unwrap_or(timestamp),
        status: text("status").and_then(|status| status.parse().ok()),
        digest: text("digest"),
        file: text("filename"),
    })
}

/// A line is a capture where it names a page and a time.
fn sound(capture: Capture) -> Line {
    let dated = capture.timestamp.len() == 14 && crate::date::capture_day(&capture.timestamp).is_some();
    if dated && capture.url.contains(':') {
        Line::Capture(capture)
    } else {
        Line::Odd
    }
}

impl Capture {
    /// When, as a manifest writes it.
    pub fn retrieved_at(&self) -> String {
        let part = |range: std::ops::Range<usize>| self.timestamp.get(range).unwrap_or_default();
        let (day, clock) = ([0..4, 4..6, 6..8].map(part), [8..10, 10..12, 12..14].map(part));
        format!("{}T{}Z", day.join("-"), clock.join(":"))
    }

    /// The digest with the name of its function: without one it is SHA-1.
    pub fn labelled(&self) -> Option<String> {
        let digest = self.digest.as_deref()?;
        Some(if digest.contains(':') {
            digest.to_owned()
        } else {
            format!("sha1:{digest}")
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn captures(text: &str) -> (Vec<Capture>, usize) {
        let mut captures = Vec::new();
        let bytes = Box::new(Cursor::new(text.as_bytes().to_vec()));
        let (_, odd) = read(bytes, Stop::default(), |capture| captures.push(capture)).expect("read");
        (captures, odd)
    }

    fn mill(file: Option<&str>) -> Capture {
        Capture {
            url: "https://example.org/mill".to_owned(),
            timestamp: "20240501120000".to_owned(),
            status: Some(200),
            digest: Some("WMCIK4KOCLPT6HMNOJXIW222N4YQOH4C".to_owned()),
            file: file.map(str::to_owned),
        }
    }

    #[test]
    fn each_form_gives_the_same() {
        let eleven = "org,example)/mill 20240501120000 https://example.org/mill text/html 200 WMCIK4KOCLPT6HMNOJXIW222N4YQOH4C - - 471 250 a.warc.gz\n";
        let seven = "org,example)/mill 20240501120000 https://example.org/mill text/html 200 WMCIK4KOCLPT6HMNOJXIW222N4YQOH4C 471\n";
        let legend = format!(" CDX N b a m s k r M S V g\n{eleven}");
        let own =
            " CDX a b g s k\nhttps://example.org/mill 20240501120000 a.warc.gz 200 WMCIK4KOCLPT6HMNOJXIW222N4YQOH4C\n";
        let cdxj = "!meta {\"format\": \"cdxj\"}\norg,example)/mill 20240501120000 {\"url\": \"https://example.org/mill\", \"status\": \"200\", \"digest\": \"WMCIK4KOCLPT6HMNOJXIW222N4YQOH4C\", \"filename\": \"a.warc.gz\"}\n";
        let server = "[[\"urlkey\",\"timestamp\",\"original\",\"mimetype\",\"statuscode\",\"digest\",\"length\"],\n[\"org,example)/mill\",\"20240501120000\",\"https://example.org/mill\",\"text/html\",\"200\",\"WMCIK4KOCLPT6HMNOJXIW222N4YQOH4C\",\"471\"]]\n";
        for text in [eleven, &legend, own, cdxj] {
            assert_eq!(captures(text), (vec![mill(Some("a.warc.gz"))], 0), "{text}");
        }
        for text in [seven, server] {
            assert_eq!(captures(text), (vec![mill(None)], 0), "{text}");
        }
        let capture = mill(None);
        assert_eq!(capture.retrieved_at(), "2024-05-01T12:00:00Z");
        assert_eq!(
            capture.labelled().as_deref(),
            Some("sha1:WMCIK4KOCLPT6HMNOJXIW222N4YQOH4C")
        );
    }

    #[test]
    fn what_is_no_capture_is_counted() {
        assert_eq!(
            captures("hello\n\norg,example)/ 2024 {}\n[1,2]\na 20241301120000 {\"url\":\"http://x\"}\n"),
            (vec![], 4)
        );
    }
}
