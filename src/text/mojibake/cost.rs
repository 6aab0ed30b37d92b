//! How unlikely it is that somebody wrote a run of characters: what stands inside words that no word has.
//!
//! The costs are tenths of a point, set by hand from what the scripts and the typography of the languages allow. No
//! language is asked for: `ü` inside a word is likely in any, `¼` inside a word in none.

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

/// The cost of a run between two characters.
pub(super) fn cost(before: char, run: &str, after: char) -> i32 {
    let mut total = 0;
    let mut previous = before;
    for (at, character) in run.char_indices() {
        let mut rest = run[at + character.len_utf8()..].chars();
        let next = rest.next().unwrap_or(after);
        let beyond = rest.next().unwrap_or(after);
        total += cost_at(previous, character, next) + lead_before(previous, character, next, beyond);
        previous = character;
    }
    total + letter_after((previous, kind(previous)), (after, kind(after)))
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

/// Signs that may follow a word in capitals.
fn closes(character: char) -> bool {
    matches!(kind(character), Close | Open | Apostrophe | Dots | Registered)
}

/// A letter that most mojibake begins with, before what no word has there.
fn lead_before(before: char, character: char, after: char, beyond: char) -> i32 {
    let (own, next) = (kind(character), kind(after));
    if character == 'â' && "œŒšŠžŽŸ€†‡‰ˆ˜„‚".contains(after) {
        return 10;
    }
    let Letter(LATIN, Case::Upper) = own else { return 0 };
    if after == '\u{FFFD}' && !character.is_ascii() {
        return 8;
    }
    let in_capitals = matches!(kind(before), Letter(_, Case::Upper));
    let goes_on = matches!(kind(beyond), Letter(..));
    let two_of_three = matches!(
        (next, kind(beyond)),
        (Letter(LATIN, Case::Upper), Letter(LATIN, Case::Lower))
    );
    if two_of_three && !character.is_ascii() && !after.is_ascii() {
        return 17;
    }
    if after == ' ' && matches!(character, 'Ã' | 'Â' | 'Å') {
        return 5;
    }
    if !matches!(character, 'Ã' | 'Â') || after.is_ascii() {
        return 0;
    }
    match next {
        Letter(..) => 10 * i32::from("œŸŠŒžŽƒšµ".contains(after)),
        Open | Close if character == 'Â' && matches!(kind(before), Gap | Digit | Ascii) && before != '"' => 17,
        _ if closes(after) && (in_capitals || !goes_on) => 3,
        Dash | Gap if in_capitals && character == 'Ã' => 5,
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

fn cost_at(before: char, character: char, after: char) -> i32 {
    let (previous, own) = (kind(before), kind(character));
    let beside = match own {
        Letter(..) => letter_after((before, previous), (character, own)),
        Gap | Ascii | Digit | Other => 0,
        Mark => mark_after(previous),
        Control => 40,
        _ => sign_beside(before, character, after) + odd_pair(previous, own) + odd_sign(character, after),
    };
    beside + rarity(character)
}

/// A letter after another character.
fn letter_after(before: (char, Kind), own: (char, Kind)) -> i32 {
    let (Letter(one, first), Letter(other, second)) = (before.1, own.1) else {
        return 0;
    };
    let ascii = own.0.is_ascii();
    let case = match (first, second) {
        (Case::Lower, Case::Upper) if ascii => 3,
        (Case::Lower, Case::Upper) => 18,
        (Case::Upper, Case::Lower) if one == LATIN && !ascii && !before.0.is_ascii() => 7,
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
fn sign_beside(before: char, character: char, after: char) -> i32 {
    let is_letter = |character: char| matches!(kind(character), Letter(..) | Mark);
    let (left, right) = (is_letter(before), is_letter(after));
    let own = kind(character);
    let inside = left && right;
    let quoted = match own {
        Open | Close if inside => Some(20),
        Open if left => Some(3),
        Open if kind(after) == Gap => Some(3),
        Close if !left && kind(before) == Gap && kind(after) == Gap => Some(5),
        Open | Close | Apostrophe => Some(0),
        Dots if inside => Some(5),
        Dash => Some(if inside { 5 } else { 2 * i32::from(left) }),
        _ => None,
    };
    let (on_left, on_right) = strain(character, own, !before.is_ascii(), !after.is_ascii());
    quoted.unwrap_or(i32::from(left) * on_left + i32::from(right) * on_right)
}

/// What a sign costs after a letter and before one; `(before, after)` say whether the letter is beyond ASCII.
fn strain(character: char, own: Kind, before: bool, after: bool) -> (i32, i32) {
    let either = |far: bool, ascii: i32, beyond: i32| if far { beyond } else { ascii };
    match own {
        LowQuote => (20, 0),
        Money => (20, 10),
        Accent if character == '´' => (either(before, 0, 10), 0),
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
fn odd_sign(character: char, after: char) -> i32 {
    match (character, kind(after)) {
        _ if after.is_ascii() => 0,
        ('¬', Letter(GREEK, _) | Gap | Accent) => 0,
        ('¬', _) => 12,
        ('√', Letter(LATIN, _)) => 18,
        ('├' | '┬', Letter(..)) => 18,
        ('├', Box) if "╢╖╕╣║╗╝╜╛░▒▓".contains(after) => 10,
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

fn kind(character: char) -> Kind {
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
