//! Bags of our own: what is wrong with each, by rule.

use vidimus::digest::Algorithm;
use vidimus::exchange::Outcome;

use super::{Bag, HALL, PIER, Strictness, set, verified};

#[test]
fn a_sound_bag_is_whole() {
    for bag in [Bag::sound(), Bag::draft()] {
        assert_eq!(bag.said(), set(&[]));
        let (_, verified) = verified(bag.root());
        let summary = verified.report.summary;
        assert_eq!(
            (summary.listed, summary.verified, summary.unverifiable, summary.missing),
            (5, 5, 0, 0)
        );
    }
}

#[test]
fn all_manifests_are_verified_in_one_read() {
    let bag = Bag::sound();
    for algorithm in Algorithm::ALL {
        bag.list(&format!("manifest-{algorithm}.txt"), algorithm, &[HALL.0, PIER.0]);
    }
    bag.seal();
    assert_eq!(bag.said(), set(&[]));
    let (package, _) = verified(bag.root());
    assert_eq!(package.items[0].digests.len(), Algorithm::ALL.len());
    // One digest of many is wrong, and the finding stands beside the list that is.
    let wrong = format!("{}  {}\n", Algorithm::Sha512.digest(b"other"), PIER.0);
    bag.list("manifest-sha512.txt", Algorithm::Sha512, &[HALL.0]);
    bag.add("manifest-sha512.txt", &wrong);
    bag.seal();
    let (_, verified) = verified(bag.root());
    let [finding] = verified.report.findings.as_slice() else {
        panic!("{:?}", verified.report.findings)
    };
    assert_eq!(
        (finding.rule, &*finding.location.path),
        ("fixity/hash-mismatch", PIER.0)
    );
    assert_eq!(finding.related[0].location.path, "manifest-sha512.txt");
}

#[test]
fn a_mismatch_says_why_and_is_never_hidden_by_a_total() {
    let cases: [(&str, &str); 4] = [
        (
            "lf-to-crlf",
            "Minutes of the meeting on the pier: four were there, and one was late.\r\n",
        ),
        (
            "bom-added",
            "\u{feff}Minutes of the meeting on the pier: four were there, and one was late.\n",
        ),
        ("misfiled", HALL.1),
        ("empty", ""),
    ];
    for (cause, text) in cases {
        let bag = Bag::sound();
        bag.write(PIER.0, text);
        assert_eq!(
            bag.said(),
            set(&["error fixity/hash-mismatch", "error fixity/total-mismatch"]),
            "{cause}"
        );
        let (_, verified) = verified(bag.root());
        let finding = verified
            .report
            .findings
            .iter()
            .find(|one| one.location.path == PIER.0)
            .expect("found");
        assert_eq!(finding.evidence["cause"], cause, "{}", finding.message);
    }
}

#[test]
fn versions_differ_in_what_they_forgive() {
    let cases: [Strictness<'_>; 5] = [
        (
            &|bag| {
                let line = format!("{}  {}\n", Algorithm::Sha256.digest(HALL.1.as_bytes()), HALL.0);
                bag.add("manifest-sha256.txt", &line);
            },
            &["warning manifest/path-clash"],
            &["error manifest/path-clash"],
        ),
        (
            &|bag| bag.list("manifest-md5.txt", Algorithm::Md5, &[HALL.0]),
            &[],
            &["error manifest/uneven-listing"],
        ),
        (
            &|bag| bag.add("bag-info.txt", "Bag-Group-Identifier :x\n"),
            &[],
            &["warning manifest/line-form"],
        ),
        (
            &|bag| {
                bag.add(
                    "bag-info.txt",
                    &format!("payload-oxum: {}.2\n", HALL.1.len() + PIER.1.len()),
                )
            },
            &["warning manifest/duplicate-key"],
            &["error manifest/duplicate-key"],
        ),
        (
            &|bag| bag.add("bagit.txt", "\n"),
            &[],
            &["error manifest/invalid-declaration"],
        ),
    ];
    for (index, (change, draft, strict)) in cases.into_iter().enumerate() {
        for (bag, rules) in [(Bag::draft(), draft), (Bag::sound(), strict)] {
            change(&bag);
            bag.seal();
            assert_eq!(bag.said(), set(rules), "case {index}");
        }
    }
}

