//! Paths in a manifest: relative, with `/`, safe on every system whatever system reads them.

use std::borrow::Cow;
use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::object::Address;

/// A path that cannot leave the root on any platform.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextPath(String);

impl TextPath {
    /// Checks a path as written.
    ///
    /// # Errors
    /// Why it is refused, as the end of a sentence that begins with the path.
    pub fn new(path: &str) -> Result<Self, &'static str> {
        refuse_form(path)?;
        path.split('/').try_for_each(refuse_component)?;
        Ok(Self(path.to_owned()))
    }

    /// Checks the path of a shard, which may be the address of an object too.
    ///
    /// # Errors
    /// As [`TextPath::new`].
    pub fn of_shard(path: &str) -> Result<Self, &'static str> {
        match Address::parse(path) {
            None => Self::new(path),
            Some(address) if address.bucket.is_empty() => Err("is an address that names no bucket"),
            Some(address) => Self::new(address.key).map(|_| Self(path.to_owned())),
        }
    }

    /// The name of a record of a shard. It is no path that a file could be read from.
    pub(super) fn of_record(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two paths share that some file systems cannot tell apart: NFC, then lower case.
    pub fn folded(&self) -> Cow<'_, str> {
        fold(&self.0)
    }

    /// Why some system cannot hold a file of this name, where one cannot.
    pub fn unportable(&self) -> Option<&'static str> {
        if Address::parse(&self.0).is_some() {
            return None;
        }
        self.0.split('/').find_map(unportable_component)
    }
}

impl fmt::Display for TextPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// NFC, then lower case: what two names share that some file systems cannot tell apart.
pub fn fold(path: &str) -> Cow<'_, str> {
    if path.is_ascii() {
        let plain = !path.bytes().any(|byte| byte.is_ascii_uppercase());
        return if plain {
            path.into()
        } else {
            path.to_ascii_lowercase().into()
        };
    }
    let folded: String = path.nfc().collect::<String>().to_lowercase().nfc().collect();
    folded.into()
}

fn refuse_form(path: &str) -> Result<(), &'static str> {
    let drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    let refused = [
        (path.is_empty(), "is empty"),
        (
            path.starts_with('/'),
            "is absolute; paths are relative to the folder of the manifest",
        ),
        (
            path.contains('\\'),
            "holds a backslash; paths are written with `/` on every system",
        ),
        (drive, "names a drive; paths are relative to the folder of the manifest"),
        (
            path.starts_with('~'),
            "begins with `~`, which a shell expands to a home folder",
        ),
        (is_variable(path), "begins with a variable of the system"),
        (path.chars().any(char::is_control), "holds a control character"),
        (path.ends_with('/'), "ends with `/`, so it names a folder"),
    ];
    refused
        .into_iter()
        .find(|(is, _)| *is)
        .map_or(Ok(()), |(_, why)| Err(why))
}

/// `%HomeDrive%` and the like, as in the conformance suite of BagIt.
fn is_variable(path: &str) -> bool {
    let name = path.strip_prefix('%').and_then(|rest| rest.split_once('%'));
    name.is_some_and(|(name, _)| name.len() > 2 && name.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

fn refuse_component(name: &str) -> Result<(), &'static str> {
    match name {
        "" => Err("has an empty part between two `/`"),
        "." => Err("has a part `.`, which says nothing"),
        ".." => Err("has a part `..`, which may leave the root"),
        _ => Ok(()),
    }
}

/// The names and characters that Windows reserves (Naming Files, Paths, and Namespaces).
fn unportable_component(name: &str) -> Option<&'static str> {
    const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let numbered =
        stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem.as_bytes()[3].is_ascii_digit();
    let refused = [
        (
            DEVICES.contains(&stem.as_str()) || numbered,
            "has the name of a device on Windows",
        ),
        (
            name.contains(['<', '>', ':', '"', '|', '?', '*']),
            "holds a character that Windows reserves",
        ),
        (
            name.ends_with(['.', ' ']),
            "has a part that ends with a dot or a space, which Windows drops",
        ),
        (name.len() > 255, "has a part longer than 255 bytes"),
    ];
    refused.into_iter().find(|(is, _)| *is).map(|(_, why)| why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_leaves_the_root_on_any_system() {
        let bad = [
            "",
            "/etc/passwd",
            "../a",
            "a/../b",
            "a/..",
            "./a",
            "a//b",
            "a/",
            "C:a",
            "c:/a",
            "a\\b",
            "\\\\host\\a",
            "~/a",
            "~root/a",
            "a\nb",
            "a\0b",
            "%HomeDrive%/a",
            "..",
        ];
        for path in bad {
            assert!(TextPath::new(path).is_err(), "{path:?}");
        }
    }

    #[test]
    fn a_shard_may_have_an_address_and_a_text_may_not() {
        let address = "s3://bucket/a/b:c.jsonl";
        assert!(TextPath::new(address).is_err());
        assert!(TextPath::of_shard(address).is_ok_and(|path| path.unportable().is_none()));
        for bad in [
            "s3://bucket",
            "s3://bucket/",
            "s3:///a",
            "s3://bucket/../a",
            "s3://bucket//a",
            "https://bucket/a",
        ] {
            assert!(TextPath::of_shard(bad).is_err(), "{bad}");
        }
        assert!(TextPath::of_shard("a.jsonl").is_ok());
    }

    #[test]
    fn takes_what_is_plain() {
        for path in ["a.txt", "a b/ü.txt", "a/..b", "...", "50%/x", "%41%42.txt", "a~"] {
            assert!(TextPath::new(path).is_ok(), "{path:?}");
        }
    }

    #[test]
    fn folds_case_and_form() {
        assert_eq!(fold("A/E\u{301}.txt"), fold("a/\u{e9}.TXT"));
        assert_ne!(fold("a/e.txt"), fold("a/\u{e9}.txt"));
    }

    #[test]
    fn names_that_windows_refuses() {
        for path in ["nul.txt", "a/COM1", "ab:c", "a./b", "a /b", "x?"] {
            assert!(
                TextPath::new(path).is_ok_and(|path| path.unportable().is_some()),
                "{path:?}"
            );
        }
        assert!(TextPath::new("console.txt").is_ok_and(|path| path.unportable().is_none()));
    }
}
