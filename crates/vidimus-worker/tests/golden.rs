//! The corpus that comes with the package for Spark, by one run of the library and by the worker's steps alone, which are joined
//! here as a cluster joins them: both give what is kept beside the corpus.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use vidimus::collection::{Collection, Gather};
use vidimus::report::duplicates::{Comparison, json};
use vidimus::similarity::index::FREQUENT;
use vidimus::similarity::kind::{AROUND, SHORT};
use vidimus::similarity::settle::HEAD;
use vidimus::similarity::{Options, find};
use vidimus::stop::Stop;
use vidimus_worker::settings::Settings;
use vidimus_worker::steps::{ALL, Step};
use vidimus_worker::stream::{Incoming, Outgoing};
use vidimus_worker::table::{Column, Kind, Out, Row, Rows, Sink as _, Value, order, schema};

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../python/vidimus_spark/vidimus_spark/data")
        .join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(data(name)).expect(name)
}

fn sorted(lines: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = lines.into_iter().collect();
    lines.sort();
    lines
}

fn expected() -> Vec<String> {
    sorted(read("expected.jsonl").lines().map(str::to_owned))
}

#[test]
fn one_machine_gives_what_is_expected() {
    let path = data("texts.jsonl");
    let folder = tempfile::tempdir().expect("a folder");
    let collection = Collection::gather(&Gather {
        paths: std::slice::from_ref(&path),
        text_field: "text",
        id_field: "id",
        memory: 1 << 20,
        temporary: folder.path(),
        progress: None,
        stop: Stop::default(),
    });
    let collection = collection.expect("gathered");
    let found = find(&collection, &Options::default()).expect("found");
    let mut lines = Vec::new();
    json::write_lines(&Comparison::new(&collection, found), &mut lines).expect("written");
    let lines = String::from_utf8(lines)
        .expect("UTF-8")
        .replace(path.to_str().expect("UTF-8"), "texts.jsonl");
    assert_eq!(sorted(lines.lines().map(str::to_owned)), expected());
}

#[test]
fn the_steps_give_the_same() {
    let mut run = Run::read();
    run.gather();
    let pairs = run.pairs();
    let kinds = run.kinds(&run.compare(&pairs));
    let groups = run.groups(&kinds);
    assert_eq!(sorted(run.lines(&groups)), expected());
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Text(String),
    Bytes(Vec<u8>),
    Integer(i64),
    Real(f32),
    Flag(bool),
    Integers(Vec<i64>),
}

/// The cells of a row that hold something, by column.
type Record = BTreeMap<&'static str, Cell>;

fn number(record: &Record, column: &str) -> i64 {
    match record.get(column) {
        Some(Cell::Integer(number)) => *number,
        other => panic!("{column}: {other:?}"),
    }
}

fn numbers<const N: usize>(record: &Record, columns: [&str; N]) -> [i64; N] {
    columns.map(|column| number(record, column))
}

fn text(record: &Record, column: &str) -> String {
    match record.get(column) {
        Some(Cell::Text(text)) => text.clone(),
        other => panic!("{column}: {other:?}"),
    }
}

fn bytes<'a>(record: &'a Record, column: &str) -> &'a [u8] {
    match record.get(column) {
        Some(Cell::Bytes(bytes)) => bytes,
        other => panic!("{column}: {other:?}"),
    }
}

fn what(what: &str) -> Cell {
    Cell::Text(what.to_owned())
}

