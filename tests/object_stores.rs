//! Object stores: a corpus in a bucket is read as one in a folder, and what a store refuses is an error or a finding that says so.
#![cfg(feature = "cloud")]

#[path = "object_stores/stand.rs"]
mod stand;
#[expect(dead_code, reason = "what other tests use of it")]
mod support;

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use stand::{Proxy, SECRET, Server, server, vidimus_at};
use support::{corpus, gzip, run, shards, vidimus_in};

const WEIR: &str =
    "The keeper of the weir counted forty lamps along the quay before the barges came in from the town.\n";
const MILL: &str =
    "A miller who lives below the bridge has not heard the bell since the flood took the lower road away.\n";
const MAPPING: &str = "{text: text, id: id}";

/// Runs the program; nothing that it prints may hold the secret.
fn quietly(command: &mut std::process::Command) -> (Option<i32>, String, String) {
    let (code, out, err) = run(command);
    assert!(!out.contains(SECRET) && !err.contains(SECRET), "{out}{err}");
    (code, out, err)
}

fn rules(report: &str) -> Vec<(String, String)> {
    let report: Value = serde_json::from_str(report).expect("JSON");
    let findings = report["findings"].as_array().expect("findings").iter();
    let word = |value: &Value| value.as_str().expect("a string").to_owned();
    findings.map(|one| (word(&one["rule"]), word(&one["path"]))).collect()
}

/// A record a line.
fn lines(texts: &[&str]) -> Vec<u8> {
    let line = |(number, text): (usize, &&str)| {
        let record = serde_json::json!({"id": format!("r{number}"), "text": text});
        format!("{record}\n")
    };
    texts.iter().enumerate().map(line).collect::<String>().into_bytes()
}

/// A folder that has all that a manifest may name: texts that are right, changed, missing, empty and unlisted, and shards of both kinds.
fn everything() -> tempfile::TempDir {
    let mut large = WEIR.repeat(12_000).into_bytes(); // More than one part.
    large.extend_from_slice(MILL.as_bytes());
    let folder = corpus(&[
        ("a/one.txt", WEIR.as_bytes()),
        ("a/two.txt", MILL.as_bytes()),
        ("a/b c/gr\u{fc}\u{df}e+100%.txt", WEIR.as_bytes()),
        ("large.txt", &large),
        ("empty.txt", b""),
        ("changed.txt", WEIR.as_bytes()),
        ("missing.txt", MILL.as_bytes()),
    ]);
    let place = |name: &str| folder.path().join(name);
    fs::write(place("changed.txt"), WEIR.replace("forty", "fifty")).expect("written");
    fs::remove_file(place("missing.txt")).expect("removed");
    fs::write(place("unlisted.txt"), "A bell without a tower.\n").expect("written");
    let below = "vidimus: 1\nentries:\n  - {path: a/three.txt, sha256: no}\n";
    fs::write(place("below.yaml"), below).expect("written");
    fs::write(place("a/three.txt"), MILL).expect("written");
    let shard = zstd::encode_all(&lines(&[WEIR, MILL, "x"])[..], 1).expect("packed");
    fs::write(place("records.jsonl.zst"), &shard).expect("written");
    let digest = |bytes: &[u8]| vidimus::digest::Algorithm::Sha256.digest(bytes);
    let more = format!(
        "entries_from:\n  - {{path: below.yaml, sha256: \"{}\"}}\n  - {{path: records.jsonl.zst, sha256: \"{}\", records: {MAPPING}}}\n",
        digest(below.as_bytes()),
        digest(&shard)
    );
    let manifest = fs::read_to_string(place("manifest.yaml")).expect("read") + &more;
    fs::write(place("manifest.yaml"), manifest).expect("written");
    folder
}