/// A file, what stands in it in place of what should, and the rules that speak then.
const FAULTS: &[(&str, &[u8], &[&str])] = &[
    (
        "manifest-sha3256.txt",
        b"abc  data/hall.txt\n",
        &["warning manifest/unknown-algorithm"],
    ),
    (
        "manifest-sha256.txt",
        b"",
        &["error fixity/unlisted-text", "error manifest/empty-manifest"],
    ),
    (
        "manifest-md5.txt",
        b"\xff\n",
        &["error manifest/invalid-value", "error manifest/uneven-listing"],
    ),
    (
        "bag-info.txt",
        b"Payload-Oxum: many\n",
        &["error manifest/invalid-value"],
    ),
    (
        "bag-info.txt",
        b"Bagging-Date: last week\n",
        &["warning manifest/invalid-date"],
    ),
    ("bag-info.txt", b"no label\n", &["error manifest/invalid-value"]),
    (
        "bag-info.txt",
        "\u{feff}Contact-Name: Ada Quill\n".as_bytes(),
        &["warning manifest/line-form"],
    ),
    (
        "bagit.txt",
        b"BagIt-Version: 1.1\nTag-File-Character-Encoding: UTF-8\n",
        &["error manifest/unsupported-version"],
    ),
    (
        "fetch.txt",
        b"example.org/a - data/hall.txt\n",
        &["error provenance/invalid-url"],
    ),
    (
        "fetch.txt",
        b"https://example.org/a x data/hall.txt\n",
        &["error manifest/invalid-value"],
    ),
    (
        "fetch.txt",
        b"https://example.org/a 7 data/hall.txt\n",
        &["error fixity/size-mismatch"],
    ),
    (
        "fetch.txt",
        b"https://example.org/a -\n",
        &["error manifest/invalid-value"],
    ),
    (
        "fetch.txt",
        b"https://example.org/a - bag-info.txt\n",
        &["error manifest/invalid-path"],
    ),
];

#[test]
fn each_fault_has_its_rule() {
    for (file, bytes, rules) in FAULTS {
        let bag = Bag::sound();
        bag.write_bytes(file, bytes);
        bag.seal();
        assert_eq!(bag.said(), set(rules), "{file}: {}", bytes.escape_ascii());
    }
}

#[test]
fn a_line_that_is_none_or_has_no_digest_is_told() {
    for (line, rule) in [
        ("hello\n".to_owned(), "error manifest/invalid-value"),
        (format!("abc  {}\n", PIER.0), "error manifest/invalid-digest"),
    ] {
        let bag = Bag::sound();
        bag.list("manifest-sha256.txt", Algorithm::Sha256, &[HALL.0]);
        bag.add("manifest-sha256.txt", &line);
        bag.seal();
        assert!(bag.said().contains(rule), "{line}");
    }
}

#[test]
fn only_lines_that_list_a_file_count_as_listed() {
    let bag = Bag::sound();
    let before = verified(bag.root()).1.report.summary.listed;
    bag.write_bytes("bag-info.txt", b"Contact-Name: caf\xe9\n");
    bag.write_bytes("fetch.txt", b"https://example.org/caf\xe9 - data/hall.txt\n");
    bag.seal();
    assert_eq!(bag.said(), set(&["error manifest/invalid-value"]));
    let summary = verified(bag.root()).1.report.summary;
    assert_eq!(
        (summary.listed, summary.unverifiable),
        (before + 1, 0),
        "with the list of addresses"
    );
}

#[test]
fn what_stands_beside_the_payload_is_told_as_info() {
    let bag = Bag::sound();
    bag.write("notes.txt", "left here by somebody\n");
    assert_eq!(bag.said(), set(&["info fixity/unlisted-text"]));
    bag.remove("tagmanifest-sha256.txt");
    assert_eq!(bag.said(), set(&["info fixity/unlisted-text"]));
}

#[test]
fn lists_of_tag_files_name_the_manifests_and_no_payload() {
    let bag = Bag::sound();
    bag.list(
        "tagmanifest-sha256.txt",
        Algorithm::Sha256,
        &["bagit.txt", "bag-info.txt"],
    );
    assert_eq!(
        bag.said(),
        set(&["error manifest/uneven-listing", "info fixity/unlisted-text"])
    );
    bag.seal();
    bag.add(
        "tagmanifest-sha256.txt",
        &format!("{}  {}\n", Algorithm::Sha256.digest(b""), HALL.0),
    );
    assert_eq!(bag.said(), set(&["error manifest/invalid-path"]));
}

