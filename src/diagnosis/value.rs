//! What a recorded value is that is no digest of its algorithm: most are the right digest, written in another way.

use super::record::blob_id;
use crate::digest::{Algorithm, Digest};
use crate::manifest::decode_base64;

/// The fewest digits that name a text: Git's short ids have seven.
const SHORTEST: usize = 7;

/// How many digits of a copied digest may be wrong for it to be that digest still.
const SLIPS: usize = 2;

/// A part of a value that may be a digest, and what stands around it.
struct Core {
    text: String,
    how: String,
}

/// A digest that a value may stand for.
#[derive(Clone, Copy)]
enum Target {
    Plain(Algorithm),
    Blob(Algorithm),
}

impl Target {
    fn all() -> impl Iterator<Item = Self> {
        let blobs = [Algorithm::Sha1, Algorithm::Sha256].map(Self::Blob);
        Algorithm::ALL.map(Self::Plain).into_iter().chain(blobs)
    }

    fn algorithm(self) -> Algorithm {
        match self {
            Self::Plain(algorithm) | Self::Blob(algorithm) => algorithm,
        }
    }

    fn digest(self, bytes: &[u8]) -> Digest {
        match self {
            Self::Plain(algorithm) => algorithm.digest(bytes),
            Self::Blob(algorithm) => blob_id(algorithm, bytes),
        }
    }

    fn title(self, length: usize) -> String {
        match self {
            Self::Plain(algorithm) => algorithm.title().to_owned(),
            Self::Blob(algorithm) => {
                format!(
                    "Git blob id ({} of `blob {length}`, NUL and the bytes)",
                    algorithm.title()
                )
            }
        }
    }
}

/// What a recorded value is that is no digest of its algorithm: another digest, or another spelling of the digest, of
/// these bytes.
///
/// It knows every algorithm and the Git blob id; hexadecimal digits in either case or in groups, base64 and base32;
/// labels before and file names beside them; the first digits alone; and a digest with a slip of the pen.
///
/// ```
/// use vidimus::diagnosis::explain_value;
///
/// let said = explain_value("900150983CD24FB0D6963F7D28E17F72", b"abc");
/// assert_eq!(said.as_deref(), Some("it is the MD5 of the present bytes in upper case"));
/// assert_eq!(explain_value("todo", b"abc"), None);
/// ```
pub fn explain_value(text: &str, bytes: &[u8]) -> Option<String> {
    let cores = cores(text);
    let whole = || cores.iter().find_map(|core| whole_digest(core, bytes));
    let first = || cores.iter().find_map(|core| first_digits(core, bytes));
    let nearly = || cores.iter().find_map(|core| nearly_digest(core, bytes));
    whole().or_else(first).or_else(nearly)
}

/// The parts of a value that may be a digest, the whole first.
fn cores(text: &str) -> Vec<Core> {
    let trimmed = text.trim();
    let core = |text: &str, how: &str| Core {
        text: text.to_owned(),
        how: how.to_owned(),
    };
    let spaced = if trimmed == text {
        ""
    } else {
        ", with white space around it"
    };
    let mut cores = vec![core(trimmed, spaced)];
    cores.extend(after_label(trimmed));
    let words: Vec<&str> = trimmed.split_whitespace().collect();
    if let [first, .., last] = words.as_slice() {
        cores.push(core(first, ", beside a file name"));
        cores.push(core(last, ", after a file name"));
    }
    let joined: String = trimmed.chars().filter(|c| !matches!(c, ':' | '-' | ' ')).collect();
    cores.push(core(&joined, ", in groups of digits"));
    cores
}

/// What follows a label: `sha256:…`, `sha256-…` (Subresource Integrity), `sha-256=:…:` (RFC 9530), `urn:sha1:…`, `0x…`.
fn after_label(text: &str) -> Option<Core> {
    let plain = text.trim_end_matches(':');
    let names = |at: &usize| Algorithm::from_name(&plain[..*at]).is_some();
    let delimiters = || {
        plain
            .char_indices()
            .filter(|(_, c)| matches!(c, ':' | '-' | '='))
            .map(|(at, _)| at)
    };
    let end = delimiters().find(names).or_else(|| plain.rfind(':')).map(|at| at + 1);
    let end = end.or_else(|| plain.starts_with("0x").then_some(2))?;
    let digest = plain[end..].trim_start_matches([':', ' ']);
    let label = plain[..plain.len() - digest.len()].trim_end();
    let shown = label.len() <= 24 && label.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'`');
    let how = if shown {
        format!(", after `{label}`")
    } else {
        ", after a label".to_owned()
    };
    Some(Core {
        text: digest.to_owned(),
        how,
    })
}

fn whole_digest(core: &Core, bytes: &[u8]) -> Option<String> {
    let spellings = [
        (decode_hex(&core.text), hex_case(&core.text)),
        (decode_base64(&core.text), " in base64"),
        (decode_base32(&core.text), " in base32"),
    ];
    spellings.into_iter().find_map(|(decoded, how)| {
        let decoded = decoded?;
        let same = |target: &Target| target.digest(bytes).as_bytes() == decoded;
        let target = Target::all()
            .filter(|target| target.algorithm().length() == decoded.len())
            .find(same)?;
        Some(said("", target, bytes, &format!("{how}{}", core.how)))
    })
}

fn said(part: &str, target: Target, bytes: &[u8], how: &str) -> String {
    format!(
        "it is {part}the {} of the present bytes{how}",
        target.title(bytes.len())
    )
}

