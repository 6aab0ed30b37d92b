//! Web archives from end to end: texts are taken out of records, packages of archives are verified member by member, indexes fill in
//! what a manifest does not say. All records, packages and indexes are made here.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use vidimus::corpus::Corpus;
use vidimus::digest::Algorithm;
use vidimus::engine::{Options, Report};
use vidimus::error::Result;
use vidimus::exchange::{self, Import, Imported};
use vidimus::stop::Stop;
use vidimus::warc::label::base32;

const PAGE: &str = "<html><head><title>The quay</title></head><body><nav>Home</nav><p>The quay at Eller was swept on Fridays, and \
    nobody but old Tomas Vane knew why. He had a broom for each day.</p></body></html>\n";
const PLAIN: &str =
    "The quay at Eller was swept on Fridays, and nobody but old Tomas Vane knew why. He had a broom for each day.\n";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        for (name, bytes) in files {
            fs::write(folder.at(name), bytes).expect("written");
        }
        folder
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn import(&self, format: &str, name: &str) -> Result<Imported> {
        self.import_as(format, name, (false, None))
    }

    fn import_to(&self, format: &str, name: &str, texts: &Path) -> Result<Imported> {
        self.import_as(format, name, (false, Some(texts)))
    }

    fn import_as(&self, format: &str, name: &str, (dry, texts): (bool, Option<&Path>)) -> Result<Imported> {
        let path = self.at(name);
        let import = Import {
            format: exchange::find(format).expect("a format"),
            path: &path,
            output: None,
            include: &[],
            texts,
            force: false,
            keep: true,
            dry,
            at: "2026-01-01T00:00:00Z".parse().expect("a time"),
            stop: Stop::default(),
        };
        exchange::import(&import)
    }

    fn verify(&self, format: &str, name: &str) -> Report {
        let package = exchange::find(format)
            .expect("a format")
            .read(&self.at(name), Stop::default());
        exchange::verify(&package.expect("a package"), Stop::default())
            .expect("verified")
            .report
    }

    /// What a check says of records, as rules with their messages.
    fn of_records(&self) -> Vec<String> {
        let corpus = Corpus::open(&self.at("manifest.yaml")).expect("a manifest");
        let report = corpus.check(&Options::default()).expect("checked");
        assert_eq!(report.summary.verified, report.summary.listed);
        let told = ["record", "words", "digest"];
        let of = |rule: &str| rule.starts_with("provenance/") && told.iter().any(|part| rule.contains(part));
        let findings = report.findings.iter().filter(|finding| of(finding.rule));
        findings
            .map(|finding| format!("{}: {}", finding.rule, finding.message))
            .collect()
    }
}

