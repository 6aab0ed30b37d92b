//! Changes that leave the text as it reads: line ends, final line ends, normal form, byte-order mark, encoding. Each is
//! undone alone, then with others, since a checkout and an editor on its way do several.

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick, is_nfd_quick};

use super::charsets::{self, MARK};
use super::lines;
use super::trial::Trial;
use super::{Class, Diagnosis, LARGE, listed};

/// One change, and how it is undone on the present bytes.
struct Step {
    kind: Kind,
    /// The id of the change: the recorded form first, the present one second.
    cause: &'static str,
    /// The bytes with the change undone, before "they have the recorded digest".
    undone: &'static str,
    /// What follows, after "so".
    so: &'static str,
    /// `None` where the bytes cannot be the result of this change.
    undo: fn(&[u8]) -> Option<Vec<u8>>,
}

const fn step(
    kind: Kind,
    cause: &'static str,
    undone: &'static str,
    so: &'static str,
    undo: fn(&[u8]) -> Option<Vec<u8>>,
) -> Step {
    Step {
        kind,
        cause,
        undone,
        so,
        undo,
    }
}

/// What a change is about. A combination has one of a kind, undone in this order: what is decoded must come before
/// what needs UTF-8, what is encoded after it, and what is slow before what is tried on top of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Decoding,
    NormalForm,
    LineEnds,
    Trailing,
    Final,
    Mark,
    Encoding,
    Garbling,
}

impl Kind {
    /// Whether it is undone in one plain copy.
    fn is_cheap(self) -> bool {
        matches!(self, Self::LineEnds | Self::Final | Self::Mark)
    }

    fn is_charset(self) -> bool {
        matches!(self, Self::Decoding | Self::Encoding | Self::Garbling)
    }

    /// How many changes a combination with this one has at most. Encodings are many, and seldom come with more than one
    /// other change.
    fn deepest(self) -> usize {
        if self.is_charset() { 2 } else { DEEPEST }
    }

    /// One charset is enough: decoding and encoding again is no change.
    fn follows(self, last: Self) -> bool {
        self > last && !(self.is_charset() && last.is_charset())
    }

    fn help(self) -> &'static str {
        match self {
            Self::LineEnds => {
                "convert them back, or set `-text` for this path in .gitattributes; `vidimus accept` if the change was \
                 meant"
            }
            Self::Trailing | Self::Final | Self::Mark => {
                "undo it, or keep the editor from doing it; `vidimus accept` if the change was meant"
            }
            Self::NormalForm => "normalise it back; `vidimus accept` if the change was meant",
            Self::Decoding | Self::Encoding => charsets::BACK,
            Self::Garbling => "convert it back, since it reads wrong now; do not accept it",
        }
    }
}

const DEEPEST: usize = 3;

const LINE_ENDS: &str = "only the line ends were converted";
const LENGTHENED: &str = "only the end of the file was lengthened";
const TRIMMED: &str = "only the end of the file was trimmed";
const NORMAL_FORM: &str = "only the normal form of its letters was changed";
const TO_UTF_8: &str = "only the encoding was changed, to UTF-8";
const REPAIRED: &str = "letters that were recorded garbled have been repaired";

/// All changes; those of a kind in the order in which they are likely.
#[rustfmt::skip]
const STEPS: &[Step] = &[
    step(Kind::Decoding, "utf-8-to-utf-16", "decoded from UTF-16", "only the encoding was changed, to UTF-16", charsets::from_utf_16),
    step(Kind::Decoding, "utf-8-to-windows-1252", "decoded from Windows-1252", "only the encoding was changed", charsets::from_windows_1252),
    step(Kind::Decoding, "utf-8-to-latin-1", "decoded from Latin-1", "only the encoding was changed", charsets::from_latin_1),
    step(Kind::NormalForm, "nfc-to-nfd", "in normal form C", NORMAL_FORM, to_nfc),
    step(Kind::NormalForm, "nfd-to-nfc", "in normal form D", NORMAL_FORM, to_nfd),
    step(Kind::LineEnds, "crlf-to-cr-crlf", "with CRLF instead of CR CR LF", "only the line ends were converted, twice", lines::cr_crlf_to_crlf),
    step(Kind::LineEnds, "lf-to-crlf", "with LF instead of CRLF", LINE_ENDS, lines::crlf_to_lf),
    step(Kind::LineEnds, "crlf-to-lf", "with CRLF instead of LF", LINE_ENDS, lines::lone_lf_to_crlf),
    step(Kind::LineEnds, "lf-to-cr", "with LF instead of CR", LINE_ENDS, lines::lone_cr_to_lf),
    step(Kind::LineEnds, "cr-to-lf", "with CR instead of LF", LINE_ENDS, lines::lone_lf_to_cr),
    step(Kind::LineEnds, "crlf-to-cr", "with CRLF instead of CR", LINE_ENDS, lines::lone_cr_to_crlf),
    step(Kind::LineEnds, "cr-to-crlf", "with CR instead of CRLF", LINE_ENDS, lines::crlf_to_cr),
    step(Kind::Trailing, "trailing-space-added", "without the spaces at line ends", "only these were added", lines::without_trailing_space),
    step(Kind::Final, "final-newline-added", "without the last line end", LENGTHENED, |bytes| lines::without_final(bytes, 1)),
    step(Kind::Final, "final-newline-added", "without the last two line ends", LENGTHENED, |bytes| lines::without_final(bytes, 2)),
    step(Kind::Final, "final-newline-added", "without the last three line ends", LENGTHENED, |bytes| lines::without_final(bytes, 3)),
    step(Kind::Final, "final-newline-added", "without the line ends at the end", LENGTHENED, lines::without_any_final),
    step(Kind::Final, "final-newline-removed", "with one more line end at the end", TRIMMED, |bytes| lines::with_final(bytes, 1)),
    step(Kind::Final, "final-newline-removed", "with two more line ends at the end", TRIMMED, |bytes| lines::with_final(bytes, 2)),
    step(Kind::Final, "final-newline-removed", "with three more line ends at the end", TRIMMED, |bytes| lines::with_final(bytes, 3)),
    step(Kind::Final, "final-newline-removed", "with a line end of another kind at the end", TRIMMED, lines::with_foreign_final),
    step(Kind::Mark, "bom-added", "without the byte-order mark", "only this mark was added", without_mark),
    step(Kind::Mark, "bom-removed", "with a byte-order mark", "only this mark was removed", with_mark),
    step(Kind::Encoding, "windows-1252-to-utf-8", "in Windows-1252", TO_UTF_8, charsets::to_windows_1252),
    step(Kind::Encoding, "latin-1-to-utf-8", "in Latin-1", TO_UTF_8, charsets::to_latin_1),
    step(Kind::Encoding, "utf-16-to-utf-8", "in UTF-16LE", TO_UTF_8, charsets::to_utf_16_le),
    step(Kind::Encoding, "utf-16-to-utf-8", "in UTF-16BE", TO_UTF_8, charsets::to_utf_16_be),
    step(Kind::Encoding, "mojibake-repaired", "read as Windows-1252 and encoded again", REPAIRED, charsets::into_mojibake_1252),
    step(Kind::Encoding, "mojibake-repaired", "read as Latin-1 and encoded again", REPAIRED, charsets::into_mojibake_latin_1),
    step(Kind::Garbling, "mojibake", "taken back through Windows-1252", "UTF-8 was read as Windows-1252 and encoded again", charsets::out_of_mojibake_1252),
    step(Kind::Garbling, "mojibake", "taken back through Latin-1", "UTF-8 was read as Latin-1 and encoded again", charsets::out_of_mojibake_latin_1),
];