fn hex_case(text: &str) -> &'static str {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        " in upper case"
    } else {
        ""
    }
}

/// A digest that was cut: the first digits, or all but some.
fn first_digits(core: &Core, bytes: &[u8]) -> Option<String> {
    let digits = core.text.to_ascii_lowercase();
    let hex = digits.len() >= SHORTEST && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let longer = |target: &Target| target.algorithm().length() * 2 > digits.len();
    let same = |target: &Target| target.digest(bytes).to_string().starts_with(&digits);
    let target = Target::all().filter(|target| hex && longer(target)).find(same)?;
    Some(said(
        &format!("only the first {} digits of ", digits.len()),
        target,
        bytes,
        &core.how,
    ))
}

/// A digest that was copied by hand: all digits but one or two.
fn nearly_digest(core: &Core, bytes: &[u8]) -> Option<String> {
    let digits: Vec<char> = core.text.to_ascii_lowercase().chars().collect();
    let alike = |target: &Target| target.algorithm().length() * 2 == digits.len();
    let slips = |target: Target| {
        let right = target.digest(bytes).to_string();
        let wrong = right
            .chars()
            .zip(&digits)
            .filter(|(right, read)| right != *read)
            .count();
        (1..=SLIPS).contains(&wrong).then_some((target, wrong))
    };
    let (target, wrong) = Target::all().filter(alike).find_map(slips)?;
    let slips = if wrong == 1 {
        "one wrong digit"
    } else {
        "two wrong digits"
    };
    Some(said("", target, bytes, &format!(" with {slips}{}", core.how)))
}

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    let mut same_length = Algorithm::with_hex_length(text.len());
    let digest = same_length.find_map(|algorithm| Digest::from_hex(algorithm, text))?;
    Some(digest.as_bytes().to_vec())
}

/// Base32 (RFC 4648, 6) in either case, padded or not, as web archives write SHA-1.
fn decode_base32(text: &str) -> Option<Vec<u8>> {
    let value = |byte: u8| match byte.to_ascii_uppercase() {
        letter @ b'A'..=b'Z' => Some(letter - b'A'),
        digit @ b'2'..=b'7' => Some(digit - b'2' + 26),
        _ => None,
    };
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        held = (held << 5 | u32::from(value(byte)?)) & 0xFFF;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xFF) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digests of "abc" from the publications that define the functions, and spellings of them.
    #[test]
    fn spellings_are_named() {
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let base64 = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        let groups = "a9:99:3e:36:47:06:81:6a:ba:3e:25:71:78:50:c2:6c:9c:d0:d8:9d";
        let blob = "f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f";
        let cases = [
            ("900150983cd24fb0d6963f7d28e17f72", "the MD5 of the present bytes"),
            (&sha256.to_uppercase(), "the SHA-256 of the present bytes in upper case"),
            (base64, "the SHA-256 of the present bytes in base64"),
            (
                &base64.replace('+', "-").replace('/', "_"),
                "the SHA-256 of the present bytes in base64",
            ),
            (
                "VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5",
                "the SHA-1 of the present bytes in base32",
            ),
            (
                &format!("sha256:{sha256}"),
                "the SHA-256 of the present bytes, after `sha256:`",
            ),
            (
                &format!("SHA-256: {sha256}"),
                "the SHA-256 of the present bytes, after `SHA-256:`",
            ),
            (
                &format!("sha256-{base64}"),
                "the SHA-256 of the present bytes in base64, after `sha256-`",
            ),
            (
                &format!("sha-256=:{base64}:"),
                "the SHA-256 of the present bytes in base64, after `sha-256=:`",
            ),
            (
                "urn:sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5",
                "the SHA-1 of the present bytes in base32, after `urn:sha1:`",
            ),
            (&format!("0x{sha256}"), "the SHA-256 of the present bytes, after `0x`"),
            (
                &format!(" {sha256}\n"),
                "the SHA-256 of the present bytes, with white space around it",
            ),
            (
                &format!("{sha256} *abc.txt"),
                "the SHA-256 of the present bytes, beside a file name",
            ),
            (
                &format!("SHA256 (abc.txt) = {sha256}"),
                "the SHA-256 of the present bytes, after a file name",
            ),
            (groups, "the SHA-1 of the present bytes, in groups of digits"),
            (
                blob,
                "the Git blob id (SHA-1 of `blob 3`, NUL and the bytes) of the present bytes",
            ),
            (
                &format!("swh:1:cnt:{blob}"),
                "the Git blob id (SHA-1 of `blob 3`, NUL and the bytes) of the present bytes, after `swh:1:cnt:`",
            ),
            (
                &sha256[..12],
                "only the first 12 digits of the SHA-256 of the present bytes",
            ),
            (
                &sha256.replacen('b', "d", 1),
                "the SHA-256 of the present bytes with one wrong digit",
            ),
            (
                &sha256.replacen('0', "O", 2),
                "the SHA-256 of the present bytes with two wrong digits",
            ),
        ];
        for (text, want) in cases {
            assert_eq!(
                explain_value(text, b"abc").as_deref(),
                Some(&*format!("it is {want}")),
                "{text}"
            );
        }
    }

    #[test]
    fn other_values_are_not_explained() {
        for text in [
            "",
            "todo",
            "abc",
            "ba7816",
            "::",
            "0x",
            "sha256:",
            "é:é",
            &"0".repeat(64),
        ] {
            assert_eq!(explain_value(text, b"abc"), None, "{text}");
        }
    }
}