#[test]
fn a_corpus_in_a_bucket_is_read_as_one_in_a_folder() {
    let Some(server) = server() else { return };
    let folder = everything();
    server.bucket("everything", folder.path());
    let elsewhere = tempfile::tempdir().expect("a folder");
    for arguments in [&["verify"][..], &["check"], &["check", "--ignore", "duplicate"]] {
        let ask = |command: &mut std::process::Command, manifest: &str| {
            quietly(
                command
                    .args(arguments)
                    .args(["--format", "json", "--manifest", manifest]),
            )
        };
        let (code, here, _) = ask(&mut vidimus_in(folder.path()), "manifest.yaml");
        let there = ask(
            &mut vidimus_at(elsewhere.path(), server.port),
            "s3://everything/manifest.yaml",
        );
        assert_eq!((Some(1), code), (code, there.0), "{}", there.2);
        assert_eq!(there.1, here, "{arguments:?}");
        let found = rules(&here);
        for (rule, path) in [
            ("fixity/hash-mismatch", "changed.txt"),
            ("fixity/missing-text", "missing.txt"),
            ("fixity/unlisted-text", "unlisted.txt"),
            ("manifest/invalid-digest", "below.yaml"),
        ] {
            assert!(found.contains(&(rule.to_owned(), path.to_owned())), "{rule}: {found:?}");
        }
    }
    assert_eq!(
        elsewhere.path().read_dir().expect("listed").count(),
        0,
        "nothing is left behind"
    );
}

#[test]
fn a_part_of_a_corpus_in_a_bucket_is_named_by_its_address() {
    let Some(server) = server() else { return };
    server.bucket("parts", everything().path());
    let here = tempfile::tempdir().expect("a folder");
    let verify = |paths: &[&str]| {
        let manifest = ["verify", "--format", "json", "--manifest", "s3://parts/manifest.yaml"];
        quietly(vidimus_at(here.path(), server.port).args(manifest).args(paths))
    };
    for path in ["s3://parts/a/one.txt", "a/one.txt", "s3://parts/a/b c"] {
        let (code, out, err) = verify(&[path]);
        let report: Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!(report["summary"]["verified"], 1, "{path}: {code:?} {out} {err}");
    }
    let (code, _, err) = verify(&["s3://parts/nowhere.txt"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("no entry of the manifest is nowhere.txt"), "{err}");
}

#[test]
fn shards_of_a_manifest_in_a_folder_may_have_addresses() {
    let Some(server) = server() else { return };
    let there = tempfile::tempdir().expect("a folder");
    let plain = lines(&[WEIR, MILL, "x"]);
    fs::write(there.path().join("plain.jsonl"), &plain).expect("written");
    fs::write(there.path().join("changed.jsonl.gz"), gzip(&lines(&[MILL]))).expect("written");
    let cut = zstd::encode_all(&plain[..], 1).expect("packed");
    fs::write(there.path().join("cut.jsonl.zst"), &cut[..cut.len() - 4]).expect("written");
    server.bucket("shards", there.path());
    let shard = |name: &str, digest: vidimus::digest::Digest| {
        format!("  - {{path: \"s3://shards/{name}\", sha256: \"{digest}\", records: {MAPPING}}}\n")
    };
    let digest = |bytes: &[u8]| vidimus::digest::Algorithm::Sha256.digest(bytes);
    let manifest = [
        "vidimus: 1\ncorpus: {include: [], license: CC0-1.0}\nentries_from:\n".to_owned(),
        shard("plain.jsonl", digest(&plain)),
        shard("changed.jsonl.gz", digest(&gzip(&lines(&[WEIR])))),
        shard("cut.jsonl.zst", digest(&cut)),
        shard("missing.jsonl", digest(b"")),
        "  - {path: \"s3://no-such-bucket/a.jsonl\", sha256: x, records: {text: text}}\n".to_owned(),
        "  - {path: \"s3:///a.jsonl\", sha256: x, records: {text: text}}\n".to_owned(),
        "  - {path: \"s3://shards/../a.jsonl\", sha256: x, records: {text: text}}\n".to_owned(),
    ];
    let here = tempfile::tempdir().expect("a folder");
    fs::write(here.path().join("manifest.yaml"), manifest.concat()).expect("written");
    let check = ["check", "--format", "json", "--select", "fixity,manifest"];
    let (code, out, err) = quietly(vidimus_at(here.path(), server.port).args(check));
    assert_eq!(code, Some(1), "{err}");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["summary"]["verified"], 3, "the records of the first: {out}");
    let found = rules(&out);
    for (rule, name) in [
        ("fixity/hash-mismatch", "s3://shards/changed.jsonl.gz"),
        ("fixity/hash-mismatch", "s3://shards/cut.jsonl.zst"),
        ("fixity/missing-text", "s3://shards/missing.jsonl"),
        ("fixity/unreadable-text", "s3://no-such-bucket/a.jsonl"),
    ] {
        assert!(
            found.contains(&(rule.to_owned(), name.to_owned())),
            "{rule} {name}: {found:?}"
        );
    }
    assert!(out.contains("there is no bucket `no-such-bucket`"), "{out}");
    assert_eq!(
        found.iter().filter(|(rule, _)| rule == "manifest/invalid-path").count(),
        2,
        "{found:?}"
    );
    assert!(
        !found.iter().any(|(rule, _)| rule == "manifest/unportable-path"),
        "{found:?}"
    );
}

