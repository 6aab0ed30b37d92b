//! The checks: one file each, with its metadata, documentation, logic and tests; [`ALL`] is the one list of them.
//!
//! Help, `explain`, the rule pages and every format derive from that list.

use std::collections::{HashMap, HashSet};
use std::fmt;

use jiff::civil::Date;

use crate::corpus::{Found, Listing, Observed, Refusal};
use crate::digest::Digest;
use crate::finding::{Finding, Location, Severity};
use crate::manifest::{Entry, Manifest, Problem, ProblemKind, Spanned, TextPath, WarcRecord};
use crate::setting::{Setting, Settings};
use crate::signature::Verdict;
use crate::similarity::Place;
use crate::source::{Source, Span};
use crate::text::Text;
use crate::warc::witness::{Testimony, Witness};

pub use duplicate::change::between as changes;
pub use passages::{Passages, Relation};
pub use shards::{KnownRecords, SeenShard, WrongRecord};

// A rule is its file, its line in one of these modules, and its line in `ALL`.

mod limit;
mod passages;
mod shards;

/// Consistency: what disagrees with itself.
pub mod consistency {
    pub mod acronym_mismatch;
    pub mod doubled_unit;
    pub mod doubled_word;
    pub mod name_variant;
    pub mod name_variant_across;
    pub mod number_format;
    pub mod undefined_acronym;
}

/// Dates: what a text says of its own date, and what is recorded of it.
pub mod date {
    pub mod after_retrieval;
    pub mod ambiguous_date;
    pub mod cluster_outlier;
    pub mod impossible_date;
    pub mod impossible_weekday;
    mod matter;
    pub mod postscript;
    pub mod publication_conflict;
    pub mod publication_in_text;
    pub mod relative_conflict;
    pub mod retrieval_in_text;
    pub mod rival_publication;
    pub mod stamp_conflict;
    pub mod url_conflict;
}

/// Duplicates: what stands twice.
pub mod duplicate {
    mod bar;
    pub mod boilerplate;
    pub(super) mod change;
    pub mod contained_text;
    pub mod repeated_passage;
    pub mod same_text;
    pub mod shared_passage;
}

/// Encoding: bytes that are no text, and characters that nobody sees.
pub mod encoding {
    pub mod bidirectional_control;
    pub mod byte_order_mark;
    pub mod control_character;
    pub mod declared_encoding;
    pub mod double_entity;
    mod guess;
    pub mod invalid_utf8;
    pub mod invisible_character;
    pub mod ligature;
    pub mod lost_letter;
    pub mod missing_final_newline;
    pub mod mixed_line_ends;
    pub mod mixed_script;
    pub mod mojibake;
    pub mod no_break_space;
    pub mod not_nfc;
    pub mod private_use;
    pub mod replacement_character;
    mod script;
    mod tally;
}

/// Fixity: whether the bytes are those on record.
pub mod fixity {
    pub mod bare_signature;
    pub mod broken_record;
    pub mod changed_text;
    pub mod hash_mismatch;
    pub mod missing_text;
    pub mod moved_text;
    pub mod nothing_verified;
    pub mod path_form;
    pub mod shared_member;
    pub mod size_mismatch;
    pub mod special_file;
    pub mod swapped_texts;
    pub mod symbolic_link;
    pub mod system_file;
    pub mod total_mismatch;
    pub mod unfetched_file;
    pub mod unlisted_text;
    pub mod unpinned_manifest;
    pub mod unreached_text;
    pub mod unread_text;
    pub mod unreadable_folder;
    pub mod unreadable_text;
    pub mod unverified_signature;
    pub mod wrong_signature;
}

/// Layout: what is left of the page that a text was taken from.
pub mod layout {
    pub mod bbcode_residue;
    pub mod blank_run;
    pub mod displaced_byline;
    pub mod duplicate_metadata;
    pub mod entity_residue;
    pub mod glued_alt_text;
    pub mod glued_cells;
    pub mod glued_sentences;
    pub mod glued_words;
    mod html;
    pub mod html_residue;
    pub mod hyphen_dash;
    pub mod hyphenated_break;
    pub mod leading_blank;
    pub mod markdown_residue;
    mod marked;
    mod mend;
    pub mod page_break;
    pub mod page_catchword;
    pub mod page_furniture;
    pub mod page_number;
    pub mod page_signature;
    mod shape;
    pub mod split_paragraph;
    pub mod stray_code;
    pub mod stray_label;
    pub mod stray_line;
    pub mod stray_template;
    pub mod trailing_space;
    pub mod wiki_residue;
}

