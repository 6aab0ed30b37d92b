//! Bad input through the whole program: each gives a finding or an error that says what, where and what to do next;
//! nothing hangs, nothing panics, nothing is lost.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use vidimus::digest::Algorithm;

/// Longer than any of these runs takes, so that a hang ends in a failure.
const LIMIT: Duration = Duration::from_secs(120);

struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ended {
    /// No panic, no signal, and words rather than silence where something is wrong.
    #[track_caller]
    fn is(&self, code: i32, words: &[&str]) -> &Self {
        let said = format!("{}{}", self.out, self.err);
        assert!(!said.contains("panicked"), "{said}");
        assert_eq!(self.code, Some(code), "{said}");
        for word in words {
            assert!(said.contains(word), "no {word:?} in:\n{said}");
        }
        self
    }
}

fn vidimus(folder: &Path, args: &[&str]) -> Ended {
    let mut command = Command::new(insta_cmd::get_cargo_bin("vidimus"));
    command.args(args);
    run(command, folder)
}

fn run(mut command: Command, folder: &Path) -> Ended {
    command.current_dir(folder).env_clear().env("PATH", "/usr/bin:/bin");
    let files = [folder.join(".out"), folder.join(".err")];
    let open = |path: &Path| fs::File::create(path).expect("made");
    let mut child = command
        .stdin(std::process::Stdio::null())
        .stdout(open(&files[0]))
        .stderr(open(&files[1]))
        .spawn()
        .expect("started");
    let status = wait(&mut child);
    let [out, err] = files.map(|path| {
        let text = String::from_utf8_lossy(&fs::read(&path).expect("read")).into_owned();
        fs::remove_file(path).expect("removed");
        text
    });
    Ended {
        code: status.code(),
        out,
        err,
    }
}