#[test]
fn duplicates_and_inspect_read_what_an_address_names() {
    let Some(server) = server() else { return };
    let folder = everything();
    server.bucket("twice", folder.path());
    let here = tempfile::tempdir().expect("a folder");
    for (command, place) in [
        (&["duplicates", "--format", "jsonl"][..], "records.jsonl.zst"),
        (&["duplicates", "--format", "jsonl"], "manifest.yaml"),
        (&["duplicates", "--format", "jsonl", "--memory", "1M"], ""),
        (&["duplicates", "--format", "jsonl"], "a/"),
        (&["inspect", "--format", "jsonl"], "large.txt"),
        (&["inspect", "--format", "jsonl"], "records.jsonl.zst"),
        (&["inspect", "--format", "jsonl"], "a/"),
    ] {
        let root = format!("{}/", folder.path().display());
        let (code, mine, _) = quietly(vidimus_in(folder.path()).args(command).arg(format!("{root}{place}")));
        let address = format!("s3://twice/{place}");
        let theirs = quietly(vidimus_at(here.path(), server.port).args(command).arg(&address));
        assert_eq!(theirs.0, code, "{place}: {}", theirs.2);
        assert_eq!(code, Some(0), "{place}");
        assert_eq!(theirs.1, mine.replace(&root, "s3://twice/"), "{command:?} {place}");
    }
}

#[test]
fn a_large_object_is_asked_for_in_parts() {
    let Some(server) = server() else { return };
    let mut large = WEIR.repeat(220_000).into_bytes(); // 20 MB.
    large.truncate(20 << 20);
    let folder = corpus(&[("large.txt", &large), ("small.txt", WEIR.as_bytes())]);
    server.bucket("ranges", folder.path());
    let proxy = Proxy::before(server.port, |_, _| ());
    let verify = ["verify", "--manifest", "s3://ranges/manifest.yaml"];
    let (code, _, err) = quietly(vidimus_at(folder.path(), proxy.port).args(verify));
    assert_eq!(code, Some(0), "{err}");
    let mib = |range: [u64; 2]| format!("GET bytes={}-{}", range[0] << 20, (range[1] << 20) - 1);
    assert_eq!(
        proxy.asked_of("/large.txt"),
        [[0, 1], [1, 3], [3, 7], [7, 15], [15, 20]].map(mib)
    );
    assert_eq!(
        proxy.asked_of("/small.txt"),
        ["GET bytes=0-1048575"],
        "one request for a short text"
    );
}

