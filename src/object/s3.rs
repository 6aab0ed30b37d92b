//! A bucket that is asked over the network. What is known of it stands in the environment, by the names that other tools of AWS read.

use std::collections::HashMap;
use std::error::Error;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use futures_util::StreamExt as _;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::{HttpError, HttpErrorKind};
use object_store::path::Path;
use object_store::{
    BackoffConfig, GetOptions, GetRange, ObjectMeta, ObjectStore as _, ObjectStoreExt as _, RetryConfig,
};
use tokio::runtime::{Builder, Runtime};

use super::{FIRST, Seen, changed};
use crate::digest::Algorithm;

/// One request asks for at most so many bytes; as many stand in memory for each object that is being read.
const MOST: u64 = 8 << 20;
/// So often a request is repeated that failed on the way or on the side of the server.
const RETRIES: usize = 4;
/// After so long it is not repeated any more.
const PATIENCE: Duration = Duration::from_secs(60);
/// So many requests in a row that reach nobody: then nobody is asked any more.
const UNREACHED: u32 = 3;
/// One run asks at most so many buckets: each has connections of its own.
const BUCKETS: usize = 100;
/// What is told of a message of others, in characters.
const TOLD: usize = 200;

/// A bucket.
#[derive(Debug)]
pub struct Bucket {
    name: String,
    client: AmazonS3,
    /// How many requests in a row have reached nobody.
    unreached: AtomicU32,
}

/// An object that is being read, in parts.
#[derive(Debug)]
pub struct Object {
    bucket: Arc<Bucket>,
    key: Path,
    tag: Option<String>,
    seen: Seen,
    part: Mutex<Part>,
}

/// The part of an object that is at hand.
#[derive(Debug)]
struct Part {
    start: u64,
    bytes: Vec<u8>,
    /// So many bytes are asked for next: twice as many each time that the reading goes on where the last part ends.
    window: u64,
}

/// What an answer brings.
struct Answer {
    meta: ObjectMeta,
    bytes: Vec<u8>,
}

impl Bucket {
    /// The bucket of a name. All who name it share its connections.
    ///
    /// # Errors
    /// Where it is no name of a bucket, where one run names too many, and where the environment says something that means nothing.
    pub fn named(name: &str) -> io::Result<Arc<Self>> {
        let invalid = |why: String| io::Error::new(io::ErrorKind::InvalidInput, why);
        if !is_name(name) {
            return Err(invalid(format!("`{}` is no name of a bucket", short(name))));
        }
        static KNOWN: Mutex<Option<HashMap<String, Arc<Bucket>>>> = Mutex::new(None);
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get_or_insert_default();
        if let Some(bucket) = known.get(name) {
            return Ok(Arc::clone(bucket));
        }
        if known.len() >= BUCKETS {
            return Err(invalid(format!("more than {BUCKETS} buckets are named in one run")));
        }
        let bucket = Arc::new(Self::connect(name)?);
        known.insert(name.to_owned(), Arc::clone(&bucket));
        Ok(bucket)
    }