/// One change.
pub(super) fn alone(trial: &mut Trial<'_>) -> Option<Diagnosis> {
    undo(trial, trial.bytes(), &mut Vec::new(), 1)
}

/// Two changes, then three, until that is too much work.
pub(super) fn together(trial: &mut Trial<'_>) -> Option<Diagnosis> {
    (2..=DEEPEST).find_map(|depth| undo(trial, trial.bytes(), &mut Vec::new(), depth))
}

/// Undoes exactly `depth` changes on the present bytes; in `bytes` those of `undone` are undone already.
fn undo(trial: &mut Trial<'_>, bytes: &[u8], undone: &mut Vec<&'static Step>, depth: usize) -> Option<Diagnosis> {
    if depth > 1 && trial.is_exhausted() {
        return None;
    }
    if undone.len() == depth {
        return trial.fits(bytes).then(|| explain(undone));
    }
    let last = undone.last().map(|step| step.kind);
    let large = trial.bytes().len() > LARGE;
    let mut next = STEPS.iter().filter(|Step { kind, .. }| {
        let follows = last.is_none_or(|last| kind.follows(last));
        follows && kind.deepest() >= depth && (kind.is_cheap() || !large)
    });
    next.find_map(|step| {
        let candidate = (step.undo)(bytes)?;
        undone.push(step);
        let found = undo(trial, &candidate, undone, depth);
        undone.pop();
        found
    })
}

fn explain(steps: &[&'static Step]) -> Diagnosis {
    let changes: Vec<&str> = steps.iter().map(|step| step.cause).collect();
    let diagnosis = match steps {
        [step] => {
            let message = format!("{} they have the recorded digest, so {}", step.undone, step.so);
            Diagnosis::proven(Class::Transport, step.cause, message, step.kind.help())
        }
        _ => combined(steps),
    };
    diagnosis.evidence("changes", changes)
}

fn combined(steps: &[&'static Step]) -> Diagnosis {
    let undone: Vec<&str> = steps.iter().map(|step| step.undone).collect();
    let message = format!(
        "{} they have the recorded digest, so nothing else was changed",
        listed(&undone)
    );
    let garbled = steps.iter().any(|step| step.kind == Kind::Garbling);
    let help = if garbled { Kind::Garbling.help() } else { UNDO_ALL };
    Diagnosis::proven(Class::Transport, "combined", message, help)
}

const UNDO_ALL: &str = "undo this, and keep the checkout, editor or transfer from doing it again; `vidimus accept` if it \
                        was meant";

fn to_nfc(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = accented(bytes).filter(|text| is_nfc_quick(text.chars()) != IsNormalized::Yes)?;
    rewritten(text, text.nfc())
}

fn to_nfd(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = accented(bytes).filter(|text| is_nfd_quick(text.chars()) != IsNormalized::Yes)?;
    rewritten(text, text.nfd())
}

fn accented(bytes: &[u8]) -> Option<&str> {
    str::from_utf8(bytes).ok().filter(|text| !text.is_ascii())
}

fn rewritten(text: &str, characters: impl Iterator<Item = char>) -> Option<Vec<u8>> {
    let mut rewritten = String::with_capacity(text.len());
    rewritten.extend(characters);
    (rewritten != text).then(|| rewritten.into_bytes())
}

fn without_mark(bytes: &[u8]) -> Option<Vec<u8>> {
    bytes.strip_prefix(MARK).map(<[u8]>::to_vec)
}

fn with_mark(bytes: &[u8]) -> Option<Vec<u8>> {
    let plain = !bytes.starts_with(MARK) && str::from_utf8(bytes).is_ok();
    plain.then(|| [MARK, bytes].concat())
}
