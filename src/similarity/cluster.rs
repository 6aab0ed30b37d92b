//! Pairs gathered into groups: passages that resemble one of them.
//!
//! Places that lie over each other nearly whole are one node; pairs that were verified are the edges. What hangs together by a
//! chain of small likenesses may hold what has nothing in common, so it is no group: a group is the node with most neighbours,
//! these, and of their neighbours those that resemble it; then the next one, until each pair belongs to a group.

use std::collections::BTreeSet;

use super::{Pair, Place};

/// Passages that are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// A fingerprint of the words of a member; it stays when they move. 16 hexadecimal digits.
    pub id: String,
    /// Whether there are too many to list every pair.
    pub boilerplate: bool,
    /// Where they stand, in order.
    pub members: Vec<Place>,
    /// Words of the longest.
    pub words: usize,
}

/// Two places are one where they have so many fifths of the longer one in common.
const FIFTHS: u64 = 4;
/// So many places that were met last are compared with the next.
const VIEW: usize = 16;
/// So many neighbours of neighbours are compared with the medoid of a group.
const ASKED: usize = 256;

/// Groups of pairs, by number of the pair.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clusters {
    /// The pairs of each group, ascending.
    pub groups: Vec<Vec<usize>>,
    /// The node of each group that the others resemble.
    pub medoids: Vec<Place>,
    /// The nodes of each group, in order.
    pub members: Vec<Vec<Place>>,
}

/// Gathers pairs, sorted, into groups. Asks whether two places resemble each other where no pair says so.
pub fn clusters(pairs: &[Pair], mut resemble: impl FnMut(Place, Place) -> bool) -> Clusters {
    let nodes = Nodes::of(pairs);
    let mut order: Vec<usize> = (0..nodes.places.len()).collect();
    order.sort_by_key(|&node| std::cmp::Reverse(nodes.edges_of(node).len()));
    let mut taken = vec![false; pairs.len()];
    let mut clusters = Clusters::default();
    for medoid in order {
        let Some(members) = nodes.members(medoid, &taken, &mut resemble) else {
            continue;
        };
        let mut own = Vec::new();
        for edge in members.iter().flat_map(|&member| nodes.edges_of(member)) {
            let inside = nodes.ends[*edge].iter().all(|end| members.contains(end));
            if inside && !std::mem::replace(&mut taken[*edge], true) {
                own.push(*edge);
            }
        }
        own.sort_unstable();
        clusters.groups.push(own);
        clusters.medoids.push(nodes.places[medoid]);
        clusters
            .members
            .push(members.iter().map(|&node| nodes.places[node]).collect());
    }
    clusters.sort();
    clusters
}

impl Clusters {
    /// By their first member.
    fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.groups.len()).collect();
        order.sort_by_key(|&group| {
            (
                self.members[group].first().copied(),
                self.groups[group].first().copied(),
            )
        });
        self.groups = order
            .iter()
            .map(|&group| std::mem::take(&mut self.groups[group]))
            .collect();
        self.medoids = order.iter().map(|&group| self.medoids[group]).collect();
        self.members = order
            .iter()
            .map(|&group| std::mem::take(&mut self.members[group]))
            .collect();
    }
}

/// Places that lie over each other nearly whole, as one.
struct Nodes {
    /// The longest place of each, the first of several.
    places: Vec<Place>,
    /// The nodes of both sides of each pair.
    ends: Vec<[usize; 2]>,
    /// The pairs by node.
    edges: Vec<usize>,
    /// Where the pairs of each node begin.
    firsts: Vec<usize>,
}

impl Nodes {
    fn of(pairs: &[Pair]) -> Self {
        let mut sides: Vec<(Place, usize, usize)> = Vec::with_capacity(pairs.len() * 2);
        for (number, pair) in pairs.iter().enumerate() {
            sides.extend([(pair.a, number, 0), (pair.b, number, 1)]);
        }
        sides.sort_unstable();
        let mut nodes = Self {
            places: Vec::new(),
            ends: vec![[0; 2]; pairs.len()],
            edges: Vec::new(),
            firsts: Vec::new(),
        };
        let mut view: Vec<usize> = Vec::new();
        for (place, pair, side) in sides {
            view.retain(|&node| nodes.places[node].text == place.text && nodes.places[node].end > place.start);
            let node = view.iter().copied().find(|&node| is_same(nodes.places[node], place));
            nodes.ends[pair][side] = node.unwrap_or_else(|| nodes.open(place, &mut view));
        }
        nodes.link();
        nodes
    }

