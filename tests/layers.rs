//! A module uses only modules that stand above it in `src/lib.rs`.

use std::fs;
use std::path::{Path, PathBuf};

fn source_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            source_files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// The modules that a piece of code names after `crate::`.
fn used(code: &str) -> Vec<&str> {
    let names = code.split("crate::").skip(1);
    names
        .map(|rest| {
            rest.split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap_or_default()
        })
        .collect()
}

/// The code without its comments and its tests.
fn shipped(code: &str) -> String {
    let code = code.split("#[cfg(test)]").next().unwrap_or(code);
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_module_uses_only_those_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let library = fs::read_to_string(root.join("lib.rs")).expect("read");
    let layers: Vec<&str> = library
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    assert!(layers.len() > 10, "the layers are declared in src/lib.rs");
    let mut files = Vec::new();
    source_files(&root, &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let below = file.strip_prefix(&root).expect("below");
        let top = below
            .iter()
            .next()
            .map(|name| name.to_string_lossy().replace(".rs", ""))
            .unwrap_or_default();
        let Some(layer) = layers.iter().position(|name| **name == *top) else {
            continue;
        };
        let code = shipped(&fs::read_to_string(&file).expect("read"));
        for name in used(&code) {
            match layers.iter().position(|other| *other == name) {
                Some(other) if other > layer => wrong.push(format!("{} uses crate::{name}", below.display())),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_of_the_library_is_a_layer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let library = fs::read_to_string(root.join("lib.rs")).expect("read");
    for entry in fs::read_dir(&root).expect("listed") {
        let name = entry
            .expect("an entry")
            .file_name()
            .to_string_lossy()
            .replace(".rs", "");
        let known = library.contains(&format!("pub mod {name};")) || ["lib", "main"].contains(&name.as_str());
        assert!(known, "src/{name} is no layer in src/lib.rs");
    }
}
