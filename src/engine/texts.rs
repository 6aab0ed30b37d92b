//! What a report tells of each text: what is on record, and what became of it. Plain data, since a format reads no manifest.

use crate::corpus::Observed;
use crate::manifest::{Entry, Manifest, OriginKind};

/// One text of a corpus.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextRecord {
    /// Its path; its id where the path cannot be followed.
    pub path: String,
    /// The name that outlives the path.
    pub id: Option<String>,
    /// What it is called.
    pub title: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// BCP 47 tag: its own, or that of the corpus.
    pub language: Option<String>,
    /// When it was published, as written.
    pub published_at: Option<String>,
    /// When its publisher last changed it, as written.
    pub modified_at: Option<String>,
    /// SPDX expression: its own, or that of the corpus.
    pub license: Option<String>,
    /// The address that it was retrieved from.
    pub url: Option<String>,
    /// When it was retrieved, as written.
    pub retrieved_at: Option<String>,
    /// Where it was republished, outermost first.
    pub via: Vec<String>,
    /// The address of a capture in a web archive.
    pub archive: Option<String>,
    /// Why there is no source: the kind, and the reason.
    pub origin: Option<(&'static str, String)>,
    /// The digest on record.
    pub recorded: Option<String>,
    /// The SHA-256 of the bytes that stand there; `None` where they were not read.
    pub present: Option<String>,
    /// How many bytes stand there.
    pub size: u64,
    /// What became of it, in one word: `verified`, `changed`, `missing`, `unverifiable` or `skipped`.
    pub state: &'static str,
    /// What it was made from: paths, or digests where there is none.
    pub derived_from: Vec<String>,
    /// What was done to it since, oldest first.
    pub edits: Vec<Change>,
    /// What a person has accepted of it.
    pub accepted: Vec<Acceptance>,
}

/// A change of the bytes that was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The digest before.
    pub from: Option<String>,
    /// The digest after.
    pub to: Option<String>,
    /// When, as written.
    pub at: String,
    /// Why.
    pub reason: String,
    /// The rules whose fixes it applied.
    pub rules: Vec<String>,
}

/// A finding that a person has accepted in the manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acceptance {
    /// The rule.
    pub rule: String,
    /// The fingerprint of the finding, or its beginning.
    pub passage: String,
    /// Why it stands.
    pub reason: String,
}

/// The texts of a manifest, as they were observed.
pub(super) fn of(manifest: &Manifest, observed: &[Observed]) -> Vec<TextRecord> {
    let pairs = manifest.entries.iter().zip(observed);
    pairs.map(|(entry, observed)| text(manifest, entry, observed)).collect()
}

fn text(manifest: &Manifest, entry: &Entry, observed: &Observed) -> TextRecord {
    let written = |value: &Option<crate::manifest::Spanned<String>>| value.as_ref().map(|value| value.value.clone());
    let day =
        |when: &Option<crate::manifest::Spanned<crate::date::When>>| when.as_ref().map(|when| when.value.to_string());
    let source = entry.source.as_deref();
    TextRecord {
        path: entry.name().to_owned(),
        id: written(&entry.id),
        title: written(&entry.title).or_else(|| shard(entry, observed)),
        authors: entry.authors.iter().map(|author| author.value.clone()).collect(),
        language: manifest.language_of(entry).map(str::to_owned),
        published_at: day(&entry.published_at),
        modified_at: day(&entry.modified_at),
        license: written(&entry.license).or_else(|| written(&manifest.corpus.license)),
        url: source.and_then(|source| written(&source.url)),
        retrieved_at: source.and_then(|source| day(&source.retrieved_at)),
        via: source.map_or_else(Vec::new, |source| {
            source.via.iter().map(|url| url.value.clone()).collect()
        }),
        archive: entry.archive.as_ref().and_then(|archive| written(&archive.url)),
        origin: entry
            .origin
            .as_ref()
            .map(|origin| (kind(origin.value.kind), origin.value.reason.clone())),
        recorded: entry.sha256.as_ref().map(|recorded| recorded.shown()),
        present: observed.sha256().map(|digest| digest.to_string()),
        size: observed.size,
        state: super::state_of(observed),
        derived_from: derivations(entry),
        edits: entry.edits.iter().map(change).collect(),
        accepted: entry.accepted.iter().map(acceptance).collect(),
    }
}

/// A shard of records is shown as what it is.
fn shard(entry: &Entry, observed: &Observed) -> Option<String> {
    let records = match observed.texts {
        1 => "1 record".to_owned(),
        count => format!("{count} records"),
    };
    entry.records.as_ref().map(|_| format!("shard of {records}"))
}

fn kind(kind: OriginKind) -> &'static str {
    match kind {
        OriginKind::Unknown => "unknown",
        OriginKind::Attested => "attested",
        OriginKind::Local => "local",
    }
}

fn derivations(entry: &Entry) -> Vec<String> {
    let name = |one: &crate::manifest::Derivation| {
        let path = one.path.as_ref().map(|path| path.value.as_str().to_owned());
        path.or_else(|| one.sha256.as_ref().map(|digest| digest.shown()))
    };
    entry.derived_from.iter().filter_map(name).collect()
}

fn change(record: &crate::manifest::EditRecord) -> Change {
    let shown = |recorded: &Option<crate::manifest::Recorded>| recorded.as_ref().map(|recorded| recorded.shown());
    Change {
        from: shown(&record.from),
        to: shown(&record.to),
        at: record.at.clone(),
        reason: record.reason.clone(),
        rules: record.rules.clone(),
    }
}

fn acceptance(accepted: &crate::manifest::Accepted) -> Acceptance {
    Acceptance {
        rule: accepted.rule.clone(),
        passage: accepted.passage.clone(),
        reason: accepted.reason.clone(),
    }
}
