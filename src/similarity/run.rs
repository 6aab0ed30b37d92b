//! The steps of one run, in their order: read, gather, look up and compare, join, group.

use std::io;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};

use super::bucket::{Buckets, Gathering};
use super::chain::Hit;
use super::compare::{Match, Thresholds};
use super::exact::Classes;
use super::filter::Filter;
use super::index::{self, Index, PARTS};
use super::normal::Normal;
use super::piece::{Piece, pieces};
use super::seed::{Density, seeds};
use super::shelf::Shelf;
use super::texts::Texts;
use super::{Duplicates, Options, Pair, Place, Profile};
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
    pool.install(|| run(texts, options))
}

/// All steps.
fn run(texts: &dyn Texts, options: &Options<'_>) -> Result<Duplicates> {
    let plan = Plan::of(texts, options)?;
    if let Some(progress) = options.progress {
        progress.begin(plan.bytes * 3);
    }
    let found = Run::new(texts, options, &plan).find();
    if let Some(progress) = options.progress {
        progress.end();
    }
    found
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
    /// The piece that a word stands in.
    fn piece_of(&self, word: u32) -> usize {
        self.first_words.partition_point(|&first| first <= word) - 1
    }
}

impl<'a> Run<'a> {
    fn new(texts: &'a dyn Texts, options: &'a Options<'a>, plan: &'a Plan) -> Self {
        let room = usize::try_from(options.memory / 3).unwrap_or(usize::MAX);
        Self {
            texts,
            options,
            plan,
            shelf: Shelf::new(texts, &plan.pieces, room),
            thresholds: Thresholds::of(options),
            density: match options.profile {
                Profile::Fast => Density::Winnowed,
                Profile::Default | Profile::Thorough => Density::Words,
            },
            folder: options.temporary.clone().unwrap_or_else(std::env::temp_dir),
        }
    }

    fn find(&self) -> Result<Duplicates> {
        let t = std::time::Instant::now();
        let places = usize::try_from(self.plan.bytes.min(self.options.memory)).unwrap_or(usize::MAX);
        let filter = Filter::with_places(places);
        let read = self.read(&filter)?;
        eprintln!("read {:?}", t.elapsed());
        let t = std::time::Instant::now();
        let buckets = self.gather(&read, &filter)?;
        eprintln!("gather {:?}", t.elapsed());
        let t = std::time::Instant::now();
        let index = self.index(&buckets)?;
        eprintln!("index {:?}", t.elapsed());
        let t = std::time::Instant::now();
        let pairs = self.compare(&read, &filter, &index)?;
        eprintln!("compare {:?}", t.elapsed());
        Ok(Duplicates {
            pairs,
            left_out: read.failed,
            same: read.classes.classes,
            ..Duplicates::default()
        })
    }

    fn io(&self, text: usize, error: io::Error) -> Error {
        Error::io("read", self.texts.name(text), error)
    }

    /// Works on all pieces, each worker with a state of its own.
    fn each<S>(
        &self,
        start: impl Fn() -> S + Sync,
        work: impl Fn(&mut S, usize) -> Result<()> + Sync,
        end: impl Fn(S) -> Result<()> + Sync,
    ) -> Result<()> {
        let next = AtomicUsize::new(0);
        let failed = Mutex::new(None);
        let stopped = AtomicBool::new(false);
        let worker = || -> Result<()> {
            let mut state = start();
            loop {
                let piece = next.fetch_add(1, Ordering::Relaxed);
                let Some(place) = self.plan.pieces.get(piece).filter(|_| !stopped.load(Ordering::Relaxed)) else {
                    return end(state);
                };
                self.options.stop.heed()?;
                work(&mut state, piece)?;
                if let Some(progress) = self.options.progress {
                    progress.advance(place.end - place.start);
                }
            }
        };
        rayon::scope(|scope| {
            for _ in 0..rayon::current_num_threads() {
                scope.spawn(|_| {
                    if let Err(error) = worker() {
                        stopped.store(true, Ordering::Relaxed);
                        lock(&failed).get_or_insert(error);
                    }
                });
            }
        });
        failed
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .map_or(Ok(()), Err)
    }

