//! What was mended, for people and for programs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Style, count_of, printable};
use crate::finding::{Finding, Safety, Severity};
use crate::fix::{Fixed, LeftAlone, Mended};

/// Writes what was mended, a line a fix, then what was left alone and what is left to find.
///
/// # Errors
/// What the writer gives.
pub fn write(fixed: &Fixed, written: bool, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for text in &fixed.texts {
        writeln!(out, "{}", printable(&text.path))?;
        for line in lines(text) {
            writeln!(out, "  {line}")?;
        }
    }
    for left in &fixed.left_alone {
        writeln!(out, "{}", printable(&left_line(left)))?;
    }
    for finding in &fixed.appeared {
        let (path, rule, message) = (&finding.location.path, finding.rule, &finding.message);
        writeln!(out, "new in {}: {rule}: {}", printable(path), printable(message))?;
    }
    write_accepted(fixed, out)?;
    if style.summary {
        for line in done_lines(fixed, written) {
            writeln!(out, "{line}")?;
        }
        writeln!(out, "{}", open_line(fixed))?;
    }
    Ok(())
}

/// The fixes of a text; those of one rule that say the same are one line with their number.
fn lines(text: &Mended) -> Vec<String> {
    let mut counts: BTreeMap<(&str, &str), (usize, Option<usize>)> = BTreeMap::new();
    let mut order = Vec::new();
    for finding in &text.mended {
        let key = (finding.rule, finding.message.as_str());
        let line = finding.location.place.as_ref().map(|place| place.start.line);
        let entry = counts.entry(key).or_insert_with(|| {
            order.push(key);
            (0, line)
        });
        entry.0 += 1;
    }
    let line = |key: (&str, &str)| {
        let (count, at) = counts[&key];
        let at = at.map_or_else(String::new, |line| format!("line {line}: "));
        let times = if count > 1 {
            format!(" ({count} times)")
        } else {
            String::new()
        };
        format!("{at}{}{times} [{}]", printable(key.1), key.0)
    };
    order.into_iter().map(line).collect()
}

fn left_line(left: &LeftAlone) -> String {
    match &left.rule {
        Some(rule) => format!("left alone in {}: a fix of {rule} {}", left.path, left.why),
        None => format!("left alone: {} {}", left.path, left.why),
    }
}

/// The findings that a person lets stand, and those that were gone before they could.
fn write_accepted(fixed: &Fixed, out: &mut dyn Write) -> io::Result<()> {
    for accepted in &fixed.accepted {
        let (finding, path) = (&accepted.finding, printable(&accepted.path));
        let place = finding.location.place.as_ref();
        let at = place.map_or_else(String::new, |place| format!(" line {}:", place.start.line));
        let message = printable(&finding.message);
        writeln!(out, "accepted in {path}:{at} {message} [{}]", finding.rule)?;
        writeln!(out, "  {}", printable(&accepted.reason))?;
    }
    for finding in &fixed.lapsed {
        let (path, rule) = (printable(&finding.location.path), finding.rule);
        writeln!(
            out,
            "not accepted in {path}: a finding of {rule} that is gone with the fixes"
        )?;
    }
    Ok(())
}

/// What was done, in numbers.
fn done_lines(fixed: &Fixed, written: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if !fixed.texts.is_empty() || fixed.accepted.is_empty() {
        lines.push(mended_line(fixed, written));
    }
    if !fixed.accepted.is_empty() {
        lines.push(format!(
            "accepted {}",
            count_of(fixed.accepted.len(), "finding", "findings")
        ));
    }
    lines
}

fn mended_line(fixed: &Fixed, written: bool) -> String {
    let fixes = fixed.texts.iter().map(|text| text.mended.len()).sum();
    let verb = if written { "mended" } else { "would mend" };
    match fixed.texts.len() {
        0 => "nothing to mend".to_owned(),
        texts => format!(
            "{verb} {} by {}",
            count_of(texts, "text", "texts"),
            count_of(fixes, "fix", "fixes")
        ),
    }
}

/// What `check` would still say, without the rules that compare texts.
fn open_line(fixed: &Fixed) -> String {
    let open = open(fixed);
    if open.findings == 0 {
        return "nothing left to find in them, but for what only a comparison of texts finds".to_owned();
    }
    let mut parts = Vec::new();
    if open.with_unsafe_fix > 0 {
        parts.push(format!(
            "{} with a fix that a person should see (`vidimus review`, or `--unsafe`)",
            open.with_unsafe_fix
        ));
    }
    let rest = open.findings - open.with_unsafe_fix;
    if rest > 0 {
        parts.push(format!("{rest} that `vidimus check` tells of"));
    }
    format!(
        "{} left: {}",
        count_of(open.findings, "finding", "findings"),
        parts.join(", ")
    )
}

/// How many findings are left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Open {
    findings: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    with_unsafe_fix: usize,
}

fn open(fixed: &Fixed) -> Open {
    let mut open = Open::default();
    for finding in fixed
        .report
        .findings
        .iter()
        .filter(|finding| finding.suppressed.is_none())
    {
        open.findings += 1;
        match finding.severity {
            Severity::Error => open.errors += 1,
            Severity::Warning => open.warnings += 1,
            Severity::Info => open.infos += 1,
        }
        let safety = finding.fix.as_ref().map(|fix| fix.safety);
        open.with_unsafe_fix += usize::from(safety == Some(Safety::Unsafe));
    }
    open
}

/// The JSON Schema of the one object.
pub const JSON_SCHEMA: &str = include_str!("../../docs/fix.schema.json");

#[derive(Serialize)]
struct Json<'a> {
    schema: &'static str,
    written: bool,
    texts: Vec<Text<'a>>,
    left_alone: Vec<Left<'a>>,
    left: Open,
}

#[derive(Serialize)]
struct Text<'a> {
    path: &'a str,
    from: String,
    to: String,
    rules: &'a [String],
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
struct Fix<'a> {
    rule: &'a str,
    safety: Safety,
    message: &'a str,
    line: Option<usize>,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct Left<'a> {
    path: &'a str,
    rule: Option<&'a str>,
    why: &'a str,
}

/// Writes one object, of the form `vidimus-fix/1`.
///
/// # Errors
/// What the writer gives.
pub fn write_json(fixed: &Fixed, written: bool, out: &mut dyn Write) -> io::Result<()> {
    let json = Json {
        schema: "vidimus-fix/1",
        written,
        texts: fixed.texts.iter().map(text).collect(),
        left_alone: fixed.left_alone.iter().map(left).collect(),
        left: open(fixed),
    };
    serde_json::to_writer_pretty(&mut *out, &json)?;
    writeln!(out)
}

fn text(text: &Mended) -> Text<'_> {
    Text {
        path: &text.path,
        from: text.from.to_string(),
        to: text.staged.sha256.to_string(),
        rules: &text.rules,
        fixes: text.mended.iter().map(|finding| fix(finding)).collect(),
    }
}

fn fix(finding: &Finding) -> Fix<'_> {
    Fix {
        rule: finding.rule,
        safety: finding.fix.as_ref().map_or(Safety::Display, |fix| fix.safety),
        message: &finding.message,
        line: finding.location.place.as_ref().map(|place| place.start.line),
        fingerprint: &finding.fingerprint,
    }
}

fn left(left: &LeftAlone) -> Left<'_> {
    Left {
        path: &left.path,
        rule: left.rule.as_deref(),
        why: &left.why,
    }
}
