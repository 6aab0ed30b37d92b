//! From a corpus to a bag and back.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use vidimus::digest::Algorithm;
use vidimus::error::Result;
use vidimus::exchange::{Export, Exported, Import, Imported, export, find, import};
use vidimus::finding::Severity;
use vidimus::manifest::facts::*;
use vidimus::stop::Stop;

use super::support::{run, vidimus_in};
use super::{Bag, HALL, PIER, said, set};

fn at() -> jiff::Timestamp {
    "2026-01-31T10:00:00Z".parse().expect("an instant")
}

fn to_bag(manifest: &Path, output: &Path, fetch: bool) -> Result<Exported> {
    export(&Export {
        format: find("bagit").expect("the format"),
        manifest,
        output,
        fetch,
        at: at(),
        stop: Stop::default(),
    })
}

fn from_bag(bag: &Path, dry: bool) -> Result<Imported> {
    import(&Import {
        format: find("bagit").expect("the format"),
        path: bag,
        output: None,
        texts: None,
        include: &[],
        force: false,
        keep: false,
        dry,
        at: at(),
        stop: Stop::default(),
    })
}

fn sum(text: &str) -> String {
    Algorithm::Sha256.digest(text.as_bytes()).to_string()
}

/// A corpus of two texts, one of which was retrieved as it is.
fn corpus() -> (tempfile::TempDir, Facts) {
    let folder = tempfile::tempdir().expect("a folder");
    let entry = |path: &str, text: &str| {
        let place = folder.path().join(path);
        fs::create_dir_all(place.parent().expect("a folder")).expect("made");
        fs::write(place, text).expect("written");
        EntryFacts {
            id: Some(path.to_owned()),
            path: path.to_owned(),
            sha256: sum(text),
            ..EntryFacts::default()
        }
    };
    let mut entries = vec![entry("texts/hall.txt", HALL.1), entry("texts/50% of it.txt", PIER.1)];
    let source = |url: &str| SourceFacts {
        url: url.to_owned(),
        retrieved_at: Some("2025-03-13".to_owned()),
        ..SourceFacts::default()
    };
    entries[0].source = Some(source("https://example.org/hall.txt"));
    entries[1].source = Some(source("https://example.org/pier.html"));
    entries[1].derived_from = vec![DerivationFacts {
        path: None,
        sha256: sum("<p>"),
    }];
    let corpus = CorpusFacts {
        id: Some("https://example.org/corpora/pier".to_owned()),
        title: Some("What was said\non the pier".to_owned()),
        include: vec!["texts/*.txt".to_owned()],
        ..CorpusFacts::default()
    };
    let facts = Facts { corpus, entries };
    fs::write(folder.path().join("manifest.yaml"), facts.to_yaml()).expect("written");
    (folder, facts)
}

fn read(bag: &Path, name: &str) -> String {
    fs::read_to_string(bag.join(name)).expect("read")
}

