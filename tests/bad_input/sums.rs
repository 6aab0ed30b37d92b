//! Checksum lists that are none, and lists that lead elsewhere.

use std::fs;

use vidimus::digest::Algorithm;

use crate::vidimus;

/// A folder with `a.txt` and this list.
fn with(list: impl AsRef<[u8]>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.txt"), "A mill.\n").expect("written");
    fs::write(folder.path().join("SUMS"), list).expect("written");
    folder
}

fn digest() -> String {
    Algorithm::Sha256.digest(b"A mill.\n").to_string()
}

#[test]
fn no_line_is_passed_over() {
    let list = format!(
        "{0}  a.txt\nhello\n{0}  ../up.txt\n{0}  /etc/hostname\n{0}  gone.txt\nabc  a.txt\n",
        digest()
    );
    let (code, out, err) = vidimus(with(list).path(), &["verify", "--sums", "SUMS", "--format", "concise"]);
    assert_eq!((code, err.as_str()), (Some(1), ""));
    for said in [
        "SUMS:2:1: error[manifest/invalid-value] the line is no checksum",
        "SUMS:3:1: error[manifest/invalid-path]",
        "SUMS:4:1: error[manifest/invalid-path]",
        "SUMS:5:1: error[fixity/missing-text] gone.txt is not there",
        "SUMS:6:1: error[manifest/invalid-value]",
        "6 texts listed: 1 verified",
    ] {
        assert!(out.contains(said), "nothing says {said:?} in {out}");
    }
}

#[test]
fn lists_of_nothing() {
    for list in ["", "\n\n", "# a comment\n", "hello\n"] {
        let (code, out, err) = vidimus(with(list).path(), &["verify", "--sums", "SUMS"]);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{list:?}");
        assert!(err.starts_with("error: ") && err.contains("SUMS"), "{list:?}: {err}");
    }
}

#[test]
fn lists_that_cannot_be_read() {
    let folder = with("");
    for (list, why) in [("gone", "No such file"), (".", "not a regular file")] {
        let (code, _, err) = vidimus(folder.path(), &["verify", "--sums", list]);
        assert_eq!(code, Some(2));
        assert!(
            err.contains(&format!("cannot read {list}")) && err.contains(why),
            "{err}"
        );
    }
}

#[test]
fn binary_and_endless() {
    let words = "a ".repeat(5_000_000);
    let lines = "hello\n".repeat(200_000) + &digest() + "  a.txt\n";
    let bytes: Vec<u8> = (0..=255u8).cycle().take(100_000).collect();
    for list in [words.into_bytes(), lines.into_bytes(), bytes, vec![0; 1_000_000]] {
        let (code, _, err) = vidimus(with(list).path(), &["verify", "--sums", "SUMS"]);
        assert!(matches!(code, Some(1 | 2)));
        assert!(err.len() < 1_000, "{} bytes", err.len());
    }
}

#[test]
fn nothing_is_taken_over_into_a_manifest() {
    let list = format!("{0}  a.txt\n{0}  ../up.txt\nhello\n", digest());
    let folder = with(list);
    let (code, _, err) = vidimus(folder.path(), &["init", "--from", "SUMS"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("line 3: ") && err.contains("../up.txt"), "{err}");
    assert_eq!(crate::names(folder.path()), ["SUMS", "a.txt"]);
}
