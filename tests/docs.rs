//! The documentation: its links lead somewhere, its commands exist, and its reference pages name all that there is.

#[expect(dead_code, reason = "what other tests use of it")]
mod support;

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;
use support::{run, vidimus_in};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn page(name: &str) -> String {
    read(&root().join("docs/book/src").join(name))
}

/// All Markdown below a folder, in order.
fn pages_below(folder: &Path) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder).expect("listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            pages.extend(pages_below(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    pages.sort();
    pages
}

fn all_pages() -> Vec<PathBuf> {
    let top = ["README.md", "DESIGN.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root().join(name));
    let mut pages = top.to_vec();
    pages.extend(pages_below(&root().join("docs")));
    pages
}

/// The lines outside and inside of fenced blocks, each with the language of its block, which is empty where it names none.
fn lines(text: &str) -> Vec<(Option<&str>, &str)> {
    let (mut inside, mut lines) = (None, Vec::new());
    for line in text.lines() {
        match (line.trim_start().strip_prefix("```"), inside) {
            (Some(_), Some(_)) => inside = None,
            (Some(language), None) => inside = Some(language.trim()),
            (None, _) => lines.push((inside, line)),
        }
    }
    lines
}

fn prose(text: &str) -> impl Iterator<Item = &str> {
    lines(text)
        .into_iter()
        .filter(|(inside, _)| inside.is_none())
        .map(|(_, line)| line)
}

/// The anchor of a heading, as mdBook and GitHub make it.
fn slug(heading: &str) -> String {
    let kept = heading
        .trim()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-') || c.is_whitespace());
    kept.map(|c| if c.is_whitespace() { '-' } else { c })
        .collect::<String>()
        .to_lowercase()
}

/// All anchors of a page; the second of two equal headings gets a number.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let headings = prose(text).filter(|line| line.starts_with('#'));
    let numbered = headings.map(|line| {
        let base = slug(&without_links(line.trim_start_matches('#')));
        let turn = seen.entry(base.clone()).and_modify(|turn| *turn += 1).or_insert(0);
        if *turn == 0 { base } else { format!("{base}-{turn}") }
    });
    numbered.collect()
}

/// `[text](target)` is its text.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        plain.push_str(before);
        let Some((label, after)) = link.split_once("](") else {
            rest = link;
            continue;
        };
        plain.push_str(label);
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    plain + rest
}

/// The targets of the links of a line, those in code left out.
fn targets(line: &str) -> Vec<&str> {
    let outside = |at: usize| line[..at].matches('`').count().is_multiple_of(2);
    let links = line.match_indices("](").filter(|(at, _)| outside(*at));
    let targets = links.map(|(at, open)| line[at + open.len()..].split(')').next().unwrap_or_default());
    targets.collect()
}

/// A path without its `..`, so that it can be compared.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
        plain
    })
}

/// What a page says, with what it includes.
fn whole(path: &Path) -> String {
    let text = read(path);
    let Some((_, after)) = text.split_once("{{#include ") else {
        return text;
    };
    let name = after.split("}}").next().unwrap_or_default().trim();
    read(&plain(&path.parent().expect("a folder").join(name)))
}

