//! A look into bytes that no file need have: what the rules of a family find in an earlier state of a text.

use crate::checks::{self, Document, Holders};
use crate::corpus::{Corpus, Observed};
use crate::date;
use crate::digest::Algorithm;
use crate::finding::Finding;
use crate::manifest::Entry;
use crate::setting::Settings;
use crate::source::Source;
use crate::text::Text;

impl Corpus {
    /// What the rules of a family find in one text alone, had it these bytes. Places have spans and no lines. What only other texts
    /// show, such as a line that several share, is not found.
    pub fn look_into(&self, entry: &Entry, bytes: &[u8], family: &str) -> Vec<Finding> {
        let source = Source::new(entry.name(), bytes.to_vec());
        let text = Text::new(&source);
        let digests = vec![Algorithm::Sha256.digest(bytes)];
        let document = Document {
            manifest: &self.manifest,
            entry,
            observed: &Observed::compared(entry, digests, bytes.len() as u64),
            source: &source,
            text: text.as_ref(),
            holders: &Holders::default(),
            settings: &Settings::default(),
            today: date::today(),
        };
        let mut findings = Vec::new();
        let of_family = checks::ALL.iter().filter(|check| check.rule().family() == family);
        of_family.for_each(|check| check.document(&document, &mut findings));
        findings
    }
}
