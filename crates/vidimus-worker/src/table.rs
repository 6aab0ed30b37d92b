//! Rows of named columns, as steps take and give them: the one place that knows Arrow's arrays.

use std::io::Write;
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, BooleanBuilder, Float32Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Float32Array, Int64Array, ListArray, RecordBatch, StringArray,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use crate::error::{Error, Result};
use crate::stream::Outgoing;

/// What a column holds. There are no unsigned numbers in Spark: a hash is the pattern of its bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// Bytes.
    Bytes,
    /// A whole number of 64 bits.
    Integer,
    /// A number of 32 bits.
    Real,
    /// Yes or no.
    Flag,
    /// Whole numbers.
    Integers,
}

impl Kind {
    /// The word for it in SQL.
    pub fn sql(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Bytes => "binary",
            Self::Integer => "bigint",
            Self::Real => "float",
            Self::Flag => "boolean",
            Self::Integers => "array<bigint>",
        }
    }

    fn arrow(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Bytes => DataType::Binary,
            Self::Integer => DataType::Int64,
            Self::Real => DataType::Float32,
            Self::Flag => DataType::Boolean,
            Self::Integers => DataType::List(Arc::new(Field::new_list_field(DataType::Int64, true))),
        }
    }

    fn is(self, other: &DataType) -> bool {
        match (self, other) {
            (Self::Integers, DataType::List(item)) => item.data_type() == &DataType::Int64,
            _ => self.arrow() == *other,
        }
    }
}

/// A column: its name, and what it holds.
pub type Column = (&'static str, Kind);

/// The columns as Arrow has them.
pub fn schema(columns: &[Column]) -> Schema {
    let field = |(name, kind): &Column| Field::new(*name, kind.arrow(), true);
    Schema::new(columns.iter().map(field).collect::<Vec<_>>())
}

/// Where in a stream the columns stand that a step takes.
///
/// # Errors
/// Where one is missing or holds something else.
pub fn order(schema: &SchemaRef, columns: &[Column]) -> Result<Vec<usize>> {
    let find = |(name, kind): &Column| {
        let has = || {
            schema
                .fields()
                .iter()
                .map(|field| format!("{:?}", field.name()))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let (at, field) = schema
            .fields()
            .find(name)
            .ok_or_else(|| Error::Stream(format!("there is no column `{name}`; there are {}", has())))?;
        if !kind.is(field.data_type()) {
            let (kind, other) = (kind.sql(), field.data_type());
            return Err(Error::Stream(format!(
                "the column `{name}` has to be {kind}, and is {other}"
            )));
        }
        Ok(at)
    };
    columns.iter().map(find).collect()
}

/// The rows of a batch.
#[derive(Debug)]
pub struct Rows {
    columns: Vec<Cells>,
    count: usize,
}

/// What a column has in each row.
#[derive(Debug)]
enum Cells {
    Text(StringArray),
    Bytes(BinaryArray),
    Integer(Int64Array),
    Real(Float32Array),
    Flag(BooleanArray),
    Integers(ListArray),
}

impl Rows {
    /// The columns of a batch that stand at these places.
    ///
    /// # Errors
    /// Where one holds something else than the schema says.
    pub fn new(batch: &RecordBatch, columns: &[Column], order: &[usize]) -> Result<Self> {
        let cells = columns.iter().zip(order);
        Ok(Self {
            columns: cells
                .map(|((name, kind), &at)| Cells::of(batch.column(at), *kind, name))
                .collect::<Result<_>>()?,
            count: batch.num_rows(),
        })
    }

    /// Each row.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.count).map(|row| Row { rows: self, row })
    }
}

impl Cells {
    fn of(array: &ArrayRef, kind: Kind, name: &str) -> Result<Self> {
        fn cells<A: Array + Clone + 'static>(array: &ArrayRef) -> Option<A> {
            array.as_any().downcast_ref::<A>().cloned()
        }
        let found = match kind {
            Kind::Text => cells(array).map(Self::Text),
            Kind::Bytes => cells(array).map(Self::Bytes),
            Kind::Integer => cells(array).map(Self::Integer),
            Kind::Real => cells(array).map(Self::Real),
            Kind::Flag => cells(array).map(Self::Flag),
            Kind::Integers => cells(array).map(Self::Integers),
        };
        found.ok_or_else(|| Error::Stream(format!("the column `{name}` is not what its schema says")))
    }
}

/// A row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    rows: &'a Rows,
    row: usize,
}

impl<'a> Row<'a> {
    /// A string, where there is one.
    pub fn text(&self, column: usize) -> Option<&'a str> {
        match &self.rows.columns[column] {
            Cells::Text(cells) if cells.is_valid(self.row) => Some(cells.value(self.row)),
            _ => None,
        }
    }

    /// Bytes; none where there are none.
    pub fn bytes(&self, column: usize) -> Option<&'a [u8]> {
        match &self.rows.columns[column] {
            Cells::Bytes(cells) if cells.is_valid(self.row) => Some(cells.value(self.row)),
            _ => None,
        }
    }

    /// A number, where there is one.
    pub fn integer(&self, column: usize) -> Option<i64> {
        match &self.rows.columns[column] {
            Cells::Integer(cells) if cells.is_valid(self.row) => Some(cells.value(self.row)),
            _ => None,
        }
    }

    /// A number that is not negative.
    ///
    /// # Errors
    /// Where there is none, or another one.
    pub fn count<T: TryFrom<i64>>(&self, column: usize) -> Result<T> {
        let number = self.integer(column).and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| Error::Step(format!("column {column} of a row has no number, or one out of bounds")))
    }

    /// A number; 0 where there is none.
    pub fn real(&self, column: usize) -> f32 {
        match &self.rows.columns[column] {
            Cells::Real(cells) if cells.is_valid(self.row) => cells.value(self.row),
            _ => 0.0,
        }
    }

    /// Whether it says yes.
    pub fn flag(&self, column: usize) -> bool {
        match &self.rows.columns[column] {
            Cells::Flag(cells) => cells.is_valid(self.row) && cells.value(self.row),
            _ => false,
        }
    }

    /// Numbers; none where there are none.
    pub fn integers(&self, column: usize) -> Vec<i64> {
        match &self.rows.columns[column] {
            Cells::Integers(cells) if cells.is_valid(self.row) => {
                let list = cells.value(self.row);
                let numbers = list.as_any().downcast_ref::<Int64Array>();
                numbers.map_or_else(Vec::new, |numbers| numbers.iter().flatten().collect())
            }
            _ => Vec::new(),
        }
    }
}

