//! Abbreviations of initials in a text, and where it says what they stand for.

use super::vocabulary::{Capital, Vocabulary};

/// An abbreviation where it stands: `UNESCO`, `IWB-FI`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acronym<'a> {
    /// As it is written.
    pub text: &'a str,
    /// Its first byte.
    pub start: usize,
    /// Whether it stands in brackets after its expansion, or before it.
    pub explained: bool,
}

/// A longer run of capitals is a word that is shouted.
const LONGEST: usize = 10;
/// So many words in capitals show how a text writes.
const MANY: usize = 16;
/// A longer row of words in capitals is a headline.
const ROW: usize = 2;

/// The abbreviations of a text of three letters and more, in order.
///
/// A text with many words in capitals has none that could be told from them.
pub fn acronyms<'a>(text: &'a str, vocabulary: &Vocabulary) -> Vec<Acronym<'a>> {
    let capitals = &vocabulary.capitals;
    let shouted = capitals.iter().filter(|one| is_shouted(one)).count();
    if shouted * 4 > capitals.len() && shouted > MANY {
        return Vec::new();
    }
    let mut acronyms = Vec::new();
    let mut at = 0;
    while at < capitals.len() {
        let row = row(capitals, at);
        if row.words <= ROW && is_shouted(&capitals[at]) {
            acronyms.extend(acronym(text, capitals[at], &capitals[at + 1..at + row.tied]));
        }
        at += if row.words <= ROW { row.tied } else { row.all };
    }
    acronyms
}

fn is_shouted(capital: &Capital) -> bool {
    capital.is_shouted() && capital.len > 1
}

/// A row of words in capitals.
struct Row {
    /// How many words a space divides.
    words: usize,
    /// How many of the first a hyphen ties.
    tied: usize,
    all: usize,
}

fn row(capitals: &[Capital], at: usize) -> Row {
    let shouted = |one: &&Capital| is_shouted(one);
    let tied = capitals[at + 1..]
        .iter()
        .take_while(|one| one.is_tied() && is_shouted(one))
        .count()
        + 1;
    let all = capitals[at + 1..]
        .iter()
        .take_while(|one| (one.is_tied() || one.follows()) && shouted(one))
        .count()
        + 1;
    let words = capitals[at..at + all]
        .iter()
        .skip(1)
        .filter(|one| one.follows())
        .count()
        + 1;
    Row { words, tied, all }
}

fn acronym<'a>(text: &'a str, first: Capital, tied: &[Capital]) -> Option<Acronym<'a>> {
    let start = first.start as usize;
    let end = tied.last().map_or(first.end(), Capital::end);
    let word = text.get(start..end)?;
    let letters = word.chars().filter(|letter| letter.is_alphabetic()).count();
    let plain = !first.has_digit() && (3..=LONGEST).contains(&letters);
    let part = text[..start].ends_with(['-', '.', '/', '@', '#', '_', '&', '$', '\'', '’'])
        || text[end..].starts_with(['-', '/', '@', '_', '&', '=', '\u{301}'])
        || (text[end..].starts_with('.') && text[end + 1..].starts_with(char::is_alphanumeric));
    (plain && !part && !is_roman(word)).then(|| Acronym {
        text: word,
        start,
        explained: is_explained(text, start, end),
    })
}

fn is_roman(word: &str) -> bool {
    word.bytes().all(|byte| b"IVXLCDM".contains(&byte))
}

/// Whether it stands in brackets, or brackets follow it.
fn is_explained(text: &str, start: usize, end: usize) -> bool {
    let quotes = ['"', '“', '”', '\'', '‘', '’', '«', '»', ' ', '*'];
    let before = text[..start].trim_end_matches(quotes);
    let after = text[end..].trim_start_matches(quotes);
    before.ends_with(['(', '[', '（']) || after.starts_with(['(', '（', '=', '–', '—']) || before.ends_with([')', '='])
}

