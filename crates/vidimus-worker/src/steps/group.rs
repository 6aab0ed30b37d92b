//! What hangs together by pairs is settled: its groups, and the pairs of each.

use std::collections::HashMap;
use std::io;
use std::ops::Range;

use vidimus::similarity::cluster::Nodes;
use vidimus::similarity::exact::Classes;
use vidimus::similarity::settle::{Component, Raw};
use vidimus::similarity::{Duplicates, Kind as Sort, Options, Place, Texts};

use super::kind::named;
use super::{Step, Work};
use crate::error::{Error, Result};
use crate::raw::{self, number};
use crate::table::{Column, Kind, Row, Rows, Sink, Value};

/// Columns behind those of a passage. A row is a `pair` with the nodes of both sides; or a `node`, whose place is that of `a`, with
/// its bytes where it has neighbours of neighbours; or the `class` of the text of `a` with all that are equal to it.
const COLUMNS: [Column; 25] = raw::and([
    ("number", Kind::Integer),
    ("kind", Kind::Text),
    ("component", Kind::Integer),
    ("what", Kind::Text),
    ("a_node", Kind::Integer),
    ("b_node", Kind::Integer),
    ("passage", Kind::Bytes),
    ("equal", Kind::Integers),
]);
const NUMBER: usize = raw::COLUMNS.len();

/// A row is a `pair`; or a `member` of the group, whose place is that of `a`.
pub(super) const GROUPS: [Column; 14] = [
    ("component", Kind::Integer),
    ("number", Kind::Integer),
    ("what", Kind::Text),
    ("a_text", Kind::Integer),
    ("a_start", Kind::Integer),
    ("a_end", Kind::Integer),
    ("b_text", Kind::Integer),
    ("b_start", Kind::Integer),
    ("b_end", Kind::Integer),
    ("similarity", Kind::Real),
    ("words", Kind::Integer),
    ("kind", Kind::Text),
    ("id", Kind::Text),
    ("boilerplate", Kind::Flag),
];

pub(super) static STEP: Step = Step {
    name: "group",
    about: "components, sorted, give groups and their pairs",
    takes: &COLUMNS,
    gives: &GROUPS,
    start: |settings| {
        Ok(Box::new(Groups {
            options: settings.options()?,
            frequent: settings.frequent()?,
            component: 0,
            held: Held::default(),
        }))
    },
};

struct Groups {
    options: Options<'static>,
    frequent: usize,
    component: i64,
    held: Held,
}

/// The rows of one component.
#[derive(Default)]
struct Held {
    pairs: Vec<(i64, Raw, Sort, [i64; 2])>,
    nodes: Vec<(i64, Place)>,
    passages: HashMap<Place, Vec<u8>>,
    classes: Vec<Vec<usize>>,
}

impl Work for Groups {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let component = row.count(NUMBER + 2)?;
            if component != self.component {
                self.finish(out)?;
                self.component = component;
            }
            self.held.take(row)?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Sink) -> Result<()> {
        let held = std::mem::take(&mut self.held);
        let (found, texts) = held.settle(&self.options, self.frequent)?;
        write(self.component, &found, |text| texts[text], out)
    }
}

impl Held {
    fn take(&mut self, row: Row<'_>) -> Result<()> {
        let node = |at: usize| row.count::<i64>(NUMBER + at);
        match row.text(NUMBER + 3) {
            Some("pair") => {
                let kind = named(row.text(NUMBER + 1))?;
                self.pairs
                    .push((row.count(NUMBER)?, raw::read(row)?, kind, [node(4)?, node(5)?]));
            }
            Some("node") => {
                let place = raw::place_of(row, 0)?;
                self.nodes.push((node(4)?, place));
                if let Some(passage) = row.bytes(NUMBER + 6) {
                    self.passages.insert(place, passage.to_vec());
                }
            }
            Some("class") => {
                let equal = row.integers(NUMBER + 7);
                self.classes
                    .push(equal.iter().filter_map(|text| usize::try_from(*text).ok()).collect());
            }
            what => return Err(Error::Step(format!("a row of a component is no {what:?}"))),
        }
        Ok(())
    }