fn wait(child: &mut std::process::Child) -> std::process::ExitStatus {
    let begun = std::time::Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("waited") {
            return status;
        }
        if begun.elapsed() > LIMIT {
            child.kill().expect("killed");
            panic!("it hangs");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn check(folder: &Path) -> Ended {
    vidimus(folder, &["check", "--format", "concise", "--today", "2026-01-01"])
}

/// A folder with these files and a manifest that lists them truthfully.
fn corpus(texts: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut manifest = head();
    for (path, bytes) in texts {
        fs::write(folder.path().join(path), bytes).expect("written");
        let digest = Algorithm::Sha256.digest(bytes);
        write!(manifest, "  - path: {path}\n    sha256: \"{digest}\"\n{ORIGIN}").expect("written");
    }
    fs::write(folder.path().join("manifest.yaml"), manifest).expect("written");
    folder
}

const ORIGIN: &str = "    published_at: 2011-10-18\n    origin: {kind: local, reason: a test}\n";

fn head() -> String {
    "vidimus: 1\ncorpus:\n  include: [\"**/*.txt\"]\n  license: CC0-1.0\nentries:\n".to_owned()
}

/// A folder with one sound text and this manifest.
fn with_manifest(manifest: &[u8]) -> tempfile::TempDir {
    let folder = corpus(&[("a.txt", b"The mill at the ford stood for ninety years.\n")]);
    fs::write(folder.path().join("manifest.yaml"), manifest).expect("written");
    folder
}

mod texts {
    use super::*;

    #[test]
    fn empty() {
        check(corpus(&[("a.txt", b"")]).path()).is(1, &["a.txt", "truncation/empty-text", "1 verified"]);
    }

    #[test]
    fn cut_inside_a_character() {
        let folder = corpus(&[("a.txt", b"The miller of Sallowmere caf\xC3")]);
        check(folder.path()).is(1, &["truncation/cut-character"]);
    }

    #[test]
    fn binary() {
        let bytes: Vec<u8> = (0..20_000u32)
            .map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect();
        check(corpus(&[("a.txt", &bytes)]).path()).is(1, &["a.txt", "encoding/invalid-utf8", "1 verified"]);
    }

    #[test]
    fn not_utf8() {
        let folder = corpus(&[(
            "a.txt",
            b"Die M\xFChle an der Furt stand neunzig Jahre. Dann fiel sie.\n",
        )]);
        check(folder.path()).is(1, &["a.txt:1:6", "encoding/invalid-utf8"]);
    }

    #[test]
    fn filled_with_nul() {
        let folder = corpus(&[("a.txt", &vec![0; 1 << 20])]);
        check(folder.path()).is(1, &["a.txt:1:1", "encoding/control-character"]);
    }

    #[test]
    fn one_line_of_200_megabytes() {
        let line = "the mill at the ford stood for ninety years and then it fell, ".repeat(200_000_000 / 62);
        let folder = corpus(&[("a.txt", line.as_bytes())]);
        vidimus(folder.path(), &["verify"]).is(0, &["1 verified"]);
    }

    #[test]
    fn one_line_of_4_megabytes_is_looked_into() {
        for piece in [
            "mill at the ford, ",
            "<",
            "(",
            "\u{a0}",
            "a\u{301}",
            "5 May 2011 ",
            "“",
            "-",
        ] {
            let line = piece.repeat(4_000_000 / piece.len());
            let folder = corpus(&[("a.txt", line.as_bytes())]);
            let ended = check(folder.path());
            assert!(matches!(ended.code, Some(0 | 1)), "{piece}: {}", ended.err);
            assert!(ended.out.contains("1 verified"), "{piece}: {}", ended.err);
        }
    }

    #[test]
    fn lines_without_number() {
        let folder = corpus(&[("a.txt", "a\n".repeat(1_000_000).as_bytes())]);
        let ended = check(folder.path());
        assert!(
            matches!(ended.code, Some(0 | 1)) && ended.out.contains("1 verified"),
            "{}",
            ended.err
        );
    }

    #[test]
    fn controls_never_reach_the_terminal() {
        let text = "\u{1b}[31mThe mill\u{202e} stood.\u{7}\u{9b}2J\n".repeat(3);
        let folder = corpus(&[("a.txt", text.as_bytes())]);
        for format in ["full", "concise", "json", "jsonl"] {
            let said = vidimus(folder.path(), &["check", "--format", format]).out;
            let obeyed = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            // JSON escapes what is below U+0020 itself; the rest is text to whoever reads it.
            let found = said
                .chars()
                .find(|&c| obeyed(c) && !(format.starts_with("json") && c >= '\u{7f}'));
            assert_eq!(found, None, "{format}: {said}");
        }
    }
}

#[test]
fn a_text_of_more_than_a_gibibyte_is_verified_and_said() {
    let folder = corpus(&[("a.txt", b"x\n")]);
    let size = (1 << 30) + 1;
    let path = folder.path().join("a.txt");
    fs::File::create(&path)
        .and_then(|file| file.set_len(size))
        .expect("a sparse file");
    let (mut file, mut buffer) = (fs::File::open(&path).expect("opened"), vec![0; 1 << 20]);
    let read = vidimus::digest::digest_reader(&mut file, &[Algorithm::Sha256], None, &mut buffer, |_| Ok(()));
    let (digests, _) = read.expect("read");
    let manifest = format!("{}  - path: a.txt\n    sha256: \"{}\"\n{ORIGIN}", head(), digests[0]);
    fs::write(folder.path().join("manifest.yaml"), manifest).expect("written");
    check(folder.path()).is(0, &["fixity/unread-text", "1 verified"]);
}

mod manifests {
    use super::*;

    #[test]
    fn of_0_bytes() {
        let ended = check(with_manifest(b"").path());
        ended.is(2, &["manifest.yaml", "the manifest is empty", "vidimus init"]);
        check(with_manifest(b"# nothing\n\n").path()).is(2, &["the manifest is empty"]);
    }

    #[test]
    fn in_utf_16() {
        let bytes: Vec<u8> = "\u{feff}vidimus: 1\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        check(with_manifest(&bytes).path()).is(2, &["UTF-16", "save it as UTF-8"]);
    }

    #[test]
    fn in_latin_1_or_with_nul() {
        check(with_manifest(b"vidimus: 1\ncorpus: {title: M\xFChle}\n").path())
            .is(2, &["manifest.yaml:2", "not UTF-8"]);
        let ended = check(with_manifest(b"vidimus: 1\ncorpus: {title: \0}\n").path());
        assert_eq!(ended.code, Some(2), "{}{}", ended.out, ended.err);
    }

    #[test]
    fn with_tabs() {
        let ended = check(with_manifest(b"vidimus: 1\ncorpus:\n\tinclude: []\n").path());
        ended.is(2, &["manifest.yaml:3", "indent with spaces"]);
    }

    #[test]
    fn with_a_bomb_of_aliases() {
        let mut bomb = "vidimus: 1\ncorpus: {include: ['*.txt']}\na0: &a0 [lol, lol]\n".to_owned();
        for level in 1..60 {
            writeln!(bomb, "a{level}: &a{level} [*a{0}, *a{0}, *a{0}, *a{0}]", level - 1).expect("written");
        }
        bomb.push_str("entries: *a59\n");
        check(with_manifest(bomb.as_bytes()).path()).is(2, &["manifest/alias", "manifest/empty-manifest"]);
    }

    #[test]
    fn nested_deeply() {
        for (open, close) in [("[", "]"), ("{a: ", "}")] {
            let nested = format!(
                "vidimus: 1\ncorpus: {}{}\n",
                open.repeat(100_000),
                close.repeat(100_000)
            );
            let ended = check(with_manifest(nested.as_bytes()).path());
            assert!(
                matches!(ended.code, Some(1 | 2)) && !ended.err.contains("panicked"),
                "{}",
                ended.err
            );
        }
    }

    #[test]
    fn of_100_000_entries() {
        let mut manifest = head();
        for index in 0..100_000 {
            let digest = Algorithm::Sha256.digest(index.to_string().as_bytes());
            writeln!(manifest, "  - path: t/{index}.txt\n    sha256: \"{digest}\"").expect("written");
        }
        let folder = with_manifest(manifest.as_bytes());
        let ended = vidimus(folder.path(), &["verify", "--format", "concise", "t"]);
        assert_eq!(ended.code, Some(2), "{}", ended.err);
        let ended = vidimus(folder.path(), &["verify", "--format", "concise"]);
        ended.is(1, &["t/99999.txt: error[fixity/missing-text]", "100000 missing"]);
    }

    #[test]
    fn that_is_no_file() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("manifest.yaml")).expect("made");
        check(folder.path()).is(2, &["manifest.yaml", "folder"]);
    }

    #[test]
    fn with_crlf_line_ends() {
        let folder = corpus(&[("a.txt", b"The mill at the ford stood for ninety years.\n")]);
        let path = folder.path().join("manifest.yaml");
        let text = fs::read_to_string(&path).expect("read").replace('\n', "\r\n");
        fs::write(&path, text).expect("written");
        check(folder.path()).is(0, &["1 verified"]);
    }
}

