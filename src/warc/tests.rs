//! Records of our own, in every packing, whole and damaged.

use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::digest::Algorithm;
use crate::stop::Stop;

fn record(kind: &str, id: usize, block: &[u8]) -> Vec<u8> {
    let digest = label::base32(&Algorithm::Sha1.digest(block));
    let head = format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:x:{id}>\r\nWARC-Date: 2016-05-11T10:00:00Z\r\n\
         WARC-Target-URI: https://example.org/{id}\r\nWARC-Block-Digest: sha1:{digest}\r\nContent-Type: text/plain\r\n\
         Content-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn records() -> Vec<Vec<u8>> {
    (1..=4)
        .map(|id| record("resource", id, "the mill by the river\n".repeat(id * 400).as_bytes()))
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).expect("packed")
}

fn census(bytes: Vec<u8>) -> Census {
    let mut census = Census::default();
    read(Box::new(Cursor::new(bytes)), &mut census, Stop::default()).expect("read");
    census
}

fn ids(census: &Census) -> Vec<&str> {
    census
        .records
        .iter()
        .map(|record| record.head.id().unwrap_or("none"))
        .collect()
}

fn agrees(record: &Record) -> bool {
    record
        .block
        .as_ref()
        .is_some_and(|claim| claim.agreement == Agreement::Yes)
}

const ALL: [&str; 4] = ["<urn:x:1>", "<urn:x:2>", "<urn:x:3>", "<urn:x:4>"];

#[test]
fn every_packing_gives_the_same_records() {
    let apart = |pack: fn(&[u8]) -> Vec<u8>| records().iter().flat_map(|record| pack(record)).collect::<Vec<_>>();
    let plain = apart(<[u8]>::to_vec);
    for bytes in [plain.clone(), apart(gzip), apart(zstd)] {
        let census = census(bytes);
        assert_eq!((ids(&census), &census.faults), (ALL.to_vec(), &vec![]));
        assert!(census.records.iter().all(agrees));
    }
    for (bytes, members) in [(gzip(&plain), 1), (zstd(&plain), 1)] {
        let census = census(bytes);
        assert_eq!(ids(&census), ALL);
        assert!(census.records.iter().all(agrees), "{members}");
        assert_eq!(census.faults.len(), 1);
        assert_eq!(census.faults[0].flaw, Flaw::OneMember(4));
    }
}

#[test]
fn a_dictionary_stands_before_the_frames() {
    let dictionary = "WARC/1.1 WARC-Type: resource the mill by the river\n"
        .repeat(8)
        .into_bytes();
    let mut bytes = vec![0x5D, 0x2A, 0x4D, 0x18];
    bytes.extend(u32::try_from(dictionary.len()).expect("small").to_le_bytes());
    bytes.extend(&dictionary);
    for record in records() {
        let mut encoder =
            zstd::stream::write::Encoder::with_dictionary(Vec::new(), 3, &dictionary).expect("an encoder");
        encoder.write_all(&record).expect("packed");
        bytes.extend(encoder.finish().expect("packed"));
    }
    let census = census(bytes);
    assert_eq!((ids(&census), &census.faults), (ALL.to_vec(), &vec![]));
    assert!(census.records.iter().all(agrees));
}

#[test]
fn a_file_may_end_anywhere() {
    let plain: Vec<u8> = records().concat();
    let packed: Vec<u8> = records().iter().flat_map(|record| gzip(record)).collect();
    let frames: Vec<u8> = records().iter().flat_map(|record| zstd(record)).collect();
    for whole in [plain, packed, frames] {
        for end in (1..whole.len()).step_by(whole.len() / 97 + 1) {
            let census = census(whole[..end].to_vec());
            let certified = census.records.iter().filter(|record| agrees(record)).count();
            assert_eq!(&ids(&census)[..certified], &ALL[..certified], "{end}");
            let told = !census.faults.is_empty();
            assert!(told || end == whole.len() || certified == census.records.len(), "{end}");
        }
    }
}

