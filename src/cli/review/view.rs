//! What a review looks like: a screen of lines for a width and a height, made from the session alone.

use anstyle::{Effects, Style as Ansi};
use serde_json::Value;

use super::columns::{clip, width, wrap};
use super::line::Line;
use super::session::{Decision, Item, Mode, Session};
use crate::finding::{Edit, Finding, Safety};
use crate::report::{Style, change, count_of, full, printable};

/// What is to be seen on a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// As many lines as the screen has, none wider than it is.
    pub(super) lines: Vec<String>,
    /// Column and line of the cursor, where something is written.
    pub(super) cursor: Option<(usize, usize)>,
    /// How many lines of the text in the middle are seen at once.
    pub(super) page: usize,
    /// How many of them can be above the screen.
    pub(super) reach: usize,
}

/// Draws a screen of at least 20 columns and 4 lines. `text` holds the bytes that the finding at hand is about.
pub(super) fn draw(session: &Session, text: Option<&[u8]>, style: Style, height: usize) -> Frame {
    let paint = Paint(style);
    let mut head = head(session, paint);
    let keys = keys(session, paint, if height >= 14 { 2 } else { 1 });
    head.truncate(if height >= 8 { 2 } else { 1 });
    let (foot, cursor) = foot(session, paint);
    let page = height.saturating_sub(head.len() + keys.len() + 1);
    let body = body(session, text, style);
    let reach = body.len().saturating_sub(page);
    let scroll = session.scroll().min(reach);
    let mut lines = head;
    let status = lines.len() + page;
    lines.extend(body.into_iter().skip(scroll).take(page));
    lines.resize(status, String::new());
    lines.push(foot.unwrap_or_else(|| paint.dim(&more(scroll, reach))));
    lines.extend(keys);
    lines.truncate(height);
    Frame {
        lines: lines.iter().map(|line| clip(line, style.width)).collect(),
        cursor: cursor.map(|column| (column, status)),
        page,
        reach,
    }
}

/// How much there is above and below, where there is.
fn more(above: usize, reach: usize) -> String {
    let count = |lines: usize| count_of(lines, "line", "lines");
    match (above, reach - above) {
        (0, 0) => String::new(),
        (0, below) => format!("-- {} below: arrows, PgDn --", count(below)),
        (above, 0) => format!("-- {} above: arrows, PgUp --", count(above)),
        (above, below) => format!("-- {} above, {below} below --", count(above)),
    }
}

/// Sets words off from one another, where there are colours.
#[derive(Clone, Copy)]
struct Paint(Style);

impl Paint {
    fn with(self, effects: Effects, text: &str) -> String {
        let ansi = Ansi::new().effects(effects);
        match self.0.colour && !text.is_empty() {
            true => format!("{ansi}{text}{ansi:#}"),
            false => text.to_owned(),
        }
    }

    fn bold(self, text: &str) -> String {
        self.with(Effects::BOLD, text)
    }

    fn dim(self, text: &str) -> String {
        self.with(Effects::DIMMED, text)
    }

    /// A line over the whole width.
    fn bar(self, text: &str) -> String {
        let text = clip(text, self.0.width);
        let rest = self.0.width.saturating_sub(width(&text));
        match self.0.colour {
            true => self.with(Effects::INVERT, &(text + &" ".repeat(rest))),
            false => text,
        }
    }
}

/// Which finding it is of how many, of which text; its rule, how much it weighs, and what was decided.
fn head(session: &Session, paint: Paint) -> Vec<String> {
    let Some(item) = session.item() else {
        let title = format!(" {} seen", count_of(session.items().len(), "finding", "findings"));
        return vec![paint.bar(&title)];
    };
    let finding = &item.finding;
    let title = format!(
        " {} of {}  {}",
        session.at() + 1,
        session.items().len(),
        printable(&finding.location.path)
    );
    let sure = format!("{} % sure", (f64::from(finding.confidence) * 100.0).round());
    let mut said = format!(" {}  {}  {sure}", paint.bold(finding.rule), finding.severity);
    if let Some(decision) = session.decision() {
        said = format!("{said}  {}", paint.bold(&format!("[{}]", decided(decision))));
    }
    vec![paint.bar(&title), said]
}

fn decided(decision: &Decision) -> &'static str {
    match decision {
        Decision::Fix => "fix",
        Decision::Edit(_) => "fix, edited",
        Decision::Accept(_) => "accepted",
        Decision::Skip => "skipped",
    }
}

/// What is in the middle, line by line.
pub(super) fn body(session: &Session, text: Option<&[u8]>, style: Style) -> Vec<String> {
    let lines = match (session.mode(), session.item()) {
        (Mode::Help, _) => help(),
        (_, Some(item)) => of_item(item, session.decision(), text, style),
        (_, None) => of_all(session),
    };
    lines.iter().flat_map(|line| wrap(line, style.width, 4)).collect()
}

