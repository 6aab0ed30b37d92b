//! What the worker does with streams that are whole, and with such as are not.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use vidimus::similarity::index::FREQUENT;
use vidimus::similarity::kind::SHORT;
use vidimus_worker::CONTRACT;
use vidimus_worker::steps::{ALL, Step};
use vidimus_worker::stream::{Incoming, Outgoing};
use vidimus_worker::table::{Column, Kind, Out, Rows, Sink as _, Value, order, schema};

fn step(name: &str) -> &'static Step {
    ALL.iter().find(|step| step.name == name).expect("a step")
}

/// A stream of lines, with its trailer.
fn stream(columns: &[Column], lines: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let outgoing = Outgoing::open(&mut bytes, &schema(columns)).expect("opened");
    let mut out = Out::new(columns, outgoing);
    for line in lines {
        let values = ["a.jsonl".into(), Value::Integer(0), Value::Bytes(line.as_bytes())];
        out.row(&values[..columns.len()]).expect("written");
    }
    out.close(lines.len() as u64).expect("closed");
    bytes
}

fn lines(lines: &[&str]) -> Vec<u8> {
    stream(step("read").takes, lines)
}

fn worker(arguments: &[&str], input: &[u8]) -> Output {
    let mut process = Command::new(env!("CARGO_BIN_EXE_vidimus-worker"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    // One that refuses early does not read what it is given.
    let _ = process.stdin.take().expect("a pipe").write_all(input);
    process.wait_with_output().expect("ended")
}

/// What the worker says, where it ends with this code.
fn refused(arguments: &[&str], input: &[u8], code: i32) -> String {
    let output = worker(arguments, input);
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.starts_with("vidimus-worker "), "{said}");
    said
}

/// The first columns of what comes out of the step `read`: row, piece, and the text of the piece or why there is none.
fn pieces(output: &[u8]) -> Vec<(i64, i64, String)> {
    let mut incoming = Incoming::open(output).expect("a stream");
    let columns = step("read").gives;
    let order = order(&incoming.schema(), columns).expect("its columns");
    let mut found = Vec::new();
    while let Some(batch) = incoming.batch().expect("whole") {
        let rows = Rows::new(&batch, columns, &order).expect("rows");
        found.extend(rows.iter().map(|row| {
            let part = row.bytes(12).map(|part| String::from_utf8_lossy(part).into_owned());
            let said = part.or_else(|| row.text(5).map(str::to_owned));
            let number = |column| row.integer(column).expect("a number");
            (number(2), number(3), said.unwrap_or_default())
        }));
    }
    found
}

#[test]
fn lines_become_pieces_and_the_trailer_says_how_many() {
    let input = lines(&[r#"{"text": "The lamps went out."}"#, "", r#"{"text": 7}"#]);
    let output = worker(&["read"], &input);
    assert!(output.status.success());
    let found = pieces(&output.stdout);
    assert_eq!(found[0], (0, 0, "The lamps went out.".to_owned()));
    assert_eq!(found[1], (2, -1, "its field `text` is no string".to_owned()));
    assert_eq!(found[2], (3, -2, String::new()), "the block has three lines");
    let trailer = output.stdout.rsplit(|byte| *byte == b'\n').nth(1).expect("a line");
    let trailer = String::from_utf8_lossy(&trailer[trailer.len().saturating_sub(80)..]).into_owned();
    assert!(
        trailer.contains(&format!(r#""contract":{CONTRACT},"rows_in":3,"rows_out":3,"crc":"#)),
        "{trailer}"
    );
}

#[test]
fn an_empty_partition_gives_an_empty_stream() {
    for step in ALL {
        let crowd = format!("[{}]", ["0"; FREQUENT + 1].join(","));
        let settings = format!(r#"{{"crowd": {crowd}}}"#);
        let output = worker(&[step.name, &settings], &stream(step.takes, &[]));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{}: {said}", step.name);
        let mut incoming = Incoming::open(output.stdout.as_slice()).expect("a stream");
        assert!(order(&incoming.schema(), step.gives).is_ok(), "{}", step.name);
        assert!(incoming.batch().expect("whole").is_none(), "{}", step.name);
    }
}

#[test]
fn a_stream_that_breaks_off_is_never_taken_for_a_whole_one() {
    let input = lines(&[r#"{"text": "The lamps went out."}"#, r#"{"text": "Nobody lit them."}"#]);
    let whole = worker(&["read"], &input).stdout;
    for cut in (0..input.len()).step_by(7).chain([input.len() - 1]) {
        let output = worker(&["read"], &input[..cut]);
        assert_eq!(output.status.code(), Some(3), "cut at {cut}");
        let mut incoming = match Incoming::open(output.stdout.as_slice()) {
            Ok(incoming) => incoming,
            Err(_) => continue,
        };
        while let Ok(Some(_)) = incoming.batch() {}
        assert!(
            incoming.close().is_err(),
            "what comes of a part is no whole, cut at {cut}"
        );
    }
    // The other side finds a cut in what comes back, too.
    for cut in (0..whole.len()).step_by(7) {
        let read = Incoming::open(&whole[..cut]).and_then(|mut incoming| {
            while incoming.batch()?.is_some() {}
            incoming.close()
        });
        assert!(read.is_err(), "cut at {cut}");
    }
}

#[test]
fn a_trailer_that_says_something_else_is_refused() {
    let input = lines(&[r#"{"text": "The lamps went out."}"#]);
    let end = input
        .windows(12)
        .rposition(|part| part == b"{\"contract\":")
        .expect("a trailer");
    let with = |trailer: &str| [&input[..end], trailer.as_bytes(), b"\n"].concat();
    let trailer = std::str::from_utf8(&input[end..]).expect("UTF-8").trim_end();
    for (wrong, said) in [
        (
            trailer.replace(&format!("\"contract\":{CONTRACT}"), "\"contract\":9"),
            "version 9 of the contract",
        ),
        (
            trailer.replace("\"rows_in\":1", "\"rows_in\":2"),
            "tells of 2 rows, and 1 came in",
        ),
        (trailer.replace("\"crc\":", "\"crc\":1"), "cannot be read"),
        (
            format!(r#"{{"contract":{CONTRACT},"rows_in":1,"crc":12}}"#),
            "the checksum 0000000c",
        ),
        ("nonsense".to_owned(), "cannot be read"),
    ] {
        // A number with one digit more may still be one of 32 bits: then the checksum is wrong.
        let told = refused(&["read"], &with(&wrong), 3);
        assert!(told.contains(said) || told.contains("checksum"), "{told}");
    }
    assert!(worker(&["read"], &with(trailer)).status.success());
}

#[test]
fn a_changed_byte_is_found() {
    let mut input = lines(&[r#"{"text": "The lamps went out."}"#]);
    let at = input.windows(5).position(|part| part == b"lamps").expect("the text");
    input[at] = b'L';
    assert!(refused(&["read"], &input, 3).contains("checksum"));
}

#[test]
fn other_columns_are_refused() {
    let missing = stream(&step("read").takes[..2], &[r#"{"text": "x"}"#]);
    assert!(refused(&["read"], &missing, 3).contains("there is no column `line`; there are \"path\", \"block\""));
    let other = [("path", Kind::Text), ("block", Kind::Text), ("line", Kind::Bytes)];
    let mut bytes = Vec::new();
    let outgoing = Outgoing::open(&mut bytes, &schema(&other)).expect("opened");
    Out::new(&other, outgoing).close(0).expect("closed");
    assert!(refused(&["read"], &bytes, 3).contains("the column `block` has to be bigint, and is Utf8"));
    assert!(refused(&["read"], b"no stream", 3).contains("no whole Arrow stream"));
}

#[test]
fn an_unknown_step_and_wrong_settings_are_refused() {
    assert!(refused(&["dance"], b"", 2).contains("there is no step dance"));
    assert!(refused(&[], b"", 2).contains("call it as"));
    assert!(refused(&["read", "{"], &lines(&[]), 2).contains("settings cannot be read"));
    assert!(refused(&["gather", r#"{"buckets": 3}"#], &lines(&[]), 2).contains("a power of two"));
    for day in ["20260301", "2026-3-1", "+002026-03-01", "2026-03", "2026-02-30"] {
        let settings = format!(r#"{{"today": "{day}"}}"#);
        assert!(refused(&["check", &settings], &lines(&[]), 2).contains(&format!("`today` is {day}: ")));
    }
}

#[test]
fn rows_that_make_no_sense_are_refused() {
    let takes = step("gather").takes;
    let mut bytes = Vec::new();
    let mut out = Out::new(takes, Outgoing::open(&mut bytes, &schema(takes)).expect("opened"));
    out.row(&[Value::Integer(0), Value::Bytes(&[0xff; 30])])
        .expect("written");
    out.close(1).expect("closed");
    assert!(refused(&["gather"], &bytes, 4).contains("packed numbers are cut off"));
}

/// A row for a step: 1 in each column but those that are named.
fn one_row(name: &str, named: &[(&str, Value<'_>)]) -> Vec<u8> {
    let takes = step(name).takes;
    let value = |(column, kind): &Column| {
        let found = named.iter().find(|(name, _)| name == column).map(|(_, value)| *value);
        found.unwrap_or(match kind {
            Kind::Integer => Value::Integer(1),
            Kind::Real => Value::Real(1.0),
            Kind::Flag => Value::Flag(true),
            Kind::Text | Kind::Bytes | Kind::Integers => Value::None,
        })
    };
    let mut bytes = Vec::new();
    let mut out = Out::new(takes, Outgoing::open(&mut bytes, &schema(takes)).expect("opened"));
    out.row(&takes.iter().map(value).collect::<Vec<_>>()).expect("written");
    out.close(1).expect("closed");
    bytes
}

#[test]
fn what_is_not_known_of_a_passage_is_not_made_up() {
    assert!(worker(&["kind"], &one_row("kind", &[])).status.success());
    let unseen = one_row("kind", &[("b_look", Value::None)]);
    assert!(refused(&["kind"], &unseen, 4).contains("a short passage comes without its look"));
    let long = Value::Integer(SHORT as i64 + 1);
    let long = one_row("kind", &[("b_look", Value::None), ("a_words", long), ("b_words", long)]);
    assert!(worker(&["kind"], &long).status.success());
    let crowd = format!(r#"{{"crowd": [{}]}}"#, ["0"; FREQUENT + 1].join(","));
    let poem = one_row("group", &[("what", "pair".into()), ("kind", "poem".into())]);
    assert!(refused(&["group", &crowd], &poem, 4).contains("of no known kind: Some(\"poem\")"));
}

#[test]
fn the_contract_names_every_step() {
    let output = worker(&["contract"], b"");
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(told["contract"], CONTRACT);
    for step in ALL {
        assert!(told["steps"][step.name]["gives"].is_string(), "{}", step.name);
    }
}
