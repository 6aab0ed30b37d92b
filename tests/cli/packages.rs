//! Packages that are described in JSON: data packages, Croissant and RO-Crate, verified, brought in and written.

use std::fs;
use std::path::Path;

use insta_cmd::assert_cmd_snapshot;
use vidimus::digest::Algorithm;

use crate::snapshots;
use crate::support::{run, vidimus_in};

const TEXT: &[u8] = b"The ferry was late again, and nobody minded.\n";

/// Each format, and how its description is called.
const FORMATS: [(&str, &str); 3] = [
    ("frictionless", "datapackage.json"),
    ("croissant", "croissant.json"),
    ("ro-crate", "ro-crate-metadata.json"),
];

/// A folder with `a.txt` and `b.txt`, and a description in which `{sha256}` and the like stand for the digests of both.
fn with(name: &str, description: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for text in ["a.txt", "b.txt"] {
        fs::write(folder.path().join(text), TEXT).expect("written");
    }
    let fill = |text: String, algorithm: Algorithm| {
        let digest = algorithm.digest(TEXT).to_string();
        let upper = text.replace(
            &format!("{{{}}}", algorithm.name().to_uppercase()),
            &digest.to_uppercase(),
        );
        upper.replace(&format!("{{{algorithm}}}"), &digest)
    };
    let description = Algorithm::ALL.into_iter().fold(description.to_owned(), fill);
    fs::write(folder.path().join(name), description).expect("written");
    folder
}

fn ends(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    run(vidimus_in(folder).args(["--color", "never"]).args(args))
}

/// A data package of one resource with these fields.
fn resource(fields: &str) -> String {
    format!("{{\"resources\": [{{\"name\": \"a\", {fields}}}]}}\n")
}

/// A Croissant description of one file with these fields.
fn distribution(fields: &str) -> String {
    let context = r#"{"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"}"#;
    let file = format!("{{\"@type\": \"cr:FileObject\", \"@id\": \"a\", {fields}}}");
    format!("{{\"@context\": {context}, \"@type\": \"Dataset\", \"distribution\": [{file}]}}\n")
}

/// An RO-Crate of one file with these fields, and what else stands in its graph.
fn graph(fields: &str, more: &str) -> String {
    let head = r#"{"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"}}"#;
    let root = r#"{"@id": "./", "@type": "Dataset", "hasPart": {"@id": "a.txt"}}"#;
    let context = "https://w3id.org/ro/crate/1.1/context";
    format!("{{\"@context\": \"{context}\", \"@graph\": [{head}, {root}, {{\"@type\": \"File\", {fields}}}{more}]}}\n")
}

#[test]
fn one_finding_of_each_format() {
    let description = "{\n  \"resources\": [\n    {\n      \"name\": \"a\",\n      \"path\": \"a.txt\",\n      \"hash\": \"{sha256}\"\n    }\n  ]\n}\n";
    let folder = with("datapackage.json", description);
    snapshots().bind(|| {
        assert_cmd_snapshot!(
            "verify-frictionless",
            vidimus_in(folder.path()).args(["verify", "datapackage.json"])
        );
    });
    let description = "{\n  \"@context\": { \"@vocab\": \"https://schema.org/\", \"cr\": \"http://mlcommons.org/croissant/\" },\n  \"@type\": \"Dataset\",\n  \"distribution\": [\n    { \"@type\": \"cr:FileObject\", \"@id\": \"a\", \"contentUrl\": \"a.txt\", \"sha256\": \"{md5}\" }\n  ]\n}\n";
    let folder = with("croissant.json", description);
    snapshots().bind(|| {
        assert_cmd_snapshot!(
            "verify-croissant",
            vidimus_in(folder.path()).args(["verify", "croissant.json"])
        );
    });
    let folder = with(
        "ro-crate-metadata.json",
        &graph("\"@id\": \"a.txt\", \"sha256\": \"TODO\", \"contentSize\": \"44\"", ""),
    );
    snapshots().bind(|| {
        assert_cmd_snapshot!("verify-ro-crate", vidimus_in(folder.path()).args(["verify", "."]));
    });
}

