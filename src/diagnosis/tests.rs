//! Every cause is made on a text of our own, and must be found under its name.

use std::collections::BTreeSet;
use std::io::Write as _;

use encoding_rs::{Encoding, KOI8_R, WINDOWS_1252};
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

use super::record::blob_id;
use super::*;
use crate::digest::Algorithm::{self, Blake3, Md5, Sha1, Sha256};

const TEXT: &str = "The ferry left at dawn.\nNobody on the quay waved.\n\nBy noon the café was full again.\n";
const QUOTED: &str = "“We never asked who lit the lamp,” said the keeper’s daughter.\nShe had kept the café’s key.\n";
const RUSSIAN: &str = "Паром ушёл на рассвете.\nНикто не махал с пристани.\n";

/// Bytes, and what is on record for them.
struct Made {
    bytes: Vec<u8>,
    recorded: Digest,
    size: Option<u64>,
}

impl Made {
    fn diagnose(&self, size: Option<u64>) -> Diagnosis {
        let (bytes, recorded) = (self.bytes.as_slice(), self.recorded);
        diagnose(&Case {
            bytes,
            recorded,
            recorded_bytes: size,
            search: SEARCH,
            holder: &holder,
        })
    }
}

/// Another entry of the corpus: the text in [`QUOTED`].
fn holder(digest: &Digest) -> Option<String> {
    let known = digest.algorithm().digest(QUOTED.as_bytes()) == *digest;
    known.then(|| "quoted".to_owned())
}

/// A text that was recorded, and what became of it.
fn made(recorded: impl AsRef<[u8]>, bytes: impl AsRef<[u8]>) -> Made {
    let recorded = recorded.as_ref();
    Made {
        bytes: bytes.as_ref().to_vec(),
        recorded: Sha256.digest(recorded),
        size: Some(recorded.len() as u64),
    }
}

/// A text that is as it was, under a record that is wrong.
fn misrecorded(recorded: Digest) -> Made {
    Made {
        bytes: TEXT.into(),
        recorded,
        size: Some(TEXT.len() as u64),
    }
}

/// What must be found: the class, the cause, whether it is proven, and whether it is found without a recorded size too.
struct Row {
    class: Class,
    cause: &'static str,
    proven: bool,
    sizeless: bool,
    made: Made,
}

fn proven(class: Class, cause: &'static str, made: Made) -> Row {
    Row {
        class,
        cause,
        proven: true,
        sizeless: true,
        made,
    }
}

fn sized(class: Class, cause: &'static str, made: Made) -> Row {
    Row {
        sizeless: false,
        ..proven(class, cause, made)
    }
}

fn likely(class: Class, cause: &'static str, made: Made) -> Row {
    Row {
        proven: false,
        ..sized(class, cause, made)
    }
}

impl Row {
    /// It is found without a recorded size as well.
    fn sizeless(self) -> Self {
        Self { sizeless: true, ..self }
    }
}

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

fn cr(text: &str) -> String {
    text.replace('\n', "\r")
}

fn nfd(text: &str) -> String {
    text.nfd().collect()
}

fn marked(text: &str) -> String {
    format!("\u{FEFF}{text}")
}

fn utf16(text: &str) -> Vec<u8> {
    marked(text).encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, lossy) = encoding.encode(text);
    assert!(!lossy, "{text}");
    bytes.into_owned()
}

fn garbled(text: &str) -> String {
    WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
}

fn latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).expect("Latin-1")).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .expect("a vector takes all")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .expect("a vector takes all")
}

fn pointer(text: &str) -> String {
    let oid = Sha256.digest(text.as_bytes());
    format!(
        "version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {}\n",
        text.len()
    )
}

/// The text with some bytes replaced.
fn patched(text: &str, at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut patched = text.as_bytes().to_vec();
    patched[at..at + bytes.len()].copy_from_slice(bytes);
    patched
}

fn long_text() -> String {
    (1..200)
        .map(|day| format!("On day {day} the lamp was lit again, and nobody asked by whom.\n"))
        .collect()
}