/// The manifest itself.
pub mod manifest {
    pub mod alias;
    pub mod digest_form;
    pub mod duplicate_key;
    pub mod empty_manifest;
    pub mod id_clash;
    pub mod invalid_date;
    pub mod invalid_declaration;
    pub mod invalid_digest;
    pub mod invalid_path;
    pub mod invalid_record;
    pub mod invalid_shard;
    pub mod invalid_value;
    pub mod line_form;
    pub mod missing_key;
    pub mod path_clash;
    pub mod stale_acceptance;
    pub mod uneven_listing;
    pub mod unknown_algorithm;
    pub mod unknown_key;
    pub mod unmatched_pattern;
    pub mod unportable_path;
    pub mod unsupported_version;
}

/// Provenance: where a text comes from, and whether what is recorded of that can be true.
pub mod provenance {
    pub mod broken_edit_chain;
    pub mod capture_before_publication;
    pub mod circular_derivation;
    pub mod derivation_mismatch;
    pub mod divergent_canonical_url;
    pub mod divergent_url;
    pub mod future_date;
    pub mod http_status;
    pub mod invalid_archive_url;
    pub mod invalid_license;
    pub mod invalid_url;
    pub mod missing_derivation;
    pub mod missing_license;
    pub mod missing_record;
    pub mod missing_retrieval_date;
    pub mod missing_url;
    pub mod other_page_archived;
    pub mod record_mismatch;
    pub mod republication;
    pub mod retrieval_before_capture;
    pub mod retrieval_before_publication;
    pub mod rewritten_capture;
    pub mod shared_url;
    pub mod source_chain;
    pub mod transfer_coded_digest;
    pub mod truncated_record;
    pub mod unattested_words;
    pub mod undated_text;
    pub mod unknown_origin;
    pub mod unresolved_revisit;
}

/// Truncation: texts that are not whole.
pub mod truncation {
    pub mod continuation_marker;
    pub mod cut_character;
    pub mod dangling_expansion;
    pub mod empty_text;
    pub mod length_spike;
    pub mod longer_copy;
    pub mod mid_sentence;
    pub mod mid_sentence_start;
    pub mod missing_note;
    pub mod paywall_stub;
    pub mod unclosed_quotation;
}

