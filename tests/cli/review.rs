//! `review`, in a terminal and through pipes.

use std::fs;

use std::path::Path;

use crate::support::{corpus, fed, run, vidimus_in};

/// Two labels of a page in one text.
const LAMPS: &str = "The Lamps of the Quay\n\nOn the eastern quay the lamps were lit at four, an hour before the barges came in from the salt pans.\n\nAdvertisement\n\nThe keeper wrote the hour of each in a ledger that nobody has read since, and went home by the lower road.\n\nShare this article\n\nIn winter the ledger stayed shut for weeks, and the lamps were lit by whoever came past with a taper in hand.\n";

/// The same labels in another one.
const FORD: &str = "The Ford\n\nFor ninety years nobody crossed below the mill, because the miller had put his weir where the ford had been.\n\nAdvertisement\n\nHis daughter tore the weir down in one night with two oxen and a chain, and the carters drove through at sunrise.\n\nShare this article\n\nThe parish paid for the chain, and the oxen were given the upper meadow for as long as they lived.\n";

fn lamps() -> tempfile::TempDir {
    corpus(&[("a.txt", LAMPS.as_bytes()), ("b.txt", FORD.as_bytes())])
}

/// The labels alone: four findings, two a text.
const LABELS: [&str; 3] = ["review", "--select", "layout/stray-label"];

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("read")
}

/// How `review` ends when it reads these lines from a pipe.
fn piped(folder: &Path, arguments: &[&str], lines: &str) -> (Option<i32>, String, String) {
    let mut command = vidimus_in(folder);
    command.args(LABELS).args(arguments);
    fed(&mut command, lines.as_bytes())
}

fn untouched(folder: &Path) -> bool {
    read(folder, "a.txt") == LAMPS && !read(folder, "manifest.yaml").contains("accepted")
}

#[test]
fn decisions_come_through_a_pipe() {
    let folder = lamps();
    let (code, said, asked) = piped(
        folder.path(),
        &[],
        "f\na\na sign on the quay\ns\ne\n\\nA notice\\n\nw\n",
    );
    assert_eq!(code, Some(0), "{said}{asked}");
    let without = LAMPS.replace("Advertisement\n\n", "");
    assert_eq!(read(folder.path(), "a.txt"), without);
    let edited = FORD.replace("Share this article", "A notice");
    assert_eq!(read(folder.path(), "b.txt"), edited, "{asked}");
    let manifest = read(folder.path(), "manifest.yaml");
    assert!(
        manifest.contains("reason: \"mended by fixes that were reviewed one by one\"\n"),
        "{manifest}"
    );
    assert!(manifest.contains("reason: \"a sign on the quay\"\n"), "{manifest}");
    for told in [
        "mended 2 texts by 2 fixes\n",
        "accepted in a.txt: line 9: ",
        "\n  a sign on the quay\n",
        "accepted 1 finding\n",
    ] {
        assert!(said.contains(told), "{said}");
    }
    let (_, log, _) = run(vidimus_in(folder.path()).arg("log"));
    assert!(
        log.contains(" acceptance a.txt\n") && log.contains(" normalization b.txt\n"),
        "{log}"
    );
    assert_eq!(run(vidimus_in(folder.path()).args(["log", "verify"])).0, Some(0));
    assert_eq!(run(vidimus_in(folder.path()).arg("verify")).0, Some(0));
    assert!(!folder.path().join(".vidimus/review.json").exists());
    let select = ["check", "a.txt", "--select", "layout/stray-label,manifest"];
    let (_, said, _) = run(vidimus_in(folder.path()).args(select));
    assert!(said.ends_with("found 1 accepted\n"), "{said}");
}