fn record_rows() -> Vec<Row> {
    let as_sha256 = |digest: Digest| Digest::from_bytes(Sha256, digest.as_bytes()).expect("of the same length");
    vec![
        proven(Class::Record, "recorded-empty", made("", TEXT)),
        proven(
            Class::Record,
            "other-algorithm",
            misrecorded(as_sha256(Blake3.digest(TEXT.as_bytes()))),
        ),
        proven(Class::Record, "git-blob", misrecorded(blob_id(Sha256, TEXT.as_bytes()))),
        proven(Class::Record, "git-blob", misrecorded(blob_id(Sha1, TEXT.as_bytes()))),
    ]
}

fn container_rows() -> Vec<Row> {
    vec![
        proven(Class::Transport, "lfs-pointer", made(TEXT, pointer(TEXT))),
        proven(Class::Transport, "lfs-pointer", made(TEXT, crlf(&pointer(TEXT)))),
        proven(Class::Transport, "gzip", made(TEXT, gzip(TEXT.as_bytes()))),
        proven(Class::Transport, "zlib", made(TEXT, zlib(TEXT.as_bytes()))),
    ]
}

fn line_rows() -> Vec<Row> {
    let spaced = TEXT.replace("waved.\n", "waved. \t\n");
    let rows = [
        ("lf-to-crlf", made(TEXT, crlf(TEXT))),
        ("lf-to-crlf", made(TEXT, TEXT.replacen('\n', "\r\n", 2))),
        ("crlf-to-lf", made(crlf(TEXT), TEXT)),
        ("crlf-to-lf", made(crlf(TEXT), TEXT.replacen('\n', "\r\n", 2))),
        ("lf-to-cr", made(TEXT, cr(TEXT))),
        ("cr-to-lf", made(cr(TEXT), TEXT)),
        ("crlf-to-cr", made(crlf(TEXT), cr(TEXT))),
        ("cr-to-crlf", made(cr(TEXT), crlf(TEXT))),
        ("crlf-to-cr-crlf", made(crlf(TEXT), crlf(TEXT).replace('\r', "\r\r"))),
        ("trailing-space-added", made(TEXT, &spaced)),
        ("trailing-space-added", made(crlf(TEXT), crlf(&spaced))),
    ];
    rows.map(|(cause, made)| proven(Class::Transport, cause, made)).into()
}

fn final_rows() -> Vec<Row> {
    let bare = TEXT.trim_end();
    let with = |ends: &str| format!("{bare}{ends}");
    let added = [
        made(bare, TEXT),
        made(TEXT, with("\n\n")),
        made(bare, with("\n\n")),
        made(bare, with("\n\n\n")),
        made(TEXT, with("\n\n\n\n")),
        made(bare, with("\n\n\n\n\n\n")),
        made(crlf(bare), crlf(TEXT)),
        made("No line end", "No line end\r\n"),
    ];
    let removed = [
        made(TEXT, bare),
        made(with("\n\n"), bare),
        made(with("\n\n\n"), bare),
        made(with("\n\n\n"), TEXT),
        made(crlf(TEXT), crlf(bare)),
        made(with("\r\n"), bare),
        made("No line end\r\n", "No line end"),
    ];
    let added = added.map(|made| proven(Class::Transport, "final-newline-added", made));
    let removed = removed.map(|made| proven(Class::Transport, "final-newline-removed", made));
    added.into_iter().chain(removed).collect()
}