#[test]
fn a_corpus_becomes_a_bag() {
    let (folder, _) = corpus();
    let bag = folder.path().join("bag");
    let exported = to_bag(&folder.path().join("manifest.yaml"), &bag, false).expect("exported");
    assert_eq!((exported.facts.entries.len(), exported.lost), (2, vec![]));
    assert_eq!(said(&bag, Severity::Info), set(&[]));
    assert_eq!(
        read(&bag, "bagit.txt"),
        "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    );
    let list = format!(
        "{}  data/texts/hall.txt\n{}  data/texts/50%25 of it.txt\n",
        sum(HALL.1),
        sum(PIER.1)
    );
    assert_eq!(read(&bag, "manifest-sha256.txt"), list);
    let total = HALL.1.len() + PIER.1.len();
    let info = format!(
        "External-Description: What was said on the pier\nExternal-Identifier: https://example.org/corpora/pier\n\
         Bagging-Date: 2026-01-31\nPayload-Oxum: {total}.2\nBag-Software-Agent: vidimus {}\n",
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(read(&bag, "bag-info.txt"), info);
    assert_eq!(read(&bag, "data/texts/50% of it.txt"), PIER.1);
    let names: Vec<String> = read(&bag, "tagmanifest-sha256.txt")
        .lines()
        .map(|line| line[66..].to_owned())
        .collect();
    assert_eq!(
        names,
        [
            "bag-info.txt",
            "bagit.txt",
            "manifest-sha256.txt",
            "metadata/vidimus.json"
        ]
    );
    let said = to_bag(&folder.path().join("manifest.yaml"), &bag, false)
        .expect_err("refused")
        .to_string();
    assert!(said.contains("is there already"), "{said}");
}

#[test]
fn a_bag_is_written_whole_or_not_at_all() {
    let (folder, _) = corpus();
    fs::write(folder.path().join("texts/hall.txt"), "another text").expect("written");
    let said = to_bag(&folder.path().join("manifest.yaml"), &folder.path().join("bag"), false).expect_err("refused");
    assert!(said.to_string().contains("texts/hall.txt"), "{said}");
    let names = fs::read_dir(folder.path())
        .expect("listed")
        .map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names, ["manifest.yaml", "texts"]);
}

#[test]
fn texts_that_their_source_gives_are_left_to_be_fetched() {
    let (folder, facts) = corpus();
    let bag = folder.path().join("bag");
    to_bag(&folder.path().join("manifest.yaml"), &bag, true).expect("exported");
    let line = format!("https://example.org/hall.txt {} data/texts/hall.txt\n", HALL.1.len());
    assert_eq!(read(&bag, "fetch.txt"), line);
    assert_eq!(said(&bag, Severity::Info), set(&["error fixity/unfetched-file"]));
    let held = from_bag(&bag, true).expect("imported");
    assert_eq!(
        (held.facts.entries.len(), held.refused),
        (1, vec!["data/texts/hall.txt".to_owned()])
    );
    fs::write(bag.join("data/texts/hall.txt"), HALL.1).expect("written");
    assert_eq!(said(&bag, Severity::Info), set(&[]));
    assert_eq!(
        from_bag(&bag, true).expect("imported").facts.to_yaml(),
        within_data(facts).to_yaml()
    );
    let format = find("checksums").expect("the format");
    let refused = export(&Export {
        format,
        manifest: &folder.path().join("manifest.yaml"),
        output: &folder.path().join("SUMS"),
        fetch: true,
        at: at(),
        stop: Stop::default(),
    });
    assert!(refused.expect_err("refused").to_string().contains("--fetch"));
}

#[test]
fn a_bag_of_others_becomes_a_manifest() {
    let bag = Bag::sound();
    let total = HALL.1.len() + PIER.1.len();
    let info = "External-Identifier: quay-7\nExternal-Description: What was said\n  on the pier\nContact-Name: Ada Quill\n\
                Contact-Name: Bo Lantern\nBagging-Date: 2026-01-31\n";
    bag.write("bag-info.txt", &format!("{info}Payload-Oxum: {total}.2\n"));
    bag.write("fetch.txt", "https://example.org/hall.txt - data/hall.txt\n");
    bag.list("manifest-md5.txt", Algorithm::Md5, &[HALL.0, PIER.0]);
    bag.seal();
    let imported = from_bag(bag.root(), false).expect("imported");
    let corpus = &imported.facts.corpus;
    assert_eq!(corpus.id.as_deref(), Some("quay-7"));
    assert_eq!(corpus.title.as_deref(), Some("What was said on the pier"));
    assert_eq!(corpus.include, ["data/**/*.txt"]);
    let lost: Vec<(&str, usize)> = imported.lost.iter().map(|one| (&*one.what, one.times)).collect();
    assert_eq!(lost, [("Bagging-Date", 1), ("Contact-Name", 2)]);
    let [hall, pier] = imported.facts.entries.as_slice() else {
        panic!("{:?}", imported.facts)
    };
    assert_eq!(
        (&*hall.path, &*hall.sha256, hall.bytes),
        (HALL.0, &*sum(HALL.1), Some(HALL.1.len() as u64))
    );
    assert_eq!(
        hall.digests["md5"],
        Algorithm::Md5.digest(HALL.1.as_bytes()).to_string()
    );
    assert_eq!(
        hall.source.as_ref().map(|source| &*source.url),
        Some("https://example.org/hall.txt")
    );
    assert_eq!(pier.origin.as_ref().map(|origin| &*origin.kind), Some("unknown"));
    // The manifest is that of the texts where they are, and the bag is still one.
    let manifest = bag.root().join("manifest.yaml");
    let report = vidimus::corpus::Corpus::open(&manifest).expect("opened");
    let options = vidimus::engine::Options {
        fixity_only: true,
        ..Default::default()
    };
    let summary = report.check(&options).expect("checked").summary;
    assert_eq!((summary.listed, summary.verified, summary.errors), (2, 2, 0));
    assert_eq!(said(bag.root(), Severity::Warning), set(&[]));
}

#[test]
fn a_manifest_of_a_bag_becomes_the_same_bag() {
    let bag = Bag::sound();
    let imported = from_bag(bag.root(), false).expect("imported");
    let folder = tempfile::tempdir().expect("a folder");
    let again = folder.path().join("bag");
    to_bag(&bag.root().join("manifest.yaml"), &again, false).expect("exported");
    assert_eq!(read(&again, PIER.0), PIER.1);
    assert_eq!(
        read(&again, "manifest-sha256.txt"),
        read(bag.root(), "manifest-sha256.txt")
    );
    let back = from_bag(&again, true).expect("imported");
    assert_eq!(back.facts.to_yaml(), imported.facts.to_yaml());
}

#[test]
fn a_description_that_nobody_vouches_for_is_not_taken() {
    let (folder, _) = corpus();
    let bag = folder.path().join("bag");
    to_bag(&folder.path().join("manifest.yaml"), &bag, false).expect("exported");
    let held = read(&bag, "metadata/vidimus.json").replace("hall.txt", "hall.txt ");
    fs::write(bag.join("metadata/vidimus.json"), held).expect("written");
    let imported = from_bag(&bag, true).expect("imported");
    assert!(
        imported.lost.iter().any(|one| one.what == "metadata/vidimus.json"),
        "{:?}",
        imported.lost
    );
    assert!(imported.facts.entries.iter().all(|entry| entry.source.is_none()));
}

#[test]
fn further_digests_of_a_description_are_verified() {
    let (folder, mut facts) = corpus();
    let md5 = Algorithm::Md5.digest(HALL.1.as_bytes()).to_string();
    facts.entries[0].digests = [("md5".to_owned(), md5.clone())].into();
    fs::write(folder.path().join("manifest.yaml"), facts.to_yaml()).expect("written");
    let bag = folder.path().join("bag");
    to_bag(&folder.path().join("manifest.yaml"), &bag, false).expect("exported");
    assert_eq!(
        from_bag(&bag, true).expect("imported").facts.entries[0].digests["md5"],
        md5
    );
    let held = read(&bag, "metadata/vidimus.json");
    let other = held.replace(&md5, &Algorithm::Md5.digest(b"other").to_string());
    fs::write(bag.join("metadata/vidimus.json"), &other).expect("written");
    let list = read(&bag, "tagmanifest-sha256.txt").replace(&sum(&held), &sum(&other));
    fs::write(bag.join("tagmanifest-sha256.txt"), list).expect("written");
    let imported = from_bag(&bag, true).expect("imported");
    let finding = &imported.report.findings[0];
    assert_eq!(
        (finding.rule, &*finding.related[0].location.path),
        ("fixity/hash-mismatch", "metadata/vidimus.json")
    );
    assert_eq!(imported.refused, ["data/texts/hall.txt"]);
}

#[test]
fn the_program_takes_a_corpus_out_and_back() {
    let (folder, _) = corpus();
    let here = || vidimus_in(folder.path());
    let (code, out, err) = run(here().args(["export", "bagit", "--output", "bag"]));
    assert_eq!((code, &*out, &*err), (Some(0), "wrote 2 texts to bag\n", ""));
    let (code, out, _) = run(here().args(["verify", "--as", "bagit", "bag"]));
    assert_eq!((code, &*out), (Some(0), "6 texts listed: 6 verified\nnothing found\n"));
    let (code, out, err) = run(here().args(["import", "bagit", "bag"]));
    assert_eq!((code, &*out), (Some(0), "listed 2 texts in bag/manifest.yaml\n"));
    assert!(err.contains("not carried over: Bagging-Date"), "{err}");
    let (code, _, err) = run(here().args(["import", "bagit", "bag"]));
    assert!(code == Some(2) && err.contains("is there already"), "{err}");
    // Two folders up, with paths from there.
    let (code, _, err) = run(here().args(["import", "bagit", "bag", "--output", "of-bag.yaml"]));
    assert_eq!(code, Some(0), "{err}");
    let manifest = fs::read_to_string(folder.path().join("of-bag.yaml")).expect("read");
    assert!(
        manifest.contains("path: bag/data/texts/hall.txt") && manifest.contains("bag/data/texts/*.txt"),
        "{manifest}"
    );
    let (code, out, _) = run(here().args(["verify", "--manifest", "of-bag.yaml"]));
    assert_eq!((code, &*out), (Some(0), "2 texts listed: 2 verified\nnothing found\n"));
    // A report of a bag names its files from where the program runs.
    fs::write(folder.path().join("bag/data/texts/hall.txt"), "another text").expect("written");
    let (code, out, _) = run(here().args(["verify", "--as", "bagit", "bag", "--format", "github"]));
    assert!(code == Some(1) && out.contains("file=bag/data/texts/hall.txt"), "{out}");
}

/// A manifest whose texts were moved into the folder of a payload.
fn within_data(mut facts: Facts) -> Facts {
    let below = |path: &mut String| path.insert_str(0, "data/");
    facts
        .corpus
        .include
        .iter_mut()
        .chain(&mut facts.corpus.exclude)
        .for_each(below);
    for entry in &mut facts.entries {
        below(&mut entry.path);
        entry.other_paths().for_each(below);
    }
    facts
}

/// Something that a person might write, or a program that means no good.
fn words() -> impl Strategy<Value = String> {
    "[ -~é中\u{202e}\u{1f600}\n\t]{0,12}x".prop_map(|text| text.trim().to_owned())
}

fn maybe<T: std::fmt::Debug>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::of(of)
}

