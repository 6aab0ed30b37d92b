//! Two manifests, entry by entry: what came, went, moved and changed, and whether the edits on record account for it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

use crate::manifest::Manifest;
use crate::manifest::flat::Pairs;

/// A key whose value is another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyChange {
    /// As in `source.url`.
    pub key: String,
    /// `None` where the key is new.
    pub old: Option<String>,
    /// `None` where the key is gone.
    pub new: Option<String>,
}

/// What became of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryChange {
    /// Its path in the first manifest; `None` where it is new.
    pub old: Option<String>,
    /// Its path in the second; `None` where it is gone.
    pub new: Option<String>,
    /// Both digests, where they differ.
    pub digest: Option<KeyChange>,
    /// The edits on record that lead from the one digest to the other, oldest first.
    pub edits: Vec<Edit>,
    /// Every other key that differs.
    pub keys: Vec<KeyChange>,
}

/// An edit on record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// When.
    pub at: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// By which rules.
    pub rules: Option<String>,
}

/// How two manifests differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestDiff {
    /// What differs in the keys of the corpus.
    pub corpus: Vec<KeyChange>,
    /// The entries that differ, by path.
    pub entries: Vec<EntryChange>,
    /// How many entries are the same in both.
    pub same: usize,
}

impl EntryChange {
    /// What to call it: its path, before where it is gone.
    pub fn path(&self) -> &str {
        self.new.as_deref().or(self.old.as_deref()).unwrap_or_default()
    }

    /// What became of it, in one word.
    pub fn what(&self) -> &'static str {
        match (&self.old, &self.new) {
            (None, _) => "added",
            (_, None) => "removed",
            (old, new) if old != new => "moved",
            _ => "changed",
        }
    }

    fn is_nothing(&self) -> bool {
        self.old == self.new && self.digest.is_none() && self.keys.is_empty()
    }
}

impl ManifestDiff {
    /// Compares two manifests. An entry is the same one where it has the same path, else the same id, else the same digest.
    pub fn of(old: &Manifest, new: &Manifest) -> Self {
        let (old, new) = (old.flat(), new.flat());
        let (ours, theirs) = (entries(&old.entries), entries(&new.entries));
        let pairs = Matching::of(&ours, &theirs).pairs;
        let compared = pairs
            .iter()
            .map(|&(one, other)| compare(one.map(|at| &ours[at]), other.map(|at| &theirs[at])));
        let (same, mut differing): (Vec<_>, Vec<_>) = compared.partition(EntryChange::is_nothing);
        differing.sort_by(|a, b| a.path().cmp(b.path()).then(a.what().cmp(b.what())));
        Self {
            corpus: key_changes(&map(&old.corpus), &map(&new.corpus)),
            entries: differing,
            same: same.len(),
        }
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.corpus.is_empty() && self.entries.is_empty()
    }
}

/// The keys of an entry.
type Entry<'a> = BTreeMap<&'a str, &'a str>;

fn map(pairs: &Pairs) -> Entry<'_> {
    pairs
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect()
}

fn entries(entries: &[Pairs]) -> Vec<Entry<'_>> {
    entries.iter().map(map).collect()
}

/// Which entries are the same.
#[derive(Default)]
struct Matching {
    pairs: Vec<(Option<usize>, Option<usize>)>,
    ours: HashSet<usize>,
    theirs: HashSet<usize>,
}

impl Matching {
    fn of(old: &[Entry<'_>], new: &[Entry<'_>]) -> Self {
        let mut matching = Self::default();
        for key in ["path", "id", "sha256"] {
            matching.by(old, new, key);
        }
        let left =
            |count: usize, taken: &HashSet<usize>| (0..count).filter(|at| !taken.contains(at)).collect::<Vec<_>>();
        let gone = left(old.len(), &matching.ours).into_iter().map(|at| (Some(at), None));
        let come = left(new.len(), &matching.theirs).into_iter().map(|at| (None, Some(at)));
        matching.pairs.extend(gone.chain(come).collect::<Vec<_>>());
        matching
    }

    /// Pairs entries that have the same value, each once in its manifest, among those that have no other yet.
    fn by(&mut self, old: &[Entry<'_>], new: &[Entry<'_>], key: &str) {
        let (ours, theirs) = (unique(old, key, &self.ours), unique(new, key, &self.theirs));
        for (at, entry) in old.iter().enumerate() {
            let Some(value) = entry.get(key).filter(|value| ours.get(*value) == Some(&Some(at))) else {
                continue;
            };
            if let Some(Some(other)) = theirs.get(value) {
                self.pairs.push((Some(at), Some(*other)));
                self.ours.insert(at);
                self.theirs.insert(*other);
            }
        }
    }
}

/// Where each value stands that stands once; `None` for the others.
fn unique<'a>(entries: &[Entry<'a>], key: &str, taken: &HashSet<usize>) -> HashMap<&'a str, Option<usize>> {
    let free = entries.iter().enumerate().filter(|(at, _)| !taken.contains(at));
    once(free.filter_map(|(at, entry)| Some((*entry.get(key)?, at))))
}

fn once<K: Eq + Hash>(values: impl Iterator<Item = (K, usize)>) -> HashMap<K, Option<usize>> {
    let mut found = HashMap::new();
    for (value, at) in values {
        found.entry(value).and_modify(|at| *at = None).or_insert(Some(at));
    }
    found
}