fn charset_rows() -> Vec<Row> {
    let bytes_1252 = encoded(QUOTED, WINDOWS_1252);
    let next_line = "Café, pêche\u{85}et crème.\n";
    let utf16_be: Vec<u8> = marked(TEXT).encode_utf16().flat_map(u16::to_be_bytes).collect();
    let garbled_latin: String = QUOTED.bytes().map(char::from).collect();
    let rows = [
        ("nfc-to-nfd", made(TEXT, nfd(TEXT))),
        ("nfd-to-nfc", made(nfd(TEXT), TEXT)),
        ("bom-added", made(TEXT, marked(TEXT))),
        ("bom-removed", made(marked(TEXT), TEXT)),
        ("utf-8-to-utf-16", made(TEXT, utf16(TEXT))),
        ("utf-8-to-utf-16", made(TEXT, &utf16_be)),
        ("utf-16-to-utf-8", made(utf16(TEXT), TEXT)),
        ("utf-16-to-utf-8", made(utf16_be, TEXT)),
        ("utf-8-to-windows-1252", made(QUOTED, &bytes_1252)),
        ("windows-1252-to-utf-8", made(bytes_1252, QUOTED)),
        ("utf-8-to-latin-1", made(next_line, latin_1(next_line))),
        ("latin-1-to-utf-8", made(latin_1(next_line), next_line)),
        ("mojibake", made(TEXT, garbled(TEXT))),
        ("mojibake", made(QUOTED, &garbled_latin)),
        ("mojibake-repaired", made(garbled(TEXT), TEXT)),
        ("mojibake-repaired", made(garbled_latin, QUOTED)),
        ("utf-8-to-legacy", made(RUSSIAN, encoded(RUSSIAN, KOI8_R))),
        ("legacy-to-utf-8", made(encoded(RUSSIAN, KOI8_R), RUSSIAN)),
    ];
    rows.map(|(cause, made)| proven(Class::Transport, cause, made)).into()
}

fn part_rows() -> Vec<Row> {
    let inserted = TEXT.replace("\n\n", "\nShare this page with a friend.\n\n");
    let long = long_text();
    let long_inserted = long.replace("On day 90 ", "Subscribe to our letter.\nOn day 90 ");
    vec![
        proven(Class::Transport, "doubled", made(TEXT, TEXT.repeat(2))),
        proven(
            Class::Damage,
            "nul-padding",
            made(TEXT, format!("{TEXT}{}", "\0".repeat(40))),
        ),
        proven(
            Class::Edit,
            "appended",
            made(TEXT, format!("{TEXT}Read more on page two.\n")),
        ),
        proven(
            Class::Edit,
            "appended",
            made(TEXT.trim_end(), format!("{TEXT}Read more.")),
        ),
        sized(Class::Edit, "appended", made(TEXT, format!("{TEXT}P.S.\n{TEXT}"))),
        sized(Class::Edit, "appended", made("Half a li", "Half a line.\n")),
        proven(Class::Edit, "prepended", made(TEXT, format!("Home\nNews\n{TEXT}"))),
        sized(Class::Edit, "prepended", made(TEXT, format!("Draft: {TEXT}"))),
        proven(Class::Misfiled, "misfiled", made(TEXT, QUOTED)),
        sized(Class::Edit, "inserted", made(TEXT, inserted)),
        sized(Class::Edit, "inserted", made(TEXT, TEXT.replace("quay", "old quay"))),
        sized(Class::Edit, "inserted", made(long, long_inserted)),
    ]
}

fn flip_rows() -> Vec<Row> {
    let long = long_text();
    let flipped = patched(&long, 9000, &[long.as_bytes()[9000] ^ 0x80]);
    let accent = TEXT.find('é').expect("an accent");
    vec![
        proven(Class::Damage, "bit-flip", made(TEXT, patched(TEXT, 0, &[b'T' ^ 0x40]))),
        proven(Class::Damage, "bit-flip", made(TEXT, patched(TEXT, 4, &[b'f' ^ 0x80]))),
        proven(Class::Damage, "bit-flip", made(TEXT, patched(TEXT, accent, &[0x43]))),
        proven(
            Class::Damage,
            "bit-flip",
            made(TEXT, patched(TEXT, accent + 1, &[0x29])),
        ),
        proven(Class::Damage, "bit-flip", made(long, flipped)),
        sized(Class::Damage, "bit-flip", made(TEXT, TEXT.replace("Nobody", "Nocody"))),
        sized(
            Class::Edit,
            "one-character",
            made("In 1986 it rained.\n", "In 1987 it rained.\n"),
        ),
        sized(Class::Edit, "one-character", made(TEXT, TEXT.replace("quay", "Quay"))),
        sized(Class::Edit, "one-character", made(TEXT, TEXT.replace("café", "cafÉ"))),
        sized(Class::Edit, "one-character", made(TEXT, TEXT.replace("left", "lest"))),
        proven(Class::Damage, "byte-change", made(TEXT, patched(TEXT, 4, b"\0"))),
    ]
}

