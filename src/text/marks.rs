//! The names of a text in a form that outlives its bytes: what comparing spellings across texts needs, and no more.

use super::Text;
use super::neighbours::{Cue, Neighbours};
use super::skeleton;
use super::unit::Kind;
use crate::source::Span;

/// A name, as a text spells it.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// What it shares with other spellings.
    pub skeleton: u32,
    /// The same of the capital word before it, 0 where there is none.
    pub head: u32,
    /// The same of the capital word after it, 0 where there is none.
    pub tail: u32,
    /// Where it stands first.
    pub span: Span,
    /// What kind of thing it is called.
    pub cue: Option<Cue>,
    offset: u16,
    len: u8,
}

/// The names of a text.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    spelt: String,
    /// The commonest first.
    pub marks: Vec<Mark>,
    /// Whether names of the language have endings for their cases, or nobody knows the language.
    pub inflected: bool,
}

/// So many names of a text are kept.
const KEPT: usize = 64;
/// A longer name is left out.
const LONGEST: usize = 40;
/// A name of so few consonants says too little without a word that belongs to it.
const FEW: u8 = 3;

impl Marks {
    /// Of a text.
    pub fn of(text: &Text<'_>) -> Self {
        let (vocabulary, names) = (text.vocabulary(), text.spellings());
        let mut ranked: Vec<(u32, u32, usize)> = Vec::with_capacity(names.names.len());
        for (at, name) in names.names.iter().enumerate().filter(|(_, name)| name.skeleton.len > 1) {
            let mut places = names.places(name, vocabulary);
            let Some(first) = places.find(|one| !one.opens() && !one.is_shouted() && one.len > 3) else {
                continue;
            };
            let count = u32::try_from(name.count()).unwrap_or(u32::MAX);
            ranked.push((u32::MAX - count, first.start, at));
        }
        ranked.sort_unstable();
        let language = text.statement().language;
        let mut marks = Self {
            inflected: language.is_none_or(super::language::is_inflected),
            ..Self::default()
        };
        for (_, start, at) in ranked {
            let Some(first) = names
                .places(&names.names[at], vocabulary)
                .find(|one| one.start == start)
            else {
                continue;
            };
            let prose = matches!(text.kind_at(start as usize), Some(Kind::Prose | Kind::Fragment));
            if marks.marks.len() < KEPT && prose {
                marks.add(text, start as usize, first.end());
            }
        }
        marks
    }

    fn add(&mut self, text: &Text<'_>, start: usize, end: usize) {
        let mut beside = Neighbours::of(text.text, start, end);
        let word = &text.text[start..end];
        let mut end = end;
        if let Some(rest) = beside.tail().filter(|_| is_servant(word)) {
            end = rest.as_ptr().addr() - text.text.as_ptr().addr() + rest.len();
            beside = Neighbours::of(text.text, start, end);
        }
        let name = &text.text[start..end];
        let skeleton = skeleton::skeleton(name);
        let of = |word: Option<&str>| word.map_or(0, |word| skeleton::skeleton(word).hash);
        let (head, tail) = (of(beside.head()), of(beside.tail()));
        let alone = skeleton.len < FEW && head == 0 && tail == 0;
        let Some(span) = text.source.span(start, end).filter(|_| !alone && name.len() <= LONGEST) else {
            return;
        };
        let (Ok(offset), Ok(len)) = (u16::try_from(self.spelt.len()), u8::try_from(name.len())) else {
            return;
        };
        self.spelt.push_str(name);
        self.marks.push(Mark {
            skeleton: skeleton.hash,
            head,
            tail,
            span,
            cue: beside.cue(),
            offset,
            len,
        });
    }

    /// How a name is spelt.
    pub fn spelling(&self, mark: &Mark) -> &str {
        let start = usize::from(mark.offset);
        self.spelt.get(start..start + usize::from(mark.len)).unwrap_or_default()
    }
}

/// The first part of a name such as `Abdel Kadir`.
fn is_servant(word: &str) -> bool {
    let lower = word.to_lowercase();
    lower.starts_with("abd") && lower.len() < 6
}