    /// Reads all texts once: counts their words, notes their seeds, tells which are equal.
    fn read(&self, filter: &Filter) -> Result<Read> {
        let words: Vec<AtomicU32> = self.plan.pieces.iter().map(|_| AtomicU32::new(0)).collect();
        let digests: Mutex<Vec<(usize, [u8; 32])>> = Mutex::default();
        let failed = Mutex::new(self.plan.failed.clone());
        let start = || (Vec::new(), Normal::default(), Vec::new());
        self.each(
            start,
            |(bytes, normal, own), piece| {
                if let Err(error) = self.shelf.make(piece, bytes, normal) {
                    lock(&failed).push((self.plan.pieces[piece].text as usize, error.to_string()));
                    return Ok(());
                }
                words[piece].store(normal.words.len() as u32, Ordering::Relaxed);
                own.push((piece, *blake3::hash(bytes).as_bytes()));
                seeds(normal, self.density, |_, hash| filter.add(hash));
                self.shelf.keep(piece, normal);
                Ok(())
            },
            |(_, _, own)| {
                lock(&digests).extend(own);
                Ok(())
            },
        )?;
        let mut failed = failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        failed.sort();
        failed.dedup_by_key(|(text, _)| *text);
        let digests = digests.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(Read {
            first_words: self.first_words(&words)?,
            classes: Classes::of(&self.digests(digests, &failed)),
            failed,
        })
    }

    fn first_words(&self, words: &[AtomicU32]) -> Result<Vec<u32>> {
        let mut first_words = Vec::with_capacity(words.len() + 1);
        let mut sum = 0_u32;
        first_words.push(0);
        for words in words {
            let more = sum.checked_add(words.load(Ordering::Relaxed));
            sum = more.ok_or_else(|| {
                Error::Usage("these are more than four billion words; compare them in several runs".to_owned())
            })?;
            first_words.push(sum);
        }
        Ok(first_words)
    }

    /// A digest of each text from those of its pieces; none of one that is empty or was left out.
    fn digests(&self, mut of_pieces: Vec<(usize, [u8; 32])>, failed: &[(usize, String)]) -> Vec<Option<[u8; 32]>> {
        of_pieces.sort_unstable();
        let texts = 0..self.texts.count();
        texts
            .map(|text| {
                let pieces = self.plan.firsts[text]..self.plan.firsts[text + 1];
                let left_out = failed.binary_search_by_key(&text, |(text, _)| *text).is_ok();
                if left_out || self.texts.size(text) == 0 {
                    return None;
                }
                let from = of_pieces.partition_point(|(piece, _)| *piece < pieces.start);
                let own = of_pieces[from..].iter().take_while(|(piece, _)| *piece < pieces.end);
                let mut hasher = blake3::Hasher::new();
                own.for_each(|(_, digest)| {
                    hasher.update(digest);
                });
                Some(*hasher.finalize().as_bytes())
            })
            .collect()
    }

    /// Whether a piece is of a text that is compared: not one that was left out, nor one that is equal to an earlier one.
    fn is_compared(&self, read: &Read, piece: usize) -> bool {
        read.classes.is_first(self.plan.pieces[piece].text as usize)
            && read.first_words[piece] < read.first_words[piece + 1]
    }

    /// A piece, kept or made again in the memory of the last.
    fn with<T>(
        &self,
        read: &Read,
        piece: usize,
        state: &mut (Vec<u8>, Normal),
        work: impl FnOnce(&Normal) -> T,
    ) -> Result<T> {
        if let Some(kept) = self.shelf.kept(piece) {
            return Ok(work(kept));
        }
        let text = self.plan.pieces[piece].text as usize;
        self.shelf
            .make(piece, &mut state.0, &mut state.1)
            .map_err(|error| self.io(text, error))?;
        if state.1.words.len() as u32 != read.first_words[piece + 1] - read.first_words[piece] {
            return Err(self.io(text, io::Error::other("it changes while it is read")));
        }
        Ok(work(&state.1))
    }

    /// Gathers the seeds that may stand twice, by their hash.
    fn gather(&self, read: &Read, filter: &Filter) -> Result<Buckets> {
        let room = usize::try_from(self.options.memory / 3 / 8).unwrap_or(usize::MAX);
        let buckets = Buckets::with_room(room);
        let temporary = |error| Error::io("write to the temporary folder", &self.folder, error);
        self.each(
            || (Gathering::new(&buckets, &self.folder), (Vec::new(), Normal::default())),
            |(gathering, state), piece| {
                if !self.is_compared(read, piece) {
                    return Ok(());
                }
                let base = read.first_words[piece];
                let mut failed = None;
                self.with(read, piece, state, |normal| {
                    seeds(normal, self.density, |word, hash| {
                        if filter.is_repeated(hash) && failed.is_none() {
                            failed = gathering
                                .push(index::part_of(hash), index::entry(hash, base + word))
                                .err();
                        }
                    });
                })?;
                failed.map_or(Ok(()), |error| Err(temporary(error)))
            },
            |(gathering, _)| gathering.finish().map_err(temporary),
        )?;
        Ok(buckets)
    }