fn cut_rows() -> Vec<Row> {
    let long = long_text();
    let accent = TEXT.find('é').expect("an accent");
    let bytes = TEXT.as_bytes();
    vec![
        likely(Class::Cut, "empty", made(TEXT, "")).sizeless(),
        likely(Class::Cut, "truncated", made(TEXT, &bytes[..=accent])).sizeless(),
        likely(Class::Cut, "truncated", made(TEXT, &bytes[accent + 1..])),
        likely(Class::Cut, "truncated", made(TEXT, "The ferry left at d")),
        likely(
            Class::Cut,
            "truncated",
            made("Nobody on the quay waved,\nnot once.\n", "Nobody on the quay waved,\n"),
        ),
        likely(
            Class::Cut,
            "truncated",
            made(TEXT, "left at dawn.\nNobody on the quay waved.\n"),
        ),
        likely(Class::Cut, "truncated", made(&long, &long[..4096])).sizeless(),
    ]
}

fn damage_rows() -> Vec<Row> {
    let lost = TEXT.replace('é', "\u{FFFD}");
    let other = Made {
        recorded: Md5.digest(TEXT.as_bytes()),
        ..made(TEXT, pointer(TEXT))
    };
    vec![
        likely(Class::Transport, "lfs-pointer", other).sizeless(),
        likely(Class::Transport, "lfs-pointer", made(TEXT, pointer(QUOTED))).sizeless(),
        likely(Class::Damage, "nul-run", made(TEXT, patched(TEXT, 30, &[0; 20]))).sizeless(),
        likely(Class::Damage, "nul-run", made(TEXT, vec![0; TEXT.len()])).sizeless(),
        likely(
            Class::Damage,
            "control-characters",
            made(TEXT, patched(TEXT, 4, b"\x01\x02")),
        )
        .sizeless(),
        likely(
            Class::Damage,
            "invalid-utf-8",
            made(QUOTED, patched(QUOTED, 4, b"\xFF\xFE")),
        )
        .sizeless(),
        likely(
            Class::Damage,
            "invalid-utf-8",
            made("All ASCII.\n", b"All \xFF\xFECII.\n"),
        ),
        likely(Class::Damage, "replacement-characters", made(TEXT, lost)).sizeless(),
    ]
}

fn other_rows() -> Vec<Row> {
    let edited = TEXT.replace("full", "as quiet as on any Sunday and half empty");
    let shorter = TEXT.replace("Nobody on the quay waved.\n", "");
    let binary: Vec<u8> = (0..400_u16).map(|n| (n * 37 % 31) as u8).collect();
    let koi8 = encoded(&RUSSIAN.replace("Никто", "Один"), KOI8_R);
    vec![
        likely(Class::Edit, "edited", made(TEXT, edited)).sizeless(),
        likely(Class::Edit, "edited", made(TEXT, shorter)).sizeless(),
        likely(Class::Edit, "edited", made(TEXT, TEXT.replace("dawn", "dusk"))).sizeless(),
        likely(Class::Unknown, "other-format", made(TEXT, "%PDF-1.7\nA page.\n")).sizeless(),
        likely(
            Class::Unknown,
            "other-format",
            made(TEXT, " <!DOCTYPE HTML>\n<p>Gone.\n"),
        )
        .sizeless(),
        likely(Class::Unknown, "other-format", made(TEXT, gzip(RUSSIAN.as_bytes()))).sizeless(),
        likely(Class::Unknown, "not-text", made(TEXT, binary)).sizeless(),
        likely(Class::Unknown, "unexplained", made(RUSSIAN, koi8)).sizeless(),
    ]
}