/// What a cell is given.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// Nothing.
    None,
    /// A string.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A whole number.
    Integer(i64),
    /// A number.
    Real(f32),
    /// Yes or no.
    Flag(bool),
    /// Whole numbers.
    Integers(&'a [i64]),
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::None, Self::Text)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

/// A column that grows.
enum Growing {
    Text(StringBuilder),
    Bytes(BinaryBuilder),
    Integer(Int64Builder),
    Real(Float32Builder),
    Flag(BooleanBuilder),
    Integers(ListBuilder<Int64Builder>),
}

impl Growing {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Bytes => Self::Bytes(BinaryBuilder::new()),
            Kind::Integer => Self::Integer(Int64Builder::new()),
            Kind::Real => Self::Real(Float32Builder::new()),
            Kind::Flag => Self::Flag(BooleanBuilder::new()),
            Kind::Integers => Self::Integers(ListBuilder::new(Int64Builder::new())),
        }
    }

    /// Appends a value, and tells how many bytes it takes. One of another kind is a mistake of the step.
    fn push(&mut self, value: Value<'_>) -> Result<usize> {
        let size = match value {
            Value::Text(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            Value::Integers(numbers) => size_of_val(numbers),
            _ => 8,
        };
        match (self, value) {
            (Self::Text(cells), Value::Text(text)) => cells.append_value(text),
            (Self::Text(cells), Value::None) => cells.append_null(),
            (Self::Bytes(cells), Value::Bytes(bytes)) => cells.append_value(bytes),
            (Self::Bytes(cells), Value::None) => cells.append_null(),
            (Self::Integer(cells), Value::Integer(number)) => cells.append_value(number),
            (Self::Integer(cells), Value::None) => cells.append_null(),
            (Self::Real(cells), Value::Real(number)) => cells.append_value(number),
            (Self::Real(cells), Value::None) => cells.append_null(),
            (Self::Flag(cells), Value::Flag(flag)) => cells.append_value(flag),
            (Self::Flag(cells), Value::None) => cells.append_null(),
            (Self::Integers(cells), Value::Integers(numbers)) => cells.append_value(numbers.iter().copied().map(Some)),
            (Self::Integers(cells), Value::None) => cells.append_null(),
            (_, value) => return Err(Error::Step(format!("a column cannot hold {value:?}"))),
        }
        Ok(size)
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(cells) => Arc::new(cells.finish()),
            Self::Bytes(cells) => Arc::new(cells.finish()),
            Self::Integer(cells) => Arc::new(cells.finish()),
            Self::Real(cells) => Arc::new(cells.finish()),
            Self::Flag(cells) => Arc::new(cells.finish()),
            Self::Integers(cells) => Arc::new(cells.finish()),
        }
    }
}

/// A batch has at most so many rows,
const ROWS: usize = 4096;
/// and is written when it has so many bytes.
const BYTES: usize = 4 << 20;

/// Where rows go.
pub trait Sink {
    /// Takes a row: a value for each column.
    ///
    /// # Errors
    /// Where it cannot be written, or has other columns.
    fn row(&mut self, values: &[Value<'_>]) -> Result<()>;
}

/// Rows on their way out.
pub struct Out<W: Write> {
    schema: SchemaRef,
    columns: Vec<Growing>,
    rows: usize,
    bytes: usize,
    to: Outgoing<W>,
}

impl<W: Write> Out<W> {
    /// Of these columns.
    pub fn new(columns: &[Column], to: Outgoing<W>) -> Self {
        Self {
            schema: Arc::new(schema(columns)),
            columns: columns.iter().map(|(_, kind)| Growing::new(*kind)).collect(),
            rows: 0,
            bytes: 0,
            to,
        }
    }

    fn flush(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let arrays = self.columns.iter_mut().map(Growing::finish).collect();
        (self.rows, self.bytes) = (0, 0);
        self.to.write(&RecordBatch::try_new(Arc::clone(&self.schema), arrays)?)
    }

    /// Writes what is left and the trailer, which tells how many rows came in.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn close(mut self, rows_in: u64) -> Result<()> {
        self.flush()?;
        self.to.close(rows_in)
    }
}

impl<W: Write> Sink for Out<W> {
    fn row(&mut self, values: &[Value<'_>]) -> Result<()> {
        if values.len() != self.columns.len() {
            let said = format!("a row has {} values, and not {}", values.len(), self.columns.len());
            return Err(Error::Step(said));
        }
        for (column, value) in self.columns.iter_mut().zip(values) {
            self.bytes += column.push(*value)?;
        }
        self.rows += 1;
        if self.rows >= ROWS || self.bytes >= BYTES {
            return self.flush();
        }
        Ok(())
    }
}
