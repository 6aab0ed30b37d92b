//! The single-byte encodings that UTF-8 is read as by mistake, as tables from a character back to its byte.

use std::sync::LazyLock;

use encoding_rs::{
    Encoding, IBM866, ISO_8859_2, KOI8_R, MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253,
    WINDOWS_1254, WINDOWS_1257,
};

/// A set of encodings: bit `n` is the one of that number.
pub(super) type Codecs = u16;

/// How many encodings there are.
pub(super) const COUNT: usize = 12;

/// Their names, the likeliest first; of two that explain a place equally well the earlier one is taken.
///
/// Windows-1252 stands for Latin-1 as well: the characters U+0080 to U+009F are taken for the bytes of that number in
/// every encoding, as programs pass them through where the encoding has nothing there.
const NAMES: [&str; COUNT] = [
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-1254",
    "windows-1257",
    "iso-8859-2",
    "windows-1253",
    "macintosh",
    "ibm437",
    "ibm850",
    "ibm866",
    "koi8-r",
];

/// Bytes 80 to FF of IBM code page 437, as Unicode's table `CP437.TXT` has them.
const IBM437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";
/// The same of code page 850, `CP850.TXT`.
const IBM850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}";

/// Characters from here to [`LOW_END`] and from [`HIGH`] to [`HIGH_END`] have a place in the tables.
const LOW: u32 = 0x80;
const LOW_END: u32 = 0x4C0;
const HIGH: u32 = 0x2000;
const HIGH_END: u32 = 0x2600;
/// The places of the two ligatures that the Macintosh has, and of its apple.
const LIGATURES: usize = (LOW_END - LOW + HIGH_END - HIGH) as usize;
const PLACES: usize = LIGATURES + 3;

struct Tables {
    /// In which encodings a character is the first byte of a UTF-8 sequence, and in which (in the upper half) a later one.
    roles: Vec<u32>,
    bytes: Vec<[u8; COUNT]>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(Tables::new);

/// What a character may be in a UTF-8 sequence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Roles<'a>(&'a [u32]);

impl Roles<'static> {
    /// Of all characters.
    pub(super) fn get() -> Self {
        Self(&TABLES.roles)
    }
}

impl Roles<'_> {
    /// The encodings in which it is a first byte, and those in which it is a later one.
    pub(super) fn of(self, character: char) -> (Codecs, Codecs) {
        let roles = place(character).map_or(0, |place| self.0[place]);
        ((roles & 0xFFFF) as Codecs, (roles >> 16) as Codecs)
    }
}

/// The number by which a layer is called that only took Windows-1252 for Latin-1.
pub(super) const LATIN_1: usize = COUNT;

/// What an encoding is called.
pub(super) fn name(codec: usize) -> &'static str {
    NAMES.get(codec).copied().unwrap_or("iso-8859-1")
}

/// The byte of a character in an encoding.
pub(super) fn byte(codec: usize, character: char) -> Option<u8> {
    let byte = TABLES.bytes[place(character)?][codec];
    (byte != 0).then_some(byte)
}

/// What Windows-1252 has for a character that was read as Latin-1.
pub(super) fn windows_1252(character: char) -> Option<char> {
    let byte = u8::try_from(u32::from(character)).ok()?;
    character_of(WINDOWS_1252, byte).filter(|meant| !meant.is_control())
}

fn place(character: char) -> Option<usize> {
    match u32::from(character) {
        code @ LOW..LOW_END => Some((code - LOW) as usize),
        code @ HIGH..HIGH_END => Some((code - HIGH + LOW_END - LOW) as usize),
        code @ 0xFB01..=0xFB02 => Some(LIGATURES + (code - 0xFB01) as usize),
        0xF8FF => Some(LIGATURES + 2),
        _ => None,
    }
}

