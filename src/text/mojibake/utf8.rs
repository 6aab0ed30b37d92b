//! UTF-8 sequences in the characters that their bytes were read as.

use super::codec;

/// The no-break space, which as the second byte of a sequence often became a space.
const NO_BREAK: u8 = 0xA0;

/// What was decoded.
#[derive(Debug)]
pub(super) struct Decoded {
    /// The run with every sequence decoded, and all else as it was.
    pub(super) text: String,
    /// Whether nothing was guessed or lost.
    pub(super) exact: bool,
    /// Whether there was nothing but sequences.
    pub(super) whole: bool,
    /// What the sequences say for themselves, in tenths: chance makes few that are long, and few of a common sign.
    pub(super) bonus: i32,
}

/// A character decoded from the head of a run.
struct Sequence {
    /// How many characters it was.
    length: usize,
    meant: Meant,
    /// Whether a space was taken for the no-break space.
    spaced: bool,
}

enum Meant {
    Character(char),
    /// A byte of it is lost.
    Lost,
    /// `à`, of which the second byte is a space now that stays.
    Grave,
}

impl Sequence {
    fn of(length: usize, meant: Meant) -> Self {
        Self {
            length,
            meant,
            spaced: false,
        }
    }
}

/// A run read back from an encoding; `None` where there is no sequence in it. `after` is what follows the run.
pub(super) fn decode(run: &str, codec: usize, after: char) -> Option<Decoded> {
    let characters: Vec<char> = run.chars().collect();
    let mut decoded = Decoded {
        text: String::with_capacity(run.len()),
        exact: true,
        whole: false,
        bonus: 0,
    };
    let (mut at, mut end, mut count, mut kept) = (0, 0, 0, 0);
    while at < characters.len() {
        let Some(sequence) = sequence(&characters[at..], codec, after) else {
            decoded.text.push(characters[at]);
            (at, kept) = (at + 1, kept + 1);
            continue;
        };
        decoded.enter(&sequence, count > 0 && end == at);
        at += sequence.length;
        (end, count) = (at, count + 1);
    }
    decoded.whole = count > 0 && kept == 0;
    (count > 0).then_some(decoded)
}

impl Decoded {
    /// Adds a character; `linked` says whether it follows on another that was decoded.
    fn enter(&mut self, sequence: &Sequence, linked: bool) {
        let meant = match sequence.meant {
            Meant::Character(character) => character,
            Meant::Lost => '\u{FFFD}',
            Meant::Grave => 'à',
        };
        let last = self.text.chars().next_back();
        let word = linked && meant > '\u{24F}' && last.is_some_and(|last| last.is_alphabetic() && last > '\u{24F}');
        self.bonus += 6 * i32::from(word && meant.is_alphabetic());
        self.text.push(meant);
        self.exact &= matches!(sequence.meant, Meant::Character(_)) && !sequence.spaced;
        if !matches!(sequence.meant, Meant::Lost) {
            self.bonus += bonus(meant, sequence.length);
        }
    }
}

/// Signs that most mojibake of three characters stands for.
fn bonus(meant: char, length: usize) -> i32 {
    match (meant, length) {
        ('–' | '—' | '‘' | '’' | '“' | '”' | '„' | '…' | '•' | '€' | '™', 3) => 15,
        ('\u{FFFD}', 3) => 15,
        ('\u{2100}'..='\u{27BF}', 3) => 10,
        (_, 3) => 5,
        (_, 4..) => 10,
        _ => 0,
    }
}

fn sequence(run: &[char], codec: usize, after: char) -> Option<Sequence> {
    let lead = codec::byte(codec, run[0])?;
    let length = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    if run == ['Ã'] && after == ' ' && codec == 0 {
        return Some(Sequence::of(1, Meant::Grave));
    }
    let mut bytes = [lead, 0, 0, 0];
    for (at, &character) in run.iter().enumerate().take(length).skip(1) {
        bytes[at] = match (character, codec::byte(codec, character)) {
            ('\u{FFFD}', _) => return lost(at + 1, length, run, codec),
            (' ', _) if length == 2 => NO_BREAK,
            (_, Some(byte @ 0x80..=0xBF)) => byte,
            _ => return None,
        };
    }
    if run.len() < length {
        return None;
    }
    let bytes = &bytes[..length];
    if !codec::likely(codec, bytes) {
        return None;
    }
    let mut sequence = whole(bytes).or_else(|| surrogates(run, codec))?;
    sequence.spaced = run[1] == ' ';
    Some(sequence)
}

/// The character of a whole sequence.
fn whole(bytes: &[u8]) -> Option<Sequence> {
    let character = std::str::from_utf8(bytes).ok()?.chars().next()?;
    Some(Sequence::of(bytes.len(), Meant::Character(character)))
}

/// A sequence with one lost byte. The bytes after it have to fit.
fn lost(at: usize, length: usize, run: &[char], codec: usize) -> Option<Sequence> {
    let fits = |&&character: &&char| matches!(codec::byte(codec, character), Some(0x80..=0xBF));
    let rest = run[at..].iter().take(length - at).take_while(fits).count();
    Some(Sequence::of(at + rest, Meant::Lost))
}

/// A character beyond the first plane as two surrogates of three bytes each: CESU-8, as some databases have it
/// (Unicode Technical Report 26).
fn surrogates(run: &[char], codec: usize) -> Option<Sequence> {
    let mut bytes = [0; 6];
    for (byte, &character) in bytes.iter_mut().zip(run.get(..6)?) {
        *byte = codec::byte(codec, character)?;
    }
    let [
        0xED,
        high @ 0xA0..=0xAF,
        first @ 0x80..=0xBF,
        0xED,
        low @ 0xB0..=0xBF,
        second @ 0x80..=0xBF,
    ] = bytes
    else {
        return None;
    };
    let half = |byte: u8, last: u8| u32::from(byte & 0x0F) << 6 | u32::from(last & 0x3F);
    let character = char::from_u32(0x1_0000 + (half(high, first) << 10 | half(low, second)))?;
    Some(Sequence::of(6, Meant::Character(character)))
}
