//! Descriptions of packages that are none, that are too deep or too long, and that want more than they give.

use std::fmt::Write as _;
use std::fs;

use vidimus::digest::Algorithm;

use crate::vidimus;

/// A folder with `a.txt` and this file.
fn with(name: &str, bytes: impl AsRef<[u8]>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.txt"), "A mill.\n").expect("written");
    fs::write(folder.path().join(name), bytes).expect("written");
    folder
}

fn digest() -> String {
    Algorithm::Sha256.digest(b"A mill.\n").to_string()
}

/// What is refused as a whole, with a word of why.
fn refused(format: &str, bytes: &[u8], says: &str) {
    let folder = with("d.json", bytes);
    for args in [
        ["verify", "--as", format, "d.json"],
        ["import", format, "d.json", "--no-store"],
    ] {
        let (code, out, err) = vidimus(folder.path(), &args);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{args:?}: {err}");
        assert!(err.starts_with("error: ") && err.contains(says), "{args:?}: {err}");
        assert!(!folder.path().join("manifest.yaml").exists());
    }
}

#[test]
fn what_is_no_description() {
    for format in ["frictionless", "croissant", "ro-crate"] {
        refused(format, b"", "the file is empty");
        refused(format, b"hello", "this is no JSON");
        refused(format, b"{\"a\": 1,}", "d.json:1:9");
        refused(format, b"[1, 2]", "d.json is a list, where an object is meant");
        refused(format, b"{\"a\": \"\xff\"}", "d.json is not UTF-8 from line 1");
        refused(format, b"{}", "d.json");
    }
    refused(
        "frictionless",
        b"{\"resources\": {\"a\": 1}}",
        "its `resources` are an object, where a list is meant",
    );
    refused(
        "frictionless",
        b"{\"resources\": []}",
        "holds nothing that can be verified",
    );
    refused(
        "croissant",
        b"{\"distribution\": []}",
        "describes no dataset with a `distribution`",
    );
    refused("ro-crate", b"{\"@graph\": {}}", "it has no list `@graph`");
    refused("ro-crate", b"{\"@graph\": []}", "holds nothing that can be verified");
}

#[test]
fn nothing_passes_where_nothing_was_verified() {
    let set = b"{\"@type\": \"Dataset\", \"distribution\": [{\"@type\": \"cr:FileSet\", \"includes\": \"*\"}]}";
    let folder = with("croissant.json", set);
    let (code, out, err) = vidimus(folder.path(), &["verify", "--as", "croissant", "croissant.json"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(
        err.contains("holds nothing that can be verified; line 1: these are files by a pattern"),
        "{err}"
    );
    let remote = b"{\"resources\": [{\"path\": \"https://example.org/a\"}, 7]}";
    let folder = with("datapackage.json", remote);
    let (code, out, _) = vidimus(folder.path(), &["verify", "datapackage.json", "--format", "concise"]);
    assert_eq!(code, Some(1));
    assert!(
        out.contains("a resource is a number") && out.contains("2 texts listed: 0 verified, 2 unverifiable"),
        "{out}"
    );
    let (code, _, err) = vidimus(folder.path(), &["import", "frictionless", "datapackage.json"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("nothing that it lists is a file beside it"), "{err}");
}

#[test]
fn a_byte_order_mark_is_read_past_and_named() {
    let text = format!(
        "\u{feff}{{\"resources\": [{{\"path\": \"a.txt\", \"hash\": \"sha256:{}\"}}]}}",
        digest()
    );
    let folder = with("datapackage.json", text);
    let (code, out, err) = vidimus(folder.path(), &["verify", "datapackage.json", "--format", "concise"]);
    assert_eq!((code, err.as_str()), (Some(1), ""), "{out}");
    assert!(
        out.contains("datapackage.json:1:1: warning[manifest/invalid-value] the file begins with a byte-order mark"),
        "{out}"
    );
}

#[test]
fn a_million_levels_are_passed_over() {
    let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let text = format!(
        "{{\"x\": {deep}, \"resources\": [{{\"path\": \"a.txt\", \"hash\": \"sha256:{}\", \"y\": {deep}}}]}}",
        digest()
    );
    let (code, out, err) = vidimus(with("datapackage.json", text).path(), &["verify", "datapackage.json"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    refused("frictionless", "[".repeat(1_000_000).as_bytes(), "this is no JSON");
    refused(
        "ro-crate",
        format!("{{\"@graph\": {deep}}}").as_bytes(),
        "an entity is a list",
    );
}

#[test]
fn an_extension_that_is_none_is_a_finding_and_changes_nothing() {
    for extension in [
        "7",
        "{\"colour\": 1}",
        "{\"author\": 7}",
        &"[".repeat(400).replace('[', "{\"id\":").to_owned(),
    ] {
        let closed = format!(
            "{extension}{}",
            if extension.ends_with(':') {
                format!("1{}", "}".repeat(400))
            } else {
                String::new()
            }
        );
        let hash = digest();
        let text =
            format!("{{\"resources\": [{{\"path\": \"a.txt\", \"hash\": \"sha256:{hash}\", \"vidimus\": {closed}}}]}}");
        let (code, out, _) = vidimus(
            with("datapackage.json", text).path(),
            &["verify", "datapackage.json", "--format", "concise"],
        );
        assert_eq!(code, Some(1), "{out}");
        assert!(
            out.contains("error[manifest/invalid-value] the extension is") && out.contains("1 verified"),
            "{out}"
        );
    }
}

#[test]
fn an_extension_vouches_for_no_digest_and_moves_no_path() {
    let (hash, other) = (digest(), Algorithm::Md5.digest(b"other"));
    let vidimus_says = format!(
        "{{\"path\": \"../up.txt\", \"sha256\": \"{other}\", \"bytes\": 1, \"digests\": {{\"md5\": \"{other}\"}}}}"
    );
    let text = format!(
        "{{\"resources\": [{{\"path\": \"a.txt\", \"hash\": \"sha256:{hash}\", \"vidimus\": {vidimus_says}}}]}}"
    );
    let (code, out, _) = vidimus(
        with("datapackage.json", text).path(),
        &["verify", "datapackage.json", "--format", "concise"],
    );
    assert_eq!(code, Some(1));
    assert!(
        out.contains("a.txt: error[fixity/hash-mismatch] the text has another MD5"),
        "{out}"
    );
    assert!(out.contains("found 1 error") && !out.contains("up.txt"), "{out}");
}

#[test]
fn a_name_that_many_refer_to_is_read_once_and_not_multiplied() {
    let name = "x".repeat(200_000);
    let mut graph = format!("{{\"@id\": \"#p\", \"@type\": \"Person\", \"name\": \"{name}\", \"name\": \"\"}}");
    for index in 0..2_000 {
        write!(
            graph,
            ", {{\"@id\": \"{index}.txt\", \"@type\": \"File\", \"author\": {{\"@id\": \"#p\"}}}}"
        )
        .expect("written");
    }
    let folder = with("ro-crate-metadata.json", format!("{{\"@graph\": [{graph}]}}"));
    let (code, out, _) = vidimus(
        folder.path(),
        &["verify", "--as", "ro-crate", ".", "--format", "concise"],
    );
    assert_eq!(code, Some(1));
    assert_eq!(out.matches("manifest/duplicate-key").count(), 1, "{}", &out[..2_000]);
    assert!(
        out.contains("2000 texts listed: 0 verified, 2000 missing"),
        "{}",
        &out[out.len() - 200..]
    );
}