/// Every check, by id.
pub static ALL: &[&dyn Check] = &[
    &consistency::acronym_mismatch::AcronymMismatch,
    &consistency::doubled_unit::DoubledUnit,
    &consistency::doubled_word::DoubledWord,
    &consistency::name_variant::NameVariant,
    &consistency::name_variant_across::NameVariantAcross,
    &consistency::number_format::NumberFormat,
    &consistency::undefined_acronym::UndefinedAcronym,
    &date::after_retrieval::AfterRetrieval,
    &date::ambiguous_date::AmbiguousDate,
    &date::cluster_outlier::ClusterOutlier,
    &date::impossible_date::ImpossibleDate,
    &date::impossible_weekday::ImpossibleWeekday,
    &date::postscript::Postscript,
    &date::publication_conflict::PublicationConflict,
    &date::publication_in_text::PublicationInText,
    &date::relative_conflict::RelativeConflict,
    &date::retrieval_in_text::RetrievalInText,
    &date::rival_publication::RivalPublication,
    &date::stamp_conflict::StampConflict,
    &date::url_conflict::UrlConflict,
    &duplicate::boilerplate::Boilerplate,
    &duplicate::contained_text::ContainedText,
    &duplicate::repeated_passage::RepeatedPassage,
    &duplicate::same_text::SameText,
    &duplicate::shared_passage::SharedPassage,
    &encoding::bidirectional_control::BidirectionalControl,
    &encoding::byte_order_mark::ByteOrderMark,
    &encoding::control_character::ControlCharacter,
    &encoding::declared_encoding::DeclaredEncoding,
    &encoding::double_entity::DoubleEntity,
    &encoding::invalid_utf8::InvalidUtf8,
    &encoding::invisible_character::InvisibleCharacter,
    &encoding::ligature::Ligature,
    &encoding::lost_letter::LostLetter,
    &encoding::missing_final_newline::MissingFinalNewline,
    &encoding::mixed_line_ends::MixedLineEnds,
    &encoding::mixed_script::MixedScript,
    &encoding::mojibake::Mojibake,
    &encoding::no_break_space::NoBreakSpace,
    &encoding::not_nfc::NotNfc,
    &encoding::private_use::PrivateUse,
    &encoding::replacement_character::ReplacementCharacter,
    &fixity::bare_signature::BareSignature,
    &fixity::broken_record::BrokenRecord,
    &fixity::changed_text::ChangedText,
    &fixity::hash_mismatch::HashMismatch,
    &fixity::missing_text::MissingText,
    &fixity::moved_text::MovedText,
    &fixity::nothing_verified::NothingVerified,
    &fixity::path_form::PathForm,
    &fixity::shared_member::SharedMember,
    &fixity::size_mismatch::SizeMismatch,
    &fixity::special_file::SpecialFile,
    &fixity::swapped_texts::SwappedTexts,
    &fixity::symbolic_link::SymbolicLink,
    &fixity::system_file::SystemFile,
    &fixity::total_mismatch::TotalMismatch,
    &fixity::unfetched_file::UnfetchedFile,
    &fixity::unlisted_text::UnlistedText,
    &fixity::unpinned_manifest::UnpinnedManifest,
    &fixity::unreached_text::UnreachedText,
    &fixity::unread_text::UnreadText,
    &fixity::unreadable_folder::UnreadableFolder,
    &fixity::unreadable_text::UnreadableText,
    &fixity::unverified_signature::UnverifiedSignature,
    &fixity::wrong_signature::WrongSignature,
    &layout::bbcode_residue::BbcodeResidue,
    &layout::blank_run::BlankRun,
    &layout::displaced_byline::DisplacedByline,
    &layout::duplicate_metadata::DuplicateMetadata,
    &layout::entity_residue::EntityResidue,
    &layout::glued_alt_text::GluedAltText,
    &layout::glued_cells::GluedCells,
    &layout::glued_sentences::GluedSentences,
    &layout::glued_words::GluedWords,
    &layout::html_residue::HtmlResidue,
    &layout::hyphen_dash::HyphenDash,
    &layout::hyphenated_break::HyphenatedBreak,
    &layout::leading_blank::LeadingBlank,
    &layout::markdown_residue::MarkdownResidue,
    &layout::page_break::PageBreak,
    &layout::page_catchword::PageCatchword,
    &layout::page_furniture::PageFurniture,
    &layout::page_number::PageNumber,
    &layout::page_signature::PageSignature,
    &layout::split_paragraph::SplitParagraph,
    &layout::stray_code::StrayCode,
    &layout::stray_label::StrayLabel,
    &layout::stray_line::StrayLine,
    &layout::stray_template::StrayTemplate,
    &layout::trailing_space::TrailingSpace,
    &layout::wiki_residue::WikiResidue,
    &manifest::alias::Alias,
    &manifest::digest_form::DigestForm,
    &manifest::duplicate_key::DuplicateKey,
    &manifest::empty_manifest::EmptyManifest,
    &manifest::id_clash::IdClash,
    &manifest::invalid_date::InvalidDate,
    &manifest::invalid_declaration::InvalidDeclaration,
    &manifest::invalid_digest::InvalidDigest,
    &manifest::invalid_path::InvalidPath,
    &manifest::invalid_record::InvalidRecord,
    &manifest::invalid_shard::InvalidShard,
    &manifest::invalid_value::InvalidValue,
    &manifest::line_form::LineForm,
    &manifest::missing_key::MissingKey,
    &manifest::path_clash::PathClash,
    &manifest::stale_acceptance::StaleAcceptance,
    &manifest::uneven_listing::UnevenListing,
    &manifest::unknown_algorithm::UnknownAlgorithm,
    &manifest::unknown_key::UnknownKey,
    &manifest::unmatched_pattern::UnmatchedPattern,
    &manifest::unportable_path::UnportablePath,
    &manifest::unsupported_version::UnsupportedVersion,
    &provenance::broken_edit_chain::BrokenEditChain,
    &provenance::capture_before_publication::CaptureBeforePublication,
    &provenance::circular_derivation::CircularDerivation,
    &provenance::derivation_mismatch::DerivationMismatch,
    &provenance::divergent_canonical_url::DivergentCanonicalUrl,
    &provenance::divergent_url::DivergentUrl,
    &provenance::future_date::FutureDate,
    &provenance::http_status::HttpStatus,
    &provenance::invalid_archive_url::InvalidArchiveUrl,
    &provenance::invalid_license::InvalidLicense,
    &provenance::invalid_url::InvalidUrl,
    &provenance::missing_derivation::MissingDerivation,
    &provenance::missing_license::MissingLicense,
    &provenance::missing_record::MissingRecord,
    &provenance::missing_retrieval_date::MissingRetrievalDate,
    &provenance::missing_url::MissingUrl,
    &provenance::other_page_archived::OtherPageArchived,
    &provenance::record_mismatch::RecordMismatch,
    &provenance::republication::Republication,
    &provenance::retrieval_before_capture::RetrievalBeforeCapture,
    &provenance::retrieval_before_publication::RetrievalBeforePublication,
    &provenance::rewritten_capture::RewrittenCapture,
    &provenance::shared_url::SharedUrl,
    &provenance::source_chain::SourceChain,
    &provenance::transfer_coded_digest::TransferCodedDigest,
    &provenance::truncated_record::TruncatedRecord,
    &provenance::unattested_words::UnattestedWords,
    &provenance::undated_text::UndatedText,
    &provenance::unknown_origin::UnknownOrigin,
    &provenance::unresolved_revisit::UnresolvedRevisit,
    &truncation::continuation_marker::ContinuationMarker,
    &truncation::cut_character::CutCharacter,
    &truncation::dangling_expansion::DanglingExpansion,
    &truncation::empty_text::EmptyText,
    &truncation::length_spike::LengthSpike,
    &truncation::longer_copy::LongerCopy,
    &truncation::mid_sentence::MidSentence,
    &truncation::mid_sentence_start::MidSentenceStart,
    &truncation::missing_note::MissingNote,
    &truncation::paywall_stub::PaywallStub,
    &truncation::unclosed_quotation::UnclosedQuotation,
];