/// What is verified against a description ends like this, and says that.
fn verified(name: &str, description: &str, code: i32, says: &[&str]) {
    let folder = with(name, description);
    let (found, out, err) = ends(folder.path(), &["verify", name, "--format", "concise"]);
    assert_eq!(found, Some(code), "{description}{out}{err}");
    for said in says {
        assert!(out.contains(said), "nothing says {said:?} of {description}: {out}{err}");
    }
}

/// What stands for the hash of a resource and is none, and what is said of it.
const NO_HASHES: &[(&str, &str)] = &[
    (
        "sha256:{md5}",
        "error[manifest/invalid-digest] this is no SHA-256 digest: it is the MD5 of the present bytes",
    ),
    (
        "{sha256}",
        "error[manifest/invalid-digest] this is no MD5 digest: it is the SHA-256 of the present bytes",
    ),
    ("sha256:TODO", "this is no SHA-256 digest: it is a placeholder"),
    (
        "sha256",
        "this is no MD5 digest: it is the name of an algorithm, a placeholder",
    ),
    ("foo", "this is no MD5 digest: it is a placeholder"),
    ("", "this is no MD5 digest: it is empty"),
    (
        "https://example.org/issues/80",
        "this is no MD5 digest: it is an address",
    ),
    (
        "sha256:00000000000000000000000000000000",
        "repeats one character, a placeholder",
    ),
    ("crc32:12345678", "error[manifest/unknown-algorithm] `crc32`"),
];

#[test]
fn hashes_of_a_data_package() {
    let of = |hash: &str| resource(&format!("\"path\": \"a.txt\", \"hash\": \"{hash}\""));
    for hash in [
        "sha256:{sha256}",
        "{md5}",
        "md5:{md5}",
        "SHA-1:{sha1}",
        "sha512:{sha512}",
        "blake3:{blake3}",
    ] {
        verified(
            "datapackage.json",
            &of(hash),
            0,
            &["1 text listed: 1 verified", "nothing found"],
        );
    }
    verified(
        "datapackage.json",
        &of("SHA256:{SHA256}"),
        0,
        &["info[manifest/digest-form]", "1 verified"],
    );
    for (hash, said) in NO_HASHES {
        verified(
            "datapackage.json",
            &of(hash),
            1,
            &[said, "1 text listed: 0 verified, 1 unverifiable"],
        );
    }
    let other = Algorithm::Sha512.digest(b"other");
    verified(
        "datapackage.json",
        &of(&format!("sha512:{other}")),
        1,
        &["error[fixity/hash-mismatch]", "0 verified, 1 changed"],
    );
}

/// Fields of a resource, and what is said of them.
const RESOURCES: &[(&str, &str)] = &[
    ("\"path\": \"a.txt\"", "error[manifest/missing-key]"),
    (
        "\"path\": \"a.txt\", \"hash\": 7",
        "error[manifest/invalid-value] the hash is a number",
    ),
    (
        "\"path\": \"gone.txt\", \"hash\": \"{md5}\"",
        "error[fixity/missing-text]",
    ),
    (
        "\"path\": \"../a.txt\", \"hash\": \"{md5}\"",
        "error[manifest/invalid-path]",
    ),
    (
        "\"path\": \"/etc/hostname\", \"hash\": \"{md5}\"",
        "error[manifest/invalid-path]",
    ),
    (
        "\"path\": \"C:\\\\a.txt\", \"hash\": \"{md5}\"",
        "error[manifest/invalid-path]",
    ),
    (
        "\"path\": \"\\\\\\\\host\\\\a.txt\", \"hash\": \"{md5}\"",
        "error[manifest/invalid-path]",
    ),
    (
        "\"path\": \"https://example.org/a.txt\", \"hash\": \"{md5}\"",
        "error[fixity/unreached-text] the file is at an address",
    ),
    (
        "\"path\": [\"a.txt\", \"b.txt\"], \"hash\": \"{md5}\"",
        "error[fixity/unreached-text] the resource is 2 files together",
    ),
    ("\"path\": [], \"hash\": \"{md5}\"", "error[fixity/unreached-text]"),
    (
        "\"path\": {}, \"hash\": \"{md5}\"",
        "error[manifest/invalid-value] the path is an object",
    ),
    (
        "\"hash\": \"{md5}\"",
        "error[manifest/invalid-value] the resource has no path",
    ),
    (
        "\"path\": \"a.txt\", \"hash\": \"{md5}\", \"bytes\": \"44\"",
        "error[manifest/invalid-value] `bytes` is no number",
    ),
    (
        "\"path\": \"a.txt\", \"hash\": \"{md5}\", \"bytes\": 7",
        "error[fixity/size-mismatch]",
    ),
    (
        "\"path\": \"b.txt\", \"path\": \"a.txt\", \"hash\": \"{md5}\"",
        "error[manifest/duplicate-key] `path` stands twice",
    ),
    (
        "\"path\": \"a.txt\", \"hash\": \"{md5}\"}, {\"path\": \"./a.txt\", \"hash\": \"{md5}\"",
        "error[manifest/path-clash]",
    ),
    (
        "\"path\": \"a.txt\", \"hash\": \"{md5}\"}, {\"data\": [1]",
        "warning[fixity/unreached-text] the data of the resource stand in",
    ),
];