#[test]
fn damage_costs_the_member_that_it_is_in() {
    let members: Vec<Vec<u8>> = records().iter().map(|record| gzip(record)).collect();
    let (start, end) = (members[0].len(), members[0].len() + members[1].len());
    for at in (start..end).step_by(7) {
        let mut bytes = members.concat();
        bytes[at] ^= 0x10;
        let census = census(bytes);
        let certified: Vec<_> = census
            .records
            .iter()
            .filter(|record| agrees(record))
            .filter_map(|record| record.head.id())
            .collect();
        // A bit of the head of a member (its time, its flags) may be another one and take nothing with it.
        assert!(
            certified == ["<urn:x:1>", "<urn:x:3>", "<urn:x:4>"] || certified == ALL,
            "{at} of {start}..{end}: {certified:?} {:?} {:?}",
            census.faults,
            ids(&census)
        );
        assert!(!census.faults.is_empty() || certified == ALL, "{at}");
    }
}

#[test]
fn a_flipped_bit_anywhere_ends_and_is_never_certified() {
    let plain = records().concat();
    for at in (0..plain.len()).step_by(41) {
        let mut bytes = plain.clone();
        bytes[at] ^= 1;
        let census = census(bytes);
        let good = census.records.iter().filter(|record| agrees(record)).count();
        assert!(good >= 2, "{at}: {good}");
    }
}

#[test]
fn a_bomb_is_passed_over() {
    let zeros = usize::try_from(body::FREE).expect("small") * 2;
    let bomb = record("resource", 9, &vec![0; zeros]);
    let members = records();
    let bytes = [gzip(&members[0]), gzip(&bomb), gzip(&members[1])].concat();
    let census = census(bytes);
    assert_eq!(ids(&census), ["<urn:x:1>", "<urn:x:9>", "<urn:x:2>"]);
    assert!(!census.records[1].whole && agrees(&census.records[2]));
    assert!(
        census
            .faults
            .iter()
            .any(|fault| matches!(fault.flaw, Flaw::Bomb(Some(_)))),
        "{:?}",
        census.faults
    );
}

#[test]
fn a_wrong_length_is_told_with_the_right_one() {
    let block = b"twenty bytes of block";
    let wrong = |length: &str| {
        let record = String::from_utf8(record("resource", 2, block)).expect("text");
        record
            .replace("Content-Length: 21", &format!("Content-Length: {length}"))
            .into_bytes()
    };
    for packed in [false, true] {
        let pack = |bytes: &[u8]| if packed { gzip(bytes) } else { bytes.to_vec() };
        for (length, real) in [("500", Some(21)), ("99999999", Some(21)), ("9", None)] {
            let all = records();
            let census = census([pack(&all[0]), pack(&wrong(length)), pack(&all[2])].concat());
            assert_eq!(ids(&census), ["<urn:x:1>", "<urn:x:2>", "<urn:x:3>"], "{length}");
            assert!(agrees(&census.records[2]) && !agrees(&census.records[1]), "{length}");
            let said = length.parse().expect("a number");
            let flaws: Vec<_> = census.faults.iter().map(|fault| &fault.flaw).collect();
            assert_eq!(flaws, [&Flaw::Length(said, real)], "{length}");
        }
    }
}

#[test]
fn nothing_is_no_record() {
    for bytes in [
        &b""[..],
        b"\r\n\r\n",
        b"WARC/",
        b"WARC/1.1\r\n",
        &[0x1F, 0x8B, 8],
        &[0x28, 0xB5, 0x2F, 0xFD],
        &[0x5D, 0x2A, 0x4D, 0x18, 255, 255, 255, 255],
    ] {
        assert!(census(bytes.to_vec()).records.is_empty(), "{bytes:?}");
    }
}

#[test]
fn every_length_may_be_wrong() {
    let record = |id: usize| {
        format!(
            "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:x:{id}>\r\nWARC-Date: 2016-05-11T10:00:00Z\r\n\
             WARC-Target-URI: urn:x\r\nContent-Length: 99999999\r\n\r\nx\r\n\r\n"
        )
    };
    let all: String = (0..300).map(record).collect();
    let census = census(all.into_bytes());
    assert_eq!(census.records.len(), 300);
    let wrong = census
        .faults
        .iter()
        .filter(|fault| fault.flaw == Flaw::Length(99_999_999, Some(1)));
    assert_eq!(wrong.count(), 299, "the last one is cut");
}