#[test]
fn the_end_of_the_input_keeps_what_was_decided() {
    let folder = lamps();
    let (code, said, asked) = piped(folder.path(), &[], "f\na\n\na sign\n");
    assert_eq!((code, said.as_str()), (Some(0), ""), "{asked}");
    assert!(asked.contains("an acceptance needs a reason"), "{asked}");
    assert!(
        asked.ends_with("nothing was written; 2 decisions are kept, and `vidimus review` goes on there\n"),
        "{asked}"
    );
    assert!(untouched(folder.path()));
    let (_, _, asked) = piped(folder.path(), &[], "u\nq\n");
    assert!(
        asked.contains("goes on after 2 earlier decisions") && asked.contains("(3 of 4, "),
        "{asked}"
    );
    assert!(asked.contains("nothing to undo"), "{asked}");
    let (_, said, asked) = piped(folder.path(), &["a.txt"], "w\n");
    assert!(said.contains("mended 1 text by 1 fix\n"), "{said}{asked}");
}

#[test]
fn a_decision_goes_with_the_text_that_it_is_about() {
    let folder = lamps();
    piped(folder.path(), &[], "f\nN\nf\n");
    fs::write(folder.path().join("a.txt"), LAMPS.replace("four", "six")).expect("written");
    run(vidimus_in(folder.path()).args(["accept", "a.txt", "--reason", "six it was"]));
    let (_, _, asked) = piped(folder.path(), &[], "q\n");
    assert!(
        asked.contains("goes on after 1 earlier decision; --restart forgets it; 1 decision was dropped"),
        "{asked}"
    );
    let (_, _, asked) = piped(folder.path(), &["--restart"], "q\n");
    assert!(!asked.contains("earlier"), "{asked}");
}

#[test]
fn a_text_that_is_not_as_certified_is_not_mended() {
    let folder = lamps();
    fs::write(folder.path().join("a.txt"), LAMPS.replace("four", "six")).expect("written");
    let (_, _, asked) = piped(folder.path(), &[], "f\nq\n");
    assert!(
        asked.contains("the finding is in a text that is not as certified"),
        "{asked}"
    );
}

#[test]
fn of_two_equal_passages_each_is_decided_alone() {
    let text = LAMPS.replace("Share this article", "Advertisement");
    for (keys, accepted_line, text_after) in [
        ("f\na\nsign\nw\n", 7, text.replacen("Advertisement\n\n", "", 1)),
        ("a\nsign\nf\nw\n", 5, {
            let second = text.rfind("Advertisement\n\n").expect("two");
            text[..second].to_owned() + &text[second + 15..]
        }),
    ] {
        let folder = corpus(&[("a.txt", text.as_bytes())]);
        let (_, said, asked) = piped(folder.path(), &[], keys);
        assert_eq!(read(folder.path(), "a.txt"), text_after, "{said}{asked}");
        let check = [
            "check",
            "--format",
            "json",
            "--select",
            "layout/stray-label,manifest/stale-acceptance",
        ];
        let report: serde_json::Value =
            serde_json::from_str(&run(vidimus_in(folder.path()).args(check)).1).expect("JSON");
        let findings = report["findings"].as_array().expect("findings");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0]["suppressed"]["reason"], "sign", "{findings:?}");
        assert_eq!(findings[0]["start"]["line"], accepted_line, "{findings:?}");
    }
}

#[test]
fn where_there_is_nothing_to_review_it_says_so() {
    let folder = corpus(&[("a.txt", b"The ford.\n")]);
    let (code, said, _) = piped(folder.path(), &[], "");
    assert_eq!((code, said.lines().next()), (Some(0), Some("nothing to review")));
}

