//! The steps of one run, in their order: read, gather, link, compare, settle.

mod batch;

use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::bucket::{Buckets, Gatherings};
use super::chain::Hit;
use super::compare::Thresholds;
use super::exact::{self, Classes};
use super::exemplar::{Exemplars, Size};
use super::extent::Desk;
use super::filter::Filter;
use super::hits::{self, Cuts};
use super::index::{self, Crowd, PARTS};
use super::normal::Normal;
use super::piece::{Piece, pieces};
use super::seed::{Density, Seed, seeds};
use super::settle::{Raw, settle};
use super::shelf::Shelf;
use super::texts::Texts;
use super::{Duplicates, Options};
use crate::error::{Error, Result};

/// Finds the passages of texts that stand twice.
pub(super) fn find(texts: &dyn Texts, options: &Options<'_>) -> Result<Duplicates> {
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = options.threads {
        pool = pool.num_threads(threads);
    }
    let pool = pool
        .build()
        .map_err(|error| Error::Usage(format!("cannot start threads: {error}")))?;
    pool.install(|| {
        let plan = Plan::of(texts, options)?;
        if let Some(progress) = options.progress {
            progress.begin(plan.bytes * 3);
        }
        let found = Run::new(texts, options, &plan).find();
        if let Some(progress) = options.progress {
            progress.end();
        }
        found
    })
}

/// The pieces of all texts.
struct Plan {
    pieces: Vec<Piece>,
    /// The first piece of each text, and the number of all behind the last.
    firsts: Vec<usize>,
    /// Texts that cannot be read.
    failed: Vec<(usize, String)>,
    bytes: u64,
}

impl Plan {
    fn of(texts: &dyn Texts, options: &Options<'_>) -> Result<Self> {
        let mut plan = Self {
            pieces: Vec::with_capacity(texts.count()),
            firsts: Vec::with_capacity(texts.count() + 1),
            failed: Vec::new(),
            bytes: 0,
        };
        for text in 0..texts.count() {
            options.stop.heed()?;
            plan.firsts.push(plan.pieces.len());
            match pieces(texts, text) {
                Ok(pieces) => plan.pieces.extend(pieces),
                Err(error) => plan.failed.push((text, error.to_string())),
            }
            plan.bytes += texts.size(text);
        }
        plan.firsts.push(plan.pieces.len());
        Ok(plan)
    }

    fn text_of(&self, piece: usize) -> usize {
        self.pieces[piece].text as usize
    }
}

/// What the steps share.
struct Run<'a> {
    texts: &'a dyn Texts,
    options: &'a Options<'a>,
    plan: &'a Plan,
    shelf: Shelf<'a>,
    thresholds: Thresholds,
    density: Density,
    folder: PathBuf,
    /// How many pairs of pieces exemplars tell of.
    told: AtomicUsize,
}

/// What reading the texts has given.
struct Read {
    /// The number of the first word of each piece among all words, and of all behind the last.
    first_words: Vec<u32>,
    /// About how many seeds each piece has.
    sizes: Vec<Size>,
    classes: Classes,
    failed: Vec<(usize, String)>,
}

impl Read {
    fn words(&self) -> usize {
        self.first_words.last().copied().unwrap_or_default() as usize
    }

    /// The piece that a word stands in.
    fn piece_of(&self, word: u32) -> usize {
        self.first_words.partition_point(|&first| first <= word) - 1
    }
}

/// What one thread works with.
#[derive(Default)]
struct Worker {
    bytes: Vec<u8>,
    normal: Normal,
    /// A second one.
    other: Normal,
    seeds: Vec<Seed>,
    hits: Vec<Hit>,
    exemplars: Exemplars,
    /// How many pairs of pieces exemplars tell of.
    told: usize,
    candidates: Vec<batch::Candidate>,
    desk: Desk,
    found: Vec<Raw>,
}

impl<'a> Run<'a> {
    fn new(texts: &'a dyn Texts, options: &'a Options<'a>, plan: &'a Plan) -> Self {
        Self {
            texts,
            options,
            plan,
            shelf: Shelf::new(texts, &plan.pieces, share(options, 4)),
            thresholds: Thresholds::of(options),
            density: Density::of(options.profile),
            folder: options.temporary.clone().unwrap_or_else(std::env::temp_dir),
            told: AtomicUsize::new(0),
        }
    }

    fn find(mut self) -> Result<Duplicates> {
        let (read, places) = self.places()?;
        let cuts = Cuts::of(&read.first_words, PARTS);
        let (pairs, most) = self.link(&read, &cuts, &places)?;
        drop(places);
        let found = self.compare(&read, &cuts, &pairs)?;
        drop(pairs);
        self.shelf.clear();
        let words = self.words(&read);
        let duplicates = settle(self.texts, self.options, &self.thresholds, &read.classes, most, found)?;
        Ok(Duplicates {
            words,
            left_out: read.failed,
            represented: self.told.into_inner(),
            ..duplicates
        })
    }