/// The capitals that the words before an opening bracket begin with, the nearest last, at most so many; small words are
/// passed over.
pub fn initials_before(text: &str, start: usize, most: usize) -> Vec<(char, usize)> {
    let before = text[..start].trim_end_matches(['"', '“', '\'', '‘', ' ', '*']);
    let Some(bare) = before.strip_suffix('(') else {
        return Vec::new();
    };
    let bare = bare.trim_end_matches([' ', '-', '–', '\u{a0}', '"', '”', '’', '\'', '*']);
    let mut initials = Vec::new();
    let mut end = bare.len();
    for _ in 0..most * 2 {
        let head = &bare[..end];
        let length: usize = head
            .chars()
            .rev()
            .take(40)
            .take_while(|letter| letter.is_alphanumeric() || matches!(letter, '\'' | '’'))
            .map(char::len_utf8)
            .sum();
        let word = &head[head.len() - length..];
        let Some(first) = word.chars().next() else { break };
        if first.is_uppercase() {
            initials.push((first, head.len() - length));
        } else if word.len() > 4 {
            break;
        }
        end = head.len() - length;
        let Some(next) = bare[..end].strip_suffix([' ', '-', '\u{a0}', '\n']) else {
            break;
        };
        end = next.len();
        if initials.len() == most {
            break;
        }
    }
    initials.reverse();
    initials
}

