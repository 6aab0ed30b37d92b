//! A change that is ended by force, at every call that writes, one after the other: `strace` ends the program, or makes the
//! call fail, and the next run must find each text with its old bytes or its new ones, and a manifest that says so.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{run, vidimus_in};

/// Every call by which something on a disk changes.
const CALLS: &str = "write,pwrite64,writev,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,\
                     ftruncate,fsync,fdatasync,syncfs,chmod,fchmod,fchmodat,copy_file_range,sendfile";

/// What happens at a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The program ends before it is made.
    Kill,
    /// The disk is full.
    Full,
}

impl Fault {
    fn inject(self, at: usize) -> String {
        let what = match self {
            Self::Kill => "error=EIO:signal=KILL",
            Self::Full => "error=ENOSPC",
        };
        format!("inject={CALLS}:{what}:when={at}")
    }
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
        eprintln!("left out: there is no strace here that may trace, so no change was interrupted");
    }
    can
}

/// Runs the program with a fault; tells whether it met it, and its exit code.
fn with_fault(folder: &Path, arguments: &[&str], fault: Fault, at: usize) -> (bool, Option<i32>) {
    let trace = folder.with_extension("trace");
    let mut command = Command::new("strace");
    command.current_dir(folder).env_clear().env("RAYON_NUM_THREADS", "1");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.args(["-f", "-qq", "-o"]).arg(&trace);
    command.args(["-e", &format!("trace={CALLS}"), "-e", &fault.inject(at), "--"]);
    command.arg(insta_cmd::get_cargo_bin("vidimus")).args(arguments);
    let output = command.output().expect("started");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("panicked"), "{fault:?} {at}: {said}");
    let calls = fs::read_to_string(&trace).expect("a trace");
    drop(fs::remove_file(&trace));
    (calls.contains("(INJECTED)"), output.status.code())
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

/// Tries a command with a fault at each call, until it meets none; gives the number of calls tried.
fn at_every_call(prepare: impl Fn(&Path), arguments: &[&str], fault: Fault, holds: impl Fn(&Path, &str)) -> usize {
    let outer = tempfile::tempdir().expect("a folder");
    for at in 1.. {
        let folder = outer.path().join(format!("corpus-{at}"));
        prepare(&folder);
        let (met, code) = with_fault(&folder, arguments, fault, at);
        let what = format!("{arguments:?}, {fault:?} at call {at}");
        if !met {
            assert!(matches!(code, Some(0 | 1)), "{what}: {code:?}");
            return at - 1;
        }
        is_whole(&folder, &what);
        holds(&folder, &what);
        fs::remove_dir_all(&folder).expect("removed");
    }
    unreachable!("some call is the last")
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
    for fault in [Fault::Kill, Fault::Full] {
        let points = at_every_call(begun, &["fix", "--threads", "1"], fault, old_or_new);
        println!("fix, {fault:?}: {points} calls");
        assert!(points >= 40, "{points}");
    }
}

#[test]
fn an_acceptance_is_recorded_whole_or_not_at_all() {
    if !can_trace() {
        return;
    }
    let changed = |folder: &Path| {
        begun(folder);
        fs::write(folder.join("a.txt"), NEW).expect("written");
        // The text as it is now is not the one on record, so both states must be told apart by the manifest.
    };
    let holds = |_: &Path, _: &str| ();
    for fault in [Fault::Kill, Fault::Full] {
        let outer = tempfile::tempdir().expect("a folder");
        let mut points = 0;
        for at in 1.. {
            let folder = outer.path().join(format!("corpus-{at}"));
            changed(&folder);
            let accept = ["accept", "a.txt", "--reason", "tidied by hand"];
            let (met, _) = with_fault(&folder, &accept, fault, at);
            let what = format!("accept, {fault:?} at call {at}");
            if !met {
                break;
            }
            points = at;
            assert_eq!(run(vidimus_in(&folder).arg("recover")).0, Some(0), "{what}");
            assert_eq!(fs::read_to_string(folder.join("a.txt")).expect("read"), NEW, "{what}");
            assert!(
                matches!(run(vidimus_in(&folder).arg("verify")).0, Some(0 | 1)),
                "{what}"
            );
            assert_eq!(run(vidimus_in(&folder).args(accept)).0, Some(0), "{what}");
            is_whole(&folder, &what);
            holds(&folder, &what);
        }
        println!("accept, {fault:?}: {points} calls");
        assert!(points >= 15, "{points}");
    }
}

#[test]
fn a_sweep_takes_nothing_that_is_needed() {
    if !can_trace() {
        return;
    }
    let swollen = |folder: &Path| {
        begun(folder);
        fs::write(folder.join("c.txt"), "The third.\n").expect("written");
        assert_eq!(run(vidimus_in(folder).args(["add", "c.txt"])).0, Some(0));
        assert_eq!(run(vidimus_in(folder).args(["remove", "c.txt"])).0, Some(0));
        fs::remove_file(folder.join(".vidimus/log.jsonl")).expect("removed");
        assert_eq!(
            run(vidimus_in(folder).args(["init", "--force", "--include", "[ab].txt"])).0,
            Some(0)
        );
    };
    let kept = |folder: &Path, what: &str| {
        let (_, said, _) = run(vidimus_in(folder).arg("fsck"));
        assert!(
            said.contains(" 0 damaged") && !said.contains("without a copy"),
            "{what}: {said}"
        );
    };
    for fault in [Fault::Kill, Fault::Full] {
        let points = at_every_call(swollen, &["gc"], fault, kept);
        println!("gc, {fault:?}: {points} calls");
        assert!(points >= 3, "{points}");
    }
}
