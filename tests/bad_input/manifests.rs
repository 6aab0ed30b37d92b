//! Manifests that are none, or too much of one.

use std::fs;
use std::path::Path;

use crate::support::corpus;
use crate::{assert_said, check, vidimus};

const HEAD: &str = "vidimus: 1\ncorpus: {include: ['*.txt']}\nentries:\n";
const DIGEST: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A folder with one empty text and this manifest.
fn with(manifest: impl AsRef<[u8]>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.txt"), "").expect("written");
    fs::write(folder.path().join("manifest.yaml"), manifest).expect("written");
    folder
}

/// What every command says that needs the manifest: the same error, and exit code 2.
#[track_caller]
fn refused(folder: &Path, words: &[&str]) {
    let commands: [&[&str]; 5] = [
        &["check"],
        &["verify"],
        &["add", "a.txt"],
        &["remove", "a.txt"],
        &["accept", "a.txt", "--reason", "x"],
    ];
    let before = fs::read(folder.join("manifest.yaml")).ok();
    for command in commands {
        let (code, out, err) = vidimus(folder, command);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{command:?}: {err}");
        assert!(
            err.starts_with("error: ") && words.iter().all(|word| err.contains(word)),
            "{command:?}: {err}"
        );
        assert!(err.len() < 3_000, "{command:?}: {} bytes", err.len());
    }
    assert_eq!(fs::read(folder.join("manifest.yaml")).ok(), before);
}

#[test]
fn nothing_in_it() {
    for text in ["", "\n \n", "# a comment\n"] {
        refused(
            with(text).path(),
            &["the manifest is empty", "manifest.yaml:1:1", "vidimus init"],
        );
    }
}

#[test]
fn nothing_there() {
    let folder = with("");
    fs::remove_file(folder.path().join("manifest.yaml")).expect("removed");
    refused(
        folder.path(),
        &["there is no manifest at manifest.yaml", "vidimus init"],
    );
}

#[test]
fn a_folder_in_its_place() {
    let folder = with("");
    fs::remove_file(folder.path().join("manifest.yaml")).expect("removed");
    fs::create_dir(folder.path().join("manifest.yaml")).expect("made");
    refused(folder.path(), &["manifest.yaml is a folder; name the manifest in it"]);
}

#[test]
fn other_encodings() {
    let text = format!("\u{feff}{HEAD}");
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for utf16 in [little, big] {
        refused(with(utf16).path(), &["the manifest is in UTF-16", "save it as UTF-8"]);
    }
    let latin = [HEAD.as_bytes(), b"  - {path: caf\xe9.txt}\n"].concat();
    refused(
        with(latin).path(),
        &["the manifest is not UTF-8", "manifest.yaml:4:", "save it as UTF-8"],
    );
}

#[test]
fn nul_bytes() {
    refused(
        with([HEAD.as_bytes(), b"  - path: a\0.txt\n"].concat()).path(),
        &["no YAML", "manifest.yaml:4:"],
    );
    refused(with([0; 100_000]).path(), &["no YAML", "manifest.yaml:1:1"]);
}

#[test]
fn tabs() {
    let tabbed = HEAD.to_owned() + "\t- path: a.txt\n";
    refused(with(tabbed).path(), &["manifest.yaml:4:", "indent with spaces"]);
}

#[test]
fn broken_off() {
    for cut in ["  - {path: a.txt, sha", "  - path: \"a.t", "  - [[[["] {
        refused(with(HEAD.to_owned() + cut).path(), &["no YAML", "manifest.yaml:"]);
    }
}

#[test]
fn too_deep() {
    let open = |unit: &str| HEAD.to_owned() + "  - path: a.txt\n    title: " + &unit.repeat(200_000);
    for text in [
        open("["),
        open("{a: "),
        open("["),
        "- ".repeat(200_000),
        "? ".repeat(200_000),
    ] {
        refused(with(text).path(), &["no YAML", "manifest.yaml:"]);
    }
}

#[test]
fn too_large() {
    let folder = with("");
    let file = fs::File::create(folder.path().join("manifest.yaml")).expect("made");
    file.set_len(3 << 30).expect("grown");
    let (code, _, err) = vidimus(folder.path(), &["check"]);
    assert_eq!(code, Some(2));
    assert!(
        err.contains("cannot read manifest.yaml: it has 3221225472 bytes"),
        "{err}"
    );
}