#[cfg(unix)]
mod files {
    use std::os::unix::ffi::OsStringExt as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::os::unix::process::CommandExt as _;

    use super::*;

    fn fifo(path: &Path) {
        assert!(
            Command::new("mkfifo")
                .arg(path)
                .status()
                .is_ok_and(|status| status.success())
        );
    }

    #[test]
    fn a_pipe_does_not_hang() {
        let folder = corpus(&[("a.txt", b"x\n"), ("b.txt", b"The ford.\n")]);
        fs::remove_file(folder.path().join("a.txt")).expect("removed");
        fifo(&folder.path().join("a.txt"));
        fifo(&folder.path().join("c.txt"));
        for command in ["check", "verify"] {
            let ended = vidimus(folder.path(), &[command, "--format", "concise"]);
            ended.is(1, &["a.txt", "c.txt", "fixity/special-file", "1 verified"]);
        }
        fs::remove_file(folder.path().join("manifest.yaml")).expect("removed");
        fifo(&folder.path().join("manifest.yaml"));
        check(folder.path()).is(2, &["manifest.yaml", "not a regular file"]);
    }

    #[test]
    fn a_shard_that_is_a_pipe_does_not_hang() {
        let text = "vidimus: 1\ncorpus: {include: ['*.txt']}\nentries_from: [{path: s.yaml, sha256: x}]\n";
        let folder = with_manifest(text.as_bytes());
        fifo(&folder.path().join("s.yaml"));
        let ended = check(folder.path());
        assert!(
            ended.out.contains("manifest/invalid-shard"),
            "{}{}",
            ended.out,
            ended.err
        );
        assert_ne!(ended.code, Some(0));
    }

    #[test]
    fn a_loop_of_links_ends() {
        let folder = corpus(&[("a.txt", b"The ford.\n")]);
        symlink(".", folder.path().join("again")).expect("linked");
        symlink("loop.txt", folder.path().join("loop.txt")).expect("linked");
        check(folder.path()).is(1, &["loop.txt", "fixity/symbolic-link", "1 verified"]);
    }

