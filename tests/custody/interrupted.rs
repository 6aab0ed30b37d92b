//! A change that is ended by force, at every call that writes, one after the other: `strace` ends the program, or makes the
//! call fail, and the next run must find each text with its old bytes or its new ones, and a manifest that says so.

use std::fs;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::Command;

use crate::support::{run, vidimus_in};

/// Every call by which something on a disk changes.
const CALLS: [&str; 20] = [
    "write",
    "pwrite64",
    "writev",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "ftruncate",
    "fsync",
    "fdatasync",
    "syncfs",
    "chmod",
    "fchmod",
    "copy_file_range",
];

/// What happens at a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The program ends before it is made.
    Kill,
    /// The disk is full.
    Full,
}

/// The program meets a fault when it makes a call for the n-th time.
#[derive(Clone, Copy, Debug)]
struct Point {
    fault: Fault,
    call: &'static str,
    turn: usize,
}

impl Point {
    fn inject(self) -> String {
        let what = match self.fault {
            Fault::Kill => "error=EIO:signal=KILL",
            Fault::Full => "error=ENOSPC",
        };
        format!("inject={}:{what}:when={}", self.call, self.turn)
    }

    /// Runs the program; tells whether it met the fault, and its exit code.
    fn run(self, folder: &Path, arguments: &[&str]) -> (bool, Option<i32>) {
        let trace = folder.with_extension("trace");
        let mut command = Command::new("strace");
        command.current_dir(folder).env_clear().env("RAYON_NUM_THREADS", "1");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.args(["-f", "-qq", "-o"]).arg(&trace);
        command.args(["-e", &format!("trace={}", self.call), "-e", &self.inject(), "--"]);
        command.arg(insta_cmd::get_cargo_bin("vidimus")).args(arguments);
        let output = command.output().expect("started");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("panicked"), "{self:?}: {said}");
        let calls = fs::read_to_string(&trace).expect("a trace");
        drop(fs::remove_file(&trace));
        let killed = output.status.signal() == Some(9);
        (killed || calls.contains("(INJECTED)"), output.status.code())
    }
}

/// Says something past the capture of the test harness: whoever reads the log must see it.
fn say(what: &str) {
    std::io::stderr()
        .write_all(format!("{what}\n").as_bytes())
        .expect("said");
}

/// Whether `strace` can be used. Where it cannot, that is said; on a machine that tests for others it must.
fn can_trace() -> bool {
    let traced = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "true"])
        .status();
    let can = traced.is_ok_and(|status| status.success());
    assert!(
        can || std::env::var_os("CI").is_none(),
        "the tests of interrupted changes need strace"
    );
    if !can {
        say("LEFT OUT: there is no strace here that may trace, so no change was interrupted");
    }
    can
}

const OLD: &str =
    "\n\nThe Lamps\n\nThe lamps on the eastern quay were lit at four, an hour before the barges came.  \n";
const NEW: &str = "The Lamps\n\nThe lamps on the eastern quay were lit at four, an hour before the barges came.\n";

/// Two texts, certified and kept, that can be mended.
fn begun(folder: &Path) {
    fs::create_dir(folder).expect("made");
    fs::write(folder.join("a.txt"), OLD).expect("written");
    fs::write(folder.join("b.txt"), OLD.replace("four", "five")).expect("written");
    assert_eq!(run(vidimus_in(folder).arg("init")).0, Some(0));
}

/// What must hold after the next run, whenever the one before was ended.
fn is_whole(folder: &Path, what: &str) {
    let (code, said, error) = run(vidimus_in(folder).arg("verify"));
    let between = code == Some(2) && error.contains("`vidimus recover`");
    assert!(
        code == Some(0) || between,
        "{what}: half a change is not seen: {said}{error}"
    );
    let (code, said, error) = run(vidimus_in(folder).arg("recover"));
    assert_eq!(code, Some(0), "{what}: {said}{error}");
    let (code, said, error) = run(vidimus_in(folder).arg("verify"));
    assert_eq!(code, Some(0), "{what}: {said}{error}");
    let (code, said, error) = run(vidimus_in(folder).args(["log", "verify"]));
    assert_eq!(code, Some(0), "{what}: {said}{error}");
    assert!(!folder.join(".vidimus/journal").exists(), "{what}");
    let left: Vec<_> = names(folder)
        .into_iter()
        .filter(|name| name.ends_with(".tmp"))
        .collect();
    assert!(left.is_empty(), "{what}: {left:?}");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("listed");
    entries
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect()
}

/// Tries a command with a fault at each call, turn by turn until it is not met; gives the number of points tried.
fn at_every_call(prepared: &Path, arguments: &[&str], fault: Fault, holds: impl Fn(&Path, &str)) -> usize {
    let outer = tempfile::tempdir().expect("a folder");
    let folder = outer.path().join("corpus");
    let mut points = 0;
    for call in CALLS {
        for turn in 1.. {
            copy(prepared, &folder);
            let point = Point { fault, call, turn };
            let (met, code) = point.run(&folder, arguments);
            let what = format!("{arguments:?}, {point:?}");
            if met {
                points += 1;
                holds(&folder, &what);
            } else {
                assert!(matches!(code, Some(0 | 1)), "{what}: {code:?}");
            }
            fs::remove_dir_all(&folder).expect("removed");
            if !met {
                break;
            }
        }
    }
    say(&format!("{}, {fault:?}: {points} points tried", arguments[0]));
    points
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("made");
    for entry in fs::read_dir(from).expect("listed") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).expect("copied")),
        }
    }
}

