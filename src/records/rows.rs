//! Parquet, a record a row: read column by column in small batches, so that a row group need not stand in memory.

use std::collections::BTreeSet;
use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use jiff::{Timestamp, civil};
use parquet::basic::Type as Physical;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, FileReader as _, Length, SerializedFileReader};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use parquet::schema::types::Type;

use super::{Content, Item, Record, Wanted, Wrong};
use crate::corpus::{Opened, io_message};
use crate::manifest::Value;

/// So many values of a column are read at a time.
const BATCH: usize = 64;
/// So many bytes are read for the header of a page.
const HEADER: usize = 8 << 10;
/// So many columns are named that a file has.
const NAMED: usize = 20;

/// The rows of a file.
pub(super) struct Rows {
    rows: RowIter<'static>,
    wanted: Wanted,
    /// The row that was read last.
    number: u64,
}

impl Rows {
    /// Opens a file, and looks whether it has the column of the text.
    ///
    /// # Errors
    /// Why it cannot be read, as a sentence about "it".
    pub(super) fn open(file: Opened, wanted: &Wanted) -> Result<Self, String> {
        let size = file.state().map_err(|error| io_message(&error))?.size();
        let file = Parts { file, size };
        let whole = || SerializedFileReader::new(file).map_err(|error| no_parquet(&error));
        let reader = guarded(whole)?;
        let schema = reader.metadata().file_metadata().schema_descr_ptr();
        let columns = columns(schema.root_schema(), wanted)?;
        let rows = guarded(|| {
            RowIter::from_file_into(Box::new(reader))
                .project(Some(columns))
                .map_err(|error| no_parquet(&error))
        })?;
        Ok(Self {
            rows: rows.with_batch_size(BATCH),
            wanted: wanted.clone(),
            number: 0,
        })
    }

    /// The next row.
    ///
    /// # Errors
    /// Why nothing more can be read.
    pub(super) fn next(&mut self) -> Result<Option<Item>, String> {
        self.number += 1;
        let number = self.number;
        let rows = &mut self.rows;
        let row = guarded(|| rows.next().transpose().map_err(|error| plain(&error)));
        let row = row.map_err(|why| format!("it breaks off in row {number}, and what follows is lost: {why}"))?;
        Ok(row.map(|row| Item {
            number,
            offset: None,
            content: record(&row, &self.wanted).map(Content::Row),
        }))
    }
}

/// A file of which the reader takes parts where it wants them.
struct Parts {
    file: Opened,
    size: u64,
}

impl Length for Parts {
    fn len(&self) -> u64 {
        self.size
    }
}

impl ChunkReader for Parts {
    type T = BufReader<Opened>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(BufReader::with_capacity(HEADER, self.file.clone().starting_at(start)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let mut bytes = Vec::new();
        self.file.read_part(start..start + length as u64, &mut bytes)?;
        Ok(bytes.into())
    }
}

/// The reader of a format that is made for trusted files may panic where a file is damaged; here that is one more way to refuse it.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err("it is damaged in a way that its reader does not bear".to_owned()))
}

fn no_parquet(error: &ParquetError) -> String {
    format!("it is no sound Parquet file: {}", plain(error))
}

fn plain(error: &ParquetError) -> String {
    let said = error.to_string();
    let said = said.split_once(": ").map_or(said.as_str(), |(_, rest)| rest);
    let short: String = said.chars().take(200).collect();
    short.trim_end_matches('.').to_owned()
}

/// The columns that hold what is wanted, as a schema of their own.
fn columns(root: &Type, wanted: &Wanted) -> Result<Type, String> {
    let text = &wanted.fields[wanted.text];
    let found = wanted.fields.iter().filter_map(|path| find(root, path));
    let kept: BTreeSet<usize> = found.map(|(column, _)| column).collect();
    match find(root, text) {
        None => return Err(format!("it has no column `{text}`; it has {}", names(root))),
        Some((_, field)) if !is_text(field) => {
            return Err(format!("its column `{text}` holds {}, and no strings", kind_of(field)));
        }
        Some(_) => {}
    }
    let fields = kept.iter().map(|&column| Arc::clone(&root.get_fields()[column]));
    let schema = Type::group_type_builder(root.name())
        .with_fields(fields.collect())
        .build();
    schema.map_err(|error| no_parquet(&error))
}