#[test]
fn what_is_not_there_is_said() {
    let Some(server) = server() else { return };
    let folder = corpus(&[("a.txt", WEIR.as_bytes())]);
    server.bucket("thereabouts", folder.path());
    for (arguments, said) in [
        (
            &["check", "--manifest", "s3://nobodys-bucket/manifest.yaml"][..],
            "there is no bucket `nobodys-bucket`",
        ),
        (
            &["verify", "--manifest", "s3://thereabouts/x/manifest.yaml"],
            "there is no manifest at s3://thereabouts/x/manifest.yaml",
        ),
        (
            &["duplicates", "s3://thereabouts/b.jsonl"],
            "cannot read s3://thereabouts/b.jsonl",
        ),
        (
            &["inspect", "s3://thereabouts/b.txt"],
            "cannot read s3://thereabouts/b.txt",
        ),
        (
            &["inspect", "s3://nobodys-bucket/"],
            "there is no bucket `nobodys-bucket`",
        ),
        (
            &["verify", "--manifest", "s3://example.org#/manifest.yaml"],
            "`example.org#` is no name of a bucket",
        ),
        (
            &["verify", "--manifest", "s3://thereabouts/a//manifest.yaml"],
            "its key has an empty part",
        ),
    ] {
        let (code, _, err) = quietly(vidimus_at(folder.path(), server.port).args(arguments));
        assert_eq!(code, Some(2), "{arguments:?}: {err}");
        assert!(err.contains(said), "{arguments:?}: {err}");
    }
}

#[test]
fn a_store_that_refuses_is_an_error_or_a_finding() {
    let Some(_) = server() else { return };
    let own = Server::start().expect("a server");
    let shard = lines(&[WEIR]);
    let folder = shards(&[("here.jsonl", &shard, MAPPING)]);
    own.bucket("closed", folder.path());
    let manifest = fs::read_to_string(folder.path().join("manifest.yaml")).expect("read");
    let more = "  - {path: \"s3://closed/here.jsonl\", sha256: x, records: {text: text}}\n";
    fs::write(folder.path().join("manifest.yaml"), manifest + more).expect("written");
    let verify = |known: bool, manifest: &str| {
        let mut command = vidimus_at(folder.path(), own.port);
        if !known {
            command
                .env_remove("AWS_ACCESS_KEY_ID")
                .env_remove("AWS_SECRET_ACCESS_KEY")
                .env("AWS_SKIP_SIGNATURE", "true");
        }
        quietly(command.args(["verify", "--format", "json", "--manifest", manifest]))
    };
    assert_eq!(verify(true, "s3://closed/manifest.yaml").0, Some(0));
    let refused = |known, word: &str| {
        let (code, _, err) = verify(known, "s3://closed/manifest.yaml");
        assert_eq!(code, Some(2), "{err}");
        assert!(
            err.contains(&format!("the store refuses access ({word})")) && err.contains("AWS_ACCESS_KEY_ID"),
            "{err}"
        );
        let (code, out, _) = verify(known, "manifest.yaml");
        assert_eq!(code, Some(1));
        assert!(out.contains(&format!("the store refuses access ({word})")), "{out}");
        let report: Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!(report["summary"]["verified"], 1, "the rest goes on: {out}");
    };
    refused(false, "403");
    own.know_nobody();
    refused(true, "InvalidAccessKeyId");
}

#[test]
fn a_store_that_does_not_answer_ends_in_an_error() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("bound");
    let silent = silent
        .local_addr()
        .map(|address| (address.port(), silent))
        .expect("an address");
    let gone = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("an address");
    let folder = shards(&[("here.jsonl", &lines(&[WEIR]), MAPPING)]);
    let manifest = fs::read_to_string(folder.path().join("manifest.yaml")).expect("read");
    let more: String = (0..40)
        .map(|number| format!("  - {{path: \"s3://far/{number}.jsonl\", sha256: x, records: {{text: text}}}}\n"))
        .collect();
    fs::write(folder.path().join("manifest.yaml"), manifest + &more).expect("written");
    for port in [gone.port(), silent.0] {
        let ask = |manifest: &str| {
            let mut command = vidimus_at(folder.path(), port);
            command.env("AWS_TIMEOUT", "100ms");
            quietly(command.args(["verify", "--format", "json", "--manifest", manifest]))
        };
        let (code, _, err) = ask("s3://far/manifest.yaml");
        assert_eq!(code, Some(2));
        assert!(err.contains("the object store cannot be reached"), "{err}");
        let (code, out, _) = ask("manifest.yaml");
        assert_eq!(code, Some(1));
        let report: Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!(
            (&report["summary"]["verified"], &report["summary"]["unverifiable"]),
            (&1.into(), &40.into()),
            "{out}"
        );
    }
}

