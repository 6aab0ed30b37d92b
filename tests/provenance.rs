//! The family `provenance` as a whole: silent on a complete record, exact on a poor one, and fast on a large one.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use vidimus::checks::{self, Archives, Holders, Survey};
use vidimus::corpus::{Listing, Observed, Refusal};
use vidimus::digest::{Algorithm, Digest};
use vidimus::finding::Finding;
use vidimus::manifest::Manifest;
use vidimus::source::Source;

type Derivations = HashMap<String, Result<Digest, Refusal>>;

fn digest(text: &str) -> Digest {
    Algorithm::Sha256.digest(text.as_bytes())
}

/// What the family says of a manifest.
fn survey(yaml: String, derivations: &Derivations) -> (Vec<Finding>, Duration) {
    let source = Source::new("manifest.yaml", yaml.into_bytes());
    let manifest =
        Manifest::parse(source, "manifest.yaml", |_| Err(std::io::Error::other("no shards"))).expect("a manifest");
    assert!(manifest.problems.is_empty(), "{:?}", manifest.problems.first());
    let observed = vec![Observed::skipped(); manifest.entries.len()];
    let features: Vec<_> = manifest.entries.iter().map(|_| None).collect();
    let holders = Holders::new(&manifest);
    let survey = Survey {
        manifest: &manifest,
        seal: &vidimus::signature::Verdict::default(),
        observed: &observed,
        features: &features,
        passages: &checks::Passages::default(),
        listing: &Listing::default(),
        unlisted: &[],
        derivations,
        archives: &Archives::default(),
        holders: &holders,
        today: jiff::civil::date(2026, 1, 1),
        settings: &vidimus::setting::Settings::default(),
        shards: &[],
        records: None,
    };
    let began = Instant::now();
    let mut findings = Vec::new();
    for check in checks::ALL.iter().filter(|check| check.rule().family() == "provenance") {
        check.corpus(&survey, &mut findings);
    }
    (findings, began.elapsed())
}

const COMPLETE: &str = r#"
vidimus: 1
corpus:
  id: https://example.org/corpora/mills
  title: Texts on mills
  include: ["**/*.txt"]
  exclude: ["drafts/**"]
  language: en
  license: CC-BY-4.0
  symlinks: forbid
entries:
  - id: mill-one
    path: a.txt
    sha256: "{a}"
    digests: {md5: 900150983cd24fb0d6963f7d28e17f72}
    bytes: 41
    title: The mill
    author: [Ada Author, Bo Writer]
    publisher: The Mill Press
    language: de-AT
    published_at: 2016-08-11
    modified_at: 2016-08-12
    license: CC-BY-SA-4.0 OR LicenseRef-press
    source:
      url: https://www.example.org/a/3?page=2
      canonical_url: http://example.org/a/3/?page=2
      via: ["https://mirror.example/a/3", "ftp://example.net/mills/3"]
      retrieved_at: 2025-03-13T10:00:00+02:00
      http_status: 200
      etag: '"abc"'
      last_modified: Thu, 13 Mar 2025 08:00:00 GMT
    archive:
      url: https://web.archive.org/web/20250312093000id_/https://example.org:443/a/3?page=2
      warc: {file: crawl.warc.gz, record_id: "<urn:uuid:1>", payload_digest: "sha1:ABC"}
    derived_from: [{path: raw/a.html, sha256: "{raw}"}]
    edits:
      - {from: "{one}", to: "{two}", at: 2025-04-01, reason: page furniture removed, rules: [layout/leading-blank]}
      - {from: "{two}", to: "{a}", at: 2025-04-02T10:00:00Z, reason: a letter mended}
    accepted:
      - {rule: layout/leading-blank, passage: 0123456789abcdef, reason: part of the poem}
    notes: as printed
  - path: b.txt
    sha256: "{b}"
    published_at: 2016
    source: {url: "https://web.archive.org/web/20160812093000id_/http://example.net/b", retrieved_at: 2016-09}
    derived_from: [{path: a.txt, sha256: "{a}"}]
  - path: c.txt
    sha256: "{c}"
    origin: {kind: local, reason: written for this corpus}
"#;

fn complete() -> (String, Derivations) {
    let mut yaml = COMPLETE.to_owned();
    for name in ["a", "b", "c", "raw", "one", "two"] {
        yaml = yaml.replace(&format!("{{{name}}}"), &digest(name).to_string());
    }
    let read = |path: &str, name| (path.to_owned(), Ok(digest(name)));
    (yaml, [read("raw/a.html", "raw"), read("a.txt", "a")].into())
}

