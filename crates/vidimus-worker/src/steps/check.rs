//! What each text says of itself is checked, as `vidimus check -` does for one.

use jiff::civil::Date;
use vidimus::engine::alone::Alone;
use vidimus::engine::{Options, Report};
use vidimus::report::jsonl;

use super::{Step, Work};
use crate::error::{Error, Result};
use crate::records::{self, Block, Lines, Record};
use crate::settings::Settings;
use crate::table::{Column, Kind, Rows, Sink, Value};

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
            let day: Result<Date, _> = today.parse();
            options.today =
                day.map_err(|error| Error::Usage(format!("`today` has to be a day such as 2026-03-01: {error}")))?;
        }
        Ok(Self {
            alone: Alone::new()?,
            options,
        })
    }

    fn write(&self, record: &Record<'_>, out: &mut dyn Sink) -> Result<()> {
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
        let report = self.alone.check(text.as_bytes(), &self.options)?;
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
}

/// A line for each finding.
fn lines(report: &Report) -> Result<String> {
    let mut lines = Vec::new();
    jsonl::write(report, &mut lines)?;
    String::from_utf8(lines).map_err(|error| Error::Step(format!("a finding is no UTF-8: {error}")))
}

struct OfLines(Lines, Desk);

impl Work for OfLines {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let (ended, record) = self.0.take(row)?;
            ended.map_or(Ok(()), |block| end(&block, out))?;
            record.map_or(Ok(()), |record| self.1.write(&record, out))?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Sink) -> Result<()> {
        self.0.end().map_or(Ok(()), |block| end(&block, out))
    }
}

struct OfRows(Desk);

impl Work for OfRows {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        rows.iter()
            .try_for_each(|row| self.0.write(&records::of_row(row)?, out))
    }
}

fn end((path, block, lines): &Block, out: &mut dyn Sink) -> Result<()> {
    let mut row = [Value::None; FINDINGS.len()];
    row[..4].copy_from_slice(&[path.as_str().into(), (*block).into(), (*lines).into(), "block".into()]);
    out.row(&row)
}
