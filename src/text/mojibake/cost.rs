//! How unlikely it is that somebody wrote a run of characters: what stands inside words that no word has.
//!
//! The costs are tenths of a point, set by hand from what the scripts and the typography of the languages allow. No
//! language is asked for: `ü` inside a word is likely in any, `¼` inside a word in none.

use std::sync::LazyLock;

use Kind::{
    Accent, Apostrophe, Ascii, Box, Close, Control, Copyright, Dash, Degree, Digit, Dots, Fraction, Gap, Inverted,
    Letter, LowQuote, Mark, Math, Money, Open, Ordinal, Other, Raised, Registered, Sign,
};

/// The script of a letter, as a number: those below [`BLOCKS`] by name, the others by their block of 128.
type Script = u16;
const LATIN: Script = 0;
const GREEK: Script = 1;
const CYRILLIC: Script = 2;
const IDEOGRAPHIC: Script = 3;
const HEBREW: Script = 4;
const ARABIC: Script = 5;
const BLOCKS: Script = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Lower,
    Upper,
    None,
}

/// What a character is to its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Gap,
    Ascii,
    Digit,
    Letter(Script, Case),
    Mark,
    Control,
    LowQuote,
    Open,
    Close,
    Apostrophe,
    Dots,
    Dash,
    Money,
    Accent,
    Copyright,
    Registered,
    Ordinal,
    Raised,
    Fraction,
    Degree,
    Math,
    Sign,
    Inverted,
    Box,
    Other,
}

/// A character with its kind.
#[derive(Clone, Copy, Debug)]
struct Place {
    character: char,
    kind: Kind,
}

impl Place {
    fn of(character: char) -> Self {
        Self {
            character,
            kind: kind(character),
        }
    }

    fn is_ascii(self) -> bool {
        self.character.is_ascii()
    }

    /// Whether it is a letter, or the accent of one.
    fn is_letter(self) -> bool {
        matches!(self.kind, Letter(..) | Mark)
    }
}

/// A character, the one before it and two after it.
type Window = [Place; 4];

/// The cost of a run between two characters.
pub(super) fn cost(before: char, run: &str, after: char) -> i32 {
    let mut total = 0;
    let mut window = [
        Place::of(before),
        Place::of(before),
        Place::of(before),
        Place::of(before),
    ];
    // The window runs two characters ahead: before, own, after, beyond.
    let ahead = run.chars().chain([after, after]).map(Place::of);
    for (at, place) in ahead.enumerate() {
        window.rotate_left(1);
        window[3] = place;
        if at >= 2 {
            total += cost_at(&window) + lead_before(&window);
        }
    }
    total + letter_after(window[1], window[2])
}

/// How much the letters of a run are out of place in a text of Latin letters; a whole word of them is a foreign word.
pub(super) fn foreign(run: &str, latin: bool) -> i32 {
    let mut letters = run.chars().filter_map(script).filter(|&script| script != LATIN);
    let (Some(first), true) = (letters.next(), latin) else {
        return 0;
    };
    let more = i32::try_from(letters.take(2).count()).unwrap_or_default();
    let alone = more == 0 && !run.ends_with(|last| kind(last) == Gap);
    match first {
        GREEK => 3,
        _ if alone => 18,
        _ => 15 - 5 * more,
    }
}

/// A letter that most mojibake begins with, before what no word has there.
fn lead_before(&[before, own, next, beyond]: &Window) -> i32 {
    if own.character == 'â' && "œŒšŠžŽŸ€†‡‰ˆ˜„‚".contains(next.character) {
        return 10;
    }
    let Letter(LATIN, Case::Upper) = own.kind else { return 0 };
    let capital_next = matches!(next.kind, Letter(LATIN, Case::Upper)) && !next.is_ascii() && !own.is_ascii();
    match own.character {
        'a'..='z' | 'A'..='Z' => 0,
        _ if next.character == '\u{FFFD}' => 8,
        // `ÄŒeština`: two capitals and a small letter.
        _ if capital_next && matches!(beyond.kind, Letter(LATIN, Case::Lower)) => 17,
        'Ã' | 'Â' | 'Å' if next.character == ' ' => 5,
        'Ã' | 'Â' if !next.is_ascii() => circumflex_or_tilde(before, own, next, beyond),
        _ => 0,
    }
}

/// `Â` or `Ã` before what is beyond ASCII. A few languages end a word in capitals with one.
fn circumflex_or_tilde(before: Place, own: Place, next: Place, beyond: Place) -> i32 {
    let in_capitals = matches!(before.kind, Letter(_, Case::Upper));
    let closes = matches!(next.kind, Close | Open | Apostrophe | Dots | Registered);
    let bare = matches!(before.kind, Gap | Digit | Ascii) && before.character != '"';
    match next.kind {
        Letter(..) => 10 * i32::from("œŸŠŒžŽƒšµ".contains(next.character)),
        Open | Close if own.character == 'Â' && bare => 17,
        _ if closes && (in_capitals || !matches!(beyond.kind, Letter(..))) => 3,
        Dash | Gap if in_capitals && own.character == 'Ã' => 5,
        _ => 15,
    }
}

