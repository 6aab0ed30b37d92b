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

/// A digest of the present bytes that a value may stand for.
struct Known {
    title: String,
    digest: Digest,
}

/// All digests of the bytes, and their Git blob ids.
fn known_digests(bytes: &[u8]) -> Vec<Known> {
    let plain = |algorithm: Algorithm| Known {
        title: algorithm.title().to_owned(),
        digest: algorithm.digest(bytes),
    };
    let blob = |algorithm: Algorithm| Known {
        title: format!(
            "Git blob id ({} of `blob {}`, NUL and the bytes)",
            algorithm.title(),
            bytes.len()
        ),
        digest: blob_id(algorithm, bytes),
    };
    let blobs = [Algorithm::Sha1, Algorithm::Sha256].map(blob);
    Algorithm::ALL.map(plain).into_iter().chain(blobs).collect()
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
    let cores: Vec<Core> = cores(text)
        .into_iter()
        .filter(|core| core.text.len() >= SHORTEST)
        .collect();
    if cores.is_empty() {
        return None;
    }
    let known = known_digests(bytes);
    let said = |spelled: fn(&Core, &[Known]) -> Option<String>| cores.iter().find_map(|core| spelled(core, &known));
    let what = said(whole_digest)
        .or_else(|| said(first_digits))
        .or_else(|| said(nearly_digest))?;
    Some(format!("it is {what}"))
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

fn whole_digest(core: &Core, known: &[Known]) -> Option<String> {
    let spellings = [
        (decode_hex(&core.text), hex_case(&core.text)),
        (decode_base64(&core.text), " in base64"),
        (decode_base32(&core.text), " in base32"),
    ];
    spellings.into_iter().find_map(|(decoded, how)| {
        let decoded = decoded?;
        let same = known.iter().find(|known| known.digest.as_bytes() == decoded)?;
        Some(format!("the {} of the present bytes{how}{}", same.title, core.how))
    })
}

fn hex_case(text: &str) -> &'static str {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        " in upper case"
    } else {
        ""
    }
}

/// A digest that was cut: the first digits, or all but some.
fn first_digits(core: &Core, known: &[Known]) -> Option<String> {
    let digits = core.text.to_ascii_lowercase();
    let same = known
        .iter()
        .find(|known| known.digest.to_string().starts_with(&digits))?;
    Some(format!(
        "only the first {} digits of the {} of the present bytes{}",
        digits.len(),
        same.title,
        core.how
    ))
}

/// A digest that was copied by hand: all digits but one or two.
fn nearly_digest(core: &Core, known: &[Known]) -> Option<String> {
    let digits = core.text.to_ascii_lowercase();
    known.iter().find_map(|known| {
        let slips = match wrong_digits(&known.digest.to_string(), &digits)? {
            1 => "one wrong digit",
            SLIPS => "two wrong digits",
            _ => return None,
        };
        Some(format!(
            "the {} of the present bytes with {slips}{}",
            known.title, core.how
        ))
    })
}

/// How many digits differ, where there are as many.
fn wrong_digits(right: &str, read: &str) -> Option<usize> {
    let wrong = right
        .chars()
        .zip(read.chars())
        .filter(|(right, read)| right != read)
        .count();
    (right.len() == read.chars().count()).then_some(wrong)
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

    const SHA_256: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const BASE64: &str = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
    const BASE32: &str = "VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5";
    const BLOB: &str = "f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f";

    /// What is said of a spelling of a digest of "abc", whose digests the standards give.
    fn said(text: &str) -> String {
        let said = explain_value(text, b"abc").unwrap_or_default();
        said.replace("it is the ", "").replace(" of the present bytes", "")
    }

    #[test]
    fn other_spellings_are_named() {
        assert_eq!(said("900150983cd24fb0d6963f7d28e17f72"), "MD5");
        assert_eq!(said(&SHA_256.to_uppercase()), "SHA-256 in upper case");
        assert_eq!(said(BASE64), "SHA-256 in base64");
        assert_eq!(said(&BASE64.replace('+', "-").replace('/', "_")), "SHA-256 in base64");
        assert_eq!(said(BASE32), "SHA-1 in base32");
        assert_eq!(said(&BASE32.to_lowercase()), "SHA-1 in base32");
        assert_eq!(said(BLOB), "Git blob id (SHA-1 of `blob 3`, NUL and the bytes)");
        let groups = "a9:99:3e:36:47:06:81:6a:ba:3e:25:71:78:50:c2:6c:9c:d0:d8:9d";
        assert_eq!(said(groups), "SHA-1, in groups of digits");
    }

    #[test]
    fn labels_and_file_names_are_seen_through() {
        let after = |label: &str, digest: &str| said(&format!("{label}{digest}"));
        assert_eq!(after("sha256:", SHA_256), "SHA-256, after `sha256:`");
        assert_eq!(after("SHA-256: ", SHA_256), "SHA-256, after `SHA-256:`");
        assert_eq!(after("sha256-", BASE64), "SHA-256 in base64, after `sha256-`");
        assert_eq!(after("urn:sha1:", BASE32), "SHA-1 in base32, after `urn:sha1:`");
        assert_eq!(after("0x", SHA_256), "SHA-256, after `0x`");
        assert_eq!(after(" ", SHA_256), "SHA-256, with white space around it");
        assert_eq!(after("SHA256 (abc.txt) = ", SHA_256), "SHA-256, after a file name");
        assert_eq!(said(&format!("{SHA_256} *abc.txt")), "SHA-256, beside a file name");
        assert_eq!(
            said(&format!("sha-256=:{BASE64}:")),
            "SHA-256 in base64, after `sha-256=:`"
        );
        assert!(after("swh:1:cnt:", BLOB).ends_with("after `swh:1:cnt:`"));
    }

    #[test]
    fn cut_and_miscopied_digests_are_known() {
        assert_eq!(said(&SHA_256[..12]), "it is only the first 12 digits of the SHA-256");
        assert_eq!(said(&SHA_256.replacen('b', "d", 1)), "SHA-256 with one wrong digit");
        assert_eq!(said(&SHA_256.replacen('0', "O", 2)), "SHA-256 with two wrong digits");
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
