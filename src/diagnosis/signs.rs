//! What the bytes look like where no hypothesis reproduced the digest. None of it is proof, and the confidence says so.

use std::ops::Range;

use super::containers::{FETCH, Pointer};
use super::{Case, Class, Diagnosis, RESTORE, bytes_of, listed};

const COMPARE: &str = "compare it with a copy; `vidimus accept --reason` records it if the change was meant";

/// How many NUL in a row no text has.
const NUL_RUN: usize = 16;

/// Sizes in which disks and transfers move bytes; a file that ends on one often ends too early.
const BLOCKS: [usize; 2] = [4096, 512];

/// A case, and what its bytes show.
struct Survey<'a> {
    case: &'a Case<'a>,
    /// The first run of NUL, and how many NUL stand in such runs.
    nul_run: Option<Range<usize>>,
    nul_in_runs: usize,
    controls: Signs,
    invalid: Signs,
    replaced: Signs,
    /// How many whole characters beyond ASCII there are.
    accented: usize,
    /// The start of a character that the end cuts off.
    cut_character: Option<usize>,
}

/// Signs of one kind: how many, and the first.
#[derive(Default)]
struct Signs {
    count: usize,
    first: Option<Range<usize>>,
}

impl Signs {
    fn said(&self, noun: &str) -> String {
        match (self.count, self.first.as_ref().map_or(0, |at| at.start)) {
            (1, at) => format!("a {noun} stands at byte {at}"),
            (count, at) => format!("{count} {noun}s stand in them, the first at byte {at}"),
        }
    }
}

impl FromIterator<Range<usize>> for Signs {
    fn from_iter<I: IntoIterator<Item = Range<usize>>>(places: I) -> Self {
        let mut places = places.into_iter();
        let first = places.next();
        Self {
            count: usize::from(first.is_some()) + places.count(),
            first,
        }
    }
}

/// A way to judge; the first that has something to say is heard.
type Judge = fn(&Survey<'_>) -> Option<Diagnosis>;

const JUDGES: &[Judge] = &[
    empty,
    pointer,
    other_format,
    not_text,
    nul_run,
    truncated,
    control_characters,
    invalid_utf8,
    replacement_characters,
    edited,
];

/// What the signs speak for.
pub(super) fn judge(case: &Case<'_>) -> Diagnosis {
    let survey = Survey::of(case);
    JUDGES
        .iter()
        .find_map(|judge| judge(&survey))
        .unwrap_or_else(|| unexplained(&survey))
}

impl<'a> Survey<'a> {
    fn of(case: &'a Case<'a>) -> Self {
        let bytes = case.bytes;
        let runs = || nul_runs(bytes);
        let controls = (0..bytes.len())
            .filter(|&at| is_control(bytes[at]))
            .map(|at| at..at + 1);
        let replaced = memchr::memmem::find_iter(bytes, "\u{FFFD}").map(|at| at..at + 3);
        let cut_character = cut_character(bytes);
        let whole = &bytes[..cut_character.unwrap_or(bytes.len())];
        Self {
            case,
            nul_run: runs().next(),
            nul_in_runs: runs().map(|run| run.len()).sum(),
            controls: controls.collect(),
            invalid: invalid_parts(whole).collect(),
            replaced: replaced.collect(),
            accented: whole.utf8_chunks().map(|chunk| accented(chunk.valid())).sum(),
            cut_character,
        }
    }

    fn length(&self) -> usize {
        self.case.bytes.len()
    }

    /// How many bytes more there are than on record.
    fn growth(&self) -> Option<i128> {
        Some(self.length() as i128 - i128::from(self.case.recorded_bytes?))
    }

    /// How many bytes are missing, where that is known.
    fn missing(&self) -> Option<u64> {
        let growth = self.growth().filter(|&growth| growth < 0)?;
        u64::try_from(-growth).ok()
    }

    /// A sign weighs more in a text that has kept its size: an edit hardly does.
    fn weigh(&self, same_size: f32, otherwise: f32) -> f32 {
        if self.growth() == Some(0) { same_size } else { otherwise }
    }

    /// How the size compares with the one on record.
    fn compared(&self) -> Option<String> {
        let growth = self.growth()?;
        let count = usize::try_from(growth.unsigned_abs()).map_or_else(|_| "many bytes".to_owned(), bytes_of);
        Some(match growth {
            0 => "of the size on record".to_owned(),
            ..0 => format!("{count} shorter than on record"),
            _ => format!("{count} longer than on record"),
        })
    }
}

/// Control characters but tab, line feed, form feed and carriage return.
pub(super) fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\x0C' | b'\r')
}

