//! Colour, width, quiet, a closed pipe: what a shell user expects without thinking of it.

use std::io::Read as _;
use std::process::Stdio;

use crate::support::{corpus, run, vidimus_in};

const BLANK: &[u8] = b"\n\nThe mill at the ford stood for ninety years. It was pulled down.\n";

#[test]
fn colours_only_where_they_are_wanted() {
    let folder = corpus(&[("a.txt", BLANK)]);
    let coloured = |args: &[&str], env: &[(&str, &str)]| {
        let mut command = vidimus_in(folder.path());
        command.args(["check"]).args(args).envs(env.iter().copied());
        run(&mut command).1.contains('\u{1b}')
    };
    assert!(!coloured(&[], &[]));
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn a_corpus_cannot_speak_to_the_terminal() {
    let text = "\u{1b}[31mThe mill\u{202e} stood.\u{7}\u{9b}2J\n".repeat(3);
    let folder = corpus(&[("a.txt", text.as_bytes())]);
    for format in ["full", "concise", "json", "jsonl"] {
        let (_, said, _) = run(vidimus_in(folder.path()).args(["check", "--format", format]));
        // JSON escapes what is below U+0020 itself; the rest is text to whoever reads it.
        let obeyed = |c: &char| (c.is_control() && *c != '\n') || *c == '\u{202e}';
        let found = said
            .chars()
            .find(|c| obeyed(c) && !(format.starts_with("json") && *c >= '\u{7f}'));
        assert_eq!(found, None, "{format}: {said}");
    }
}

#[test]
fn quiet_prints_findings_alone() {
    let folder = corpus(&[("a.txt", BLANK)]);
    let (_, out, err) = run(vidimus_in(folder.path()).args(["check", "-q", "--format", "concise"]));
    assert_eq!((out.lines().count(), err.as_str()), (1, ""), "{out}");
}

#[test]
fn a_finding_leads_to_the_page_of_its_rule() {
    let folder = corpus(&[("a.txt", BLANK)]);
    let docs = ["check", "--config", "docs=https://docs.example.org/v/"];
    let page = "https://docs.example.org/v/rules/layout/leading-blank.html";
    let said = |args: &[&str], links: &str| {
        let mut command = vidimus_in(folder.path());
        run(command.env("FORCE_HYPERLINK", links).args(docs).args(args)).1
    };
    // Where links can be followed the name of the rule is one; elsewhere the address is written out.
    let linked = said(&["--color", "always"], "1");
    assert!(linked.contains(&format!("\u{1b}]8;;{page}")), "{linked}");
    let plain = said(&["--color", "always"], "0");
    assert!(!plain.contains("\u{1b}]8;;") && plain.contains(page), "{plain}");
    let sarif: serde_json::Value = serde_json::from_str(&said(&["--format", "sarif"], "0")).expect("JSON");
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(rules.iter().any(|rule| rule["helpUri"] == page), "{rules:#?}");
}

#[test]
fn the_version_is_the_same_wherever_it_was_built() {
    let folder = corpus(&[("a.txt", BLANK)]);
    let said = run(vidimus_in(folder.path()).arg("--version"));
    let version = concat!("vidimus ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(said, (Some(0), version.to_owned(), String::new()));
}

#[test]
fn a_report_fits_the_width() {
    let line = "The mill at the ford stood for ninety years and then it fell. ".repeat(60);
    let folder = corpus(&[("a.txt", format!("\n\n{line}\n").as_bytes())]);
    let (_, out, _) = run(vidimus_in(folder.path()).env("COLUMNS", "60").arg("check"));
    let excerpt = out.lines().filter(|line| line.contains('|'));
    let widest = excerpt.map(|line| line.chars().count()).max().unwrap_or(0);
    assert!(widest <= 66, "{widest} columns:\n{out}");
}

#[test]
fn a_closed_pipe_is_quiet() {
    let texts: Vec<(String, &[u8])> = (0..400).map(|number| (format!("{number:03}.txt"), BLANK)).collect();
    let texts: Vec<(&str, &[u8])> = texts.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let folder = corpus(&texts);
    let mut child = vidimus_in(folder.path())
        .args(["check", "--fail-on", "info"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let mut first = [0; 10];
    child
        .stdout
        .take()
        .expect("a pipe")
        .read_exact(&mut first)
        .expect("read");
    let output = child.wait_with_output().expect("ended");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn the_same_report_for_any_number_of_threads() {
    let root = crate::root();
    let report = |threads: &str| {
        run(vidimus_in(&root).args([
            "check",
            "--format",
            "json",
            "--today",
            "2026-01-01",
            "--threads",
            threads,
        ]))
        .1
    };
    let one = report("1");
    assert!(one.contains("\"schema\": \"vidimus-report/1\""));
    assert_eq!(one, report("8"));
}

#[test]
fn check_and_verify_write_nothing() {
    let folder = corpus(&[("a.txt", BLANK)]);
    let listing = || {
        let mut names: Vec<_> = std::fs::read_dir(folder.path())
            .expect("listed")
            .map(|entry| {
                let entry = entry.expect("an entry");
                let modified = entry.metadata().and_then(|data| data.modified()).expect("a time");
                (entry.file_name(), modified, std::fs::read(entry.path()).expect("read"))
            })
            .collect();
        names.sort();
        names
    };
    let before = listing();
    run(vidimus_in(folder.path()).arg("check"));
    run(vidimus_in(folder.path()).arg("verify"));
    assert_eq!(before, listing());
}

#[test]
fn one_text_is_checked_alone() {
    let folder = corpus(&[("a.txt", b"\nThe ford.\n"), ("b/c.txt", BLANK)]);
    let manifest = folder.path().join("manifest.yaml");
    let text = std::fs::read_to_string(&manifest).expect("read");
    std::fs::write(&manifest, text.replace("local, reason", "unknown, reason")).expect("written");
    let (_, out, _) = run(vidimus_in(folder.path()).args(["check", "b", "--format", "concise"]));
    let places: Vec<_> = out
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(place, _)| place)
        .collect();
    assert_eq!(
        places,
        ["b/c.txt:1:1", "manifest.yaml:15:13", "2 texts listed"],
        "{out}"
    );
}

#[test]
fn several_reports_from_one_run() {
    let folder = corpus(&[("a.txt", BLANK)]);
    let outputs = ["--output", "json=r.json", "--output", "concise=r.txt"];
    let (_, out, _) = run(vidimus_in(folder.path())
        .args(["check", "--format", "concise"])
        .args(outputs));
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("read");
    assert_eq!(read("r.txt"), out);
    assert!(read("r.json").contains("layout/leading-blank"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_is_128_and_its_number() {
    use std::os::unix::process::ExitStatusExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let name = folder.path().join("a.txt");
    // A sparse file: as long to hash as a real one, and made at once.
    std::fs::File::create(&name)
        .and_then(|file| file.set_len(1 << 36))
        .expect("made");
    let manifest = format!(
        "vidimus: 1\ncorpus: {{include: ['*.txt']}}\nentries: [{{path: a.txt, sha256: {}}}]\n",
        "ab".repeat(32)
    );
    std::fs::write(folder.path().join("manifest.yaml"), manifest).expect("written");
    let mut child = vidimus_in(folder.path())
        .arg("verify")
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    crate::support::wait_until_it_reads(&mut child, &name);
    let pid = child.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .is_ok_and(|status| status.success())
    );
    let status = child.wait().expect("ended");
    assert_eq!((status.code(), status.signal()), (Some(130), None));
}

#[test]
fn many_findings_of_a_rule_are_folded_and_errors_are_not() {
    let text: String = (0..9)
        .map(|turn| {
            format!(
                "The {turn} mills stood at the ford, and nobody came by until the evening.\n\nShare this article\n\n"
            )
        })
        .collect();
    let mut texts = vec![("a.txt".to_owned(), text.trim_end().to_owned() + "\n")];
    texts.extend((0..8).map(|turn| (format!("b{turn}.txt"), format!("The {turn} boats lay still.\n"))));
    let listed: Vec<(&str, &[u8])> = texts
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_bytes()))
        .collect();
    let folder = corpus(&listed);
    let manifest = folder.path().join("manifest.yaml");
    let wrong = std::fs::read_to_string(&manifest)
        .expect("read")
        .replace("bytes: 2", "bytes: x2");
    std::fs::write(&manifest, wrong).expect("written");
    let full = |args: &[&str]| {
        run(vidimus_in(folder.path())
            .args(["check", "--select", "layout/stray-label,manifest"])
            .args(args))
        .1
    };
    let (folded, all) = (full(&[]), full(&["-v"]));
    let labels = |out: &str| out.matches("[layout/stray-label]").count();
    let errors = |out: &str| out.matches("[manifest/invalid-value]").count();
    assert_eq!((labels(&folded), labels(&all)), (6, 9), "{folded}");
    assert_eq!((errors(&folded), errors(&all)), (8, 8), "{folded}");
    assert!(
        folded.contains("4 more in this text") && folded.contains("lines 23, 27, 31, 35;"),
        "{folded}"
    );
}
