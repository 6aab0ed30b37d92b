//! The review line by line, where there is no full terminal: a letter and Enter for each decision, also through a pipe.

use std::io::{self, BufRead as _};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::session::{Effect, Mode, Press, Session};
use super::{End, Review, editor, view};
use crate::cli::terminal::{Terminal, reads_from_terminal};
use crate::error::Result;
use crate::report::{Style, count_of, printable};
use crate::stop::Stop;

/// So long nobody looks whether a signal has come.
const PATIENCE: Duration = Duration::from_millis(50);

/// Runs a review to its end, which is also that of the input.
pub(super) fn run(review: &mut Review<'_>, style: Style, terminal: &Terminal) -> Result<End> {
    let lines = lines();
    let mut shown = None;
    loop {
        if shown != Some(review.session.at()) || *review.session.mode() == Mode::Help {
            show(review, style, terminal);
        }
        shown = Some(review.session.at());
        if let Some(notice) = review.session.notice() {
            terminal.complain(&printable(notice));
        }
        terminal.ask(&prompt(&review.session));
        let Some(line) = next(&lines, review.stop())? else {
            terminal.complain("");
            return Ok(End::Quit);
        };
        if !reads_from_terminal() {
            terminal.complain(&printable(&line));
        }
        let effect = answer(review, &line)?;
        if effect != Effect::None {
            shown = None;
        }
        match effect {
            Effect::Apply => return Ok(End::Apply),
            Effect::Quit => return Ok(End::Quit),
            Effect::Edit => edit(review)?,
            Effect::None | Effect::Decided => {}
        }
    }
}

fn show(review: &mut Review<'_>, style: Style, terminal: &Terminal) {
    review.load();
    let session = &review.session;
    terminal.complain("");
    for line in view::body(session, review.text(), style) {
        terminal.complain(&line);
    }
    if *session.mode() == Mode::Help {
        review.session.press(Press::Escape);
    }
}

/// An editor wants a terminal of its own.
fn edit(review: &mut Review<'_>) -> Result<()> {
    let command = editor::command().filter(|_| reads_from_terminal());
    review.edit(command.as_deref(), editor::open)
}

fn prompt(session: &Session) -> String {
    match (session.mode(), session.item()) {
        (Mode::Reason(_), _) => view::reason_prompt(session),
        (Mode::Replacement(line), _) => format!("instead of `{}` (\\n is a line end): ", printable(line.text())),
        (_, Some(item)) => {
            let keys: Vec<&str> = view::decisions(item).iter().map(|(key, _)| *key).collect();
            let sure = (f64::from(item.finding.confidence) * 100.0).round();
            let (at, all) = (session.at() + 1, session.items().len());
            format!("({at} of {all}, {sure} % sure) [{},u,n,p,w,q,?] ", keys.join(","))
        }
        (_, None) => format!(
            "({}) [w,p,u,q,?] ",
            count_of(session.items().len(), "finding", "findings")
        ),
    }
}

/// Takes a line as keys: one where a decision is asked for, all of them where something is written.
fn answer(review: &mut Review<'_>, line: &str) -> Result<Effect> {
    if matches!(review.session.mode(), Mode::Reason(_) | Mode::Replacement(_)) {
        review.press(Press::Clear)?;
        review.press(Press::Text(line.to_owned()))?;
        return review.press(Press::Enter);
    }
    let mut letters = line.trim().chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => review.press(Press::Char(letter)),
        (None, _) => Ok(Effect::None),
        _ => {
            review.session.say("one letter, please; ? lists them");
            Ok(Effect::None)
        }
    }
}

/// Reads lines on a thread of its own, so that a signal is heeded while nobody writes.
fn lines() -> Receiver<io::Result<String>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// The next line; `None` at the end of the input, or where it cannot be read further.
fn next(lines: &Receiver<io::Result<String>>, stop: Stop<'_>) -> Result<Option<String>> {
    loop {
        stop.heed()?;
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => return Ok(line.ok()),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
        }
    }
}
