//! What the terminal is: the only place that asks.

use std::fmt;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::Progress;
use crate::error::{Error, Result};
use crate::report::{Style, printable};
use crate::similarity;

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The streams of the process, and how to write to them.
#[derive(Debug)]
pub(super) struct Terminal {
    color: ColorWhen,
    quiet: bool,
    progress: bool,
    fold: bool,
}

/// Excerpts wider than this are hard to read, however wide the screen is.
const WIDEST: usize = 140;
/// What a line holds where nobody says.
const USUAL: usize = 100;

impl Terminal {
    pub(super) fn new(color: ColorWhen, quiet: bool, progress: bool, fold: bool) -> Self {
        Self {
            color,
            quiet,
            progress: progress && !quiet,
            fold,
        }
    }

    /// Whether only findings are wanted.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Says on standard error what the user may not expect.
    pub(super) fn warn(&self, message: &str) {
        self.complain(&format!("warning: {}", printable(message)));
    }

    /// How to print to standard output.
    pub(super) fn style(&self) -> Style {
        let terminal = io::stdout().is_terminal();
        let colour = match self.color {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => AutoStream::choice(&io::stdout()) != ColorChoice::Never,
        };
        Style {
            colour,
            width: width(),
            unicode: terminal && speaks_unicode(),
            summary: !self.quiet,
            links: colour && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
            fold: self.fold,
        }
    }

    /// How to print to standard error.
    pub(super) fn error_style(&self) -> Style {
        let colour = match self.color {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => AutoStream::choice(&io::stderr()) != ColorChoice::Never,
        };
        Style { colour, ..self.style() }
    }

    /// Writes to standard output. A reader that went away is no error.
    pub(super) fn print(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        match write(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Error::io("write to", "standard output", error))
            }
            _ => Ok(()),
        }
    }

    /// Writes a line to standard error. Nothing can be done where that fails.
    pub(super) fn complain(&self, message: &str) {
        drop(writeln!(io::stderr().lock(), "{message}"));
    }

    /// Writes to standard error what is to be answered on the same line.
    pub(super) fn ask(&self, question: &str) {
        let mut out = io::stderr().lock();
        drop(write!(out, "{question}").and_then(|()| out.flush()));
    }

    /// Whether there is a terminal on both sides that can do more than print lines.
    pub(super) fn is_full(&self) -> bool {
        let named = std::env::var("TERM").ok();
        let able = match named.as_deref() {
            None | Some("") => cfg!(windows),
            Some(name) => name != "dumb",
        };
        able && io::stdin().is_terminal() && io::stdout().is_terminal()
    }

    /// A bar on standard error, where that is a terminal and somebody wants one.
    pub(super) fn progress(&self) -> Bar {
        self.progress_of("")
    }

    /// A bar that says of what it is.
    pub(super) fn progress_of(&self, what: &'static str) -> Bar {
        let shown = self.progress && io::stderr().is_terminal();
        Bar {
            shown,
            what,
            bar: OnceLock::new(),
        }
    }
}

/// Columns: what `COLUMNS` says, else what the terminal has, else the usual number.
fn width() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let real = || console_width().filter(|_| io::stdout().is_terminal());
    said.or_else(real).unwrap_or(USUAL).clamp(40, WIDEST)
}

/// Whether there is something to read from a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyboard {
    /// Nothing, after so long a wait.
    Silent,
    /// Something.
    Speaks,
    /// The terminal itself is gone: it was closed, or the connection was lost.
    Gone,
}

/// Waits for the keyboard, at most so long.
#[cfg(unix)]
pub(super) fn keyboard(patience: Duration) -> Keyboard {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = io::stdin();
    let mut wanted = [PollFd::new(&stdin, PollFlags::IN)];
    let nanoseconds = i64::from(patience.subsec_nanos());
    let patience = Timespec {
        tv_sec: i64::try_from(patience.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: nanoseconds as _,
    };
    // A signal, as that of another size, ends the wait early.
    let come = poll(&mut wanted, Some(&patience)).unwrap_or(0);
    let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
    match wanted[0].revents() {
        events if come > 0 && events.intersects(gone) => Keyboard::Gone,
        events if come > 0 && events.contains(PollFlags::IN) => Keyboard::Speaks,
        _ => Keyboard::Silent,
    }
}

/// Elsewhere nobody can tell; whoever reads waits by itself.
#[cfg(not(unix))]
pub(super) fn keyboard(_: Duration) -> Keyboard {
    Keyboard::Speaks
}

fn console_width() -> Option<usize> {
    terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0))
}

