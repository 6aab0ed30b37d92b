//! YAML as a tree in which every key and value knows its place; nothing is resolved, so no alias can explode.

use std::borrow::Cow;

use serde_yaml::granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, Span as YamlSpan, Tag};

use crate::source::{Source, Span};

/// One value.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    /// Where it stands; a quoted scalar with its quotes.
    pub(crate) span: Span,
    pub(crate) kind: Kind<'a>,
}

/// What a value is.
#[derive(Debug)]
pub(crate) enum Kind<'a> {
    /// Text, whatever YAML would take it for; `plain` is a scalar without quotes, `block` one after `|` or `>`.
    Scalar {
        text: Cow<'a, str>,
        plain: bool,
        block: bool,
    },
    Sequence(Vec<Node<'a>>),
    Mapping(Vec<(Node<'a>, Node<'a>)>),
    /// `*name`, left as it stands.
    Alias,
}

impl Node<'_> {
    /// What it is, in words.
    pub(crate) fn noun(&self) -> &'static str {
        match self.kind {
            Kind::Scalar {
                plain: true, ref text, ..
            } if is_null(text) => "nothing",
            Kind::Scalar { .. } => "a single value",
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a mapping",
            Kind::Alias => "an alias",
        }
    }

    /// Its text, where it is a scalar that says something.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, plain, .. } if !(*plain && is_null(text)) => Some(text),
            _ => None,
        }
    }
}

/// What YAML 1.2 reads as null in a plain scalar.
fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// Something that a manifest must not use, whatever it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Oddity {
    Anchor,
    Alias,
    Tag,
    SecondDocument,
}

/// A document: its value, and what it uses that it must not.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    /// `None` where there is nothing but comments.
    pub(crate) root: Option<Node<'a>>,
    pub(crate) oddities: Vec<(Oddity, Span)>,
}

/// Reads the first document of a source.
///
/// # Errors
/// The first place that is not YAML.
pub(crate) fn parse<'a>(source: &'a Source, text: &'a str) -> Result<Tree<'a>, ScanError> {
    build(source, text, None)
}

/// Reads the first document, and hands over each item of the list at one key of its root as soon as it is complete.
///
/// In the tree that list is empty. Work on the items can begin while the rest is read.
///
/// # Errors
/// The first place that is not YAML.
pub(crate) fn parse_items<'a>(
    source: &'a Source,
    text: &'a str,
    key: &'static str,
    take: &mut dyn FnMut(Node<'a>),
) -> Result<Tree<'a>, ScanError> {
    let items = Items {
        key,
        take,
        begun: false,
    };
    build(source, text, Some(items))
}

fn build<'a, 'i>(source: &'a Source, text: &'a str, items: Option<Items<'i, 'a>>) -> Result<Tree<'a>, ScanError> {
    let mut options = Options::default();
    options.emit_comments = false;
    options.emit_anchor_events = true;
    options.emit_unresolved_aliases = true;
    let mut builder = Builder {
        source,
        stack: Vec::new(),
        root: None,
        oddities: Vec::new(),
        items,
    };
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next?;
        builder.take(event, span);
    }
    Ok(Tree {
        root: builder.root,
        oddities: builder.oddities,
    })
}

struct Builder<'i, 'a> {
    source: &'a Source,
    stack: Vec<Open<'a>>,
    root: Option<Node<'a>>,
    oddities: Vec<(Oddity, Span)>,
    items: Option<Items<'i, 'a>>,
}

/// Who takes the items of a list of the root, and whether that list has begun: a doubled key is read once.
struct Items<'i, 'a> {
    key: &'static str,
    take: &'i mut dyn FnMut(Node<'a>),
    begun: bool,
}

/// A collection that is not closed yet.
struct Open<'a> {
    start: usize,
    items: Vec<Node<'a>>,
    mapping: bool,
    /// Whether its items are handed over.
    handed_over: bool,
    /// The end of the last item.
    last: Option<usize>,
}