    /// Groups and pairs, whose texts have numbers of their own, in the same order; and what text has which of these.
    fn settle(mut self, options: &Options<'_>, frequent: usize) -> Result<(Duplicates, Vec<usize>)> {
        let ends = self
            .pairs
            .iter()
            .flat_map(|(_, raw, ..)| [raw.a.place.text, raw.b.place.text]);
        let mut texts: Vec<usize> = ends.chain(self.classes.iter().flatten().copied()).collect();
        texts.sort_unstable();
        texts.dedup();
        let own = |text: usize| {
            let at = texts.binary_search(&text);
            at.map_err(|_| Error::Step(format!("a component has no pair with its text {text}")))
        };
        let nodes = self.nodes(&own)?;
        let passages = self.passages(&own)?;
        let classes = self.classes(&own)?;
        let found = self.pairs.into_iter().map(|(_, mut raw, kind, _)| {
            raw.a.place.text = own(raw.a.place.text)?;
            raw.b.place.text = own(raw.b.place.text)?;
            Ok((raw, kind))
        });
        let component = Component {
            found: found.collect::<Result<_>>()?,
            nodes,
            classes,
        };
        Ok((component.settle(&passages, options, frequent), texts))
    }

    fn nodes(&mut self, own: &impl Fn(usize) -> Result<usize>) -> Result<Nodes> {
        self.nodes.sort_unstable();
        self.pairs
            .sort_by_key(|(number, raw, ..)| (raw.a.place.text, raw.b.place.text, *number));
        let number = |node: i64| {
            let at = self.nodes.binary_search_by_key(&node, |(node, _)| *node);
            at.map_err(|_| Error::Step(format!("a component lacks its node {node}")))
        };
        let ends = self.pairs.iter().map(|(.., [a, b])| Ok([number(*a)?, number(*b)?]));
        let ends = ends.collect::<Result<_>>()?;
        let place = |(_, place): &(i64, Place)| {
            Ok(Place {
                text: own(place.text)?,
                ..*place
            })
        };
        Ok(Nodes::with(self.nodes.iter().map(place).collect::<Result<_>>()?, ends))
    }

    /// The bytes of nodes. Of two nodes each is a side of a pair, so that none is asked for.
    fn passages(&self, own: &impl Fn(usize) -> Result<usize>) -> Result<Passages> {
        if self.nodes.len() > 2 && self.passages.len() < self.nodes.len() {
            return Err(Error::Step("a component lacks the bytes of its nodes".to_owned()));
        }
        let passage = |(_, place): &(i64, Place)| {
            let own = Place {
                text: own(place.text)?,
                ..*place
            };
            Ok((own, self.passages.get(place).cloned().unwrap_or_default()))
        };
        Ok(Passages(self.nodes.iter().map(passage).collect::<Result<_>>()?))
    }

    fn classes(&self, own: &impl Fn(usize) -> Result<usize>) -> Result<Classes> {
        let class = |class: &Vec<usize>| class.iter().map(|text| own(*text)).collect::<Result<Vec<_>>>();
        let mut classes = self.classes.iter().map(class).collect::<Result<Vec<_>>>()?;
        classes.sort_unstable();
        Ok(Classes::with(classes))
    }
}

/// The passages of nodes, which are all that is read.
struct Passages(HashMap<Place, Vec<u8>>);

impl Texts for Passages {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn size(&self, _text: usize) -> u64 {
        0
    }

    fn read(&self, text: usize, part: Range<u64>, into: &mut Vec<u8>) -> io::Result<()> {
        let place = Place {
            text,
            start: part.start,
            end: part.end,
        };
        let passage = self.0.get(&place).ok_or(io::ErrorKind::NotFound)?;
        into.clear();
        into.extend_from_slice(passage);
        Ok(())
    }
}

/// Writes groups and pairs.
pub(super) fn write(
    component: i64,
    found: &Duplicates,
    text_of: impl Fn(usize) -> usize,
    out: &mut dyn Sink,
) -> Result<()> {
    let place = |place: &Place| {
        raw::place(Place {
            text: text_of(place.text),
            ..*place
        })
    };
    for pair in &found.pairs {
        let ([a_text, a_start, a_end], [b_text, b_start, b_end]) = (place(&pair.a), place(&pair.b));
        out.row(&[
            component.into(),
            number(pair.group as u64),
            "pair".into(),
            a_text,
            a_start,
            a_end,
            b_text,
            b_start,
            b_end,
            Value::Real(pair.similarity),
            number(pair.words as u64),
            pair.kind.name().into(),
            Value::None,
            Value::None,
        ])?;
    }
    for (at, group) in (0..).zip(&found.groups) {
        for member in &group.members {
            let mut row = [Value::None; GROUPS.len()];
            row[..3].copy_from_slice(&[component.into(), number(at), "member".into()]);
            row[3..6].copy_from_slice(&place(member));
            row[10] = number(group.words as u64);
            row[12..].copy_from_slice(&[group.id.as_str().into(), group.boilerplate.into()]);
            out.row(&row)?;
        }
    }
    Ok(())
}