    fn index(&self, buckets: &Buckets) -> Result<Index> {
        use rayon::prelude::*;
        let parts: Result<Vec<index::Part>> = (0..PARTS)
            .into_par_iter()
            .map(|part| {
                let mut entries = buckets
                    .take(part)
                    .map_err(|error| Error::io("read from", &self.folder, error))?;
                entries.sort_unstable();
                entries.shrink_to_fit();
                Ok(index::Part::new(entries))
            })
            .collect();
        Ok(Index::new(parts?))
    }

    fn compare(&self, read: &Read, filter: &Filter, index: &Index) -> Result<Vec<Pair>> {
        let all: Mutex<Vec<(usize, Vec<(usize, Match)>)>> = Mutex::default();
        let cap = std::env::var("CAP").map_or(64, |v| v.parse().unwrap());
        self.each(
            || (Vec::new(), (Vec::new(), Normal::default()), Vec::<u64>::new()),
            |(own, state, hits), piece| {
                if !self.is_compared(read, piece) {
                    return Ok(());
                }
                let found = self.with(read, piece, state, |normal| -> Result<Vec<(usize, Match)>> {
                    let base = read.first_words[piece];
                    hits.clear();
                    let mut asked = Vec::new();
                    seeds(normal, self.density, |word, hash| {
                        if filter.is_repeated(hash) {
                            asked.push((word, hash, index.near(hash)))
                        }
                    });
                    for (word, hash, near) in asked {
                        let run = index.places(hash, near);
                        if run.len() < 2 {
                            continue;
                        }
                        let me = base + word;
                        if run.len() > cap {
                            if index::place(run[0]) < me {
                                hits.push((run[0] << 32) | u64::from(word))
                            }
                        } else {
                            for &e in run {
                                if index::place(e) >= me {
                                    break;
                                }
                                hits.push((e << 32) | u64::from(word))
                            }
                        }
                    }
                    hits.sort_unstable();
                    let mut found = Vec::new();
                    let mut pair: Vec<Hit> = Vec::new();
                    let mut rest = &hits[..];
                    while let Some(&first) = rest.first() {
                        let other = read.piece_of((first >> 32) as u32);
                        let end = read.first_words[other + 1];
                        let n = rest.iter().take_while(|hit| ((**hit >> 32) as u32) < end).count();
                        let b = read.first_words[other];
                        pair.clear();
                        pair.extend(rest[..n].iter().map(|hit| Hit {
                            earlier: (hit >> 32) as u32 - b,
                            later: *hit as u32,
                        }));
                        rest = &rest[n..];
                        let y = self
                            .shelf
                            .get(other)
                            .map_err(|error| self.io(self.plan.pieces[other].text as usize, error))?;
                        found.extend(
                            self.thresholds
                                .compare(&y, normal, other == piece, &pair)
                                .into_iter()
                                .map(|m| (other, m)),
                        );
                    }
                    Ok(found)
                })??;
                if !found.is_empty() {
                    own.push((piece, found));
                }
                Ok(())
            },
            |(own, _, _)| {
                lock(&all).extend(own);
                Ok(())
            },
        )?;
        let mut all = all.into_inner().unwrap();
        all.sort_by_key(|(piece, _)| *piece);
        let mut pairs = Vec::new();
        for (piece, found) in all {
            let x = self.shelf.get(piece).unwrap();
            for (other, m) in found {
                let y = self.shelf.get(other).unwrap();
                let (pa, pb) = (self.plan.pieces[other], self.plan.pieces[piece]);
                let (ra, rb) = (y.bytes_of(m.earlier.clone()), x.bytes_of(m.later.clone()));
                let words = m.earlier.len().min(m.later.len());
                pairs.push(Pair {
                    a: Place {
                        text: pa.text as usize,
                        start: pa.start + ra.start as u64,
                        end: pa.start + ra.end as u64,
                    },
                    b: Place {
                        text: pb.text as usize,
                        start: pb.start + rb.start as u64,
                        end: pb.start + rb.end as u64,
                    },
                    similarity: m.similarity,
                    words,
                    whole: y.paragraph_of(m.earlier.start) == m.earlier && x.paragraph_of(m.later.start) == m.later,
                    kind: super::Kind::Passage,
                    group: 0,
                });
            }
        }
        Ok(pairs)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
