//! What a user may set: numbers of rules, lists of labels; and what `inspect` shows of the parts of a text.

use crate::support::{corpus, run, vidimus_in};

const PAGE: &[u8] = b"The mill at the ford

The mill at the ford stood for ninety years, and then in one week it was pulled down by those who had built it.

Hand this to the miller

Nobody knows what became of the wheel, which was seen last on a barge below the weir, late in the
evening. Those who saw it say that it turned.
";

const CUT: &[u8] = b"There was a mill below the town once. Nobody remembers who built it, but the weir is still there.

The miller kept a book by the window, where the light of the river fell on it until the evening. In winter he wrote in it what the water had taken from the

bank and what it had brought to the weir. In spring he read it to the children, who did not believe a word of it and asked for more.
";

fn check(folder: &std::path::Path, args: &[&str]) -> (Option<i32>, String, String) {
    run(vidimus_in(folder)
        .args(["--color", "never", "check", "--select", "layout", "--format", "concise"])
        .args(args))
}

#[test]
fn a_list_of_labels_is_heeded() {
    let folder = corpus(&[("a.txt", PAGE)]);
    std::fs::write(
        folder.path().join("mill.list"),
        "# class: share\nhand this to (the)? miller\n",
    )
    .expect("written");
    assert_eq!(check(folder.path(), &[]).0, Some(0));
    let (code, out, err) = check(folder.path(), &["--phrases", "mill.list"]);
    assert_eq!(code, Some(1), "{out}{err}");
    assert!(out.contains("a.txt:5:1: warning[layout/stray-label]"), "{out}");
}

#[test]
fn a_faulty_list_is_refused_at_its_line() {
    let folder = corpus(&[("a.txt", PAGE)]);
    std::fs::write(folder.path().join("mill.list"), "# of our own\nhand this on\n").expect("written");
    let (code, _, err) = check(folder.path(), &["--phrases", "mill.list"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("mill.list:2:"), "{err}");
    assert_eq!(check(folder.path(), &["--phrases", "none.list"]).0, Some(2));
}

#[test]
fn a_setting_changes_what_is_found() {
    let text =
        b"The mill at the ford stood for ninety years. In one week it was pulled down by those who had built the\n";
    let folder = corpus(&[("a.txt", text)]);
    let found = |setting: &str| {
        let mut check = vidimus_in(folder.path());
        let args = [
            "check",
            "--select",
            "truncation",
            "--format",
            "concise",
            "--config",
            setting,
        ];
        run(check.args(args)).1.contains("truncation/mid-sentence")
    };
    assert!(found("truncation/mid-sentence.least=0"));
    assert!(!found("truncation/mid-sentence.least=200"));
}

#[test]
fn a_faulty_setting_is_refused() {
    let folder = corpus(&[("a.txt", PAGE)]);
    let refused = |setting: &str| {
        let (code, _, err) = check(folder.path(), &["--config", setting]);
        assert_eq!(code, Some(2), "{setting}");
        err
    };
    assert!(refused("layout/stray-lin.score=1").contains("did you mean `layout/stray-line`?"));
    assert!(refused("layout/stray-line.score=99").contains("from -5 to 20"));
    assert!(refused("layout/stray-line.score=high").contains("is no number"));
    assert!(refused("layout/stray-line.score").contains("RULE.SETTING=NUMBER"));
}

#[test]
fn inspect_shows_the_seam() {
    let folder = corpus(&[("a.txt", CUT)]);
    let (code, out, err) = run(vidimus_in(folder.path()).args(["--color", "never", "inspect", "a.txt"]));
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("  seam       a sentence goes on from line 3 to line 5\n"),
        "{out}"
    );
    assert!(out.contains("  prose      paragraphs 3, sentences 6"), "{out}");
}
