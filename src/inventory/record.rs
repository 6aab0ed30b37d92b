//! New bytes of a text in its entry: the digests, the size, and what was before.

use jiff::Timestamp;

use crate::digest::{Algorithm, Digest};
use crate::error::Result;
use crate::manifest::edit::{Draft, Step};
use crate::manifest::schema::ENTRY;
use crate::manifest::write::{Item, Value, quoted};
use crate::manifest::{Entry, Recorded};

/// Why bytes are other ones than before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Note<'a> {
    pub(crate) at: Timestamp,
    pub(crate) reason: &'a str,
    /// The rules whose fixes made them.
    pub(crate) rules: &'a [String],
}

/// What an entry will say of its text.
#[derive(Clone, Debug)]
pub(crate) struct Renewal<'a> {
    pub(crate) entry: &'a Entry,
    pub(crate) sha256: Digest,
    /// In the order of the further digests of the entry.
    pub(crate) further: Vec<Digest>,
    pub(crate) size: u64,
}

impl Renewal<'_> {
    /// Whether the entry says anything else.
    pub(crate) fn differs(&self) -> bool {
        self.entry.digest() != Some(self.sha256) || self.wrong_size() || self.wrong_further().next().is_some()
    }

    fn wrong_size(&self) -> bool {
        self.entry.bytes.as_ref().is_some_and(|bytes| bytes.value != self.size)
    }

    fn wrong_further(&self) -> impl Iterator<Item = (&Recorded, &Digest)> {
        let pairs = self.entry.digests.iter().zip(&self.further);
        pairs.filter(|(recorded, digest)| recorded.digest != Some(**digest))
    }

    /// Writes it into the entry at a place. Where the SHA-256 changes, an item of `edits` says from what, to what, when and
    /// why; else a comment does.
    pub(crate) fn write(&self, at: &[Step<'_>], note: &Note<'_>, draft: &mut Draft<'_>) -> Result<()> {
        let key = |name: &'static str| [at, &[Step::Key(name)]].concat();
        let sha256 = Value::quoted(self.sha256);
        if !draft.has(&key("sha256")) {
            draft.insert(at, &["id", "path"], "sha256", &sha256)?;
        } else if self.entry.digest() != Some(self.sha256) {
            draft.set(&key("sha256"), &sha256)?;
        }
        for (recorded, digest) in self.wrong_further() {
            let name = key_of(recorded, draft, &key("digests"));
            let place = [key("digests").as_slice(), &[Step::Key(&name)]].concat();
            draft.set(&place, &Value::quoted(digest))?;
        }
        if self.wrong_size() {
            draft.set(&key("bytes"), &Value::plain(self.size))?;
        }
        match self.entry.digest().filter(|from| *from != self.sha256) {
            Some(from) => draft.extend(at, &before("edits"), "edits", &[self.edit(from, note)]),
            None => draft.remark(
                at,
                "path",
                &format!("recorded {}: {}", note.at, quoted(note.reason.trim())),
            ),
        }
    }

    fn edit(&self, from: Digest, note: &Note<'_>) -> Value {
        let mut items = vec![
            Item::Field("from", Value::quoted(from)),
            Item::Field("to", Value::quoted(self.sha256)),
            Item::Field("at", Value::plain(note.at)),
            Item::Field("reason", Value::quoted(note.reason.trim())),
        ];
        if !note.rules.is_empty() {
            let rules = note.rules.iter().map(|rule| Value::text(rule.as_str())).collect();
            items.push(Item::Field("rules", Value::List(rules)));
        }
        Value::Record(items)
    }
}

/// The key of a further digest, as it is written: `sha-512` is read as `sha512`.
fn key_of(recorded: &Recorded, draft: &Draft<'_>, at: &[Step<'_>]) -> String {
    let is = |name: &String| Algorithm::from_name(name) == Some(recorded.algorithm);
    draft
        .keys(at)
        .into_iter()
        .find(is)
        .unwrap_or_else(|| recorded.algorithm.name().to_owned())
}

/// The keys of an entry that stand before this one.
pub(crate) fn before(name: &str) -> Vec<&'static str> {
    ENTRY
        .keys
        .iter()
        .map(|key| key.name)
        .take_while(|key| *key != name)
        .collect()
}
