//! Only this change: what a report says of lines that were changed since a revision. All is checked; the rest is not shown.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use crate::corpus::{BUFFER, Corpus, LARGEST_TEXT, Library, Order};
use crate::diff;
use crate::engine::Report;
use crate::error::Result;
use crate::finding::{Finding, Location};
use crate::git::{Paths, Repository};

/// What was changed in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Changed {
    /// Nothing.
    Nothing,
    /// All of it is new, or it cannot be compared.
    All,
    /// These lines, from 1, the one after the last; an empty range stands where lines were taken out.
    Lines(Vec<Range<usize>>),
}

/// Leaves in a report what speaks of a file or of lines that changed since a revision, and all of fixity, and counts anew. Gives how many findings that count
/// were left out.
///
/// # Errors
/// [`crate::error::Error::Usage`] where there is no repository or no such revision.
pub fn keep_changed(corpus: &Corpus, report: &mut Report, revision: &str) -> Result<usize> {
    let before = report.open().count();
    let mut changes = Changes::since(&corpus.root, corpus.library(), revision)?;
    for file in &corpus.manifest.files {
        changes.know(file.name(), file.bytes())?;
    }
    let mut kept = Vec::with_capacity(report.findings.len());
    for finding in std::mem::take(&mut report.findings) {
        if changes.touch(&finding)? {
            kept.push(finding);
        }
    }
    report.findings = kept;
    report.recount();
    Ok(before - report.open().count())
}

struct Changes {
    repository: Repository,
    paths: Paths,
    library: Library,
    known: HashMap<String, Changed>,
}

impl Changes {
    fn since(root: &Path, library: Library, revision: &str) -> Result<Self> {
        let repository = Repository::required(root)?;
        Ok(Self {
            paths: repository.paths_at(revision)?,
            repository,
            library,
            known: HashMap::new(),
        })
    }

    /// Whether a finding speaks of what changed: where it stands, or where one of the places stands that belong to it.
    fn touch(&mut self, finding: &Finding) -> Result<bool> {
        // Bytes that are not those on record are no matter of this change or that one.
        if finding.family() == "fixity" {
            return Ok(true);
        }
        let related = finding.related.iter().map(|related| &related.location);
        for location in related.chain([&finding.location]) {
            if self.touches(location)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn touches(&mut self, location: &Location) -> Result<bool> {
        let path = location.file_path();
        if !self.known.contains_key(path) {
            let bytes = self.present(path);
            let changed = self.compare(path, bytes.as_deref())?;
            self.known.insert(path.to_owned(), changed);
        }
        // The lines of the text of a record are none of its shard.
        let place = location.place.as_ref().filter(|_| location.record.is_none());
        let lines = place.map(|place| place.start.line..place.end.line + 1);
        Ok(match (self.known.get(path), lines) {
            (Some(Changed::All), _) => true,
            (Some(Changed::Lines(_)), None) => true,
            (Some(Changed::Lines(changed)), Some(lines)) => changed.iter().any(|one| meet(one, &lines)),
            (Some(Changed::Nothing) | None, _) => false,
        })
    }

    /// Compares a file whose bytes are at hand.
    fn know(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        let changed = self.compare(path, Some(bytes))?;
        self.known.insert(path.to_owned(), changed);
        Ok(())
    }

    fn compare(&self, path: &str, present: Option<&[u8]>) -> Result<Changed> {
        let before = match self.paths.get(path) {
            Some(object) => self.repository.blob(object)?,
            None => None,
        };
        Ok(match (before, present) {
            (Some(old), Some(new)) if old == new => Changed::Nothing,
            (Some(old), Some(new)) => {
                let replaced = diff::lines(&old, new).replaced;
                Changed::Lines(replaced.iter().map(|one| one.new.start + 1..one.new.end + 1).collect())
            }
            // A file that is gone and was not there before has not changed.
            (None, None) if !self.paths.contains_key(path) => Changed::Nothing,
            _ => Changed::All,
        })
    }

    fn present(&self, path: &str) -> Option<Vec<u8>> {
        let order = Order {
            algorithms: &[],
            keep: LARGEST_TEXT,
        };
        let reading = self.library.read(path, order, &mut vec![0; BUFFER], |_| Ok(()));
        reading.ok()?.bytes
    }
}

/// Whether two ranges of lines meet; an empty one stands between two lines, and meets both.
fn meet(changed: &Range<usize>, lines: &Range<usize>) -> bool {
    if changed.is_empty() {
        return lines.start <= changed.start && changed.start <= lines.end;
    }
    changed.start < lines.end && lines.start < changed.end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_were_taken_out_meet_their_neighbours() {
        assert!(meet(&(5..5), &(4..5)) && meet(&(5..5), &(5..6)));
        assert!(!meet(&(5..5), &(6..7)) && !meet(&(5..5), &(2..4)));
        assert!(meet(&(3..5), &(4..9)) && !meet(&(3..5), &(5..6)));
    }
}
