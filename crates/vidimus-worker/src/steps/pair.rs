//! Of one shelf, the meetings of each two pieces come together; the pieces are a pair where they may have a passage in common.

use vidimus::similarity::chain::Hit;
use vidimus::similarity::compare::Thresholds;
use vidimus::similarity::step::{Meeting, is_candidate};

use super::{Step, Work};
use crate::error::Result;
use crate::pack::{self, Packed};
use crate::raw::number;
use crate::table::{Kind, Rows, Sink, Value};

pub(super) static STEP: Step = Step {
    name: "pair",
    about: "meetings, sorted by shelf, give pairs of pieces that may have a passage in common",
    takes: &[("shelf", Kind::Integer), ("met", Kind::Bytes)],
    gives: &[
        ("a_text", Kind::Integer),
        ("a_piece", Kind::Integer),
        ("b_text", Kind::Integer),
        ("b_piece", Kind::Integer),
        ("hits", Kind::Bytes),
    ],
    start: |settings| {
        Ok(Box::new(Pairs {
            thresholds: Thresholds::of(&settings.options()?),
            shelf: None,
            held: Vec::new(),
        }))
    },
};

/// The later piece and the earlier one, each by text and number.
type Two = (u64, u32, u64, u32);

struct Pairs {
    thresholds: Thresholds,
    shelf: Option<i64>,
    held: Vec<(Two, Meeting)>,
}

impl Work for Pairs {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let shelf = Some(row.count(0)?);
            if shelf != self.shelf {
                self.give(out)?;
                self.shelf = shelf;
            }
            self.hold(Packed(row.bytes(1).unwrap_or_default()))?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Sink) -> Result<()> {
        self.give(out)
    }
}

impl Pairs {
    fn hold(&mut self, mut met: Packed<'_>) -> Result<()> {
        while !met.is_empty() {
            let earlier = met.spot(0)?;
            let later = met.spot(earlier.text)?;
            let meeting = Meeting {
                hit: Hit {
                    earlier: earlier.word,
                    later: later.word,
                },
                paragraphs: [earlier.paragraph, later.paragraph],
            };
            self.held
                .push(((later.text, later.piece, earlier.text, earlier.piece), meeting));
        }
        Ok(())
    }

    fn give(&mut self, out: &mut dyn Sink) -> Result<()> {
        self.held.sort_unstable();
        let mut shared = Vec::new();
        for two in self.held.chunk_by(|one, other| one.0 == other.0) {
            shared.clear();
            shared.extend(two.iter().map(|(_, meeting)| *meeting));
            if !is_candidate(&self.thresholds, &shared) {
                continue;
            }
            let (b_text, b_piece, a_text, a_piece) = two[0].0;
            let hits = pack::hits(&shared);
            let [a_piece, b_piece] = [a_piece, b_piece].map(|piece| number(piece.into()));
            out.row(&[number(a_text), a_piece, number(b_text), b_piece, Value::Bytes(&hits)])?;
        }
        self.held.clear();
        Ok(())
    }
}