#[test]
fn what_the_baseline_knows_is_not_offered() {
    let folder = lamps();
    let labels = ["--select", "layout/stray-label"];
    run(vidimus_in(folder.path()).args(["baseline", "write"]).args(labels));
    let known = ["--baseline", "vidimus-baseline.json"];
    let (code, said, _) = piped(folder.path(), &known, "");
    assert_eq!((code, said.lines().next()), (Some(0), Some("nothing to review")));
    // A third label of the same words is new, and alone offered.
    let grown = FORD.replace("The parish", "Advertisement\n\nThe parish");
    fs::write(folder.path().join("b.txt"), &grown).expect("written");
    run(vidimus_in(folder.path()).args(["accept", "b.txt", "--reason", "as it was"]));
    fs::write(
        folder.path().join("vidimus.toml"),
        "baseline = \"vidimus-baseline.json\"\n",
    )
    .expect("written");
    let (_, _, asked) = piped(folder.path(), &["--no-baseline"], "q\n");
    assert!(asked.contains("(1 of 5, "), "{asked}");
    let (code, said, asked) = piped(folder.path(), &[], "f\nw\n");
    assert_eq!(code, Some(0), "{said}{asked}");
    assert!(asked.contains("(1 of 1, "), "{asked}");
    assert!(said.contains("mended 1 text by 1 fix\n"), "{said}{asked}");
    assert_eq!(read(folder.path(), "b.txt"), FORD);
    assert_eq!(read(folder.path(), "a.txt"), LAMPS);
}

#[cfg(unix)]
mod in_a_terminal {
    use super::*;
    use crate::cli::pty::Terminal;

    fn started(folder: &Path, variables: &[(&str, &str)]) -> Terminal {
        let mut terminal = Terminal::start(folder, &LABELS, variables, (90, 28));
        terminal.wait_for(" 1 of 4  a.txt");
        terminal
    }

    #[test]
    fn fixes_and_acceptances_are_written_together() {
        let folder = lamps();
        let mut terminal = started(folder.path(), &[]);
        let screen = terminal.wait_for("f fix");
        assert!(
            screen.contains("layout/stray-label  warning") && screen.contains("  - Advertisement"),
            "{screen}"
        );
        terminal.send("f");
        terminal.wait_for(" 2 of 4  a.txt");
        terminal.send("a");
        terminal.wait_for("why does it stand?");
        terminal.send("a sign\r");
        terminal.wait_for(" 3 of 4  b.txt");
        terminal.send("a");
        terminal.wait_for("why does it stand? [a sign]");
        terminal.send("\r");
        terminal.wait_for(" 4 of 4  b.txt");
        assert!(untouched(folder.path()));
        terminal.send("s");
        terminal.wait_for("1 fix, 2 accepted, 1 skipped.");
        terminal.send("w");
        let ended = terminal.end();
        assert_eq!(ended.code, 0, "{}", ended.screen);
        assert!(ended.screen.contains("accepted 2 findings"), "{}", ended.screen);
        assert_eq!(read(folder.path(), "a.txt"), LAMPS.replace("Advertisement\n\n", ""));
        assert_eq!(
            read(folder.path(), "manifest.yaml")
                .matches("reason: \"a sign\"")
                .count(),
            2
        );
    }

    #[test]
    fn a_fix_is_changed_in_the_editor() {
        let folder = lamps();
        let mut terminal = started(folder.path(), &[("EDITOR", "/bin/sed -i -e 's/The keeper/A keeper/'")]);
        terminal.send("e");
        terminal.wait_for(" 2 of 4  a.txt");
        terminal.send("p");
        let screen = terminal.wait_for("[fix, edited]");
        assert!(screen.contains("fix, edited by you:"), "{screen}");
        terminal.send("w");
        assert_eq!(terminal.end().code, 0);
        let edited = LAMPS.replace("Advertisement\n\nThe keeper", "A keeper");
        assert_eq!(read(folder.path(), "a.txt"), edited);
    }