/// Texts of which one is spoilt on the way, each in its own way.
fn spoilt(
    name: &str,
    spoil: impl Fn(&Server, &str, &mut Vec<u8>) + Send + Sync + 'static,
) -> Option<(Value, Vec<(String, String)>)> {
    let server = server()?;
    let long = WEIR.repeat(11_000);
    let folder = corpus(&[("long.txt", long.as_bytes()), ("other.txt", MILL.as_bytes())]);
    server.bucket(name, folder.path());
    let proxy = Proxy::before(server.port, move |asked, answer| {
        if asked.contains("/long.txt GET") {
            spoil(server, asked, answer);
        }
    });
    let manifest = format!("s3://{name}/manifest.yaml");
    let check = [
        "check",
        "--format",
        "json",
        "--select",
        "fixity",
        "--manifest",
        &manifest,
    ];
    let (code, out, err) = quietly(vidimus_at(Path::new("."), proxy.port).args(check));
    assert!(matches!(code, Some(0 | 1)), "{err}");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    Some((report["summary"].clone(), rules(&out)))
}

#[test]
fn an_object_that_is_cut_off_on_the_way_is_unreadable_and_the_rest_goes_on() {
    let cut = |_: &Server, _: &str, answer: &mut Vec<u8>| answer.truncate(answer.len() - 1000);
    let Some((summary, found)) = spoilt("cut-off", cut) else {
        return;
    };
    assert_eq!(found, [("fixity/unreadable-text".to_owned(), "long.txt".to_owned())]);
    assert_eq!((&summary["verified"], &summary["unverifiable"]), (&1.into(), &1.into()));
}

#[test]
fn an_object_that_is_cut_off_once_is_read_on() {
    let already = AtomicBool::new(false);
    let cut = move |_: &Server, _: &str, answer: &mut Vec<u8>| {
        if !already.swap(true, Ordering::Relaxed) {
            answer.truncate(answer.len() - 1000);
        }
    };
    let Some((summary, found)) = spoilt("cut-once", cut) else {
        return;
    };
    assert_eq!((&summary["verified"], found.len()), (&2.into(), 0), "{found:?}");
}

#[test]
fn bytes_that_another_wrote_on_the_way_are_a_mismatch() {
    let flip = |_: &Server, _: &str, answer: &mut Vec<u8>| {
        let last = answer.len() - 10;
        answer[last] ^= 1;
    };
    let Some((summary, found)) = spoilt("flipped", flip) else {
        return;
    };
    assert_eq!(found, [("fixity/hash-mismatch".to_owned(), "long.txt".to_owned())]);
    assert_eq!(summary["verified"], 1);
}

#[test]
fn an_object_that_changes_between_two_parts_is_read_once_more() {
    let already = AtomicBool::new(false);
    let change = move |server: &Server, _: &str, _: &mut Vec<u8>| {
        if !already.swap(true, Ordering::Relaxed) {
            server.object(
                "changes",
                "long.txt",
                WEIR.replace("forty", "fifty").repeat(11_000).as_bytes(),
            );
        }
    };
    let Some((summary, found)) = spoilt("changes", change) else {
        return;
    };
    // The new bytes are whole, and not those on record: never half of the one and half of the other.
    assert_eq!(found, [("fixity/hash-mismatch".to_owned(), "long.txt".to_owned())]);
    assert_eq!(summary["verified"], 1);
}

