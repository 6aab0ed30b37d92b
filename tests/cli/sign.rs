//! Signatures of the manifest: made here and verified there, made there and verified here, and refused where they are wrong.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use minisign::KeyPair;

use crate::support::{corpus, fed, run, vidimus_in};

const SOUND: &[u8] = b"The mill at the ford stood for ninety years. It was pulled down in one week.\n";

/// A corpus of one text, and beside its texts a key without a password.
fn with_keys() -> tempfile::TempDir {
    let folder = corpus(&[("a.txt", SOUND)]);
    write_pair(
        folder.path(),
        "k",
        &KeyPair::generate_unencrypted_keypair().expect("a pair"),
    );
    folder
}

fn write_pair(folder: &Path, name: &str, pair: &KeyPair) {
    let secret = pair.sk.to_box(None).expect("a box").into_string();
    let public = pair.pk.to_box().expect("a box").into_string();
    fs::write(folder.join(format!("{name}.key")), secret).expect("written");
    fs::write(folder.join(format!("{name}.pub")), public).expect("written");
}

fn ends(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    run(vidimus_in(folder).args(["--color", "never"]).args(args))
}

fn code(folder: &Path, args: &[&str]) -> Option<i32> {
    ends(folder, args).0
}

fn sign(folder: &Path) {
    let (code, out, err) = ends(folder, &["sign", "--key", "k.key"]);
    assert_eq!(code, Some(0), "{out}{err}");
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).expect("read");
    assert!(text.contains(from), "{text}");
    fs::write(path, text.replacen(from, to, 1)).expect("written");
}

/// What goes wrong, which must be an error that says so.
fn refused(folder: &Path, args: &[&str], says: &str) {
    let (code, out, err) = ends(folder, args);
    assert_eq!((code, out.as_str()), (Some(2), ""), "{args:?}: {err}");
    assert!(err.contains(says), "{args:?}: {err}");
}

