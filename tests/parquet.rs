//! Shards in Parquet: read by the mapping as JSONL is, and what is wrong with them is a finding that says what.
#![cfg(feature = "parquet")]

#[expect(dead_code, reason = "what other tests use of it")]
mod support;

use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::{Value, json};

use support::{run, shards, vidimus_in};

const SCHEMA: &str = "message texts {
    optional binary id (UTF8);
    optional group meta { optional binary title (UTF8); optional int64 at (TIMESTAMP_MILLIS); }
    optional binary text (UTF8);
    optional int32 day (DATE);
    optional int64 number;
}";
/// The numbers of leaf columns.
const TEXT: usize = 3;
const NUMBER: usize = 5;
const FIELDS: &str =
    "{text: text, id: id, title: meta.title, source.retrieved_at: meta.at, source.url: url, published_at: day}";

/// A file of these texts; a text that is none is null. Two row groups, if there are texts for them.
fn file(texts: &[Option<&str>], compression: Compression) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(SCHEMA).expect("a schema"));
    let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, properties).expect("a writer");
    let mut number = 0;
    for group in texts.chunks(2) {
        let mut rows = writer.next_row_group().expect("a row group");
        let mut column = 0;
        while let Some(mut next) = rows.next_column().expect("a column") {
            write(next.untyped(), column, group, number);
            next.close().expect("written");
            column += 1;
        }
        rows.close().expect("written");
        number += i32::try_from(group.len()).expect("few");
    }
    writer.close().expect("written");
    bytes
}

fn write(column: &mut ColumnWriter<'_>, index: usize, texts: &[Option<&str>], number: i32) {
    let numbers: Vec<i32> = (number..).take(texts.len()).collect();
    let levels = |level: i16| vec![level; texts.len()];
    let written = match column {
        ColumnWriter::ByteArrayColumnWriter(writer) if index == TEXT => {
            let values: Vec<ByteArray> = texts.iter().flatten().map(|text| ByteArray::from(*text)).collect();
            let levels: Vec<i16> = texts.iter().map(|text| i16::from(text.is_some())).collect();
            writer.write_batch(&values, Some(&levels), None)
        }
        ColumnWriter::ByteArrayColumnWriter(writer) => {
            let values: Vec<ByteArray> = numbers
                .iter()
                .map(|n| ByteArray::from(format!("w{n}").as_str()))
                .collect();
            writer.write_batch(&values, Some(&levels(if index == 0 { 1 } else { 2 })), None)
        }
        // 2020-05-01 and the days after it; the time is that of two days before.
        ColumnWriter::Int32ColumnWriter(writer) => {
            let days: Vec<i32> = numbers.iter().map(|n| 18_383 + n).collect();
            writer.write_batch(&days, Some(&levels(1)), None)
        }
        ColumnWriter::Int64ColumnWriter(writer) => {
            let times: Vec<i64> = numbers
                .iter()
                .map(|n| (18_383 + i64::from(*n)) * 86_400_000 - 172_800_000)
                .collect();
            writer.write_batch(&times, Some(&levels(if index == NUMBER { 1 } else { 2 })), None)
        }
        _ => unreachable!("no such column"),
    };
    assert_eq!(
        written.expect("written"),
        texts
            .iter()
            .flatten()
            .count()
            .max(if index == TEXT { 0 } else { texts.len() })
    );
}

fn report(folder: &Path, args: &[&str]) -> Value {
    let fixed = ["check", "--today", "2026-01-01", "--format", "json"];
    let (_, out, err) = run(vidimus_in(folder).args(fixed).args(args));
    assert_eq!(err, "");
    serde_json::from_str(&out).expect("JSON")
}

fn of_rule<'r>(report: &'r Value, rule: &str) -> Vec<&'r Value> {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().filter(|finding| finding["rule"] == rule).collect()
}

