//! Pieces in their comparable form: kept where there is room, made again from the text where there is none.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::normal::Normal;
use super::piece::Piece;
use super::texts::Texts;

/// Where pieces are had in their comparable form.
pub struct Shelf<'a> {
    texts: &'a dyn Texts,
    pieces: &'a [Piece],
    kept: Vec<OnceLock<Arc<Normal>>>,
    room: AtomicUsize,
    recent: Vec<Mutex<Recent>>,
    recent_room: usize,
}

/// Pieces that were made not long ago, in one of several parts.
#[derive(Debug, Default)]
struct Recent {
    normals: HashMap<u32, Arc<Normal>>,
    order: VecDeque<u32>,
    bytes: usize,
}

/// Parts of what is recent, so that threads seldom wait for each other.
const SHARDS: usize = 16;

impl std::fmt::Debug for Shelf<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf")
            .field("pieces", &self.pieces.len())
            .finish_non_exhaustive()
    }
}

impl<'a> Shelf<'a> {
    /// A shelf that keeps so many bytes, and lends as many again as a fourth of that.
    pub fn new(texts: &'a dyn Texts, pieces: &'a [Piece], room: usize) -> Self {
        Self {
            texts,
            pieces,
            kept: (0..pieces.len()).map(|_| OnceLock::new()).collect(),
            room: AtomicUsize::new(room / 5 * 4),
            recent: (0..SHARDS).map(|_| Mutex::default()).collect(),
            recent_room: room / 5 / SHARDS,
        }
    }

    /// Makes the comparable form of a piece from its text, in the memory of another one.
    ///
    /// # Errors
    /// Where the text cannot be read or is not UTF-8.
    pub fn make(&self, piece: usize, bytes: &mut Vec<u8>, normal: &mut Normal) -> io::Result<()> {
        let place = self.pieces[piece];
        self.texts.read(place.text as usize, place.range(), bytes)?;
        let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(place.start + error.valid_up_to() as u64))?;
        normal.refill(text);
        Ok(())
    }

    /// Keeps a piece, where there is room.
    pub fn keep(&self, piece: usize, normal: &Normal) {
        let size = normal.footprint();
        let taken = self
            .room
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |room| room.checked_sub(size));
        if taken.is_ok() {
            let _ = self.kept[piece].set(Arc::new(normal.compact()));
        }
    }

    /// A piece that is kept.
    pub fn kept(&self, piece: usize) -> Option<&Arc<Normal>> {
        self.kept[piece].get()
    }

    /// A piece, whether it is kept or not.
    ///
    /// # Errors
    /// As [`Shelf::make`].
    pub fn get(&self, piece: usize) -> io::Result<Arc<Normal>> {
        if let Some(kept) = self.kept(piece) {
            return Ok(Arc::clone(kept));
        }
        let number = u32::try_from(piece).unwrap_or(u32::MAX);
        let shard = &self.recent[piece % SHARDS];
        if let Some(recent) = lock(shard).normals.get(&number) {
            return Ok(Arc::clone(recent));
        }
        let mut normal = Normal::default();
        self.make(piece, &mut Vec::new(), &mut normal)?;
        let normal = Arc::new(normal.compact());
        lock(shard).put(number, &normal, self.recent_room);
        Ok(normal)
    }
}

impl Recent {
    fn put(&mut self, piece: u32, normal: &Arc<Normal>, room: usize) {
        if self.normals.insert(piece, Arc::clone(normal)).is_some() {
            return;
        }
        self.bytes += normal.footprint();
        self.order.push_back(piece);
        while self.bytes > room
            && let Some(oldest) = self.order.pop_front()
        {
            self.bytes -= self.normals.remove(&oldest).map_or(0, |normal| normal.footprint());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn not_utf8(at: u64) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("it is not UTF-8: the first byte that is wrong is {at}"),
    )
}
