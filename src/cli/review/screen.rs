//! The review on a screen of its own: draws, and waits for the next key.

use std::io::{self, Write};
use std::panic;
use std::time::Duration;

use crossterm::event::{
    self, DisableBracketedPaste, EnableBracketedPaste, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers,
};
use crossterm::style::Print;
use crossterm::terminal::{self, Clear, ClearType};
use crossterm::{cursor, execute, queue};

use super::session::{Effect, Move, Press};
use super::view::{self, Frame};
use super::{End, Review, editor};
use crate::cli::terminal::{Keyboard, keyboard, screen_size};
use crate::error::{Error, Result};
use crate::report::Style;
use crate::stop::Stop;

/// So long nobody looks whether a signal has come.
const PATIENCE: Duration = Duration::from_millis(50);
const SIGINT: u8 = 2;
const SIGHUP: u8 = 1;

/// Runs a review to its end.
pub(super) fn run(review: &mut Review<'_>, style: Style) -> Result<End> {
    let screen = Screen::enter()?;
    loop {
        let (columns, height) = screen_size();
        let style = Style {
            width: columns.max(20),
            ..style
        };
        review.load();
        let mut frame = view::draw(&review.session, review.text(), style, height.max(4));
        frame.lines.truncate(height);
        review.session.seen(frame.page, frame.reach);
        show(&frame).map_err(failed)?;
        let Some(press) = next(&screen, (columns, height), review.stop())? else {
            continue;
        };
        match review.press(press)? {
            Effect::Apply => return Ok(End::Apply),
            Effect::Quit => return Ok(End::Quit),
            Effect::Edit => edit(review, &screen)?,
            Effect::None | Effect::Decided => {}
        }
    }
}

fn failed(error: io::Error) -> Error {
    Error::io("use", "the terminal", error)
}

fn edit(review: &mut Review<'_>, screen: &Screen) -> Result<()> {
    review.edit(editor::command().as_deref(), |command, text| {
        let written = screen.lend(|| editor::open(command, text));
        written.map_err(|error| format!("the terminal could not be used: {error}"))?
    })
}

/// Lets no signal tell of a change of size; it is asked for in time. crossterm polls by edge, and a key that it finds in the same moment as
/// such a signal would wait for the next key.
#[cfg(unix)]
fn silence_changes_of_size() -> io::Result<()> {
    // The signal is registered when events are first asked for.
    event::poll(Duration::ZERO)?;
    #[expect(
        deprecated,
        reason = "nobody else listens to this signal, and crossterm gives its registration to nobody"
    )]
    signal_hook_registry::unregister_signal(signal_hook::consts::SIGWINCH);
    Ok(())
}

#[cfg(not(unix))]
fn silence_changes_of_size() -> io::Result<()> {
    Ok(())
}

/// The alternate screen of the terminal, in raw mode, as long as the value lives; also where a panic ends it.
struct Screen(());

impl Screen {
    fn enter() -> Result<Self> {
        let screen = Self(());
        enter().and_then(|()| silence_changes_of_size()).map_err(failed)?;
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            leave();
            usual(panic);
        }));
        Ok(screen)
    }

    /// Gives the terminal back while something else uses it.
    fn lend<T>(&self, work: impl FnOnce() -> T) -> io::Result<T> {
        leave();
        let done = work();
        enter()?;
        Ok(done)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
        if !std::thread::panicking() {
            drop(panic::take_hook());
        }
    }
}

fn enter() -> io::Result<()> {
    terminal::enable_raw_mode()?;
    execute!(
        io::stdout(),
        terminal::EnterAlternateScreen,
        terminal::DisableLineWrap,
        EnableBracketedPaste,
        cursor::Hide
    )
}

/// Nothing can be done where the terminal does not take it.
fn leave() {
    drop(execute!(
        io::stdout(),
        cursor::Show,
        DisableBracketedPaste,
        terminal::EnableLineWrap,
        terminal::LeaveAlternateScreen
    ));
    drop(terminal::disable_raw_mode());
}