    #[test]
    fn strange_names_are_told_and_not_obeyed() {
        let folder = corpus(&[("a.txt", b"The ford.\n")]);
        let long = format!("{}.txt", "x".repeat(251));
        for name in ["new\nline.txt", "esc\u{1b}[31m.txt", "back\\slash.txt", long.as_str()] {
            fs::write(folder.path().join(name), "x").expect("written");
        }
        let invalid = std::ffi::OsString::from_vec(b"inv\xFFalid.txt".to_vec());
        fs::write(folder.path().join(invalid), "x").expect("written");
        let ended = check(folder.path());
        ended.is(
            1,
            &[
                "new\\nline.txt",
                "esc\\u{1b}[31m.txt",
                "inv\u{fffd}alid.txt",
                "5 unlisted",
                &long,
            ],
        );
        let ended = vidimus(folder.path(), &["init", "--force"]);
        ended.is(2, &["new\\nline.txt", "inv\u{fffd}alid.txt"]);
        vidimus(folder.path(), &["init", "--force", "--skip-unlistable"]).is(0, &["listed 2 texts", "left out"]);
        vidimus(folder.path(), &["verify"]).is(1, &["2 verified"]);
    }

    /// The program as somebody who may not read everything, also where the tests run as root.
    fn as_nobody(folder: &Path, args: &[&str]) -> Ended {
        let mut command = Command::new(insta_cmd::get_cargo_bin("vidimus"));
        command.args(args);
        if fs::metadata("/proc/self").is_ok_and(|data| std::os::unix::fs::MetadataExt::uid(&data) == 0) {
            command.uid(65_534).gid(65_534);
        }
        run(command, folder)
    }

    fn allow(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("allowed");
    }

    #[test]
    fn what_may_not_be_read_is_named() {
        let program = insta_cmd::get_cargo_bin("vidimus");
        let reachable = program
            .ancestors()
            .all(|folder| fs::metadata(folder).is_ok_and(|data| data.permissions().mode() & 0o001 != 0));
        if !reachable {
            return left_out(
                "what_may_not_be_read_is_named: the program stands in a folder that only its owner may enter",
            );
        }
        let folder = corpus(&[("a.txt", b"The ford.\n"), ("b.txt", b"The mill.\n")]);
        fs::create_dir(folder.path().join("closed")).expect("made");
        allow(folder.path(), 0o755);
        allow(&folder.path().join("a.txt"), 0o000);
        allow(&folder.path().join("closed"), 0o000);
        let ended = as_nobody(folder.path(), &["check", "--format", "concise"]);
        allow(&folder.path().join("closed"), 0o755);
        ended.is(
            1,
            &[
                "a.txt",
                "fixity/unreadable-text",
                "closed",
                "fixity/unreadable-folder",
                "1 verified",
            ],
        );
    }

    /// Past the capture of the test harness: whoever reads the log must see it.
    fn left_out(what: &str) {
        use std::io::Write as _;
        std::io::stderr()
            .write_all(format!("LEFT OUT: {what}\n").as_bytes())
            .expect("said");
    }

    #[test]
    fn a_full_disk_leaves_the_old_manifest() {
        let folder = corpus(&[("a.txt", b"The ford.\n")]);
        let path = folder.path().join("manifest.yaml");
        let mut text = fs::read_to_string(&path).expect("read");
        (0..200).for_each(|_| text.push_str("# a remark that makes this file longer than a full disk takes\n"));
        fs::write(&path, &text).expect("written");
        fs::write(folder.path().join("a.txt"), "The other ford.\n").expect("written");
        // A limit on the size of files fails a write as a full disk does, and takes no disk.
        let script = "trap '' XFSZ; ulimit -f 4; exec \"$0\" accept a.txt --reason 'a better copy'";
        let mut command = Command::new("sh");
        command.args(["-c", script]).arg(insta_cmd::get_cargo_bin("vidimus"));
        let ended = run(command, folder.path());
        ended.is(2, &["manifest.yaml"]);
        assert_eq!(fs::read_to_string(&path).expect("read"), text);
        let mut left: Vec<_> = fs::read_dir(folder.path())
            .expect("listed")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        left.sort();
        assert_eq!(left, ["a.txt", "manifest.yaml"]);
        vidimus(folder.path(), &["accept", "a.txt", "--reason", "a better copy"]).is(0, &["accepted a.txt"]);
        vidimus(folder.path(), &["verify"]).is(0, &["1 verified"]);
    }

