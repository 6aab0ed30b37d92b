//! Two places of a passage beside each other, with the words that differ.

use std::ops::Range;

use crate::diff;
use crate::engine::Cluster;
use crate::finding::{Location, Place};
use crate::report::printable;

/// A passage in pieces, safe to show, with whether each differs from the other passage.
pub(in crate::report) type Side = Vec<(bool, String)>;

/// The first two places of a group; empty where their words are not at hand.
pub(in crate::report) fn beside(cluster: &Cluster) -> [Side; 2] {
    let words = |index: usize| cluster.places.get(index).map(words_of).unwrap_or_default();
    let ((old, old_cut), (new, new_cut)) = (words(0), words(1));
    let alignment = diff::words(old.as_bytes(), new.as_bytes());
    let mut replaced = alignment.replaced.as_slice();
    // Where a passage is cut, what is left of the other one is no difference.
    if let Some((last, before)) = replaced.split_last()
        && (old_cut || new_cut)
        && (last.old.end == alignment.old.len() || last.new.end == alignment.new.len())
    {
        replaced = before;
    }
    let old_ranges = replaced.iter().map(|part| part.old.clone());
    let new_ranges = replaced.iter().map(|part| part.new.clone());
    [
        side(&alignment.old, old_ranges, old_cut),
        side(&alignment.new, new_ranges, new_cut),
    ]
}

/// The words of a place with one space between them, and whether the place goes on.
fn words_of(location: &Location) -> (String, bool) {
    let Some(place) = &location.place else {
        return (String::new(), false);
    };
    let text = passage(place);
    let words: Vec<&str> = text.split_whitespace().collect();
    (words.join(" "), goes_on(place))
}

/// What an excerpt holds of its span.
fn passage(place: &Place) -> &str {
    let excerpt = &place.excerpt;
    excerpt.text.get(excerpt.start..excerpt.end).unwrap_or_default()
}

/// Whether the span has more than the excerpt holds.
fn goes_on(place: &Place) -> bool {
    passage(place).len() < place.end.byte.saturating_sub(place.start.byte)
}

fn side(pieces: &[&[u8]], marked: impl Iterator<Item = Range<usize>>, cut: bool) -> Side {
    let text = |range: Range<usize>| {
        let bytes = pieces[range].concat();
        printable(&String::from_utf8_lossy(&bytes)).into_owned()
    };
    let mut side = Vec::new();
    let mut at = 0;
    for range in marked {
        side.push((false, text(at..range.start)));
        side.push((true, text(range.clone())));
        at = range.end;
    }
    side.push((false, text(at..pieces.len())));
    side.retain(|(_, text)| !text.is_empty());
    if cut {
        side.push((false, " …".to_owned()));
    }
    side
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place;
    use crate::source::Source;

    fn cluster(texts: [&str; 2]) -> Cluster {
        let location = |text: &str| {
            let source = Source::new("a.txt", text.as_bytes().to_vec());
            let mut location = Location::at("a.txt", source.whole());
            location.place = Some(place::place(&source, source.whole()));
            location
        };
        Cluster {
            id: "0".to_owned(),
            boilerplate: false,
            words: 3,
            similarity: 0.9,
            places: texts.map(location).to_vec(),
            count: 2,
            changes: Vec::new(),
        }
    }

    fn shown(side: &Side) -> String {
        let piece = |(marked, text): &(bool, String)| match marked {
            true => format!("[{text}]"),
            false => text.clone(),
        };
        side.iter().map(piece).collect()
    }

    #[test]
    fn words_that_differ_are_marked() {
        let [old, new] = beside(&cluster(["the blue lamps\nof the town", "the red lamps of town"]));
        assert_eq!(shown(&old), "the [blue] lamps of[ the] town");
        assert_eq!(shown(&new), "the [red] lamps of town");
    }

    #[test]
    fn where_one_is_cut_its_end_is_no_difference() {
        let line = "the lamps of the quay burned low that night and nobody slept\n".repeat(40);
        let [old, new] = beside(&cluster([&line, &format!("{}END", &line[..600])]));
        assert!(
            shown(&old).ends_with(" …") && !shown(&old).contains('['),
            "{}",
            shown(&old)
        );
        assert!(!shown(&new).contains("[END"), "{}", shown(&new));
    }
}
