//! `init`, `add`, `remove` and `accept` on what they cannot do: nothing is written, and nothing is left lying about.

use std::fs;
use std::path::Path;

use crate::support::corpus;
use crate::{names, vidimus};

const TEXT: &[u8] = b"The mill at the ford stood for ninety years. It was pulled down in one week.\n";

/// Runs what must be refused with these words, and must leave the folder as it is.
#[track_caller]
fn refused(folder: &Path, args: &[&str], words: &[&str]) {
    let before = (names(folder), fs::read(folder.join("manifest.yaml")).ok());
    let (code, out, err) = vidimus(folder, args);
    assert_eq!((code, out.as_str()), (Some(2), ""), "{args:?}: {err}");
    assert!(
        err.starts_with("error: ") && words.iter().all(|word| err.contains(word)),
        "{args:?}: {err}"
    );
    assert_eq!(
        (names(folder), fs::read(folder.join("manifest.yaml")).ok()),
        before,
        "{args:?}"
    );
}

#[test]
fn init_of_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    refused(folder.path(), &["init"], &["there is no text below .", "--include"]);
    refused(
        folder.path(),
        &["init", "--include", "*.txt"],
        &["nothing is matched by", "*.txt"],
    );
    refused(folder.path(), &["init", "--include", "{a"], &["is no glob"]);
    refused(folder.path(), &["init", "--root", "gone"], &["gone"]);
    refused(folder.path(), &["init", "--output", "gone/manifest.yaml"], &["gone"]);
}

#[test]
fn init_onto_a_manifest() {
    let folder = corpus(&[("a.txt", TEXT)]);
    refused(
        folder.path(),
        &["init"],
        &["manifest.yaml is there already", "vidimus add", "--force"],
    );
}

#[test]
fn accept_of_what_is_no_edit() {
    let long = TEXT.repeat(40);
    let folder = corpus(&[("a.txt", &long), ("b.txt", TEXT)]);
    let accept = |more: &[&str]| {
        vidimus(
            folder.path(),
            &[&["accept", "a.txt", "--reason", "mended"], more].concat(),
        )
    };
    let before = fs::read(folder.path().join("manifest.yaml")).expect("read");
    let (code, out, _) = accept(&[]);
    assert_eq!(
        (code, out.as_str()),
        (Some(0), "a.txt has the digest on record; nothing was changed\n")
    );
    assert_eq!(fs::read(folder.path().join("manifest.yaml")).expect("read"), before);
    let mut torn = long.clone();
    torn[512..1024].fill(0);
    fs::write(folder.path().join("a.txt"), torn).expect("written");
    let args = ["accept", "b.txt", "a.txt", "--reason", "mended"];
    refused(
        folder.path(),
        &args,
        &["nothing was accepted\n         a.txt looks damaged", "--damaged"],
    );
    refused(
        folder.path(),
        &["accept", "a.txt", "--reason", " "],
        &["say why", "--reason"],
    );
    refused(
        folder.path(),
        &["accept", "nope", "b", "--reason", "x"],
        &["no entry has the path or id nope\n         no entry"],
    );
    let (code, out, err) = accept(&["--damaged"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.starts_with("accepted a.txt\n"), "{out}");
    assert_eq!(names(folder.path()), [".vidimus", "a.txt", "b.txt", "manifest.yaml"]);
}

#[test]
fn accept_of_what_cannot_be_told_from_damage() {
    let folder = corpus(&[("a.txt", TEXT)]);
    let file = fs::File::create(folder.path().join("a.txt")).expect("made");
    file.set_len((1 << 30) + 1).expect("grown");
    refused(
        folder.path(),
        &["accept", "a.txt", "--reason", "x"],
        &["a.txt is too large to tell an edit from damage"],
    );
}

#[test]
fn accept_of_what_is_gone() {
    let folder = corpus(&[("a.txt", TEXT)]);
    fs::remove_file(folder.path().join("a.txt")).expect("removed");
    refused(
        folder.path(),
        &["accept", "a.txt", "--reason", "x"],
        &["a.txt is not there"],
    );
}

#[test]
fn add_of_what_cannot_be_added() {
    let folder = corpus(&[("a.txt", TEXT)]);
    let outside = tempfile::NamedTempFile::new().expect("a file");
    let outside = outside.path().to_str().expect("UTF-8");
    refused(
        folder.path(),
        &["add", "a.txt"],
        &["a.txt is listed already", "vidimus accept"],
    );
    refused(folder.path(), &["add", "gone.txt"], &["gone.txt is not there"]);
    refused(
        folder.path(),
        &["add", outside],
        &["is outside the folder of the manifest"],
    );
    refused(
        folder.path(),
        &["add", "../.."],
        &["is outside the folder of the manifest"],
    );
    refused(
        folder.path(),
        &["add", "manifest.yaml"],
        &["manifest.yaml is the manifest itself"],
    );
    refused(
        folder.path(),
        &["add", "."],
        &["holds no file that is not listed already"],
    );
}

#[test]
fn remove_of_what_is_not_listed() {
    let folder = corpus(&[("a.txt", TEXT)]);
    refused(
        folder.path(),
        &["remove", "gone"],
        &["no entry has the path or id gone"],
    );
    refused(
        folder.path(),
        &["remove", "a.txt", "gone"],
        &["no entry has the path or id gone"],
    );
}

/// The limit on the size of a file stands in for a full disk: both let a write fail half-way.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_manifest() {
    let texts: Vec<(String, Vec<u8>)> = (0..40)
        .map(|turn| (format!("{turn}.txt"), format!("Text {turn}.\n").into_bytes()))
        .collect();
    let texts: Vec<(&str, &[u8])> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_slice()))
        .collect();
    let folder = corpus(&texts);
    fs::write(folder.path().join("0.txt"), "Text nought, mended.\n").expect("written");
    fs::write(folder.path().join("new.txt"), "A new text.\n").expect("written");
    let before = (
        names(folder.path()),
        fs::read(folder.path().join("manifest.yaml")).expect("read"),
    );
    let commands: [&[&str]; 4] = [
        &["accept", "0.txt", "--reason", "mended"],
        &["add", "new.txt"],
        &["remove", "1.txt"],
        &["init", "--force"],
    ];
    for args in commands {
        let mut command = std::process::Command::new("sh");
        command
            .current_dir(folder.path())
            .args(["-c", "trap '' 25; ulimit -f 1; exec \"$0\" \"$@\""]);
        command
            .arg(insta_cmd::get_cargo_bin("vidimus"))
            .args(["--color", "never"])
            .args(args);
        let (code, out, err) = crate::support::run(&mut command);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{args:?}");
        assert!(
            err.starts_with("error: cannot write ") && err.contains(".new: File too large"),
            "{err}"
        );
        let after = (
            names(folder.path()),
            fs::read(folder.path().join("manifest.yaml")).expect("read"),
        );
        assert_eq!(after, before, "{args:?}");
    }
}