/// The column at a path, and the number of the outermost one that holds it.
fn find<'t>(root: &'t Type, path: &str) -> Option<(usize, &'t Type)> {
    let mut columns = root.get_fields().iter().enumerate();
    columns.find_map(|(number, column)| {
        let rest = path.strip_prefix(column.name())?;
        match rest.strip_prefix('.') {
            _ if rest.is_empty() => Some((number, &**column)),
            Some(rest) if column.is_group() => find(column, rest).map(|(_, field)| (number, field)),
            _ => None,
        }
    })
}

fn is_text(column: &Type) -> bool {
    let bytes = column.is_primitive() && column.get_physical_type() == Physical::BYTE_ARRAY;
    let info = column.get_basic_info();
    let repeated = info.has_repetition() && info.repetition() == parquet::basic::Repetition::REPEATED;
    bytes && !repeated
}

fn kind_of(column: &Type) -> String {
    if column.is_group() {
        "groups".to_owned()
    } else {
        column.get_physical_type().to_string()
    }
}

fn names(root: &Type) -> String {
    let columns = root.get_fields();
    let mut names: Vec<&str> = columns.iter().take(NAMED).map(|column| column.name()).collect();
    names.extend((columns.len() > NAMED).then_some("…"));
    names.join(", ")
}

fn record(row: &Row, wanted: &Wanted) -> Result<Record, Wrong> {
    let name = || wanted.fields[wanted.text].clone();
    let text = match at(row, &wanted.fields[wanted.text]) {
        Some(Field::Str(text)) => text.clone(),
        Some(Field::Bytes(bytes)) => String::from_utf8(bytes.data().to_vec()).map_err(|_| Wrong::NoString(name()))?,
        Some(Field::Null) | None => return Err(Wrong::NoField(name())),
        Some(_) => return Err(Wrong::NoString(name())),
    };
    let value = |(index, path): (usize, &String)| match index == wanted.text {
        true => None,
        false => value(at(row, path)?),
    };
    let values = wanted.fields.iter().enumerate().map(value).collect();
    Ok(Record::new(text, values, wanted))
}

/// The field at a path.
fn at<'r>(row: &'r Row, path: &str) -> Option<&'r Field> {
    row.get_column_iter().find_map(|(name, field)| {
        let rest = path.strip_prefix(name.as_str())?;
        match (rest.strip_prefix('.'), field) {
            _ if rest.is_empty() => Some(field),
            (Some(rest), Field::Group(inner)) => at(inner, rest),
            _ => None,
        }
    })
}

/// What a field holds: a date as a day, a time in UTC.
fn value(field: &Field) -> Option<Value> {
    let time = |time: Result<Timestamp, jiff::Error>| time.ok().map(|time| Value::Scalar(time.to_string()));
    match field {
        Field::Null => None,
        Field::Str(text) => Some(Value::Scalar(text.clone())),
        Field::Bytes(bytes) => std::str::from_utf8(bytes.data())
            .ok()
            .map(|text| Value::Scalar(text.to_owned())),
        Field::Date(days) => day(*days).map(|day| Value::Scalar(day.to_string())),
        Field::TimestampMillis(at) => time(Timestamp::from_millisecond(*at)),
        Field::TimestampMicros(at) => time(Timestamp::from_microsecond(*at)),
        Field::Group(row) => {
            let inner = row.get_column_iter();
            let pairs = inner.filter_map(|(name, field)| Some((name.clone(), value(field)?)));
            Some(Value::Object(pairs.collect()))
        }
        Field::ListInternal(list) => Some(Value::List(list.elements().iter().filter_map(value).collect())),
        Field::MapInternal(map) => {
            let pairs = map.entries().iter();
            let pairs = pairs.filter_map(|(name, field)| Some((name.to_string(), value(field)?)));
            Some(Value::Object(pairs.collect()))
        }
        other => Some(Value::Scalar(other.to_string())),
    }
}

fn day(days: i32) -> Option<civil::Date> {
    let span = jiff::Span::new().try_days(days).ok()?;
    civil::date(1970, 1, 1).checked_add(span).ok()
}
