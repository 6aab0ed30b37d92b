//! What `docs/comparison.md` says of vidimus is tested: each yes names a test that there is.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The rows of the tables: what they are about, what is said of vidimus, and the test.
fn rows() -> Vec<(String, String, String)> {
    let text = fs::read_to_string(root().join("docs/comparison.md")).expect("read");
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let tables = text
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| |"));
    tables
        .map(cells)
        .map(|cells| {
            (
                cells[1].clone(),
                cells[8].clone(),
                cells[9].trim_matches('`').to_owned(),
            )
        })
        .collect()
}

/// The file that a path of modules leads to: `cli::shell` is `tests/cli/shell.rs`, or, of the library, `src/cli/shell.rs`.
fn file_of(modules: &[&str]) -> Option<PathBuf> {
    let below = format!("{}.rs", modules.join("/"));
    ["tests", "src"]
        .map(|folder| root().join(folder).join(&below))
        .into_iter()
        .find(|path| path.exists())
}

/// Whether there is such a test: `module::name`, all of a module as `module::`, or a script.
fn is_there(test: &str) -> bool {
    if !test.contains("::") {
        return root().join(test).exists() || root().join("tests").join(test).exists();
    }
    let mut parts: Vec<&str> = test.split("::").collect();
    let name = parts.pop().unwrap_or_default();
    let Some(code) = file_of(&parts).and_then(|file| fs::read_to_string(file).ok()) else {
        return false;
    };
    match name {
        "" => code.contains("#[test]"),
        name => code.contains(&format!("#[test]\n    fn {name}(")) || code.contains(&format!("#[test]\nfn {name}(")),
    }
}

#[test]
fn each_yes_is_a_test() {
    let rows = rows();
    assert!(rows.len() > 50, "{} rows", rows.len());
    let missing: Vec<_> = rows
        .iter()
        .filter(|(_, ours, test)| ours.starts_with('✓') && !is_there(test))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
    let vague: Vec<_> = rows
        .iter()
        .filter(|(_, ours, _)| !ours.starts_with(['✓', '◐', '–']))
        .collect();
    assert!(vague.is_empty(), "{vague:#?}");
}
