//! A server that speaks S3, started by the tests on the loopback address; and a proxy before it that tells what was asked, and spoils answers.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

use crate::support::{left_out, vidimus_in};

/// What nobody may ever read in an output.
pub(crate) const SECRET: &str = "wJalrXUtnFEMI-K7MDENG-never-printed";
const SIGNED: &str =
    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00";

/// The server. It ends with its standard input, so when the test does, in whatever way.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The Python that has the server; `None`, said aloud, where there is none. In CI there must be one.
fn python() -> Option<PathBuf> {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/moto/bin/python");
    let python = std::env::var_os("VIDIMUS_MOTO_PYTHON").map_or_else(own, PathBuf::from);
    if python.is_file() {
        return Some(python);
    }
    left_out("object stores: there is no Python with moto; `./test` installs it into target/moto");
    None
}

impl Server {
    /// Starts a server and waits until it listens.
    pub(crate) fn start() -> Option<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/object_stores/server.py");
        let mut child = Command::new(python()?)
            .arg(script)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        let mut said = String::new();
        let out = child.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut said).expect("a port");
        let port = said.trim().parse().expect("a port");
        Some(Self { child, port })
    }

    /// A bucket of this name, with what stands in a folder.
    pub(crate) fn bucket(&self, name: &str, folder: &Path) {
        assert_eq!(self.put(&format!("/{name}"), b""), 200, "{name}");
        self.fill(name, folder, folder);
    }

    fn fill(&self, name: &str, root: &Path, folder: &Path) {
        for entry in folder.read_dir().expect("listed") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                self.fill(name, root, &path);
                continue;
            }
            let key = path.strip_prefix(root).expect("below").to_string_lossy().into_owned();
            self.object(name, &key, &std::fs::read(&path).expect("read"));
        }
    }

    /// Puts an object.
    pub(crate) fn object(&self, bucket: &str, key: &str, bytes: &[u8]) {
        assert_eq!(self.put(&format!("/{bucket}/{}", escaped(key)), bytes), 200, "{key}");
    }

    fn put(&self, path: &str, bytes: &[u8]) -> u16 {
        request(self.port, "PUT", path, bytes)
    }

    /// From now on it knows nobody: every key is a wrong one.
    pub(crate) fn know_nobody(&self) {
        assert_eq!(request(self.port, "POST", "/moto-api/reset-auth", b"0"), 200);
    }
}

/// A key as it stands in a request.
fn escaped(key: &str) -> String {
    use std::fmt::Write as _;
    let mut escaped = String::new();
    for &byte in key.as_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => escaped.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => escaped.push(char::from(byte)),
            byte => write!(escaped, "%{byte:02X}").expect("written"),
        }
    }
    escaped
}

fn request(port: u16, method: &str, path: &str, bytes: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("connected");
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {SIGNED}\r\nContent-Type: text/plain\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        bytes.len()
    );
    stream.write_all(head.as_bytes()).expect("sent");
    stream.write_all(bytes).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("answered");
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.unwrap_or_else(|| panic!("no answer: {answer}"))
}

/// The server of most tests: they name their buckets differently.
pub(crate) fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(Server::start).as_ref()
}

/// The program, with a store at a port and a key to it.
pub(crate) fn vidimus_at(folder: &Path, port: u16) -> Command {
    let mut command = vidimus_in(folder);
    command
        .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"))
        .env("AWS_ALLOW_HTTP", "true")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", SECRET);
    command
}

/// What is done to the answer to a request: what was asked, and the whole answer.
type Spoil = dyn Fn(&str, &mut Vec<u8>) + Send + Sync;

/// Stands before the server, keeps the first line and the range of each request, and may spoil the answer.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub(crate) fn before(port: u16, spoil: impl Fn(&str, &mut Vec<u8>) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
        let own = listener.local_addr().expect("an address").port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (kept, spoil): (_, Arc<Spoil>) = (Arc::clone(&asked), Arc::new(spoil));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (kept, spoil) = (Arc::clone(&kept), Arc::clone(&spoil));
                thread::spawn(move || pass_on(stream, port, &kept, &*spoil));
            }
        });
        Self { port: own, asked }
    }

    /// What was asked so far of a key, as in `GET bytes=0-9`, in order.
    pub(crate) fn asked_of(&self, key: &str) -> Vec<String> {
        let asked = self.asked.lock().expect("kept");
        let of_key = |line: &String| {
            let (path, what) = line.split_once(' ').expect("a path");
            path.ends_with(key).then(|| what.to_owned())
        };
        asked.iter().filter_map(of_key).collect()
    }
}

/// The answer to a request is read to its end, and sent on in one piece.
fn pass_on(mut client: TcpStream, port: u16, asked: &Mutex<Vec<String>>, spoil: &Spoil) {
    let (mut head, mut lines) = (String::new(), BufReader::new(client.try_clone().expect("cloned")));
    while lines.read_line(&mut head).is_ok_and(|read| read > 2) {}
    let Some((method, path)) = head
        .split_once(' ')
        .and_then(|(method, rest)| Some((method, rest.split(' ').next()?)))
    else {
        return;
    };
    let range = head
        .lines()
        .find_map(|line| line.strip_prefix("range: "))
        .unwrap_or_default();
    let what = format!("{path} {method} {range}").trim_end().to_owned();
    asked.lock().expect("kept").push(what.clone());
    let mut server = TcpStream::connect(("127.0.0.1", port)).expect("connected");
    let closing = head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    server.write_all(closing.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).expect("answered");
    spoil(&what, &mut answer);
    drop(client.write_all(&answer)); // It may have lost patience.
}