/// What a rule is, apart from what it does.
#[derive(Debug)]
pub struct Rule {
    /// `family/name`; the name is a noun that reads after "allow".
    pub id: &'static str,
    /// The weight of its findings, unless they say otherwise.
    pub severity: Severity,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// What a user may set of it.
    pub settings: &'static [&'static Setting],
    /// Its page, in Markdown: what it does, why that matters, an example, what to do, and how safe its fix is.
    pub docs: &'static str,
}

impl Rule {
    /// The family.
    pub fn family(&self) -> &'static str {
        self.id.split('/').next().unwrap_or(self.id)
    }

    /// A finding of this rule.
    pub fn finding(&self, location: Location, message: impl Into<String>) -> Finding {
        Finding::new(self.id, self.severity, location, message)
    }

    /// A problem that reading the manifest noted, as a finding of this rule.
    pub fn problem(&self, manifest: &Manifest, problem: &Problem) -> Finding {
        let mut finding = self.finding(manifest.location(problem.file, problem.span), problem.message.clone());
        finding.help.clone_from(&problem.help);
        finding.label.clone_from(&problem.label);
        if problem.mild {
            finding.severity = Severity::Warning;
        }
        if let Some((file, span, what)) = problem.other {
            finding = finding.related(manifest.location(file, span), what);
        }
        finding
    }
}

/// Whether a rule is asked of the records of a shard. Each is looked at as the one text of a corpus of its own, so that what is known of
/// all of them need not stand in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfRecords {
    /// It is.
    Asked,
    /// It speaks of files, or compares texts.
    Never,
    /// Where the manifest maps this key; where it does not, no record has it, and the rule says so once, of the shard.
    WhereMapped(&'static str),
}

/// A check: it may look at one text while its bytes are at hand, and at the corpus after all texts were seen.
pub trait Check: Sync {
    /// What it is.
    fn rule(&self) -> &'static Rule;

    /// Whether it asks for [`Survey::passages`], which are not looked for otherwise.
    fn compares(&self) -> bool {
        false
    }

    /// Whether it asks for [`Survey::archives`], which are not read otherwise.
    fn reads_archives(&self) -> bool {
        false
    }

