//! Shards that nobody wants to be given: each ends in a finding that names it, and the rest goes on.

use std::fs;
use std::path::Path;

use crate::support::{gzip, run, shards, vidimus_in};
use crate::{assert_said, check, vidimus};

const FIELDS: &str = "{text: text, id: id}";

fn lines(count: usize) -> String {
    let line = |number: usize| {
        format!("{{\"id\": \"r{number}\", \"text\": \"It was late, {number}. Nobody came to the weir.\\n\"}}\n")
    };
    (0..count).map(line).collect()
}

/// What is said of a bad shard that stands beside a good one.
fn said(name: &str, bytes: &[u8], fields: &str) -> Vec<String> {
    let folder = shards(&[
        ("good.jsonl", lines(2).replace("\"r", "\"g").as_bytes(), FIELDS),
        (name, bytes, fields),
    ]);
    let (code, said) = check(folder.path(), &["--select", "manifest,fixity,consistency"]);
    assert_eq!(code, Some(1), "{said:#?}");
    let (_, out, err) = vidimus(folder.path(), &["verify"]);
    assert_eq!(err, "");
    let verified = out.lines().find(|line| line.contains("verified")).expect("counts");
    [said, vec![verified.to_owned()]].concat()
}

#[test]
fn a_compressed_shard_that_breaks_off() {
    let packed = zstd::encode_all(lines(500).as_bytes(), 1).expect("packed");
    let cut = said("a.jsonl.zst", &packed[..packed.len() - 9], FIELDS);
    assert_said(
        &cut,
        &[
            "manifest.yaml",
            "error[manifest/invalid-shard]",
            "a.jsonl.zst",
            "what follows is lost",
        ],
    );
    let packed = gzip(lines(500).as_bytes());
    let cut = said("a.jsonl.gz", &packed[..packed.len() - 30], FIELDS);
    assert_said(
        &cut,
        &["error[manifest/invalid-shard]", "it breaks off in line", "a.jsonl.gz"],
    );
    // What could be read before is counted, and looked at.
    let counts: Vec<&str> = cut.last().expect("counts").split(' ').collect();
    assert!(counts[0].parse::<usize>().expect("a count") > 2, "{counts:?}");
    assert_said(
        &said("a.jsonl.gz", b"this is no gzip", FIELDS),
        &["error[manifest/invalid-shard]", "in line 1"],
    );
}

#[test]
fn lines_that_are_no_records() {
    let mut text = lines(2);
    text.push_str("{\"id\": \"no text\"}\n[1]\n{\"text\": 7}\nno JSON\n\n");
    text.push_str(&"x\n".repeat(150));
    let said = said("a.jsonl", text.as_bytes(), FIELDS);
    assert_said(
        &said,
        &["a.jsonl#3: error[manifest/invalid-record]", "it has no field `text`"],
    );
    assert_said(
        &said,
        &["a.jsonl#4: error[manifest/invalid-record]", "expected an object"],
    );
    assert_said(&said, &["a.jsonl#5: error[manifest/invalid-record]", "no string"]);
    assert_said(&said, &["a.jsonl#6: error[manifest/invalid-record]", "no JSON object"]);
    assert_said(&said, &["a.jsonl: error[manifest/invalid-record] 54 more lines"]);
    assert_said(&said, &["4 records listed: 4 verified"]);
}

#[test]
fn shards_without_records_or_sense() {
    assert_said(
        &said("a.jsonl", b"\n\n", FIELDS),
        &["manifest/empty-manifest", "a.jsonl has no record"],
    );
    assert_said(
        &said("a.csv", b"id,text\n", FIELDS),
        &["manifest/invalid-shard", "its name does not say what it is"],
    );
    let said = said("a.jsonl", lines(1).as_bytes(), "{id: id}");
    assert_said(&said, &["manifest/missing-key", "lacks the key `text`"]);
    #[cfg(not(feature = "parquet"))]
    assert_said(
        &self::said("a.parquet", b"PAR1", FIELDS),
        &["manifest/invalid-shard", "`cargo install vidimus --features parquet`"],
    );
}

#[test]
fn names_and_texts_of_records_reach_no_terminal_as_they_are() {
    let line = "{\"id\": \"\\u001b[31m\\n../x\", \"text\": \"the the \\u001b[2J\"}\n";
    let folder = shards(&[("a.jsonl", line.as_bytes(), FIELDS)]);
    for format in ["full", "concise", "github", "markdown", "html", "junit"] {
        let (_, out, _) = vidimus(folder.path(), &["check", "--format", format]);
        assert!(!out.contains('\u{1b}'), "{format}: {out}");
    }
}

#[test]
fn a_bomb_ends_in_a_finding() {
    // Frames that stand behind each other are one stream: 20 of 64 MiB each.
    let mut zeros = vec![b'0'; 64 << 20];
    zeros[0] = b'\n';
    let frame = zstd::encode_all(zeros.as_slice(), 1).expect("packed");
    let said = said("a.jsonl.zst", &frame.repeat(20), FIELDS);
    assert_said(
        &said,
        &["error[manifest/invalid-shard]", "a.jsonl.zst", "1000 times its size"],
    );
}

