//! The walk in `docs/walk.md`: each command that it shows, and what comes of it, on the corpus of this repository.
//!
//! `UPDATE_WALK=1` writes what the commands print now into the page; read the change before it is committed.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{run, vidimus_in};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// A copy of the corpus.
fn corpus() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("corpus")).expect("made");
    for entry in fs::read_dir(root().join("corpus")).expect("listed") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), folder.path().join("corpus").join(entry.file_name())).expect("copied");
    }
    fs::copy(root().join("manifest.yaml"), folder.path().join("manifest.yaml")).expect("copied");
    folder
}

/// What a command prints, with its exit code where that is not 0.
fn output(folder: &Path, line: &str) -> String {
    let words = words(line);
    let (program, arguments) = words.split_first().expect("a command");
    let (code, out, error) = match program.as_str() {
        "vidimus" => {
            let mut command = vidimus_in(folder);
            command.env("SOURCE_DATE_EPOCH", "1767607200");
            run(command.args(arguments))
        }
        // The one thing that a person does by hand in the walk.
        "sed" => {
            let [script, path] = arguments else {
                panic!("sed SCRIPT FILE")
            };
            let parts: Vec<&str> = script.split('/').collect();
            let place = folder.join(path);
            let text = fs::read_to_string(&place).expect("read");
            assert!(text.contains(parts[1]), "{script} changes nothing");
            fs::write(place, text.replacen(parts[1], parts[2], 1)).expect("written");
            (Some(0), String::new(), String::new())
        }
        other => panic!("{other} is not run here"),
    };
    let code = code.expect("a code");
    let mut said = out + &error;
    if code != 0 {
        writeln!(said, "exit code {code}").expect("written");
    }
    said
}

/// A command line as a shell cuts it, with double quotes.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    let cut = parts.flat_map(|(number, part)| match number % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
        _ => vec![part.to_owned()],
    });
    cut.collect()
}

#[test]
fn the_walk_is_as_it_says() {
    let path = root().join("docs/walk.md");
    let page = fs::read_to_string(&path).expect("the page");
    let folder = corpus();
    let (mut made, mut inside) = (String::new(), false);
    for line in page.lines() {
        let command = line.strip_prefix("$ ").filter(|_| inside);
        if line.starts_with("```") {
            inside = line == "```console";
        }
        if let Some(command) = command {
            writeln!(made, "{line}").expect("written");
            made.push_str(&output(folder.path(), command));
        } else if !inside || line.starts_with("```") {
            writeln!(made, "{line}").expect("written");
        }
    }
    if std::env::var_os("UPDATE_WALK").is_some() {
        fs::write(&path, &made).expect("written");
        return;
    }
    assert_eq!(
        made, page,
        "docs/walk.md; `UPDATE_WALK=1 cargo test --test custody walk` writes it anew"
    );
}