/// One record, with digests.
fn record(kind: &str, id: usize, address: &str, date: &str, media: &str, block: &[u8], payload: &[u8]) -> Vec<u8> {
    let sha1 = |bytes: &[u8]| base32(&Algorithm::Sha1.digest(bytes));
    let head = format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{id:032}>\r\nWARC-Date: {date}\r\nWARC-Target-URI: {address}\r\n\
         Content-Type: {media}\r\nWARC-Block-Digest: sha1:{}\r\nWARC-Payload-Digest: sha1:{}\r\nContent-Length: {}\r\n\r\n",
        sha1(block),
        sha1(payload),
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn response(id: usize, address: &str, date: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let block = [head.as_bytes(), b"\r\n\r\n", body].concat();
    record(
        "response",
        id,
        address,
        date,
        "application/http; msgtype=response",
        &block,
        body,
    )
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nETag: \"q\"\r\nLast-Modified: Mon, 02 May 2016 08:00:00 GMT";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

fn crawl() -> Vec<Vec<u8>> {
    let quay = "https://eller.example/news/quay.html";
    let packed = gzip(PLAIN.as_bytes());
    vec![
        record(
            "warcinfo",
            1,
            "urn:crawl",
            "2016-05-11T10:00:00Z",
            "application/warc-fields",
            b"software: ours\r\n",
            b"software: ours\r\n",
        ),
        response(2, quay, "2016-05-11T10:00:01Z", OK, PAGE.as_bytes()),
        response(
            3,
            quay,
            "2016-06-11T10:00:01Z",
            OK,
            PAGE.replace("Fridays", "Sundays").as_bytes(),
        ),
        response(
            4,
            "https://eller.example/plain",
            "2016-05-11T10:00:02Z",
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip",
            &packed,
        ),
        response(
            5,
            "https://eller.example/old",
            "2016-05-11T10:00:03Z",
            "HTTP/1.1 301 Moved\r\nContent-Type: text/html",
            b"<p>moved</p>",
        ),
        response(
            6,
            "https://eller.example/a.png",
            "2016-05-11T10:00:03Z",
            "HTTP/1.1 200 OK\r\nContent-Type: image/png",
            b"\x89PNG",
        ),
        response(
            7,
            "https://eller.example/br",
            "2016-05-11T10:00:04Z",
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br",
            b"\x0b\x02",
        ),
        record(
            "resource",
            8,
            "https://eller.example/con",
            "2016-05-11T10:00:05Z",
            "text/plain",
            PLAIN.as_bytes(),
            PLAIN.as_bytes(),
        ),
    ]
}

fn packed_crawl() -> Vec<u8> {
    crawl().iter().flat_map(|record| gzip(record)).collect()
}

#[test]
fn texts_come_out_of_records_with_what_these_tell() {
    let folder = Folder::new(&[("crawl.warc.gz", &packed_crawl())]);
    let imported = folder.import("warc", "crawl.warc.gz").expect("imported");
    let paths: Vec<_> = imported.facts.entries.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "crawl/eller.example/news-quay.html",
            "crawl/eller.example/news-quay-20160611100001.html",
            "crawl/eller.example/plain.txt",
            "crawl/eller.example/_con.txt"
        ]
    );
    assert_eq!(folder.text(paths[0]), PAGE);
    assert_eq!(folder.text(paths[2]), PLAIN);
    let manifest = folder.text("manifest.yaml");
    for said in [
        "url: https://eller.example/news/quay.html",
        "retrieved_at: 2016-05-11T10:00:01Z",
        "http_status: 200",
        "etag: \"\\\"q\\\"\"",
        "last_modified: \"Mon, 02 May 2016 08:00:00 GMT\"",
        "file: crawl.warc.gz",
        "record_id: \"<urn:uuid:00000000000000000000000000000002>\"",
    ] {
        assert!(manifest.contains(said), "{said}\n{manifest}");
    }
    let lost: Vec<_> = imported
        .lost
        .iter()
        .map(|lost| format!("{} {}", lost.what, lost.why.as_deref().unwrap_or_default()))
        .collect();
    for told in [
        "a record of type image/png is no text",
        "a response with status 301 leads to another address, and is no text",
        "a warcinfo record is no text",
        "the response record of https://eller.example/br is encoded as `br`, which is not decoded",
    ] {
        assert!(lost.iter().any(|lost| lost == told), "{told}: {lost:?}");
    }
    assert_eq!(folder.of_records(), Vec::<String>::new());
}

#[test]
fn what_is_damaged_is_not_listed() {
    let mut records = crawl();
    records[1] = String::from_utf8(records[1].clone())
        .expect("text")
        .replace("Fridays", "Mondays")
        .into_bytes();
    let folder = Folder::new(&[("crawl.warc", &records.concat())]);
    let imported = folder.import("warc", "crawl.warc").expect("imported");
    assert_eq!(imported.facts.entries.len(), 3);
    assert!(
        imported
            .lost
            .iter()
            .any(|lost| lost.what.contains("news/quay.html")
                && lost.why.as_deref() == Some("is not what its digest says"))
    );
    assert_eq!(imported.report.summary.errors, 2, "its block and its payload");
}