/// Columns and lines of the terminal.
pub(super) fn screen_size() -> (usize, usize) {
    let (columns, lines) = crossterm::terminal::size().unwrap_or((80, 24));
    (usize::from(columns), usize::from(lines))
}

/// Whether somebody writes at a terminal what is read.
pub(super) fn reads_from_terminal() -> bool {
    io::stdin().is_terminal()
}

fn speaks_unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    locale.is_some_and(|locale| locale.to_lowercase().replace('-', "").contains("utf8"))
}

/// A progress bar that appears only when the work is long.
pub(super) struct Bar {
    shown: bool,
    what: &'static str,
    bar: OnceLock<ProgressBar>,
}

impl fmt::Debug for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bar")
            .field("shown", &self.shown)
            .finish_non_exhaustive()
    }
}

/// Below this many bytes and texts the work is over before a bar could be read.
const LONG_BYTES: u64 = 64 << 20;
const LONG_TEXTS: usize = 2_000;

impl Progress for Bar {
    fn begin(&self, texts: usize, bytes: u64) {
        if !self.shown || (bytes < LONG_BYTES && texts < LONG_TEXTS) {
            return;
        }
        self.show(
            bytes,
            "{bar:30} {binary_bytes} of {binary_total_bytes}, {binary_bytes_per_sec}, {eta} left",
        );
    }

    fn read(&self, bytes: usize) {
        self.add(bytes as u64);
    }

    fn done(&self) {}

    fn end(&self) {
        self.clear();
    }
}

/// The bytes of a comparison are those of several steps, so that their number would say nothing.
impl similarity::Progress for Bar {
    fn begin(&self, total: u64) {
        if self.shown && total >= LONG_BYTES {
            self.show(total, "{msg} {bar:30} {percent} %, {binary_bytes_per_sec}, {eta} left");
        }
    }

    fn advance(&self, bytes: u64) {
        self.add(bytes);
    }

    fn end(&self) {
        self.clear();
    }
}

impl Bar {
    fn show(&self, total: u64, template: &str) {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(self.what);
        bar.enable_steady_tick(Duration::from_millis(200));
        drop(self.bar.set(bar));
    }

    fn add(&self, bytes: u64) {
        if let Some(bar) = self.bar.get() {
            bar.inc(bytes);
        }
    }

    fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

/// Set to the number of a signal that asks the program to stop; a second one stops it at once.
pub(super) fn stop_flag() -> Arc<AtomicUsize> {
    let flag = Arc::new(AtomicUsize::new(0));
    #[cfg(unix)]
    listen(&flag);
    flag
}

/// As [`stop_flag`], but a second signal changes nothing: the terminal must be put in order before the end.
pub(super) fn patient_stop_flag() -> Arc<AtomicUsize> {
    let flag = Arc::new(AtomicUsize::new(0));
    #[cfg(unix)]
    for signal in SIGNALS {
        note(signal, &flag);
    }
    flag
}

#[cfg(unix)]
const SIGNALS: [i32; 3] = [
    signal_hook::consts::SIGINT,
    signal_hook::consts::SIGTERM,
    signal_hook::consts::SIGHUP,
];

#[cfg(unix)]
fn note(signal: i32, flag: &Arc<AtomicUsize>) {
    drop(signal_hook::flag::register_usize(
        signal,
        Arc::clone(flag),
        usize::try_from(signal).unwrap_or(1),
    ));
}

/// Where a signal cannot be listened to, it ends the process as it always did.
#[cfg(unix)]
fn listen(flag: &Arc<AtomicUsize>) {
    use signal_hook::flag;
    use std::sync::atomic::AtomicBool;
    for signal in SIGNALS {
        let again = Arc::new(AtomicBool::new(false));
        // Handlers run in this order: the first sees only what an earlier signal has set.
        drop(flag::register_conditional_default(signal, Arc::clone(&again)));
        drop(flag::register(signal, again));
        note(signal, flag);
    }
}
