//! The language server, as an editor sees it: a scripted editor speaks to the program over its streams.

#[cfg_attr(target_os = "linux", expect(dead_code, reason = "other tests use the rest"))]
mod support;

mod lsp {
    mod editor;
    mod manifest;
    mod manners;
    mod texts;
}

/// A text with the label of a page between two paragraphs, and with white space at the end of a line that holds a character of two
/// UTF-16 units.
const TEXT: &str = "The ferry across the Lorne had been out of service since the spring, and the people of the upper town had \
grown used to the long walk round by the bridge. On market days they set out before dawn, with lanterns, and came home after \
dark.\n\nShare this article\n\n\u{1f6f6} The harbour master, a patient woman who had kept the book of tides for thirty years, said that \
the new boat would come before the first snow. Nobody in the square believed her, but they all went down to the quay to see it.   \
\nThe boat came on the ninth of November, painted green, with a brass bell that could be heard as far as the mill.\n";

/// The rules that some diagnostics are of, in the order of the alphabet.
fn rules(diagnostics: &[serde_json::Value]) -> Vec<&str> {
    let mut rules: Vec<&str> = diagnostics
        .iter()
        .filter_map(|diagnostic| diagnostic["code"].as_str())
        .collect();
    rules.sort_unstable();
    rules
}

/// The diagnostic of a rule.
fn of_rule<'d>(diagnostics: &'d [serde_json::Value], rule: &str) -> &'d serde_json::Value {
    let mut all = diagnostics.iter();
    all.find(|diagnostic| diagnostic["code"] == rule)
        .unwrap_or_else(|| panic!("no {rule} in {diagnostics:#?}"))
}

/// The action whose title begins so.
fn titled<'a>(actions: &'a [serde_json::Value], title: &str) -> &'a serde_json::Value {
    let is_it = |action: &&serde_json::Value| action["title"].as_str().is_some_and(|said| said.starts_with(title));
    let found = actions.iter().find(is_it);
    found.unwrap_or_else(|| panic!("no {title} in {actions:#?}"))
}
