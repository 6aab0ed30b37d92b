//! Arrow streams with a trailer: a line behind the stream that says what it was.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{Schema, SchemaRef};
use serde::{Deserialize, Serialize};

use crate::CONTRACT;
use crate::error::{Error, Result};

/// What stands behind a stream, on one line, as a JSON object.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Trailer {
    /// The version of the contract.
    pub contract: u32,
    /// The rows that the worker was given.
    pub rows_in: u64,
    /// The rows of this stream, where it comes from the worker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows_out: Option<u64>,
    /// CRC-32 of all bytes of the stream.
    pub crc: u32,
}

/// Sums up the bytes that pass.
#[derive(Debug)]
struct Summed<T> {
    inner: T,
    sum: crc32fast::Hasher,
}

impl<T> Summed<T> {
    fn new(inner: T) -> Self {
        Self {
            inner,
            sum: crc32fast::Hasher::new(),
        }
    }
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.sum.update(&into[..read]);
        Ok(read)
    }
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// So much is read or written at once, in bytes.
const BUFFER: usize = 1 << 18;
/// A trailer is no longer than this, in bytes.
const LONGEST: u64 = 4096;

/// A stream that comes in.
pub struct Incoming<R: Read> {
    batches: StreamReader<Summed<BufReader<R>>>,
    rows: u64,
}

impl<R: Read> Incoming<R> {
    /// Reads its schema.
    ///
    /// # Errors
    /// Where it has none.
    pub fn open(from: R) -> Result<Self> {
        let from = Summed::new(BufReader::with_capacity(BUFFER, from));
        Ok(Self {
            batches: StreamReader::try_new(from, None)?,
            rows: 0,
        })
    }

    /// Its schema.
    pub fn schema(&self) -> SchemaRef {
        self.batches.schema()
    }

    /// The next batch.
    ///
    /// # Errors
    /// Where it is not whole.
    pub fn batch(&mut self) -> Result<Option<RecordBatch>> {
        let Some(batch) = self.batches.next() else {
            return Ok(None);
        };
        let batch = batch?;
        self.rows += batch.num_rows() as u64;
        Ok(Some(batch))
    }

    /// Reads the trailer, and compares it with what was read. Gives how many rows there were.
    ///
    /// # Errors
    /// Where there is no trailer, or it says something else.
    pub fn close(mut self) -> Result<u64> {
        let sum = self.batches.get_ref().sum.clone().finalize();
        let mut line = Vec::new();
        let rest = &mut self.batches.get_mut().inner;
        rest.take(LONGEST).read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            let said = format!("the stream breaks off after {} rows, before its trailer", self.rows);
            return Err(Error::Stream(said));
        }
        let trailer: Trailer = serde_json::from_slice(&line)
            .map_err(|error| Error::Stream(format!("the trailer cannot be read: {error}")))?;
        self.compare(&trailer, sum)?;
        Ok(self.rows)
    }

    fn compare(&self, trailer: &Trailer, sum: u32) -> Result<()> {
        let Trailer {
            contract, rows_in, crc, ..
        } = *trailer;
        let said = if contract != CONTRACT {
            format!(
                "the other side keeps version {contract} of the contract, and this worker {CONTRACT}; use one version of both"
            )
        } else if rows_in != self.rows {
            format!("the trailer tells of {rows_in} rows, and {} came in", self.rows)
        } else if crc != sum {
            format!("the trailer has the checksum {crc:08x}, and the bytes that came in have {sum:08x}")
        } else {
            return Ok(());
        };
        Err(Error::Stream(said))
    }
}

/// A stream that goes out.
pub struct Outgoing<W: Write> {
    batches: StreamWriter<Summed<BufWriter<W>>>,
    rows: u64,
}

impl<W: Write> Outgoing<W> {
    /// Writes its schema.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn open(to: W, schema: &Schema) -> Result<Self> {
        let to = Summed::new(BufWriter::with_capacity(BUFFER, to));
        Ok(Self {
            batches: StreamWriter::try_new(to, schema)?,
            rows: 0,
        })
    }

    /// Writes a batch.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rows += batch.num_rows() as u64;
        Ok(self.batches.write(batch)?)
    }

    /// Ends the stream, and writes its trailer.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn close(mut self, rows_in: u64) -> Result<()> {
        self.batches.finish()?;
        let mut to = self.batches.into_inner()?;
        let trailer = Trailer {
            contract: CONTRACT,
            rows_in,
            rows_out: Some(self.rows),
            crc: to.sum.clone().finalize(),
        };
        let line = serde_json::to_string(&trailer).map_err(io::Error::from)?;
        writeln!(to, "{line}")?;
        Ok(to.flush()?)
    }
}