    fn open(&mut self, place: Place, view: &mut Vec<usize>) -> usize {
        self.places.push(place);
        view.push(self.places.len() - 1);
        if view.len() > VIEW {
            view.remove(0);
        }
        self.places.len() - 1
    }

    /// Notes the edges of each node.
    fn link(&mut self) {
        self.firsts = vec![0; self.places.len() + 1];
        self.ends.iter().flatten().for_each(|&end| self.firsts[end + 1] += 1);
        for node in 1..self.firsts.len() {
            self.firsts[node] += self.firsts[node - 1];
        }
        let mut next = self.firsts.clone();
        self.edges = vec![0; self.ends.len() * 2];
        for (edge, end) in self
            .ends
            .iter()
            .enumerate()
            .flat_map(|(edge, ends)| ends.map(|end| (edge, end)))
        {
            self.edges[next[end]] = edge;
            next[end] += 1;
        }
    }

    /// The pairs that a node is a side of.
    fn edges_of(&self, node: usize) -> &[usize] {
        &self.edges[self.firsts[node]..self.firsts[node + 1]]
    }

    /// The neighbours of a node by pairs that are not taken.
    fn neighbours<'a>(&'a self, node: usize, taken: &'a [bool]) -> impl Iterator<Item = usize> + 'a {
        let free = self.edges_of(node).iter().filter(|edge| !taken[**edge]);
        free.map(move |&edge| self.ends[edge][0] + self.ends[edge][1] - node)
    }

    /// The members of the group of a node, where it has one.
    fn members(
        &self,
        medoid: usize,
        taken: &[bool],
        resemble: &mut impl FnMut(Place, Place) -> bool,
    ) -> Option<BTreeSet<usize>> {
        let near: BTreeSet<usize> = self.neighbours(medoid, taken).collect();
        if near.is_empty() {
            return None;
        }
        let mut members = near.clone();
        members.insert(medoid);
        let mut asked = BTreeSet::new();
        for other in near.iter().flat_map(|&near| self.neighbours(near, taken)) {
            if asked.len() >= ASKED {
                break;
            }
            if !members.contains(&other) && asked.insert(other) && resemble(self.places[medoid], self.places[other]) {
                members.insert(other);
            }
        }
        Some(members)
    }
}

fn is_same(one: Place, other: Place) -> bool {
    let common = one.end.min(other.end).saturating_sub(one.start.max(other.start));
    one.text == other.text && common * 5 >= one.length().max(other.length()) * FIFTHS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::similarity::Kind;

    fn place(text: usize, start: u64) -> Place {
        Place {
            text,
            start,
            end: start + 100,
        }
    }

    fn pair(a: Place, b: Place) -> Pair {
        Pair {
            a,
            b,
            similarity: 0.9,
            words: 20,
            whole: false,
            kind: Kind::Passage,
            group: 0,
        }
    }

    #[test]
    fn places_that_lie_over_each_other_are_one() {
        let pairs = [pair(place(0, 0), place(1, 0)), pair(place(0, 5), place(2, 0))];
        let found = clusters(&pairs, |_, _| true);
        assert_eq!(found.groups, [[0, 1]]);
        assert_eq!(found.members[0], [place(0, 0), place(1, 0), place(2, 0)]);
    }

    #[test]
    fn a_chain_of_likenesses_is_no_group() {
        // 1 is like 0 and 2, and 2 is like 3, but 3 is unlike 1.
        let pairs = [
            pair(place(0, 0), place(1, 0)),
            pair(place(1, 0), place(2, 0)),
            pair(place(2, 0), place(3, 0)),
        ];
        let found = clusters(&pairs, |_, other| other.text != 3);
        assert_eq!(found.groups, [vec![0, 1], vec![2]]);
        assert_eq!(found.medoids, [place(1, 0), place(2, 0)]);
    }

    #[test]
    fn other_places_of_one_text_stay_apart() {
        let pairs = [pair(place(0, 0), place(1, 0)), pair(place(0, 500), place(2, 0))];
        assert_eq!(clusters(&pairs, |_, _| true).groups, [[0], [1]]);
    }
}