#[test]
fn no_line_of_a_head_is_passed_over() {
    let of_head = |from: &str, to: &str| {
        let sound = record(
            "metadata",
            1,
            "https://eller.example/",
            "2016-05-11T10:00:01Z",
            "text/plain",
            b"x",
            b"x",
        );
        let text = String::from_utf8(sound).expect("text");
        let folder = Folder::new(&[("a.warc", text.replacen(from, to, 1).as_bytes())]);
        let findings = folder.verify("warc", "a.warc").findings.into_iter();
        findings
            .map(|finding| format!("{}: {}", finding.rule, finding.message))
            .collect::<Vec<_>>()
    };
    assert_eq!(of_head("", ""), Vec::<String>::new());
    assert_eq!(
        of_head("WARC-Payload-Digest", "WARC-Pay\u{fffd}oad-Digest"),
        ["manifest/invalid-value: the head of the record at byte 0 has a line that is no field"]
    );
    assert_eq!(
        of_head("WARC-Block-Digest", "warc-block-digest: sha1:TODO\r\nWARC-Block-Digest"),
        [
            "manifest/duplicate-key: the head of the record at byte 0 gives WARC-Block-Digest more than once; the first is read",
            "manifest/invalid-digest: the block digest `sha1:TODO` of the record at byte 0 is no digest: it is a placeholder",
        ]
    );
    let concurrent = "WARC-Concurrent-To: <urn:uuid:1>\r\n".repeat(2) + "WARC-Block";
    assert_eq!(of_head("WARC-Block", &concurrent), Vec::<String>::new());
}

#[test]
fn nothing_is_written_where_something_stands_or_nothing_is_wanted() {
    let folder = Folder::new(&[("crawl.warc.gz", &packed_crawl())]);
    folder.import_as("warc", "crawl.warc.gz", (true, None)).expect("looked");
    let names = |path: &Path| fs::read_dir(path).expect("listed").count();
    assert_eq!(names(folder.0.path()), 1);
    fs::create_dir(folder.at("crawl")).expect("made");
    let said = folder.import("warc", "crawl.warc.gz").expect_err("refused").to_string();
    assert!(
        said.contains("is there already; name another folder for the texts with `--texts`"),
        "{said}"
    );
    assert_eq!(names(folder.0.path()), 2);
    let elsewhere = folder.at("texts/2016");
    folder.import_to("warc", "crawl.warc.gz", &elsewhere).expect("imported");
    assert!(folder.at("texts/2016/eller.example/plain.txt").is_file());
    let outside = folder.at("../elsewhere");
    fs::remove_file(folder.at("manifest.yaml")).expect("removed");
    let refused = folder.import_to("warc", "crawl.warc.gz", &outside);
    assert!(refused.is_err());
}

#[test]
fn what_is_no_web_archive_is_refused() {
    let folder = Folder::new(&[
        ("a.warc", b"hello"),
        ("b.wacz", b"hello"),
        ("c.cdx", b"hello\n"),
        ("empty.warc", b""),
    ]);
    fs::create_dir(folder.at("d.warc")).expect("made");
    for (format, name) in [
        ("warc", "a.warc"),
        ("warc", "empty.warc"),
        ("warc", "d.warc"),
        ("warc", "gone.warc"),
        ("wacz", "b.wacz"),
        ("wacz", "a.warc"),
    ] {
        let read = exchange::find(format)
            .expect("a format")
            .read(&folder.at(name), Stop::default());
        assert!(read.is_err(), "{name}");
        assert!(folder.import(format, name).is_err(), "{name}");
        assert!(exchange::recognise(&folder.at(name)).is_none(), "{name}");
    }
    assert!(folder.import("cdx", "c.cdx").is_err());
}

#[test]
fn archives_say_of_themselves_what_they_are() {
    let folder = Folder::new(&[("a", &packed_crawl()), ("b", &crawl().concat()), ("c", &package(&[]).0)]);
    let name = |file: &str| exchange::recognise(&folder.at(file)).map(|format| format.name());
    assert_eq!(
        (name("a"), name("b"), name("c")),
        (Some("warc"), Some("warc"), Some("wacz"))
    );
}

/// A ZIP file of stored members.
fn zip(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut file, mut list) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let size = u32::try_from(bytes.len()).expect("small");
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        common.extend(crc.sum().to_le_bytes());
        common.extend(size.to_le_bytes());
        common.extend(size.to_le_bytes());
        common.extend(u16::try_from(name.len()).expect("short").to_le_bytes());
        let place = u32::try_from(file.len()).expect("small");
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend([0, 0]);
        file.extend(name.as_bytes());
        file.extend(bytes);
        list.extend(b"PK\x01\x02\x14\x00");
        list.extend(&common);
        list.extend([0; 12]);
        list.extend(place.to_le_bytes());
        list.extend(name.as_bytes());
    }
    let count = u16::try_from(members.len()).expect("few").to_le_bytes();
    let (place, size) = (
        u32::try_from(file.len()).expect("small"),
        u32::try_from(list.len()).expect("small"),
    );
    file.extend(list);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count);
    file.extend(count);
    file.extend(size.to_le_bytes());
    file.extend(place.to_le_bytes());
    file.extend([0, 0]);
    file
}