/// The script of a letter.
fn script(character: char) -> Option<Script> {
    match kind(character) {
        Letter(script, _) => Some(script),
        _ => None,
    }
}

fn cost_at(&[before, own, next, _]: &Window) -> i32 {
    let beside = match own.kind {
        Letter(..) => letter_after(before, own),
        Gap | Ascii | Digit | Other => 0,
        Mark => mark_after(before.kind),
        Control => 40,
        _ => sign_beside(before, own, next) + odd_pair(before.kind, own.kind) + odd_sign(own, next),
    };
    beside + rarity(own.character)
}

/// A letter after another character.
fn letter_after(before: Place, own: Place) -> i32 {
    let (Letter(one, first), Letter(other, second)) = (before.kind, own.kind) else {
        return 0;
    };
    let ascii = own.is_ascii();
    let case = match (first, second) {
        (Case::Lower, Case::Upper) if ascii => 3,
        (Case::Lower, Case::Upper) => 18,
        (Case::Upper, Case::Lower) if one == LATIN && !ascii && !before.is_ascii() => 7,
        _ => 0,
    };
    case + clash(one, other)
}

/// Two scripts in one word.
fn clash(one: Script, other: Script) -> i32 {
    match (one.min(other), one.max(other)) {
        (one, other) if one == other => 0,
        (LATIN, IDEOGRAPHIC) => 0,
        (LATIN, GREEK) => 4,
        (_, IDEOGRAPHIC) | (IDEOGRAPHIC, _) => 15,
        _ => 25,
    }
}

fn mark_after(previous: Kind) -> i32 {
    match previous {
        Letter(..) | Mark => 3,
        _ => 15,
    }
}

/// A sign with a letter before it or after it. Letters beyond ASCII count for more: few signs stand beside them, and in
/// mojibake most do.
fn sign_beside(before: Place, own: Place, next: Place) -> i32 {
    let (left, right) = (before.is_letter(), next.is_letter());
    let inside = left && right;
    let quoted = match own.kind {
        Open | Close if inside => Some(20),
        Open if left => Some(3),
        Open if next.kind == Gap => Some(3),
        Close if !left && before.kind == Gap && next.kind == Gap => Some(5),
        Open | Close | Apostrophe => Some(0),
        Dots if inside => Some(5),
        Dash => Some(if inside { 5 } else { 2 * i32::from(left) }),
        _ => None,
    };
    let (on_left, on_right) = strain(own, !before.is_ascii(), !next.is_ascii());
    quoted.unwrap_or(i32::from(left) * on_left + i32::from(right) * on_right)
}

/// What a sign costs after a letter and before one; `(before, after)` say whether the letter is beyond ASCII.
fn strain(own: Place, before: bool, after: bool) -> (i32, i32) {
    let either = |far: bool, ascii: i32, beyond: i32| if far { beyond } else { ascii };
    match own.kind {
        LowQuote => (20, 0),
        Money => (20, 10),
        Accent if own.character == '´' => (either(before, 0, 10), 0),
        Accent => (15, 10),
        Copyright => (15, 5),
        Registered => (either(before, 0, 2), 15),
        Ordinal => (either(before, 5, 15), 10),
        Raised => (either(before, 3, 15), 15),
        Fraction => (15, 15),
        Degree => (either(before, 3, 15), 5),
        Math => (either(before, 12, 20), either(after, 3, 15)),
        Sign => (either(before, 4, 10), 7),
        Inverted => (15, 0),
        Box => (20, either(after, 12, 15)),
        _ => (0, 0),
    }
}

/// Two signs side by side of which no use is known.
fn odd_pair(previous: Kind, own: Kind) -> i32 {
    let sign = |kind: Kind| matches!(kind, Money | Accent | Ordinal | Raised | Fraction | Math | Degree | Box);
    match (previous, own) {
        (Box, Box) => 0,
        (Math, Math) => 5,
        (Math, Open | Close | Apostrophe | Dash | Dots | Sign | LowQuote) => 7,
        (Open | Close | Apostrophe | Dash | Dots | Sign | LowQuote, Math) => 5,
        (Box, _) | (_, Box) if !matches!(previous, Gap | Ascii | Digit | Letter(..)) => 5,
        (Money | Accent | Raised | Fraction, Apostrophe | Open | Close | Dash | Dots) => 5,
        (one, other) if sign(one) && sign(other) => 7,
        _ => 0,
    }
}

/// Signs that are nearly always the first byte of something: the Macintosh's of `Â` and `Ã`, and IBM's.
fn odd_sign(own: Place, next: Place) -> i32 {
    match (own.character, next.kind) {
        _ if next.is_ascii() => 0,
        ('¬', Letter(GREEK, _) | Gap | Accent) => 0,
        ('¬', _) => 12,
        ('√', Letter(LATIN, _)) => 18,
        ('├' | '┬', Letter(..)) => 18,
        ('├', Box) if "╢╖╕╣║╗╝╜╛░▒▓".contains(next.character) => 10,
        _ => 0,
    }
}