/// The finding as `check` draws it, what it was concluded from, and what its fix would do.
fn of_item(item: &Item, decision: Option<&Decision>, text: Option<&[u8]>, style: Style) -> Vec<String> {
    let finding = &item.finding;
    let drawn = full::draw(finding, style);
    let mut lines: Vec<String> = drawn.lines().map(str::to_owned).collect();
    lines.push(String::new());
    lines.extend(evidence(finding));
    lines.extend(match decision {
        Some(Decision::Accept(reason)) => vec![format!("accepted: {}", printable(reason))],
        _ => of_fix(item, decision, text, style),
    });
    lines
}

fn of_fix(item: &Item, decision: Option<&Decision>, text: Option<&[u8]>, style: Style) -> Vec<String> {
    let Some(fix) = &item.finding.fix else {
        return vec!["fix: there is none".to_owned()];
    };
    let (said, edits): (&str, &[Edit]) = match (decision, fix.safety) {
        (Some(Decision::Edit(edit)), _) => ("fix, edited by you", std::slice::from_ref(edit)),
        (_, Safety::Safe) => ("fix, safe: it cannot change what the text says", &fix.edits),
        _ => ("fix, unsafe: it may change what the text says", &fix.edits),
    };
    let mut lines = vec![format!("{said}:")];
    lines.extend(text.map(|text| change::lines(text, edits, style)).unwrap_or_default());
    if let Some(why) = &item.no_fix {
        lines.push(format!("not now: the finding {}", printable(why)));
    }
    lines
}

/// A piece of evidence is shown up to so many characters.
const LONGEST: usize = 100;

fn evidence(finding: &Finding) -> Option<String> {
    let shown = |value: &Value| {
        let text = words(value);
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", printable(&text[..end])),
            None => printable(&text).into_owned(),
        }
    };
    let named = |(name, value): (&&str, &Value)| format!("{} {}", name.replace('_', " "), shown(value));
    let all: Vec<String> = finding.evidence.iter().map(named).collect();
    (!all.is_empty()).then(|| format!("evidence: {}", all.join("; ")))
}

/// A value without the signs of JSON, where it is text or a list.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
        value => value.to_string(),
    }
}

/// What was decided, when all findings have been seen.
fn of_all(session: &Session) -> Vec<String> {
    let mut lines = vec![String::new(), format!("{}.", counted(session)), String::new()];
    let mut path = "";
    for (item, decision) in session.decisions() {
        let Some(decision) = decision else { continue };
        let finding = &item.finding;
        if finding.location.path != path {
            path = &finding.location.path;
            lines.push(printable(path).into_owned());
        }
        let place = finding.location.place.as_ref();
        let at = place.map_or_else(String::new, |place| format!("line {}: ", place.start.line));
        let message = printable(&finding.message);
        lines.push(format!("  {:<11} {at}{message} [{}]", decided(decision), finding.rule));
    }
    lines
}

/// What was decided, in numbers.
pub(super) fn counted(session: &Session) -> String {
    let [fixes, accepted, skipped, open] = session.counts();
    let parts = [
        count_of(fixes, "fix", "fixes"),
        format!("{accepted} accepted"),
        format!("{skipped} skipped"),
        format!("{open} without a decision"),
    ];
    let named = |(count, _): &(usize, String)| *count > 0;
    let parts: Vec<String> = [fixes, accepted, skipped, open]
        .into_iter()
        .zip(parts)
        .filter(named)
        .map(|(_, part)| part)
        .collect();
    parts.join(", ")
}

/// The line above the keys, where there is something to say or to write; and the column of the cursor.
fn foot(session: &Session, paint: Paint) -> (Option<String>, Option<usize>) {
    let (prompt, line) = match session.mode() {
        Mode::Reason(line) => (reason_prompt(session), line),
        Mode::Replacement(line) => ("instead: ".to_owned(), line),
        _ => {
            let notice = session.notice().map(|notice| paint.bold(&printable(notice)));
            return (notice, None);
        }
    };
    if let Some(notice) = session.notice() {
        return (Some(paint.bold(&printable(notice))), None);
    }
    let (shown, column) = written(&prompt, line, paint.0.width);
    (Some(shown), Some(column))
}

/// The question for a reason, with the one that an empty line gives.
pub(super) fn reason_prompt(session: &Session) -> String {
    let last = printable(session.reason());
    match last.chars().count() {
        0 => "why does it stand? ".to_owned(),
        1..=30 => format!("why does it stand? [{last}] "),
        _ => format!("why does it stand? [{}…] ", last.chars().take(30).collect::<String>()),
    }
}