fn digest() -> impl Strategy<Value = String> {
    words().prop_map(|text| sum(&text))
}

fn source() -> impl Strategy<Value = SourceFacts> {
    let url = || "https://example\\.org/[a-z0-9/?=&%#é]{0,8}";
    let more = (
        maybe(Just(200_u64)),
        maybe(words()),
        maybe(Just("2025-03-12".to_owned())),
    );
    (
        url(),
        maybe(url()),
        prop::collection::vec(url(), 0..3),
        maybe(Just("2025-03-13T10:00:00+02:00".to_owned())),
        more,
    )
        .prop_map(
            |(url, canonical_url, via, retrieved_at, (http_status, etag, last_modified))| SourceFacts {
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
    let file = "crawl/[a-z %é]{1,8}\\.warc\\.gz";
    let warc = (file, maybe(words()), maybe(words())).prop_map(|(file, record_id, payload_digest)| WarcFacts {
        file,
        record_id,
        payload_digest,
    });
    (
        Just("https://web.archive.org/web/20250313/https://example.org/".to_owned()),
        maybe(warc),
    )
        .prop_map(|(url, warc)| ArchiveFacts { url: Some(url), warc })
}

fn lists() -> impl Strategy<Value = (Vec<DerivationFacts>, Vec<EditFacts>, Vec<AcceptedFacts>)> {
    let derived =
        (maybe(Just("raw/a b.html".to_owned())), digest()).prop_map(|(path, sha256)| DerivationFacts { path, sha256 });
    let edit = (digest(), digest(), words()).prop_map(|(from, to, reason)| EditFacts {
        from,
        to,
        at: "2025-04-01T00:00:00Z".to_owned(),
        reason,
        rules: vec!["layout/stray-label".to_owned()],
    });
    let accepted = words().prop_map(|reason| AcceptedFacts {
        rule: "layout/stray-label".to_owned(),
        passage: "b3f00000b3f00000".to_owned(),
        reason,
    });
    let few = |of| prop::collection::vec(of, 0..2);
    (
        few(derived.boxed()),
        prop::collection::vec(edit, 0..2),
        prop::collection::vec(accepted, 0..2),
    )
}

/// An entry without a path, and its text.
fn entry() -> impl Strategy<Value = (EntryFacts, String)> {
    let plain = (
        maybe(words()),
        prop::collection::vec(words(), 0..3),
        maybe(words()),
        maybe(words()),
    );
    let dates = (maybe(Just("2016-08".to_owned())), maybe(Just("2016-08-11".to_owned())));
    let origin = words().prop_map(|reason| OriginFacts {
        kind: "local".to_owned(),
        reason,
    });
    let from = prop_oneof![
        source().prop_map(|source| (Some(source), None)),
        origin.prop_map(|origin| (None, Some(origin))),
        Just((None, None)),
    ];
    let more = (any::<[bool; 4]>(), maybe(archive()), lists());
    (words(), plain, dates, from, more).prop_map(
        |(text, (title, author, publisher, notes), (published_at, modified_at), from, more)| {
            let ([sized, licensed, spoken, md5], archive, (derived_from, edits, accepted)) = more;
            let digests = md5.then(|| ("md5".to_owned(), Algorithm::Md5.digest(text.as_bytes()).to_string()));
            let entry = EntryFacts {
                sha256: sum(&text),
                digests: digests.into_iter().collect::<BTreeMap<_, _>>(),
                bytes: sized.then_some(text.len() as u64),
                license: licensed.then(|| "CC-BY-4.0".to_owned()),
                language: spoken.then(|| "no".to_owned()),
                source: from.0,
                origin: from.1,
                title,
                author,
                publisher,
                published_at,
                modified_at,
                archive,
                derived_from,
                edits,
                accepted,
                notes,
                ..EntryFacts::default()
            };
            (entry, text)
        },
    )
}

/// Odd names, none of which is another one on any system.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z%é ,;='&#@+!(){}\\[\\]~^$`-]{1,10}",
        Just("%0A%0D%25".to_owned()),
        Just("*.".to_owned()),
        Just(".DS_Store x/%2e%2e".to_owned()),
    ]
}

