//! What an editor offers to do about findings: make a fix, make all safe ones, or let a finding stand.

use lsp_types::{CodeAction, CodeActionKind, CodeActionOrCommand, Range, WorkspaceEdit};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::check::Checked;
use super::diagnostics::Shown;
use super::sheet::Sheet;
use crate::error::{Error, Result};
use crate::finding::{Edit, Finding, Safety};
use crate::fix::accept;
use crate::fix::plan::{self, Plan};
use crate::report::printable;

/// The kind of the action that makes all safe fixes of a text.
pub(super) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.vidimus");

/// What stands for the reason until somebody has written one.
const REASON: &str = "TODO: say why";
/// A title repeats at most so many characters of the text.
const QUOTED: usize = 40;

/// Where actions are asked for.
pub(super) struct Asked<'a> {
    /// The last check.
    pub(super) checked: &'a Checked,
    /// The file, relative to the root.
    pub(super) path: &'a str,
    /// The file, as the editor shows it.
    pub(super) sheet: &'a Sheet,
    /// The manifest, as the editor shows it.
    pub(super) manifest: &'a Sheet,
    /// Whether the editor takes edits for a version of a text.
    pub(super) versioned: bool,
    /// Whether it asks for the edit of an action when it is wanted.
    pub(super) lazy: bool,
}

/// The kinds that are wanted; all of them where nobody says.
pub(super) type Only<'a> = Option<&'a [CodeActionKind]>;

impl Asked<'_> {
    /// The actions for a part of the file.
    pub(super) fn actions(&self, range: Range, only: Only<'_>) -> Vec<CodeActionOrCommand> {
        let mut actions = Vec::new();
        if wants(only, &CodeActionKind::QUICKFIX) {
            let shown = self.shown().iter().filter(|shown| touch(shown.diagnostic.range, range));
            actions.extend(
                shown
                    .flat_map(|shown| [self.fix(shown), self.acceptance(shown)])
                    .flatten(),
            );
        }
        if wants(only, &FIX_ALL) {
            actions.extend(self.fix_all());
        }
        actions.into_iter().map(CodeActionOrCommand::from).collect()
    }

    fn shown(&self) -> &[Shown] {
        self.checked.shown.get(self.path).map_or(&[], Vec::as_slice)
    }

    /// The fix of a finding, where it has one that may be made.
    fn fix(&self, shown: &Shown) -> Option<CodeAction> {
        let finding = self.fitted(&shown.finding)?;
        let fix = finding.fix.filter(|fix| fix.safety > Safety::Display)?;
        let safe = fix.safety == Safety::Safe;
        let word = if safe { "safe" } else { "unsafe" };
        let edit = self.sheet.workspace_edit(self.sheet.edits(&fix.edits), self.versioned);
        Some(CodeAction {
            title: format!("{} ({word})", title(&self.sheet.bytes, &fix.edits)),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![shown.diagnostic.clone()]),
            edit: Some(edit),
            is_preferred: Some(safe),
            ..CodeAction::default()
        })
    }

    /// A finding whose fix can be made in the file as it is shown.
    fn fitted(&self, finding: &Finding) -> Option<Finding> {
        let mut finding = finding.clone();
        let edits = &finding.fix.as_ref()?.edits;
        let here = !edits.is_empty() && edits.iter().all(|edit| edit.path == self.path);
        (here && plan::fit(&mut finding, &self.sheet.bytes)).then_some(finding)
    }

    /// All safe fixes of the file that go together.
    fn fix_all(&self) -> Option<CodeAction> {
        let is_safe = |finding: &Finding| finding.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe);
        let findings = self.shown().iter().filter_map(|shown| self.fitted(&shown.finding));
        let findings: Vec<Finding> = findings.filter(is_safe).collect();
        let plan = Plan::of(&findings.iter().collect::<Vec<_>>());
        if plan.edits.is_empty() {
            return None;
        }
        let edit = self.sheet.workspace_edit(self.sheet.edits(&plan.edits), self.versioned);
        Some(CodeAction {
            title: match plan.taken.len() {
                1 => "Make the safe fix of this text".to_owned(),
                count => format!("Make {count} safe fixes of this text"),
            },
            kind: Some(FIX_ALL),
            edit: Some(edit),
            ..CodeAction::default()
        })
    }

    /// Lets a finding stand, where its text has an entry in the manifest and the manifest is as it was checked. To read and change a
    /// long manifest takes time, so that an editor which can ask for the edit when it is wanted is not given it before.
    fn acceptance(&self, shown: &Shown) -> Option<CodeAction> {
        let manifest = &self.checked.manifest;
        accept::entry_of(manifest, &shown.finding).ok()?;
        let action = CodeAction {
            title: "Accept this finding, with a reason in the manifest".to_owned(),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![shown.diagnostic.clone()]),
            is_preferred: Some(false),
            ..CodeAction::default()
        };
        if self.lazy {
            let data = json!(Wanted::of(self.sheet.uri.as_str(), &shown.finding));
            return Some(CodeAction {
                data: Some(data),
                ..action
            });
        }
        let edit = Some(self.accepting(&shown.finding).ok()?);
        Some(CodeAction { edit, ..action })
    }

    fn accepting(&self, finding: &Finding) -> Result<WorkspaceEdit> {
        let manifest = &self.checked.manifest;
        if manifest.files[0].bytes() != self.manifest.bytes {
            return Err(Error::Refused(
                "the manifest has changed since it was checked".to_owned(),
            ));
        }
        let new = accept::written(manifest, finding, REASON)?;
        let edits = self.manifest.difference(&new);
        Ok(self.manifest.workspace_edit(edits, self.versioned))
    }

    /// Gives an action the edit that it was offered without.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn resolve(&self, mut action: CodeAction, wanted: &Wanted) -> Result<CodeAction> {
        let is_it = |shown: &&Shown| Wanted::of(&wanted.uri, &shown.finding) == *wanted;
        let shown = self.shown().iter().find(is_it);
        let gone = || Error::Refused("the finding is gone".to_owned());
        action.edit = Some(self.accepting(&shown.ok_or_else(gone)?.finding)?);
        Ok(action)
    }
}