    #[test]
    fn a_fix_that_overlaps_another_is_left_and_told() {
        let text = LAMPS.replace("Advertisement\n", "Advertisement\nShare this article\n");
        let folder = corpus(&[("a.txt", text.as_bytes())]);
        let editor = "/bin/sed -i -e 's/Share this article/A notice/'";
        let mut terminal = Terminal::start(folder.path(), &LABELS, &[("EDITOR", editor)], (90, 28));
        terminal.wait_for(" 1 of 3  a.txt");
        terminal.send("e");
        terminal.wait_for(" 2 of 3  a.txt");
        terminal.send("fw");
        let ended = terminal.end();
        let told = "left alone in a.txt: a fix of layout/stray-label overlaps another one that was chosen";
        assert!(ended.screen.contains(told), "{}", ended.screen);
        assert!(
            read(folder.path(), "a.txt").contains("\nA notice\n"),
            "{}",
            read(folder.path(), "a.txt")
        );
    }

    #[test]
    fn an_editor_that_fails_decides_nothing() {
        let folder = lamps();
        let mut terminal = started(folder.path(), &[("EDITOR", "/bin/false")]);
        terminal.send("e");
        terminal.wait_for("the editor ended with an error; nothing was decided");
        terminal.send("q");
        assert_eq!(terminal.end().code, 0);
        assert!(!folder.path().join(".vidimus/review.json").exists());
    }

    #[test]
    fn what_was_decided_is_undone_and_kept_and_resumed() {
        let folder = lamps();
        let mut terminal = started(folder.path(), &[]);
        terminal.send("fs");
        terminal.wait_for(" 3 of 4  b.txt");
        terminal.send("u");
        terminal.wait_for("taken back");
        terminal.wait_for(" 2 of 4  a.txt");
        terminal.send("q");
        let ended = terminal.end();
        assert!(ended.screen.contains("1 decision is kept"), "{}", ended.screen);
        assert!(untouched(folder.path()));
        let mut terminal = Terminal::start(folder.path(), &LABELS, &[], (90, 28));
        let screen = terminal.wait_for(" 2 of 4  a.txt");
        assert!(screen.contains("goes on after 1 earlier decision"), "{screen}");
        terminal.send("q");
        assert_eq!(terminal.end().code, 0);
    }

    #[test]
    fn it_fits_whatever_size_the_terminal_has() {
        let folder = lamps();
        let mut terminal = started(folder.path(), &[]);
        terminal.resize(40, 10);
        let screen = terminal.wait_until(|screen| screen.contains(" below: ") && screen.contains("? help"));
        assert!(
            screen.contains(" 1 of 4  a.txt") && !screen.contains("- Advertisement"),
            "{screen}"
        );
        terminal.send("\u{1b}[6~\u{1b}[6~\u{1b}[6~\u{1b}[6~");
        terminal.wait_for("  - Advertisement");
        terminal.resize(120, 40);
        terminal.wait_until(|screen| screen.contains("  - Advertisement") && screen.contains("warning[layout"));
        terminal.send("?");
        terminal.wait_for("any key back");
        terminal.send("qq");
        assert_eq!(terminal.end().code, 0);
    }

    #[test]
    fn an_interrupt_leaves_nothing_half_done() {
        for signal in [None, Some("-TERM"), Some("-INT")] {
            let folder = lamps();
            let mut terminal = started(folder.path(), &[]);
            terminal.send("f");
            terminal.wait_for(" 2 of 4  a.txt");
            match signal {
                None => terminal.send("\u{3}"),
                Some(name) => terminal.signal(name),
            }
            let code = if signal == Some("-TERM") { 143 } else { 130 };
            assert_eq!(terminal.end().code, code, "{signal:?}");
            assert!(untouched(folder.path()));
            assert!(read(folder.path(), ".vidimus/review.json").contains("\"decision\": \"fix\""));
        }
    }

    #[test]
    fn a_dumb_terminal_is_asked_line_by_line() {
        let folder = lamps();
        let mut terminal = Terminal::start(folder.path(), &LABELS, &[("TERM", "dumb")], (90, 40));
        terminal.wait_for("(1 of 4, ");
        terminal.send("f\r");
        terminal.wait_for("(2 of 4, ");
        terminal.send("\u{3}");
        assert_eq!(terminal.end().code, 130);
    }
}