fn combined_rows() -> Vec<Row> {
    let bare = TEXT.trim_end();
    let spaced = TEXT.replace("waved.\n", "waved. \n");
    let mixed = encoded(&crlf(QUOTED), WINDOWS_1252);
    let rows = [
        made(TEXT, marked(&crlf(TEXT))),
        made(marked(TEXT), crlf(TEXT)),
        made(bare, crlf(TEXT)),
        made(crlf(TEXT), bare),
        made(TEXT, marked(bare)),
        made(bare, marked(TEXT)),
        made(TEXT, crlf(&nfd(TEXT))),
        made(nfd(TEXT), crlf(TEXT)),
        made(nfd(TEXT), marked(TEXT)),
        made(nfd(bare), TEXT),
        made(crlf(TEXT), spaced),
        made(TEXT, utf16(&crlf(TEXT))),
        made(marked(TEXT), utf16(TEXT)),
        made(utf16(&crlf(TEXT)), TEXT),
        made(QUOTED, &mixed),
        made(mixed, QUOTED),
        made(TEXT, crlf(&garbled(TEXT))),
        made(bare, marked(&crlf(TEXT))),
        made(marked(&crlf(bare)), TEXT),
        made(nfd(TEXT), marked(&crlf(TEXT))),
    ];
    rows.map(|made| proven(Class::Transport, "combined", made)).into()
}

fn rows() -> Vec<Row> {
    let families = [
        record_rows,
        container_rows,
        line_rows,
        final_rows,
        charset_rows,
        part_rows,
        flip_rows,
        cut_rows,
        damage_rows,
        other_rows,
        combined_rows,
    ];
    families.into_iter().flat_map(|rows| rows()).collect()
}

fn expect(row: &Row, size: Option<u64>) {
    let found = row.made.diagnose(size);
    let seen = (found.class, found.cause, found.proven);
    assert_eq!(seen, (row.class, row.cause, row.proven), "{size:?}: {found:#?}");
    check(&found, &row.made.bytes);
}

/// What holds for every diagnosis.
fn check(found: &Diagnosis, bytes: &[u8]) {
    assert!(CAUSES.contains(&found.cause));
    assert!(
        (0.0..=1.0).contains(&found.confidence) && !found.confidence.is_nan(),
        "{found:?}"
    );
    assert!(!found.message.is_empty() && !found.message.ends_with('.'), "{found:?}");
    assert!(!found.help.is_empty() && !found.help.ends_with('.'), "{found:?}");
    assert!(!found.message.chars().any(char::is_control), "{found:?}");
    if let Some(at) = &found.at {
        assert!(at.start <= at.end && at.end <= bytes.len(), "{found:?}");
    }
}

#[test]
fn every_change_is_named() {
    rows().iter().for_each(|row| expect(row, row.made.size));
}

#[test]
fn most_changes_are_named_without_a_recorded_size() {
    rows()
        .iter()
        .filter(|row| row.sizeless)
        .for_each(|row| expect(row, None));
}

#[test]
fn no_cause_is_untested() {
    let tested: BTreeSet<&str> = rows().iter().map(|row| row.cause).collect();
    assert_eq!(tested, CAUSES.iter().copied().collect());
    assert_eq!(tested.len(), CAUSES.len(), "a cause is listed twice");
}

#[test]
fn a_combination_names_its_changes() {
    let found = made(TEXT, marked(&crlf(TEXT))).diagnose(None);
    assert_eq!(
        found.evidence["changes"],
        serde_json::json!(["lf-to-crlf", "bom-added"])
    );
    assert_eq!(
        found.message,
        "with LF instead of CRLF and without the byte-order mark they have the recorded digest, so nothing else was \
         changed"
    );
}

#[test]
fn every_algorithm_will_do() {
    for algorithm in Algorithm::ALL {
        let recorded = algorithm.digest(TEXT.as_bytes());
        let made = Made {
            recorded,
            ..made(TEXT, crlf(TEXT))
        };
        assert_eq!(made.diagnose(None).cause, "lf-to-crlf", "{algorithm}");
    }
}

#[test]
fn messages_read_on() {
    let said = |made: Made| made.diagnose(made.size).message;
    assert_eq!(
        said(made(TEXT, crlf(TEXT))),
        "with LF instead of CRLF they have the recorded digest, so only the line ends were converted"
    );
    assert_eq!(
        said(made(TEXT, patched(TEXT, 0, &[b'T' ^ 0x40]))),
        "with `T` instead of U+0014 at byte 0 they have the recorded digest, so one bit was flipped"
    );
    assert_eq!(
        said(made(TEXT, "The ferry left at d")),
        "they are 66 bytes shorter than on record and end inside a line, without a stop, so a part is missing"
    );
    assert_eq!(
        said(made(TEXT, TEXT.replace("quay", "old quay"))),
        "without 4 bytes at byte 37 they have the recorded digest, so only 4 bytes were inserted"
    );
}