    /// Whether it says that the manifest is not the one that was demanded. It then speaks alone, whatever was selected.
    fn refuses(&self) -> bool {
        false
    }

    /// Whether it is asked of the records of a shard.
    fn of_records(&self) -> OfRecords {
        match self.rule().family() {
            "fixity" => OfRecords::Never,
            _ => OfRecords::Asked,
        }
    }

    /// Looks at one text. Runs on any thread, and sees texts in any order.
    fn document(&self, _document: &Document<'_>, _findings: &mut Vec<Finding>) {}

    /// Looks at the whole, once.
    fn corpus(&self, _survey: &Survey<'_>, _findings: &mut Vec<Finding>) {}
}

impl fmt::Debug for dyn Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.rule().id)
    }
}

/// The check of that id.
pub fn find(id: &str) -> Option<&'static dyn Check> {
    ALL.iter().copied().find(|check| check.rule().id == id)
}

/// One text, while its bytes are at hand.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// The manifest that lists it.
    pub manifest: &'a Manifest,
    /// Its entry.
    pub entry: &'a Entry,
    /// What became of it.
    pub observed: &'a Observed,
    /// Its bytes; the name is its path.
    pub source: &'a Source,
    /// Its lines and blocks, where it is UTF-8.
    pub text: Option<&'a Text<'a>>,
    /// Which entries have which digest on record.
    pub holders: &'a Holders<'a>,
    /// What a user has set of the rules.
    pub settings: &'a Settings,
    /// The day that the report calls today.
    pub today: Date,
}

impl Document<'_> {
    /// A place in the text.
    pub fn at(&self, span: Span) -> Location {
        Location::at(self.source.name(), span)
    }

    /// The text as a whole.
    pub fn whole(&self) -> Location {
        Location::file(self.source.name())
    }

    /// A place in the manifest file that lists the text.
    pub fn recorded(&self, span: Span) -> Location {
        self.manifest.location(self.entry.file, span)
    }

    /// The language on record, as a lower-case primary subtag (`en`).
    pub fn language(&self) -> Option<String> {
        let tag = self.manifest.language_of(self.entry)?;
        tag.split('-').next().map(str::to_lowercase)
    }
}

/// Which entries have which SHA-256 on record, by their place in the manifest.
#[derive(Debug, Default)]
pub struct Holders<'a>(HashMap<Digest, Vec<&'a Entry>>);

impl<'a> Holders<'a> {
    /// Of all entries of a manifest.
    pub fn new(manifest: &'a Manifest) -> Self {
        let mut holders: HashMap<Digest, Vec<&Entry>> = HashMap::with_capacity(manifest.entries.len());
        for entry in &manifest.entries {
            if let Some(digest) = entry.digest() {
                holders.entry(digest).or_default().push(entry);
            }
        }
        Self(holders)
    }

    /// The entries with that digest on record, in the order of the manifest.
    pub fn of(&self, digest: &Digest) -> &[&'a Entry] {
        self.0.get(digest).map_or(&[], Vec::as_slice)
    }
}

/// The corpus, after all texts were seen.
#[derive(Debug)]
pub struct Survey<'a> {
    /// What is recorded.
    pub manifest: &'a Manifest,
    /// What became of what was demanded of the manifest.
    pub seal: &'a Verdict,
    /// What became of each entry, in the order of the manifest.
    pub observed: &'a [Observed],
    /// What each text says of itself, in the same order; `None` where it was not read as text.
    pub features: &'a [Option<crate::text::Features>],
    /// What stands twice in the texts, or in one of them; nothing where no check [compares](Check::compares).
    pub passages: &'a Passages<'a>,
    /// What stands in the root.
    pub listing: &'a Listing,
    /// Files of the listing that no entry names, with the SHA-256 of those that were looked into for a lost text.
    pub unlisted: &'a [(Found, Option<Digest>)],
    /// The SHA-256 of each file that an entry was derived from and that no entry lists, by path.
    pub derivations: &'a HashMap<String, Result<Digest, Refusal>>,
    /// What the web archives say that entries name, where a check [asks for them](Check::reads_archives).
    pub archives: &'a Archives,
    /// Which entries have which digest on record.
    pub holders: &'a Holders<'a>,
    /// What a user has set of the rules.
    pub settings: &'a Settings,
    /// The day that the report calls today.
    pub today: Date,
    /// What was seen of the shards of records.
    pub shards: &'a [SeenShard],
    /// The records among the texts that [`Survey::passages`] are of: they come behind the entries.
    pub records: Option<&'a dyn KnownRecords>,
}

