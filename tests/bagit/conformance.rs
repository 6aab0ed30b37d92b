//! The conformance suite of the Library of Congress, which is in the public domain: 60 bags. It is looked for in `../shared`, and the
//! test says aloud where it is not there.
//!
//! A bag of `valid` may have info alone, one of `warning` a warning and no error, every other one an error; and each has exactly the
//! rules that this table gives, so that none is right for a wrong reason.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use vidimus::finding::Severity;

use super::support::{run, vidimus_in};
use super::{said, set};

const ERROR_PATH: &[&str] = &["error manifest/invalid-path"];
const MISMATCH: &str = "error fixity/hash-mismatch";
const DECLARATION: &str = "error manifest/invalid-declaration";
const FORM: &[&str] = &["warning manifest/line-form"];
const TWO_FORMS: &[&str] = &["warning fixity/path-form", "warning manifest/path-clash"];

/// What each bag must raise, from warnings upward. In several bags the list of tag files was not renewed after the bag was made to
/// be wrong, so that they have a mismatch besides.
const BAGS: [(&str, &[&str]); 60] = [
    ("v0.93/valid/basic-bag", &[]),
    ("v0.93/valid/duplicate-metadata-entries", &[]),
    ("v0.94/valid/basic-bag", &[]),
    ("v0.94/valid/duplicate-metadata-entries", &[]),
    ("v0.95/valid/basic-bag", &[]),
    ("v0.95/valid/duplicate-metadata-entries", &[]),
    ("v0.96/valid/bag-in-a-bag", &[]),
    ("v0.96/valid/bag-with-encoded-names", &[]),
    ("v0.96/valid/bag-with-escapable-characters", &[]),
    // One line of several has `./`, which is info; where each has it, the suite wants a warning (`relative-path`).
    ("v0.96/valid/bag-with-leading-dot-slash-in-manifest", &[]),
    ("v0.96/valid/bag-with-space", &[]),
    ("v0.96/valid/basic-bag", &[]),
    ("v0.96/valid/duplicate-metadata-entries", &[]),
    ("v0.96/valid/holey-bag", &[]),
    // The second line of bagit.txt is missing, and was when the rest was listed in another state.
    ("v0.97/invalid/baginfo-missing-encoding", &[MISMATCH, DECLARATION]),
    ("v0.97/invalid/bom-in-bagit.txt", &[DECLARATION]),
    (
        "v0.97/invalid/corrupt-data-file",
        &[MISMATCH, "error fixity/total-mismatch"],
    ),
    ("v0.97/invalid/corrupt-tag-file", &[MISMATCH]),
    (
        "v0.97/invalid/extra-file-in-bag",
        &["error fixity/total-mismatch", "error fixity/unlisted-text"],
    ),
    ("v0.97/invalid/invalid-version-number", &[MISMATCH, DECLARATION]),
    ("v0.97/invalid/missing-baginfo", &["error fixity/missing-text"]),
    (
        "v0.97/invalid/missing-bagit.txt",
        &["error fixity/missing-text", DECLARATION],
    ),
    ("v0.97/invalid/out-of-scope-file-paths-using-dot-notation", ERROR_PATH),
    (
        "v0.97/invalid/out-of-scope-file-paths-using-dot-notation-for-fetch",
        ERROR_PATH,
    ),
    (
        "v0.97/invalid/same-filename-listed-twice-with-different-hashes",
        &["error manifest/path-clash"],
    ),
    (
        "v0.97/linux-only/out-of-scope-file-paths-using-absolute-path",
        ERROR_PATH,
    ),
    (
        "v0.97/linux-only/out-of-scope-file-paths-using-absolute-path-for-fetch",
        ERROR_PATH,
    ),
    ("v0.97/linux-only/out-of-scope-file-paths-using-shortcut", ERROR_PATH),
    (
        "v0.97/linux-only/out-of-scope-file-paths-using-shortcut-for-fetch",
        ERROR_PATH,
    ),
    (
        "v0.97/linux-only/out-of-scope-file-paths-using-shortcut-username",
        ERROR_PATH,
    ),
    (
        "v0.97/linux-only/out-of-scope-file-paths-using-shortcut-username-for-fetch",
        ERROR_PATH,
    ),
    ("v0.97/valid/ISO-8859-1-encoded-tag-files", &[]),
    ("v0.97/valid/UTF-16-encoded-tag-files", &[]),
    ("v0.97/valid/bag-in-a-bag", &[]),
    ("v0.97/valid/bag-with-encoded-names", &[]),
    ("v0.97/valid/bag-with-escapable-characters", &[]),
    ("v0.97/valid/bag-with-leading-dot-slash-in-manifest", &[]),
    ("v0.97/valid/bag-with-space", &[]),
    ("v0.97/valid/basic-bag", &[]),
    ("v0.97/valid/duplicate-metadata-entries", &[]),
    ("v0.97/valid/holey-bag", &[]),
    ("v0.97/valid/minimal-bag", &[]),
    ("v0.97/valid/uncommon-metadata-separators", &[]),
    // The bag was made where the two names are one file, so that only one is there.
    ("v0.97/warning/duplicate-file-with-different-case", TWO_FORMS),
    ("v0.97/warning/made-with-md5sum-tools", FORM),
    ("v0.97/warning/relative-path", FORM),
    (
        "v0.97/warning/same-filename-listed-twice-with-different-normalization",
        TWO_FORMS,
    ),
    (
        "v0.97/warning/same-filename-listed-twice-with-the-same-hash",
        &["warning manifest/path-clash"],
    ),
    // One of the two system files is listed and was never put into the suite.
    ("v0.97/warning/special-system-files", &["warning fixity/system-file"]),
    (
        "v0.97/windows-only/out-of-scope-file-paths-using-absolute-path",
        ERROR_PATH,
    ),
    (
        "v0.97/windows-only/out-of-scope-file-paths-using-absolute-path-for-fetch",
        ERROR_PATH,
    ),
    ("v0.97/windows-only/out-of-scope-file-paths-using-shortcut", ERROR_PATH),
    (
        "v0.97/windows-only/out-of-scope-file-paths-using-shortcut-for-fetch",
        ERROR_PATH,
    ),
    ("v0.97/windows-only/out-of-scope-file-paths-using-unc", ERROR_PATH),
    (
        "v0.97/windows-only/out-of-scope-file-paths-using-unc-for-fetch",
        ERROR_PATH,
    ),
    ("v1.0/invalid/bagit-with-invalid-whitespace", &[DECLARATION]),
    (
        "v1.0/invalid/notAllManifestsListAllFiles",
        &["error fixity/unlisted-text"],
    ),
    // Its bagit.txt has a space at the end of a line besides, which the list of tag files does not know.
    (
        "v1.0/invalid/same-filename-listed-twice-with-different-hashes",
        &[MISMATCH, DECLARATION, "error manifest/path-clash"],
    ),
    (
        "v1.0/invalid/same-filename-listed-twice-with-the-same-hash",
        &[MISMATCH, "error manifest/path-clash"],
    ),
    ("v1.0/valid/basicBag", &[]),
];

