//! Pairs and groups as the lines of `vidimus duplicates --format jsonl`.

use vidimus::collection::Name;
use vidimus::report::duplicates::json::{NamedPlace, write_group, write_pair};

use super::{Step, Work};
use crate::error::{Error, Result};
use crate::table::{Column, Kind, Row, Rows, Sink};

const LINE: [Column; 1] = [("line", Kind::Text)];

/// Lines of pairs.
pub(super) static PAIRS: Step = Step {
    name: "pair-lines",
    about: "pairs with the names of their texts become lines",
    takes: &[
        ("a_path", Kind::Text),
        ("a_record", Kind::Integer),
        ("a_id", Kind::Text),
        ("a_start", Kind::Integer),
        ("a_end", Kind::Integer),
        ("b_path", Kind::Text),
        ("b_record", Kind::Integer),
        ("b_id", Kind::Text),
        ("b_start", Kind::Integer),
        ("b_end", Kind::Integer),
        ("similarity", Kind::Real),
        ("group", Kind::Text),
    ],
    gives: &LINE,
    start: |_| Ok(Box::new(Pairs)),
};

/// Lines of groups.
pub(super) static GROUPS: Step = Step {
    name: "group-lines",
    about: "members of groups with the names of their texts, sorted, become lines",
    takes: &[
        ("path", Kind::Text),
        ("record", Kind::Integer),
        ("text_id", Kind::Text),
        ("start", Kind::Integer),
        ("end", Kind::Integer),
        ("component", Kind::Integer),
        ("number", Kind::Integer),
        ("id", Kind::Text),
        ("boilerplate", Kind::Flag),
    ],
    gives: &LINE,
    start: |_| Ok(Box::<Groups>::default()),
};

struct Pairs;

impl Work for Pairs {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let places = [place(row, 0)?, place(row, 5)?];
            let mut line = Vec::new();
            write_pair(places, row.real(10), row.text(11).unwrap_or_default(), &mut line)?;
            give(&line, out)?;
        }
        Ok(())
    }
}

fn place(row: Row<'_>, at: usize) -> Result<NamedPlace<'_>> {
    let name = Name {
        path: row.text(at).unwrap_or_default(),
        record: row.integer(at + 1).and_then(|record| u64::try_from(record).ok()),
        id: row.text(at + 2),
    };
    Ok((name, row.count(at + 3)?, row.count(at + 4)?))
}

/// Gives a line without its end.
fn give(line: &[u8], out: &mut dyn Sink) -> Result<()> {
    let line = std::str::from_utf8(line).map_err(|error| Error::Step(format!("a line is no UTF-8: {error}")))?;
    out.row(&[line.trim_end_matches('\n').into()])
}

/// A member of the group at hand.
struct Member {
    path: String,
    record: Option<u64>,
    id: Option<String>,
    start: u64,
    end: u64,
}

#[derive(Default)]
struct Groups {
    /// Its component and number, its id, whether it is boilerplate.
    at: Option<(i64, i64, String, bool)>,
    members: Vec<Member>,
}

impl Work for Groups {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let [component, number] = [5, 6].map(|column| row.integer(column).unwrap_or_default());
            let same = self.at.as_ref().is_some_and(|at| (at.0, at.1) == (component, number));
            if !same {
                self.finish(out)?;
                let id = row.text(7).unwrap_or_default().to_owned();
                self.at = Some((component, number, id, row.flag(8)));
            }
            let (name, start, end) = place(row, 0)?;
            self.members.push(Member {
                path: name.path.to_owned(),
                record: name.record,
                id: name.id.map(str::to_owned),
                start,
                end,
            });
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Sink) -> Result<()> {
        let members = std::mem::take(&mut self.members);
        let Some((_, _, id, boilerplate)) = self.at.take() else {
            return Ok(());
        };
        let place = |member| {
            let Member {
                path,
                record,
                id,
                start,
                end,
            }: &Member = member;
            let name = Name {
                path,
                record: *record,
                id: id.as_deref(),
            };
            (name, *start, *end)
        };
        let places: Vec<NamedPlace<'_>> = members.iter().map(place).collect();
        let mut line = Vec::new();
        write_group(&id, boilerplate, &places, &mut line)?;
        give(&line, out)
    }
}
