//! Lets a person change what a fix writes: in an editor, with the lines around it, or on one line.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus};

use crate::finding::Edit;
use crate::fix::plan;

/// A line around an edit is shown up to so many bytes.
const WIDEST: usize = 4_000;

/// A part of a text, as it would be with the fix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window<'t> {
    text: &'t [u8],
    start: usize,
    end: usize,
    /// What would stand there.
    pub(super) mended: String,
}

impl<'t> Window<'t> {
    /// The lines that edits touch, and one more on each side; `None` where they are not UTF-8.
    pub(super) fn of_lines(text: &'t [u8], edits: &[Edit]) -> Option<Self> {
        let hull = Self::of_edits(text, edits)?;
        let line_before = |at: usize| {
            let from = boundary(text, at.saturating_sub(WIDEST));
            let feed = memchr::memrchr(b'\n', &text[from..at]);
            feed.map_or(from, |feed| from + feed + 1)
        };
        let line_after = |at: usize| {
            let to = boundary(text, at + WIDEST);
            memchr::memchr(b'\n', &text[at..to]).map_or(to, |feed| at + feed)
        };
        let start = line_before(hull.start);
        let start = line_before(start.saturating_sub(1));
        let end = line_after(hull.end);
        let end = line_after((end + 1).min(text.len()));
        Self::over(text, start, end, edits)
    }

    /// What lies between the first byte that edits replace and the last.
    pub(super) fn of_edits(text: &'t [u8], edits: &[Edit]) -> Option<Self> {
        let start = edits.iter().map(|edit| edit.start).min()?;
        let end = edits.iter().map(|edit| edit.end).max()?;
        Self::over(text, start, end, edits)
    }

    fn over(text: &'t [u8], start: usize, end: usize, edits: &[Edit]) -> Option<Self> {
        let own = |edit: &Edit| Edit {
            start: edit.start - start,
            end: edit.end - start,
            ..edit.clone()
        };
        let own: Vec<Edit> = edits.iter().map(own).collect();
        let mended = plan::apply(text.get(start..end)?, &own);
        Some(Self {
            text,
            start,
            end,
            mended: String::from_utf8(mended).ok()?,
        })
    }

    /// What to show somebody who is to change it: what would stand there, or what stands there where that is nothing.
    pub(super) fn to_begin_with(&self) -> String {
        match self.mended.is_empty() {
            true => String::from_utf8_lossy(&self.text[self.start..self.end]).into_owned(),
            false => self.mended.clone(),
        }
    }

    /// The smallest edit that makes it into other text; `None` where it is that text already, or not UTF-8.
    pub(super) fn edit(&self, path: &str, new: &str) -> Option<Edit> {
        let old = std::str::from_utf8(&self.text[self.start..self.end]).ok()?;
        if old == new {
            return None;
        }
        let alike = |(a, b): &(char, char)| a == b;
        let shared = |(c, _): (char, char)| c.len_utf8();
        let head: usize = old.chars().zip(new.chars()).take_while(alike).map(shared).sum();
        let (rest, new) = (&old[head..], &new[head..]);
        let tail: usize = rest
            .chars()
            .rev()
            .zip(new.chars().rev())
            .take_while(alike)
            .map(shared)
            .sum();
        Some(Edit {
            path: path.to_owned(),
            start: self.start + head,
            end: self.end - tail,
            replacement: new[..new.len() - tail].to_owned(),
        })
    }
}

/// The first place from there on where a character begins.
fn boundary(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let inside = rest.iter().take(3).take_while(|byte| **byte & 0xC0 == 0x80).count();
    (at + inside).min(text.len())
}

/// What the user calls an editor.
pub(super) fn command() -> Option<String> {
    let named = |name| {
        std::env::var(name)
            .ok()
            .filter(|editor: &String| !editor.trim().is_empty())
    };
    named("VISUAL").or_else(|| named("EDITOR"))
}

/// Lets an editor change a text; gives it back without the line end that editors put behind the last line.
///
/// # Errors
/// What to tell the user.
pub(super) fn open(editor: &str, text: &str) -> Result<String, String> {
    let failed = |error: io::Error| format!("the editor could not be used: {error}");
    let folder = tempfile::Builder::new().prefix("vidimus-").tempdir().map_err(failed)?;
    let path = folder.path().join("passage.txt");
    fs::write(&path, format!("{text}\n")).map_err(failed)?;
    let status = start(editor, &path).map_err(failed)?;
    if !status.success() {
        return Err("the editor ended with an error; nothing was decided".to_owned());
    }
    let bytes = fs::read(&path).map_err(failed)?;
    let new = String::from_utf8(bytes).map_err(|_| "what the editor wrote is not UTF-8".to_owned())?;
    Ok(new.strip_suffix('\n').map_or(new.clone(), str::to_owned))
}

/// `EDITOR` is a command of the shell: it may have options and quotes.
#[cfg(unix)]
fn start(editor: &str, path: &Path) -> io::Result<ExitStatus> {
    let script = format!("{editor} \"$@\"");
    Command::new("/bin/sh").args(["-c", &script, editor]).arg(path).status()
}

#[cfg(not(unix))]
fn start(editor: &str, path: &Path) -> io::Result<ExitStatus> {
    let mut words = editor.split_whitespace();
    Command::new(words.next().unwrap_or_default())
        .args(words)
        .arg(path)
        .status()
}

#[cfg(test)]
mod tests {
    use super::super::examples::{TEXT, item};
    use super::*;

    fn edits() -> Vec<Edit> {
        item("a.txt", 5).finding.fix.expect("a fix").edits
    }

    #[test]
    fn a_window_shows_what_would_stand_there() {
        let text = TEXT.as_bytes();
        let window = Window::of_lines(text, &edits()).expect("a window");
        assert_eq!(window.mended, "\n\nThe keeper went home.");
        let window = Window::of_edits(text, &edits()).expect("a window");
        assert_eq!(
            (window.mended.as_str(), window.to_begin_with().as_str()),
            ("", "Advertisement\n")
        );
        assert_eq!(Window::of_edits(text, &[]), None);
        let all = Edit {
            start: 0,
            end: text.len(),
            ..edits().remove(0)
        };
        assert_eq!(Window::of_lines(text, &[all]).expect("a window").mended, "");
        let broken = TEXT.replace("The keeper", "\u{e9}").into_bytes();
        let broken: Vec<u8> = broken.into_iter().filter(|byte| *byte != 0xA9).collect();
        assert_eq!(Window::of_lines(&broken, &edits()), None);
    }

    #[test]
    fn an_edit_is_as_small_as_can_be() {
        let window = Window::of_lines(TEXT.as_bytes(), &edits()).expect("a window");
        let edit = window
            .edit("a.txt", "\nA notice\n\nThe keeper went home.")
            .expect("an edit");
        assert_eq!(&TEXT[edit.start..edit.end], "dvertisement");
        assert_eq!(edit.replacement, " notice");
        assert_eq!(window.edit("a.txt", "\nAdvertisement\n\nThe keeper went home."), None);
    }

    #[cfg(unix)]
    #[test]
    fn an_editor_is_a_command_of_the_shell() {
        assert_eq!(
            open("sed -i -e 's/four o/five o/'", "at four o'clock\n\n"),
            Ok("at five o'clock\n\n".to_owned())
        );
        assert!(open("false", "x").is_err_and(|said| said.contains("nothing was decided")));
    }
}
