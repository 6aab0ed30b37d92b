//! Seeds that two pieces share, gathered into chains: places that lie near each other in both, in nearly the same order.

/// A seed that two pieces share: its word in the earlier piece, and in the later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The word in the earlier piece.
    pub earlier: u32,
    /// The word in the later piece.
    pub later: u32,
}

/// Hits that belong together, by their place in the earlier piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The hits.
    pub hits: Vec<Hit>,
    /// How many words of the earlier piece their seeds cover, taking three for each.
    pub cover: u32,
    /// How many words the longest run of seeds covers that follow each other closely, alike in both pieces.
    pub firm: u32,
    /// Whether both pieces go on evenly from hit to hit.
    pub straight: bool,
    run: u32,
    least: u32,
    most: u32,
}

/// Two hits further apart than this, in words, belong to two chains.
pub const GAP: u32 = 60;
/// So many words a seed covers, about.
const SEED_WORDS: u32 = 3;
/// So many chains are open at once; the one that lags furthest behind is closed for a further one.
const OPEN: usize = 32;

impl Chain {
    fn new(hit: Hit) -> Self {
        Self {
            hits: vec![hit],
            cover: SEED_WORDS,
            firm: SEED_WORDS,
            straight: true,
            run: SEED_WORDS,
            least: hit.later,
            most: hit.later,
        }
    }

    fn last(&self) -> Hit {
        self.hits.last().copied().unwrap_or(Hit { earlier: 0, later: 0 })
    }

    /// How far away a hit is, where it belongs to the chain.
    fn distance(&self, hit: Hit) -> Option<u32> {
        let last = self.last();
        let (down, across) = (hit.earlier - last.earlier, hit.later.abs_diff(last.later));
        if down > GAP || across > GAP {
            return None;
        }
        // One side that goes on where the other stands still is a refrain, not a passage.
        let rows = hit.earlier - self.hits[0].earlier;
        let columns = self.most.max(hit.later) - self.least.min(hit.later);
        let even = rows <= 2 * columns + GAP && columns <= 2 * rows + GAP;
        even.then_some(down.abs_diff(across) * 4 + down)
    }

    fn push(&mut self, hit: Hit) {
        let last = self.last();
        let ahead = hit.earlier - last.earlier;
        self.cover += ahead.min(SEED_WORDS);
        let closely = ahead <= SEED_WORDS && hit.later.checked_sub(last.later) == Some(ahead);
        let across = hit.later.saturating_sub(last.later);
        self.straight &= hit.later > last.later && across.abs_diff(ahead) * 3 <= ahead.max(12);
        self.run = if closely { self.run + ahead } else { SEED_WORDS };
        self.firm = self.firm.max(self.run);
        self.least = self.least.min(hit.later);
        self.most = self.most.max(hit.later);
        self.hits.push(hit);
    }
}

/// Gathers the hits of two pieces, sorted, into chains.
pub fn chains(hits: impl IntoIterator<Item = Hit>, mut take: impl FnMut(Chain)) {
    let mut open: Vec<Chain> = Vec::new();
    for hit in hits {
        while let Some(at) = open.iter().position(|chain| hit.earlier - chain.last().earlier > GAP) {
            take(open.remove(at));
        }
        let near = open.iter_mut().filter_map(|chain| Some((chain.distance(hit)?, chain)));
        match near.min_by_key(|(distance, _)| *distance) {
            Some((_, chain)) => chain.push(hit),
            None => {
                if open.len() == OPEN {
                    take(open.remove(0));
                }
                open.push(Chain::new(hit));
            }
        }
    }
    open.into_iter().for_each(take);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(hits: &[(u32, u32)]) -> Vec<usize> {
        let mut found = Vec::new();
        let hits = hits.iter().map(|&(earlier, later)| Hit { earlier, later });
        chains(hits, |chain| found.push(chain.hits.len()));
        found.sort_unstable();
        found
    }

    #[test]
    fn hits_near_each_other_are_a_chain() {
        assert_eq!(found(&[(0, 100), (1, 101), (9, 105), (12, 103), (40, 140)]), [5]);
        assert_eq!(found(&[(0, 100), (1, 500), (2, 102), (3, 501)]), [2, 2]);
        assert_eq!(found(&[(0, 0), (GAP + 1, GAP + 1)]), [1, 1]);
    }

    #[test]
    fn a_refrain_is_no_long_chain() {
        let hits: Vec<(u32, u32)> = (0..2000).map(|line| (line / 300, line % 7 + line / 7 % 2)).collect();
        assert!(found(&hits).len() < 400);
        let standing: Vec<(u32, u32)> = (0..1000).map(|line| (line * 7, line * 7 % 14)).collect();
        assert!(found(&standing).iter().all(|&hits| hits < 30), "one side stands still");
    }

    #[test]
    fn a_firm_run_and_a_straight_chain_are_told() {
        let chain = |hits: &[(u32, u32)]| {
            let mut last = None;
            chains(hits.iter().map(|&(earlier, later)| Hit { earlier, later }), |chain| {
                last = Some(chain)
            });
            last.expect("a chain")
        };
        let firm = chain(&[(0, 5), (1, 6), (2, 7), (3, 8)]);
        assert_eq!((firm.firm, firm.cover, firm.straight), (6, 6, true));
        assert!(!chain(&[(0, 5), (10, 40), (20, 30)]).straight);
    }
}