    fn connect(name: &str) -> io::Result<Self> {
        // It fails only where another one was chosen before, which serves as well.
        drop(rustls::crypto::ring::default_provider().install_default());
        let retry = RetryConfig {
            backoff: BackoffConfig::default(),
            max_retries: RETRIES,
            retry_timeout: PATIENCE,
        };
        let built = AmazonS3Builder::from_env()
            .with_bucket_name(name)
            .with_retry(retry)
            .build();
        let client = built.map_err(|error| {
            let why = short(&innermost(&error));
            io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("the object store cannot be used: {why}"),
            )
        })?;
        Ok(Self {
            name: name.to_owned(),
            client,
            unreached: AtomicU32::new(0),
        })
    }

    /// What an object is like.
    ///
    /// # Errors
    /// What the store says.
    pub fn look(self: &Arc<Self>, key: &str) -> io::Result<Seen> {
        self.head(&path_of(key)?).map(|meta| seen(&meta))
    }

    /// Opens an object, with a part of it at hand, or as much of it as there is.
    ///
    /// # Errors
    /// What the store says.
    pub fn open(self: &Arc<Self>, key: &str, part: Range<u64>) -> io::Result<Object> {
        let key = path_of(key)?;
        let answer = self.get_or_look(&key, part.clone())?;
        Ok(Object {
            bucket: Arc::clone(self),
            key,
            seen: seen(&answer.meta),
            tag: answer.meta.e_tag,
            part: Mutex::new(Part {
                start: part.start,
                bytes: answer.bytes,
                window: FIRST,
            }),
        })
    }

    /// Gives the keys below a folder.
    ///
    /// # Errors
    /// What the store says; what was given before stands.
    pub fn list(&self, folder: &str, mut take: impl FnMut(&str)) -> io::Result<()> {
        let folder = path_of(folder)?;
        self.ask(async {
            let mut objects = self.client.list(Some(&folder));
            while let Some(object) = objects.next().await {
                take(object?.location.as_ref());
            }
            Ok(())
        })
    }

    /// A part of an object. Of one that has no bytes, or not so many, no part can be had, nor can no bytes be asked for: then what it is like
    /// is asked alone.
    fn get_or_look(&self, key: &Path, part: Range<u64>) -> io::Result<Answer> {
        let bare = |meta| Answer {
            meta,
            bytes: Vec::new(),
        };
        if part.is_empty() {
            return self.head(key).map(bare);
        }
        let refused = match self.get(key, part.clone(), None) {
            Err(error) if error.kind() == io::ErrorKind::Other => error,
            answer => return answer,
        };
        match self.head(key) {
            Ok(meta) if meta.size <= part.start => Ok(bare(meta)),
            _ => Err(refused),
        }
    }

    fn get(&self, key: &Path, part: Range<u64>, tag: Option<&String>) -> io::Result<Answer> {
        let options = GetOptions {
            range: Some(GetRange::Bounded(part)),
            if_match: tag.cloned(),
            ..GetOptions::default()
        };
        self.ask(async {
            let got = self.client.get_opts(key, options).await?;
            let (meta, range) = (got.meta.clone(), got.range.clone());
            let bytes = got.bytes().await?.to_vec();
            Ok((meta, range, bytes))
        })
        .and_then(
            |(meta, range, bytes)| match bytes.len() as u64 == range.end - range.start {
                true => Ok(Answer { meta, bytes }),
                false => Err(io::ErrorKind::UnexpectedEof.into()),
            },
        )
    }

    fn head(&self, key: &Path) -> io::Result<ObjectMeta> {
        self.ask(self.client.head(key))
    }

    /// Waits for an answer. A store that several requests did not reach is not asked again: each of them has waited long enough.
    fn ask<T>(&self, asked: impl Future<Output = object_store::Result<T>>) -> io::Result<T> {
        if self.unreached.load(Ordering::Relaxed) >= UNREACHED {
            return Err(unreachable_store());
        }
        match runtime()?.block_on(asked) {
            Ok(answer) => {
                self.unreached.store(0, Ordering::Relaxed);
                Ok(answer)
            }
            Err(error) => Err(self.failure(&error)),
        }
    }

    /// What an error says, in words that name no address and no secret.
    fn failure(&self, error: &object_store::Error) -> io::Error {
        let http = cause::<HttpError>(error).map(HttpError::kind);
        if matches!(http, Some(HttpErrorKind::Connect | HttpErrorKind::Timeout)) {
            self.unreached.fetch_add(1, Ordering::Relaxed);
            return unreachable_store();
        }
        self.unreached.store(0, Ordering::Relaxed);
        let said = innermost(error);
        let code = code_of(error);
        let named = code.as_ref().map_or_else(String::new, |code| format!(" ({code})"));
        match error {
            _ if code.as_deref() == Some("NoSuchBucket") => {
                io::Error::other(format!("there is no bucket `{}`", self.name))
            }
            object_store::Error::NotFound { .. } => io::ErrorKind::NotFound.into(),
            object_store::Error::Precondition { .. } => changed(),
            object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
                let message = format!(
                    "the store refuses access{named}; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY say who asks, AWS_SKIP_SIGNATURE=true asks as nobody"
                );
                io::Error::new(io::ErrorKind::PermissionDenied, message)
            }
            _ => match named.is_empty() {
                true => io::Error::other(format!("the object store cannot be read: {}", short(&said))),
                false => io::Error::other(format!("the object store answers with an error{named}")),
            },
        }
    }
}

impl Object {
    /// What it is like, and was in all that was read of it.
    pub fn seen(&self) -> Seen {
        self.seen
    }