/// A WACZ in which some members are others than its list says, or are not there.
fn package(changes: &[(&str, Option<&[u8]>)]) -> (Vec<u8>, usize) {
    let hash = |bytes: &[u8]| format!("sha256:{}", Algorithm::Sha256.digest(bytes));
    let mut members = vec![
        ("archive/crawl.warc.gz".to_owned(), packed_crawl()),
        (
            "indexes/index.cdx".to_owned(),
            b"example,eller)/ 20160511100001 {}\n".to_vec(),
        ),
        (
            "pages/pages.jsonl".to_owned(),
            b"{\"format\": \"json-pages-1.0\"}\n".to_vec(),
        ),
    ];
    let resource = |(name, bytes): &(String, Vec<u8>)| serde_json::json!({"path": name, "hash": hash(bytes), "bytes": bytes.len()});
    let resources: Vec<_> = members.iter().map(resource).collect();
    let list = serde_json::json!({"profile": "data-package", "title": "Eller", "resources": resources})
        .to_string()
        .into_bytes();
    let seal = serde_json::json!({"path": "datapackage.json", "hash": hash(&list)})
        .to_string()
        .into_bytes();
    members.push(("datapackage.json".to_owned(), list));
    members.push(("datapackage-digest.json".to_owned(), seal));
    let all = members.len();
    for (name, bytes) in changes {
        members.retain(|(known, _)| known != name);
        members.extend(bytes.map(|bytes| ((*name).to_owned(), bytes.to_vec())));
    }
    (zip(&members), all)
}

#[test]
fn a_package_of_archives_is_verified_to_the_record() {
    let rules = |changes: &[(&str, Option<&[u8]>)]| {
        let folder = Folder::new(&[("a.wacz", &package(changes).0)]);
        let report = folder.verify("wacz", "a.wacz");
        let mut rules: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
        rules.dedup();
        (rules, report.summary.verified, report.summary.listed)
    };
    assert_eq!(rules(&[]), (vec![], 12, 12), "three files, the list, and eight records");
    assert_eq!(
        rules(&[("pages/pages.jsonl", Some(b"{}"))]).0,
        ["fixity/hash-mismatch", "fixity/size-mismatch"]
    );
    assert_eq!(rules(&[("pages/pages.jsonl", None)]).0, ["fixity/missing-text"]);
    assert_eq!(rules(&[("indexes/index.cdx", None)]).0, ["fixity/missing-text"]);
    assert_eq!(rules(&[("archive/crawl.warc.gz", None)]).0, ["fixity/missing-text"]);
    assert_eq!(rules(&[("datapackage.json", None)]).0, ["fixity/missing-text"]);
    assert_eq!(rules(&[("datapackage-digest.json", None)]).0, ["manifest/missing-key"]);
    assert_eq!(
        rules(&[("datapackage.json", Some(b"{\"resources\": []}"))]).0,
        [
            "fixity/hash-mismatch",
            "fixity/unlisted-text",
            "manifest/empty-manifest"
        ]
    );
    assert_eq!(
        rules(&[("README", Some(b"a name without a dot"))]).0,
        ["fixity/unlisted-text"]
    );
    assert_eq!(
        rules(&[("../up.txt", Some(b"x"))]).0,
        ["fixity/unlisted-text", "manifest/invalid-path"]
    );
    assert_eq!(
        rules(&[("datapackage-digest.json", Some(b"{"))]),
        (vec!["manifest/invalid-value"], 11, 12)
    );
    let damaged = packed_crawl().split_off(9);
    let (found, ..) = rules(&[("archive/crawl.warc.gz", Some(&damaged))]);
    assert!(found.contains(&"fixity/hash-mismatch"), "{found:?}");
}

/// What is said of a package with another list and another seal.
fn sealed_by(list: &[u8], seal: &serde_json::Value) -> Report {
    let seal = seal.to_string().into_bytes();
    let changes = [
        ("datapackage.json", Some(list)),
        ("datapackage-digest.json", Some(seal.as_slice())),
    ];
    Folder::new(&[("a.wacz", &package(&changes).0)]).verify("wacz", "a.wacz")
}

