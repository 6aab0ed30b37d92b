//! Of one shelf, the meetings of each two pieces come together; the pieces are a pair where they may have a passage in common that
//! no exemplar tells.

use vidimus::similarity::chain::Hit;
use vidimus::similarity::compare::Thresholds;
use vidimus::similarity::exemplar::{Exemplars, Share};
use vidimus::similarity::step::{Meeting, hits, is_candidate};

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
            exemplars: Exemplars::default(),
        }))
    },
};

/// The later piece and the earlier one, each by text and number.
type Two = (u64, u32, u64, u32);
/// Two pieces, and a seed that they share.
type Held = (Two, Meeting);

struct Pairs {
    thresholds: Thresholds,
    shelf: Option<i64>,
    held: Vec<Held>,
    exemplars: Exemplars,
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
                sizes: [earlier.size, later.size],
            };
            self.held
                .push(((later.text, later.piece, earlier.text, earlier.piece), meeting));
        }
        Ok(())
    }

    fn give(&mut self, out: &mut dyn Sink) -> Result<()> {
        self.held.sort_unstable();
        let held = std::mem::take(&mut self.held);
        for of_later in held.chunk_by(|one, other| (one.0.0, one.0.1) == (other.0.0, other.0.1)) {
            self.give_of(of_later, out)?;
        }
        self.held = held;
        self.held.clear();
        Ok(())
    }

    /// Gives the pairs of one later piece.
    fn give_of(&mut self, held: &[Held], out: &mut dyn Sink) -> Result<()> {
        let meetings: Vec<Meeting> = held.iter().map(|(_, meeting)| *meeting).collect();
        let hits = hits(&meetings);
        let mut first = 0;
        let share = |held: &[Held]| {
            let own = first..first + held.len();
            first = own.end;
            let (two, meeting) = held[0];
            Share {
                size: meeting.sizes[0],
                own: two.0 == two.2,
                hits: &hits[own.clone()],
                piece: (two, &meetings[own]),
            }
        };
        let mut shares: Vec<_> = held.chunk_by(|one, other| one.0 == other.0).map(share).collect();
        let size = meetings[0].sizes[1];
        self.exemplars.told(&self.thresholds, size, &mut shares);
        for Share {
            piece: (two, shared), ..
        } in shares
        {
            if is_candidate(&self.thresholds, shared) {
                let (b_text, b_piece, a_text, a_piece) = two;
                let hits = pack::hits(shared);
                let [a_piece, b_piece] = [a_piece, b_piece].map(|piece| number(piece.into()));
                out.row(&[number(a_text), a_piece, number(b_text), b_piece, Value::Bytes(&hits)])?;
            }
        }
        Ok(())
    }
}