/// A signal while texts are read: 128 and its number, and nothing half-written.
#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_leaves_everything_as_it_was() {
    let folder = corpus(&[("a.txt", TEXT), ("b.txt", TEXT)]);
    // A sparse file: as long to hash as a real one, and made at once.
    let large = |name: &str| {
        let file = fs::File::create(folder.path().join(name)).expect("made");
        file.set_len(1 << 36).expect("grown");
    };
    large("b.txt");
    large("c.txt");
    fs::write(folder.path().join("SUMS"), format!("{}  c.txt\n", "ab".repeat(32))).expect("written");
    let before = (
        names(folder.path()),
        fs::read(folder.path().join("manifest.yaml")).expect("read"),
    );
    let commands: [(&[&str], &str); 5] = [
        (&["accept", "a.txt", "b.txt", "--reason", "x"], "b.txt"),
        (&["add", "c.txt"], "c.txt"),
        (&["init", "--force"], "b.txt"),
        (&["init", "--output", "other.yaml", "--exclude", "b.txt"], "c.txt"),
        (&["verify", "--sums", "SUMS"], "c.txt"),
    ];
    for (args, read) in commands {
        for (signal, number) in [("-INT", 130), ("-TERM", 143)] {
            let mut command = crate::support::vidimus_in(folder.path());
            let command = command
                .args(args)
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped());
            let mut child = command.spawn().expect("started");
            crate::support::wait_until_it_reads(&mut child, &folder.path().join(read));
            let kill = std::process::Command::new("kill")
                .args([signal, &child.id().to_string()])
                .status();
            assert!(kill.is_ok_and(|status| status.success()));
            let (code, out, err) = crate::support::end_of(child);
            assert_eq!((code, out.as_str()), (Some(number), ""), "{args:?}: {err}");
            let after = (
                names(folder.path()),
                fs::read(folder.path().join("manifest.yaml")).expect("read"),
            );
            assert_eq!(after, before, "{args:?}");
        }
    }
}
