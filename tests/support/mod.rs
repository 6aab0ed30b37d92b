//! What the tests of the whole program share: how to run it, and corpora to run it on.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The program in a folder, with nothing of the environment that could change what it prints.
pub(crate) fn vidimus_in(folder: &Path) -> Command {
    let mut command = Command::new(insta_cmd::get_cargo_bin("vidimus"));
    command.current_dir(folder).env_clear().env("COLUMNS", "100");
    command
}

/// Longer than this nothing here may take: what waits for ever is ended, and fails its test.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// Exit code, standard output and standard error, of a run that ends in good time and does not panic.
pub(crate) fn run(command: &mut Command) -> (Option<i32>, String, String) {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    end_of(child)
}

/// How a run ends that reads this from standard input.
pub(crate) fn fed(command: &mut Command, input: &[u8]) -> (Option<i32>, String, String) {
    use std::io::Write as _;
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let mut stdin = child.stdin.take().expect("a pipe");
    drop(stdin.write_all(input)); // It may have ended before it has read all.
    drop(stdin);
    end_of(child)
}

/// How a run ends that was started with its streams piped.
pub(crate) fn end_of(mut child: Child) -> (Option<i32>, String, String) {
    let (out, err) = (child.stdout.take().map(gather), child.stderr.take().map(gather));
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("asked") {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            child.kill().expect("ended");
            panic!("it does not end");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let text = |gathered: Option<std::thread::JoinHandle<Vec<u8>>>| {
        let bytes = gathered.map(|gathered| gathered.join().expect("gathered"));
        String::from_utf8(bytes.unwrap_or_default()).expect("UTF-8")
    };
    let (out, err) = (text(out), text(err));
    assert!(!err.contains("panicked"), "{err}");
    (status.code(), out, err)
}

fn gather(mut stream: impl std::io::Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("read");
        bytes
    })
}

/// A corpus of these texts with a manifest that records them truthfully.
pub(crate) fn corpus(texts: &[(&str, &[u8])]) -> tempfile::TempDir {
    use std::fmt::Write as _;
    let folder = tempfile::tempdir().expect("a folder");
    let mut manifest = "vidimus: 1\ncorpus:\n  include: [\"**/*.txt\"]\n  license: CC0-1.0\nentries:\n".to_owned();
    for (path, bytes) in texts {
        let place = folder.path().join(path);
        std::fs::create_dir_all(place.parent().expect("a parent")).expect("made");
        std::fs::write(place, bytes).expect("written");
        let digest = vidimus::digest::Algorithm::Sha256.digest(bytes);
        write!(
            manifest,
            "  - path: {path}\n    sha256: \"{digest}\"\n    bytes: {}\n",
            bytes.len()
        )
        .expect("written");
        manifest.push_str("    published_at: 2011-10-18\n    origin: {kind: local, reason: a test}\n");
    }
    std::fs::write(folder.path().join("manifest.yaml"), manifest).expect("written");
    folder
}

/// Waits until a process has a file open, so that the test needs no pause of a guessed length.
#[cfg(target_os = "linux")]
pub(crate) fn wait_until_it_reads(child: &mut Child, name: &Path) {
    let (name, descriptors) = (
        name.canonicalize().expect("a real path"),
        format!("/proc/{}/fd", child.id()),
    );
    let open = || {
        let entries = std::fs::read_dir(&descriptors).into_iter().flatten();
        entries
            .filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok())
            .any(|link| link == name)
    };
    while !open() {
        assert!(
            child.try_wait().is_ok_and(|ended| ended.is_none()),
            "it ended before it read the text"
        );
        std::thread::yield_now();
    }
}

/// Says that something is left out, past the capture of the test harness: whoever reads the log must see it. In CI nothing is.
pub(crate) fn left_out(what: &str) {
    use std::io::Write as _;
    assert!(std::env::var_os("CI").is_none(), "{what}");
    drop(writeln!(std::io::stderr(), "LEFT OUT: {what}"));
}

/// A corpus of these shards of records, each with its mapping, with a manifest that records them truthfully.
pub(crate) fn shards(shards: &[(&str, &[u8], &str)]) -> tempfile::TempDir {
    use std::fmt::Write as _;
    let folder = tempfile::tempdir().expect("a folder");
    let mut manifest = "vidimus: 1\ncorpus: {include: [], license: CC0-1.0}\nentries_from:\n".to_owned();
    for (path, bytes, fields) in shards {
        let place = folder.path().join(path);
        std::fs::create_dir_all(place.parent().expect("a parent")).expect("made");
        std::fs::write(place, bytes).expect("written");
        let digest = vidimus::digest::Algorithm::Sha256.digest(bytes);
        writeln!(
            manifest,
            "  - {{path: \"{path}\", sha256: \"{digest}\", bytes: {}, records: {fields}}}",
            bytes.len()
        )
        .expect("written");
    }
    std::fs::write(folder.path().join("manifest.yaml"), manifest).expect("written");
    folder
}

/// Bytes, packed.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}