/// What was read of the web archives that entries name, by the path of the file.
#[derive(Debug, Default)]
pub struct Archives(pub(crate) HashMap<String, Result<Testimony, Refusal>>);

impl<'a> Survey<'a> {
    /// The entries that name a record of a web archive, with their numbers, and what was read of its file.
    pub fn archived(&self) -> impl Iterator<Item = Archived<'a>> {
        let archives = self.archives;
        let entries = self.manifest.entries.iter().enumerate();
        entries.filter_map(move |(index, entry)| {
            let record = entry.archive.as_ref()?.warc.as_ref()?;
            let file = record.file.as_ref()?;
            Some(Archived {
                index,
                entry,
                record,
                file,
                testimony: archives.0.get(file.value.as_str())?.as_ref(),
            })
        })
    }

    /// The web archives that could be read, each once, with the first entry that names it.
    pub fn archives_read(&self) -> impl Iterator<Item = (Archived<'a>, &'a Testimony)> {
        let mut known = HashSet::new();
        let of_archive = |archived: Archived<'a>| {
            let testimony = archived.testimony.ok()?;
            Some((archived, testimony))
        };
        let readable = self.archived().filter_map(of_archive);
        readable.filter(move |(archived, _)| known.insert(archived.file.value.as_str()))
    }

    /// Entries with what became of them.
    pub fn entries(&self) -> impl Iterator<Item = (&'a Entry, &'a Observed)> {
        self.manifest.entries.iter().zip(self.observed)
    }

    /// A place in the manifest file that lists an entry.
    pub fn at(&self, entry: &Entry, span: Span) -> Location {
        self.manifest.location(entry.file, span)
    }

    /// What a setting is for a text, by the number of its entry. A finding that several texts share heeds those of the text at
    /// which it stands.
    pub fn setting(&self, text: usize, setting: &Setting) -> f64 {
        self.settings.value_at(&self.name(text), setting)
    }

    /// A text as a whole, by the number of its entry, or that of a record behind them.
    pub fn text(&self, text: usize) -> Location {
        let entries = &self.manifest.entries;
        let record = || self.records?.record(text.checked_sub(entries.len())?);
        match entries.get(text) {
            Some(entry) => Location::file(entry.name()),
            None => record().map_or_else(|| Location::file(""), |record| Location::record(&record)),
        }
    }

    /// What to call a text.
    pub fn name(&self, text: usize) -> String {
        self.text(text).path
    }

    /// A place in a text.
    pub fn place(&self, place: Place) -> Location {
        Location {
            span: Some(Span::remembered(place.start, place.end)),
            ..self.text(place.text)
        }
    }

    /// Where an entry says its path, or the entry as a whole.
    pub fn entry(&self, entry: &Entry) -> Location {
        let span = entry.path.as_ref().map_or(entry.span, |path| path.span);
        self.at(entry, span)
    }
}

/// An entry that names a record of a web archive.
#[derive(Clone, Copy, Debug)]
pub struct Archived<'a> {
    /// The number of the entry.
    pub index: usize,
    /// The entry.
    pub entry: &'a Entry,
    /// What it says of the record.
    pub record: &'a WarcRecord,
    /// The file that it names.
    pub file: &'a Spanned<TextPath>,
    /// What the file says, or why it was not read.
    pub testimony: Result<&'a Testimony, &'a Refusal>,
}

impl<'a> Archived<'a> {
    /// The record, where the file has it.
    pub fn witness(&self) -> Option<&'a Witness> {
        self.testimony.ok()?.witnesses.get(&self.index)
    }
}

impl Survey<'_> {
    /// The problems of one kind that reading the manifest noted, as findings of a rule.
    pub fn problems(&self, rule: &'static Rule, kind: ProblemKind) -> impl Iterator<Item = Finding> {
        let of_kind = self
            .manifest
            .problems
            .iter()
            .filter(move |problem| problem.kind == kind);
        of_kind.map(move |problem| rule.problem(self.manifest, problem))
    }
}