#[test]
fn rows_are_records_however_they_are_packed() {
    let texts = [
        Some("It was late.\n"),
        Some("Share this article\n\nIt was late.\n"),
        None,
        Some("Nobody came.\n"),
    ];
    let zstd = Compression::ZSTD(ZstdLevel::default());
    let gzip = Compression::GZIP(parquet::basic::GzipLevel::default());
    for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, zstd, gzip] {
        let folder = shards(&[("a.parquet", &file(&texts, compression), FIELDS)]);
        let report = report(folder.path(), &[]);
        assert_eq!(
            (&report["summary"]["listed"], &report["summary"]["verified"]),
            (&json!(3), &json!(3))
        );
        let record = |number: u64, id: Value| json!({"shard": "a.parquet", "number": number, "id": id, "offset": null});
        assert_eq!(
            of_rule(&report, "layout/stray-label")[0]["record"],
            record(2, json!("w1"))
        );
        let [wrong] = of_rule(&report, "manifest/invalid-record")[..] else {
            panic!("{compression}: {report:#}")
        };
        assert_eq!(wrong["record"], record(3, Value::Null));
        // The text was retrieved two days before it was published.
        let early = of_rule(&report, "provenance/retrieval-before-publication");
        assert_eq!(early.len(), 3, "{report:#}");
        let said = early[0]["message"].as_str().expect("said");
        assert!(said.ends_with("(`meta.at`: 2020-04-29T00:00:00Z)"), "{said}");
        let related = early[0]["related"][0]["message"].as_str().expect("said");
        assert!(related.ends_with("(`day`: 2020-05-01)"), "{related}");
        let unmet = of_rule(&report, "manifest/invalid-shard");
        assert!(
            unmet.len() == 1 && unmet[0]["message"].as_str().expect("said").contains("`url`"),
            "{unmet:#?}"
        );
    }
}

#[test]
fn what_is_wrong_with_a_file_is_said_and_the_rest_goes_on() {
    let good = file(&[Some("It was late.\n")], Compression::SNAPPY);
    let cut = &good[..good.len() - 5];
    let mut footer = good.clone();
    let end = footer.len();
    footer[end - 6] = 0x7f;
    let other = "{text: number, id: id}";
    for (bytes, fields, said) in [
        (cut, FIELDS, "it is no sound Parquet file: "),
        (&footer, FIELDS, "it is no sound Parquet file: "),
        (b"", FIELDS, "it is no sound Parquet file: "),
        (
            &good,
            "{text: body}",
            "it has no column `body`; it has id, meta, text, day, number",
        ),
        (&good, other, "its column `number` holds INT64, and no strings"),
        (&good, "{text: meta}", "its column `meta` holds groups, and no strings"),
    ] {
        let line = b"{\"text\": \"It was late.\", \"id\": \"j\"}\n";
        let folder = shards(&[("a.parquet", bytes, fields), ("b.jsonl", line, "{text: text, id: id}")]);
        let report = report(folder.path(), &[]);
        let found = of_rule(&report, "manifest/invalid-shard");
        let message = found[0]["message"].as_str().expect("said");
        assert!(
            message.contains("the shard a.parquet cannot be read as records: ") && message.contains(said),
            "{message}"
        );
        assert_eq!(found[0]["path"], "manifest.yaml");
        // The bytes are those on record all the same, and the other shard was looked at.
        assert_eq!(
            (&report["summary"]["verified"], &report["records"]["records"]),
            (&json!(2), &json!(1))
        );
    }
}

#[test]
fn no_damaged_byte_ends_the_program() {
    let good = file(
        &[Some("It was late.\n"), Some("Nobody came.\n"), None],
        Compression::SNAPPY,
    );
    for at in (0..good.len()).step_by(37) {
        let mut bad = good.clone();
        bad[at] ^= 0xff;
        let folder = shards(&[("a.parquet", &bad, FIELDS)]);
        let (code, out, err) = run(vidimus_in(folder.path()).args(["verify", "--format", "concise"]));
        assert!(matches!(code, Some(0..=2)), "byte {at}: {code:?} {out}{err}");
    }
}

#[test]
fn records_of_parquet_are_compared_and_inspected() {
    let passage =
        "The keeper of the weir counted forty lamps along the quay before the barges came in from the upper town.";
    let texts = [Some(passage), Some("It was late.\n"), Some(passage)];
    let folder = shards(&[("a.parquet", &file(&texts, Compression::SNAPPY), FIELDS)]);
    let (code, out, err) = run(vidimus_in(folder.path()).args(["duplicates", "a.parquet", "--format", "jsonl"]));
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("\"record\":1") || out.contains("\"record\": 1"), "{out}");
    let (code, out, _) = run(vidimus_in(folder.path()).args(["inspect", "a.parquet"]));
    assert_eq!((code, out.matches("a.parquet#w").count()), (Some(0), 3));
}
