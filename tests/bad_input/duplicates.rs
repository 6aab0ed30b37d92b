//! What nobody wants to compare: each is left out with a warning that names it, and the rest goes on.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::{names, vidimus};

const PASSAGE: &str =
    "The keeper of the weir counted forty lamps along the quay before the barges came in from the upper town.";

fn put(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    fs::write(folder.join(name), bytes).expect("written");
}

/// A folder with a passage in two texts, which are found whatever else is there.
fn good() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    put(
        folder.path(),
        "a.txt",
        format!("{PASSAGE} So it went in the first year.\n"),
    );
    put(folder.path(), "b.txt", format!("{PASSAGE}\n"));
    folder
}

/// Runs it over a folder. Gives what it found, and its warnings.
#[track_caller]
fn duplicates(folder: &Path, args: &[&str]) -> (Value, String) {
    let (code, out, err) = vidimus(folder, &[&["duplicates", ".", "--format", "json"], args].concat());
    assert_eq!(code, Some(0), "{err}");
    (serde_json::from_str(&out).expect("JSON"), err)
}

/// Asserts that what is good was compared, that so much was left out, and that a warning says so.
#[track_caller]
fn assert_left_out(folder: &Path, count: u64, said: &[&str]) {
    let (found, err) = duplicates(folder, &[]);
    assert_eq!(found["summary"]["left_out"], count, "{found}");
    assert!(!found["pairs"].as_array().expect("pairs").is_empty(), "{found}");
    for said in said {
        assert!(
            err.contains(&format!("warning: left out {said}")),
            "nothing says {said:?} in {err}"
        );
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

#[test]
fn a_compressed_shard_that_breaks_off() {
    let folder = good();
    let shard: String = (0..5).map(|_| format!("{{\"text\": \"{PASSAGE}\"}}\n")).collect();
    let cut = |packed: Vec<u8>| packed[..packed.len() - 70].to_vec();
    put(folder.path(), "c.jsonl.gz", cut(gzip(shard.as_bytes())));
    put(
        folder.path(),
        "d.jsonl.zst",
        &zstd::encode_all(shard.as_bytes(), 1).expect("packed")[..40],
    );
    put(folder.path(), "e.jsonl.gz", "this is no gzip");
    put(folder.path(), "f.jsonl.zst", "nor is this Zstandard");
    let said = [
        "c.jsonl.gz:5: it breaks off in line 5",
        "d.jsonl.zst:1: it breaks",
        "e.jsonl.gz:1",
        "f.jsonl.zst:1",
    ];
    assert_left_out(folder.path(), 4, &said);
    let (found, _) = duplicates(folder.path(), &[]);
    assert_eq!(
        found["summary"]["texts"], 6,
        "the records before the end are compared: {found}"
    );
}

#[test]
fn lines_that_are_no_records() {
    let folder = good();
    let good = format!("{{\"text\": \"{PASSAGE}\"}}");
    let lines = [
        "\u{feff}{}",
        "no JSON",
        &good,
        "",
        "{\"text\": 1}",
        "[]",
        "{\"text\": \"\\ud800\"}",
        "{\"text\": \"x",
    ];
    put(folder.path(), "c.jsonl", lines.join("\n"));
    put(folder.path(), "d.jsonl", b"{\"text\": \"\xff\"}\r\n");
    let said = [
        "c.jsonl:1: it has no field `text`",
        "c.jsonl:2: it is no JSON object",
        "c.jsonl:5: its field `text` is no string",
        "c.jsonl:6: it is no JSON object",
        "c.jsonl:7: it is no JSON object",
        "c.jsonl:8: it is no JSON object",
        "d.jsonl:1: it is no JSON object",
    ];
    assert_left_out(folder.path(), 7, &said);
}

#[test]
fn many_lines_that_are_no_records_are_counted() {
    let folder = good();
    put(folder.path(), "c.jsonl", "no JSON\n".repeat(30_000));
    assert_left_out(folder.path(), 30_000, &["29980 more lines of c.jsonl"]);
    let (found, err) = duplicates(folder.path(), &[]);
    assert_eq!(err.lines().count(), 21, "{err}");
    assert_eq!(found["left_out"].as_array().map(Vec::len), Some(1001));
}

/// A line of so many bytes that holds a passage at its end.
fn long_line(folder: &Path, bytes: usize) {
    let mut line = "{\"skip\": \"".to_owned();
    line.extend(std::iter::repeat_n('x', bytes));
    line.push_str(&format!("\", \"text\": \"{PASSAGE}\"}}\n"));
    put(folder, "c.jsonl", line);
    let (found, err) = duplicates(folder, &["--memory", "64M"]);
    assert_eq!((&found["summary"]["texts"], err.as_str()), (&3.into(), ""), "{found}");
}

#[test]
fn a_long_line() {
    long_line(good().path(), 20_000_000);
}

#[test]
#[ignore = "it writes 100 MB"]
fn a_very_long_line() {
    long_line(good().path(), 100_000_000);
}

#[test]
fn texts_that_are_not_utf8() {
    let folder = good();
    put(folder.path(), "c.txt", b"The weir, in Latin-1: caf\xe9.\n");
    let mut state = 1_u64;
    let noise = (0..300_000).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    });
    put(folder.path(), "d.txt", noise.collect::<Vec<u8>>());
    put(folder.path(), "e.txt", "");
    assert_left_out(
        folder.path(),
        2,
        &["c.txt: it is not UTF-8: ", "d.txt: it is not UTF-8"],
    );
}

