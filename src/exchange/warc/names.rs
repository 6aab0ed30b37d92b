//! Names of files for addresses: safe on all systems, each once, and the same whenever the same archive is read.

use std::collections::HashSet;

use crate::address::Address;
use crate::digest::Algorithm;

/// A name has at most so many bytes without its ending; what all systems take is 255.
const LONGEST: usize = 120;
/// Names of devices on Windows.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The names that were given, in lower case.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// The name for a capture of an address, with `/` between host and file: at first without its time, then with it, then counted.
    pub(super) fn name(&mut self, address: &str, date: &str, ending: &str) -> String {
        let base = base(address);
        let digits: String = date.chars().filter(char::is_ascii_digit).take(14).collect();
        let plain = format!("{base}.{ending}");
        if self.take(&plain) {
            return plain;
        }
        let dated = format!("{base}-{digits}");
        let names = (1..).map(|turn: usize| match turn {
            1 => format!("{dated}.{ending}"),
            turn => format!("{dated}-{turn}.{ending}"),
        });
        let mut free = names.filter(|name| self.take(name));
        free.next().unwrap_or(plain)
    }

    fn take(&mut self, name: &str) -> bool {
        self.0.insert(name.to_lowercase())
    }
}

fn base(address: &str) -> String {
    let Ok(parsed) = Address::parse(address) else {
        return format!("other/{}", sound(address, true, address));
    };
    let path = parsed.path().trim_matches('/');
    let path = if path.is_empty() { "index" } else { path };
    let more = address.contains(['?', '#']);
    format!(
        "{}/{}",
        sound(parsed.host(), false, address),
        sound(&without_ending(path), more, address)
    )
}

/// A path without the ending of a page, which the name gets anyway.
fn without_ending(path: &str) -> String {
    let endings = [".html", ".htm", ".xhtml", ".txt", ".md"];
    let plain = endings.iter().find_map(|ending| path.strip_suffix(ending));
    plain
        .filter(|plain| !plain.is_empty() && !plain.ends_with('/'))
        .unwrap_or(path)
        .to_owned()
}

/// A text as a name. Where it says less than the address, a part of the digest of that stands behind it.
fn sound(text: &str, more: bool, address: &str) -> String {
    let mut name = String::new();
    let mut changed = more;
    for character in text.chars() {
        match character {
            '/' if !name.ends_with('-') => name.push('-'),
            _ if character.is_ascii_alphanumeric() || matches!(character, '-' | '_') => name.push(character),
            '.' if !name.is_empty() && !name.ends_with('.') => name.push('.'),
            _ => {
                changed = true;
                if !name.ends_with('_') {
                    name.push('_');
                }
            }
        }
    }
    changed |= name.len() > LONGEST || name.ends_with('.');
    name.truncate(LONGEST);
    let stem = name
        .trim_end_matches('.')
        .split('.')
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let device = DEVICES.contains(&stem.as_str())
        || port.is_some_and(|digit| digit.len() == 1 && digit != "0" && digit.as_bytes()[0].is_ascii_digit());
    if device {
        name.insert(0, '_');
    }
    let name = name.trim_end_matches('.');
    match changed || name.is_empty() {
        true => format!("{name}-{}", Algorithm::Sha256.digest(address.as_bytes()).short())
            .trim_start_matches('-')
            .to_owned(),
        false => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::TextPath;

    #[test]
    fn names_are_safe_and_told_apart() {
        let mut names = Names::default();
        let mut name = |address: &str| names.name(address, "2024-05-01T12:00:00Z", "html");
        assert_eq!(
            name("https://example.org/news/2019/mill.html"),
            "example.org/news-2019-mill.html"
        );
        assert_eq!(
            name("https://EXAMPLE.org/News/2019/mill"),
            "example.org/News-2019-mill-20240501120000.html"
        );
        assert_eq!(
            name("https://example.org/news/2019/mill"),
            "example.org/news-2019-mill-20240501120000-2.html"
        );
        assert_eq!(name("https://example.org"), "example.org/index.html");
        assert_eq!(name("https://example.org/con"), "example.org/_con.html");
        assert!(name("https://example.org/a?id=3").starts_with("example.org/a-"));
    }

    #[test]
    fn any_address_gets_a_path_that_every_system_takes() {
        let long = format!("https://example.org/{}", "a/".repeat(400));
        let tempting = [
            "https://example.org/../../etc/passwd",
            "https://example.org/a%2F..%2Fb",
            "https://example.org/com1.txt",
            "https://example.org/....",
            "https://xn--mhle-0ra.example/m%C3%BChle",
            "dns:example.org",
            "urn:x:..\\..\\y",
            "",
            "https://[::1]:8080/x:y*z",
            &long,
        ];
        let mut names = Names::default();
        let mut seen = HashSet::new();
        for address in tempting {
            let name = names.name(address, "2024", "txt");
            let path = TextPath::new(&name).unwrap_or_else(|why| panic!("{address}: {name} {why}"));
            assert_eq!(path.unportable(), None, "{address}: {name}");
            assert!(name.len() < 255 && seen.insert(name), "{address}");
        }
    }
}