#[test]
fn a_complete_record_is_silent() {
    let (yaml, derivations) = complete();
    let (findings, _) = survey(yaml, &derivations);
    let said: Vec<_> = findings
        .iter()
        .map(|finding| (finding.rule, &finding.message))
        .collect();
    assert!(said.is_empty(), "{said:?}");
}

#[test]
fn each_fault_is_one_finding() {
    let faults = [
        ("20250312093000id_", "20250312093000", "provenance/rewritten-capture"),
        (
            "20250312093000id_",
            "20150312093000id_",
            "provenance/capture-before-publication",
        ),
        ("20250312093000id_", "20280312093000id_", "provenance/future-date"),
        (":443/a/3?", ":443/a/4?", "provenance/other-page-archived"),
        ("http_status: 200", "http_status: 404", "provenance/http-status"),
        ("license: CC-BY-4.0", "license: CC BY 4.0", "provenance/invalid-license"),
        ("https://mirror.example", "mirror.example", "provenance/invalid-url"),
        (
            "http://example.org/a/3/",
            "http://example.com/a/3/",
            "provenance/divergent-canonical-url",
        ),
        (
            "\n      retrieved_at: 2025-03-13T10:00:00+02:00",
            "",
            "provenance/missing-retrieval-date",
        ),
        (
            "retrieved_at: 2016-09}",
            "retrieved_at: 2015-09}",
            "provenance/retrieval-before-publication",
        ),
        (
            "retrieved_at: 2016-09}",
            "retrieved_at: 2016-03}",
            "provenance/retrieval-before-capture",
        ),
        ("  license: CC-BY-4.0\n", "", "provenance/missing-license"),
        ("raw/a.html", "a.txt", "provenance/circular-derivation"),
    ];
    for (sound, faulty, rule) in faults {
        let (yaml, derivations) = complete();
        assert!(yaml.contains(sound), "{sound}");
        let (findings, _) = survey(yaml.replacen(sound, faulty, 1), &derivations);
        let rules: BTreeSet<_> = findings.iter().map(|finding| finding.rule).collect();
        assert!(rules.contains(rule), "{rule}: {rules:?}");
        let expected = ["provenance/derivation-mismatch", "provenance/retrieval-before-capture"];
        let further: Vec<_> = rules
            .iter()
            .filter(|&&other| other != rule && !expected.contains(&other))
            .collect();
        assert!(further.is_empty(), "{rule}: also {further:?}");
    }
}

/// A chain of derivations that closes, one address for all, one wrong licence, and captures that were rewritten.
fn large(entries: usize) -> String {
    let mut yaml = "vidimus: 1\ncorpus: {include: ['*.txt']}\nentries:\n".to_owned();
    for at in 0..entries {
        let (own, next) = (digest(&at.to_string()), (at + 1) % entries);
        let origin = digest(&next.to_string());
        let source = format!(
            "{{url: 'https://example.org/a?page={}', retrieved_at: 2025-03-13}}",
            at % 1000
        );
        let archive = format!("{{url: 'https://web.archive.org/web/20250312093000/https://example.org/b?page={at}'}}");
        write!(
            yaml,
            "  - path: t/{at}.txt\n    sha256: {own}\n    source: {source}\n    archive: {archive}\n"
        )
        .expect("written");
        writeln!(
            yaml,
            "    license: CC BY 4.0\n    derived_from: [{{path: t/{next}.txt, sha256: {origin}}}]"
        )
        .expect("written");
    }
    yaml
}

#[test]
fn a_large_manifest_takes_time_in_proportion() {
    // A build without optimisation is slower by far; what is tested is that nothing is quadratic.
    let entries = if cfg!(debug_assertions) { 10_000 } else { 100_000 };
    let (findings, took) = survey(large(entries), &HashMap::new());
    let count = |rule| findings.iter().filter(|finding| finding.rule == rule).count();
    assert_eq!(count("provenance/circular-derivation"), 1);
    assert_eq!(count("provenance/invalid-license"), 1);
    assert_eq!(count("provenance/shared-url"), 1000);
    assert_eq!(count("provenance/other-page-archived"), entries);
    let limit = if cfg!(debug_assertions) { 30 } else { 10 };
    assert!(took < Duration::from_secs(limit), "{took:?}");
}