#[test]
fn damage_is_pointed_at() {
    let at = |made: Made| made.diagnose(made.size).at;
    let accent = TEXT.find('é').expect("an accent");
    assert_eq!(at(made(TEXT, patched(TEXT, 30, &[0; 20]))), Some(30..50));
    assert_eq!(at(made(TEXT, patched(TEXT, 4, b"\0"))), Some(4..5));
    assert_eq!(at(made(TEXT, TEXT.replace("café", "cafÉ"))), Some(accent..accent + 2));
    assert_eq!(
        at(made(TEXT, format!("{TEXT}Read more.\n"))),
        Some(TEXT.len()..TEXT.len() + 11)
    );
    assert_eq!(at(made(TEXT, crlf(TEXT))), None);
}

#[test]
fn the_other_entry_is_named() {
    let found = made(TEXT, QUOTED).diagnose(None);
    assert_eq!(found.evidence["entry"], "quoted");
    assert!(found.message.contains("the bytes of quoted"), "{found:?}");
}

#[test]
fn a_bomb_ends_at_the_recorded_size() {
    let bomb = gzip(&vec![b'a'; 64 << 20]);
    let found = made(TEXT, bomb).diagnose(Some(TEXT.len() as u64));
    assert_eq!((found.cause, found.proven), ("other-format", false));
}

#[test]
fn candidates_are_bounded() {
    let spaced = QUOTED.replace('\n', " \r\n\r\n\r\n\r\n\r\n");
    for text in [TEXT, QUOTED, RUSSIAN, &spaced, &garbled(TEXT)] {
        let found = made("Something else.", text).diagnose(None);
        let tried = found.evidence["candidates"].as_u64().expect("a count");
        assert!((60..=CANDIDATES as u64 + 20).contains(&tried), "{tried} for {text}");
    }
    let sized = made("Something else.", TEXT).diagnose(Some(15));
    assert_eq!(sized.evidence["candidates"], 1, "the last 15 bytes");
}

#[test]
fn a_large_text_gets_the_cheap_changes() {
    let text = "a".repeat(LARGE) + "\n";
    let found = made(&text, crlf(&text)).diagnose(None);
    assert_eq!((found.cause, found.proven), ("lf-to-crlf", true));
}

/// Changes that are undone exactly, whatever the text.
const CHANGES: [fn(&str) -> Vec<u8>; 6] = [
    |text| crlf(text).into(),
    |text| cr(text).into(),
    |text| marked(text).into(),
    |text| format!("{text}\n").into(),
    utf16,
    |text| gzip(text.as_bytes()),
];

proptest! {
    #[test]
    fn any_bytes_are_diagnosed(
        bytes in prop_oneof![
            any::<Vec<u8>>(),
            "[a-cé’\u{FEFF}\u{FFFD}\r\n \0]{0,60}".prop_map(String::into_bytes),
        ],
        recorded: Vec<u8>,
        size in prop_oneof![Just(None), (0_u64..200).prop_map(Some), Just(Some(u64::MAX))],
    ) {
        let made = made(recorded, &bytes);
        check(&made.diagnose(size), &bytes);
        check(&made.diagnose(made.size), &bytes);
        check(&made.diagnose(Some(bytes.len() as u64)), &bytes);
    }

    #[test]
    fn what_can_be_undone_is_proven(text in "[a-dé\n ]{1,60}", change in 0_usize..6, sized: bool) {
        let bytes = CHANGES[change](&text);
        prop_assume!(bytes != text.as_bytes());
        let made = made(&text, bytes);
        let found = made.diagnose(made.size.filter(|_| sized));
        prop_assert!(found.proven, "{:?}", found);
    }

    #[test]
    fn any_value_is_read(text in ".{0,80}", bytes: Vec<u8>) {
        let _ = explain_value(&text, &bytes);
    }
}
