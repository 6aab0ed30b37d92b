//! What is written of a manifest is read back as that manifest, whatever stands in it.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use super::described::{Described, Description};
use super::extension::whole;
use super::{Item, croissant::CROISSANT, frictionless::FRICTIONLESS, ro_crate::RO_CRATE};
use crate::digest::Algorithm;
use crate::manifest::TextPath;
use crate::manifest::facts::{
    AcceptedFacts, ArchiveFacts, CorpusFacts, DerivationFacts, EditFacts, EntryFacts, Facts, OriginFacts, SourceFacts,
    WarcFacts,
};
use crate::manifest::schema::RECORDS;
use crate::stop::Stop;

const FORMATS: [&Described; 3] = [&FRICTIONLESS, &CROISSANT, &RO_CRATE];

fn word() -> impl Strategy<Value = String> {
    let odd = [
        "",
        "null",
        "other",
        "@id",
        "https://example.org/a b",
        "https://example.org/a",
        "#edit-1",
        "./",
        "MIT",
        "MIT OR CC0-1.0",
        "text-1",
        "1999-12-31",
    ];
    prop_oneof![3 => "[A-Za-z ]{1,12}", 2 => any::<String>(), 2 => proptest::sample::select(odd.to_vec()).prop_map(str::to_owned)]
}

fn digest() -> impl Strategy<Value = String> {
    any::<u64>().prop_map(|seed| Algorithm::Sha256.digest(&seed.to_le_bytes()).to_string())
}

fn path() -> impl Strategy<Value = String> {
    let part = "[a-zA-Z0-9 é日%#?:@&=+*{}'\"-]{1,6}";
    let path = vec(part, 1..3).prop_map(|parts| parts.join("/") + ".txt");
    path.prop_filter("a path of a text", |path| {
        TextPath::new(path).is_ok() && !path.starts_with("data:")
    })
}

fn digests() -> impl Strategy<Value = std::collections::BTreeMap<String, String>> {
    let algorithms = Algorithm::ALL
        .into_iter()
        .filter(|algorithm| *algorithm != Algorithm::Sha256);
    let one = (proptest::sample::select(algorithms.collect::<Vec<_>>()), any::<u64>());
    let one = one.prop_map(|(algorithm, seed)| {
        (
            algorithm.name().to_owned(),
            algorithm.digest(&seed.to_le_bytes()).to_string(),
        )
    });
    vec(one, 0..3).prop_map(|digests| digests.into_iter().collect())
}

fn source() -> impl Strategy<Value = SourceFacts> {
    let first = (word(), option::of(word()), vec(word(), 0..3), option::of(word()));
    (first, option::of(any::<u64>()), option::of(word()), option::of(word())).prop_map(
        |((url, canonical_url, via, retrieved_at), http_status, etag, last_modified)| SourceFacts {
            url,
            canonical_url,
            via,
            retrieved_at,
            http_status,
            etag,
            last_modified,
        },
    )
}

fn archive() -> impl Strategy<Value = ArchiveFacts> {
    let warc = (path(), option::of(word()), option::of(word()));
    let warc = warc.prop_map(|(file, record_id, payload_digest)| WarcFacts {
        file,
        record_id,
        payload_digest,
    });
    (word(), option::of(warc)).prop_map(|(url, warc)| ArchiveFacts { url: Some(url), warc })
}

fn edit() -> impl Strategy<Value = EditFacts> {
    (digest(), digest(), word(), word(), vec(word(), 0..3)).prop_map(|(from, to, at, reason, rules)| EditFacts {
        from,
        to,
        at,
        reason,
        rules,
    })
}

fn history() -> impl Strategy<Value = EntryFacts> {
    let derivation = (option::of(path()), digest()).prop_map(|(path, sha256)| DerivationFacts { path, sha256 });
    let accepted = (word(), word(), word()).prop_map(|(rule, passage, reason)| AcceptedFacts { rule, passage, reason });
    let origin = (word(), word()).prop_map(|(kind, reason)| OriginFacts { kind, reason });
    let first = (option::of(source()), option::of(origin), option::of(archive()));
    (
        first,
        vec(derivation, 0..3),
        vec(edit(), 0..3),
        vec(accepted, 0..2),
        digests(),
    )
        .prop_map(
            |((source, origin, archive), derived_from, edits, accepted, digests)| EntryFacts {
                source,
                origin,
                archive,
                derived_from,
                edits,
                accepted,
                digests,
                ..EntryFacts::default()
            },
        )
}

