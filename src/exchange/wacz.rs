//! WACZ: a ZIP file of web archives, with a data package that lists its files and a file that seals that list
//! (<https://specs.webrecorder.net/wacz/1.1.1/>).

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::warc::{Ledger, Texts, ended, unread, unread_source};
use super::{Exchange, Inside, Inspected, Outcome, Package, Unpack};
use crate::corpus::slashed;
use crate::digest::{Digest, Hasher};
use crate::error::{Error, Result};
use crate::finding::{Finding, Location, RuleId, Severity};
use crate::manifest::TextPath;
use crate::stop::Stop;
use crate::warc::zip::{self, Member};
use crate::warc::{self, is_warc};

/// The list of the files, and what seals it.
const LIST: &str = "datapackage.json";
const SEAL: &str = "datapackage-digest.json";
/// What must be there besides: how it begins, and what it is.
const MUST: [(&str, &str); 2] = [
    ("pages/pages.jsonl", "the list of pages"),
    ("indexes/", "an index of the records"),
];
/// A list has at most so many bytes.
const LONGEST: u64 = 256 << 20;

/// A WACZ file.
#[derive(Debug)]
pub(super) struct Wacz;

impl Exchange for Wacz {
    fn name(&self) -> &'static str {
        "wacz"
    }

    fn about(&self) -> &'static str {
        "a package of web archives (WACZ); its files and their records are verified"
    }

    fn recognises(&self, path: &Path) -> bool {
        let regular = path.symlink_metadata().is_ok_and(|data| data.is_file());
        let members = || zip::members(&File::open(path).ok()?).ok();
        let sign = |member: &Member| member.name == LIST || member.name.starts_with("archive/") && is_warc(member);
        regular && members().is_some_and(|members| members.iter().any(sign))
    }

    fn read(&self, path: &Path, _: Stop<'_>) -> Result<Package> {
        open(path)?;
        let mut package = Package::new("the package", path.parent().unwrap_or(Path::new("")));
        package.sources.push(unread_source(path));
        package.inside = Some(Box::new(Files { path: path.to_owned() }));
        Ok(package)
    }

    fn unpacks(&self) -> bool {
        true
    }

    fn unpack(&self, unpack: &Unpack<'_>) -> Result<Package> {
        let (file, members) = open(unpack.path)?;
        let mut texts = Texts::new(unpack);
        let mut audit = Audit::new(unpack.path, &file, &members, texts.ledger(), unpack.stop);
        audit.all()?;
        let title = audit.title.take();
        for container in warc::open(unpack.path).map_err(|error| Error::io("read", unpack.path, error))? {
            texts.enter(container.member());
            match container.bytes() {
                Ok(bytes) => ended(warc::read(bytes, &mut texts, unpack.stop), unpack.path, unpack.stop)?,
                Err(error) => texts.ledger().tell(damaged(unpack.path, container.member(), &error)),
            }
            texts.leave();
        }
        let mut package = texts.package();
        package.corpus.title = title;
        Ok(package)
    }
}

/// Opens a regular file that has a list of members.
fn open(path: &Path) -> Result<(File, Vec<Member>)> {
    let failed = |error| Error::io("read", path, error);
    if !path.metadata().map_err(failed)?.is_file() {
        return Err(Error::Refused(format!(
            "{} is no regular file, and is not opened",
            path.display()
        )));
    }
    let file = File::open(path).map_err(failed)?;
    let members = zip::members(&file).map_err(|error| {
        Error::Refused(format!(
            "{} cannot be read as a WACZ: {}",
            path.display(),
            unread(&error)
        ))
    })?;
    Ok((file, members))
}

fn damaged(path: &Path, member: Option<&str>, error: &io::Error) -> Finding {
    let member = member.unwrap_or_default();
    finding(
        "fixity/broken-record",
        path,
        member,
        format!("{member} cannot be read: {}", unread(error)),
    )
    .help("restore the package from a copy")
}

