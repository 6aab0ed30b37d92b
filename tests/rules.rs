//! Every rule has a corpus in which it fires and one in which it stays silent: `tests/rules/FAMILY/NAME/fires*` and
//! `silent*`.
//!
//! A folder without a manifest gets one that lists its texts. In a manifest, `{{sha256 PATH}}` and `{{bytes PATH}}` stand
//! for what the file has. A file `setup` makes what Git cannot hold: `fifo PATH`, `link PATH TARGET`, `folder PATH`,
//! `rename FROM TO`, `remove PATH`, `write PATH TEXT` (with `\n`, `\r`, `\xNN` and `\\`; a line feed only where it says so), and
//! `deep PATH`, folders in folders until the system refuses to list them. It also says what the manifest must be: `pin SHA256`,
//! and `key PATH`, whose signature is `manifest.yaml.minisig`; and `verify FORMAT PATH`, that in place of a check of the
//! corpus the package of another tool is verified that stands there.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use vidimus::checks;
use vidimus::config::{Selection, Selector};
use vidimus::corpus::Corpus;
use vidimus::digest::{Algorithm, Digest};
use vidimus::engine::Options;
use vidimus::exchange;
use vidimus::finding::Finding;
use vidimus::signature::{PublicKey, Seal, Signature};
use vidimus::stop::Stop;

/// Rules that no folder of files can make fire, and the test that does.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "fixity/changed-text",
        "corpus::read::tests::a_text_that_keeps_changing_is_refused",
    ),
    (
        "fixity/unread-text",
        "bad_input::texts::more_bytes_than_are_looked_into",
    ),
];

/// The families of rules that judge what stands in a text, and can be wrong about it.
const OF_TEXTS: [&str; 6] = [
    "consistency/",
    "date/",
    "duplicate/",
    "encoding/",
    "layout/",
    "truncation/",
];

fn fixtures(rule: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules").join(rule)
}

/// The folders of one rule whose names begin like this.
fn cases(rule: &str, prefix: &str) -> Vec<PathBuf> {
    let Ok(folders) = fs::read_dir(fixtures(rule)) else {
        return Vec::new();
    };
    let mut cases: Vec<_> = folders
        .filter_map(|folder| folder.ok().map(|folder| folder.path()))
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with(prefix))
        })
        .collect();
    cases.sort();
    cases
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for entry in fs::read_dir(from).expect("listed") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else if entry.file_name() != "setup" {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

fn write_manifest(root: &Path) {
    let path = root.join("manifest.yaml");
    let Ok(template) = fs::read_to_string(&path) else {
        return fs::write(path, default_manifest(root)).expect("written");
    };
    fs::write(path, expand(&template, root)).expect("written");
}

fn expand(template: &str, root: &Path) -> String {
    let mut pieces = template.split("{{");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (call, rest) = piece.split_once("}}").expect("a closed {{");
        let (what, file) = call.split_once(' ').expect("{{what PATH}}");
        let bytes = fs::read(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let value = match what {
            "bytes" => bytes.len().to_string(),
            name => Algorithm::from_name(name)
                .expect("an algorithm")
                .digest(&bytes)
                .to_string(),
        };
        text.push_str(&value);
        text.push_str(rest);
    }
    text
}

fn default_manifest(root: &Path) -> String {
    let mut names: Vec<_> = fs::read_dir(root)
        .expect("listed")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".txt"))
        .collect();
    names.sort();
    let mut text = "vidimus: 1\ncorpus:\n  include: ['*.txt']\nentries:\n".to_owned();
    for name in names {
        let digest = Algorithm::Sha256.digest(&fs::read(root.join(&name)).expect("read"));
        let origin = "    origin: {kind: local, reason: a fixture}\n    license: CC0-1.0";
        writeln!(text, "  - path: {name}\n    sha256: {digest}\n{origin}").expect("written");
    }
    text
}