#[test]
fn every_link_leads_somewhere() {
    let mut wrong = Vec::new();
    for path in all_pages() {
        let text = whole(&path);
        let folder = path.parent().expect("a folder");
        for target in prose(&text).flat_map(targets) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let there = match file {
                "" => path.clone(),
                file => plain(&folder.join(file)),
            };
            let leads = there.exists() && (anchor.is_empty() || anchors(&whole(&there)).contains(anchor));
            if !leads {
                wrong.push(format!(
                    "{}: {target}",
                    path.strip_prefix(root()).expect("below").display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "links that lead nowhere:\n{}", wrong.join("\n"));
}

#[test]
fn no_page_of_the_book_leads_out_of_it() {
    let book = root().join("docs/book/src");
    for path in pages_below(&book) {
        // What a page includes was written for another place, so its links must be whole addresses.
        let included = read(&path).contains("{{#include ");
        let text = whole(&path);
        for target in prose(&text).flat_map(targets).filter(|target| !target.contains("://")) {
            let file = target.split('#').next().unwrap_or_default();
            let there = plain(&path.parent().expect("a folder").join(file));
            let stays = there.starts_with(&book) && (!included || file.is_empty());
            assert!(stays, "{}: {target}", path.display());
        }
    }
}

#[test]
fn every_page_stands_in_the_summary() {
    let book = root().join("docs/book/src");
    let summary = page("SUMMARY.md");
    // A chapter without a target is one that is not written, or a heading.
    let targets = summary.lines().flat_map(targets).filter(|target| !target.is_empty());
    let listed: BTreeSet<PathBuf> = targets.map(|target| book.join(target)).collect();
    let there: BTreeSet<PathBuf> = pages_below(&book)
        .into_iter()
        .filter(|path| !path.ends_with("SUMMARY.md"))
        .collect();
    let odd: Vec<_> = listed.symmetric_difference(&there).collect();
    assert!(odd.is_empty(), "listed or there, and not both: {odd:#?}");
    for marker in ["<!-- rules -->", "<!-- /rules -->"] {
        assert!(summary.lines().any(|line| line == marker), "{marker}");
    }
}

/// The lines of a page that a person types, those that go on joined.
fn typed(text: &str) -> Vec<String> {
    let console = lines(text).into_iter().filter(|(inside, _)| *inside == Some("console"));
    let joined = console
        .map(|(_, line)| {
            line.strip_suffix('\\')
                .map_or(format!("{line}\n"), |begun| format!("{begun} "))
        })
        .collect::<String>();
    joined
        .lines()
        .filter_map(|line| line.strip_prefix("$ ").map(str::to_owned))
        .collect()
}

/// The words of a line as a shell cuts them; what stands between commands (`|`, `&&`, `;`) and what begins a redirection or a comment is a
/// word of its own.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, '|' | '&' | ';' | '<' | '>') => {
                words.extend(word.take());
                words.push(c.to_string());
            }
            (None, '#') if word.is_none() => {
                words.push("#".to_owned());
                break;
            }
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// What is given to `vidimus` in a line, call by call.
fn calls(line: &str) -> Vec<Vec<String>> {
    let words = words(line);
    let commands = words.split(|word| matches!(word.as_str(), "|" | "&" | ";"));
    let mut calls = Vec::new();
    for command in commands {
        let command = command
            .split(|word| matches!(word.as_str(), "<" | ">" | "#"))
            .next()
            .unwrap_or_default();
        if let Some((first, arguments)) = command.split_first()
            && first == "vidimus"
        {
            calls.push(arguments.to_vec());
        }
    }
    calls
}

/// The help of each command, asked for once.
#[derive(Default)]
struct Helps(HashMap<Vec<String>, String>);

impl Helps {
    fn of(&mut self, command: &[String]) -> &str {
        self.0.entry(command.to_vec()).or_insert_with(|| {
            let (code, out, error) = run(vidimus_in(root()).args(command).arg("--help"));
            assert_eq!(code, Some(0), "{command:?}: {error}");
            out
        })
    }
}

/// The commands that a help lists.
fn commands(help: &str) -> BTreeSet<&str> {
    let list = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    let list = list.split("\n\n").next().unwrap_or_default();
    let names = list
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty()).collect()
}

/// The options that a help explains.
fn options(help: &str) -> BTreeSet<&str> {
    let heads = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let words = heads.flat_map(|line| line.split([' ', ',', '=', '.']));
    words.filter(|word| word.starts_with('-')).collect()
}

/// What is wrong with a call.
fn complaint(call: &[String], helps: &mut Helps) -> Option<String> {
    let mut command: Vec<String> = Vec::new();
    let mut rest = call;
    while let Some((first, behind)) = rest.split_first()
        && commands(helps.of(&command)).contains(first.as_str())
    {
        command.push(first.clone());
        rest = behind;
        if first == "help" {
            return None;
        }
    }
    if command.is_empty() && !rest.first().is_some_and(|word| word.starts_with('-')) {
        return Some("there is no such command".to_owned());
    }
    let known = options(helps.of(&command));
    let given = rest.iter().filter(|word| word.starts_with('-') && word.len() > 1);
    let names = given.map(|word| word.split('=').next().unwrap_or(word));
    let repeated = |name: &str| name.len() > 2 && name.trim_end_matches('v') == "-";
    let is_known = |name: &str| known.contains(name) || repeated(name);
    names
        .filter(|name| !is_known(name))
        .map(|name| format!("there is no option {name}"))
        .next()
}

#[test]
fn every_command_that_is_shown_exists() {
    let mut helps = Helps::default();
    let (mut shown, mut wrong) = (0, Vec::new());
    let pages = pages_below(&root().join("docs"));
    for path in pages.into_iter().chain([root().join("README.md")]) {
        for line in typed(&read(&path)) {
            for call in calls(&line) {
                shown += 1;
                if let Some(complaint) = complaint(&call, &mut helps) {
                    wrong.push(format!("{}: {line}: {complaint}", path.display()));
                }
            }
        }
    }
    assert!(shown > 100, "{shown} commands are shown");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reading_of_commands_finds_what_is_wrong() {
    let mut helps = Helps::default();
    let mut said = |line: &str| {
        let calls = calls(line);
        calls.iter().find_map(|call| complaint(call, &mut helps))
    };
    for good in [
        "vidimus check -vv --fail-on=error # with --nothing",
        "printf 'a | vidimus nothing' | vidimus review --plain > --x",
        "vidimus log verify --manifest \"a b.yaml\"",
        "vidimus help check",
        "vidimus --version",
    ] {
        assert_eq!(said(good), None, "{good}");
    }
    for bad in [
        "vidimus chekc",
        "vidimus check --nothing",
        "ls && vidimus verify --select x",
        "vidimus",
        "vidimus log verify --record",
    ] {
        assert!(said(bad).is_some(), "{bad}");
    }
}

#[test]
fn every_command_is_on_its_page() {
    let page = page("reference/commands.md");
    for name in commands(Helps::default().of(&[])) {
        assert!(
            page.contains(&format!("| `{name}` |")) || page.contains(&format!("| `{name}`, ")),
            "{name}"
        );
    }
}

#[test]
fn every_exit_code_is_on_its_page() {
    let page = page("reference/exit-codes.md");
    let mut helps = Helps::default();
    let codes = helps
        .of(&[])
        .split("Exit codes:\n")
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    let heads = codes
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    let codes: Vec<&str> = heads
        .filter(|head| head.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    assert_eq!(codes, ["0", "1", "2", "128+N"]);
    for code in codes {
        assert!(page.contains(&format!("| `{code}` |")), "{code}");
    }
}

#[test]
fn every_format_has_its_section() {
    let anchors = anchors(&page("reference/formats.md"));
    for (name, _) in vidimus::report::Format::ALL {
        assert!(anchors.contains(name), "{name}");
    }
}

/// All keys of a schema, however deep.
fn keys(schema: &Value, into: &mut BTreeSet<String>) {
    if let Some(properties) = schema["properties"].as_object() {
        for (name, below) in properties {
            into.insert(name.clone());
            keys(below, into);
        }
    }
    if schema["items"].is_object() {
        keys(&schema["items"], into);
    }
}

fn schema(name: &str) -> Value {
    serde_json::from_str(&read(&root().join("docs").join(name))).expect("JSON")
}

#[test]
fn every_key_of_the_manifest_is_on_its_page() {
    let page = page("reference/manifest.md");
    let mut all = BTreeSet::new();
    keys(&schema("manifest.schema.json"), &mut all);
    assert!(all.len() > 40, "{all:?}");
    for key in all {
        assert!(page.contains(&format!("`{key}`")), "{key}");
    }
}

#[test]
fn every_key_of_the_configuration_is_on_its_page() {
    let page = page("reference/configuration.md");
    let schema = schema("config.schema.json");
    let all = schema["properties"].as_object().expect("keys").keys();
    let of_override = schema["properties"]["overrides"]["items"]["properties"].as_object();
    let of_override = of_override.expect("keys of an override").keys();
    for key in all.chain(of_override) {
        assert!(page.contains(&format!("`{key}`")), "{key}");
    }
}

/// The pages of all rules, by their path below `docs/book/src/rules`.
fn rule_pages() -> Vec<(String, String)> {
    let rules = vidimus::checks::ALL.iter().map(|check| check.rule());
    rules
        .map(|rule| (format!("{}.md", rule.id), vidimus::report::rule_page::page(rule)))
        .collect()
}

/// What the summary of the book says of them: a family, and its rules below it.
fn listed_rules() -> String {
    let mut list = String::new();
    let mut last = "";
    for rule in vidimus::checks::ALL.iter().map(|check| check.rule()) {
        if last != rule.family() {
            last = rule.family();
            list += &format!("- [{last}]()\n");
        }
        list += &format!("  - [{id}](rules/{id}.md)\n", id = rule.id);
    }
    list
}

/// `UPDATE_RULE_PAGES=1 cargo test --test docs` writes them anew.
#[test]
fn the_pages_of_rules_are_what_explain_prints() {
    let folder = root().join("docs/book/src/rules");
    let summary = root().join("docs/book/src/SUMMARY.md");
    let text = read(&summary);
    let (head, rest) = text.split_once("<!-- rules -->\n").expect("a mark");
    let (_, tail) = rest.split_once("<!-- /rules -->").expect("a mark");
    let wanted = format!("{head}<!-- rules -->\n{}<!-- /rules -->{tail}", listed_rules());
    if std::env::var_os("UPDATE_RULE_PAGES").is_some() {
        for (name, page) in rule_pages() {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            fs::write(path, page).expect("written");
        }
        fs::write(&summary, &wanted).expect("written");
    }
    let old = "UPDATE_RULE_PAGES=1 cargo test --test docs writes them anew";
    assert!(read(&summary) == wanted, "the summary lists other rules; {old}");
    let pages = rule_pages();
    let wrong: Vec<&String> = pages
        .iter()
        .filter(|(name, page)| fs::read_to_string(folder.join(name)).ok().as_ref() != Some(page))
        .map(|(name, _)| name)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?} are not what `explain` prints; {old}");
    let kept = pages_below(&folder).len() - 1;
    assert_eq!(kept, pages.len(), "there is a page of a rule that is gone");
    let (_, printed, _) = run(vidimus_in(root()).args(["explain", "layout/leading-blank"]));
    assert_eq!(printed, read(&folder.join("layout/leading-blank.md")));
}
