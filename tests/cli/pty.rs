//! A terminal for tests: the program in it, what is typed, and what is then to be seen. All waits are for something, and end.

use std::io::{Read as _, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use vt100::Parser;

/// Longer than this nothing here may take: what waits for ever is ended, and fails its test.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the screen shows, and a bell that rings when that changes.
type Screen = Arc<(Mutex<Parser>, Condvar)>;

/// The program in a terminal.
pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    slave: Box<dyn SlavePty + Send>,
    keys: Box<dyn Write + Send>,
    screen: Screen,
    reader: JoinHandle<()>,
}

/// How a run in a terminal has ended.
pub(crate) struct Ended {
    /// Its exit code.
    pub(crate) code: u32,
    /// What the screen shows then.
    pub(crate) screen: String,
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a size")
}

fn shown(parser: &Parser) -> String {
    let screen = parser.screen();
    screen.rows(0, screen.size().1.get()).collect::<Vec<_>>().join("\n")
}

impl Terminal {
    /// Starts the program, with nothing of the environment but what is given.
    pub(crate) fn start(
        folder: &Path,
        arguments: &[&str],
        variables: &[(&str, &str)],
        (columns, rows): (u16, u16),
    ) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a terminal");
        let mut command = CommandBuilder::new(insta_cmd::get_cargo_bin("vidimus"));
        command.args(arguments);
        command.cwd(folder);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        variables.iter().for_each(|(name, value)| command.env(name, value));
        let child = pair.slave.spawn_command(command).expect("started");
        let screen: Screen = Arc::new((Mutex::new(Parser::new(cells(rows), cells(columns), 0)), Condvar::new()));
        let mut output = pair.master.try_clone_reader().expect("a reader");
        let seen = Arc::clone(&screen);
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut buffer) {
                seen.0.lock().expect("a screen").process(&buffer[..count]);
                seen.1.notify_all();
            }
        });
        Self {
            child,
            keys: pair.master.take_writer().expect("a writer"),
            master: pair.master,
            slave: pair.slave,
            screen,
            reader,
        }
    }

    /// Types.
    pub(crate) fn send(&mut self, keys: &str) {
        self.keys
            .write_all(keys.as_bytes())
            .and_then(|()| self.keys.flush())
            .expect("typed");
    }

    /// Makes the terminal another size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.screen
            .0
            .lock()
            .expect("a screen")
            .screen_mut()
            .set_size(cells(rows), cells(columns));
        self.master.resize(size(columns, rows)).expect("resized");
    }

    /// Waits until the screen is as it should be; gives it.
    pub(crate) fn wait_until(&mut self, is: impl Fn(&str) -> bool) -> String {
        let (lock, bell) = &*self.screen;
        let parser = lock.lock().expect("a screen");
        let (parser, late) = bell
            .wait_timeout_while(parser, PATIENCE, |parser| !is(&shown(parser)))
            .expect("a screen");
        let screen = shown(&parser);
        drop(parser);
        if late.timed_out() {
            self.child.kill().expect("ended");
            panic!("it never comes:\n{screen}");
        }
        screen
    }

    /// Waits until some words are on the screen; gives it.
    pub(crate) fn wait_for(&mut self, words: &str) -> String {
        self.wait_until(|screen| screen.contains(words))
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.process_id().expect("a process").to_string();
        let sent = std::process::Command::new("kill").args([name, &id]).status();
        assert!(sent.is_ok_and(|status| status.success()));
    }

    /// Waits for the end, and sees to it that the terminal is then as it was.
    pub(crate) fn end(mut self) -> Ended {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("asked") {
                break status;
            }
            if begun.elapsed() > PATIENCE {
                self.child.kill().expect("ended");
                panic!("it does not end:\n{}", shown(&self.screen.0.lock().expect("a screen")));
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        let modes = format!("{:?}", self.master.get_termios().expect("modes").local_flags);
        assert!(
            modes.contains("ICANON") && modes.contains("ECHO") && modes.contains("ISIG"),
            "{modes}"
        );
        drop((self.slave, self.keys));
        self.reader.join().expect("read");
        let parser = self.screen.0.lock().expect("a screen");
        let screen = parser.screen();
        let changed = screen.alternate_screen() || screen.hide_cursor() || screen.bracketed_paste();
        assert!(!changed, "the terminal is not as it was");
        Ended {
            code: status.exit_code(),
            screen: shown(&parser),
        }
    }
}
