//! Character references of HTML: what stands for a name or a number between `&` and `;`.

/// References by name, with what they stand for, of the list in the HTML standard
/// (<https://html.spec.whatwg.org/multipage/named-characters.html>).
const NAMED: [(&str, &str); 90] = [
    ("aacute", "á"),
    ("acirc", "â"),
    ("acute", "´"),
    ("aelig", "æ"),
    ("agrave", "à"),
    ("amp", "&"),
    ("apos", "'"),
    ("aring", "å"),
    ("atilde", "ã"),
    ("auml", "ä"),
    ("bdquo", "„"),
    ("brvbar", "¦"),
    ("bull", "•"),
    ("ccedil", "ç"),
    ("cent", "¢"),
    ("copy", "©"),
    ("dagger", "†"),
    ("deg", "°"),
    ("divide", "÷"),
    ("eacute", "é"),
    ("ecirc", "ê"),
    ("egrave", "è"),
    ("emsp", " "),
    ("ensp", " "),
    ("eth", "ð"),
    ("euml", "ë"),
    ("euro", "€"),
    ("frac12", "½"),
    ("frac14", "¼"),
    ("frac34", "¾"),
    ("gt", ">"),
    ("hellip", "…"),
    ("iacute", "í"),
    ("icirc", "î"),
    ("iexcl", "¡"),
    ("igrave", "ì"),
    ("iquest", "¿"),
    ("iuml", "ï"),
    ("laquo", "«"),
    ("ldquo", "“"),
    ("lsaquo", "‹"),
    ("lsquo", "‘"),
    ("lt", "<"),
    ("mdash", "—"),
    ("micro", "µ"),
    ("middot", "·"),
    ("minus", "−"),
    ("nbsp", " "),
    ("ndash", "–"),
    ("ntilde", "ñ"),
    ("oacute", "ó"),
    ("ocirc", "ô"),
    ("oelig", "œ"),
    ("ograve", "ò"),
    ("ordf", "ª"),
    ("ordm", "º"),
    ("oslash", "ø"),
    ("otilde", "õ"),
    ("ouml", "ö"),
    ("para", "¶"),
    ("permil", "‰"),
    ("plusmn", "±"),
    ("pound", "£"),
    ("prime", "′"),
    ("quot", "\""),
    ("raquo", "»"),
    ("rarr", "→"),
    ("rdquo", "”"),
    ("reg", "®"),
    ("rsaquo", "›"),
    ("rsquo", "’"),
    ("sbquo", "‚"),
    ("scaron", "š"),
    ("sect", "§"),
    ("shy", "\u{AD}"),
    ("sup1", "¹"),
    ("sup2", "²"),
    ("sup3", "³"),
    ("szlig", "ß"),
    ("thinsp", " "),
    ("thorn", "þ"),
    ("times", "×"),
    ("trade", "™"),
    ("uacute", "ú"),
    ("ucirc", "û"),
    ("ugrave", "ù"),
    ("uuml", "ü"),
    ("yacute", "ý"),
    ("yen", "¥"),
    ("yuml", "ÿ"),
];
/// The names that are also written in capitals.
const CAPITALS: [&str; 6] = ["AMP", "COPY", "GT", "LT", "QUOT", "REG"];

/// What stands for a name or a number between `&` and `;`.
pub fn meaning(name: &str) -> Option<String> {
    match name.strip_prefix('#') {
        Some(number) => numbered(number),
        None => named(name),
    }
}

fn named(name: &str) -> Option<String> {
    let known = |name: &str| {
        let at = NAMED.binary_search_by_key(&name, |(known, _)| *known).ok()?;
        Some(NAMED[at].1)
    };
    if let Some(meant) = known(name) {
        return Some(meant.to_owned());
    }
    let meant = known(&name.to_ascii_lowercase())?;
    let letter = meant.chars().all(char::is_alphabetic) && name.starts_with(|first: char| first.is_ascii_uppercase());
    let capital = match letter {
        true => meant.to_uppercase(),
        false => meant.to_owned(),
    };
    (letter || CAPITALS.contains(&name)).then_some(capital)
}

/// A number stands for its character; those of 80 to 9F for what Windows-1252 has there
/// (<https://html.spec.whatwg.org/multipage/parsing.html#numeric-character-reference-end-state>).
fn numbered(number: &str) -> Option<String> {
    let (digits, radix) = number
        .strip_prefix(['x', 'X'])
        .map_or((number, 10), |digits| (digits, 16));
    if digits.starts_with('+') {
        return None; // What the standard library takes for a number HTML does not.
    }
    let code = u32::from_str_radix(digits, radix).ok()?;
    let byte = u8::try_from(code).ok().filter(|byte| (0x80..0xA0).contains(byte));
    let character = match byte {
        Some(byte) => encoding_rs::WINDOWS_1252
            .decode_without_bom_handling(&[byte])
            .0
            .chars()
            .next()?,
        None => char::from_u32(code)?,
    };
    let shown = if character == '\u{A0}' { ' ' } else { character };
    (!shown.is_control()).then(|| shown.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order() {
        assert!(NAMED.is_sorted_by(|one, other| one.0 < other.0));
    }
}