/// A package with another list, which is sealed, and what is said of it: the rules, and how many files are verified.
fn sealed(list: &serde_json::Value, signed: Option<&str>) -> (Vec<&'static str>, usize) {
    let list = list.to_string().into_bytes();
    let hash = format!("sha256:{}", Algorithm::Sha256.digest(&list));
    let mut seal = serde_json::json!({"path": "datapackage.json", "hash": hash});
    if let Some(signed) = signed {
        let signed = if signed == "the same" { hash.as_str() } else { signed };
        seal["signedData"] = serde_json::json!({"hash": signed, "signature": "bm9uZQ=="});
    }
    let report = sealed_by(&list, &seal);
    let mut rules: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
    rules.sort_unstable();
    (rules, report.summary.verified)
}

#[test]
fn what_is_signed_of_a_package_is_compared_and_no_file_is_read_twice() {
    let (name, pages) = ("pages/pages.jsonl", b"{\"format\": \"json-pages-1.0\"}\n");
    let page = serde_json::json!({"path": name, "hash": format!("sha256:{}", Algorithm::Sha256.digest(pages))});
    let list = |resources: &[&serde_json::Value]| serde_json::json!({"resources": resources});
    let unlisted = ["fixity/unlisted-text"; 2];
    assert_eq!(
        sealed(&list(&[&page]), None),
        (unlisted.to_vec(), 10),
        "one file, the list, and eight records"
    );
    let with = |rules: &[&'static str]| {
        let mut rules = [rules, &unlisted].concat();
        rules.sort_unstable();
        rules
    };
    assert_eq!(
        sealed(&list(&[&page]), Some("the same")),
        (with(&["fixity/unverified-signature"]), 10)
    );
    let other = format!("sha256:{}", Algorithm::Sha256.digest(b"other"));
    let wrong = with(&["fixity/unverified-signature", "fixity/hash-mismatch"]);
    assert_eq!(sealed(&list(&[&page]), Some(&other)), (wrong, 9));
    let none = with(&["fixity/unverified-signature", "manifest/invalid-digest"]);
    assert_eq!(sealed(&list(&[&page]), Some("sha256:TODO")), (none, 9));
    let (rules, verified) = sealed(&list(&[&page, &page, &page]), None);
    assert_eq!(rules.iter().filter(|rule| **rule == "manifest/path-clash").count(), 2);
    assert_eq!(verified, 10);
}

#[test]
fn a_wrong_digest_counts_for_more_than_one_that_is_none() {
    let other = format!("sha256:{}", Algorithm::Sha256.digest(b"other"));
    let [wrong, none] = [other.as_str(), "sha256:TODO"];
    for (hash, signed) in [(wrong, none), (none, wrong)] {
        let seal = serde_json::json!({"path": "datapackage.json", "hash": hash, "signedData": {"hash": signed}});
        let summary = sealed_by(b"{\"resources\": []}", &seal).summary;
        assert_eq!((summary.changed(), summary.unverifiable), (1, 0), "{hash} {signed}");
    }
}

#[test]
fn a_package_of_archives_is_imported() {
    let folder = Folder::new(&[("a.wacz", &package(&[]).0)]);
    let imported = folder.import("wacz", "a.wacz").expect("imported");
    assert_eq!(
        (imported.facts.entries.len(), imported.facts.corpus.title.as_deref()),
        (4, Some("Eller"))
    );
    assert!(folder.text("manifest.yaml").contains("file: a.wacz"));
    assert_eq!(folder.of_records(), Vec::<String>::new());
}

#[test]
fn a_package_that_was_cut_ends() {
    let whole = package(&[]).0;
    for end in (0..whole.len()).step_by(61) {
        let folder = Folder::new(&[("a.wacz", &whole[..end])]);
        let read = exchange::find("wacz")
            .expect("a format")
            .read(&folder.at("a.wacz"), Stop::default());
        assert!(read.is_err(), "{end}");
    }
    for at in (0..whole.len()).step_by(37) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x20;
        let folder = Folder::new(&[("a.wacz", &bytes)]);
        let Ok(package) = exchange::find("wacz")
            .expect("a format")
            .read(&folder.at("a.wacz"), Stop::default())
        else {
            continue;
        };
        let verified = exchange::verify(&package, Stop::default());
        assert!(verified.is_ok(), "{at}");
    }
}