/// An error about a member.
fn finding(rule: RuleId, path: &Path, member: &str, message: String) -> Finding {
    let finding = Finding::new(rule, Severity::Error, Location::file(slashed(path)), message);
    finding.anchor(member).evidence("member", member)
}

/// The files of a package, and the records in them.
#[derive(Debug)]
struct Files {
    path: PathBuf,
}

impl Inside for Files {
    fn verify(&self, stop: Stop<'_>) -> Result<Inspected> {
        let (file, members) = open(&self.path)?;
        let mut ledger = Ledger::new(slashed(&self.path));
        Audit::new(&self.path, &file, &members, &mut ledger, stop).all()?;
        for container in warc::open(&self.path).map_err(|error| Error::io("read", &self.path, error))? {
            ledger.enter(container.member());
            match container.bytes() {
                Ok(bytes) => ended(warc::read(bytes, &mut ledger, stop), &self.path, stop)?,
                Err(error) => ledger.tell(damaged(&self.path, container.member(), &error)),
            }
            ledger.leave();
        }
        Ok(ledger.close())
    }
}

/// One look at the files of a package.
struct Audit<'a> {
    path: &'a Path,
    file: &'a File,
    members: BTreeMap<&'a str, &'a Member>,
    ledger: &'a mut Ledger,
    stop: Stop<'a>,
    listed: BTreeSet<String>,
    title: Option<String>,
}

impl<'a> Audit<'a> {
    fn new(path: &'a Path, file: &'a File, members: &'a [Member], ledger: &'a mut Ledger, stop: Stop<'a>) -> Self {
        let mut audit = Self {
            path,
            file,
            members: BTreeMap::new(),
            ledger,
            stop,
            listed: BTreeSet::new(),
            title: None,
        };
        for member in members.iter().filter(|member| !member.is_folder()) {
            audit.place(member);
        }
        audit
    }

    fn tell(&mut self, rule: RuleId, member: &str, message: String, help: &str) {
        self.ledger.tell(finding(rule, self.path, member, message).help(help));
    }

    fn place(&mut self, member: &'a Member) {
        if let Err(why) = TextPath::new(&member.name) {
            let message = format!("the name of the member `{}` {why}", member.name);
            self.tell(
                "manifest/invalid-path",
                &member.name,
                message,
                "nothing is written by it; leave it out of the package",
            );
        }
        if self.members.insert(&member.name, member).is_some() {
            let message = format!("two members are called {}; the later is read", member.name);
            self.tell("manifest/path-clash", &member.name, message, "leave one of them out");
        }
    }

    /// Verifies every file that the package lists, and says what it lacks and what it does not list.
    fn all(&mut self) -> Result<()> {
        self.presence();
        if let Some(list) = self.list()? {
            self.seal(&list)?;
            self.resources(&list)?;
            self.unlisted();
        }
        self.stop.heed()
    }

    fn presence(&mut self) {
        if !self
            .members
            .values()
            .any(|member| member.name.starts_with("archive/") && is_warc(member))
        {
            self.missing("archive/", "a web archive");
        }
        for (name, what) in MUST {
            if !self.members.keys().any(|member| member.starts_with(name)) {
                self.missing(name, what);
            }
        }
    }

    fn missing(&mut self, name: &str, what: &str) {
        let message = format!("the package lacks {what}: {name} is not there");
        self.tell(
            "fixity/missing-text",
            name,
            message,
            "make the package anew from its archives",
        );
        self.ledger.note(Outcome::Missing);
    }

