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
pub fn clusters(pairs: &[Pair], resemble: impl FnMut(Place, Place) -> bool) -> Clusters {
    Nodes::of(pairs).clusters(resemble)
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
#[derive(Clone, Debug)]
pub struct Nodes {
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
        let mut ends = vec![[0; 2]; pairs.len()];
        let mut open = Opened::default();
        for (place, pair, side) in sides {
            ends[pair][side] = open.node_of(place);
        }
        Self::with(open.places, ends)
    }

    /// Of the places of all nodes, in order, and the numbers of the nodes of both sides of each pair.
    pub fn with(places: Vec<Place>, ends: Vec<[usize; 2]>) -> Self {
        let mut nodes = Self {
            places,
            ends,
            edges: Vec::new(),
            firsts: Vec::new(),
        };
        nodes.link();
        nodes
    }

    /// Gathers the pairs into groups.
    pub fn clusters(&self, mut resemble: impl FnMut(Place, Place) -> bool) -> Clusters {
        let mut order: Vec<usize> = (0..self.places.len()).collect();
        order.sort_by_key(|&node| std::cmp::Reverse(self.edges_of(node).len()));
        let mut taken = vec![false; self.ends.len()];
        let mut clusters = Clusters::default();
        for medoid in order {
            let Some(members) = self.members(medoid, &taken, &mut resemble) else {
                continue;
            };
            clusters.groups.push(self.inside(&members, &mut taken));
            clusters.medoids.push(self.places[medoid]);
            clusters
                .members
                .push(members.iter().map(|&node| self.places[node]).collect());
        }
        clusters.sort();
        clusters
    }

    /// Takes the pairs within some nodes, ascending.
    fn inside(&self, members: &BTreeSet<usize>, taken: &mut [bool]) -> Vec<usize> {
        let mut own = Vec::new();
        for edge in members.iter().flat_map(|&member| self.edges_of(member)) {
            let inside = self.ends[*edge].iter().all(|end| members.contains(end));
            if inside && !std::mem::replace(&mut taken[*edge], true) {
                own.push(*edge);
            }
        }
        own.sort_unstable();
        own
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

/// The nodes that were met so far.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    /// The place of each.
    pub places: Vec<Place>,
    /// Those that a further place may belong to.
    view: Vec<usize>,
}

impl Opened {
    /// The number of the node of a place. Places have to come in order; those of a text can be asked for without those of others.
    pub fn node_of(&mut self, place: Place) -> usize {
        let places = &self.places;
        self.view
            .retain(|&node| places[node].text == place.text && places[node].end > place.start);
        let same = self.view.iter().copied().find(|&node| is_same(places[node], place));
        same.unwrap_or_else(|| self.open(place))
    }

    fn open(&mut self, place: Place) -> usize {
        self.places.push(place);
        self.view.push(self.places.len() - 1);
        if self.view.len() > VIEW {
            self.view.remove(0);
        }
        self.places.len() - 1
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