fn with<const N: usize>(record: &Record, more: [(&'static str, Cell); N]) -> Record {
    record.clone().into_iter().chain(more).collect()
}

fn value(cell: Option<&Cell>) -> Value<'_> {
    match cell {
        None => Value::None,
        Some(Cell::Text(text)) => Value::Text(text),
        Some(Cell::Bytes(bytes)) => Value::Bytes(bytes),
        Some(Cell::Integer(number)) => Value::Integer(*number),
        Some(Cell::Real(number)) => Value::Real(*number),
        Some(Cell::Flag(flag)) => Value::Flag(*flag),
        Some(Cell::Integers(numbers)) => Value::Integers(numbers),
    }
}

fn cell(row: Row<'_>, at: usize, kind: Kind) -> Option<Cell> {
    match kind {
        Kind::Text => row.text(at).map(|text| Cell::Text(text.to_owned())),
        Kind::Bytes => row.bytes(at).map(|bytes| Cell::Bytes(bytes.to_vec())),
        Kind::Integer => row.integer(at).map(Cell::Integer),
        Kind::Real => Some(Cell::Real(row.real(at))),
        Kind::Flag => Some(Cell::Flag(row.flag(at))),
        Kind::Integers => Some(Cell::Integers(row.integers(at))),
    }
}

/// Sends rows through a step, by streams.
fn through(name: &str, settings: &Settings, records: &[Record]) -> Vec<Record> {
    let step: &Step = ALL.iter().find(|step| step.name == name).expect("a step");
    let mut input = Vec::new();
    let mut out = Out::new(
        step.takes,
        Outgoing::open(&mut input, &schema(step.takes)).expect("opened"),
    );
    for record in records {
        let values: Vec<Value<'_>> = step.takes.iter().map(|(name, _)| value(record.get(name))).collect();
        out.row(&values).expect("written");
    }
    out.close(records.len() as u64).expect("closed");
    let mut output = Vec::new();
    vidimus_worker::run(step, settings, input.as_slice(), &mut output).expect(name);
    records_of(&output, step.gives)
}

fn records_of(stream: &[u8], columns: &'static [Column]) -> Vec<Record> {
    let mut incoming = Incoming::open(stream).expect("a stream");
    let order = order(&incoming.schema(), columns).expect("its columns");
    let mut found = Vec::new();
    while let Some(batch) = incoming.batch().expect("whole") {
        let rows = Rows::new(&batch, columns, &order).expect("rows");
        let record = |row| {
            let cells = columns.iter().enumerate();
            let cells = cells.filter_map(|(at, (name, kind))| Some((*name, cell(row, at, *kind)?)));
            cells.collect::<Record>()
        };
        found.extend(rows.iter().map(record));
    }
    found
}

/// A place: text, first byte, the byte after the last.
type Place = [i64; 3];

fn side(record: &Record, of_a: bool) -> Place {
    let columns = if of_a {
        ["a_text", "a_start", "a_end"]
    } else {
        ["b_text", "b_start", "b_end"]
    };
    numbers(record, columns)
}

/// What is known so far.
struct Run {
    settings: Settings,
    pieces: Vec<Record>,
    /// Numbers of texts with the same bytes, by the first.
    classes: BTreeMap<i64, Vec<i64>>,
    runs: Vec<Record>,
}

impl Run {
    /// Texts from two blocks, as a large file has them, numbered through.
    fn read() -> Self {
        let (all, cut) = (read("texts.jsonl"), 100);
        let lines = all.lines().enumerate().map(|(at, line)| {
            let block = if at < cut { 0 } else { 5000 };
            Record::from([
                ("path", Cell::Text("texts.jsonl".to_owned())),
                ("block", Cell::Integer(block)),
                ("line", Cell::Bytes(line.as_bytes().to_vec())),
            ])
        });
        let settings = Settings::default();
        let rows = through("read", &settings, &lines.collect::<Vec<_>>());
        let ends: Vec<[i64; 3]> = rows.iter().map(|row| numbers(row, ["piece", "block", "row"])).collect();
        assert!(ends.contains(&[-2, 0, cut as i64]), "the first block has so many lines");
        assert!(ends.iter().any(|end| end[0] == -1), "some lines are no records");
        let pieces = rows.iter().filter(|row| number(row, "piece") >= 0);
        let pieces: Vec<Record> = pieces
            .map(|row| {
                let first = if number(row, "block") > 0 { cut as i64 } else { 0 };
                with(row, [("text", Cell::Integer(first + number(row, "row")))])
            })
            .collect();
        assert!(
            pieces.iter().any(|piece| number(piece, "piece") > 0),
            "a text is longer than a piece"
        );
        Self {
            settings,
            classes: classes(&pieces),
            pieces,
            runs: Vec::new(),
        }
    }

    fn gather(&mut self) {
        let words = self.pieces.iter().map(|piece| number(piece, "words")).sum::<i64>();
        self.settings.corpus_words = words as usize;
        self.settings.buckets = 4;
        self.settings.shelves = 3;
        let later: BTreeSet<i64> = self
            .classes
            .values()
            .flat_map(|class| class[1..].iter().copied())
            .collect();
        let compared = self
            .pieces
            .iter()
            .filter(|piece| number(piece, "words") > 0 && !later.contains(&number(piece, "text")));
        let mut seeds = through("seeds", &self.settings, &compared.cloned().collect::<Vec<_>>());
        seeds.sort_by_key(|row| number(row, "bucket"));
        self.runs = through("gather", &self.settings, &seeds);
        let mut crowd = vec![0; FREQUENT + 1];
        for run in &self.runs {
            if let Some(Cell::Integers(counts)) = run.get("crowd") {
                crowd
                    .iter_mut()
                    .zip(counts)
                    .for_each(|(sum, count)| *sum += *count as usize);
            }
        }
        self.settings.crowd = crowd;
    }

    fn pairs(&self) -> Vec<Record> {
        let mut met = through("meet", &self.settings, &self.runs);
        met.sort_by_key(|row| number(row, "shelf"));
        through("pair", &self.settings, &met)
    }

    /// All in one cell.
    fn compare(&self, pairs: &[Record]) -> Vec<Record> {
        let row =
            |row: &Record, what: &str| with(row, [("cell", Cell::Integer(1)), ("what", Cell::Text(what.to_owned()))]);
        let pieces = self.pieces.iter().map(|piece| {
            let [text, number] = numbers(piece, ["text", "piece"]).map(Cell::Integer);
            with(&row(piece, "piece"), [("a_text", text), ("a_piece", number)])
        });
        let rows: Vec<Record> = pieces.chain(pairs.iter().map(|pair| row(pair, "two"))).collect();
        let mut found = through("compare", &self.settings, &rows);
        found.sort_by_key(|row| numbers(row, ["a_text", "b_text"]));
        through("join", &self.settings, &found)
    }

    /// The bytes of a place, with some around it, and the first byte of that.
    fn excerpt(&self, [text, start, end]: Place, around: i64) -> (i64, Vec<u8>) {
        let (from, to) = ((start - around).max(0), end + around);
        let mut found = Vec::new();
        for piece in self.pieces.iter().filter(|piece| number(piece, "text") == text) {
            let (at, part) = (number(piece, "start"), bytes(piece, "part"));
            let within = |byte: i64| (byte - at).clamp(0, part.len() as i64) as usize;
            found.extend_from_slice(&part[within(from)..within(to)]);
        }
        (from, found)
    }

    fn kinds(&self, passages: &[Record]) -> Vec<Record> {
        let short = passages
            .iter()
            .filter(|row| number(row, "a_words").min(number(row, "b_words")) <= SHORT as i64);
        let places: BTreeSet<Place> = short.flat_map(|row| [side(row, true), side(row, false)]).collect();
        let seen = places.iter().map(|&place| {
            let ((from, found), [text, start, end]) = (self.excerpt(place, AROUND as i64), place);
            let (before, rest) = found.split_at((start - from) as usize);
            let (passage, behind) = rest.split_at((end - start) as usize);
            Record::from([
                ("text", Cell::Integer(text)),
                ("start", Cell::Integer(start)),
                ("end", Cell::Integer(end)),
                ("before", Cell::Bytes(before.to_vec())),
                ("passage", Cell::Bytes(passage.to_vec())),
                ("behind", Cell::Bytes(behind.to_vec())),
            ])
        });
        let looks = through("look", &self.settings, &seen.collect::<Vec<_>>());
        let looks: BTreeMap<Place, Cell> = looks
            .iter()
            .map(|row| (numbers(row, ["text", "start", "end"]), row["look"].clone()))
            .collect();
        let looked = passages.iter().map(|row| {
            let mut row = row.clone();
            for (column, of_a) in [("a_look", true), ("b_look", false)] {
                let look = looks.get(&side(&row, of_a)).cloned();
                let told = row.get(column).cloned();
                assert!(
                    told.is_none() || told == look,
                    "a piece shows how a passage looks in its text"
                );
                row.extend(look.map(|look| (column, look)));
            }
            row
        });
        through("kind", &self.settings, &looked.collect::<Vec<_>>())
    }

    fn groups(&self, kinds: &[Record]) -> Vec<Record> {
        let places: BTreeSet<Place> = kinds
            .iter()
            .flat_map(|row| [side(row, true), side(row, false)])
            .collect();
        let place = |[text, start, end]: Place| [("text", text), ("start", start), ("end", end)];
        let rows = places
            .iter()
            .map(|&at| place(at).map(|(name, number)| (name, Cell::Integer(number))).into());
        let nodes = through("nodes", &self.settings, &rows.collect::<Vec<_>>());
        let node_of: BTreeMap<Place, i64> = nodes
            .iter()
            .map(|row| (numbers(row, ["text", "start", "end"]), number(row, "node")))
            .collect();
        let ends = |row: &Record| [true, false].map(|of_a| node_of[&side(row, of_a)]);
        let component = components(kinds.iter().map(ends));
        let edge = |[u, v]: [i64; 2]| Record::from([("u", Cell::Integer(u)), ("v", Cell::Integer(v))]);
        let found = through(
            "components",
            &self.settings,
            &kinds.iter().map(ends).map(edge).collect::<Vec<_>>(),
        );
        let found: Vec<[i64; 2]> = found.iter().map(|row| numbers(row, ["u", "v"])).collect();
        let other = component.iter().filter(|(node, least)| node != least);
        assert_eq!(found, other.map(|(node, least)| [*node, *least]).collect::<Vec<_>>());
        let of = |node: i64| component.get(&node).copied().unwrap_or(node);
        let pair = |row: &Record| {
            let [a, b] = ends(row);
            let nodes = [("a_node", Cell::Integer(a)), ("b_node", Cell::Integer(b))];
            with(
                &with(row, nodes),
                [("component", Cell::Integer(of(a))), ("what", what("pair"))],
            )
        };
        let mut rows: Vec<Record> = kinds.iter().map(pair).collect();
        rows.extend(self.node_rows(&nodes, of));
        rows.extend(self.class_rows(&nodes, of));
        rows.sort_by_key(|row| number(row, "component"));
        let mut groups = through("group", &self.settings, &rows);
        groups.extend(through("copies", &self.settings, &self.copies()));
        groups
    }

    /// Each node once, with its component and its passage.
    fn node_rows(&self, nodes: &[Record], of: impl Fn(i64) -> i64) -> Vec<Record> {
        let once: BTreeMap<i64, &Record> = nodes.iter().map(|row| (number(row, "node"), row)).collect();
        let row = |(node, row): (i64, &Record)| {
            let [text, start, end] = numbers(row, ["text", "node_start", "node_end"]);
            let at = [("a_text", text), ("a_start", start), ("a_end", end), ("a_node", node)];
            let row = Record::from(at.map(|(name, number)| (name, Cell::Integer(number))));
            let passage = Cell::Bytes(self.excerpt([text, start, end], 0).1);
            let told = [
                ("component", Cell::Integer(of(node))),
                ("what", what("node")),
                ("passage", passage),
            ];
            with(&row, told)
        };
        once.into_iter().map(row).collect()
    }

    /// The texts that are equal to one that has a node, once for each component that it has nodes in.
    fn class_rows(&self, nodes: &[Record], of: impl Fn(i64) -> i64) -> Vec<Record> {
        let held: BTreeSet<[i64; 2]> = nodes
            .iter()
            .map(|row| [number(row, "text"), of(number(row, "node"))])
            .collect();
        let row = |[text, component]: [i64; 2]| {
            let equal = self.classes.get(&text)?.clone();
            Some(Record::from([
                ("a_text", Cell::Integer(text)),
                ("component", Cell::Integer(component)),
                ("what", what("class")),
                ("equal", Cell::Integers(equal)),
            ]))
        };
        held.into_iter().filter_map(row).collect()
    }

    fn copies(&self) -> Vec<Record> {
        let copy = |(text, equal): (&i64, &Vec<i64>)| {
            let first = self
                .pieces
                .iter()
                .find(|piece| number(piece, "text") == *text)
                .expect("a piece");
            let head = self.excerpt([*text, 0, HEAD as i64], 0).1;
            let head = [("head", Cell::Bytes(head)), ("equal", Cell::Integers(equal.clone()))];
            with(&Record::from([("size", first["size"].clone())]), head)
        };
        self.classes.iter().map(copy).collect()
    }

    /// The lines of pairs and of groups, in which an id that stands twice has a number.
    fn lines(&self, groups: &[Record]) -> Vec<String> {
        let (pairs, members): (Vec<&Record>, Vec<&Record>) = groups.iter().partition(|row| text(row, "what") == "pair");
        let mut by_group: BTreeMap<[i64; 2], Vec<&Record>> = BTreeMap::new();
        for member in members {
            by_group
                .entry(numbers(member, ["component", "number"]))
                .or_default()
                .push(member);
        }
        let mut order: Vec<[i64; 2]> = by_group.keys().copied().collect();
        order.sort_by_key(|group| by_group[group].iter().map(|row| side(row, true)).collect::<Vec<_>>());
        let (mut seen, mut ids) = (BTreeMap::<String, usize>::new(), BTreeMap::new());
        for group in &order {
            let id = text(by_group[group][0], "id");
            let count = seen.entry(id.clone()).or_default();
            *count += 1;
            ids.insert(*group, if *count > 1 { format!("{id}-{count}") } else { id });
        }
        let named = pairs.iter().map(|pair| {
            let group = Cell::Text(ids[&numbers(pair, ["component", "number"])].clone());
            let names = self.named(pair, "a_text", ["a_path", "a_record", "a_id"]);
            let names = names
                .into_iter()
                .chain(self.named(pair, "b_text", ["b_path", "b_record", "b_id"]));
            with(pair, [("group", group)]).into_iter().chain(names).collect()
        });
        let mut lines = through("pair-lines", &self.settings, &named.collect::<Vec<_>>());
        let named = order
            .iter()
            .flat_map(|group| by_group[group].iter().map(move |row| (group, row)));
        let named = named.map(|(group, row)| {
            let [start, end] = numbers(row, ["a_start", "a_end"]).map(Cell::Integer);
            let id = Cell::Text(ids[group].clone());
            let place = with(row, [("start", start), ("end", end), ("id", id)]);
            place
                .into_iter()
                .chain(self.named(row, "a_text", ["path", "record", "text_id"]))
                .collect()
        });
        lines.extend(through("group-lines", &self.settings, &named.collect::<Vec<_>>()));
        lines.iter().map(|row| text(row, "line")).collect()
    }

    /// What the text of a row is called.
    fn named(&self, row: &Record, column: &str, [path, record, id]: [&'static str; 3]) -> Record {
        let own = number(row, column);
        let piece = self
            .pieces
            .iter()
            .find(|piece| number(piece, "text") == own)
            .expect("a piece");
        let mut named = Record::from([(path, piece["path"].clone()), (record, Cell::Integer(own + 1))]);
        named.extend(piece.get("id").map(|name| (id, name.clone())));
        named
    }
}

fn classes(pieces: &[Record]) -> BTreeMap<i64, Vec<i64>> {
    let mut by_digest: BTreeMap<&[u8], Vec<i64>> = BTreeMap::new();
    for piece in pieces
        .iter()
        .filter(|piece| number(piece, "piece") == 0 && number(piece, "size") > 0)
    {
        by_digest
            .entry(bytes(piece, "digest"))
            .or_default()
            .push(number(piece, "text"));
    }
    let classes = by_digest.into_values().filter(|class| class.len() > 1);
    classes.map(|class| (class[0], class)).collect()
}

/// The least node that each is connected with.
fn components(edges: impl Iterator<Item = [i64; 2]>) -> BTreeMap<i64, i64> {
    let mut edges: Vec<[i64; 2]> = edges.collect();
    let mut component: BTreeMap<i64, i64> = edges.iter().flatten().map(|node| (*node, *node)).collect();
    edges.sort_unstable();
    loop {
        let before = component.clone();
        for [a, b] in &edges {
            let least = component[a].min(component[b]);
            component.extend([(*a, least), (*b, least)]);
        }
        if component == before {
            return component;
        }
    }
}