impl<'a> Builder<'_, 'a> {
    fn take(&mut self, event: Event<'a>, span: YamlSpan) {
        let place = self.place(span);
        match event {
            Event::Scalar(text, style, _, tag) => {
                self.note_tag(tag.as_deref(), place);
                let plain = style == ScalarStyle::Plain;
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                self.add(place, Kind::Scalar { text, plain, block });
            }
            Event::SequenceStart(_, _, tag) => self.open(place, tag.as_deref(), false),
            Event::MappingStart(_, _, tag) => self.open(place, tag.as_deref(), true),
            Event::SequenceEnd | Event::MappingEnd => self.close(place),
            Event::Anchor(..) => self.oddities.push((Oddity::Anchor, place)),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.oddities.push((Oddity::Alias, place));
                self.add(place, Kind::Alias);
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                self.oddities.push((Oddity::SecondDocument, place));
            }
            _ => {}
        }
    }

    fn place(&self, span: YamlSpan) -> Span {
        let range = span.byte_range().unwrap_or_default();
        self.source.nearest_span(range.start, range.end)
    }

    fn note_tag(&mut self, tag: Option<&Tag>, place: Span) {
        if tag.is_some() {
            self.oddities.push((Oddity::Tag, place));
        }
    }

    fn open(&mut self, place: Span, tag: Option<&Tag>, mapping: bool) {
        self.note_tag(tag, place);
        let handed_over = !mapping && self.begins_items();
        self.stack.push(Open {
            start: place.start(),
            items: Vec::new(),
            mapping,
            handed_over,
            last: None,
        });
    }

    /// Whether the list that opens now is the one whose items are handed over.
    fn begins_items(&mut self) -> bool {
        let (Some(items), [root]) = (&mut self.items, self.stack.as_slice()) else {
            return false;
        };
        let at_value = root.mapping && root.items.len() % 2 == 1;
        let at_key = at_value && root.items.last().and_then(Node::text) == Some(items.key);
        at_key && !std::mem::replace(&mut items.begun, true)
    }

    fn close(&mut self, place: Span) {
        let Some(open) = self.stack.pop() else { return };
        let last = open.last.unwrap_or(place.end());
        let flow = self.source.slice(place) == b"]" || self.source.slice(place) == b"}";
        let end = if flow { place.end() } else { last };
        let span = self.source.nearest_span(open.start, end.max(open.start));
        let kind = if open.mapping {
            Kind::Mapping(pairs(open.items))
        } else {
            Kind::Sequence(open.items)
        };
        self.add(span, kind);
    }

    fn add(&mut self, span: Span, kind: Kind<'a>) {
        let node = Node { span, kind };
        let Some(open) = self.stack.last_mut() else {
            self.root.get_or_insert(node);
            return;
        };
        open.last = Some(span.end());
        match &mut self.items {
            Some(items) if open.handed_over => (items.take)(node),
            _ => open.items.push(node),
        }
    }
}

fn pairs(items: Vec<Node<'_>>) -> Vec<(Node<'_>, Node<'_>)> {
    let mut items = items.into_iter();
    std::iter::from_fn(|| Some((items.next()?, items.next()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("manifest.yaml", text.into())
    }

    #[test]
    fn places_are_exact_with_crlf_and_wide_characters() {
        let source = source("é: \"ü\"\r\nlist:\r\n  - a\r\n  - {b: c}\r\n");
        let tree = parse(&source, source.text().expect("text")).expect("yaml");
        let Some(Node {
            kind: Kind::Mapping(pairs),
            ..
        }) = &tree.root
        else {
            panic!("a mapping")
        };
        let said: Vec<_> = pairs
            .iter()
            .map(|(key, value)| (source.text_of(key.span), source.text_of(value.span)))
            .collect();
        assert_eq!(
            said,
            [
                ("é".into(), "\"ü\"".into()),
                ("list".into(), "- a\r\n  - {b: c}".into())
            ]
        );
    }

    #[test]
    fn an_alias_is_noted_and_never_followed() {
        let source = source("a: &x [1]\nb: *x\nc: *nope\n");
        let tree = parse(&source, source.text().expect("text")).expect("yaml");
        let said: Vec<_> = tree
            .oddities
            .iter()
            .map(|(oddity, span)| (*oddity, source.text_of(*span)))
            .collect();
        assert_eq!(
            said,
            [
                (Oddity::Anchor, "&x".into()),
                (Oddity::Alias, "*x".into()),
                (Oddity::Alias, "*nope".into())
            ]
        );
    }

    #[test]
    fn items_are_handed_over_once() {
        let source = source("a: [1]\nb:\n  - 2\n  - {b: [3]}\nb: [4]\n");
        let mut items = Vec::new();
        let mut take = |node: Node<'_>| items.push(source.text_of(node.span).into_owned());
        let tree = parse_items(&source, source.text().expect("text"), "b", &mut take).expect("yaml");
        let Some(Node {
            kind: Kind::Mapping(pairs),
            ..
        }) = &tree.root
        else {
            panic!("a mapping")
        };
        assert_eq!(source.text_of(pairs[1].1.span), "- 2\n  - {b: [3]}");
        assert_eq!(items, ["2", "{b: [3]}"]);
    }

    #[test]
    fn text_stays_text() {
        let source = source("no: 0123\nx: ~\n");
        let tree = parse(&source, source.text().expect("text")).expect("yaml");
        let Some(Node {
            kind: Kind::Mapping(pairs),
            ..
        }) = &tree.root
        else {
            panic!("a mapping")
        };
        assert_eq!(
            (pairs[0].0.text(), pairs[0].1.text(), pairs[1].1.text()),
            (Some("no"), Some("0123"), None)
        );
    }
}
