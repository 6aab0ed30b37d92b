//! Changes to a manifest that touch no byte but their own: comments, order, indentation and line ends stay as a person
//! wrote them.
//!
//! A [`Draft`] gathers changes, each found by the places that the parser gave, and applies them in one pass. Before it
//! gives out the new bytes it reads them again and compares the whole tree with the one that was meant; where the two
//! differ, the change is refused. What belongs to what:
//!
//! * A comment directly above an item of a list, in the column of its dash, belongs to that item and goes with it.
//! * A comment below an item, further right than its dash, belongs to that item too.
//! * Blank lines belong to nobody and stay.

use std::collections::BTreeSet;
use std::ops::Range;

use super::write::{Item, Value, Writer, fields, quoted, single_quoted};
use super::yaml::{self, Kind, Node, Oddity};
use crate::error::{Error, Result};
use crate::source::Source;

/// One step on the way from the top of a manifest to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'s> {
    /// Into a mapping.
    Key(&'s str),
    /// Into a list, 0-based.
    Item(usize),
}

/// Changes to one manifest file.
#[derive(Debug)]
pub struct Draft<'a> {
    source: &'a Source,
    text: &'a str,
    root: Node<'a>,
    oddities: Vec<(Oddity, String)>,
    meant: Tree,
    splices: Vec<(Range<usize>, String)>,
    newline: &'static str,
}

/// A tree without its places: what two manifests share that say the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tree {
    Nothing,
    Text(String),
    List(Vec<Tree>),
    Record(Vec<(String, Tree)>),
    Alias,
    /// An item that is removed, while the others keep their numbers.
    Gone,
}

impl<'a> Draft<'a> {
    /// Begins to change a manifest file.
    ///
    /// # Errors
    /// [`Error::Refused`] where it is no YAML.
    pub fn new(source: &'a Source) -> Result<Self> {
        let unread = || refused(source, "it cannot be read as YAML");
        let text = source.text().ok_or_else(unread)?;
        let tree = yaml::parse(source, text).map_err(|_| unread())?;
        let root = tree.root.ok_or_else(|| refused(source, "it is empty"))?;
        let name = |(oddity, span)| (oddity, source.text_of(span).into_owned());
        Ok(Self {
            source,
            text,
            meant: Tree::of(&root),
            root,
            oddities: tree.oddities.into_iter().map(name).collect(),
            splices: Vec::new(),
            newline: newline_of(text),
        })
    }

