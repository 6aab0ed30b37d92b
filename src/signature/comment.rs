//! The trusted comment of a signature: which manifest it is of, in words `name:value`, for people who verify it with
//! another program.
//!
//! `vidimus corpus:dispatches sha256:9f86… file:manifest.yaml timestamp:1795658809 comment:second edition`
//!
//! What a corpus is called is hostile text, and other programs refuse or print what is not plain: a value holds printable
//! ASCII without spaces, and the rest of its UTF-8 as `%` and two digits. Only the comment, at the end, may hold spaces.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::digest::{Algorithm, Digest};
use crate::manifest::Manifest;

/// So many characters of the name of a corpus are kept: minisign takes comments of up to 8 KiB.
const NAME: usize = 256;
/// A longer remark, in bytes when it is written out, is refused.
pub(super) const REMARK: usize = 2_000;

/// What a trusted comment says of a manifest. What it does not know, it passes over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    corpus: Vec<String>,
    sha256: Vec<String>,
}

impl Statement {
    /// Reads any trusted comment.
    pub fn parse(comment: &str) -> Self {
        let mut statement = Self::default();
        for word in comment.split_ascii_whitespace() {
            match word.split_once(':') {
                Some(("comment", _)) => break, // What follows is in the words of whoever signed.
                Some((_, "")) | None => {}
                Some(("corpus", name)) => statement.corpus.push(name.to_owned()),
                Some(("sha256", digest)) => statement.sha256.push(digest.to_owned()),
                Some(_) => {}
            }
        }
        statement
    }

    /// Whether it says of which bytes it speaks.
    pub(super) fn names_digest(&self) -> bool {
        !self.sha256.is_empty()
    }

    /// Where it speaks of another manifest: what it says, and what it would say of this one.
    pub(super) fn contradiction(&self, manifest: &Manifest) -> Option<String> {
        let present = manifest.digests.first()?;
        let differs = |said: &&String| Digest::from_hex(Algorithm::Sha256, said).as_ref() != Some(present);
        if let Some(other) = self.sha256.iter().find(differs) {
            return Some(format!("sha256:{other}, not sha256:{present}"));
        }
        // A corpus without a name contradicts none, whatever its file was called when it was signed.
        let name = plain(&name_of(manifest)?, false);
        let other = self.corpus.iter().find(|said| **said != name)?;
        Some(format!("corpus:{other}, not corpus:{name}"))
    }
}

/// The trusted comment for a manifest.
pub(super) fn write(manifest: &Manifest, at: Timestamp, remark: Option<&str>) -> String {
    let file = manifest.files.first().map_or("", |file| file.name());
    let name = name_of(manifest).unwrap_or_else(|| file.to_owned());
    let mut words = vec!["vidimus".to_owned(), format!("corpus:{}", plain(&name, false))];
    words.extend(manifest.digests.first().map(|digest| format!("sha256:{digest}")));
    words.push(format!("file:{}", plain(file, false)));
    words.push(format!("timestamp:{}", at.as_second()));
    let remark = remark.map(str::trim).filter(|remark| !remark.is_empty());
    words.extend(remark.map(|remark| format!("comment:{}", plain(remark, true))));
    words.join(" ")
}

/// What a corpus is called: its id, or its title.
fn name_of(manifest: &Manifest) -> Option<String> {
    let corpus = &manifest.corpus;
    let said = [&corpus.id, &corpus.title].into_iter().flatten();
    let mut names = said.map(|said| said.value.trim()).filter(|name| !name.is_empty());
    names.next().map(|name| name.chars().take(NAME).collect())
}

/// A text in printable ASCII.
pub(super) fn plain(text: &str, spaces: bool) -> String {
    let mut plain = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' if spaces => plain.push(' '),
            b'!'..=b'~' if byte != b'%' => plain.push(char::from(byte)),
            _ => drop(write!(plain, "%{byte:02X}")),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn manifest(corpus: &str) -> Manifest {
        let text = format!("vidimus: 1\ncorpus: {corpus}\nentries: []\n");
        let none = |_: &str| Err(std::io::ErrorKind::NotFound.into());
        Manifest::parse(Source::new("my manifest.yaml", text.into()), "m", none).expect("YAML")
    }

    fn written(corpus: &str, remark: Option<&str>) -> String {
        let manifest = manifest(corpus);
        let comment = write(&manifest, Timestamp::UNIX_EPOCH, remark);
        assert_eq!(Statement::parse(&comment).contradiction(&manifest), None, "{comment}");
        comment.replace(&manifest.digests[0].to_string(), "DIGEST")
    }

    #[test]
    fn names_the_corpus_by_what_it_has() {
        let rest = "sha256:DIGEST file:my%20manifest.yaml timestamp:0";
        assert_eq!(written("{id: a, title: b}", None), format!("vidimus corpus:a {rest}"));
        assert_eq!(written("{id: ' ', title: b}", None), format!("vidimus corpus:b {rest}"));
        assert_eq!(
            written("{license: CC0-1.0}", None),
            format!("vidimus corpus:my%20manifest.yaml {rest}")
        );
        assert_eq!(
            written("{id: a}", Some(" second edition ")),
            format!("vidimus corpus:a {rest} comment:second edition")
        );
        assert_eq!(written("{id: a}", Some(" ")), format!("vidimus corpus:a {rest}"));
    }

    #[test]
    fn a_hostile_name_stays_one_plain_word() {
        let hostile = r#"{id: "a sha256:00\r\ntrusted comment: x\u202E%\0\u001b[31m é"}"#;
        let comment = written(hostile, Some("line\nuntrusted comment: y\u{7f}\u{2028}"));
        assert!(comment.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{comment}");
        assert!(
            comment.starts_with("vidimus corpus:a%20sha256:00%0D%0Atrusted%20"),
            "{comment}"
        );
        let long = format!("{{id: {}}}", "é".repeat(100_000));
        assert!(written(&long, Some(&"x".repeat(REMARK))).len() < 8_000);
    }

    #[test]
    fn another_manifest_is_told() {
        let manifest = manifest("{id: a}");
        let said = |comment: &str| Statement::parse(comment).contradiction(&manifest).is_some();
        let digest = manifest.digests[0];
        assert!(!said("timestamp:1795658809\tfile:m.yaml\thashed"));
        assert!(!said("corpus: sha256: for the corpus"));
        assert!(!said(&format!(
            "vidimus corpus:a sha256:{}",
            digest.to_string().to_uppercase()
        )));
        assert!(said("vidimus corpus:b"));
        assert!(said("sha256:00"));
        assert!(said(&format!("sha256:{digest} sha256:{}", "0".repeat(64))));
        assert!(!said("vidimus corpus:a comment: no longer sha256:00 corpus:b"));
    }
}