fn set_up(case: &Path, root: &Path) {
    let Ok(steps) = fs::read_to_string(case.join("setup")) else {
        return;
    };
    for step in steps.lines() {
        let words: Vec<&str> = step.split(' ').collect();
        let at = |index: usize| root.join(words[index]);
        match words[0] {
            "folder" => fs::create_dir_all(at(1)).expect("made"),
            "rename" => fs::rename(at(1), at(2)).expect("renamed"),
            "remove" => fs::remove_file(at(1)).expect("removed"),
            "pin" | "key" | "verify" => {} // See `seal` and `verified`.
            "write" => fs::write(at(1), unescape(&words[2..].join(" "))).expect("written"),
            #[cfg(unix)]
            "deep" => dig(&at(1)),
            #[cfg(unix)]
            "link" => std::os::unix::fs::symlink(words[2], at(1)).expect("linked"),
            #[cfg(unix)]
            "fifo" => {
                let status = std::process::Command::new("mkfifo").arg(at(1)).status();
                assert!(status.is_ok_and(|status| status.success()), "mkfifo");
            }
            other => panic!("no such step: {other}"),
        }
    }
}

/// What a case demands of its manifest.
fn seal(case: &Path) -> Seal {
    let steps = fs::read_to_string(case.join("setup")).unwrap_or_default();
    let step = |name: &str| {
        let mut steps = steps.lines().filter_map(|step| step.split_once(' '));
        steps.find_map(|(step, value)| (step == name).then(|| value.to_owned()))
    };
    let read = |name: &str| fs::read_to_string(case.join(name)).expect("read");
    Seal {
        pinned: step("pin").map(|hex| Digest::from_hex(Algorithm::Sha256, &hex).expect("a digest")),
        signature: step("key").map(|key| {
            let key = PublicKey::parse(&read(&key)).expect("a public key");
            (
                key,
                Signature::parse(&read("manifest.yaml.minisig")).expect("a signature"),
            )
        }),
    }
}

/// What is found in the package of another tool, where the case has one.
fn verified(case: &Path, root: &Path) -> Option<Vec<Finding>> {
    let steps = fs::read_to_string(case.join("setup")).ok()?;
    let step = steps.lines().find_map(|step| step.strip_prefix("verify "))?;
    let (format, path) = step.split_once(' ').expect("verify FORMAT PATH");
    let format = exchange::find(format).expect("a format");
    let package = format.read(&root.join(path), Stop::default()).expect("a package");
    Some(
        exchange::verify(&package, Stop::default())
            .expect("verified")
            .report
            .findings,
    )
}

/// The bytes that a step `write` stands for.
fn unescape(text: &str) -> Vec<u8> {
    let mut pieces = text.split('\\');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    let mut literal = false;
    for piece in pieces {
        let plain = match piece.as_bytes() {
            _ if std::mem::take(&mut literal) => piece,
            [] => {
                bytes.push(b'\\');
                literal = true;
                continue;
            }
            [b'n', ..] => {
                bytes.push(b'\n');
                &piece[1..]
            }
            [b'r', ..] => {
                bytes.push(b'\r');
                &piece[1..]
            }
            [b'x', ..] => {
                bytes.push(u8::from_str_radix(&piece[1..3], 16).expect("two hexadecimal digits"));
                &piece[3..]
            }
            _ => panic!("no such escape: \\{piece}"),
        };
        bytes.extend_from_slice(plain.as_bytes());
    }
    bytes
}

/// Makes a path that is too long to be listed, out of two halves that are not.
#[cfg(unix)]
fn dig(top: &Path) {
    let half = usize::try_from(libc::PATH_MAX).expect("a length") * 3 / 5;
    let chain = |from: &Path| {
        let deepest = (0..half / 201).fold(from.to_owned(), |path, _| path.join("d".repeat(200)));
        fs::create_dir_all(&deepest).expect("made");
        deepest
    };
    let lower = top.with_extension("lower");
    chain(&lower);
    fs::rename(&lower, chain(top).join("lower")).expect("renamed");
}