    /// Whether there is a value at that place, be it nothing.
    pub fn has(&self, at: &[Step<'_>]) -> bool {
        self.node(at).is_some()
    }

    /// The keys of a mapping, as they are written; none where there is no mapping.
    pub fn keys(&self, at: &[Step<'_>]) -> Vec<String> {
        match self.node(at).map(|node| &node.kind) {
            Some(Kind::Mapping(pairs)) => pairs
                .iter()
                .filter_map(|(key, _)| key.text())
                .map(str::to_owned)
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Replaces a single value, in its own kind of quotes where these can hold the new one.
    ///
    /// # Errors
    /// [`Error::Refused`] where there is no single value.
    pub fn set(&mut self, at: &[Step<'_>], value: &Value) -> Result<()> {
        let node = self.existing(at)?;
        let Kind::Scalar { block: false, .. } = node.kind else {
            return Err(self.refused(at, "it is not a single value on a line of its own"));
        };
        let range = node.span.range();
        if range.is_empty() {
            let colon = self.after_colon(at)?;
            self.splices.push((colon..colon, format!(" {}", value.flow())));
        } else {
            let written = requoted(&self.text[range.clone()], value);
            self.splices.push((range, written));
        }
        *self.meant_at(at)? = Tree::meant(value);
        Ok(())
    }

    /// Adds a key to a mapping: after the last of these keys that it has, else at its end.
    ///
    /// # Errors
    /// [`Error::Refused`] where there is no mapping, or the key is there.
    pub fn insert(&mut self, at: &[Step<'_>], after: &[&str], key: &'static str, value: &Value) -> Result<()> {
        let node = self.existing(at)?;
        let Kind::Mapping(pairs) = &node.kind else {
            return Err(self.refused(at, "it is not a mapping"));
        };
        if pairs.iter().any(|(known, _)| known.text() == Some(key)) {
            return Err(self.refused(at, &format!("it has a key `{key}` already")));
        }
        let splice = match anchor(pairs, after) {
            Some((_, before)) if self.is_flow(node) => {
                let end = before.span.end();
                (end..end, format!(", {key}: {}", value.flow()))
            }
            Some((_, before)) => self.lines_after(before, self.key_column(pairs), |writer, column| {
                writer.field(column, key, value);
            }),
            None => (
                node.span.range(),
                Value::Record(vec![Item::Field(key, value.clone())]).flow(),
            ),
        };
        self.splices.push(splice);
        match self.meant_at(at)? {
            Tree::Record(pairs) => pairs.push((key.to_owned(), Tree::meant(value))),
            _ => return Err(self.refused(at, "it is not a mapping")),
        }
        Ok(())
    }

    /// Puts a comment on a line of its own below a key of a mapping.
    ///
    /// # Errors
    /// [`Error::Refused`] where there is no such key, or the mapping is written inside `{}`.
    pub fn remark(&mut self, at: &[Step<'_>], after: &str, remark: &str) -> Result<()> {
        let node = self.existing(at)?;
        let Kind::Mapping(pairs) = &node.kind else {
            return Err(self.refused(at, "it is not a mapping"));
        };
        let Some((_, before)) = anchor(pairs, &[after]).filter(|_| !self.is_flow(node)) else {
            return Err(self.refused(at, "it is written inside `{}`, where no comment has its place"));
        };
        let splice = self.lines_after(before, self.key_column(pairs), |writer, column| {
            writer.remark(column, remark)
        });
        self.splices.push(splice);
        Ok(())
    }

    /// Adds items to the end of a list that is a key of a mapping; makes the list where there is none, after the last of
    /// the keys `after` that the mapping has.
    ///
    /// # Errors
    /// [`Error::Refused`] where something else stands there, or there is nothing to add.
    pub fn extend(&mut self, at: &[Step<'_>], after: &[&str], key: &'static str, values: &[Value]) -> Result<()> {
        let list = [at, &[Step::Key(key)]].concat();
        if values.is_empty() {
            return Err(self.refused(&list, "there is nothing to add"));
        }
        let Some(node) = self.node(&list) else {
            return self.insert(at, after, key, &Value::List(values.to_vec()));
        };
        let splices = match &node.kind {
            Kind::Sequence(items) => self.grow(&list, node, items, values)?,
            Kind::Scalar { .. } if node.text().is_none() => self.open(&list, values)?,
            _ => return Err(self.refused(&list, "it is not a list")),
        };
        self.splices.extend(splices);
        let added = values.iter().map(Tree::meant);
        match self.meant_at(&list)? {
            Tree::List(items) => items.extend(added),
            other => *other = Tree::List(added.collect()),
        }
        Ok(())
    }

    /// Removes items of a list that is a key of a mapping, with the comments that belong to them.
    ///
    /// # Errors
    /// [`Error::Refused`] where there is no such item, or comments between items inside `[]` would be lost.
    pub fn remove(&mut self, at: &[Step<'_>], key: &str, indices: &[usize]) -> Result<()> {
        let list = [at, &[Step::Key(key)]].concat();
        let node = self.existing(&list)?;
        let Kind::Sequence(items) = &node.kind else {
            return Err(self.refused(&list, "it is not a list"));
        };
        if indices.iter().any(|&index| index >= items.len()) {
            return Err(self.refused(&list, "there is no such item"));
        }
        let mut indices = indices.to_vec();
        indices.sort_unstable();
        indices.dedup();
        let ranges = if self.is_flow(node) {
            flow_ranges(items, &indices)
        } else {
            let range = |&index: &usize| self.block_range(&list, &items[index]);
            indices.iter().map(range).collect::<Result<_>>()?
        };
        if self.is_flow(node) && self.loses_comment(items, &ranges) {
            return Err(self.refused(&list, "a comment between its items would be lost"));
        }
        if indices.len() == items.len() && !self.is_flow(node) {
            let colon = self.after_colon(&list)?;
            self.splices.push((colon..colon, " []".to_owned()));
        }
        self.splices
            .extend(ranges.into_iter().map(|range| (range, String::new())));
        if let Tree::List(meant) = self.meant_at(&list)? {
            indices.iter().for_each(|&index| meant[index] = Tree::Gone);
        }
        Ok(())
    }

    /// The new bytes, after they were read again and found to say what was meant.
    ///
    /// # Errors
    /// [`Error::Refused`] where they say anything else: the manifest is written in a way that cannot be changed safely.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        self.splices.sort_by_key(|(range, _)| range.start);
        let mut text = String::with_capacity(self.text.len() + 256);
        let mut done = 0;
        for (range, replacement) in &self.splices {
            let Some(kept) = self.text.get(done..range.start) else {
                return Err(refused(self.source, "two changes meet at one place"));
            };
            text.push_str(kept);
            text.push_str(replacement);
            done = range.end;
        }
        text.push_str(&self.text[done..]);
        let new = Source::new(self.source.name(), text.into_bytes());
        if self.is_meant(&new) {
            Ok(new.bytes().to_vec())
        } else {
            Err(refused(
                self.source,
                "it is written in a way that cannot be changed without changing more than was asked for",
            ))
        }
    }

    fn is_meant(&self, new: &Source) -> bool {
        let Some(Ok(tree)) = new.text().map(|text| yaml::parse(new, text)) else {
            return false;
        };
        let Some(root) = &tree.root else { return false };
        let same = Tree::of(root).settled() == self.meant.clone().settled();
        let known: BTreeSet<(Oddity, &str)> = self
            .oddities
            .iter()
            .map(|(oddity, name)| (*oddity, name.as_str()))
            .collect();
        let kept = tree
            .oddities
            .iter()
            .all(|&(oddity, span)| known.contains(&(oddity, new.text_of(span).as_ref())));
        let removed = self.splices.iter().any(|(range, _)| !range.is_empty());
        same && kept && (removed || self.oddities.len() == tree.oddities.len())
    }

    fn refused(&self, at: &[Step<'_>], why: &str) -> Error {
        let line = self
            .node(at)
            .map_or(1, |node| self.source.position(node.span.start()).line);
        Error::Refused(format!(
            "{}:{line}: {}: {why}; change it by hand",
            self.source.name(),
            shown(at)
        ))
    }

    fn node(&self, at: &[Step<'_>]) -> Option<&Node<'a>> {
        at.iter().try_fold(&self.root, |node, step| match (&node.kind, step) {
            (Kind::Mapping(pairs), Step::Key(name)) => {
                let mut pairs = pairs.iter();
                pairs.find(|(key, _)| key.text() == Some(name)).map(|(_, value)| value)
            }
            (Kind::Sequence(items), Step::Item(index)) => items.get(*index),
            _ => None,
        })
    }

    fn existing(&self, at: &[Step<'_>]) -> Result<&Node<'a>> {
        self.node(at).ok_or_else(|| self.refused(at, "there is no such value"))
    }

    fn meant_at(&mut self, at: &[Step<'_>]) -> Result<&mut Tree> {
        let source = self.source;
        let found = at.iter().try_fold(&mut self.meant, |tree, step| tree.child(step));
        found.ok_or_else(|| refused(source, &format!("there is no {}", shown(at))))
    }

    /// Whether a collection is written inside `[]` or `{}`: then it begins before its first item. A block may begin
    /// with the bracket of its first item.
    fn is_flow(&self, node: &Node<'_>) -> bool {
        let (open, first) = match &node.kind {
            Kind::Sequence(items) => (b'[', items.first()),
            Kind::Mapping(pairs) => (b'{', pairs.first().map(|(key, _)| key)),
            _ => return false,
        };
        let opened = self.source.slice(node.span).first() == Some(&open);
        opened && first.is_none_or(|first| first.span.start() > node.span.start())
    }

    /// The place after the colon of the key that leads to a value.
    fn after_colon(&self, at: &[Step<'_>]) -> Result<usize> {
        let lost = || self.refused(at, "it has no key with a colon");
        let Some((Step::Key(name), parent)) = at.split_last() else {
            return Err(lost());
        };
        let Kind::Mapping(pairs) = &self.existing(parent)?.kind else {
            return Err(lost());
        };
        let key = pairs.iter().map(|(key, _)| key).find(|key| key.text() == Some(name));
        let end = key.ok_or_else(lost)?.span.end();
        let rest = &self.text[end..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if !rest[blank..].starts_with(':') {
            return Err(lost());
        }
        Ok(end + blank + 1)
    }

    /// New items at the end of a list.
    fn grow(
        &self,
        list: &[Step<'_>],
        node: &Node<'a>,
        items: &[Node<'a>],
        values: &[Value],
    ) -> Result<Vec<(Range<usize>, String)>> {
        let Some(last) = items.last() else {
            return self.fill(list, node, values);
        };
        if self.is_flow(node) {
            let end = last.span.end();
            let written = values.iter().map(|value| format!(", {}", value.flow())).collect();
            return Ok(vec![(end..end, written)]);
        }
        let dash = self.dash(list, last)?;
        let column = dash - self.line_start(dash);
        Ok(vec![self.lines_after(last, column, |writer, column| {
            writer.list(column, values)
        })])
    }

    /// The first items of a list that is written as `[]`.
    fn fill(&self, list: &[Step<'_>], node: &Node<'a>, values: &[Value]) -> Result<Vec<(Range<usize>, String)>> {
        if self.text[node.span.range()].contains('#') {
            return Err(self.refused(list, "a comment inside `[]` would be lost"));
        }
        let in_flow = (0..list.len()).any(|depth| self.node(&list[..depth]).is_some_and(|node| self.is_flow(node)));
        if in_flow {
            return Ok(vec![(node.span.range(), Value::List(values.to_vec()).flow())]);
        }
        let colon = self.after_colon(list)?;
        let mut splices = vec![(colon..node.span.end(), String::new())];
        splices.extend(self.open(list, values)?);
        Ok(splices)
    }

    /// The first items of a list that is not there but for its key.
    fn open(&self, list: &[Step<'_>], values: &[Value]) -> Result<Vec<(Range<usize>, String)>> {
        let node = self.existing(list)?;
        let colon = self.after_colon(list)?;
        let parent = self.existing(&list[..list.len() - 1])?;
        let Kind::Mapping(pairs) = &parent.kind else {
            return Err(self.refused(list, "it is not the key of a mapping"));
        };
        if self.is_flow(parent) {
            let flow = Value::List(values.to_vec()).flow();
            return Ok(vec![(colon..node.span.end().max(colon), format!(" {flow}"))]);
        }
        let mut splices = Vec::new();
        if node.span.end() > colon && node.text().is_none() && matches!(node.kind, Kind::Scalar { .. }) {
            splices.push((colon..node.span.end(), String::new()));
        }
        let at = self.next_line(node.span.end().max(colon));
        let mut writer = Writer::new(self.newline);
        writer.list(self.key_column(pairs) + 2, values);
        splices.push(self.lines_at(at, writer.finish()));
        Ok(splices)
    }

    /// Lines below a value, and below the comments that are further right than the column.
    fn lines_after(
        &self,
        node: &Node<'_>,
        column: usize,
        write: impl FnOnce(&mut Writer, usize),
    ) -> (Range<usize>, String) {
        let mut writer = Writer::new(self.newline);
        write(&mut writer, column);
        self.lines_at(self.block_end(node, column), writer.finish())
    }

    /// Whole lines at the start of a line, or at the end of a file whose last line is not ended.
    fn lines_at(&self, at: usize, lines: String) -> (Range<usize>, String) {
        if at == self.line_start(at) {
            return (at..at, lines);
        }
        let open = lines.strip_suffix(self.newline).unwrap_or(&lines);
        (at..at, format!("{}{open}", self.newline))
    }

    /// The lines of an item of a list, with the comments that belong to it.
    fn block_range(&self, list: &[Step<'_>], item: &Node<'_>) -> Result<Range<usize>> {
        let dash = self.dash(list, item)?;
        let line = self.line_start(dash);
        let column = dash - line;
        if !is_blank(&self.text[line..dash]) {
            return Err(self.refused(list, "it begins on a line that holds something else"));
        }
        let mut start = line;
        while let Some(above) = self.line_above(start)
            && comment_column(&self.text[above..start]) == Some(column)
        {
            start = above;
        }
        Ok(start..self.block_end(item, column))
    }

    /// The dash of an item: the last one before it, with nothing but its own anchor or comments between the two.
    fn dash(&self, list: &[Step<'_>], item: &Node<'_>) -> Result<usize> {
        let mut line = self.line_start(item.span.start());
        let mut before = &self.text[line..item.span.start()];
        loop {
            let plain = before.trim_start_matches([' ', '-']);
            let bullets = &before[..before.len() - plain.len()];
            if let Some(dash) = bullets.rfind('-') {
                return Ok(line + dash);
            }
            let passed = plain.is_empty() || is_blank(plain) || plain.starts_with('#') || plain.starts_with('&');
            let Some(above) = self.line_above(line).filter(|_| passed) else {
                return Err(self.refused(list, "the dash of an item cannot be found"));
            };
            before = self.text[above..line].trim_end_matches(['\r', '\n']);
            line = above;
        }
    }

    /// The start of the line below a value, and below the comments that belong to it.
    fn block_end(&self, node: &Node<'_>, column: usize) -> usize {
        let (start, end) = (node.span.start(), node.span.end());
        let line = self.line_start(end);
        // A block of text ends with its line, and the parser counts the indentation of the next line to it.
        let whole_lines = line > start && is_blank(&self.text[line..end]);
        let mut best = if whole_lines { line } else { self.next_line(end) };
        let mut at = best;
        while at < self.text.len() {
            let next = self.next_line(at);
            let line = &self.text[at..next];
            match comment_column(line) {
                Some(own) if own > column => best = next,
                Some(_) => break,
                None if is_blank(line) => {}
                None => break,
            }
            at = next;
        }
        best
    }

    fn key_column(&self, pairs: &[(Node<'_>, Node<'_>)]) -> usize {
        let column = |(key, _): &(Node<'_>, Node<'_>)| {
            let line = self.line_start(key.span.start());
            let before = &self.text[line..key.span.start()];
            (before.len(), is_blank(before))
        };
        let alone = pairs.iter().map(column).find(|(_, alone)| *alone);
        alone
            .or_else(|| pairs.first().map(column))
            .map_or(0, |(column, _)| column)
    }

    fn loses_comment(&self, items: &[Node<'_>], ranges: &[Range<usize>]) -> bool {
        let gaps = items.windows(2).map(|pair| pair[0].span.end()..pair[1].span.start());
        gaps.filter(|gap| {
            ranges
                .iter()
                .any(|range| range.start < gap.end && gap.start < range.end)
        })
        .any(|gap| self.text[gap].contains('#'))
    }

    fn line_start(&self, at: usize) -> usize {
        let before = &self.text.as_bytes()[..at];
        let broken = |&byte: &u8| byte == b'\n' || byte == b'\r';
        match before.iter().rposition(broken) {
            // Between CR and LF no line begins.
            Some(end) if before[end] == b'\r' && end + 1 == at && self.text[at..].starts_with('\n') => {
                self.line_start(end)
            }
            Some(end) => end + 1,
            None if self.text.starts_with('\u{feff}') && at >= 3 => 3,
            None => 0,
        }
    }

    fn line_above(&self, start: usize) -> Option<usize> {
        let before = self.text[..start].strip_suffix("\r\n");
        let before = before.or_else(|| self.text[..start].strip_suffix(['\r', '\n']))?;
        Some(self.line_start(before.len()))
    }

    /// The start of the line after this place; the end of the text where this is the last line.
    fn next_line(&self, at: usize) -> usize {
        let rest = &self.text.as_bytes()[at..];
        match memchr::memchr2(b'\r', b'\n', rest) {
            Some(end) if rest[end..].starts_with(b"\r\n") => at + end + 2,
            Some(end) => at + end + 1,
            None => self.text.len(),
        }
    }
}

impl Tree {
    fn of(node: &Node<'_>) -> Self {
        match &node.kind {
            Kind::Scalar { .. } => node.text().map_or(Self::Nothing, |text| Self::Text(text.to_owned())),
            Kind::Sequence(items) => Self::List(items.iter().map(Self::of).collect()),
            Kind::Mapping(pairs) => Self::Record(
                pairs
                    .iter()
                    .map(|(key, value)| (name_of(key), Self::of(value)))
                    .collect(),
            ),
            Kind::Alias => Self::Alias,
        }
    }

    fn meant(value: &Value) -> Self {
        match value {
            Value::Text(text) | Value::Quoted(text) | Value::Plain(text) => Self::Text(text.clone()),
            Value::List(values) => Self::List(values.iter().map(Self::meant).collect()),
            Value::Record(items) => Self::Record(
                fields(items)
                    .map(|(key, value)| (key.to_owned(), Self::meant(value)))
                    .collect(),
            ),
        }
    }

    fn child(&mut self, step: &Step<'_>) -> Option<&mut Self> {
        match (self, step) {
            (Self::Record(pairs), Step::Key(name)) => {
                pairs.iter_mut().find(|(key, _)| key == name).map(|(_, value)| value)
            }
            (Self::List(items), Step::Item(index)) => items.get_mut(*index),
            _ => None,
        }
    }

    /// Without what is gone, and with keys in one order: the order of keys says nothing.
    fn settled(self) -> Self {
        match self {
            Self::List(items) => Self::List(
                items
                    .into_iter()
                    .filter(|item| *item != Self::Gone)
                    .map(Self::settled)
                    .collect(),
            ),
            Self::Record(pairs) => {
                let mut pairs: Vec<_> = pairs.into_iter().map(|(key, value)| (key, value.settled())).collect();
                pairs.sort();
                Self::Record(pairs)
            }
            other => other,
        }
    }
}

fn name_of(key: &Node<'_>) -> String {
    key.text().map_or_else(|| format!("{:?}", Tree::of(key)), str::to_owned)
}

/// The pair of the last of these keys that a mapping has, else its last pair.
fn anchor<'n, 'a>(pairs: &'n [(Node<'a>, Node<'a>)], after: &[&str]) -> Option<&'n (Node<'a>, Node<'a>)> {
    let named = |(key, _): &&(Node<'_>, Node<'_>)| key.text().is_some_and(|key| after.contains(&key));
    pairs.iter().rev().find(named).or(pairs.last())
}

/// What goes where items inside `[]` are removed, with one comma each.
fn flow_ranges(items: &[Node<'_>], indices: &[usize]) -> Vec<Range<usize>> {
    let tail = (0..items.len())
        .rev()
        .take_while(|index| indices.contains(index))
        .count();
    let kept = items.len() - tail;
    let inner = indices.iter().filter(|&&index| index < kept);
    let mut ranges: Vec<_> = inner
        .map(|&index| items[index].span.start()..items[index + 1].span.start())
        .collect();
    if let (Some(last), true) = (items.last(), tail > 0) {
        let start = match kept.checked_sub(1) {
            Some(before) => items[before].span.end(),
            None => items[0].span.start(),
        };
        ranges.push(start..last.span.end());
    }
    ranges
}

fn requoted(old: &str, value: &Value) -> String {
    let (Value::Text(text) | Value::Quoted(text)) = value else {
        return value.flow();
    };
    match old.as_bytes().first() {
        Some(b'\'') => single_quoted(text).unwrap_or_else(|| quoted(text)),
        Some(b'"') => quoted(text),
        _ => value.flow(),
    }
}

/// The first line end of a text.
fn newline_of(text: &str) -> &'static str {
    match memchr::memchr2(b'\r', b'\n', text.as_bytes()) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

fn is_blank(line: &str) -> bool {
    line.bytes().all(|byte| byte.is_ascii_whitespace())
}

/// The column of a line that holds nothing but a comment.
fn comment_column(line: &str) -> Option<usize> {
    let rest = line.trim_start_matches([' ', '\t']);
    rest.starts_with('#').then(|| line.len() - rest.len())
}

fn shown(at: &[Step<'_>]) -> String {
    let mut text = String::new();
    for step in at {
        match step {
            Step::Key(name) if text.is_empty() => text.push_str(name),
            Step::Key(name) => text.extend([".", name]),
            Step::Item(index) => text.push_str(&format!("[{index}]")),
        }
    }
    if text.is_empty() {
        "the manifest".to_owned()
    } else {
        text
    }
}

fn refused(source: &Source, why: &str) -> Error {
    Error::Refused(format!("{} is not changed: {why}; change it by hand", source.name()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn change(text: &str, change: impl FnOnce(&mut Draft<'_>) -> Result<()>) -> Result<String> {
        let source = Source::new("manifest.yaml", text.into());
        let mut draft = Draft::new(&source)?;
        change(&mut draft)?;
        draft.finish().map(|bytes| String::from_utf8(bytes).expect("text"))
    }

    fn changed(text: &str, how: impl FnOnce(&mut Draft<'_>) -> Result<()>) -> String {
        change(text, how).unwrap_or_else(|error| panic!("{text:?}: {error}"))
    }

    fn entry(path: &str) -> Value {
        Value::Record(vec![
            Item::Field("path", Value::text(path)),
            Item::Field("sha256", Value::quoted("x")),
        ])
    }

    const SHA: [Step<'_>; 3] = [Step::Key("entries"), Step::Item(0), Step::Key("sha256")];
    const FIRST: [Step<'_>; 2] = [Step::Key("entries"), Step::Item(0)];

    #[test]
    fn a_value_keeps_its_quotes_and_its_comment() {
        let set = |draft: &mut Draft<'_>| draft.set(&SHA, &Value::text("it's"));
        let cases = [
            (
                "entries:\n- path: a\n  sha256: 'x' # c\n",
                "entries:\n- path: a\n  sha256: 'it''s' # c\n",
            ),
            ("entries:\n- sha256: \"x\"\r\n", "entries:\n- sha256: \"it's\"\r\n"),
            ("entries: [{sha256: x, path: a}]", "entries: [{sha256: it's, path: a}]"),
            (
                "entries:\n- sha256: # none\n  path: a",
                "entries:\n- sha256: it's # none\n  path: a",
            ),
            ("entries:\n- sha256: ~\n", "entries:\n- sha256: it's\n"),
            (
                "\u{feff}é: [ü]\nentries:\n- sha256: x\n",
                "\u{feff}é: [ü]\nentries:\n- sha256: it's\n",
            ),
        ];
        for (before, after) in cases {
            assert_eq!(changed(before, set), after);
        }
    }

    #[test]
    fn a_key_goes_below_another_with_its_comments() {
        let insert = |draft: &mut Draft<'_>| draft.insert(&FIRST, &["sha256"], "bytes", &Value::plain(5));
        let cases = [
            (
                "entries:\n  - path: a\n    sha256: x # c\n    title: t\n",
                "entries:\n  - path: a\n    sha256: x # c\n    bytes: 5\n    title: t\n",
            ),
            ("entries:\r\n- sha256: x", "entries:\r\n- sha256: x\r\n  bytes: 5"),
            (
                "entries:\n  -\n    path: a\n    sha256:\n      x\n      # below\n    # of what follows\n",
                "entries:\n  -\n    path: a\n    sha256:\n      x\n      # below\n    bytes: 5\n    # of what follows\n",
            ),
            (
                "entries:\n- {sha256: x, path: a}\n",
                "entries:\n- {sha256: x, bytes: 5, path: a}\n",
            ),
            ("entries: [{sha256: x}]\n", "entries: [{sha256: x, bytes: 5}]\n"),
            (
                "entries:\n- path: a\n  notes: |\n    b\n\n    c\n\n# end\n",
                "entries:\n- path: a\n  notes: |\n    b\n\n    c\n\n  bytes: 5\n# end\n",
            ),
        ];
        for (before, after) in cases {
            assert_eq!(changed(before, insert), after);
        }
    }

    #[test]
    fn entries_are_appended_wherever_the_list_is() {
        let add = |draft: &mut Draft<'_>| draft.extend(&[], &[], "entries", &[entry("b"), entry("c")]);
        let block = "  - path: b\n    sha256: \"x\"\n  - path: c\n    sha256: \"x\"\n";
        let cases = [
            ("v: 1\n".to_owned(), format!("v: 1\nentries:\n{block}")),
            ("v: 1\nentries: []\n".to_owned(), format!("v: 1\nentries:\n{block}")),
            (
                "entries: [ ] # none\nv: 1\n".to_owned(),
                format!("entries: # none\n{block}v: 1\n"),
            ),
            (
                "entries: # none\nv: 1\n".to_owned(),
                format!("entries: # none\n{block}v: 1\n"),
            ),
            ("entries: ~\n".to_owned(), format!("entries:\n{block}")),
            (
                "entries:\n  - path: a\n    # of a\n\n    # of a too\n\n  # of nobody\nv: 1\n".to_owned(),
                format!("entries:\n  - path: a\n    # of a\n\n    # of a too\n{block}\n  # of nobody\nv: 1\n"),
            ),
            (
                "entries: [{path: a}]\n".to_owned(),
                "entries: [{path: a}, {path: b, sha256: \"x\"}, {path: c, sha256: \"x\"}]\n".to_owned(),
            ),
            (
                "{v: 1}".to_owned(),
                "{v: 1, entries: [{path: b, sha256: \"x\"}, {path: c, sha256: \"x\"}]}".to_owned(),
            ),
            (
                "entries:\r\n- path: a".to_owned(),
                "entries:\r\n- path: a\r\n- path: b\r\n  sha256: \"x\"\r\n- path: c\r\n  sha256: \"x\"".to_owned(),
            ),
        ];
        for (before, after) in cases {
            assert_eq!(changed(&before, add), after);
        }
    }

    #[test]
    fn an_entry_goes_with_its_own_comments() {
        let text = "entries:\n  # one\n  - path: a\n\n  # two\n  # two\n  - path: b\n    # of b\n  # three\n  - path: c\n# end\n";
        let remove = |index| move |draft: &mut Draft<'_>| draft.remove(&[], "entries", index);
        assert_eq!(
            changed(text, remove(&[1])),
            "entries:\n  # one\n  - path: a\n\n  # three\n  - path: c\n# end\n"
        );
        assert_eq!(changed(text, remove(&[0, 1, 2])), "entries: []\n\n# end\n");
        let flow = "entries: [a, b, c,]\n";
        assert_eq!(changed(flow, remove(&[0])), "entries: [b, c,]\n");
        assert_eq!(changed(flow, remove(&[0, 2])), "entries: [b,]\n");
        assert_eq!(changed("entries: [a, b]\n", remove(&[0, 1])), "entries: []\n");
        let lost = change("entries: [a, # of a\n  b]\n", remove(&[0]))
            .expect_err("refused")
            .to_string();
        assert_eq!(
            lost,
            "manifest.yaml:1: entries: a comment between its items would be lost; change it by hand"
        );
    }

    #[test]
    fn a_comment_is_put_where_comments_can_stand() {
        let remark = |draft: &mut Draft<'_>| draft.remark(&FIRST, "sha256", "why");
        assert_eq!(
            changed("entries:\n- sha256: x\n  path: a\n", remark),
            "entries:\n- sha256: x\n  # why\n  path: a\n"
        );
        assert!(change("entries: [{sha256: x}]\n", remark).is_err());
    }

    #[test]
    fn what_would_change_more_is_refused() {
        let set = |draft: &mut Draft<'_>| draft.set(&SHA, &Value::text("y"));
        for text in [
            "entries:\n- sha256: |\n    x\n",
            "entries:\n- sha256: [x]\n",
            "entries: {}\n",
            "a: 1\n",
        ] {
            assert!(matches!(change(text, set), Err(Error::Refused(_))), "{text:?}");
        }
        let kept = "entries:\n- notes: |+\n    x\n\n\n";
        let insert = |draft: &mut Draft<'_>| draft.insert(&FIRST, &[], "bytes", &Value::plain(5));
        assert_eq!(changed(kept, insert), "entries:\n- notes: |+\n    x\n\n\n  bytes: 5\n");
    }

    /// Manifests as people write them: comments, blank lines, any indentation, any quotes, either line end.
    fn manifests() -> impl Strategy<Value = String> {
        let value = prop_oneof![
            Just("x"),
            Just("'ü: #'"),
            Just("\"\u{1f600}\\n\""),
            Just("[a, 'b']"),
            Just("{k: v}"),
            Just("")
        ];
        let tail = prop_oneof![Just(""), Just(" # é"), Just("  ")];
        let above = prop_oneof![
            Just(""),
            Just("\n"),
            Just("# at the edge\n"),
            Just("  # of it\n"),
            Just("\t\n\n")
        ];
        let more = prop_oneof![
            Just(""),
            Just("    # deep\n"),
            Just("    notes: |\n      # no comment\n\n      y\n"),
            Just("    author:\n    - A\n    -  B\n")
        ];
        let one = (above, value.clone(), tail, more)
            .prop_map(|(above, value, tail, more)| format!("{above}  - path: p\n    sha256: {value}{tail}\n{more}"));
        let flow = value.prop_map(|value| {
            if value.is_empty() {
                "  - {path: p}\n".to_owned()
            } else {
                format!("  - {{path: p, sha256: {value}}}\n")
            }
        });
        let entries = prop::collection::vec(prop_oneof![3 => one, 1 => flow], 1..5);
        (entries, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(entries, crlf, ended, narrow)| {
            let mut text = format!("# top\nvidimus: 1\nentries: # list\n{}# end\n", entries.concat());
            if narrow {
                text = text.replace("\n  ", "\n");
            }
            if !ended {
                text = text.trim_end_matches("# end\n").trim_end().to_owned();
            }
            if crlf { text.replace('\n', "\r\n") } else { text }
        })
    }

    /// How many bytes at the beginning and at the end two texts share.
    fn shared(a: &str, b: &str) -> usize {
        let same = |(a, b): &(u8, u8)| a == b;
        let front = a.bytes().zip(b.bytes()).take_while(same).count();
        let rest = a.len().min(b.len()) - front;
        front + a.bytes().rev().zip(b.bytes().rev()).take(rest).take_while(same).count()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn edits_touch_nothing_else(text in manifests(), index in 0usize..4, what in 0usize..4) {
            let source = Source::new("m", text.clone().into_bytes());
            let mut draft = Draft::new(&source).expect("yaml");
            let count = match &draft.node(&[Step::Key("entries")]).expect("a list").kind {
                Kind::Sequence(items) => items.len(),
                _ => 0,
            };
            let at = [Step::Key("entries"), Step::Item(index % count)];
            let done = match what {
                0 => draft.insert(&at, &["sha256", "path"], "bytes", &Value::plain(5)),
                1 => draft.extend(&[], &[], "entries", &[entry("new")]),
                2 => draft.extend(&at, &["path"], "edits", &[entry("new")]),
                _ => draft.remove(&[], "entries", &[index % count]),
            };
            prop_assert!(done.is_ok(), "{:?}: {:?}", text, done);
            let new = draft.finish();
            prop_assert!(new.is_ok(), "{:?} {}: {:?}", text, what, new);
            let new = String::from_utf8(new.expect("bytes")).expect("text");
            let plain = if what == 3 && count == 1 { new.replacen(": []", ":", 1) } else { new.clone() };
            prop_assert_eq!(shared(&text, &plain), text.len().min(plain.len()), "{:?} {:?}", text, new);
            if text.contains("\r\n") {
                prop_assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
            }
        }

        #[test]
        fn a_value_is_replaced_alone(text in manifests(), index in 0usize..4, value in "[a-z#: '\"é\n-]{0,8}") {
            let source = Source::new("m", text.clone().into_bytes());
            let mut draft = Draft::new(&source).expect("yaml");
            let at = [Step::Key("entries"), Step::Item(index), Step::Key("sha256")];
            let old = draft.node(&at).map_or(0, |node| node.span.len());
            if draft.set(&at, &Value::text(value)).is_ok() {
                let new = String::from_utf8(draft.finish().expect("sound")).expect("text");
                prop_assert!(shared(&text, &new) >= text.len() - old);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "[-:#&*!|>'\"{}\\[\\], ?~a-ce\n\r\té]{0,40}", index in 0usize..3) {
            let whole = format!("entries:{text}");
            for text in [text, whole] {
                let source = Source::new("m", text.into_bytes());
                let Ok(mut draft) = Draft::new(&source) else { continue };
                let at = [Step::Key("entries"), Step::Item(index)];
                let said = [
                    draft.insert(&at, &["a"], "bytes", &Value::plain(5)).is_ok(),
                    draft.set(&[Step::Key("a")], &Value::text("x")).is_ok(),
                    draft.remove(&[], "entries", &[index]).is_ok(),
                    draft.extend(&[], &[], "entries", &[entry("new")]).is_ok(),
                    draft.remark(&[], "a", "x").is_ok(),
                ];
                prop_assert!(draft.finish().is_ok() || said.contains(&true));
            }
        }
    }
}