/// An entry with its text, the middle of its path, the ending, and whether it has an id.
type One = ((EntryFacts, String), String, &'static str, bool);

fn facts() -> impl Strategy<Value = (Facts, Vec<String>)> {
    let ending = prop_oneof![Just("txt"), Just("md"), Just("tei.xml"), Just("TXT")];
    let one = (entry(), name(), ending, any::<bool>());
    let corpus = (
        maybe(Just("https://example.org/corpora/1".to_owned())),
        maybe(words()),
        any::<[bool; 3]>(),
    );
    (prop::collection::vec(one, 1..4), corpus).prop_map(|(ones, (id, title, [license, language, links]))| {
        let mut texts = Vec::new();
        let place = |(number, one): (usize, One)| {
            let ((mut entry, text), name, ending, named) = one;
            entry.path = format!("t{number}{name}/{number}.{ending}");
            entry.id = named.then(|| format!("text-{number}"));
            texts.push(text);
            entry
        };
        let entries = ones.into_iter().enumerate().map(place).collect();
        let corpus = CorpusFacts {
            id,
            title,
            include: vec!["**/*.{txt,md,xml,TXT}".to_owned(), "t0*/**".to_owned()],
            exclude: vec!["**/.DS_Store".to_owned()],
            language: language.then(|| "nb-NO".to_owned()),
            license: license.then(|| "CC0-1.0".to_owned()),
            symlinks: links.then(|| "within-root".to_owned()),
        };
        (Facts { corpus, entries }, texts)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn out_and_back_it_is_the_same_manifest((facts, texts) in facts()) {
        let folder = tempfile::tempdir().expect("a folder");
        for (entry, text) in facts.entries.iter().zip(&texts) {
            let place = folder.path().join(&entry.path);
            fs::create_dir_all(place.parent().expect("a folder")).expect("made");
            fs::write(place, text).expect("written");
        }
        let manifest = folder.path().join("manifest.yaml");
        fs::write(&manifest, facts.to_yaml()).expect("written");
        let bag = folder.path().join("bag");
        let exported = to_bag(&manifest, &bag, false);
        prop_assert!(exported.is_ok(), "{:?}\n{}", exported.err(), facts.to_yaml());
        prop_assert_eq!(said(&bag, Severity::Info), set(&[]));
        let imported = from_bag(&bag, true).expect("imported");
        prop_assert_eq!(imported.facts.to_yaml(), within_data(facts).to_yaml());
        prop_assert!(imported.others.is_empty() && imported.refused.is_empty());
    }
}