fn show(frame: &Frame) -> io::Result<()> {
    let mut out = Vec::with_capacity(8 << 10);
    queue!(out, terminal::BeginSynchronizedUpdate, cursor::Hide)?;
    for (row, line) in (0_u16..).zip(&frame.lines) {
        // A line is cleared before it is written: behind a full one, the cursor still stands on its last character.
        queue!(out, cursor::MoveTo(0, row), Clear(ClearType::CurrentLine), Print(line))?;
    }
    queue!(out, Clear(ClearType::FromCursorDown))?;
    if let Some((column, row)) = frame.cursor {
        let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        queue!(out, cursor::MoveTo(place(column), place(row)), cursor::Show)?;
    }
    queue!(out, terminal::EndSynchronizedUpdate)?;
    let mut stdout = io::stdout().lock();
    stdout.write_all(&out)?;
    stdout.flush()
}

/// Waits for a key; `None` where the screen must be drawn again because its size is another.
fn next(screen: &Screen, drawn: (usize, usize), stop: Stop<'_>) -> Result<Option<Press>> {
    loop {
        stop.heed()?;
        if screen_size() != drawn {
            return Ok(None);
        }
        if !speaks()? {
            continue;
        }
        match event::read().map_err(failed)? {
            Event::Resize(..) => return Ok(None),
            Event::Paste(text) => return Ok(Some(Press::Text(text))),
            Event::Key(key) if key.kind != KeyEventKind::Release => match chord(key) {
                Some(Chord::Press(press)) => return Ok(Some(press)),
                Some(Chord::Interrupt) => return Err(Error::Interrupted(SIGINT)),
                Some(Chord::Suspend) => {
                    screen.lend(suspend).map_err(failed)?;
                    return Ok(None);
                }
                None => {}
            },
            _ => {}
        }
    }
}

/// Whether a key was pressed. A terminal that is gone would be read from for ever, so it ends the review as a hangup does.
fn speaks() -> Result<bool> {
    let gone = || Error::Interrupted(SIGHUP);
    if keyboard(Duration::ZERO) == Keyboard::Gone {
        return Err(gone());
    }
    // Several keys may have been read at once, and wait inside.
    if event::poll(Duration::ZERO).map_err(failed)? {
        return Ok(true);
    }
    match keyboard(PATIENCE) {
        Keyboard::Gone => Err(gone()),
        Keyboard::Silent => Ok(false),
        Keyboard::Speaks => event::poll(PATIENCE).map_err(failed),
    }
}

/// What a key means: in raw mode, those that make signals do not.
enum Chord {
    Press(Press),
    Interrupt,
    Suspend,
}

fn chord(key: KeyEvent) -> Option<Chord> {
    let press = if key.modifiers.contains(KeyModifiers::CONTROL) {
        match key.code {
            KeyCode::Char('c') => return Some(Chord::Interrupt),
            KeyCode::Char('z') => return Some(Chord::Suspend),
            KeyCode::Char('u') => Press::Clear,
            KeyCode::Char('a') => Press::Move(Move::Home),
            KeyCode::Char('e') => Press::Move(Move::End),
            KeyCode::Char('h') => Press::Backspace,
            _ => return None,
        }
    } else {
        plain(key.code)?
    };
    Some(Chord::Press(press))
}

fn plain(code: KeyCode) -> Option<Press> {
    Some(match code {
        KeyCode::Char(c) => Press::Char(c),
        KeyCode::Enter => Press::Enter,
        KeyCode::Esc => Press::Escape,
        KeyCode::Tab => Press::Tab { back: false },
        KeyCode::BackTab => Press::Tab { back: true },
        KeyCode::Backspace => Press::Backspace,
        KeyCode::Delete => Press::Delete,
        KeyCode::Up => Press::Move(Move::Up),
        KeyCode::Down => Press::Move(Move::Down),
        KeyCode::PageUp => Press::Move(Move::PageUp),
        KeyCode::PageDown => Press::Move(Move::PageDown),
        KeyCode::Home => Press::Move(Move::Home),
        KeyCode::End => Press::Move(Move::End),
        KeyCode::Left => Press::Move(Move::Left),
        KeyCode::Right => Press::Move(Move::Right),
        _ => return None,
    })
}

/// Stops as the shell expects it of Ctrl-Z, until it wants the program to go on.
#[cfg(unix)]
fn suspend() {
    drop(signal_hook::low_level::emulate_default_handler(
        signal_hook::consts::SIGTSTP,
    ));
}

#[cfg(not(unix))]
fn suspend() {}