/// What is not UTF-8, a broken character at a time.
pub(super) fn invalid_parts(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    bytes.utf8_chunks().filter_map(move |chunk| {
        let start = at + chunk.valid().len();
        at = start + chunk.invalid().len();
        (at > start).then_some(start..at)
    })
}

fn nul_runs(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    bytes.chunk_by(|a, b| (*a == 0) == (*b == 0)).filter_map(move |chunk| {
        let start = at;
        at += chunk.len();
        (chunk[0] == 0 && chunk.len() >= NUL_RUN).then_some(start..at)
    })
}

fn accented(text: &str) -> usize {
    text.chars().filter(|c| !c.is_ascii()).count()
}

/// Where the last character starts, if the end cuts it off in a text that is UTF-8 up to there.
fn cut_character(bytes: &[u8]) -> Option<usize> {
    let error = str::from_utf8(bytes).err()?;
    error.error_len().is_none().then(|| error.valid_up_to())
}

fn empty(survey: &Survey<'_>) -> Option<Diagnosis> {
    (survey.length() == 0).then(|| {
        let message = "none are left, the file is empty".to_owned();
        Diagnosis::likely(Class::Cut, 1.0, "empty", message, RESTORE)
    })
}

fn pointer(survey: &Survey<'_>) -> Option<Diagnosis> {
    let pointer = Pointer::read(survey.case.bytes)?;
    let same = pointer.size.is_some() && pointer.size == survey.case.recorded_bytes;
    let message = if same {
        "they are a Git LFS pointer to a text of the recorded size, so the text itself was not fetched"
    } else {
        "they are a Git LFS pointer to another text than the recorded one"
    };
    let confidence = if same { 0.95 } else { 0.7 };
    let diagnosis = Diagnosis::likely(Class::Transport, confidence, "lfs-pointer", message.to_owned(), FETCH);
    Some(
        diagnosis
            .evidence("oid", pointer.oid.to_string())
            .evidence("size", pointer.size),
    )
}

/// How files begin that are no UTF-8 text, and what they are.
const FORMATS: [(&[u8], &str); 10] = [
    (b"\x1F\x8B\x08", "a gzip file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"BZh", "a bzip2 file"),
    (b"\x28\xB5\x2F\xFD", "a Zstandard file"),
    (b"\xFD7zXZ\0", "an xz file"),
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"\xFF\xFE", "a text in UTF-16"),
    (b"\xFE\xFF", "a text in UTF-16"),
];

fn other_format(survey: &Survey<'_>) -> Option<Diagnosis> {
    let bytes = survey.case.bytes;
    let known = FORMATS
        .iter()
        .find(|(magic, _)| bytes.starts_with(magic))
        .map(|&(_, format)| format);
    let format = known.or_else(|| is_page(bytes).then_some("an HTML page"))?;
    let message = format!("they begin like {format}, and nothing that was tried gives the recorded digest");
    let help = "find out how it came here, and restore the text from a copy";
    Some(Diagnosis::likely(Class::Unknown, 0.5, "other-format", message, help).evidence("format", format))
}

fn is_page(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    let begins = |tag: &[u8]| {
        start
            .get(..tag.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(tag))
    };
    begins(b"<!doctype html") || begins(b"<html")
}