/// A prompt and what is written behind it, as much as there is room for around the cursor.
fn written(prompt: &str, line: &Line, columns: usize) -> (String, usize) {
    let prompt = clip(prompt, columns.saturating_sub(10));
    let room = columns.saturating_sub(width(&prompt) + 1);
    let mut before = printable(line.before()).into_owned();
    while width(&before) > room {
        before.remove(0);
    }
    let after = printable(&line.text()[line.before().len()..]).into_owned();
    (format!("{prompt}{before}{after}"), width(&prompt) + width(&before))
}

/// The keys that do something now.
fn keys(session: &Session, paint: Paint, most: usize) -> Vec<String> {
    let keys: Vec<(&str, &str)> = match (session.mode(), session.item()) {
        (Mode::Help, _) => vec![("any key", "back")],
        (Mode::Reason(_) | Mode::Replacement(_), _) => {
            vec![("Enter", "done"), ("Esc", "leave it"), ("Ctrl-U", "clear")]
        }
        (_, Some(item)) => {
            let short = paint.0.width < NARROW;
            let decisions = decisions(item).into_iter().map(|(key, long)| match short {
                true => (key, long.split(' ').next().unwrap_or(long)),
                false => (key, long),
            });
            decisions.chain(MOVES).collect()
        }
        (_, None) if session.has_work() => {
            vec![
                ("w", "write all this"),
                ("p", "back"),
                ("u", "undo"),
                ("q", "quit, keep it"),
                ("?", "help"),
            ]
        }
        (_, None) => vec![("p", "back"), ("u", "undo"), ("q", "quit, keep it"), ("?", "help")],
    };
    laid_out(&keys, paint, most)
}

/// On a screen of fewer columns, a key is explained in one word.
const NARROW: usize = 60;
/// What else the keys do.
const MOVES: [(&str, &str); 6] = [
    ("u", "undo"),
    ("n", "next"),
    ("p", "previous"),
    ("w", "write"),
    ("q", "quit"),
    ("?", "help"),
];

/// What can be decided of a finding.
pub(super) fn decisions(item: &Item) -> Vec<(&'static str, &'static str)> {
    let mut keys = Vec::new();
    if item.no_fix.is_none() {
        keys.extend([("f", "fix"), ("e", "edit fix")]);
    }
    if item.no_acceptance.is_none() {
        keys.push(("a", "accept as it is"));
    }
    keys.push(("s", "skip"));
    keys
}

/// Keys on at most so many lines. Where there is no room for all, the last one stays, which tells of the others.
fn laid_out(keys: &[(&str, &str)], paint: Paint, most: usize) -> Vec<String> {
    let columns = paint.0.width;
    let wide = |(key, what): &(&str, &str)| width(key) + width(what) + 3;
    let mut lines = vec![(0, String::from(" "))];
    for (number, key) in keys.iter().enumerate() {
        let last = number + 1 == keys.len();
        let reserved = if last || lines.len() < most {
            0
        } else {
            keys.last().map_or(0, wide)
        };
        // A space stands before the first, and none behind the last.
        let full = |used: usize| used + wide(key) + reserved > columns + 1;
        if lines.last().is_some_and(|(used, _)| full(*used)) {
            if lines.len() == most {
                continue;
            }
            lines.push((0, String::from(" ")));
        }
        if let Some((used, line)) = lines.last_mut() {
            line.push_str(&format!("{} {}  ", paint.bold(key.0), key.1));
            *used += wide(key);
        }
    }
    lines.into_iter().map(|(_, line)| line.trim_end().to_owned()).collect()
}

const HELP: [(&str, &str); 13] = [
    ("f, y, Enter", "make the fix of this finding"),
    ("e", "change what the fix writes, in $VISUAL or $EDITOR, then make it"),
    (
        "a",
        "accept the finding: it stands in the manifest with your reason, and is told no more",
    ),
    ("s, Space", "skip it; the next review shows it again"),
    ("u", "take the last decision back"),
    (
        "n, p",
        "the next finding, the previous one (also Right and Left, j and k)",
    ),
    ("N, P", "the next text, the previous one (also Tab and Shift-Tab)"),
    ("Up, Down", "scroll by a line; PgUp, PgDn, Home and End by more"),
    ("w", "write what was decided: texts, manifest and log in one step"),
    ("q", "quit; nothing is written, and the next review goes on here"),
    ("Ctrl-C", "the same, with the code of an interrupted program"),
    ("Ctrl-Z", "leave the terminal to the shell for a while"),
    ("?", "this page"),
];

fn help() -> Vec<String> {
    let mut lines = vec![
        "Nothing is written to a text or to the manifest before you press w. Decisions are kept meanwhile.".to_owned(),
        String::new(),
    ];
    lines.extend(HELP.iter().map(|(key, what)| format!("  {key:<12} {what}")));
    lines
}

