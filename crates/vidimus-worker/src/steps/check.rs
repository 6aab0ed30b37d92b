//! What each text says of itself is checked, as `vidimus check -` does for one.

use vidimus::date::day;
use vidimus::engine::alone::{Alone, NAMELESS};
use vidimus::engine::{Options, Report};
use vidimus::report::jsonl;

use super::Step;
use crate::error::{Error, Result};
use crate::records::{self, Block, Lines, OfLines, OfRows, Record};
use crate::settings::Settings;
use crate::table::{Column, Kind, Sink, Value};

/// From lines of shards.
pub(super) static LINES: Step = Step {
    name: "check",
    about: "each text of a shard is checked for what it says of itself",
    takes: &records::LINES,
    gives: &FINDINGS,
    start: |settings| Ok(Box::new(OfLines(Lines::new(settings), Desk::new(settings)?))),
};

/// From rows that have their text in a column.
pub(super) static ROWS: Step = Step {
    name: "check-rows",
    about: "each text of a row is checked for what it says of itself",
    takes: &records::ROWS,
    gives: &FINDINGS,
    start: |settings| Ok(Box::new(OfRows(Desk::new(settings)?))),
};

/// `what` is `finding`; or `text` for a text that was looked at, `left out` for one that was not, and `block` for the end of a
/// block, where `row` is the number of its lines.
const FINDINGS: [Column; 10] = [
    ("path", Kind::Text),
    ("block", Kind::Integer),
    ("row", Kind::Integer),
    ("what", Kind::Text),
    ("id", Kind::Text),
    ("why", Kind::Text),
    ("number", Kind::Integer),
    ("rule", Kind::Text),
    ("severity", Kind::Text),
    ("finding", Kind::Text),
];

/// What one text after the other is checked with.
struct Desk {
    alone: Alone,
    options: Options<'static>,
}

impl Desk {
    fn new(settings: &Settings) -> Result<Self> {
        let mut options = Options {
            threads: Some(1),
            ..Options::default()
        };
        if let Some(today) = &settings.today {
            options.today = day(today).map_err(|why| Error::Usage(format!("`today` is {today}: {why}")))?;
        }
        Ok(Self {
            alone: Alone::new(&options)?,
            options,
        })
    }
}

impl records::Desk for Desk {
    fn record(&mut self, record: &Record<'_>, out: &mut dyn Sink) -> Result<()> {
        let named = |what: &'static str| -> [Value<'_>; FINDINGS.len()] {
            let mut row = [Value::None; FINDINGS.len()];
            let start = [record.path.into(), record.block.into(), record.row.into(), what.into()];
            row[..4].copy_from_slice(&start);
            row[4] = record.id.as_deref().into();
            row
        };
        let text = match &record.text {
            Ok(text) => text,
            Err(why) => {
                let mut row = named("left out");
                row[5] = why.as_str().into();
                return out.row(&row);
            }
        };
        let report = self
            .alone
            .check(NAMELESS, text.as_bytes(), None, self.options.clone())?;
        for (number, (finding, line)) in (0..).zip(report.findings.iter().zip(lines(&report)?.lines())) {
            let mut row = named("finding");
            row[6..].copy_from_slice(&[
                Value::Integer(number),
                finding.rule.into(),
                finding.severity.name().into(),
                line.into(),
            ]);
            out.row(&row)?;
        }
        out.row(&named("text"))
    }

    fn end(&mut self, (path, block, lines): &Block, out: &mut dyn Sink) -> Result<()> {
        let mut row = [Value::None; FINDINGS.len()];
        row[..4].copy_from_slice(&[path.as_str().into(), (*block).into(), (*lines).into(), "block".into()]);
        out.row(&row)
    }
}

/// A line for each finding.
fn lines(report: &Report) -> Result<String> {
    let mut lines = Vec::new();
    jsonl::write(report, &mut lines)?;
    String::from_utf8(lines).map_err(|error| Error::Step(format!("a finding is no UTF-8: {error}")))
}