    /// Reads some bytes from a place on, none at the end.
    ///
    /// # Errors
    /// What the store says, and [`changed`] where it is another object by now.
    pub fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        if at >= self.seen.size || into.is_empty() {
            return Ok(0);
        }
        let mut part = self.part();
        if !part.holds(at) {
            self.fetch(&mut part, at, into.len() as u64)?;
        }
        let from = usize::try_from(at - part.start).map_err(io::Error::other)?;
        let bytes = part.bytes.get(from..).unwrap_or_default();
        let length = bytes.len().min(into.len());
        into[..length].copy_from_slice(&bytes[..length]);
        match length {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(length),
        }
    }

    fn part(&self) -> MutexGuard<'_, Part> {
        self.part.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fetch(&self, part: &mut Part, at: u64, wanted: u64) -> io::Result<()> {
        let goes_on = at == part.end() && at > 0;
        part.window = if goes_on {
            (part.window * 2).min(MOST)
        } else {
            wanted.clamp(1, MOST)
        };
        let end = at.saturating_add(part.window.max(wanted.min(MOST))).min(self.seen.size);
        part.bytes = Vec::new();
        let answer = self.bucket.get(&self.key, at..end, self.tag.as_ref())?;
        if seen(&answer.meta) != self.seen {
            return Err(changed());
        }
        part.start = at;
        part.bytes = answer.bytes;
        Ok(())
    }
}

impl Part {
    fn end(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }

    fn holds(&self, at: u64) -> bool {
        (self.start..self.end()).contains(&at)
    }
}

/// What the answers are waited for with: one thread for the network, whatever the number of those that wait.
fn runtime() -> io::Result<&'static Runtime> {
    static RUNTIME: OnceLock<io::Result<Runtime>> = OnceLock::new();
    let start = || Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let started = RUNTIME.get_or_init(start).as_ref();
    started.map_err(|error| io::Error::other(format!("the network cannot be used: {error}")))
}

/// Whether a bucket may be called so. What is no name could lead a request to another server.
fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (3..=255).contains(&name.len()) && name.bytes().all(plain) && name.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

/// A key as it is written, without a `/` at its end.
fn path_of(key: &str) -> io::Result<Path> {
    Path::parse(key).map_err(|_| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            "its key has an empty part, a part `.` or `..`, or a control character",
        )
    })
}

fn seen(meta: &ObjectMeta) -> Seen {
    let since = u64::try_from(meta.last_modified.timestamp_millis()).unwrap_or(0);
    let tag = [meta.e_tag.as_deref(), meta.version.as_deref()].map(Option::unwrap_or_default);
    let digest = Algorithm::Sha256.digest(tag.join("\0").as_bytes());
    let half = |from: usize| {
        let bytes = digest.as_bytes()[from..from + 8].iter();
        bytes.fold(0, |sum, &byte| sum << 8 | u64::from(byte))
    };
    Seen {
        size: meta.size,
        modified: UNIX_EPOCH + Duration::from_millis(since),
        version: (half(0), half(8)),
    }
}

fn unreachable_store() -> io::Error {
    let known = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let said = match known("AWS_ACCESS_KEY_ID") || known("AWS_SKIP_SIGNATURE") {
        true => "the object store cannot be reached; AWS_ENDPOINT_URL and AWS_REGION say where it is",
        false => {
            "the object store, or who gives the keys to it, cannot be reached; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or \
             AWS_SKIP_SIGNATURE=true for what is open to all"
        }
    };
    io::Error::new(io::ErrorKind::NotConnected, said)
}

/// The error of a kind that another one comes from.
fn cause<E: Error + 'static>(error: &object_store::Error) -> Option<&E> {
    let mut error: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(one) = error {
        if let Some(found) = one.downcast_ref() {
            return Some(found);
        }
        error = one.source();
    }
    None
}

/// What the first cause says.
fn innermost(error: &object_store::Error) -> String {
    let mut error: &(dyn Error + 'static) = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

fn short(said: &str) -> String {
    said.chars().take(TOLD).collect()
}

/// What the store calls an error, as in `NoSuchBucket`; the number of its answer, where it has no word for it.
fn code_of(error: &object_store::Error) -> Option<String> {
    let said = innermost(error);
    let word = said
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"));
    let plain = |word: &str| {
        word.bytes()
            .all(|byte| byte.is_ascii_alphanumeric())
            .then(|| word.to_owned())
    };
    if let Some((word, _)) = word {
        return plain(word);
    }
    let (_, rest) = said.split_once("status code: ")?;
    plain(rest.split([' ', ':']).next()?)
}
