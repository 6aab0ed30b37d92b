//! The page of a rule in Markdown, from the rule's own file: one text for `explain`, for editors and for the documentation.

use crate::checks::Rule;
use crate::setting::Setting;
use crate::text::line_score::WEIGHTS;

/// The page of a rule: what it looks for, why, and what may be set.
pub fn page(rule: &Rule) -> String {
    format!(
        "# {}\n\n{} (severity: {})\n\n{}{}{}",
        rule.id,
        sentence(rule.summary),
        rule.severity,
        rule.docs,
        settings(rule),
        weights(rule)
    )
}

/// The rules that add up weights.
const WEIGHED: [&str; 2] = ["layout/stray-line", "layout/stray-template"];

/// What each thing that is seen of a line counts, where the rule asks for its score.
fn weights(rule: &Rule) -> String {
    if !WEIGHED.contains(&rule.id) {
        return String::new();
    }
    let row = |(group, bin, weight): &(&str, &str, f32)| match *bin {
        "" => format!("| {group} | | {weight:+.2} |\n"),
        bin => format!("| {group} | {bin} | {weight:+.2} |\n"),
    };
    let rows: String = WEIGHTS.iter().map(row).collect();
    format!("\n## Weights\n| what is looked at | value | logits |\n|---|---|---|\n{rows}")
}

/// What a user may set, and how.
fn settings(rule: &Rule) -> String {
    if rule.settings.is_empty() {
        return String::new();
    }
    let line = |setting: &&Setting| {
        let (least, most) = setting.range;
        format!(
            "- `--config {}={}`: {} ({least} to {most})\n",
            setting.key, setting.default, setting.meaning
        )
    };
    let lines: String = rule.settings.iter().map(line).collect();
    format!("\n## Settings\n{lines}")
}

fn sentence(summary: &str) -> String {
    let mut letters = summary.chars();
    let first = letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>())
        .unwrap_or_default();
    format!("{first}{}", letters.as_str())
}