#[test]
fn an_object_that_keeps_changing_is_refused() {
    let turn = std::sync::atomic::AtomicUsize::new(0);
    let change = move |server: &Server, _: &str, _: &mut Vec<u8>| {
        let text = format!("{} {WEIR}", turn.fetch_add(1, Ordering::Relaxed)).repeat(11_000);
        server.object("restless", "long.txt", text.as_bytes());
    };
    let Some((summary, found)) = spoilt("restless", change) else {
        return;
    };
    assert_eq!(
        found,
        [("fixity/changed-text".to_owned(), "long.txt".to_owned())],
        "{summary}"
    );
    assert_eq!(summary["verified"], 1);
}

#[test]
fn nothing_is_written_to_a_store() {
    let Some(server) = server() else { return };
    let folder = corpus(&[("a.txt", WEIR.as_bytes())]);
    server.bucket("readonly", folder.path());
    let proxy = Proxy::before(server.port, |_, _| ());
    let manifest = ["--manifest", "s3://readonly/manifest.yaml"];
    for arguments in [
        &["add", "a.txt"][..],
        &["remove", "a.txt"],
        &["accept", "a.txt", "--reason", "x"],
        &["fix"],
        &["sign", "--key", "x"],
        &["log"],
        &["gc"],
        &["export", "bagit", "--output", "x"],
        &["baseline", "write"],
    ] {
        let (code, _, err) = quietly(vidimus_at(folder.path(), proxy.port).args(arguments).args(manifest));
        assert_eq!(code, Some(2), "{arguments:?}: {err}");
        assert!(err.contains("never written"), "{arguments:?}: {err}");
    }
    let (code, _, err) = quietly(
        vidimus_at(folder.path(), proxy.port)
            .args(["verify", "--record"])
            .args(manifest),
    );
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("nothing is written there"), "{err}");
    let (code, _, err) =
        quietly(vidimus_at(folder.path(), proxy.port).args(["init", "--output", "s3://readonly/m.yaml"]));
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("never written"), "{err}");
    assert!(proxy.asked_of("").is_empty(), "nobody is asked before it is refused");
}

/// A Parquet file of one column, in row groups of their own.
#[cfg(feature = "parquet")]
fn parquet_of(texts: &[String]) -> Vec<u8> {
    use std::sync::Arc;

    use parquet::data_type::{ByteArray, ByteArrayType};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    let schema = parse_message_type("message texts { required binary text (UTF8); }").expect("a schema");
    let properties = WriterProperties::builder().set_dictionary_enabled(false).build();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::new(properties)).expect("a writer");
    for text in texts {
        let mut rows = writer.next_row_group().expect("a row group");
        let mut column = rows.next_column().expect("a column").expect("one");
        let values = [ByteArray::from(text.as_str())];
        column
            .typed::<ByteArrayType>()
            .write_batch(&values, None, None)
            .expect("written");
        column.close().expect("written");
        rows.close().expect("written");
    }
    writer.close().expect("written");
    bytes
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_is_read_in_the_parts_that_its_reader_wants() {
    let Some(server) = server() else { return };
    let texts: Vec<String> = (0..4).map(|number| format!("{number} {WEIR}").repeat(10_000)).collect();
    let folder = shards(&[("shard.parquet", &parquet_of(&texts), "{text: text}")]);
    server.bucket("parquet", folder.path());
    let proxy = Proxy::before(server.port, |_, _| ());
    let check = ["check", "--format", "json", "--ignore", "duplicate"];
    let (code, here, _) = quietly(vidimus_in(folder.path()).args(check));
    let address = ["--manifest", "s3://parquet/manifest.yaml"];
    let there = quietly(vidimus_at(folder.path(), proxy.port).args(check).args(address));
    assert_eq!((there.0, &there.1), (code, &here), "{}", there.2);
    let report: Value = serde_json::from_str(&here).expect("JSON");
    assert_eq!(report["summary"]["verified"], 4, "{here}");
    let asked = proxy.asked_of("/shard.parquet").len();
    assert!(asked < 40, "{asked} requests for 4 rows");
}
