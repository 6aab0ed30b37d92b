//! A file as the editor shows it, and edits of it.

use lsp_types::{
    AnnotatedTextEdit, DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextEdit,
    Uri, WorkspaceEdit,
};

use super::buffer::{Buffer, Content};
use super::positions::{Encoding, Lines};
use crate::finding::Edit;

/// A file, and the places in it.
#[derive(Debug)]
pub(super) struct Sheet {
    /// Its address.
    pub(super) uri: Uri,
    /// Its version in the editor; none where it is not open.
    version: Option<i32>,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// Where its lines are.
    pub(super) lines: Lines,
}

impl Sheet {
    /// An open file.
    pub(super) fn open(buffer: &Buffer, encoding: Encoding) -> Self {
        let Content { bytes, hidden, .. } = buffer.content();
        Self {
            uri: buffer.uri.clone(),
            version: Some(buffer.version),
            lines: Lines::new(&bytes, hidden, encoding),
            bytes,
        }
    }

    /// A file that is not open.
    pub(super) fn closed(uri: Uri, bytes: Vec<u8>, encoding: Encoding) -> Self {
        Self {
            uri,
            version: None,
            lines: Lines::new(&bytes, 0, encoding),
            bytes,
        }
    }

    /// Edits of bytes as edits of the editor; all of them must lie in this file.
    pub(super) fn edits(&self, edits: &[Edit]) -> Vec<TextEdit> {
        let edit = |edit: &Edit| TextEdit {
            range: self.lines.range(&self.bytes, edit.start, edit.end),
            new_text: edit.replacement.clone(),
        };
        edits.iter().map(edit).collect()
    }

    /// What makes other bytes of these: one edit of what differs.
    pub(super) fn difference(&self, new: &[u8]) -> Vec<TextEdit> {
        let old = self.bytes.as_slice();
        let same = |pair: &(&u8, &u8)| pair.0 == pair.1;
        let mut front = old.iter().zip(new).take_while(same).count();
        while !is_boundary(old, front) || !is_boundary(new, front) {
            front -= 1;
        }
        let rest = old.len().min(new.len()) - front;
        let mut back = old
            .iter()
            .rev()
            .zip(new.iter().rev())
            .take(rest)
            .take_while(same)
            .count();
        while !is_boundary(old, old.len() - back) || !is_boundary(new, new.len() - back) {
            back -= 1;
        }
        vec![TextEdit {
            range: self.lines.range(old, front, old.len() - back),
            new_text: String::from_utf8_lossy(&new[front..new.len() - back]).into_owned(),
        }]
    }

    /// Edits of this file as the editor takes them.
    pub(super) fn workspace_edit(&self, edits: Vec<TextEdit>, versioned: bool) -> WorkspaceEdit {
        if versioned {
            let plain = |edit| OneOf::<TextEdit, AnnotatedTextEdit>::Left(edit);
            let edit = TextDocumentEdit {
                text_document: OptionalVersionedTextDocumentIdentifier {
                    uri: self.uri.clone(),
                    version: self.version,
                },
                edits: edits.into_iter().map(plain).collect(),
            };
            return WorkspaceEdit {
                document_changes: Some(DocumentChanges::Edits(vec![edit])),
                ..WorkspaceEdit::default()
            };
        }
        WorkspaceEdit {
            changes: Some([(self.uri.clone(), edits)].into()),
            ..WorkspaceEdit::default()
        }
    }
}

/// Whether a place is not inside a character or a line end: an editor has no column there.
fn is_boundary(bytes: &[u8], at: usize) -> bool {
    let continues = bytes.get(at).is_some_and(|byte| byte & 0xC0 == 0x80);
    let splits_end = at > 0 && bytes[at - 1] == b'\r' && bytes.get(at) == Some(&b'\n');
    at == 0 || (!continues && !splits_end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sheet(text: &str) -> Sheet {
        let uri = "file:///a".parse().expect("an address");
        Sheet::closed(uri, text.as_bytes().to_vec(), Encoding::Utf16)
    }

    proptest! {
        #[test]
        fn the_difference_makes_the_new_text(old in "[aé\u{1f600}\r\n]{0,12}", new in "[aê\u{1f601}\r\n]{0,12}") {
            let edit = sheet(&old).difference(new.as_bytes()).remove(0);
            let lines = Lines::new(old.as_bytes(), 0, Encoding::Utf16);
            let range = lines.byte(&old, edit.range.start)..lines.byte(&old, edit.range.end);
            let mut made = old.clone();
            made.replace_range(range, &edit.new_text);
            prop_assert_eq!(made, new);
        }
    }

    #[test]
    fn an_edit_is_for_a_version_where_the_editor_has_one() {
        let sheet = sheet("a");
        let versioned = sheet.workspace_edit(Vec::new(), true);
        assert!(versioned.changes.is_none() && versioned.document_changes.is_some());
        assert!(sheet.workspace_edit(Vec::new(), false).changes.is_some());
    }
}