/// The suite, unpacked.
fn suite() -> Option<(tempfile::TempDir, PathBuf)> {
    let packed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bagit-conformance-suite.tar.xz");
    if !packed.is_file() {
        // Past the capture of the test harness: whoever reads the log must see it.
        let said = format!(
            "LEFT OUT: the conformance suite of BagIt is not at {}\n",
            packed.display()
        );
        std::io::stderr().write_all(said.as_bytes()).expect("said");
        return None;
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let unpacked = Command::new("tar")
        .arg("-xf")
        .arg(&packed)
        .current_dir(folder.path())
        .status();
    assert!(
        unpacked.is_ok_and(|status| status.success()),
        "tar -xf {}",
        packed.display()
    );
    let root = folder.path().to_owned();
    Some((folder, root))
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path)
        .expect("listed")
        .map(|entry| entry.expect("an entry").path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

#[test]
fn every_bag_is_found_to_be_what_its_folder_says() {
    let Some((_folder, root)) = suite() else { return };
    let bags = folders(&root)
        .into_iter()
        .flat_map(|version| folders(&version))
        .flat_map(|label| folders(&label));
    let name = |bag: &Path| {
        bag.strip_prefix(&root)
            .expect("below")
            .to_string_lossy()
            .replace('\\', "/")
    };
    let there: BTreeMap<String, PathBuf> = bags.map(|bag| (name(&bag), bag)).collect();
    assert!(
        there.keys().eq(BAGS.iter().map(|(name, _)| name)),
        "the table has each bag once: {there:?}"
    );
    let mut wrong = Vec::new();
    for (name, rules) in BAGS {
        let found = said(&there[name], Severity::Warning);
        if found != set(rules) || !fits(name, rules) {
            wrong.push(format!("{name}: {found:?} and not {rules:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether the table says of a bag what its folder does.
fn fits(name: &str, rules: &[&str]) -> bool {
    let errors = rules.iter().filter(|rule| rule.starts_with("error ")).count();
    match name.split('/').nth(1) {
        Some("valid") => rules.is_empty(),
        Some("warning") => errors == 0 && !rules.is_empty(),
        _ => errors > 0,
    }
}

#[test]
fn the_program_ends_in_time_and_with_the_right_code() {
    let Some((_folder, root)) = suite() else { return };
    for (name, rules) in BAGS {
        let (code, out, err) = run(vidimus_in(&root).args(["verify", "--as", "bagit", name]));
        assert_eq!(code, Some(i32::from(!rules.is_empty())), "{name}\n{out}{err}");
        let (code, _, _) = run(vidimus_in(&root).args(["verify", name, "--fail-on", "error"]));
        let errors = rules.iter().any(|rule| rule.starts_with("error "));
        assert_eq!(code, Some(i32::from(errors)), "{name}, found by what it looks like");
    }
}