/// What a rule says of a case.
fn found(rule: &'static str, case: &Path) -> Vec<Finding> {
    let folder = tempfile::tempdir().expect("a folder");
    copy(case, folder.path());
    write_manifest(folder.path());
    set_up(case, folder.path());
    let of_rule = |finding: &Finding| finding.rule == rule;
    if let Some(findings) = verified(case, folder.path()) {
        return findings.into_iter().filter(of_rule).collect();
    }
    let corpus = Corpus::open(&folder.path().join("manifest.yaml")).expect("a manifest");
    let options = Options {
        selection: Selection {
            select: vec![Selector::Rule(rule)],
            ignore: Vec::new(),
            ..Selection::default()
        },
        seal: seal(case),
        today: jiff::civil::date(2026, 1, 1),
        ..Options::default()
    };
    let findings = corpus.check(&options).expect("checked").findings;
    // A rule that speaks although it was not selected speaks of another case.
    findings.into_iter().filter(of_rule).collect()
}

#[test]
fn every_rule_fires_and_stays_silent() {
    let mut wrong = Vec::new();
    for check in checks::ALL {
        let rule = check.rule().id;
        let elsewhere = ELSEWHERE.iter().any(|(id, _)| *id == rule);
        let (fires, silent) = (cases(rule, "fires"), cases(rule, "silent"));
        if (fires.is_empty() && !elsewhere) || silent.is_empty() {
            wrong.push(format!("{rule} lacks a folder fires or silent"));
        }
        for case in fires {
            if found(rule, &case).is_empty() {
                wrong.push(format!("{rule} says nothing on {}", case.display()));
            }
        }
        for case in silent {
            let found = found(rule, &case);
            let said: Vec<_> = found.iter().map(|finding| finding.message.as_str()).collect();
            if !said.is_empty() {
                wrong.push(format!("{rule} is not silent on {}: {said:?}", case.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_folder_is_left_of_a_rule_that_is_gone() {
    let root = fixtures("");
    for family in fs::read_dir(&root).expect("listed") {
        let family = family.expect("an entry").path();
        for rule in fs::read_dir(&family).expect("listed") {
            let rule = rule.expect("an entry").path();
            let id = rule
                .strip_prefix(&root)
                .expect("below")
                .to_string_lossy()
                .replace('\\', "/");
            assert!(checks::find(&id).is_some(), "there is no rule {id}");
        }
    }
}

#[test]
fn rules_are_documented_and_ordered() {
    let ids: Vec<_> = checks::ALL.iter().map(|check| check.rule().id).collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(ids, sorted, "the list is by id, each once");
    for check in checks::ALL {
        let rule = check.rule();
        for heading in [
            "## What it does\n",
            "## Why it matters\n",
            "## Example\n",
            "## What to do\n",
        ] {
            assert!(rule.docs.contains(heading), "{} lacks {heading}", rule.id);
        }
        let of_texts = OF_TEXTS.iter().any(|family| rule.id.starts_with(family));
        let heading = "## Where it errs\n";
        assert!(!of_texts || rule.docs.contains(heading), "{} lacks {heading}", rule.id);
        assert!(!rule.summary.ends_with('.') && !rule.summary.is_empty(), "{}", rule.id);
    }
}

#[test]
fn settings_belong_to_their_rule_and_their_default_is_in_range() {
    let mut keys = Vec::new();
    for check in checks::ALL {
        let rule = check.rule();
        for setting in rule.settings {
            let name = setting
                .key
                .strip_prefix(rule.id)
                .and_then(|rest| rest.strip_prefix('.'));
            let named = name.is_some_and(|name| !name.is_empty() && !name.contains('.'));
            assert!(named, "{} of {}", setting.key, rule.id);
            let (least, most) = setting.range;
            assert!(least < most, "{}", setting.key);
            assert!((least..=most).contains(&setting.default), "{}", setting.key);
            assert!(!setting.meaning.is_empty(), "{}", setting.key);
            keys.push(setting.key);
        }
    }
    let all = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), all, "each setting once");
}
