//! `sign`, and what the other commands take to verify what it makes.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::terminal::{Terminal, stop_flag};
use super::{ManifestArg, Outcome};
use crate::corpus::kind_at;
use crate::date;
use crate::digest::{Algorithm, Digest};
use crate::error::{Error, Result};
use crate::inventory::{self, Unsigned};
use crate::report::printable;
use crate::signature::{Chest, PublicKey, Seal, SecretKey, Signature, Signed, Unreadable, Verdict};
use crate::stop::Stop;
use crate::whole;

/// More bytes than any password has that minisign takes.
const PASSWORD: u64 = 1024;

#[derive(Args)]
#[command(after_help = "\
The signature is one of minisign over the exact bytes of the manifest; `minisign -Vm manifest.yaml -p minisign.pub` verifies it \
too. Its trusted comment names the corpus, the SHA-256 of the manifest, its file and the time. The texts are not looked at: \
run `verify` first. A manifest that has errors of its own is not signed.

The password of the key is asked for on the terminal. A key is made with `minisign -G`, one without a password with \
`minisign -G -W`.")]
pub(super) struct SignArgs {
    /// The secret key, a file of minisign
    #[arg(short, long, value_name = "SECRET")]
    key: PathBuf,
    #[command(flatten)]
    manifest: ManifestArg,
    /// Where the signature goes; an older one is replaced [default: the manifest's name and .minisig]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// A comment that is signed too, such as the name of a release
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    /// A file, or a pipe, whose first line is the password of the key
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

const HEADING: &str = "The manifest itself";

/// What the manifest must be.
#[derive(Args)]
pub(super) struct SealArgs {
    /// The public key that must have signed the manifest: a file of minisign, or the key itself in Base64
    #[arg(long, value_name = "PUBLIC", help_heading = HEADING)]
    key: Option<PathBuf>,
    /// The signature of the manifest [default: the manifest's name and .minisig]
    #[arg(long, value_name = "FILE", requires = "key", help_heading = HEADING)]
    signature: Option<PathBuf>,
    /// The SHA-256 that the manifest must have
    #[arg(long, value_name = "HEX", value_parser = sha256, help_heading = HEADING)]
    manifest_sha256: Option<Digest>,
}

fn sha256(hex: &str) -> Result<Digest, String> {
    Digest::from_hex(Algorithm::Sha256, hex).ok_or_else(|| "a SHA-256 has 64 hexadecimal digits".to_owned())
}

impl SealArgs {
    /// Whether anything is demanded of the manifest.
    pub(super) fn is_given(&self) -> bool {
        self.key.is_some() || self.manifest_sha256.is_some()
    }

    /// Reads what was named.
    pub(super) fn seal(&self, manifest: &Path) -> Result<Seal> {
        let signed = |key: &PathBuf| Ok((public_key(key)?, self.signature(manifest)?));
        Ok(Seal {
            pinned: self.manifest_sha256,
            signature: self.key.as_ref().map(signed).transpose()?,
        })
    }

    fn signature(&self, manifest: &Path) -> Result<Signature> {
        let path = self
            .signature
            .clone()
            .unwrap_or_else(|| inventory::signature_of(manifest));
        if kind_at(&path).is_err() {
            return Err(Error::Usage(format!(
                "there is no signature at {}; name it with `--signature`, or sign with `vidimus sign`",
                path.display()
            )));
        }
        Signature::parse(&read(&path)?).map_err(|why| unreadable(&path, why))
    }
}

/// The key that a user names: its file, or itself.
fn public_key(key: &Path) -> Result<PublicKey> {
    let itself = key.to_str().map(PublicKey::parse);
    match itself {
        Some(Ok(key)) => Ok(key),
        // Not quoted: whatever keeps messages would keep it.
        Some(Err(why @ Unreadable::Secret)) => Err(Error::Usage(format!("what `--key` gives {why}"))),
        _ if key.symlink_metadata().is_ok() => PublicKey::parse(&read(key)?).map_err(|why| unreadable(key, why)),
        _ => Err(Error::Usage(format!(
            "{} is neither a file nor a public key of minisign in Base64, which has 56 characters",
            key.display()
        ))),
    }
}

fn unreadable(path: &Path, why: Unreadable) -> Error {
    Error::Usage(format!("{} {why}", path.display()))
}

/// A small file of text; what is not UTF-8 is no key and no signature either.
fn read(path: &Path) -> Result<String> {
    let bytes = whole::read(path).map_err(|error| Error::io("read", path, error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Says who signed the manifest, where that was asked for and is right.
pub(super) fn say_signed(verdict: &Verdict, terminal: &Terminal) {
    if let Some(Signed::Right { key, comment } | Signed::Bare { key, comment }) = &verdict.signed
        && !terminal.is_quiet()
    {
        terminal.complain(&format!("signed by the key {key}: {}", printable(comment)));
    }
}

/// Runs `sign`.
pub(super) fn run(args: &SignArgs, terminal: &Terminal) -> Result<Outcome> {
    let chest = Chest::parse(&read(&args.key)?).map_err(|why| unreadable(&args.key, why))?;
    let unsigned = Unsigned::open(&args.manifest.manifest, args.output.as_deref())?;
    let flag = stop_flag();
    let stop = Stop::new(Some(&flag));
    let key = open(chest, args, stop, terminal)?;
    let path = unsigned.sign(&key, date::now(), args.comment.as_deref(), stop)?;
    if !terminal.is_quiet() {
        let said = format!("signed with the key {}, in {}", key.number(), path.display());
        let help = format!("verify it with `vidimus verify --key {}`", key.public());
        terminal.print(|out| writeln!(out, "{}\n{help}", printable(&said)))?;
    }
    Ok(Outcome::Clean)
}

fn open(chest: Chest, args: &SignArgs, stop: Stop<'_>, terminal: &Terminal) -> Result<SecretKey> {
    let password = match &args.password_file {
        _ if !chest.is_locked() => String::new(),
        Some(file) => first_line(file)?,
        None => ask(&args.key, stop)?,
    };
    if !chest.is_locked() && args.password_file.is_some() {
        terminal.warn(&format!("{} has no password, so none was read", args.key.display()));
    }
    chest
        .open(&password)
        .map_err(|why| Error::Usage(format!("{} {why}", args.key.display())))
}

/// The first line of a file. A pipe is as good: programs that keep passwords write to one.
fn first_line(file: &Path) -> Result<String> {
    let failed = |error| Error::io("read", file, error);
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(failed)?;
    opened.take(PASSWORD + 2).read_to_end(&mut bytes).map_err(failed)?;
    let line = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let text = std::str::from_utf8(line)
        .ok()
        .filter(|line| line.len() as u64 <= PASSWORD);
    text.map(str::to_owned).ok_or_else(|| {
        let file = file.display();
        Error::Usage(format!(
            "the first line of {file} is no password of up to {PASSWORD} bytes of UTF-8"
        ))
    })
}

/// Asks on the terminal itself, so that what is piped in and out stays apart.
fn ask(key: &Path, stop: Stop<'_>) -> Result<String> {
    let prompt = format!("Password of {}: ", printable(&key.display().to_string()));
    let said = rpassword::prompt_password(prompt);
    stop.heed()?; // A terminal that does not echo turns Ctrl-C into this.
    said.map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => Error::Usage("no password was given".to_owned()),
        _ => Error::Usage(format!(
            "{} has a password, and there is no terminal to ask for it; name a file that holds it with `--password-file`",
            key.display()
        )),
    })
}