/// What a character costs wherever it stands.
fn rarity(character: char) -> i32 {
    match character {
        'Ã' | 'Â' | '¦' | '¯' | '‰' => 5,
        '¬' | '˜' => 7,
        '¨' | '¸' | 'ˆ' | '¤' | '◊' => 10,
        '⌐' | '₧' => 15,
        _ => rarity_of_block(u32::from(character)),
    }
}

/// Blocks that hardly any text has, so that what decodes to them was not mojibake.
fn rarity_of_block(code: u32) -> i32 {
    match code {
        0x218..=0x21B | 0x1A0..=0x1A1 | 0x1AF..=0x1B0 | 0x259 | 0x2BB..=0x2BC | 0x2C8 => 0,
        0x180..=0x24F | 0x460..=0x48F | 0x4C0..=0x52F => 20,
        0x250..=0x2FF => 12,
        0x300..=0x36F => 8,
        0x370..=0x385 | 0x3D0..=0x3FF => 15,
        0x530..=0x58F => 10,
        0x590..=0x5CF | 0x5F0..=0x5FF => 15,
        0x600..=0x605 | 0x610..=0x61A | 0x6D6..=0x6FF => 10,
        0x700..=0x8FF => 20,
        0xFFFD => 4,
        0xE000..=0xF8FF => 10,
        0xFFF0..=0xFFFF | 0xE0000.. => 30,
        0x2500..=0x2BFF | 0x1F000..=0x1FAFF => 2,
        0x1_0000..=0x1_EFFF => 20,
        _ => 0,
    }
}

/// Characters below this have their kind in a table: nearly all that mojibake is made of.
const TABLED: u32 = 0x2600;

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    (0..TABLED)
        .map(|code| char::from_u32(code).map_or(Other, find_kind))
        .collect()
});

fn kind(character: char) -> Kind {
    match u32::from(character) {
        code @ ..TABLED => KINDS[code as usize],
        0x3041..=0x3096 | 0x30A1..=0x30FA | 0x3400..=0x9FFF | 0xAC00..=0xD7A3 => Letter(IDEOGRAPHIC, Case::None),
        _ => find_kind(character),
    }
}

fn find_kind(character: char) -> Kind {
    match character {
        '\0'..='\u{20}' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{3000}' => Gap,
        '0'..='9' => Digit,
        '\u{21}'..='\u{7F}' if !character.is_ascii_alphabetic() => Ascii,
        '\u{80}'..='\u{9F}' => Control,
        'ª' | 'º' => Ordinal,
        _ if character.is_alphabetic() => Letter(script_of(u32::from(character)), case(character)),
        _ => sign(character),
    }
}

fn case(character: char) -> Case {
    match () {
        () if character.is_lowercase() => Case::Lower,
        () if character.is_uppercase() => Case::Upper,
        () => Case::None,
    }
}

fn script_of(code: u32) -> Script {
    match code {
        0..=0x24F | 0x1E00..=0x1EFF | 0xFB00..=0xFB06 => LATIN,
        0x370..=0x3FF | 0x1F00..=0x1FFF => GREEK,
        0x400..=0x52F => CYRILLIC,
        0x590..=0x5FF => HEBREW,
        0x600..=0x77F | 0xFB50..=0xFDFF | 0xFE70..=0xFEFF => ARABIC,
        0x1100..=0x11FF | 0x2E80..=0xD7FF | 0xF900..=0xFAFF | 0x1_F000.. => IDEOGRAPHIC,
        _ => BLOCKS + Script::try_from(code >> 7).unwrap_or(Script::MAX - BLOCKS),
    }
}

fn sign(character: char) -> Kind {
    match character {
        '„' | '‚' => LowQuote,
        '«' | '‹' | '“' | '‘' => Open,
        '»' | '›' | '”' => Close,
        '’' => Apostrophe,
        '…' => Dots,
        '–' | '—' => Dash,
        '€' | '¢' | '£' | '¥' | '¤' | '₧' => Money,
        '¨' | '¯' | '´' | '¸' | 'ˆ' | '˜' | '˚' | '˝' | '˛' | 'ˇ' | '΄' | '΅' => Accent,
        '©' => Copyright,
        '®' | '™' => Registered,
        '²' | '³' | '¹' => Raised,
        '¼' | '½' | '¾' => Fraction,
        '°' => Degree,
        '±' | '×' | '÷' | '¬' | '\u{2200}'..='\u{22FF}' | '⌐' | '⌠' | '⌡' | '◊' | '⁄' => Math,
        '§' | '¶' | '†' | '‡' | '•' | '·' | '‰' | '¦' => Sign,
        '¡' | '¿' => Inverted,
        '\u{2500}'..='\u{25A0}' => Box,
        '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5C7}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' => Mark,
        _ => Other,
    }
}