#[test]
fn one_line_of_100_mb() {
    let mut text = String::from("{\"id\": \"long\", \"text\": \"");
    text.push_str(&"lamps along the quay\\n".repeat(5 << 20));
    text.push_str("\"}\n");
    text.push_str(&lines(2));
    let folder = shards(&[("a.jsonl", text.as_bytes(), FIELDS)]);
    let (code, out, err) = vidimus(folder.path(), &["check", "--select", "encoding/control-character"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("3 records listed: 3 verified"), "{out}");
}

#[cfg(unix)]
#[test]
fn a_pipe_and_a_link_are_not_opened() {
    let folder = shards(&[
        ("good.jsonl", lines(2).as_bytes(), FIELDS),
        ("a.jsonl", b"", FIELDS),
        ("b.jsonl", b"", FIELDS),
    ]);
    for name in ["a.jsonl", "b.jsonl"] {
        fs::remove_file(folder.path().join(name)).expect("removed");
    }
    let status = std::process::Command::new("mkfifo")
        .arg(folder.path().join("a.jsonl"))
        .status();
    assert!(status.is_ok_and(|status| status.success()), "mkfifo");
    std::os::unix::fs::symlink("good.jsonl", folder.path().join("b.jsonl")).expect("linked");
    let (code, said) = check(folder.path(), &[]);
    assert_eq!(code, Some(1));
    assert_said(&said, &["a.jsonl", "fixity/special-file"]);
    assert_said(&said, &["b.jsonl", "fixity/symbolic-link"]);
}

/// The most memory that a run has taken, in bytes.
#[cfg(target_os = "linux")]
fn peak(folder: &Path, args: &[&str]) -> u64 {
    let mut command = vidimus_in(folder);
    command.args(args).stdout(std::process::Stdio::null());
    let mut child = command.spawn().expect("started");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("asked").is_none() {
        let status = fs::read_to_string(&status).unwrap_or_default();
        let kilobytes = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        peak = kilobytes.map_or(peak, |kilobytes: u64| kilobytes << 10);
        std::thread::yield_now();
    }
    peak
}

/// A shard that unpacks to so many megabytes, made without standing in memory.
#[cfg(target_os = "linux")]
fn large(folder: &Path, megabytes: usize) {
    use std::io::Write as _;
    let file = fs::File::create(folder.join("a.jsonl.zst")).expect("made");
    let mut out = zstd::stream::write::Encoder::new(file, 1)
        .expect("packed")
        .auto_finish();
    let words = "The lamps along the quay were lit one after the other, and nobody said a word. ".repeat(12);
    let mut number = 0;
    let mut written = 0;
    while written < megabytes << 20 {
        let line = format!("{{\"id\": \"r{number}\", \"text\": \"{number}. {words}\\n\"}}\n");
        out.write_all(line.as_bytes()).expect("packed");
        written += line.len();
        number += 1;
    }
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_shard() {
    let folder = shards(&[("a.jsonl.zst", b"", FIELDS)]);
    large(folder.path(), 300);
    let verify = peak(folder.path(), &["verify", "--threads", "2"]);
    assert!(verify > 0 && verify < 100 << 20, "{verify} bytes");
    // A look into the texts is slow without optimisation; what it keeps shows in fewer.
    let check = |megabytes: usize| {
        large(folder.path(), megabytes);
        peak(
            folder.path(),
            &["check", "--threads", "2", "--select", "encoding,consistency,provenance"],
        )
    };
    let (few, many) = (check(8), check(24));
    assert!(few > 0 && many < few + (24 << 20), "{few} bytes, then {many}");
}

#[test]
fn nothing_is_left_where_temporary_files_were() {
    let folder = shards(&[("a.jsonl", lines(300).as_bytes(), FIELDS)]);
    let temporary = tempfile::tempdir().expect("a folder");
    let mut command = vidimus_in(folder.path());
    let (_, _, err) = run(command
        .env("TMPDIR", temporary.path())
        .args(["check", "--format", "concise"]));
    assert_eq!(err, "");
    assert_eq!(fs::read_dir(temporary.path()).expect("listed").count(), 0);
}

#[cfg(not(feature = "cloud"))]
#[test]
fn an_address_says_that_object_stores_are_not_built_in() {
    let folder = shards(&[("good.jsonl", lines(2).as_bytes(), FIELDS)]);
    let manifest = folder.path().join("manifest.yaml");
    let more = "  - {path: \"s3://bucket/a.jsonl\", sha256: x, records: {text: text}}\n";
    fs::write(&manifest, fs::read_to_string(&manifest).expect("read") + more).expect("written");
    let without = "this vidimus is built without object stores; build it with `cargo install vidimus --features cloud`";
    let (code, out, _) = vidimus(folder.path(), &["verify"]);
    assert_eq!(code, Some(1));
    assert!(out.contains("fixity/unreadable-text") && out.contains(without), "{out}");
    assert!(out.contains("2 verified"), "the rest goes on: {out}");
    for arguments in [
        &["check", "--manifest", "s3://bucket/manifest.yaml"][..],
        &["duplicates", "s3://bucket/a.jsonl"],
        &["inspect", "s3://bucket/a.txt"],
    ] {
        let (code, _, err) = vidimus(folder.path(), arguments);
        assert_eq!(code, Some(2), "{arguments:?}");
        assert!(err.contains(without), "{arguments:?}: {err}");
    }
    let (code, _, err) = vidimus(folder.path(), &["fix", "--manifest", "s3://bucket/manifest.yaml"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("never written"), "{err}");
}