fn compare(old: Option<&Entry<'_>>, new: Option<&Entry<'_>>) -> EntryChange {
    let path = |entry: Option<&Entry<'_>>| {
        let entry = entry?;
        let name = entry.get("path").or(entry.get("id"));
        Some((*name.unwrap_or(&"an entry without a path")).to_owned())
    };
    let (was, is) = (path(old), path(new));
    let (Some(old), Some(new)) = (old, new) else {
        return EntryChange {
            old: was,
            new: is,
            ..EntryChange::default()
        };
    };
    let (digest, keys): (Vec<_>, Vec<_>) = key_changes(old, new)
        .into_iter()
        .partition(|change| change.key == "sha256");
    let digest = digest.into_iter().next();
    let (edits, told) = accounting(new, digest.as_ref());
    let is_told = |key: &str| key == "path" || told.iter().any(|edit| key.starts_with(edit.as_str()));
    EntryChange {
        old: was,
        new: is,
        digest,
        edits,
        keys: keys.into_iter().filter(|change| !is_told(&change.key)).collect(),
    }
}

fn key_changes(old: &Entry<'_>, new: &Entry<'_>) -> Vec<KeyChange> {
    let mut keys: Vec<&str> = old.keys().chain(new.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    let owned = |entry: &Entry<'_>, key: &str| entry.get(key).map(|value| (*value).to_owned());
    let change = |key: &str| KeyChange {
        key: key.to_owned(),
        old: owned(old, key),
        new: owned(new, key),
    };
    keys.into_iter()
        .map(change)
        .filter(|change| change.old != change.new)
        .collect()
}

/// The edits that lead from the one digest to the other, and their keys; none where the chain has a gap.
fn accounting(new: &Entry<'_>, digest: Option<&KeyChange>) -> (Vec<Edit>, Vec<String>) {
    let Some((from, to)) = digest.and_then(|digest| digest.old.as_ref().zip(digest.new.as_ref())) else {
        return (Vec::new(), Vec::new());
    };
    let (mut at, mut edits, mut told) = (from.to_lowercase(), Vec::new(), Vec::new());
    for index in 0.. {
        let value = |key: &str| new.get(format!("edits[{index}].{key}").as_str()).copied();
        let (Some(before), Some(after)) = (value("from"), value("to")) else {
            break;
        };
        if before.to_lowercase() != at {
            continue;
        }
        at = after.to_lowercase();
        edits.push(Edit {
            at: value("at").map(str::to_owned),
            reason: value("reason").map(str::to_owned),
            rules: value("rules").map(str::to_owned),
        });
        told.push(format!("edits[{index}]."));
    }
    if at == to.to_lowercase() {
        (edits, told)
    } else {
        (Vec::new(), Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn manifest(entries: &str) -> Manifest {
        let text = format!("vidimus: 1\ncorpus: {{include: ['*.txt']}}\nentries:\n{entries}");
        Manifest::parse(Source::new("m.yaml", text.into()), "m.yaml", |_| Ok(Vec::new())).expect("a manifest")
    }

    fn digest(pair: &str) -> String {
        pair.repeat(32)
    }

    #[test]
    fn tells_what_came_went_moved_and_changed() {
        let (a, b, c) = (digest("aa"), digest("bb"), digest("cc"));
        let old = manifest(&format!(
            "  - {{path: a, sha256: {a}, title: A}}\n  - {{path: b, sha256: {b}}}\n  - {{path: c, sha256: {c}}}\n"
        ));
        let new = manifest(&format!(
            "  - {{path: a, sha256: {a}, title: Á, license: CC0-1.0}}\n  - {{path: d/b, sha256: {b}}}\n  - {{path: e, sha256: {}}}\n",
            digest("ee")
        ));
        let diff = ManifestDiff::of(&old, &new);
        let said: Vec<_> = diff.entries.iter().map(|entry| (entry.what(), entry.path())).collect();
        assert_eq!(
            said,
            [("changed", "a"), ("removed", "c"), ("moved", "d/b"), ("added", "e")]
        );
        let keys: Vec<&str> = diff.entries[0].keys.iter().map(|change| change.key.as_str()).collect();
        assert_eq!(keys, ["license", "title"]);
        assert!(ManifestDiff::of(&old, &old).is_empty());
    }

    #[test]
    fn edits_account_for_a_digest_where_their_chain_is_whole() {
        let (a, b, c) = (digest("aa"), digest("bb"), digest("cc"));
        let old = manifest(&format!("  - {{path: a, sha256: {a}}}\n"));
        let first = format!("{{from: {a}, to: {b}, reason: dates}}");
        let edited = |edits: String| manifest(&format!("  - path: a\n    sha256: {c}\n    edits: [{edits}]\n"));
        let whole = ManifestDiff::of(&old, &edited(format!("{first}, {{from: {b}, to: {c}, reason: names}}")));
        let reasons: Vec<_> = whole.entries[0]
            .edits
            .iter()
            .filter_map(|edit| edit.reason.as_deref())
            .collect();
        assert_eq!(reasons, ["dates", "names"]);
        assert!(whole.entries[0].keys.is_empty());
        let gap = ManifestDiff::of(&old, &edited(first));
        assert!(gap.entries[0].edits.is_empty());
    }
}