#[test]
fn what_a_data_package_lists_and_is_not_verified_is_named() {
    for (fields, said) in RESOURCES {
        verified("datapackage.json", &resource(fields), 1, &[said]);
    }
    verified(
        "datapackage.json",
        &resource("\"path\": [\"./a.txt\"], \"hash\": \"{md5}\", \"bytes\": 45"),
        0,
        &["1 verified"],
    );
}

/// Fields of a file in a distribution, and what is said of them.
const DISTRIBUTIONS: &[(&str, &str)] = &[
    (
        "\"sha256\": \"{md5}\"",
        "this is no SHA-256 digest: it is the MD5 of the present bytes",
    ),
    (
        "\"sha256\": \"https://example.org/issues/80\"",
        "this is no SHA-256 digest: it is an address",
    ),
    (
        "\"sha256\": \"{sha256}\", \"md5\": \"bar\"",
        "this is no MD5 digest: it is a placeholder",
    ),
    (
        "\"sha256\": [\"{sha256}\", \"foo\"]",
        "this is no SHA-256 digest: it is a placeholder",
    ),
    (
        "\"sha256\": {\"@value\": 7}",
        "error[manifest/invalid-value] the digest is an object",
    ),
    ("\"name\": \"a\"", "error[manifest/missing-key]"),
    (
        "\"sha256\": \"{sha256}\", \"contentSize\": \"44 B\"",
        "error[fixity/size-mismatch]",
    ),
    (
        "\"sha256\": \"{sha256}\", \"contentSize\": \"some\"",
        "error[manifest/invalid-value] `contentSize` is no size",
    ),
    (
        "\"sha256\": \"{sha256}\"}, {\"@type\": \"cr:FileSet\", \"includes\": \"*.txt\"",
        "warning[fixity/unreached-text] these are files by a pattern",
    ),
    (
        "\"sha256\": \"{sha256}\"}, {\"contentUrl\": \"m.txt\", \"containedIn\": {\"@id\": \"a\"}",
        "warning[fixity/unreached-text] the file is inside an archive",
    ),
    (
        "\"sha256\": \"{sha256}\"}, {\"contentUrl\": \"https://example.org/b\", \"sha256\": \"foo\"",
        "this is no SHA-256 digest: it is a placeholder",
    ),
    (
        "\"sha256\": \"{sha256}\"}, {\"name\": \"b\"",
        "error[manifest/invalid-value] the file has no `contentUrl`",
    ),
    (
        "\"sha256\": \"{sha256}\"}, {\"contentUrl\": \"data:,b\"",
        "error[fixity/unreached-text] the data stand in the address itself",
    ),
];

