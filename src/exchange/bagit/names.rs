//! Which file a path in a list means. RFC 8493 encodes line ends and `%` in it, the drafts encode less, and most programs encode
//! nothing; file systems change case and Unicode form besides. So the folder is asked which of the readings is there.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::folder::Folder;
use crate::manifest::fold;

/// What is encoded, and how: these and no others (RFC 8493, 2.1.3).
const CODES: [(char, &str); 3] = [('%', "%25"), ('\n', "%0A"), ('\r', "%0D")];

/// A path as a list of a bag has it.
pub(super) fn encode(path: &str) -> Cow<'_, str> {
    if !path.contains(['%', '\n', '\r']) {
        return path.into();
    }
    let code = |c: char| CODES.iter().find(|(plain, _)| *plain == c).map(|(_, code)| *code);
    let mut out = String::with_capacity(path.len() + 2);
    for c in path.chars() {
        match code(c) {
            Some(code) => out.push_str(code),
            None => out.push(c),
        }
    }
    out.into()
}

/// A path as it is, from one in a list; every other `%` stays.
pub(super) fn decode(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return path.into();
    }
    let mut pieces = path.split('%');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let is = |code: &str| {
            piece
                .get(..2)
                .is_some_and(|digits| digits.eq_ignore_ascii_case(&code[1..]))
        };
        match CODES.iter().find(|(_, code)| is(code)) {
            Some((plain, _)) => {
                out.push(*plain);
                out.push_str(&piece[2..]);
            }
            None => {
                out.push('%');
                out.push_str(piece);
            }
        }
    }
    out.into()
}

/// How a file was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// By its name.
    Plain,
    /// By the path as it is written, although it could be decoded.
    Raw,
    /// As the only file whose name differs by case or Unicode form alone.
    Form,
    /// It was not.
    Absent,
}

/// What a path means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meant {
    /// The path that is listed, decoded.
    pub(super) name: String,
    /// Where the file is, where that is another path.
    pub(super) stands_at: Option<String>,
    pub(super) how: How,
}

/// The readings of the paths of a bag.
#[derive(Debug)]
pub(super) struct Names<'a> {
    folder: &'a Folder,
    /// Paths that have one reading only, so that no other path can mean their files.
    literal: HashSet<&'a str>,
    folded: OnceCell<HashMap<Cow<'a, str>, Vec<&'a str>>>,
}

impl<'a> Names<'a> {
    /// For these paths, as they are written in all lists.
    pub(super) fn new(folder: &'a Folder, written: impl Iterator<Item = &'a str>) -> Self {
        Self {
            folder,
            literal: written.filter(|path| decode(path) == **path).collect(),
            folded: OnceCell::new(),
        }
    }

    /// What a path means.
    pub(super) fn meant(&self, written: &str) -> Meant {
        let decoded = decode(written);
        let claimed = self.literal.contains(&*decoded);
        if decoded == written || (self.folder.holds(&decoded) && !claimed) {
            return self.found(decoded.into_owned(), How::Plain);
        }
        if self.folder.holds(written) {
            return self.found(written.to_owned(), How::Raw);
        }
        self.found(decoded.into_owned(), How::Plain)
    }

    fn found(&self, name: String, how: How) -> Meant {
        if self.folder.holds(&name) {
            return Meant {
                name,
                stands_at: None,
                how,
            };
        }
        let stands_at = self.only_alike(&name).map(str::to_owned);
        Meant {
            name,
            how: if stands_at.is_some() { How::Form } else { How::Absent },
            stands_at,
        }
    }

    fn only_alike(&self, name: &str) -> Option<&'a str> {
        let folded = self.folded.get_or_init(|| {
            let mut folded: HashMap<Cow<'a, str>, Vec<&'a str>> = HashMap::new();
            for path in self.folder.files.keys() {
                folded.entry(fold(path)).or_default().push(path);
            }
            folded
        });
        match folded.get(&fold(name)).map(Vec::as_slice) {
            Some([one]) => Some(one),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folder(paths: &[&str]) -> Folder {
        Folder {
            files: paths.iter().map(|path| ((*path).to_owned(), 0)).collect(),
            ..Folder::default()
        }
    }

    fn meant(files: &[&str], written: &[&str]) -> Vec<(String, Option<String>, How)> {
        let folder = folder(files);
        let names = Names::new(&folder, written.iter().copied());
        let meant = written.iter().map(|path| names.meant(path));
        meant.map(|one| (one.name, one.stands_at, one.how)).collect()
    }

    #[test]
    fn only_three_characters_are_encoded() {
        assert_eq!(encode("a%0A\nb c~é\r"), "a%250A%0Ab c~é%0D");
        assert_eq!(decode("%7Ea%0ab%0Dc%25d%2"), "%7Ea\nb\rc%d%2");
        assert_eq!(decode("%2525é%é"), "%25é%é");
    }

    #[test]
    fn the_folder_decides_between_two_readings() {
        let plain = |name: &str| (name.to_owned(), None, How::Plain);
        let raw = |name: &str| (name.to_owned(), None, How::Raw);
        assert_eq!(meant(&["a%b"], &["a%25b"]), [plain("a%b")]);
        assert_eq!(meant(&["a%25b"], &["a%25b"]), [raw("a%25b")]);
        assert_eq!(
            meant(&["a%b", "a%25b"], &["a%25b", "a%2525b"]),
            [plain("a%b"), plain("a%25b")]
        );
        // A program that encodes nothing has listed both.
        assert_eq!(
            meant(&["a%b", "a%25b"], &["a%25b", "a%b"]),
            [raw("a%25b"), plain("a%b")]
        );
        assert_eq!(meant(&[], &["a%0Ab"]), [("a\nb".to_owned(), None, How::Absent)]);
    }

    #[test]
    fn one_file_alike_is_taken_and_two_are_not() {
        let form = ("A".to_owned(), Some("a".to_owned()), How::Form);
        assert_eq!(meant(&["a"], &["A"]), [form]);
        assert_eq!(meant(&["ab", "aB"], &["AB"])[0].2, How::Absent);
        assert_eq!(meant(&["e\u{301}"], &["\u{e9}"])[0].2, How::Form);
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(path in "[a%0-9AD\r\né]{0,16}") {
            let encoded = encode(&path);
            prop_assert_eq!(decode(&encoded), path.as_str());
            prop_assert!(!encoded.contains(['\r', '\n']));
        }
    }
}