#[cfg(test)]
mod tests {
    use super::super::examples::{TEXT, item, session};
    use super::super::session::Press;
    use super::*;

    fn drawn(session: &Session, columns: usize, height: usize) -> Frame {
        let style = Style {
            width: columns,
            ..Style::default()
        };
        draw(session, Some(TEXT.as_bytes()), style, height)
    }

    fn shown(session: &Session, columns: usize, height: usize) -> String {
        drawn(session, columns, height).lines.join("\n")
    }

    #[test]
    fn a_finding_with_its_fix() {
        let mut session = session();
        session.press(Press::Char('n'));
        let expected = " 2 of 4  a.txt
 layout/stray-label  warning  90 % sure
warning[layout/stray-label]: a label of the page
 --> a.txt:5:1
  |
5 | Advertisement
  | ^^^^^^^^^^^^^

evidence: label advertisement
fix, unsafe: it may change what the text says:
    The lamps were lit at four.

  - Advertisement\\n

    The keeper went home.



 f fix  e edit fix  a accept as it is  s skip  u undo  n next  p previous
 w write  q quit  ? help";
        assert_eq!(shown(&session, 80, 20), expected);
    }

    #[test]
    fn a_small_screen_has_the_most_important() {
        let frame = drawn(&session(), 40, 10);
        assert_eq!(frame.lines.len(), 10);
        let expected = " 1 of 4  a.txt
 layout/stray-label  warning  90 % sure
warning[layout/stray-label]: a label of
    the page
 --> a.txt:3:1
  |
3 | The lamps were lit at four.
  | ^^^^^^^^^^^^^^^^
-- 9 lines below: arrows, PgDn --
 f fix  e edit  a accept  s skip  ? help";
        assert_eq!(frame.lines.join("\n"), expected);
        assert_eq!((frame.page, frame.reach), (6, 9));
    }

    #[test]
    fn all_that_was_decided_is_told_at_the_end() {
        let mut session = session();
        for key in "fs".chars() {
            session.press(Press::Char(key));
        }
        session.decide(Decision::Accept("a sign".to_owned()));
        session.press(Press::Char('n'));
        let expected = " 4 findings seen

1 fix, 1 accepted, 1 skipped, 1 without a decision.

a.txt
  fix         line 3: a label of the page
    [layout/stray-label]
  skipped     line 5: a label of the page
    [layout/stray-label]
b.txt
  accepted    line 3: a label of the page
    [layout/stray-label]

 w write all this  p back  u undo  q quit, keep it  ? help";
        assert_eq!(shown(&session, 60, 14), expected);
    }

    #[test]
    fn a_reason_is_written_in_the_line_above_the_keys() {
        let mut session = session();
        session.press(Press::Char('a'));
        session.press(Press::Text("灯 sign".to_owned()));
        let frame = drawn(&session, 60, 12);
        let (column, line) = frame.cursor.expect("a cursor");
        assert_eq!(frame.lines[line], "why does it stand? 灯 sign");
        assert_eq!(column, "why does it stand? ".len() + 7);
        session.press(Press::Text("x".repeat(200)));
        let frame = drawn(&session, 60, 12);
        assert!(frame.lines[line].ends_with("xxx") && frame.cursor.is_some_and(|(column, _)| column < 60));
    }

    #[test]
    fn every_size_is_filled_and_kept_to() {
        let mut session = session();
        session.press(Press::Char('f'));
        for mode in ["", "a", "?"] {
            for key in mode.chars() {
                session.press(Press::Char(key));
            }
            for (columns, height) in [(20, 4), (40, 10), (80, 24), (100, 30), (200, 60)] {
                let frame = drawn(&session, columns, height);
                assert_eq!(frame.lines.len(), height, "{columns} by {height}");
                assert!(
                    frame.lines.iter().all(|line| width(line) <= columns),
                    "{:?}",
                    frame.lines
                );
            }
            session.press(Press::Escape);
        }
    }

    #[test]
    fn nothing_of_a_corpus_is_obeyed() {
        let mut item = item("a\u{1b}[2J.txt", 3);
        item.finding.message = "\u{9b}2J".to_owned();
        item.finding.evidence.insert("label", "\u{1b}]0;x\u{7}".into());
        let excerpt = &mut item.finding.location.place.as_mut().expect("a place").excerpt;
        excerpt.text = "\u{1b}[31mThe lamps were lit".to_owned();
        excerpt.end = excerpt.text.len();
        let session = Session::new(vec![item], vec![None], String::new());
        let text = "\u{1b}[31m\u{202e}".repeat(20);
        let style = Style::default();
        let frame = draw(&session, Some(text.as_bytes()), style, 40);
        let obeyed = |c: char| c.is_control() || c == '\u{202e}';
        assert!(!frame.lines.concat().contains(obeyed), "{:?}", frame.lines);
    }
}
