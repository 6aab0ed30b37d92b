//! Texts as an engine hands them over: lines of shards, or rows that have their text in a column.
//!
//! A line has no number that an engine could be trusted with: what it gives is the file and the block of the file that the
//! line was read from, and within a block the lines in their order. So lines are counted here, block by block, and what a block
//! has in all is told with its last line. The number of a line follows from that however often a block is read.

use vidimus::collection;
use vidimus::records::Wanted;

use crate::error::{Error, Result};
use crate::settings::Settings;
use crate::steps::Work;
use crate::table::{Column, Kind, Row, Rows, Sink};

/// The columns of lines: the file, the first byte of the block, the line without its end.
pub const LINES: [Column; 3] = [("path", Kind::Text), ("block", Kind::Integer), ("line", Kind::Bytes)];
/// The columns of rows: the file, the number of the row in it, what the text is called, the text.
pub const ROWS: [Column; 4] = [
    ("path", Kind::Text),
    ("row", Kind::Integer),
    ("id", Kind::Text),
    ("text", Kind::Text),
];

/// A text, or why there is none.
#[derive(Debug)]
pub struct Record<'a> {
    /// The file.
    pub path: &'a str,
    /// The first byte of its block.
    pub block: i64,
    /// Its number in the block, from 0.
    pub row: i64,
    /// What it is called.
    pub id: Option<String>,
    /// Its text; or why it is left out, as a sentence about "it".
    pub text: Result<String, String>,
}

/// How many lines a block has: its path, its first byte, the lines.
pub type Block = (String, i64, i64);

/// What a step does with texts, whatever they come in.
pub trait Desk {
    /// Takes a text, or why there is none.
    ///
    /// # Errors
    /// Where it cannot be worked with, and where what comes of it cannot be written.
    fn record(&mut self, record: &Record<'_>, out: &mut dyn Sink) -> Result<()>;

    /// Takes the end of a block.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn end(&mut self, block: &Block, out: &mut dyn Sink) -> Result<()>;
}

/// A step whose texts are in lines.
#[derive(Debug)]
pub struct OfLines<D>(pub Lines, pub D);

impl<D: Desk> Work for OfLines<D> {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        let Self(lines, desk) = self;
        for row in rows.iter() {
            let (ended, record) = lines.take(row)?;
            ended.map_or(Ok(()), |block| desk.end(&block, out))?;
            record.map_or(Ok(()), |record| desk.record(&record, out))?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Sink) -> Result<()> {
        let Self(lines, desk) = self;
        lines.end().map_or(Ok(()), |block| desk.end(&block, out))
    }
}

/// A step whose texts are in rows.
#[derive(Debug)]
pub struct OfRows<D>(pub D);

impl<D: Desk> Work for OfRows<D> {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        rows.iter().try_for_each(|row| self.0.record(&of_row(row)?, out))
    }
}

/// Lines on their way to records.
#[derive(Debug)]
pub struct Lines {
    at: Option<Block>,
    wanted: Wanted,
}

impl Lines {
    /// Lines with a text in a field.
    pub fn new(settings: &Settings) -> Self {
        Self {
            at: None,
            wanted: Wanted::of(&settings.text_field, &settings.id_field),
        }
    }

    /// The record of the next line, where it is not blank; and the block before, where it has ended.
    ///
    /// # Errors
    /// Where the row has no path or no line.
    pub fn take<'a>(&mut self, row: Row<'a>) -> Result<(Option<Block>, Option<Record<'a>>)> {
        let (path, line) = row.text(0).zip(row.bytes(2)).ok_or_else(missing)?;
        let block = row.count(1)?;
        let same = self
            .at
            .as_ref()
            .is_some_and(|at| (at.0.as_str(), at.1) == (path, block));
        let ended = if same {
            None
        } else {
            self.at.replace((path.to_owned(), block, 0))
        };
        let number = self.at.as_mut().map_or(0, |at| {
            at.2 += 1;
            at.2 - 1
        });
        let read = collection::record(line, (block, number) == (0, 0), &self.wanted);
        let record = |text, id| Record {
            path,
            block,
            row: number,
            id,
            text,
        };
        let record = match read {
            Ok(None) => None,
            Ok(Some(read)) => Some(record(Ok(read.text), read.id)),
            Err(why) => Some(record(Err(why), None)),
        };
        Ok((ended, record))
    }

    /// The last block.
    pub fn end(&mut self) -> Option<Block> {
        self.at.take()
    }
}

/// The record of a row.
///
/// # Errors
/// Where the row has no path or no number.
pub fn of_row(row: Row<'_>) -> Result<Record<'_>> {
    let text = row.text(3).map(str::to_owned);
    Ok(Record {
        path: row.text(0).ok_or_else(missing)?,
        block: 0,
        row: row.count(1)?,
        id: row.text(2).map(str::to_owned),
        text: text.ok_or_else(|| "it has no text".to_owned()),
    })
}

fn missing() -> Error {
    Error::Step("a row has no path or no line".to_owned())
}