#[test]
fn carriage_returns() {
    let text = format!("{HEAD}  - path: a.txt\n    sha256: {DIGEST}\n    language: klingon!\n").replace('\n', "\r\n");
    let (code, lines) = check(with(text).path(), &["--select", "manifest"]);
    assert_eq!(code, Some(1));
    assert_said(&lines, &["manifest.yaml:6:15: error[manifest/invalid-value]"]);
    assert_eq!(lines.len(), 1, "{lines:#?}");
}

/// Each line doubles what the one before stands for: followed, it would be 9 to the power of 30.
#[test]
fn a_bomb_of_aliases() {
    let mut text = format!("{HEAD}  - {{path: a.txt, sha256: {DIGEST}}}\nb0: &b0 [x]\n");
    for turn in 1..=30 {
        let before = vec![format!("*b{}", turn - 1); 9].join(", ");
        text += &format!("b{turn}: &b{turn} [{before}]\n");
    }
    let (code, lines) = check(with(text).path(), &["--select", "manifest"]);
    assert_eq!(code, Some(1));
    assert_said(
        &lines,
        &["manifest.yaml:6:10: error[manifest/alias] an alias is not followed"],
    );
    assert!(lines.len() < 400, "{}", lines.len());
}

#[test]
fn wide() {
    let values = |unit: &str| unit.repeat(100_000);
    let entry = |more: &str| format!("{HEAD}  - path: a.txt\n    sha256: {DIGEST}\n{more}\n");
    let texts = [
        entry(&format!("    author: [{}]", values("A, "))),
        entry(&format!("    title: {}", values("long "))),
        entry(&format!("    {}: x", "key".repeat(300))),
        entry(&(0..100_000).map(|turn| format!("    k{turn}: x\n")).collect::<String>()),
        entry(&values("    title: x\n")),
        entry(&format!("    path: {}", values("a/"))),
        entry(&format!("    sha256: {}", values("ab"))),
        entry(&format!("    published_at: {}", values("2011-"))),
        entry(&format!("    language: {}", values("en-"))),
        entry(&format!("    license: {}", values("(MIT OR "))),
        entry(&format!("    source: {{url: 'http://{}'}}", values("a."))),
        entry("").replace("*.txt", &values("*a")),
        entry("").replace("*.txt", &"{a,".repeat(5_000)),
        entry("") + &values("--- x\n"),
    ];
    for text in texts {
        let shown: String = text.chars().skip(110).take(60).collect();
        let (code, lines) = check(with(text).path(), &["--select", "manifest,fixity,provenance"]);
        assert!(matches!(code, Some(0..=2)), "{shown}");
        let longest = lines.iter().map(String::len).max().unwrap_or(0);
        assert!(longest < 3_000, "{shown}: a line of {longest} bytes");
    }
}

#[test]
fn a_hundred_thousand_entries() {
    let mut text = HEAD.to_owned();
    for turn in 0..100_000 {
        text += &format!("  - {{path: x/{turn}.txt, sha256: {DIGEST}, bytes: 0}}\n");
    }
    let folder = with(text);
    let (code, out, _) = vidimus(folder.path(), &["check", "--format", "json", "--ignore", "provenance"]);
    assert_eq!(code, Some(1));
    assert!(out.contains("\"missing\": 100000"), "{}", &out[..1_000]);
}

#[test]
fn shards_that_cannot_be_read() {
    let folder = corpus(&[("a.txt", b"A mill.\n")]);
    let manifest = folder.path().join("manifest.yaml");
    let text = fs::read_to_string(&manifest).expect("read");
    fs::create_dir(folder.path().join("folder")).expect("made");
    let large = fs::File::create(folder.path().join("large.yaml")).expect("made");
    large.set_len(3 << 30).expect("grown");
    let shards: Vec<String> = ["gone.yaml", "folder", "large.yaml"]
        .map(|path| format!("{{path: {path}, sha256: {DIGEST}}}"))
        .into();
    fs::write(&manifest, format!("{text}entries_from: [{}]\n", shards.join(", "))).expect("written");
    let (code, lines) = check(folder.path(), &["--select", "manifest,fixity"]);
    assert_eq!(code, Some(1));
    assert_said(
        &lines,
        &["error[manifest/invalid-shard] the shard gone.yaml cannot be read: no such file"],
    );
    assert_said(
        &lines,
        &["error[manifest/invalid-shard] the shard folder cannot be read"],
    );
    assert_said(
        &lines,
        &[
            "error[manifest/invalid-shard] the shard large.yaml cannot be read",
            "3221225472 bytes",
        ],
    );
}