/// More control characters than damage leaves in a text.
fn not_text(survey: &Survey<'_>) -> Option<Diagnosis> {
    let controls = survey.controls.count - survey.nul_in_runs;
    (controls >= 16 && controls > survey.length() / 32).then(|| {
        let message = format!("{controls} control characters stand in them, too many for a text");
        let help = "find out what the file is, and restore the text from a copy";
        Diagnosis::likely(Class::Unknown, 0.5, "not-text", message, help).evidence("control_characters", controls)
    })
}

fn nul_run(survey: &Survey<'_>) -> Option<Diagnosis> {
    let run = survey.nul_run.clone()?;
    let message = match survey.nul_in_runs {
        all if all == survey.length() => format!("all {} are NUL", bytes_of(all)),
        _ => format!(
            "{} of NUL stand at byte {}, where a text has none",
            bytes_of(run.len()),
            run.start
        ),
    };
    let help = "restore it from a copy, and check the disk; do not accept it";
    let diagnosis = Diagnosis::likely(Class::Damage, 0.95, "nul-run", message, help);
    Some(diagnosis.evidence("nul_bytes", survey.nul_in_runs).at(run))
}

/// How a text ends or begins that is not whole, with how much that weighs.
struct Break {
    name: &'static str,
    said: &'static str,
    weight: f32,
    at: Range<usize>,
}

fn truncated(survey: &Survey<'_>) -> Option<Diagnosis> {
    let found = broken_end(survey).or_else(|| broken_start(survey));
    let block = BLOCKS.into_iter().find(|block| survey.length().is_multiple_of(*block));
    let telling = |found: &Break| found.name == "mid-character" || block.is_some();
    let enough = match survey.growth() {
        None => found.as_ref().is_some_and(telling),
        Some(growth) => growth < 0 && (found.is_some() || block.is_some()),
    };
    enough.then(|| cut(survey, found, block))
}

fn cut(survey: &Survey<'_>, found: Option<Break>, block: Option<usize>) -> Diagnosis {
    let signs = [
        survey.compared().map(|compared| format!("are {compared}")),
        found.as_ref().map(|found| found.said.to_owned()),
        block.map(|block| format!("have a length that is a multiple of {block}")),
    ];
    let signs: Vec<String> = signs.into_iter().flatten().collect();
    let message = format!("they {}, so a part is missing", listed(&signs));
    let weight = found.as_ref().map_or(0.0, |found| found.weight);
    let weight: f32 = if block.is_some() { weight.max(0.9) } else { weight };
    let confidence = if survey.missing().is_some() {
        weight
    } else {
        weight - 0.2
    };
    let end = survey.length().saturating_sub(1)..survey.length();
    Diagnosis::likely(Class::Cut, confidence, "truncated", message, RESTORE)
        .evidence("missing_bytes", survey.missing())
        .evidence("breaks", found.as_ref().map(|found| found.name))
        .evidence("block", block)
        .at(found.map_or(end, |found| found.at))
}

fn broken_end(survey: &Survey<'_>) -> Option<Break> {
    if let Some(start) = survey.cut_character {
        let at = start..survey.length();
        return Some(Break {
            name: "mid-character",
            said: "end inside a character",
            weight: 0.95,
            at,
        });
    }
    let text = str::from_utf8(survey.case.bytes).ok()?;
    let shown = text.trim_end();
    let last = shown.chars().next_back()?;
    let at = shown.len() - last.len_utf8()..shown.len();
    if shown.len() == text.len() {
        let inside = last.is_alphanumeric() || goes_on(last);
        return inside.then_some(Break {
            name: "mid-line",
            said: "end inside a line, without a stop",
            weight: 0.8,
            at,
        });
    }
    let words = shown.lines().next_back()?.split_whitespace().count();
    let inside = goes_on(last) || (last.is_alphanumeric() && words >= SENTENCE);
    inside.then_some(Break {
        name: "mid-sentence",
        said: "end without a stop",
        weight: 0.5,
        at,
    })
}