#[test]
fn nothing_to_compare() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, out, err) = vidimus(folder.path(), &["duplicates", "."]);
    assert!(
        code == Some(2) && out.is_empty() && err.contains("there is no text"),
        "{err}"
    );
    let (code, _, err) = vidimus(folder.path(), &["duplicates", "gone.txt"]);
    assert!(code == Some(2) && err.contains("cannot read gone.txt"), "{err}");
    put(folder.path(), "a.txt", b"\xff\xfe");
    put(folder.path(), "b.jsonl", "[]\n");
    let (code, out, err) = vidimus(folder.path(), &["duplicates", "."]);
    assert_eq!(code, Some(2), "{out}{err}");
    assert!(out.contains("0 texts") && out.contains("2 left out"), "{out}");
    put(folder.path(), "c.jsonl", "");
    let (code, _, err) = vidimus(folder.path(), &["duplicates", "c.jsonl"]);
    assert!(code == Some(2) && err.contains("there is no text"), "{err}");
}

#[test]
fn a_temporary_folder_that_is_not_there() {
    let folder = good();
    let (code, out, err) = vidimus(folder.path(), &["duplicates", ".", "--temp-dir", "gone"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(
        err.contains("there is no folder gone") && err.contains("--temp-dir"),
        "{err}"
    );
    assert_eq!(names(folder.path()), ["a.txt", "b.txt"]);
}

#[test]
fn arguments_that_mean_nothing() {
    let folder = good();
    for (args, said) in [
        (["--memory", "lots"], "write it as 512M or 2G"),
        (["--memory", "1"], "1M or more"),
        (["--similarity", "7"], "a number from 0 to 1"),
        (["--min-words", "0"], "0 is not in 1.."),
        (["--threads", "0"], "0 is not in 1.."),
        (["--profile", "best"], "thorough"),
    ] {
        let (code, out, err) = vidimus(folder.path(), &["duplicates", ".", args[0], args[1]]);
        assert!(
            code == Some(2) && out.is_empty() && err.contains(said),
            "{args:?}: {err}"
        );
    }
}

#[test]
fn texts_that_are_all_equal() {
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..300 {
        put(folder.path(), &format!("{number}.txt"), PASSAGE);
    }
    let (found, _) = duplicates(folder.path(), &[]);
    assert_eq!(found["same"][0].as_array().map(Vec::len), Some(300));
    assert_eq!(found["summary"]["duplicated_share"], 1.0);
    let (_, out, _) = vidimus(folder.path(), &["duplicates", "."]);
    assert!(
        out.starts_with("300 texts are equal, byte for byte\n") && out.contains("and 290 more"),
        "{out}"
    );
}

#[test]
fn one_line_over_and_over() {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "a.txt", format!("{PASSAGE}\n").repeat(100_000));
    let (code, out, _) = vidimus(folder.path(), &["duplicates", "a.txt"]);
    assert_eq!(code, Some(0));
    assert!(out.len() < 1_000_000, "{} bytes", out.len());
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_not_opened() {
    use std::os::unix::fs::symlink;
    let folder = good();
    let pipe = folder.path().join("c.txt");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo");
    symlink("a.txt", folder.path().join("d.txt")).expect("linked");
    symlink(".", folder.path().join("e")).expect("linked");
    symlink("/dev/zero", folder.path().join("f.jsonl")).expect("linked");
    let said = [
        "c.txt: it is a named pipe, and is not opened",
        "d.txt: it is a symbolic link, and is not opened",
        "f.jsonl: it is a symbolic link, and is not opened",
    ];
    assert_left_out(folder.path(), 3, &said);
    let (code, _, err) = vidimus(folder.path(), &["duplicates", "c.txt", "d.txt"]);
    assert!(code == Some(2) && err.lines().count() == 2, "{err}");
}