impl Tables {
    fn new() -> Self {
        let mut tables = Self {
            roles: vec![0; PLACES],
            bytes: vec![[0; COUNT]; PLACES],
        };
        let known: [(usize, &'static Encoding); 10] = [
            (0, WINDOWS_1252),
            (1, WINDOWS_1250),
            (2, WINDOWS_1251),
            (3, WINDOWS_1254),
            (4, WINDOWS_1257),
            (5, ISO_8859_2),
            (6, WINDOWS_1253),
            (7, MACINTOSH),
            (10, IBM866),
            (11, KOI8_R),
        ];
        for byte in 0x80..=0xFF_u8 {
            for codec in 0..COUNT {
                tables.enter_some(
                    codec,
                    byte,
                    Some(char::from(byte)).filter(|character| character.is_control()),
                );
            }
            for (codec, encoding) in known {
                tables.enter_some(codec, byte, character_of(encoding, byte));
            }
            tables.enter_some(8, byte, IBM437.chars().nth(usize::from(byte - 0x80)));
            tables.enter_some(9, byte, IBM850.chars().nth(usize::from(byte - 0x80)));
        }
        tables
    }

    fn enter_some(&mut self, codec: usize, byte: u8, character: Option<char>) {
        if let Some(character) = character {
            self.enter(codec, byte, character);
        }
    }

    fn enter(&mut self, codec: usize, byte: u8, character: char) {
        let Some(place) = place(character) else { return };
        self.bytes[place][codec] = byte;
        let bit = 1 << codec;
        self.roles[place] |= match byte {
            0x80..=0xBF => bit << 16,
            byte if leads(codec, byte) => bit,
            _ => 0,
        };
    }
}

/// Whether a byte begins the UTF-8 of characters that texts have: not of Armenian, Syriac, Thaana, N'Ko and what lies
/// between the planes, whose first bytes are common signs (`’`, `…`, `À`) in most of the encodings. Of the blocks around
/// phonetic and combining signs only Windows-1252 and its neighbours are asked. In the two old Russian encodings most first
/// bytes are common letters, and only those of Cyrillic, of signs and of accented letters count.
fn leads(codec: usize, byte: u8) -> bool {
    match byte {
        0xC2 | 0xC3 | 0xD0 | 0xD1 => true,
        // A small Te, which begins a sequence with most letters after it.
        0xE2 => NAMES[codec] != "ibm866",
        _ if NAMES[codec] == "ibm866" || NAMES[codec] == "koi8-r" => false,
        0xC4 | 0xC5 | 0xCE | 0xCF | 0xD7..=0xDB | 0xE0..=0xF0 => true,
        0xCC => NAMES[codec] != "macintosh" && codec != 2,
        0xC6..=0xCD => codec < 6 && codec != 2,
        _ => false,
    }
}

/// Whether bytes are taken for UTF-8 in an encoding. In IBM's Russian one most sequences of three are plain words: only
/// those of punctuation count.
pub(super) fn likely(codec: usize, bytes: &[u8]) -> bool {
    NAMES[codec] != "ibm866" || bytes[0] < 0xE0 || bytes.get(1) == Some(&0x80)
}

fn character_of(encoding: &'static Encoding, byte: u8) -> Option<char> {
    let bytes = [byte];
    let decoded = encoding.decode_without_bom_handling(&bytes).0;
    decoded.chars().next().filter(|&character| character != '\u{FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_go_back_to_their_bytes() {
        assert_eq!(byte(0, '€'), Some(0x80));
        assert_eq!(byte(0, '\u{81}'), Some(0x81));
        assert_eq!(byte(2, 'Р'), Some(0xD0));
        assert_eq!(byte(7, '√'), Some(0xC3));
        assert_eq!(byte(8, '├'), Some(0xC3));
        assert_eq!(byte(9, '├'), Some(0xC3));
        assert_eq!(byte(0, '├'), None);
        assert_eq!(byte(0, '字'), None);
        assert_eq!(IBM437.chars().count(), 128);
        assert_eq!(IBM850.chars().count(), 128);
    }

    #[test]
    fn roles_are_those_of_the_bytes() {
        let roles = Roles::get();
        assert_eq!(roles.of('Ã').0 & 1, 1);
        assert_eq!(roles.of('¼').1 & 1, 1);
        assert_eq!(roles.of('’').0 & 1 << 7, 0, "Armenian is not asked for");
        assert_eq!(roles.of('a'), (0, 0));
    }
}
