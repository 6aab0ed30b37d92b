//! Places of a text that lie over each other nearly whole become one node.

use vidimus::similarity::cluster::Opened;

use super::{Step, Work};
use crate::error::{Error, Result};
use crate::raw::{self, number};
use crate::table::{Kind, Rows, Sink};

pub(super) static STEP: Step = Step {
    name: "nodes",
    about: "places, sorted and each once, become nodes",
    takes: &[
        ("text", Kind::Integer),
        ("start", Kind::Integer),
        ("end", Kind::Integer),
    ],
    gives: &[
        ("text", Kind::Integer),
        ("start", Kind::Integer),
        ("end", Kind::Integer),
        ("node", Kind::Integer),
        ("node_start", Kind::Integer),
        ("node_end", Kind::Integer),
    ],
    start: |_| Ok(Box::<Numbers>::default()),
};

/// The number of a node is that of its text and, in so many bits, its own in the text: their order is that of the places.
const BITS: u32 = 24;
const MOST: usize = 1 << (63 - BITS);

#[derive(Default)]
struct Numbers {
    text: usize,
    opened: Opened,
}

impl Work for Numbers {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let place = raw::place_of(row, 0)?;
            if self.opened.places.is_empty() || place.text != self.text {
                (self.text, self.opened) = (place.text, Opened::default());
            }
            let own = self.opened.node_of(place);
            if place.text >= MOST || own >> BITS > 0 {
                return Err(Error::Step(format!(
                    "text {} has a node with too large a number",
                    place.text
                )));
            }
            let node = (place.text as u64) << BITS | own as u64;
            let at = self.opened.places[own];
            let [text, start, end] = raw::place(place);
            out.row(&[text, start, end, number(node), number(at.start), number(at.end)])?;
        }
        Ok(())
    }
}
