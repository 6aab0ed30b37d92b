//! A comparison for programs: one object (version 1), or one object a line. Frozen, and apart from what is used inside.

use std::io::{self, Write};

use serde::Serialize;

use super::Comparison;
use crate::collection::{LeftOut, Name};
use crate::report::jsonl::write_line;
use crate::similarity::{Group, Pair, Place};

/// The name of the format, in the key `schema`.
pub const SCHEMA: &str = "vidimus-duplicates/1";

/// The JSON Schema of the one object.
pub const JSON_SCHEMA: &str = include_str!("../../../docs/duplicates.schema.json");

#[derive(Serialize)]
struct ComparisonV1<'a> {
    schema: &'static str,
    tool: ToolV1,
    summary: SummaryV1,
    pairs: Vec<PairV1<'a>>,
    groups: Vec<GroupV1<'a>>,
    same: Vec<Vec<NameV1<'a>>>,
    left_out: Vec<LeftOutV1<'a>>,
}

#[derive(Serialize)]
struct ToolV1 {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct SummaryV1 {
    texts: usize,
    bytes: u64,
    words: u64,
    duplicated_bytes: u64,
    duplicated_share: f64,
    pairs: usize,
    groups: usize,
    boilerplate: usize,
    represented: usize,
    same: usize,
    left_out: u64,
}

#[derive(Serialize)]
struct PairV1<'a> {
    a: PlaceV1<'a>,
    b: PlaceV1<'a>,
    similarity: f64,
    words: usize,
    #[serde(rename = "type")]
    kind: &'static str,
    group: &'a str,
}

#[derive(Serialize)]
struct GroupV1<'a> {
    id: &'a str,
    boilerplate: bool,
    words: usize,
    members: Vec<PlaceV1<'a>>,
}

#[derive(Serialize)]
struct PlaceV1<'a> {
    path: &'a str,
    start: u64,
    end: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
}

#[derive(Serialize)]
struct NameV1<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
}

#[derive(Serialize)]
struct LeftOutV1<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<u64>,
    why: &'a str,
    count: u64,
}

/// A line of the format with one object a line.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum LineV1<'a> {
    Pair {
        a: PlaceV1<'a>,
        b: PlaceV1<'a>,
        similarity: f64,
        group: &'a str,
    },
    Group {
        id: &'a str,
        boilerplate: bool,
        members: Vec<PlaceV1<'a>>,
    },
}

/// Three decimals: the nearest `f32` would print as 0.9700000286102295.
fn rounded(similarity: f32) -> f64 {
    (f64::from(similarity) * 1000.0).round() / 1000.0
}

impl<'a> From<Name<'a>> for NameV1<'a> {
    fn from(Name { path, record, id }: Name<'a>) -> Self {
        Self { path, record, id }
    }
}

impl<'a> From<NamedPlace<'a>> for PlaceV1<'a> {
    fn from((name, start, end): NamedPlace<'a>) -> Self {
        let Name { path, record, id } = name;
        Self {
            path,
            start,
            end,
            record,
            id,
        }
    }
}

impl<'a> From<&'a LeftOut> for LeftOutV1<'a> {
    fn from(left_out: &'a LeftOut) -> Self {
        Self {
            path: &left_out.path,
            record: left_out.record,
            why: &left_out.why,
            count: left_out.count,
        }
    }
}

impl Comparison<'_> {
    fn named(&self, place: &Place) -> NamedPlace<'_> {
        (self.collection.name_of(place.text), place.start, place.end)
    }

    fn place(&self, place: &Place) -> PlaceV1<'_> {
        self.named(place).into()
    }

    fn places(&self, group: &Group) -> Vec<PlaceV1<'_>> {
        group.members.iter().map(|place| self.place(place)).collect()
    }

    fn pair(&self, pair: &Pair) -> PairV1<'_> {
        PairV1 {
            a: self.place(&pair.a),
            b: self.place(&pair.b),
            similarity: rounded(pair.similarity),
            words: pair.words,
            kind: pair.kind.name(),
            group: self.group_of(pair),
        }
    }

    fn group<'a>(&'a self, group: &'a Group) -> GroupV1<'a> {
        GroupV1 {
            id: &group.id,
            boilerplate: group.boilerplate,
            words: group.words,
            members: self.places(group),
        }
    }

    fn same(&self) -> Vec<Vec<NameV1<'_>>> {
        let names = |texts: &Vec<usize>| texts.iter().map(|&text| self.collection.name_of(text).into()).collect();
        self.found.same.iter().map(names).collect()
    }

    fn summary(&self) -> SummaryV1 {
        let totals = &self.totals;
        SummaryV1 {
            texts: totals.texts,
            bytes: totals.bytes,
            words: totals.words,
            duplicated_bytes: totals.duplicated_bytes,
            duplicated_share: (totals.share() * 10_000.0).round() / 10_000.0,
            pairs: totals.pairs,
            groups: totals.groups,
            boilerplate: totals.boilerplate,
            represented: totals.represented,
            same: totals.same,
            left_out: totals.left_out,
        }
    }
}

/// Writes exactly one object and a line feed.
///
/// # Errors
/// What the writer gives.
pub fn write(comparison: &Comparison<'_>, out: &mut dyn Write) -> io::Result<()> {
    let found = &comparison.found;
    let whole = ComparisonV1 {
        schema: SCHEMA,
        tool: ToolV1 {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        summary: comparison.summary(),
        pairs: found.pairs.iter().map(|pair| comparison.pair(pair)).collect(),
        groups: found.groups.iter().map(|group| comparison.group(group)).collect(),
        same: comparison.same(),
        left_out: comparison.left_out.iter().map(LeftOutV1::from).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}

/// Writes a line a pair, then a line a group.
///
/// # Errors
/// What the writer gives.
pub fn write_lines(comparison: &Comparison<'_>, out: &mut dyn Write) -> io::Result<()> {
    for pair in &comparison.found.pairs {
        let places = [pair.a, pair.b].map(|place| comparison.named(&place));
        write_pair(places, pair.similarity, comparison.group_of(pair), out)?;
    }
    for group in &comparison.found.groups {
        let members: Vec<NamedPlace<'_>> = group.members.iter().map(|place| comparison.named(place)).collect();
        write_group(&group.id, group.boilerplate, &members, out)?;
    }
    Ok(())
}

/// A run of bytes of a text that has a name: its first byte, and the byte after its last.
pub type NamedPlace<'a> = (Name<'a>, u64, u64);

/// Writes the line of a pair.
///
/// # Errors
/// What the writer gives.
pub fn write_pair([a, b]: [NamedPlace<'_>; 2], similarity: f32, group: &str, out: &mut dyn Write) -> io::Result<()> {
    let line = LineV1::Pair {
        a: a.into(),
        b: b.into(),
        similarity: rounded(similarity),
        group,
    };
    write_line(&line, out)
}

/// Writes the line of a group.
///
/// # Errors
/// What the writer gives.
pub fn write_group(id: &str, boilerplate: bool, members: &[NamedPlace<'_>], out: &mut dyn Write) -> io::Result<()> {
    let line = LineV1::Group {
        id,
        boilerplate,
        members: members.iter().map(|&place| place.into()).collect(),
    };
    write_line(&line, out)
}