#[test]
fn digests_and_places_of_a_croissant_description() {
    let of = |fields: &str| distribution(&format!("\"contentUrl\": \"a.txt\", {fields}"));
    let sound = [
        "\"sha256\": \"{sha256}\"",
        "\"sc:sha256\": \"{sha256}\", \"cr:md5\": \"{md5}\"",
        "\"https://schema.org/sha256\": {\"@value\": \"{sha256}\"}",
        "\"sha256\": \"{sha256}\", \"contentSize\": \"45 B\"",
        "\"sha256\": \"{sha256}\", \"contentSize\": 45",
        "\"sha256\": \"{sha256}\", \"contentSize\": \"1 KB\"",
    ];
    for fields in sound {
        verified(
            "croissant.json",
            &of(fields),
            0,
            &["1 text listed: 1 verified", "nothing found"],
        );
    }
    for (fields, said) in DISTRIBUTIONS {
        verified("croissant.json", &of(fields), 1, &[said]);
    }
}

/// A Croissant description whose graph has these nodes; `a` is in the distribution of the first dataset.
fn nodes(more: &str) -> String {
    let context = r#"{"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"}"#;
    let dataset = r#"{"@id": "d", "@type": "Dataset", "distribution": [{"@id": "a"}]}"#;
    let file = r#"{"@id": "a", "@type": "cr:FileObject", "contentUrl": "a.txt", "sha256": "{sha256}"}"#;
    format!("{{\"@context\": {context}, \"@graph\": [{dataset}, {file}{more}]}}\n")
}