#[test]
fn what_is_signed_is_verified() {
    let folder = with_keys();
    let at = folder.path();
    let (code, out, err) = ends(at, &["sign", "--key", "k.key", "--comment", "the first edition"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains(", in manifest.yaml.minisig\n"), "{out}");
    let public = fs::read_to_string(at.join("k.pub")).expect("read");
    let public = public.lines().nth(1).expect("a key");
    assert!(
        out.ends_with(&format!("verify it with `vidimus verify --key {public}`\n")),
        "{out}"
    );
    for args in [
        ["verify", "--key", "k.pub"],
        ["verify", "--key", public],
        ["check", "--key", public],
    ] {
        let (code, out, err) = ends(at, &args);
        assert_eq!(code, Some(0), "{out}{err}");
        assert!(out.contains("1 verified"), "{out}");
        assert!(err.contains("vidimus corpus:manifest.yaml sha256:"), "{err}");
        assert!(err.ends_with(" comment:the first edition\n"), "{err}");
    }
    let quiet = ends(at, &["verify", "--quiet", "--key", "k.pub"]);
    assert_eq!(quiet, (Some(0), String::new(), String::new()));
}

#[test]
fn a_changed_manifest_is_never_green() {
    let folder = with_keys();
    let at = folder.path();
    sign(at);
    edit(&at.join("manifest.yaml"), "a test", "A test");
    for command in ["verify", "check"] {
        let (code, out, err) = ends(at, &[command, "--key", "k.pub", "--format", "json"]);
        assert_eq!((code, err.as_str()), (Some(1), ""), "{out}");
        assert!(out.contains("\"rule\": \"fixity/wrong-signature\""), "{out}");
        assert!(
            out.contains("\"verified\": 0") && out.contains("\"skipped\": 1"),
            "{out}"
        );
    }
    let checked = |more: &[&str]| code(at, &[&["check", "--key", "k.pub"], more].concat());
    assert_eq!(checked(&["--select", "layout"]), Some(1));
    assert_eq!(checked(&["--ignore", "fixity/wrong-signature"]), Some(1));
    assert_eq!(checked(&["--fail-on", "layout"]), Some(2));
    assert_eq!(checked(&["--fail-on", "never"]), Some(2));
    assert_eq!(code(at, &["verify"]), Some(0), "nothing was demanded");
}

#[test]
fn a_changed_manifest_cannot_accept_that() {
    let folder = with_keys();
    let at = folder.path();
    sign(at);
    let manifest = at.join("manifest.yaml");
    let entry = "entries:\n  - path: manifest.yaml\n    sha256: TODO\n    accepted:\n";
    let accepted = "      - {rule: fixity/wrong-signature, passage: FINGERPRINT, reason: mine}\n";
    edit(&manifest, "entries:\n", &format!("{entry}{accepted}"));
    let (_, out, _) = ends(at, &["verify", "--key", "k.pub", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let fingerprint = report["findings"][0]["fingerprint"].as_str().expect("a fingerprint");
    edit(&manifest, "FINGERPRINT", fingerprint);
    let (code, out, _) = ends(at, &["verify", "--key", "k.pub", "--format", "json"]);
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("\"suppressed\": null"), "{out}");
}

#[test]
fn a_changed_text_is_found_behind_a_right_signature() {
    let folder = with_keys();
    sign(folder.path());
    fs::write(folder.path().join("a.txt"), "another text\n").expect("written");
    let (code, out, _) = ends(folder.path(), &["verify", "--key", "k.pub", "--format", "concise"]);
    assert_eq!(code, Some(1));
    assert!(out.contains("fixity/hash-mismatch"), "{out}");
}

#[test]
fn a_changed_shard_is_found_behind_a_right_signature() {
    let folder = with_keys();
    let at = folder.path();
    let shard = fs::read_to_string(at.join("manifest.yaml")).expect("read");
    let (_, entries) = shard.split_once("entries:").expect("entries");
    let shard = format!("vidimus: 1\nentries:{entries}");
    fs::write(at.join("shard.yaml"), &shard).expect("written");
    let digest = vidimus::digest::Algorithm::Sha256.digest(shard.as_bytes());
    let top = format!(
        "vidimus: 1\ncorpus: {{id: sharded, include: ['*.txt']}}\nentries_from:\n  - {{path: shard.yaml, sha256: {digest}}}\n"
    );
    fs::write(at.join("manifest.yaml"), top).expect("written");
    sign(at);
    assert_eq!(code(at, &["verify", "--key", "k.pub"]), Some(0));
    edit(&at.join("shard.yaml"), "a test", "A test");
    let (code, out, err) = ends(at, &["verify", "--key", "k.pub", "--format", "concise"]);
    assert_eq!(code, Some(1), "{out}{err}");
    assert!(out.contains("manifest/invalid-shard"), "{out}");
    refused(
        at,
        &["sign", "--key", "k.key"],
        "the shard shard.yaml has another digest",
    );
}

#[test]
fn a_pin_is_compared() {
    let folder = with_keys();
    let at = folder.path();
    let bytes = fs::read(at.join("manifest.yaml")).expect("read");
    let digest = vidimus::digest::Algorithm::Sha256.digest(&bytes).to_string();
    assert_eq!(code(at, &["verify", "--manifest-sha256", &digest]), Some(0));
    assert_eq!(
        code(at, &["check", "--manifest-sha256", &digest.to_uppercase()]),
        Some(0)
    );
    let zeros = "0".repeat(64);
    let (code_, out, _) = ends(at, &["verify", "--manifest-sha256", &zeros, "--format", "concise"]);
    assert_eq!(code_, Some(1));
    assert!(
        out.contains("fixity/unpinned-manifest") && out.contains(&digest),
        "{out}"
    );
    refused(at, &["verify", "--manifest-sha256", "00"], "64 hexadecimal digits");
    refused(
        at,
        &["verify", "--sums", "x", "--manifest-sha256", &zeros],
        "cannot be used with",
    );
}

#[test]
fn what_cannot_be_verified_is_an_error() {
    let folder = with_keys();
    let at = folder.path();
    refused(
        at,
        &["verify", "--key", "k.pub"],
        "there is no signature at manifest.yaml.minisig",
    );
    refused(at, &["verify", "--signature", "x"], "--key");
    sign(at);
    refused(at, &["verify", "--key", "no.pub"], "neither a file nor a public key");
    refused(at, &["verify", "--key", "a.txt"], "a.txt is no public key");
    refused(
        at,
        &["verify", "--key", "k.key"],
        "is a secret key; give the public one",
    );
    refused(
        at,
        &["verify", "--key", "k.pub", "--signature", "a.txt"],
        "a.txt is no signature",
    );
    let secret = fs::read_to_string(at.join("k.key")).expect("read");
    let secret = secret.lines().nth(1).expect("a key");
    let (code, _, err) = ends(at, &["verify", "--key", secret]);
    assert!(code == Some(2) && !err.contains(secret), "{err}");
}

#[test]
fn what_should_not_be_signed_is_refused() {
    let folder = with_keys();
    let at = folder.path();
    let sign = |more: &[&str], says: &str| refused(at, &[&["sign", "--key", "k.key"], more].concat(), says);
    fs::create_dir(at.join("sub")).expect("made");
    sign(&["--output", "manifest.yaml"], "belongs to the corpus");
    sign(&["--output", "sub/../a.txt"], "belongs to the corpus");
    sign(&["--output", "k.pub"], "is there and is no signature");
    sign(&["--output", "sub"], "is no regular file");
    sign(&["--output", "none/x"], "cannot write");
    sign(&["--manifest", "k.pub"], "k.pub:");
    sign(&["--manifest", "none.yaml"], "there is no manifest");
    sign(&["--comment", &"x".repeat(2_001)], "2000 bytes");
    refused(at, &["sign", "--key", "k.pub"], "is a public key");
    refused(at, &["sign", "--key", "a.txt"], "is no secret key");
    refused(at, &["sign", "--key", "none"], "cannot read none");
    fs::remove_file(at.join("a.txt")).expect("removed");
    sign(&["--output", "a.txt"], "belongs to the corpus");
    edit(&at.join("manifest.yaml"), "bytes:", "bites:");
    sign(&[], "manifest.yaml:8:5: ");
    assert!(!at.join("manifest.yaml.minisig").exists());
}

#[cfg(unix)]
#[test]
fn no_signature_is_written_through_a_link() {
    let folder = with_keys();
    let at = folder.path();
    std::os::unix::fs::symlink("a.txt", at.join("manifest.yaml.minisig")).expect("linked");
    let (code, _, err) = ends(at, &["sign", "--key", "k.key"]);
    assert_eq!(code, Some(2), "{err}");
    assert_eq!(fs::read(at.join("a.txt")).expect("read"), SOUND);
}

#[test]
fn a_signature_is_replaced_and_a_stale_one_is_named() {
    let folder = with_keys();
    let at = folder.path();
    sign(at);
    sign(at);
    fs::write(at.join("a.txt"), "The ford.\n").expect("written");
    let (code, _, err) = ends(at, &["accept", "a.txt", "--reason", "shorter", "--damaged"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        err.contains("manifest.yaml.minisig is none of the changed manifest"),
        "{err}"
    );
    sign(at);
    let (code, out, err) = ends(at, &["verify", "--key", "k.pub"]);
    assert_eq!(code, Some(0), "{out}{err}");
    let report = "json=manifest.yaml.minisig";
    refused(at, &["verify", "--output", report], "belongs to the corpus");
    assert_eq!(self::code(at, &["verify", "--key", "k.pub"]), Some(0));
}

#[test]
fn the_signature_is_no_unlisted_text() {
    let folder = with_keys();
    let at = folder.path();
    fs::remove_file(at.join("k.pub")).expect("removed");
    edit(&at.join("manifest.yaml"), "**/*.txt", "*");
    edit(
        &at.join("manifest.yaml"),
        "  license:",
        "  exclude: ['*.key']\n  license:",
    );
    sign(at);
    let (code, out, _) = ends(at, &["verify", "--format", "concise"]);
    assert_eq!(code, Some(0), "{out}");
}

#[test]
fn a_password_comes_from_a_file() {
    let folder = corpus(&[("a.txt", SOUND)]);
    let at = folder.path();
    let pair = KeyPair::generate_encrypted_keypair(Some("the weir".to_owned())).expect("a pair");
    write_pair(at, "k", &pair);
    fs::write(at.join("right"), "the weir\r\nmore\n").expect("written");
    fs::write(at.join("wrong"), "the ford\n").expect("written");
    let with = |file| ["sign", "--key", "k.key", "--password-file", file];
    refused(at, &with("wrong"), "cannot be opened with this password");
    refused(at, &with("none"), "cannot read none");
    assert_eq!(code(at, &with("right")), Some(0));
    assert_eq!(code(at, &["verify", "--key", "k.pub"]), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_terminal_no_password_is_waited_for() {
    let folder = corpus(&[("a.txt", SOUND)]);
    let at = folder.path();
    let pair = KeyPair::generate_encrypted_keypair(Some("the weir".to_owned())).expect("a pair");
    write_pair(at, "k", &pair);
    let mut command = Command::new("setsid");
    command
        .arg(insta_cmd::get_cargo_bin("vidimus"))
        .args(["sign", "--key", "k.key"]);
    let (code, _, err) = run(command.current_dir(at));
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("--password-file"), "{err}");
}

/// The program of that name, or `None` where it is left out: never where a machine runs the tests.
fn minisign() -> Option<&'static str> {
    let there = Command::new("minisign").arg("-v").output().is_ok();
    assert!(
        there || std::env::var_os("CI").is_none(),
        "the tests need minisign; install it"
    );
    // Past the capture of the test harness: whoever reads the log must see it.
    let said = "LEFT OUT: the program minisign is not here; install it\n";
    if !there {
        std::io::stderr().write_all(said.as_bytes()).expect("said");
    }
    there.then_some("minisign")
}

/// Runs it in a folder, with what it asks for.
fn ask(program: &str, folder: &Path, args: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(program);
    command.current_dir(folder).args(args);
    fed(&mut command, input.as_bytes())
}

#[test]
fn the_program_verifies_what_is_signed_here() {
    let Some(program) = minisign() else { return };
    let folder = with_keys();
    let at = folder.path();
    let hostile = "  id: \"the mill\\n\\e[31m\\u202E% é\"\n  license:";
    edit(&at.join("manifest.yaml"), "  license:", hostile);
    let signed = ends(at, &["sign", "--key", "k.key", "--comment", "première\nédition"]);
    assert_eq!(signed.0, Some(0), "{signed:?}");
    let (code, out, err) = ask(program, at, &["-Vm", "manifest.yaml", "-p", "k.pub"], "");
    assert_eq!(code, Some(0), "{out}{err}");
    let said = out.lines().last().expect("a comment");
    let begin = "Trusted comment: vidimus corpus:the%20mill%0A%1B[31m%E2%80%AE%25%20%C3%A9 sha256:";
    assert!(said.starts_with(begin), "{said}");
    assert!(said.ends_with(" comment:premi%C3%A8re%0A%C3%A9dition"), "{said}");
    edit(&at.join("manifest.yaml"), "a test", "A test");
    assert_ne!(
        ask(program, at, &["-Vm", "manifest.yaml", "-p", "k.pub"], "").0,
        Some(0)
    );
}

#[test]
fn its_signatures_are_verified_here() {
    let Some(program) = minisign() else { return };
    let folder = corpus(&[("a.txt", SOUND)]);
    let at = folder.path();
    assert_eq!(ask(program, at, &["-GWf", "-p", "k.pub", "-s", "k.key"], "").0, Some(0));
    // A legacy signature is not hashed first; the words of a comment may be given by hand.
    for (args, info) in [(&[][..], true), (&["-l"], true), (&["-t", "sha256:DIGEST"], false)] {
        let bytes = fs::read(at.join("manifest.yaml")).expect("read");
        let digest = vidimus::digest::Algorithm::Sha256.digest(&bytes).to_string();
        let args: Vec<_> = args.iter().map(|arg| arg.replace("DIGEST", &digest)).collect();
        let mut all = vec!["-Sm", "manifest.yaml", "-s", "k.key"];
        all.extend(args.iter().map(String::as_str));
        assert_eq!(ask(program, at, &all, "").0, Some(0), "{all:?}");
        let (code, out, err) = ends(at, &["verify", "--key", "k.pub", "--format", "concise"]);
        assert_eq!(code, Some(0), "{all:?}: {out}{err}");
        assert_eq!(out.contains("fixity/bare-signature"), info, "{all:?}: {out}");
    }
    edit(&at.join("manifest.yaml"), "a test", "A test");
    assert_eq!(code(at, &["verify", "--key", "k.pub"]), Some(1));
    sign(at);
    assert_eq!(code(at, &["verify", "--key", "k.pub"]), Some(0));
}

#[test]
fn its_keys_with_a_password_sign_here() {
    let Some(program) = minisign() else { return };
    let folder = corpus(&[("a.txt", SOUND)]);
    let at = folder.path();
    let made = ask(
        program,
        at,
        &["-Gf", "-p", "k.pub", "-s", "k.key"],
        "the weir\nthe weir\n",
    );
    assert_eq!(made.0, Some(0), "{made:?}");
    fs::write(at.join("password"), "the weir").expect("written");
    let signed = ends(at, &["sign", "--key", "k.key", "--password-file", "password"]);
    assert_eq!(signed.0, Some(0), "{signed:?}");
    let verified = ask(program, at, &["-Vm", "manifest.yaml", "-p", "k.pub"], "");
    assert_eq!(verified.0, Some(0), "{verified:?}");
    assert_eq!(code(at, &["verify", "--key", "k.pub"]), Some(0));
}