    #[test]
    fn a_report_that_cannot_be_written_is_an_error() {
        let folder = corpus(&[("a.txt", b"The ford.\n")]);
        if !Path::new("/dev/full").exists() {
            return left_out("a_report_that_cannot_be_written_is_an_error: there is no /dev/full");
        }
        vidimus(folder.path(), &["check", "--output", "json=/dev/full"]).is(2, &["/dev/full"]);
    }
}

mod life {
    use super::*;

    #[test]
    fn init_does_not_write_over_a_manifest() {
        let folder = corpus(&[("a.txt", b"The ford.\n")]);
        let before = fs::read(folder.path().join("manifest.yaml")).expect("read");
        vidimus(folder.path(), &["init"]).is(2, &["manifest.yaml", "--force"]);
        assert_eq!(fs::read(folder.path().join("manifest.yaml")).expect("read"), before);
        let empty = tempfile::tempdir().expect("a folder");
        let ended = vidimus(empty.path(), &["init"]);
        assert_eq!(ended.code, Some(2), "{}{}", ended.out, ended.err);
        assert!(!empty.path().join("manifest.yaml").exists());
    }

    #[test]
    fn accept_refuses_damage_unless_told_twice() {
        let text = "The mill at the ford stood for ninety years. It was pulled down in one week.\n".repeat(4);
        let folder = corpus(&[("a.txt", text.as_bytes())]);
        let mut damaged = text.into_bytes();
        damaged[40..80].fill(0);
        fs::write(folder.path().join("a.txt"), &damaged).expect("written");
        let before = fs::read(folder.path().join("manifest.yaml")).expect("read");
        let accept = |more: &[&str]| {
            vidimus(
                folder.path(),
                &[&["accept", "a.txt", "--reason", "new scan"], more].concat(),
            )
        };
        accept(&[]).is(2, &["a.txt", "damaged", "--damaged"]);
        assert_eq!(fs::read(folder.path().join("manifest.yaml")).expect("read"), before);
        accept(&["--damaged"]).is(0, &["accepted a.txt"]);
        vidimus(folder.path(), &["verify"]).is(0, &["1 verified"]);
        accept(&[]).is(0, &["nothing was changed"]);
        vidimus(folder.path(), &["accept", "a.txt", "--reason", " "]).is(2, &["reason"]);
        vidimus(folder.path(), &["accept", "b.txt", "--reason", "x"]).is(2, &["b.txt"]);
    }

    #[test]
    fn add_and_remove_refuse_what_makes_no_sense() {
        let folder = corpus(&[("a.txt", b"The ford.\n")]);
        vidimus(folder.path(), &["add", "a.txt"]).is(2, &["a.txt"]);
        vidimus(folder.path(), &["add", "nope.txt"]).is(2, &["nope.txt"]);
        vidimus(folder.path(), &["add", "/etc/hostname"]).is(2, &["/etc/hostname"]);
        vidimus(folder.path(), &["remove", "nope.txt"]).is(2, &["nope.txt"]);
        fs::write(folder.path().join("b.txt"), "The mill.\n").expect("written");
        vidimus(folder.path(), &["add", "b.txt"]).is(0, &["added b.txt"]);
        vidimus(folder.path(), &["verify"]).is(0, &["2 verified"]);
        vidimus(folder.path(), &["remove", "b.txt"]).is(0, &["removed b.txt"]);
        vidimus(folder.path(), &["verify"]).is(1, &["fixity/unlisted-text"]);
    }

    #[test]
    fn a_checksum_list_is_never_passed_in_silence() {
        let folder = corpus(&[("a.txt", b"The ford.\n")]);
        let digest = Algorithm::Sha256.digest(b"The ford.\n");
        let verify = |list: &str| {
            fs::write(folder.path().join("SUMS"), list).expect("written");
            vidimus(folder.path(), &["verify", "--sums", "SUMS", "--format", "concise"])
        };
        verify(&format!("{digest}  a.txt\n")).is(0, &["1 verified"]);
        verify("").is(2, &["SUMS"]);
        verify("nonsense\n").is(2, &["SUMS", "line 1"]);
        verify(&format!("{digest}  a.txt\nnonsense\n")).is(1, &["SUMS:2"]);
        verify(&format!("{digest}  a.txt\n{digest}  ../a.txt\n")).is(1, &["SUMS:2", "manifest/invalid-path"]);
        verify(&format!("{digest}  a.txt\n{digest}  b.txt\n")).is(1, &["fixity/missing-text"]);
        verify(&format!("{}  a.txt\n", "0".repeat(64))).is(1, &["a.txt", "fixity/hash-mismatch"]);
    }
}