/// How many words the last line has where it is part of a sentence, and not a name or a heading.
const SENTENCE: usize = 5;

/// After these a sentence goes on.
fn goes_on(last: char) -> bool {
    matches!(last, ',' | '-' | '‐' | '–' | '—' | '(' | '،' | '、')
}

fn broken_start(survey: &Survey<'_>) -> Option<Break> {
    let bytes = survey.case.bytes;
    let tail = bytes.iter().take(3).take_while(|&&byte| byte & 0xC0 == 0x80).count();
    if tail > 0 && str::from_utf8(&bytes[tail..]).is_ok() {
        return Some(Break {
            name: "mid-character",
            said: "begin inside a character",
            weight: 0.95,
            at: 0..tail,
        });
    }
    let first = str::from_utf8(bytes).ok()?.chars().next()?;
    let at = 0..first.len_utf8();
    let inside = first.is_lowercase() || matches!(first, ',' | '.' | ';' | ')');
    inside.then_some(Break {
        name: "mid-sentence-start",
        said: "begin inside a sentence",
        weight: 0.6,
        at,
    })
}

fn control_characters(survey: &Survey<'_>) -> Option<Diagnosis> {
    let first = survey.controls.first.clone()?;
    let message = survey.controls.said("control character");
    let confidence = survey.weigh(0.8, 0.5);
    let diagnosis = Diagnosis::likely(Class::Damage, confidence, "control-characters", message, RESTORE);
    Some(
        diagnosis
            .evidence("control_characters", survey.controls.count)
            .at(first),
    )
}

/// Bytes that are not UTF-8 in a text that otherwise is. Where few characters beyond ASCII are whole, it is an older
/// encoding and no damage, unless the broken ones are few themselves.
fn invalid_utf8(survey: &Survey<'_>) -> Option<Diagnosis> {
    let first = survey.invalid.first.clone()?;
    let mostly_whole = survey.accented >= survey.invalid.count;
    let few = survey.invalid.count <= 4 && survey.growth() == Some(0);
    if !mostly_whole && !few {
        return None;
    }
    let message = survey.invalid.said("broken character");
    let confidence = if mostly_whole { survey.weigh(0.85, 0.6) } else { 0.6 };
    let diagnosis = Diagnosis::likely(Class::Damage, confidence, "invalid-utf-8", message, RESTORE);
    Some(diagnosis.evidence("invalid_sequences", survey.invalid.count).at(first))
}

/// U+FFFD, which a program writes for what it cannot read. What stood there is lost.
fn replacement_characters(survey: &Survey<'_>) -> Option<Diagnosis> {
    let first = survey.replaced.first.clone()?;
    let message = format!(
        "{}, so a conversion lost what stood there",
        survey.replaced.said("replacement character")
    );
    let diagnosis = Diagnosis::likely(Class::Damage, 0.7, "replacement-characters", message, RESTORE);
    Some(
        diagnosis
            .evidence("replacement_characters", survey.replaced.count)
            .at(first),
    )
}

fn edited(survey: &Survey<'_>) -> Option<Diagnosis> {
    let sound = survey.invalid.count == 0 && survey.cut_character.is_none();
    let confidence = match survey.growth() {
        None => 0.3,
        Some(0) => 0.4,
        Some(_) => 0.5,
    };
    let compared = survey
        .compared()
        .map(|compared| format!(", {compared},"))
        .unwrap_or_default();
    let message = format!(
        "they are sound text{compared} and no change that was tried gives the recorded digest, so somebody may have \
         edited them"
    );
    sound.then(|| Diagnosis::likely(Class::Edit, confidence, "edited", message, COMPARE))
}

fn unexplained(survey: &Survey<'_>) -> Diagnosis {
    let compared = survey
        .compared()
        .map(|compared| format!(", {compared},"))
        .unwrap_or_default();
    let message = format!("they are not UTF-8{compared} and nothing that was tried gives the recorded digest");
    Diagnosis::likely(Class::Unknown, 0.2, "unexplained", message, COMPARE)
}