fn entry() -> impl Strategy<Value = EntryFacts> {
    let first = (
        option::of(word()),
        digest(),
        option::of(word()),
        vec(word(), 0..3),
        option::of(word()),
    );
    let second = (
        option::of(word()),
        option::of(word()),
        option::of(word()),
        option::of(word()),
        option::of(word()),
    );
    (first, second, history()).prop_map(|((id, sha256, title, author, publisher), second, rest)| {
        let (language, published_at, modified_at, license, notes) = second;
        EntryFacts {
            id,
            sha256,
            title,
            author,
            publisher,
            language,
            published_at,
            modified_at,
            license,
            notes,
            ..rest
        }
    })
}

fn shard() -> impl Strategy<Value = EntryFacts> {
    let keys: Vec<&str> = RECORDS.keys.iter().map(|key| key.name).collect();
    let records = btree_map(proptest::sample::select(keys).prop_map(str::to_owned), word(), 1..4);
    let ending = proptest::sample::select(vec![".jsonl", ".ndjson.gz", ".jsonl.zst", ".parquet"]);
    let path = (path(), ending).prop_map(|(path, ending)| path + ending);
    (path, digest(), records).prop_map(|(path, sha256, records)| EntryFacts {
        path,
        sha256,
        records,
        ..EntryFacts::default()
    })
}

fn facts() -> impl Strategy<Value = Facts> {
    let globs = (vec(word(), 0..3), vec(word(), 0..2));
    let corpus = (
        option::of(word()),
        option::of(word()),
        globs,
        option::of(word()),
        option::of(word()),
        option::of(word()),
    );
    let corpus = corpus.prop_map(
        |(id, title, (include, exclude), language, license, symlinks)| CorpusFacts {
            id,
            title,
            include,
            exclude,
            language,
            license,
            symlinks,
        },
    );
    let texts = (btree_map(path(), entry(), 1..4), vec(shard(), 0..2));
    (corpus, texts, any::<bool>()).prop_map(|(corpus, (entries, shards), sized)| {
        let entry = |(index, (path, entry))| EntryFacts {
            path,
            bytes: sized.then_some(index),
            ..entry
        };
        let shards = shards.into_iter().map(|shard| (shard.path.clone(), shard));
        let entries = (0..).zip(entries.into_iter().chain(shards)).map(entry).collect();
        Facts { corpus, entries }
    })
}

/// What an item says, as an entry of a manifest.
fn said(item: &Item) -> EntryFacts {
    let named = |digest: &crate::digest::Digest| (digest.algorithm().name().to_owned(), digest.to_string());
    let mut facts = item.facts.clone();
    facts.digests = item.digests.iter().map(named).collect();
    facts.sha256 = facts.digests.remove("sha256").unwrap_or_default();
    facts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_manifest_comes_back(facts in facts()) {
        let sizes: Vec<u64> = (0..facts.entries.len() as u64).collect();
        for Described { name, compose, read, .. } in FORMATS {
            let back = |text: String| read(Description::of(text), Stop::default());
            let text = whole(&facts, &sizes, "2025-03-14", compose, back).map_err(|error| TestCaseError::fail(format!("{name}: {error}")))?;
            let package = back(text).expect("read");
            prop_assert_eq!(&package.corpus, &facts.corpus, "{}", name);
            let entries: Vec<EntryFacts> = package.items.iter().map(said).collect();
            prop_assert_eq!(&entries, &facts.entries, "{}", name);
            let read_sizes: Vec<_> = package.items.iter().filter_map(|item| item.size).collect();
            prop_assert_eq!(&read_sizes, &sizes);
            prop_assert!(package.items.iter().all(|item| item.is_entry) && package.findings.is_empty() && package.unusable == 0, "{}: {:?}", name, package.findings);
        }
    }
}