const INDEX: &str = " CDX N b a m s k r M S V g\n\
    example,eller)/news/quay 20160511100001 http://www.eller.example/news/quay/ text/html 200 3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ - - 9 0 crawl.warc\n\
    example,eller)/twice 20160511100001 https://eller.example/twice text/html 404 - - - 9 0 crawl.warc\n\
    example,eller)/twice 20160611100001 https://eller.example/twice text/html 200 - - - 9 0 crawl.warc\n";

fn listing(source: &str) -> String {
    let digest = Algorithm::Sha256.digest(PLAIN.as_bytes());
    format!(
        "vidimus: 1\ncorpus: {{include: [\"*.txt\"]}}\nentries:\n  # found in the attic\n  - path: a.txt\n    sha256: \"{digest}\"\n    source: {source}\n    license: CC0-1.0 # as the editor says\n"
    )
}

fn filled(source: &str) -> (String, usize, Vec<String>) {
    let listed = listing(source);
    let folder = Folder::new(&[
        ("a.txt", PLAIN.as_bytes()),
        ("crawl.warc", b"WARC/1.1"),
        ("index.cdx", INDEX.as_bytes()),
        ("manifest.yaml", listed.as_bytes()),
    ]);
    let imported = folder.import("cdx", "index.cdx").expect("filled in");
    let lost = imported
        .lost
        .iter()
        .map(|lost| format!("{} {}", lost.what, lost.why.as_deref().unwrap_or_default()));
    (
        folder.text("manifest.yaml"),
        imported.filled.expect("a count"),
        lost.collect(),
    )
}

#[test]
fn an_index_fills_in_what_is_not_said() {
    let (manifest, count, lost) = filled("{url: \"https://eller.example/news/quay\"}");
    let source = "{url: \"https://eller.example/news/quay\", retrieved_at: 2016-05-11T10:00:01Z, http_status: 200}\n    archive:\n      warc:\n        file: crawl.warc\n        payload_digest: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ";
    let want = listing("SOURCE").replace("SOURCE", source);
    let lines = |text: &str| {
        text.lines()
            .map(str::to_owned)
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!((lines(&manifest), count, lost), (lines(&want), 1, vec![]));
}

#[test]
fn an_index_writes_nothing_over_and_guesses_nothing() {
    let twice = "https://eller.example/twice";
    let (manifest, count, lost) = filled(&format!("{{url: \"{twice}\"}}"));
    assert_eq!((manifest, count), (listing(&format!("{{url: \"{twice}\"}}")), 0));
    assert_eq!(
        lost,
        ["captures of a.txt (2) may each be the one that the entry is from; record `retrieved_at` to the second"]
    );
    let (manifest, count, lost) = filled(&format!(
        "{{url: \"{twice}\", retrieved_at: 2016-06-11, http_status: 500}}"
    ));
    assert!(manifest.contains("http_status: 500"), "{manifest}");
    assert_eq!(
        (count, lost),
        (
            1,
            vec!["the status 200 of a.txt differs from 500, which is recorded".to_owned()]
        )
    );
    let (_, count, lost) = filled(&format!("{{url: \"{twice}\", retrieved_at: 2019-06-11}}"));
    assert_eq!(
        (count, lost),
        (
            0,
            vec![
                "captures of a.txt (2) made at another time than the entry was retrieved: nothing is filled in"
                    .to_owned()
            ]
        )
    );
}

#[test]
fn no_report_is_written_over_an_archive() {
    let folder = Folder::new(&[("crawl.warc.gz", &packed_crawl()), ("a.wacz", &package(&[]).0)]);
    for name in ["crawl.warc.gz", "a.wacz"] {
        let before = fs::read(folder.at(name)).expect("read");
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_vidimus"))
            .current_dir(folder.0.path())
            .args(["verify", name, "--output", &format!("json={name}")])
            .output()
            .expect("run");
        assert_eq!(run.status.code(), Some(2), "{name}");
        assert_eq!(fs::read(folder.at(name)).expect("read"), before, "{name}");
    }
}