    /// Reads all texts, and gathers the places of seeds that may stand twice.
    fn places(&self) -> Result<(Read, Buckets)> {
        let places = usize::try_from(self.plan.bytes).unwrap_or(usize::MAX);
        let filter = Filter::with_places(places, share(self.options, 4));
        let read = self.read(&filter)?;
        let places = self.gather(&read, &filter)?;
        Ok((read, places))
    }

    fn words(&self, read: &Read) -> Vec<usize> {
        let first = |piece: usize| read.first_words[piece] as usize;
        let pieces = self.plan.firsts.windows(2);
        pieces.map(|two| first(two[1]) - first(two[0])).collect()
    }

    fn unreadable(&self, piece: usize, error: io::Error) -> Error {
        Error::io("read", self.texts.name(self.plan.text_of(piece)), error)
    }

    fn temporary(&self, error: io::Error) -> Error {
        Error::io("keep temporary files in", &self.folder, error)
    }

    /// Works on some pieces, or other things with a number, on all threads, and gives what the threads worked with.
    fn each(&self, all: Range<usize>, work: impl Fn(&mut Worker, usize) -> Result<()> + Sync) -> Result<Vec<Worker>> {
        let next = AtomicUsize::new(all.start);
        let stopped = AtomicBool::new(false);
        let one = |_| {
            let mut worker = Worker::default();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= all.end || stopped.load(Ordering::Relaxed) {
                    return Ok(worker);
                }
                let done = self.options.stop.heed().and_then(|()| work(&mut worker, number));
                if let Err(error) = done {
                    stopped.store(true, Ordering::Relaxed);
                    return Err(error);
                }
            }
        };
        (0..rayon::current_num_threads())
            .into_par_iter()
            .with_max_len(1)
            .map(one)
            .collect()
    }

    /// Tells that a step is done for a piece.
    fn advance(&self, piece: usize) {
        if let Some(progress) = self.options.progress {
            progress.advance(self.plan.pieces[piece].length());
        }
    }

    /// Reads all texts once: counts their words, notes their seeds, tells which are equal.
    fn read(&self, filter: &Filter) -> Result<Read> {
        let count = self.plan.pieces.len();
        let words: Vec<AtomicU32> = (0..count).map(|_| AtomicU32::new(0)).collect();
        let sizes: Vec<AtomicU8> = (0..count).map(|_| AtomicU8::new(0)).collect();
        let digests = Mutex::new(vec![None; count]);
        let failed = Mutex::new(self.plan.failed.clone());
        self.each(0..count, |worker, piece| {
            self.advance(piece);
            if let Err(error) = self.shelf.make(piece, &mut worker.bytes, &mut worker.normal) {
                lock(&failed).push((self.plan.text_of(piece), error.to_string()));
                return Ok(());
            }
            words[piece].store(narrow(worker.normal.words.len()), Ordering::Relaxed);
            let digest = *blake3::hash(&worker.bytes).as_bytes();
            lock(&digests)[piece] = Some(digest);
            seeds(&worker.normal, self.density, &mut worker.seeds);
            sizes[piece].store(Size::of(worker.seeds.len()).number(), Ordering::Relaxed);
            filter.add(&worker.seeds);
            self.shelf.keep(piece, &worker.normal);
            Ok(())
        })?;
        let mut failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
        // The message of the first place that is wrong, whichever thread met it first.
        failed.sort();
        failed.dedup_by_key(|(text, _)| *text);
        Ok(Read {
            first_words: first_words(&words)?,
            sizes: sizes
                .iter()
                .map(|size| Size::from_number(size.load(Ordering::Relaxed)))
                .collect(),
            classes: Classes::of(&self.digests(&lock(&digests), &failed)),
            failed,
        })
    }

    /// A digest of each text from those of its pieces; none of one that is empty or was left out.
    fn digests(&self, of_pieces: &[Option<[u8; 32]>], failed: &[(usize, String)]) -> Vec<Option<[u8; 32]>> {
        let digest = |text: usize| {
            let left_out = failed.binary_search_by_key(&text, |(text, _)| *text).is_ok();
            if left_out || self.texts.size(text) == 0 {
                return None;
            }
            let own = &of_pieces[self.plan.firsts[text]..self.plan.firsts[text + 1]];
            let own: Option<Vec<&[u8; 32]>> = own.iter().map(Option::as_ref).collect();
            own.map(exact::digest_of)
        };
        (0..self.texts.count()).map(digest).collect()
    }

    /// Whether a piece is of a text that is compared: not one that was left out, nor one that is equal to an earlier one.
    fn is_compared(&self, read: &Read, piece: usize) -> bool {
        let text = self.plan.text_of(piece);
        let left_out = || read.failed.binary_search_by_key(&text, |(text, _)| *text).is_ok();
        read.classes.is_first(text) && read.first_words[piece] < read.first_words[piece + 1] && !left_out()
    }

    /// A piece, kept or made again in the memory of another one.
    fn had<'n>(&'n self, read: &Read, piece: usize, bytes: &mut Vec<u8>, other: &'n mut Normal) -> Result<&'n Normal> {
        if let Some(kept) = self.shelf.kept(piece) {
            return Ok(kept);
        }
        let made = self.shelf.make(piece, bytes, other);
        made.map_err(|error| self.unreadable(piece, error))?;
        if narrow(other.words.len()) != read.first_words[piece + 1] - read.first_words[piece] {
            return Err(self.unreadable(piece, io::Error::other("it changes while it is read")));
        }
        Ok(other)
    }

    /// Gathers the seeds that may stand twice, by their hash.
    fn gather(&self, read: &Read, filter: &Filter) -> Result<Buckets> {
        let buckets = Buckets::with_room(share(self.options, 5) / size_of::<u64>());
        let gatherings = Gatherings::new(&buckets, &self.folder);
        self.each(0..self.plan.pieces.len(), |worker, piece| {
            self.advance(piece);
            if !self.is_compared(read, piece) {
                return Ok(());
            }
            let base = read.first_words[piece];
            let normal = self.had(read, piece, &mut worker.bytes, &mut worker.normal)?;
            seeds(normal, self.density, &mut worker.seeds);
            filter.retain_repeated(&mut worker.seeds);
            let mut seeds = worker.seeds.iter();
            let gathered = gatherings.with(|gathering| {
                seeds.try_for_each(|seed| {
                    gathering.push(index::part_of(seed.hash), index::entry(seed.hash, base + seed.word))
                })
            });
            gathered.map_err(|error| self.temporary(error))
        })?;
        gatherings.finish().map_err(|error| self.temporary(error))?;
        Ok(buckets)
    }

    /// Links the places of each seed, by the later one; tells from how many places on a seed was frequent.
    fn link(&self, read: &Read, cuts: &Cuts, places: &Buckets) -> Result<(Buckets, usize)> {
        let most = self.crowd(places)?.frequent(read.words());
        let pairs = Buckets::with_room(share(self.options, 4) / size_of::<u64>());
        let gatherings = Gatherings::new(&pairs, &self.folder);
        (0..PARTS).into_par_iter().try_for_each(|part| {
            let entries = self.sorted(places, part)?;
            let linked = gatherings.with(|gathering| {
                index::links(&entries, most, |later, earlier| {
                    let part = cuts.part_of(later);
                    let mut pairs = earlier.iter().map(|&earlier| hits::pair(later, index::place(earlier)));
                    pairs.try_for_each(|pair| gathering.push(part, pair))
                })
            });
            linked.map_err(|error| self.temporary(error))
        })?;
        gatherings.finish().map_err(|error| self.temporary(error))?;
        Ok((pairs, most))
    }

    /// How often seeds stand. Leaves them sorted.
    fn crowd(&self, buckets: &Buckets) -> Result<Crowd> {
        let part = |part: usize| -> Result<Crowd> {
            let entries = self.sorted(buckets, part)?;
            let crowd = Crowd::of(&entries);
            buckets.put(part, entries);
            Ok(crowd)
        };
        let parts: Vec<Crowd> = (0..PARTS).into_par_iter().map(part).collect::<Result<_>>()?;
        Ok(parts.iter().fold(Crowd::default(), |crowd, part| crowd.and(part)))
    }

    fn sorted(&self, buckets: &Buckets, part: usize) -> Result<Vec<u64>> {
        self.options.stop.heed()?;
        let mut entries = buckets.take(part).map_err(|error| self.temporary(error))?;
        entries.sort_unstable();
        Ok(entries)
    }
}

/// So large a share of the memory, in bytes.
fn share(options: &Options<'_>, part: u64) -> usize {
    usize::try_from(options.memory / part).unwrap_or(usize::MAX)
}

fn first_words(words: &[AtomicU32]) -> Result<Vec<u32>> {
    let mut first_words = Vec::with_capacity(words.len() + 1);
    let mut sum = 0_u32;
    first_words.push(0);
    for words in words {
        let too_many =
            || Error::Usage("these are more than four billion words; compare them in several runs".to_owned());
        sum = sum.checked_add(words.load(Ordering::Relaxed)).ok_or_else(too_many)?;
        first_words.push(sum);
    }
    Ok(first_words)
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The value behind a lock, whatever became of a thread that held it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
