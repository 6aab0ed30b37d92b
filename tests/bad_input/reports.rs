//! Reports that cannot be written, or had better not be.

use std::fs;

use crate::support::{corpus, run, vidimus_in};
use crate::vidimus;

const TEXT: &[u8] = b"\n\nThe mill at the ford stood for ninety years. It was pulled down.\n";

#[test]
fn no_report_is_written_over_the_corpus() {
    let folder = corpus(&[("a.txt", TEXT), ("gone.txt", TEXT)]);
    fs::remove_file(folder.path().join("gone.txt")).expect("removed");
    let manifest = fs::read(folder.path().join("manifest.yaml")).expect("read");
    for path in ["manifest.yaml", "a.txt", "gone.txt", "./a.txt"] {
        for command in ["check", "verify"] {
            let (code, _, err) = vidimus(folder.path(), &[command, "--output", &format!("json={path}")]);
            assert_eq!(code, Some(2));
            assert!(err.contains(&format!("{path} belongs to the corpus")), "{err}");
        }
    }
    assert_eq!(fs::read(folder.path().join("manifest.yaml")).expect("read"), manifest);
    assert_eq!(fs::read(folder.path().join("a.txt")).expect("read"), TEXT);
    assert_eq!(crate::names(folder.path()), ["a.txt", "manifest.yaml"]);
}

#[test]
fn the_last_report_stays_where_there_is_no_new_one() {
    let folder = corpus(&[("a.txt", TEXT)]);
    let report = folder.path().join("r.json");
    fs::write(&report, "the last one, which is longer than nothing").expect("written");
    let (code, _, _) = vidimus(
        folder.path(),
        &["check", "--manifest", "gone.yaml", "--output", "json=r.json"],
    );
    assert_eq!(code, Some(2));
    assert_eq!(
        fs::read(&report).expect("read"),
        b"the last one, which is longer than nothing"
    );
    fs::write(&report, "x".repeat(1 << 20)).expect("written");
    let (code, out, _) = vidimus(folder.path(), &["check", "--format", "json", "--output", "json=r.json"]);
    assert_eq!((code, fs::read_to_string(&report).expect("read")), (Some(0), out));
}

#[test]
fn a_folder_that_is_not_there() {
    let folder = corpus(&[("a.txt", TEXT)]);
    let (code, out, err) = vidimus(folder.path(), &["check", "--output", "json=gone/r.json"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with("error: cannot write gone/r.json: "), "{err}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let folder = corpus(&[("a.txt", TEXT)]);
    let (code, _, err) = vidimus(folder.path(), &["check", "--output", "json=/dev/full"]);
    assert_eq!(code, Some(2));
    assert!(err.starts_with("error: cannot write /dev/full: No space left"), "{err}");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("opened");
    let mut command = vidimus_in(folder.path());
    let output = command
        .args(["--color", "never", "check"])
        .stdout(full)
        .output()
        .expect("started");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        err.starts_with("error: cannot write to standard output: No space left"),
        "{err}"
    );
}

/// Whoever reads the report went away: that is no error on standard output, and one for a file that was asked for.
#[cfg(unix)]
#[test]
fn a_reader_that_went_away() {
    let folder = corpus(&[("a.txt", b"not this")]);
    fs::write(folder.path().join("a.txt"), TEXT).expect("written");
    let shell = |line: &str| {
        let mut command = std::process::Command::new("sh");
        let program = insta_cmd::get_cargo_bin("vidimus");
        command.current_dir(folder.path()).args(["-c", line]).arg(program);
        run(&mut command)
    };
    let (code, _, err) = shell("{ \"$0\" check; echo $? >code; } | true; exec cat code >&2");
    assert_eq!((code, err.as_str()), (Some(0), "1\n"));
    let (_, _, err) = shell("{ \"$0\" check --output json=/dev/fd/3 3>&1 >out; echo $? >&2; } | sleep 0");
    assert!(
        err == "1\n" || err.ends_with("2\n") && err.contains("cannot write /dev/fd/3"),
        "{err}"
    );
}