#[test]
fn no_file_of_a_croissant_description_is_passed_over() {
    let paths = |paths: &str| distribution(&format!("\"contentUrl\": {paths}, \"sha256\": \"{{sha256}}\""));
    let second = "error[manifest/invalid-value] the file has a second path";
    verified(
        "croissant.json",
        &paths(r#"["a.txt", "b.txt"]"#),
        1,
        &[second, "2 texts listed: 1 verified, 1 unverifiable"],
    );
    verified(
        "croissant.json",
        &paths(r#""a.txt", "sc:contentUrl": "b.txt""#),
        1,
        &[second],
    );
    verified(
        "croissant.json",
        &paths(r#"["https://example.org/a", "a.txt"]"#),
        0,
        &["1 text listed: 1 verified"],
    );
    verified(
        "croissant.json",
        &nodes(""),
        0,
        &["1 text listed: 1 verified", "nothing found"],
    );
    let other =
        r#", {"@id": "e", "@type": "Dataset", "distribution": {"contentUrl": "gone.txt", "sha256": "{sha256}"}}"#;
    verified(
        "croissant.json",
        &nodes(other),
        1,
        &["error[fixity/missing-text] gone.txt", "2 texts listed"],
    );
    let again =
        r#", {"@id": "e", "sc:distribution": [], "distribution": {"contentUrl": "gone.txt", "sha256": "{sha256}"}}"#;
    verified(
        "croissant.json",
        &nodes(again),
        1,
        &["error[fixity/missing-text] gone.txt"],
    );
    let stray = r#", {"@id": "b", "@type": "cr:FileObject", "contentUrl": "b.txt"}"#;
    verified(
        "croissant.json",
        &nodes(stray),
        1,
        &["no `distribution` leads to this file", "1 unverifiable"],
    );
}

#[test]
fn a_digest_of_a_croissant_description_may_be_base64() {
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD.encode(Algorithm::Sha256.digest(TEXT).as_bytes());
    let description = distribution(&format!("\"contentUrl\": \"a.txt\", \"sha256\": \"{base64}\""));
    verified("croissant.json", &description, 0, &["1 text listed: 1 verified"]);
}

/// Fields of a file in a crate, what else stands in its graph, and what is said of that.
const GRAPHS: &[(&str, &str, &str)] = &[
    (
        "\"@id\": \"a.txt\"",
        "",
        "error[manifest/missing-key] the RO-Crate gives no digest for a.txt",
    ),
    (
        "\"@id\": \"../a.txt\", \"sha256\": \"{sha256}\"",
        "",
        "error[manifest/invalid-path]",
    ),
    (
        "\"@id\": \"a.txt\", \"sha256\": \"{sha256}\", \"contentSize\": \"44\"",
        "",
        "error[fixity/size-mismatch]",
    ),
    (
        "\"@id\": \"https://example.org/a\", \"sha256\": \"foo\"",
        "",
        "this is no SHA-256 digest: it is a placeholder",
    ),
    (
        "\"@id\": \"b.txt\", \"sha256\": \"{sha256}\"",
        "",
        "error[manifest/invalid-value] `hasPart` names `a.txt`, which the crate does not describe",
    ),
    (
        "\"@id\": \"b.txt\", \"sha256\": \"{sha256}\"",
        "",
        "warning[manifest/invalid-value] no `hasPart` leads to this file",
    ),
    (
        "\"@id\": \"a.txt\", \"sha256\": \"{sha256}\"",
        ", {\"@id\": \"more/\", \"@type\": \"Dataset\"}",
        "warning[fixity/unreached-text] the files of this folder",
    ),
    (
        "\"@id\": \"a.txt\", \"sha256\": \"{sha256}\"",
        ", 7",
        "error[manifest/invalid-value] an entity is a number",
    ),
];

#[test]
fn files_of_a_crate() {
    let name = "ro-crate-metadata.json";
    let sound = [
        graph(
            "\"@id\": \"a.txt\", \"sha256\": \"{sha256}\", \"contentSize\": \"45\"",
            "",
        ),
        graph("\"@id\": \"./a.txt\", \"sha256\": \"{sha256}\"", ""),
        graph(
            "\"@id\": \"a.txt\", \"sha256\": \"{sha256}\", \"contentSize\": 45",
            ", {\"@id\": \"#x\", \"@type\": \"Person\"}",
        ),
    ];
    for description in sound {
        verified(name, &description, 0, &["1 text listed: 1 verified", "nothing found"]);
    }
    for (fields, more, said) in GRAPHS {
        verified(name, &graph(fields, more), 1, &[said]);
    }
}

#[test]
fn no_file_of_a_crate_is_passed_over() {
    let file = "\"@id\": \"a.txt\", \"sha256\": \"{sha256}\"";
    let below =
        r#", {"@id": "more/ro-crate-metadata.json", "@type": "File", "sha256": "{sha256}", "about": {"@id": "more/"}}"#;
    let nameless = r#", {"@type": "File", "sha256": "{sha256}"}"#;
    let part =
        |part: &str| format!(r#", {{"@id": "./more/", "@type": "Dataset", "hasPart": [{{"@id": "a.txt"}}, {part}]}}"#);
    let cases = [
        (
            below.to_owned(),
            "error[fixity/missing-text] more/ro-crate-metadata.json is not there",
        ),
        (
            nameless.to_owned(),
            "error[manifest/invalid-value] the file has no `@id`",
        ),
        (
            part("\"gone.txt\""),
            "`hasPart` names `gone.txt`, which the crate does not describe",
        ),
        (
            part("{\"@type\": \"File\"}"),
            "`hasPart` names something without an `@id`",
        ),
    ];
    for (more, said) in cases {
        verified(
            "ro-crate-metadata.json",
            &graph(file, &more),
            1,
            &[said, "2 texts listed: 1 verified"],
        );
    }
    // The metadata of a crate below is no description of this one, wherever they stand.
    let first = graph(file, "").replacen("\"@graph\": [", &format!("\"@graph\": [{}, ", &below[2..]), 1);
    verified(
        "ro-crate-metadata.json",
        &first,
        1,
        &["error[fixity/missing-text]", "2 texts listed: 1 verified"],
    );
}

#[test]
fn the_address_of_a_file_in_a_crate_is_decoded_where_it_was_encoded() {
    let description = graph("\"@id\": \"a%20b.txt\", \"sha256\": \"{sha256}\"", "")
        .replace("{\"@id\": \"a.txt\"}", "{\"@id\": \"a%20b.txt\"}");
    for file in ["a b.txt", "a%20b.txt"] {
        let folder = with("ro-crate-metadata.json", &description);
        fs::rename(folder.path().join("a.txt"), folder.path().join(file)).expect("renamed");
        let (code, out, err) = ends(folder.path(), &["verify", "ro-crate-metadata.json"]);
        assert_eq!(code, Some(0), "{file}: {out}{err}");
    }
}

/// A corpus whose manifest says nearly all that a manifest can say.
fn corpus() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("texts/a ferry.txt");
    fs::create_dir_all(text.parent().expect("a parent")).expect("made");
    fs::write(text, TEXT).expect("written");
    let (sha256, md5) = (Algorithm::Sha256.digest(TEXT), Algorithm::Md5.digest(TEXT));
    let raw = Algorithm::Sha256.digest(b"raw");
    let manifest = format!(
        "vidimus: 1\ncorpus:\n  id: https://example.org/corpora/ferry\n  title: Ferry letters\n  include:\n    - \"texts/**/*.txt\"\n  \
         language: en\n  license: CC-BY-4.0\nentries:\n  - id: The ferry\n    path: texts/a ferry.txt\n    sha256: \"{sha256}\"\n    digests:\n      \
         md5: \"{md5}\"\n    bytes: 45\n    title: A late ferry\n    author:\n      - Ida Brook\n      - Tom Quill\n    publisher: The Quay Press\n    \
         published_at: 2016-08-11\n    license: CC-BY-4.0 OR MIT\n    source:\n      url: https://example.org/a\n      \
         retrieved_at: 2025-03-13T10:00:00+02:00\n      http_status: 200\n    archive:\n      \
         url: https://web.archive.org/web/20250313080000id_/https://example.org/a\n    derived_from:\n      - path: raw/a.html\n        \
         sha256: \"{raw}\"\n    edits:\n      - from: \"{raw}\"\n        to: \"{sha256}\"\n        at: 2025-03-14T10:00:00Z\n        \
         reason: extracted the text\n        rules:\n          - layout/html-residue\n    notes: \"two\\nlines\"\n"
    );
    fs::write(folder.path().join("manifest.yaml"), manifest).expect("written");
    folder
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn what_is_exported_is_imported_as_the_same_manifest() {
    for (format, name) in FORMATS {
        let folder = corpus();
        let (code, out, err) = ends(folder.path(), &["export", format, "-o", name]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{format}: {out}");
        assert_eq!(out, format!("wrote 1 text to {name}\n"));
        let (code, out, err) = ends(folder.path(), &["verify", "--as", format, name]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{format}: {out}");
        let (code, out, err) = ends(
            folder.path(),
            &["import", format, name, "-o", "again.yaml", "--no-store"],
        );
        assert_eq!(code, Some(0), "{format}: {out}{err}");
        assert_eq!(
            read(&folder.path().join("again.yaml")),
            read(&folder.path().join("manifest.yaml")),
            "{format}"
        );
        for lost in err.lines() {
            let own = ["created", "datePublished", "description"];
            assert!(own.iter().any(|key| lost.contains(key)), "{format}: {lost}");
        }
    }
}

/// A text and a shard of two records.
fn with_shard() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let shard = "{\"key\": \"a\", \"body\": \"It rained.\\n\"}\n{\"key\": \"b\", \"body\": \"It snowed.\\n\"}\n";
    let digest = |name: &str, bytes: &[u8]| {
        fs::write(folder.path().join(name), bytes).expect("written");
        Algorithm::Sha256.digest(bytes)
    };
    let (text, shard) = (digest("ferry.txt", TEXT), digest("ferry.jsonl", shard.as_bytes()));
    let manifest = format!(
        "vidimus: 1\ncorpus:\n  include:\n    - \"*.txt\"\n    - \"*.jsonl\"\nentries:\n  - path: ferry.txt\n    sha256: \"{text}\"\n\
         entries_from:\n  - path: ferry.jsonl\n    sha256: \"{shard}\"\n    records:\n      text: body\n      id: key\n      source.url: meta.url\n"
    );
    fs::write(folder.path().join("manifest.yaml"), manifest).expect("written");
    folder
}

#[test]
fn a_shard_of_records_comes_back_with_the_fields_of_its_records() {
    for (format, name) in FORMATS.into_iter().chain([("bagit", "bag")]) {
        let folder = with_shard();
        let (code, out, err) = ends(folder.path(), &["export", format, "-o", name]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{format}: {out}");
        assert_eq!(out, format!("wrote 1 text and 1 shard of records to {name}\n"));
        let (code, out, err) = ends(folder.path(), &["verify", "--as", format, name]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{format}: {out}");
        let (code, out, err) = ends(folder.path(), &["import", format, name, "-o", "again.yaml"]);
        assert_eq!(code, Some(0), "{format}: {out}{err}");
        assert!(
            out.contains("listed 1 text and 1 shard of records in"),
            "{format}: {out}"
        );
        let again = read(&folder.path().join("again.yaml")).replace("bag/data/", "");
        assert_eq!(again, read(&folder.path().join("manifest.yaml")), "{format}");
        let (_, out, _) = ends(folder.path(), &["verify", "--manifest", "again.yaml"]);
        assert!(
            out.contains("1 text and 2 records listed: 3 verified"),
            "{format}: {out}"
        );
        let copies = fs::read_dir(folder.path().join(".vidimus/objects")).expect("copies");
        assert_eq!(copies.count(), 1, "a copy of the text is kept, and none of the shard");
    }
}

#[test]
fn a_list_has_a_line_for_a_shard_of_records() {
    let folder = with_shard();
    let (code, _, err) = ends(folder.path(), &["export", "checksums", "-o", "SHA256SUMS"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(read(&folder.path().join("SHA256SUMS")).contains("  ferry.jsonl\n"));
    assert!(
        err.contains("not carried over: records has no place in checksums"),
        "{err}"
    );
}

#[test]
fn what_no_name_shows_to_be_a_text_comes_back_too_and_nothing_is_added() {
    for (format, name) in FORMATS {
        let folder = tempfile::tempdir().expect("a folder");
        let mut manifest = "vidimus: 1\ncorpus:\n  include:\n    - \"t*/*\"\nentries:\n".to_owned();
        for (index, path) in ["co:lon", "50%.txt", "a.HTML", "a b#c?.txt", "日本.xml"]
            .into_iter()
            .enumerate()
        {
            let text = format!("Text {index} of five.\n");
            fs::create_dir_all(folder.path().join("t")).expect("made");
            fs::write(folder.path().join("t").join(path), &text).expect("written");
            manifest += &format!(
                "  - path: t/{path}\n    sha256: \"{}\"\n",
                Algorithm::Sha256.digest(text.as_bytes())
            );
        }
        let manifest = manifest.replace("t/a b#c?.txt", "\"t/a b#c?.txt\"");
        fs::write(folder.path().join("manifest.yaml"), &manifest).expect("written");
        let (code, _, err) = ends(folder.path(), &["export", format, "-o", name]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{format}");
        let (code, out, err) = ends(
            folder.path(),
            &["import", format, name, "-o", "again.yaml", "--no-store"],
        );
        assert_eq!(code, Some(0), "{format}: {out}{err}");
        assert_eq!(
            read(&folder.path().join("again.yaml")).replace('"', ""),
            manifest.replace('"', ""),
            "{format}"
        );
    }
}

#[test]
fn what_is_exported_above_is_imported_below() {
    for (format, name) in FORMATS {
        let outer = corpus();
        let inner = outer.path().join("inner [1]");
        fs::create_dir(&inner).expect("made");
        for part in ["manifest.yaml", "texts"] {
            fs::rename(outer.path().join(part), inner.join(part)).expect("moved");
        }
        let (code, _, err) = ends(
            outer.path(),
            &["export", format, "--manifest", "inner [1]/manifest.yaml", "-o", name],
        );
        assert_eq!((code, err.as_str()), (Some(0), ""), "{format}");
        let (code, out, err) = ends(outer.path(), &["import", format, name, "--no-store"]);
        assert_eq!(code, Some(0), "{format}: {out}{err}");
        let manifest = read(&outer.path().join("manifest.yaml"));
        assert!(manifest.contains("path: \"inner [1]/texts/a ferry.txt\""), "{manifest}");
        assert!(manifest.contains("- path: \"inner [1]/raw/a.html\""), "{manifest}");
        let (code, out, err) = ends(outer.path(), &["verify"]);
        assert_eq!(code, Some(0), "{format}: {out}{err}");
    }
}

#[test]
fn what_is_exported_below_says_what_it_cannot_reach() {
    let folder = corpus();
    let (code, _, err) = ends(folder.path(), &["export", "croissant", "-o", "texts/croissant.json"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        err.contains("not carried over: corpus.include since it speaks of the folder of the manifest"),
        "{err}"
    );
    assert!(
        err.contains("not carried over: derived_from.path since it leads out of the folder"),
        "{err}"
    );
    let (code, out, _) = ends(&folder.path().join("texts"), &["verify", "croissant.json"]);
    assert_eq!(code, Some(0), "{out}");
}

#[test]
fn nothing_is_written_from_which_a_text_cannot_be_reached() {
    for (format, name) in FORMATS {
        let folder = corpus();
        let elsewhere = tempfile::tempdir().expect("a folder");
        let output = elsewhere.path().join(name);
        let (code, out, err) = ends(folder.path(), &["export", format, "-o", &output.to_string_lossy()]);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{format}: {err}");
        assert!(err.contains("cannot be reached from") && !output.exists(), "{err}");
    }
    let folder = corpus();
    let (code, _, err) = ends(folder.path(), &["export", "ro-crate", "-o", "crate.json"]);
    assert_eq!(code, Some(2));
    assert!(
        err.contains("an RO-Crate is found by the name ro-crate-metadata.json, and crate.json is not it"),
        "{err}"
    );
}

#[test]
fn what_has_no_place_in_a_manifest_is_named() {
    let description = "{\"name\": \"p\", \"version\": \"2\", \"licenses\": [{\"name\": \"MIT\"}, {\"name\": \"CC0-1.0\"}], \"resources\": [{\"name\": \
                       \"a\", \"path\": \"a.txt\", \"hash\": \"{md5}\", \"schema\": {}, \"mediatype\": \"text/csv\", \"sources\": [{\"title\": \"T\"}]}]}";
    let folder = with("datapackage.json", description);
    let (code, out, err) = ends(folder.path(), &["import", "frictionless", ".", "--no-store"]);
    assert_eq!(code, Some(0), "{out}{err}");
    for lost in [
        "version has no place in a manifest",
        "licenses beyond the first since a manifest has one licence",
        "schema has no place",
        "mediatype has no place",
        "sources since it gives no address",
    ] {
        assert!(
            err.contains(&format!("not carried over: {lost}")),
            "nothing says {lost:?} in {err}"
        );
    }
    let manifest = read(&folder.path().join("manifest.yaml"));
    assert!(
        manifest.contains("md5: \"") && manifest.contains("license: MIT"),
        "{manifest}"
    );
}

#[test]
fn a_package_is_recognised_in_its_folder_and_by_its_file() {
    let cases = [
        ("datapackage.json", resource("\"path\": \"a.txt\", \"hash\": \"{md5}\"")),
        (
            "croissant.json",
            distribution("\"contentUrl\": \"a.txt\", \"sha256\": \"{sha256}\""),
        ),
        (
            "metadata.json",
            distribution("\"contentUrl\": \"a.txt\", \"sha256\": \"{sha256}\""),
        ),
        (
            "ro-crate-metadata.json",
            graph("\"@id\": \"a.txt\", \"sha256\": \"{sha256}\"", ""),
        ),
    ];
    for (name, description) in cases {
        let folder = with(name, &description);
        for path in [".", name] {
            let (code, out, err) = ends(folder.path(), &["verify", path]);
            assert_eq!(code, Some(0), "{name} at {path}: {out}{err}");
            assert!(out.contains("1 text listed: 1 verified"), "{out}");
        }
    }
}
