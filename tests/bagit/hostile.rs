//! Bags that mean harm, or hold what no bag can.

use std::fs::File;

use proptest::prelude::*;

use super::support::{run, vidimus_in};
use super::{Bag, HALL, set};
use vidimus::digest::Algorithm;
use vidimus::exchange::{find, verify};
use vidimus::stop::Stop;

/// Paths that lead out of the bag on some system.
const OUT: [&str; 14] = [
    "../secret.txt",
    "data/../../secret.txt",
    "data/..",
    "/etc/hostname",
    "//server/share/a.txt",
    "C:\\Windows\\win.ini",
    "C:/Windows/win.ini",
    "data\\a.txt",
    "\\\\?\\UNC\\server\\a.txt",
    "~/.profile",
    "~root/a.txt",
    "%HomeDrive%/a.txt",
    "data/./a.txt",
    "data//a.txt",
];

#[test]
fn no_path_leads_out_on_any_system() {
    let digest = Algorithm::Sha256.digest(HALL.1.as_bytes());
    for path in OUT {
        let lists = [
            ("manifest-sha256.txt", format!("{digest}  {path}\n")),
            ("tagmanifest-sha256.txt", format!("{digest}  {path}\n")),
            ("fetch.txt", format!("https://example.org/a - {path}\n")),
        ];
        for (list, line) in lists {
            let bag = Bag::sound();
            bag.add(list, &line);
            if list != "tagmanifest-sha256.txt" {
                bag.seal();
            }
            assert_eq!(bag.said(), set(&["error manifest/invalid-path"]), "{path} in {list}");
        }
    }
}

#[test]
fn what_is_encoded_does_not_lead_out_either() {
    let digest = Algorithm::Sha256.digest(HALL.1.as_bytes());
    for path in ["data/%2e%2e/%2e%2e/secret.txt", "%2Fetc/hostname", "data/a%00.txt"] {
        let bag = Bag::sound();
        bag.add("manifest-sha256.txt", &format!("{digest}  {path}\n"));
        bag.remove("bag-info.txt");
        bag.seal();
        let said = bag.said();
        let harmless = said == set(&["error fixity/missing-text"]) || said == set(&["error manifest/invalid-path"]);
        assert!(harmless, "{path}: {said:?}");
    }
}

/// Where something else than a file is put in a bag, the file that it leads to where it is a link, and the rules that speak then.
#[cfg(unix)]
const NO_FILES: &[(&str, Option<&str>, &[&str])] = &[
    ("data/pipe", None, &["error fixity/special-file"]),
    (
        HALL.0,
        None,
        &["error fixity/special-file", "error fixity/total-mismatch"],
    ),
    (
        "manifest-sha256.txt",
        None,
        &[
            "error fixity/special-file",
            "error fixity/unlisted-text",
            "error manifest/empty-manifest",
        ],
    ),
    ("bagit.txt", None, &["error fixity/special-file"]),
    ("data/link", Some("/etc/hostname"), &["error fixity/symbolic-link"]),
    ("data/folder", Some("/etc"), &["error fixity/symbolic-link"]),
    (
        "fetch.txt",
        Some("/dev/zero"),
        &["error fixity/symbolic-link", "info fixity/unlisted-text"],
    ),
    (
        HALL.0,
        Some("pier.txt"),
        &["error fixity/symbolic-link", "error fixity/total-mismatch"],
    ),
];

#[cfg(unix)]
#[test]
fn pipes_and_links_are_told_and_never_opened() {
    for (path, leads_to, rules) in NO_FILES {
        let bag = Bag::sound();
        let place = bag.root().join(path);
        if place.exists() {
            bag.remove(path);
        }
        match leads_to {
            Some(target) => std::os::unix::fs::symlink(target, &place).expect("linked"),
            None => {
                let made = std::process::Command::new("mkfifo").arg(&place).status();
                assert!(made.is_ok_and(|status| status.success()), "mkfifo");
            }
        }
        assert_eq!(bag.said(), set(rules), "{path} {leads_to:?}");
        let (code, _, _) = run(vidimus_in(bag.root()).args(["verify", "--as", "bagit", "."]));
        assert_eq!(code, Some(1), "{path} {leads_to:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_whose_name_is_no_text_is_told() {
    use std::os::unix::ffi::OsStrExt as _;
    let bag = Bag::sound();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
    if File::create(bag.root().join("data").join(name)).is_err() {
        return; // The file system takes no such name.
    }
    assert_eq!(bag.said(), set(&["error fixity/unlisted-text"]));
}

#[test]
fn a_tag_file_of_any_size_is_bounded() {
    for (name, rules) in [
        ("bagit.txt", &["error fixity/unreadable-text"][..]),
        ("fetch.txt", &["error fixity/unreadable-text"]),
    ] {
        let bag = Bag::sound();
        bag.list("tagmanifest-sha256.txt", Algorithm::Sha256, &["manifest-sha256.txt"]);
        let file = File::create(bag.root().join(name)).expect("made");
        file.set_len((1 << 30) + 1).expect("grown");
        let said = bag.said().into_iter().filter(|one| !one.starts_with("info ")).collect();
        assert_eq!(set(rules), said, "{name}");
    }
    // Many labels and one endless line are read once.
    let bag = Bag::sound();
    let labels = "Contact-Name: Ada Quill\n".repeat(100_000);
    bag.write("bag-info.txt", &(labels + "Note: " + &"x".repeat(1 << 20) + "\n"));
    bag.seal();
    assert_eq!(bag.said(), set(&[]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic_or_pass(
        name in prop_oneof![Just("bagit.txt"), Just("bag-info.txt"), Just("fetch.txt"), Just("manifest-sha256.txt"), Just("manifest-md5.txt")],
        bytes in prop::collection::vec(prop_oneof![Just(b'\n'), Just(b'\r'), Just(b' '), Just(b':'), Just(b'%'), Just(b'/'), Just(b'.'), Just(b'*'), any::<u8>()], 0..80),
        encoding in prop_oneof![Just("UTF-8"), Just("UTF-16"), Just("ISO-8859-1"), Just("Shift_JIS")],
    ) {
        let bag = Bag::sound();
        bag.write("bagit.txt", &format!("BagIt-Version: 0.97\nTag-File-Character-Encoding: {encoding}\n"));
        bag.write_bytes(name, &bytes);
        let Ok(package) = find("bagit").expect("the format").read(bag.root(), Stop::default()) else {
            return Ok(()); // Nothing in it can be verified, which is refused.
        };
        let verified = verify(&package, Stop::default()).expect("verified");
        prop_assert!(verified.report.findings.iter().all(|one| !one.fingerprint.is_empty()));
        prop_assert!(verified.report.summary.listed >= package.items.len());
        // The digest of the file is on record, and it is another file now.
        prop_assert!(verified.report.summary.errors > 0);
    }
}

#[test]
fn what_is_no_bag_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.txt"), "x").expect("written");
    std::fs::create_dir(folder.path().join("empty")).expect("made");
    for (path, want) in [
        ("a.txt", "is no bag"),
        ("empty", "nothing that can be verified"),
        ("gone", "cannot read"),
    ] {
        let (code, _, err) = run(vidimus_in(folder.path()).args(["verify", "--as", "bagit", path]));
        assert_eq!(code, Some(2), "{path}");
        assert!(err.contains(want), "{err}");
    }
}
