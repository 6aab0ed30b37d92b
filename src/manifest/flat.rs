//! What a manifest says, key by key as text: for whoever compares two of them, and must not miss a key that no check reads.

use super::Manifest;
use super::yaml::{self, Kind, Node};

/// Keys with their values, in the order of the manifest. A key in a mapping is `source.url`, one in a list of mappings
/// `edits[0].from`; a list of single values is one value.
pub type Pairs = Vec<(String, String)>;

/// A manifest as keys and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flat {
    /// What holds for the corpus as a whole.
    pub corpus: Pairs,
    /// The entries, those of shards too.
    pub entries: Vec<Pairs>,
}

impl Manifest {
    /// The keys and values of all its files. What is no YAML is not there.
    pub fn flat(&self) -> Flat {
        let mut flat = Flat::default();
        for (index, file) in self.files.iter().enumerate() {
            let text = file.text().unwrap_or_default();
            let root = yaml::parse(file, text).ok().and_then(|tree| tree.root);
            let Some(Node {
                kind: Kind::Mapping(pairs),
                ..
            }) = root
            else {
                continue;
            };
            for (key, value) in &pairs {
                match (key.text(), &value.kind) {
                    (Some("corpus"), _) if index == 0 => flatten("", value, &mut flat.corpus),
                    (Some("entries"), Kind::Sequence(items)) => flat.entries.extend(items.iter().map(pairs_of)),
                    _ => {}
                }
            }
        }
        flat
    }
}

fn pairs_of(node: &Node<'_>) -> Pairs {
    let mut pairs = Pairs::new();
    flatten("", node, &mut pairs);
    pairs
}

fn flatten(key: &str, node: &Node<'_>, pairs: &mut Pairs) {
    match &node.kind {
        Kind::Mapping(fields) => {
            for (name, value) in fields {
                let name = name.text().unwrap_or("?");
                let dot = if key.is_empty() { "" } else { "." };
                flatten(&format!("{key}{dot}{name}"), value, pairs);
            }
        }
        Kind::Sequence(items)
            if items
                .iter()
                .any(|item| matches!(item.kind, Kind::Mapping(_) | Kind::Sequence(_))) =>
        {
            let numbered = items.iter().enumerate();
            numbered.for_each(|(index, item)| flatten(&format!("{key}[{index}]"), item, pairs));
        }
        Kind::Sequence(items) => {
            let texts: Vec<&str> = items.iter().map(|item| item.text().unwrap_or("*")).collect();
            pairs.push((key.to_owned(), texts.join(", ")));
        }
        Kind::Scalar { .. } => pairs.extend(node.text().map(|text| (key.to_owned(), text.to_owned()))),
        Kind::Alias => pairs.push((key.to_owned(), "*".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn every_key_has_its_text() {
        let text = "vidimus: 1\ncorpus: {include: ['*.txt', b], title: T}\nentries:\n  - path: a\n    source: {url: u}\n    \
                    edits: [{from: x, rules: [r, s]}]\n";
        let source = Source::new("m.yaml", text.into());
        let manifest = Manifest::parse(source, "m.yaml", |_| Ok(Vec::new())).expect("a manifest");
        let flat = manifest.flat();
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(flat.corpus, [pair("include", "*.txt, b"), pair("title", "T")]);
        let entry = [
            pair("path", "a"),
            pair("source.url", "u"),
            pair("edits[0].from", "x"),
            pair("edits[0].rules", "r, s"),
        ];
        assert_eq!(flat.entries, [entry]);
    }
}