/// Abbreviations that nobody has to spell out, sorted.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "AAA", "ABBA", "ABC", "ACLU", "ADAC", "ADHD", "ADN", "AEG", "AFP", "AGB", "AIDS", "AIG", "AKA", "AKP", "ALDI",
    "AMC", "AMD", "AMG", "ANC", "ANSA", "AOL", "API", "ARD", "ARM", "ASAP", "ASCII", "ATM", "ATP", "AWS", "BAFÖG",
    "BASF", "BBB", "BBC", "BBQ", "BCE", "BDI", "BGB", "BHP", "BILD", "BIOS", "BJP", "BKA", "BMI", "BMW", "BND",
    "BRD", "BSD", "BSI", "BST", "BTC", "BTS", "BVB", "BVG", "CAD", "CAM", "CBC", "CBD", "CBS", "CCC", "CCOO",
    "CCTV", "CDC", "CDROM", "CDU", "CEO", "CEPAL", "CERN", "CES", "CEST", "CET", "CFDT", "CFO", "CGIL", "CGT",
    "CIA", "CIO", "CISL", "CIU", "CMS", "CNBC", "CNC", "CNN", "CNRS", "COO", "COP", "CORS", "COVID", "CPU", "CRM",
    "CSI", "CSIRO", "CSS", "CSU", "CSV", "CTO", "CTR", "CVS", "DARPA", "DDR", "DEA", "DFB", "DGB", "DHL", "DHS",
    "DIN", "DIY", "DJI", "DLC", "DNA", "DNI", "DNS", "DOC", "DOJ", "DOM", "DPA", "DSGVO", "DSL", "DSLR", "DVD",
    "DVR", "EBITDA", "ECB", "ECOWAS", "EEG", "EFF", "EFTA", "EKG", "EMS", "ENISA", "EPA", "EPD", "EPL", "EPP",
    "ERC", "ERP", "ESA", "ESPN", "EST", "ETA", "ETC", "ETF", "ETH", "EUR", "EUROPOL", "EZB", "FAA", "FAO", "FAQ",
    "FARC", "FAZ", "FBI", "FCC", "FDA", "FDP", "FEMA", "FIA", "FIFA", "FINA", "FPS", "FPÖ", "FSB", "FTC", "FTP",
    "FYI", "GAZPROM", "GBP", "GCHQ", "GDP", "GDPR", "GHZ", "GIF", "GIS", "GMBH", "GMT", "GNP", "GNU", "GOP", "GPL",
    "GPS", "GPU", "GSM", "GUI", "HBO", "HDD", "HDMI", "HIV", "HMS", "HMV", "HPV", "HSBC", "HTC", "HTML", "HTTP",
    "HTTPS", "IAEA", "IBAN", "IBM", "ICC", "ICE", "IDE", "IDF", "IEEE", "IETF", "IFOR", "IGN", "IKEA", "IMAP",
    "IMDB", "IMF", "INC", "INPS", "INSEE", "INTERPOL", "IOC", "IPA", "IPCC", "IPO", "IRA", "IRC", "IRPEF", "IRS",
    "ISAF", "ISBN", "ISDN", "ISIL", "ISIS", "ISO", "ISP", "ISS", "ISSN", "ITV", "IVA", "JFK", "JPEG", "JPG", "JSON",
    "KFC", "KFOR", "KFZ", "KGB", "KKK", "KLM", "KNA", "KPI", "LAPD", "LAX", "LCD", "LED", "LGBT", "LGBTI", "LGBTQ",
    "LGBTQIA", "LLC", "LNG", "LOL", "LREM", "LSD", "LTD", "LTE", "MAS", "MBA", "MCU", "MDMA", "MDR", "MEP", "MGM",
    "MIT", "MLB", "MLS", "MMO", "MMORPG", "MOMA", "MOOC", "MPEG", "MRI", "MRSA", "MRT", "MSN", "MSNBC", "MTV",
    "MVP", "NAACP", "NAFTA", "NAS", "NASA", "NASCAR", "NASDAQ", "NATO", "NBA", "NBC", "NCAA", "NDR", "NEC", "NFC",
    "NFL", "NFT", "NGO", "NHK", "NHL", "NHS", "NIH", "NOAA", "NPC", "NPD", "NPR", "NRA", "NRW", "NSA", "NSDAP",
    "NSU", "NTV", "NVIDIA", "NYC", "NYPD", "NYSE", "NYT", "NYU", "NZZ", "OCR", "OECD", "OLED", "OMG", "OMS", "ONU",
    "OPCW", "OPEC", "ORF", "OSCE", "OSZE", "OTAN", "PAC", "PAN", "PBS", "PDF", "PDL", "PDS", "PEGIDA", "PGA", "PGP",
    "PHD", "PHP", "PIB", "PIN", "PKK", "PLO", "PNG", "PNV", "POS", "POW", "PPC", "PPP", "PRD", "PRI", "PSOE",
    "PTSD", "PVC", "RAE", "RAF", "RAI", "RAID", "RAM", "RATP", "RBB", "README", "REM", "RER", "RFC", "RFID", "RGB", "RIA",
    "RKI", "RNA", "ROI", "ROM", "RPG", "RSS", "RSVP", "RTE", "RTL", "RTVE", "RWE", "SAAS", "SAP", "SARS", "SAS",
    "SAT", "SDK", "SEC", "SED", "SEO", "SERP", "SFOR", "SIDA", "SIM", "SLR", "SMIC", "SMS", "SNCF", "SNL", "SNP",
    "SOS", "SPD", "SPIEGEL", "SPÖ", "SQL", "SRF", "SSD", "SSH", "SSL", "STGB", "SUV", "SWAT", "SWR", "TASS", "TAV",
    "TCP", "TED", "TGV", "TIFF", "TLS", "TNT", "TSA", "TSV", "TUI", "TVA", "TÜV", "UAE", "UAW", "UCI", "UCLA",
    "UEFA", "UFC", "UFO", "UGT", "UIL", "UKIP", "UMP", "UNESCO", "UNHCR", "UNICEF", "UNIFIL", "UNISON", "UNIX",
    "UNO", "UNRWA", "URL", "URSS", "USA", "USB", "USD", "USSR", "UTC", "VAR", "VAT", "VHS", "VIP", "VOX", "VPN",
    "WDR", "WHO", "WLAN", "WTA", "WTF", "WTO", "WWE", "WWF", "WWW", "XML", "YAML", "YMCA", "ZANU", "ZDF", "ZIP",
    "ÖBB", "ÖVP",
];

/// Whether an abbreviation is known to everybody.
pub fn is_known(acronym: &str) -> bool {
    KNOWN.binary_search(&acronym).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(&str, bool)> {
        let acronyms = acronyms(text, &Vocabulary::of(text));
        acronyms.iter().map(|one| (one.text, one.explained)).collect()
    }

    #[test]
    fn known_ones_are_sorted() {
        assert!(KNOWN.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn tells_abbreviations_from_shouts() {
        let text = "The Tarn Weir Board (TWB) and IWB-FI met in XIV; NOBODY CAME IN TIME. A TWB-like body.";
        assert_eq!(of(text), [("TWB", true), ("IWB-FI", false)]);
    }

    #[test]
    fn reads_initials_backwards() {
        let text = "met the Board of the Upper Weir- (BUW)";
        let initials: String = initials_before(text, text.find("BUW").expect("there"), 3)
            .iter()
            .map(|(letter, _)| *letter)
            .collect();
        assert_eq!(initials, "BUW");
    }
}