    /// The bytes of a small member; that they cannot be had is told.
    fn bytes(&mut self, name: &str) -> Option<Vec<u8>> {
        let member = *self.members.get(name)?;
        match zip::whole(self.file, member, LONGEST) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                self.ledger.tell(damaged(self.path, Some(name), &error));
                self.ledger.note(Outcome::Unverifiable);
                None
            }
        }
    }

    fn json(&mut self, name: &str, bytes: &[u8]) -> Option<Value> {
        match serde_json::from_slice(bytes) {
            Ok(value) => Some(value),
            Err(error) => {
                let message = format!("{name} is no JSON: {error}");
                self.tell(
                    "manifest/invalid-value",
                    name,
                    message,
                    "restore the package from a copy",
                );
                self.ledger.note(Outcome::Unverifiable);
                None
            }
        }
    }

    /// The list of files.
    fn list(&mut self) -> Result<Option<(Value, Vec<u8>)>> {
        self.stop.heed()?;
        if !self.members.contains_key(LIST) {
            self.missing(LIST, "the list of its files");
            return Ok(None);
        }
        let Some(bytes) = self.bytes(LIST) else { return Ok(None) };
        let value = self.json(LIST, &bytes);
        self.title = value
            .as_ref()
            .and_then(|list| list["title"].as_str())
            .map(str::to_owned);
        Ok(value.map(|value| (value, bytes)))
    }

    /// Compares the list with what seals it.
    fn seal(&mut self, (_, list): &(Value, Vec<u8>)) -> Result<()> {
        self.stop.heed()?;
        if !self.members.contains_key(SEAL) {
            let message = format!("nothing seals {LIST}: {SEAL} is not there");
            let finding = finding("manifest/missing-key", self.path, SEAL, message).severity(Severity::Warning);
            self.ledger
                .tell(finding.help("the digests of the list are no proof where the list itself can be changed"));
            self.ledger.note(Outcome::Unverifiable);
            return Ok(());
        }
        let Some(seal) = self.bytes(SEAL).and_then(|bytes| self.json(SEAL, &bytes)) else {
            return Ok(());
        };
        let sealed = self.compare(SEAL, &seal["hash"], list);
        let signed = match &seal["signedData"] {
            Value::Null => sealed,
            signed => self.signature(signed, list),
        };
        // What is wrong counts for more than what cannot be told.
        self.ledger.note(match [sealed, signed].contains(&Outcome::Failed) {
            true => Outcome::Failed,
            false => sealed.max(signed),
        });
        Ok(())
    }

    /// Compares the list with a digest that something gives of it.
    fn compare(&mut self, by: &str, digest: &Value, list: &[u8]) -> Outcome {
        let Some(expected) = self.digest(by, digest, LIST) else {
            return Outcome::Unverifiable;
        };
        let actual = expected.algorithm().digest(list);
        if actual == expected {
            return Outcome::Verified;
        }
        self.mismatch(LIST, by, expected, actual);
        Outcome::Failed
    }

    /// What is signed is a digest of the list, and that can be compared. Whether it is signed, and by whom, is not looked into.
    fn signature(&mut self, signed: &Value, list: &[u8]) -> Outcome {
        let message = format!(
            "{SEAL} is signed; the digest in it was compared, and neither the signature nor its certificate is verified"
        );
        let finding = finding("fixity/unverified-signature", self.path, SEAL, message).severity(Severity::Info);
        self.ledger
            .tell(finding.help("verify it with the tool of whoever signed it"));
        self.compare(&format!("the signed part of {SEAL}"), &signed["hash"], list)
    }

    /// A digest as these files write it, `sha256:…`; that it is none is told.
    fn digest(&mut self, of: &str, value: &Value, name: &str) -> Option<Digest> {
        let (rule, message) = match value.as_str() {
            None => (
                "manifest/missing-key",
                format!("{of} gives no digest for {name}, so that it cannot be verified"),
            ),
            Some(text) => {
                // Without a name it is MD5 (<https://specs.frictionlessdata.io/data-resource/>).
                let label = if text.contains(':') {
                    text.to_owned()
                } else {
                    format!("md5:{text}")
                };
                match warc::label::parse(&label) {
                    Ok(digest) => return Some(digest),
                    Err(error) => (
                        "manifest/invalid-digest",
                        format!("the digest `{text}` of {name} in {of} {}", error.reason()),
                    ),
                }
            }
        };
        self.tell(
            rule,
            name,
            message,
            "make the package anew, once its files are known to be right",
        );
        None
    }

    fn mismatch(&mut self, name: &str, by: &str, expected: Digest, actual: Digest) {
        let title = expected.algorithm().title();
        let message = format!(
            "{name} has another {title} than {by} says: {}… instead of {}…",
            actual.short(),
            expected.short()
        );
        let finding = finding("fixity/hash-mismatch", self.path, name, message)
            .help("restore the package from a copy")
            .evidence("expected", expected.to_string())
            .evidence("actual", actual.to_string());
        self.ledger.tell(finding);
    }

    fn resources(&mut self, (list, _): &(Value, Vec<u8>)) -> Result<()> {
        let resources = list["resources"].as_array().map(Vec::as_slice).unwrap_or_default();
        if resources.is_empty() {
            let message = format!("{LIST} lists no file");
            self.tell(
                "manifest/empty-manifest",
                LIST,
                message,
                "make the package anew from its archives",
            );
        }
        for resource in resources {
            self.stop.heed()?;
            let outcome = self.resource(resource);
            self.ledger.note(outcome);
        }
        Ok(())
    }

    fn resource(&mut self, resource: &Value) -> Outcome {
        let Some(name) = resource["path"].as_str() else {
            let message = format!("{LIST} lists a file without its path");
            self.tell(
                "manifest/missing-key",
                LIST,
                message,
                "make the package anew from its archives",
            );
            return Outcome::Unverifiable;
        };
        if !self.listed.insert(name.to_owned()) {
            let message = format!("{LIST} lists {name} twice; it is verified against the first");
            self.tell("manifest/path-clash", name, message, "leave one of them out");
            return Outcome::Unverifiable;
        }
        let Some(member) = self.members.get(name).copied() else {
            let message = format!("{LIST} lists {name}, which is not there");
            self.tell("fixity/missing-text", name, message, "restore the package from a copy");
            return Outcome::Missing;
        };
        let Some(digest) = self.digest(LIST, &resource["hash"], name) else {
            return Outcome::Unverifiable;
        };
        let mut hasher = Hasher::new(digest.algorithm());
        let stop = self.stop;
        let read = zip::read(self.file, member, |piece| {
            stop.heed_piece(piece)?;
            hasher.update(piece);
            Ok(())
        });
        if let Err(error) = read {
            self.ledger.tell(damaged(self.path, Some(name), &error));
            return Outcome::Failed;
        }
        self.judge(name, member.size, &resource["bytes"], digest, hasher.finish())
    }

    fn judge(&mut self, name: &str, size: u64, said: &Value, expected: Digest, actual: Digest) -> Outcome {
        let mut outcome = Outcome::Verified;
        if expected != actual {
            self.mismatch(name, LIST, expected, actual);
            outcome = Outcome::Failed;
        }
        if let Some(said) = said.as_u64().filter(|&said| said != size) {
            let message = format!("{name} has {size} bytes, and {LIST} says {said}");
            self.tell("fixity/size-mismatch", name, message, "restore the package from a copy");
            outcome = Outcome::Failed;
        }
        outcome
    }

    fn unlisted(&mut self) {
        let names: Vec<&str> = self.members.keys().copied().collect();
        for name in names.into_iter().filter(|name| !matches!(*name, LIST | SEAL)) {
            if !self.listed.contains(name) {
                let message = format!("{name} is in the package, and {LIST} does not list it");
                let finding = finding("fixity/unlisted-text", self.path, name, message).severity(Severity::Warning);
                self.ledger
                    .tell(finding.help("nothing vouches for it; make the package anew from its archives"));
            }
        }
    }
}
