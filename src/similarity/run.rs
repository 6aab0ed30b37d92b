//! The steps of one run, in their order: read, gather, look up and compare, settle.

use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::bucket::{Buckets, Gathering};
use super::chain::Hit;
use super::compare::Thresholds;
use super::exact::{self, Classes};
use super::extent::Desk;
use super::filter::Filter;
use super::index::{self, Crowd, Index, PARTS, Part};
use super::normal::Normal;
use super::piece::{Piece, pieces};
use super::seed::{Density, Seed, seeds};
use super::settle::{Raw, settle};
use super::shelf::Shelf;
use super::step::{self, Portion};
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
}

/// What reading the texts has given.
struct Read {
    /// The number of the first word of each piece among all words, and of all behind the last.
    first_words: Vec<u32>,
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

/// Where the seeds stand of a run of pieces.
struct Block {
    pieces: Range<usize>,
    several: Index,
}

/// What one thread works with.
#[derive(Default)]
struct Worker {
    bytes: Vec<u8>,
    normal: Normal,
    seeds: Vec<Seed>,
    rest: Vec<Seed>,
    near: Vec<(u32, u32)>,
    hits: Vec<u64>,
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
        }
    }

    fn find(&self) -> Result<Duplicates> {
        let places = usize::try_from(self.plan.bytes).unwrap_or(usize::MAX);
        let filter = Filter::with_places(places, share(self.options, 4));
        let read = self.read(&filter)?;
        let buckets = self.gather(&read, &filter)?;
        let (found, most) = self.look_up(&read, &filter, &buckets)?;
        drop((filter, buckets));
        let words = self.words(&read);
        let duplicates = settle(self.texts, self.options, &self.thresholds, &read.classes, most, found)?;
        Ok(Duplicates {
            words,
            left_out: read.failed,
            ..duplicates
        })
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

    /// Works on some pieces on all threads, and gives what the threads worked with.
    fn each(
        &self,
        pieces: Range<usize>,
        work: impl Fn(&mut Worker, usize) -> Result<()> + Sync,
    ) -> Result<Vec<Worker>> {
        let next = AtomicUsize::new(pieces.start);
        let stopped = AtomicBool::new(false);
        let one = |_| {
            let mut worker = Worker::default();
            loop {
                let piece = next.fetch_add(1, Ordering::Relaxed);
                if piece >= pieces.end || stopped.load(Ordering::Relaxed) {
                    return Ok(worker);
                }
                let done = self.options.stop.heed().and_then(|()| work(&mut worker, piece));
                if let Err(error) = done {
                    stopped.store(true, Ordering::Relaxed);
                    return Err(error);
                }
                if let Some(progress) = self.options.progress {
                    progress.advance(self.plan.pieces[piece].length());
                }
            }
        };
        (0..rayon::current_num_threads())
            .into_par_iter()
            .with_max_len(1)
            .map(one)
            .collect()
    }

    /// Reads all texts once: counts their words, notes their seeds, tells which are equal.
    fn read(&self, filter: &Filter) -> Result<Read> {
        let count = self.plan.pieces.len();
        let words: Vec<AtomicU32> = (0..count).map(|_| AtomicU32::new(0)).collect();
        let digests = Mutex::new(vec![None; count]);
        let failed = Mutex::new(self.plan.failed.clone());
        self.each(0..count, |worker, piece| {
            if let Err(error) = self.shelf.make(piece, &mut worker.bytes, &mut worker.normal) {
                lock(&failed).push((self.plan.text_of(piece), error.to_string()));
                return Ok(());
            }
            words[piece].store(narrow(worker.normal.words.len()), Ordering::Relaxed);
            let digest = *blake3::hash(&worker.bytes).as_bytes();
            lock(&digests)[piece] = Some(digest);
            seeds(&worker.normal, self.density, &mut worker.seeds);
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

    /// Works on a piece, kept or made again in the memory of the last.
    fn with<T>(
        &self,
        read: &Read,
        piece: usize,
        worker: &mut Worker,
        work: impl FnOnce(&Normal, &mut Worker) -> T,
    ) -> Result<T> {
        if let Some(kept) = self.shelf.kept(piece) {
            return Ok(work(kept, worker));
        }
        let mut normal = std::mem::take(&mut worker.normal);
        let made = self.shelf.make(piece, &mut worker.bytes, &mut normal);
        made.map_err(|error| self.unreadable(piece, error))?;
        if narrow(normal.words.len()) != read.first_words[piece + 1] - read.first_words[piece] {
            return Err(self.unreadable(piece, io::Error::other("it changes while it is read")));
        }
        let done = work(&normal, worker);
        worker.normal = normal;
        Ok(done)
    }

    /// Gathers the seeds that may stand twice, by their hash.
    fn gather(&self, read: &Read, filter: &Filter) -> Result<Buckets> {
        let buckets = Buckets::with_room(share(self.options, 5) / size_of::<u64>());
        let gatherings: Mutex<Vec<Gathering<'_>>> = Mutex::default();
        self.each(0..self.plan.pieces.len(), |worker, piece| {
            if !self.is_compared(read, piece) {
                return Ok(());
            }
            let base = read.first_words[piece];
            let taken = lock(&gatherings).pop();
            let mut gathering = taken.unwrap_or_else(|| Gathering::new(&buckets, &self.folder));
            let pushed = self.with(read, piece, worker, |normal, worker| {
                seeds(normal, self.density, &mut worker.seeds);
                filter.retain_repeated(&mut worker.seeds);
                let mut seeds = worker.seeds.iter();
                seeds.try_for_each(|seed| {
                    gathering.push(index::part_of(seed.hash), index::entry(seed.hash, base + seed.word))
                })
            })?;
            lock(&gatherings).push(gathering);
            pushed.map_err(|error| self.temporary(error))
        })?;
        let gatherings = gatherings.into_inner().unwrap_or_else(PoisonError::into_inner);
        let finish = |gathering: Gathering<'_>| gathering.finish().map_err(|error| self.temporary(error));
        gatherings.into_iter().try_for_each(finish)?;
        Ok(buckets)
    }

    /// Compares all pieces, by as many blocks as memory demands; tells from how many places on a seed was frequent.
    fn look_up(&self, read: &Read, filter: &Filter, buckets: &Buckets) -> Result<(Vec<Raw>, usize)> {
        let crowd = self.crowd(buckets)?;
        let most = crowd.frequent(read.words());
        let room = share(self.options, 4) / (size_of::<u64>() + size_of::<u32>());
        let blocks = match buckets.is_spilled() {
            true => crowd.places(most).div_ceil(room.max(1)).max(1),
            false => 1,
        };
        let all = 0..self.plan.pieces.len();
        if blocks == 1 {
            let (several, frequent) = self.divide(buckets, most, |_| true)?;
            let found = self.compare(read, filter, &Block { pieces: all, several }, &frequent)?;
            return Ok((found, most));
        }
        let (_, frequent) = self.divide(buckets, most, |_| false)?;
        let mut found = Vec::new();
        for pieces in self.blocks(read, blocks) {
            let words = read.first_words[pieces.start]..read.first_words[pieces.end];
            let (several, _) = self.divide(buckets, most, |place| words.contains(&place))?;
            found.extend(self.compare(read, filter, &Block { pieces, several }, &frequent)?);
        }
        Ok((found, most))
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

    /// Runs of pieces with about as many words each.
    fn blocks(&self, read: &Read, count: usize) -> Vec<Range<usize>> {
        let words = read.words();
        let cut = |block: usize| {
            let word = narrow(words * block / count);
            read.first_words
                .partition_point(|&first| first < word)
                .min(self.plan.pieces.len())
        };
        let mut cuts: Vec<usize> = (0..count).map(cut).chain([self.plan.pieces.len()]).collect();
        cuts[0] = 0;
        cuts.windows(2)
            .map(|two| two[0]..two[1])
            .filter(|block| !block.is_empty())
            .collect()
    }

    /// The index of seeds that stand in several places, of which only some are wanted, and that of frequent ones.
    fn divide(&self, buckets: &Buckets, most: usize, wanted: impl Fn(u32) -> bool + Sync) -> Result<(Index, Index)> {
        let part = |part: usize| -> Result<(Part, Part)> {
            let entries = self.sorted(buckets, part)?;
            let (mut several, frequent) = index::divide(&entries, most);
            several.retain(|&entry| wanted(index::place(entry)));
            several.shrink_to_fit();
            Ok((Part::new(several), Part::new(frequent)))
        };
        let parts: Vec<(Part, Part)> = (0..PARTS).into_par_iter().map(part).collect::<Result<_>>()?;
        let (several, frequent) = parts.into_iter().unzip();
        Ok((Index::new(several), Index::new(frequent)))
    }

    /// Compares the pieces of a block, and all behind it, with those of the block.
    fn compare(&self, read: &Read, filter: &Filter, block: &Block, frequent: &Index) -> Result<Vec<Raw>> {
        let workers = self.each(block.pieces.start..self.plan.pieces.len(), |worker, piece| {
            if !self.is_compared(read, piece) {
                return Ok(());
            }
            self.with(read, piece, worker, |normal, worker| {
                self.hits(read, filter, block, frequent, piece, normal, worker);
                self.pairs(read, piece, normal, worker)
            })?
        })?;
        Ok(workers.into_iter().flat_map(|worker| worker.found).collect())
    }

    /// The earlier places of the seeds of a piece: the place in the upper half, the word in the lower, sorted.
    #[expect(
        clippy::too_many_arguments,
        reason = "what one step of the run takes from those before"
    )]
    fn hits(
        &self,
        read: &Read,
        filter: &Filter,
        block: &Block,
        frequent: &Index,
        piece: usize,
        normal: &Normal,
        worker: &mut Worker,
    ) {
        let Worker {
            seeds: asked,
            rest,
            near,
            hits,
            ..
        } = worker;
        let base = read.first_words[piece];
        seeds(normal, self.density, asked);
        filter.retain_repeated(asked);
        let words = read.first_words[block.pieces.start]..read.first_words[block.pieces.end];
        hits.clear();
        let mut hit = |word: u32, run: &[u64]| {
            let earlier = run.iter().take_while(|&&entry| index::place(entry) < base + word);
            let inside = earlier.filter(|&&entry| words.contains(&index::place(entry)));
            hits.extend(inside.map(|entry| entry << 32 | u64::from(word)));
        };
        rest.clear();
        block.several.look_up(asked, near, |seed, run| match run {
            [] => rest.push(seed),
            run => hit(seed.word, run),
        });
        frequent.look_up(rest, near, |seed, run| hit(seed.word, run));
        hits.sort_unstable();
    }

    /// Compares a piece with each that it shares seeds with.
    fn pairs(&self, read: &Read, piece: usize, normal: &Normal, worker: &mut Worker) -> Result<()> {
        let mut shared: Vec<Hit> = Vec::new();
        for (other, hits) in candidates(read, &worker.hits) {
            let start = read.first_words[other];
            shared.clear();
            shared.extend(hits.iter().map(|hit| Hit {
                earlier: (hit >> 32) as u32 - start,
                later: *hit as u32,
            }));
            let chains = self.thresholds.chains(&shared);
            if chains.is_empty() && !self.thresholds.looks_at_paragraphs(normal, &shared) {
                continue;
            }
            let made;
            let earlier: &Normal = match self.shelf.kept(other) {
                Some(kept) => kept,
                None => {
                    made = self.shelf.get(other).map_err(|error| self.unreadable(other, error))?;
                    &made
                }
            };
            let two = [self.part(other, earlier), self.part(piece, normal)];
            let found = step::compare(&self.thresholds, two, &shared, &chains, &mut worker.desk);
            worker.found.extend(found);
        }
        Ok(())
    }

    fn part<'n>(&self, piece: usize, normal: &'n Normal) -> Portion<'n> {
        let text = self.plan.text_of(piece);
        Portion {
            text,
            start: self.plan.pieces[piece].start,
            last: piece + 1 == self.plan.firsts[text + 1],
            normal,
        }
    }
}

/// The pieces that a piece shares seeds with, and the seeds.
fn candidates<'a>(read: &Read, hits: &'a [u64]) -> Vec<(usize, &'a [u64])> {
    let mut candidates = Vec::new();
    let mut rest = hits;
    while let Some(&first) = rest.first() {
        let other = read.piece_of((first >> 32) as u32);
        let end = u64::from(read.first_words[other + 1]);
        let count = rest.iter().take_while(|hit| **hit >> 32 < end).count();
        let (own, others) = rest.split_at(count);
        candidates.push((other, own));
        rest = others;
    }
    candidates
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