fn mended(folder: &Path, what: &str) {
    let fix = run(vidimus_in(folder).args(["fix", "--fail-on", "never"]));
    assert_eq!(fix.0, Some(0), "{what}: {}{}", fix.1, fix.2);
    assert_eq!(fs::read_to_string(folder.join("a.txt")).expect("read"), NEW, "{what}");
    assert_eq!(
        fs::read_to_string(folder.join("b.txt")).expect("read"),
        NEW.replace("four", "five"),
        "{what}"
    );
    is_whole(folder, what);
}

fn old_or_new(folder: &Path, what: &str) {
    is_whole(folder, what);
    let text = fs::read_to_string(folder.join("a.txt")).expect("read");
    let other = fs::read_to_string(folder.join("b.txt"))
        .expect("read")
        .replace("five", "four");
    assert!(text == other, "{what}: one text has changed and the other has not");
    assert!(text == OLD || text == NEW, "{what}");
    mended(folder, what);
}

#[test]
fn a_fix_is_made_whole_or_not_at_all() {
    if !can_trace() {
        return;
    }
    let outer = tempfile::tempdir().expect("a folder");
    let prepared = outer.path().join("corpus");
    begun(&prepared);
    for fault in [Fault::Kill, Fault::Full] {
        let points = at_every_call(&prepared, &["fix", "--threads", "1"], fault, old_or_new);
        assert!(points >= 30, "{points}");
    }
}

const ACCEPT: [&str; 4] = ["accept", "a.txt", "--reason", "tidied by hand"];

/// The text is another one than the record says, or the record says what it is; and the next run records it.
fn recorded_or_not(folder: &Path, what: &str) {
    let (code, said, error) = run(vidimus_in(folder).arg("recover"));
    assert_eq!(code, Some(0), "{what}: {said}{error}");
    let (code, said, error) = run(vidimus_in(folder).arg("verify"));
    assert!(matches!(code, Some(0 | 1)), "{what}: {said}{error}");
    assert_eq!(fs::read_to_string(folder.join("a.txt")).expect("read"), NEW, "{what}");
    let (code, said, error) = run(vidimus_in(folder).args(ACCEPT));
    assert_eq!(code, Some(0), "{what}: {said}{error}");
    is_whole(folder, what);
    let (_, said, _) = run(vidimus_in(folder).args(["log", "a"]));
    assert_eq!(said.matches("acceptance").count(), 1, "{what}: {said}");
}

#[test]
fn an_acceptance_is_recorded_whole_or_not_at_all() {
    if !can_trace() {
        return;
    }
    let outer = tempfile::tempdir().expect("a folder");
    let prepared = outer.path().join("corpus");
    begun(&prepared);
    fs::write(prepared.join("a.txt"), NEW).expect("written");
    for fault in [Fault::Kill, Fault::Full] {
        let points = at_every_call(&prepared, &ACCEPT, fault, recorded_or_not);
        assert!(points >= 18, "{points}");
    }
}

#[test]
fn a_sweep_takes_nothing_that_is_needed() {
    if !can_trace() {
        return;
    }
    let outer = tempfile::tempdir().expect("a folder");
    let prepared = outer.path().join("corpus");
    begun(&prepared);
    for name in ["c.txt", "d.txt"] {
        fs::write(prepared.join(name), name).expect("written");
    }
    assert_eq!(run(vidimus_in(&prepared).args(["add", "c.txt", "d.txt"])).0, Some(0));
    assert_eq!(run(vidimus_in(&prepared).args(["remove", "c.txt", "d.txt"])).0, Some(0));
    fs::remove_file(prepared.join(".vidimus/log.jsonl")).expect("removed");
    assert_eq!(
        run(vidimus_in(&prepared).args(["init", "--force", "--include", "[ab].txt"])).0,
        Some(0)
    );
    let kept = |folder: &Path, what: &str| {
        is_whole(folder, what);
        let (_, said, _) = run(vidimus_in(folder).arg("fsck"));
        assert!(
            said.contains(" 0 damaged") && !said.contains("without a copy"),
            "{what}: {said}"
        );
        assert_eq!(run(vidimus_in(folder).arg("gc")).0, Some(0), "{what}");
        let (_, said, _) = run(vidimus_in(folder).arg("fsck"));
        assert!(said.starts_with("2 copies sound, 0 damaged"), "{what}: {said}");
    };
    for fault in [Fault::Kill, Fault::Full] {
        let points = at_every_call(&prepared, &["gc"], fault, kept);
        assert!(points >= 4, "{points}");
    }
}
