//! Connected components of a graph that one worker can hold: large ones are found round by round, by the engine.

use std::collections::BTreeMap;

use super::{Step, Work};
use crate::error::Result;
use crate::table::{Kind, Rows, Sink};

pub(super) static STEP: Step = Step {
    name: "components",
    about: "edges, all of them, give for each node the least that it is connected with, where that is another one",
    takes: &[("u", Kind::Integer), ("v", Kind::Integer)],
    gives: &[("u", Kind::Integer), ("v", Kind::Integer)],
    start: |_| Ok(Box::<Components>::default()),
};

/// For each node one that it is connected with and that is no greater: itself where it is the least of its component so far.
#[derive(Default)]
struct Components(BTreeMap<i64, i64>);

impl Work for Components {
    fn take(&mut self, rows: &Rows, _out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let [one, other] = [self.least(row.count(0)?), self.least(row.count(1)?)];
            self.0.insert(one.max(other), one.min(other));
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Sink) -> Result<()> {
        let nodes: Vec<i64> = self.0.keys().copied().collect();
        for node in nodes {
            let least = self.least(node);
            if least < node {
                out.row(&[node.into(), least.into()])?;
            }
        }
        Ok(())
    }
}

impl Components {
    /// The least node that one is known to be connected with. The way to it is halved, so that it is short the next time.
    fn least(&mut self, mut node: i64) -> i64 {
        loop {
            let next = *self.0.entry(node).or_insert(node);
            if next == node {
                return node;
            }
            let behind = self.0.get(&next).copied().unwrap_or(next);
            self.0.insert(node, behind);
            node = behind;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_the_least_gets_shorter_and_leads_to_the_same() {
        let mut components = Components((1..100).map(|node| (node, node - 1)).chain([(0, 0)]).collect());
        assert_eq!(components.least(99), 0);
        assert_eq!(components.0[&99], 97);
        assert!((0..100).all(|node| components.least(node) == 0));
    }
}