#[test]
fn names_are_encoded_as_the_rfc_says_or_not_at_all() {
    // As RFC 8493 has it: a line end and a `%` in names.
    let encoded = Bag::sound();
    encoded.write("data/one\ntwo %25.txt", HALL.1);
    let digest = Algorithm::Sha256.digest(HALL.1.as_bytes());
    encoded.add("manifest-sha256.txt", &format!("{digest}  data/one%0atwo %2525.txt\n"));
    encoded.remove("bag-info.txt");
    encoded.seal();
    #[cfg(unix)]
    assert_eq!(encoded.said(), set(&[]));
    // As most programs write it.
    for (bag, rule) in [
        (Bag::sound(), "warning manifest/line-form"),
        (Bag::draft(), "info manifest/line-form"),
    ] {
        bag.write("data/50%25.txt", HALL.1);
        bag.add("manifest-sha256.txt", &format!("{digest}  data/50%25.txt\n"));
        bag.remove("bag-info.txt");
        bag.seal();
        assert_eq!(bag.said(), set(&[rule]));
    }
}

#[test]
fn a_name_of_another_form_is_taken_where_one_file_has_it() {
    let bag = Bag::draft();
    std::fs::rename(bag.root().join(PIER.0), bag.root().join("data/Pier.TXT")).expect("renamed");
    assert_eq!(bag.said(), set(&["warning fixity/path-form"]));
    // Of two, neither is taken.
    bag.write("data/PIER.txt", PIER.1);
    bag.remove("bag-info.txt");
    bag.seal();
    if bag.root().join(PIER.0).exists() {
        return; // The system does not tell these names apart.
    }
    assert_eq!(
        bag.said(),
        set(&["error fixity/missing-text", "error fixity/unlisted-text"])
    );
}

#[test]
fn what_is_to_be_fetched_is_told_and_not_fetched() {
    let bag = Bag::sound();
    let line = |length: &str| format!("https://example.org/pier.txt {length} {}\n", PIER.0);
    for (length, total) in [
        (PIER.1.len().to_string(), true),
        ("-".to_owned(), true),
        ("7".to_owned(), false),
    ] {
        bag.write("fetch.txt", &line(&length));
        bag.seal();
        assert_eq!(
            bag.said(),
            set(&[])
                .into_iter()
                .chain((length == "7").then(|| "error fixity/size-mismatch".to_owned()))
                .collect()
        );
        bag.remove(PIER.0);
        let wrong = if total {
            &["error fixity/unfetched-file"][..]
        } else {
            &["error fixity/total-mismatch", "error fixity/unfetched-file"]
        };
        assert_eq!(bag.said(), set(wrong), "{length}");
        let (package, verified) = verified(bag.root());
        let item = package
            .items
            .iter()
            .position(|item| item.facts.path == PIER.0)
            .expect("listed");
        assert_eq!(verified.outcomes[item], Outcome::Missing);
        bag.write(PIER.0, PIER.1);
    }
}

#[test]
fn every_line_end_and_encoding_is_read() {
    let sound = Bag::draft();
    let text = |name: &str| std::fs::read_to_string(sound.root().join(name)).expect("read");
    let utf16 = |text: &str| -> Vec<u8> {
        let mark = [0xFE, 0xFF];
        mark.into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
            .collect()
    };
    let bag = Bag::draft();
    for name in ["manifest-sha256.txt", "bag-info.txt", "bagit.txt"] {
        bag.write(name, &text(name).replace('\n', "\r"));
    }
    bag.seal();
    assert_eq!(bag.said(), set(&[]));
    bag.write(
        "bagit.txt",
        "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-16\n",
    );
    for name in ["manifest-sha256.txt", "bag-info.txt"] {
        bag.write_bytes(name, &utf16(&text(name)));
    }
    bag.seal();
    bag.write_bytes(
        "tagmanifest-sha256.txt",
        &utf16(&text_of(&bag, "tagmanifest-sha256.txt")),
    );
    assert_eq!(bag.said(), set(&[]));
    bag.write(
        "bagit.txt",
        "BagIt-Version: 0.97\nTag-File-Character-Encoding: ISO-8859-1\n",
    );
    bag.write("data/caf\u{e9}.txt", HALL.1);
    let digest = Algorithm::Sha256.digest(HALL.1.as_bytes());
    let line = format!("{}{digest}  data/caf", text("manifest-sha256.txt"));
    bag.write_bytes("manifest-sha256.txt", &[line.as_bytes(), b"\xe9.txt\n"].concat());
    bag.remove("bag-info.txt");
    bag.seal();
    assert_eq!(bag.said(), set(&[]));
}

fn text_of(bag: &Bag, name: &str) -> String {
    std::fs::read_to_string(bag.root().join(name)).expect("read")
}