/// The finding that an action is about, for an editor that asks for its edit later.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Wanted {
    /// The address of its text.
    pub(super) uri: String,
    rule: String,
    fingerprint: String,
}

impl Wanted {
    fn of(uri: &str, finding: &Finding) -> Self {
        Self {
            uri: uri.to_owned(),
            rule: finding.rule.to_owned(),
            fingerprint: finding.fingerprint.clone(),
        }
    }
}

/// Whether a kind is among those that are wanted, or below one of them.
fn wants(only: Only<'_>, kind: &CodeActionKind) -> bool {
    let below = |wanted: &CodeActionKind| {
        let rest = kind.as_str().strip_prefix(wanted.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || wanted.as_str().is_empty())
    };
    only.is_none_or(|only| only.iter().any(below))
}

/// Whether two ranges share a place: a cursor at the edge of an underlined word means that word.
pub(super) fn touch(one: Range, other: Range) -> bool {
    one.start <= other.end && other.start <= one.end
}

/// What edits do, in a few words.
fn title(bytes: &[u8], edits: &[Edit]) -> String {
    let Some(first) = edits.first() else {
        return String::new();
    };
    let old = quoted(&bytes[first.start..first.end]);
    let what = match (first.start == first.end, first.replacement.is_empty()) {
        (true, _) => format!("Insert {}", quoted(first.replacement.as_bytes())),
        (_, true) => format!("Remove {old}"),
        _ => format!("Replace {old} by {}", quoted(first.replacement.as_bytes())),
    };
    match edits.len() {
        1 => what,
        2 => format!("{what} and make another edit"),
        count => format!("{what} and make {} more edits", count - 1),
    }
}

fn quoted(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let words: Vec<&str> = text.split_whitespace().collect();
    let words = words.join(" ");
    if words.is_empty() {
        return "white space".to_owned();
    }
    match words.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("“{}…”", printable(&words[..end])),
        None => format!("“{}”", printable(&words)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, replacement: &str) -> Edit {
        Edit {
            path: "a".to_owned(),
            start,
            end,
            replacement: replacement.to_owned(),
        }
    }

    #[test]
    fn a_title_says_what_is_done() {
        let text = b"Share  this\n\nthe weir  and the mill";
        assert_eq!(title(text, &[edit(0, 11, "")]), "Remove “Share this”");
        assert_eq!(title(text, &[edit(11, 13, "")]), "Remove white space");
        assert_eq!(
            title(text, &[edit(13, 21, "a\u{202e}"), edit(30, 31, "")]),
            "Replace “the weir” by “a\\u{202e}” and make another edit"
        );
        assert_eq!(title(text, &[edit(3, 3, "x")]), "Insert “x”");
        assert!(title(&[b'x'; 90], &[edit(0, 90, "")]).ends_with("x…”"));
    }

    #[test]
    fn a_kind_holds_those_below_it() {
        let only = |kind: &'static str| [CodeActionKind::new(kind)];
        for (kind, expected) in [
            ("", true),
            ("source", true),
            ("source.fixAll", true),
            ("source.fix", false),
            ("quickfix", false),
        ] {
            assert_eq!(wants(Some(&only(kind)), &FIX_ALL), expected, "{kind}");
        }
        assert!(wants(None, &FIX_ALL));
    }
}
