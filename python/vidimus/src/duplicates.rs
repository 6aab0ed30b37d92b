//! `vidimus.duplicates`.

use std::collections::HashMap;

use pyo3::prelude::*;
use vidimus::error::{Error, Result};
use vidimus::similarity::{self, Duplicates, Options, Place, Profile};
use vidimus::stop::Stop;

use crate::raise;
use crate::watch::watched;

/// Text, first character, the one after the last, first byte, the one after the last.
type Spot = (usize, usize, usize, u64, u64);
/// The one, the other, how alike they are, the number of their group.
type Alike = (Spot, Spot, f32, usize);
/// Its name, whether it is boilerplate, its members.
type Gathered = (String, bool, Vec<Spot>);

/// Finds the passages of texts that stand twice.
#[pyfunction]
#[expect(
    clippy::too_many_arguments,
    reason = "they are named where they are given, in Python"
)]
pub(crate) fn duplicates(
    py: Python<'_>,
    texts: Vec<String>,
    similarity: f32,
    min_words: usize,
    profile: &str,
    all: bool,
    memory: u64,
    threads: Option<usize>,
) -> PyResult<(Vec<Alike>, Vec<Gathered>)> {
    let profile = profile_of(profile).map_err(|error| raise(&error))?;
    if !(0.0..=1.0).contains(&similarity) {
        return Err(raise(&Error::Usage(format!(
            "similarity is {similarity}, and must lie between 0 and 1"
        ))));
    }
    watched(py, move |stop| {
        let texts: Vec<(usize, String)> = texts.into_iter().enumerate().collect();
        let options = Options {
            similarity,
            words: min_words,
            profile,
            all,
            memory,
            threads,
            stop: Stop::new(Some(stop)),
            ..Options::default()
        };
        let found = similarity::find(&texts, &options)?;
        let spots = Spots::of(&texts, &found);
        let pairs = found
            .pairs
            .iter()
            .map(|pair| (spots.spot(&pair.a), spots.spot(&pair.b), pair.similarity, pair.group));
        let gathered = |group: &similarity::Group| {
            let members = group.members.iter().map(|place| spots.spot(place)).collect();
            (group.id.clone(), group.boilerplate, members)
        };
        Ok((pairs.collect(), found.groups.iter().map(gathered).collect()))
    })
}

fn profile_of(name: &str) -> Result<Profile> {
    match name {
        "fast" => Ok(Profile::Fast),
        "default" => Ok(Profile::Default),
        "thorough" => Ok(Profile::Thorough),
        other => Err(Error::Usage(format!(
            "there is no profile `{other}`; there are fast, default, thorough"
        ))),
    }
}

/// The number of the character that stands at a byte, for the bytes that are asked for: Python counts characters.
struct Spots(HashMap<(usize, u64), usize>);

impl Spots {
    /// Counts in one pass over each text.
    fn of(texts: &[(usize, String)], found: &Duplicates) -> Self {
        let pairs = found.pairs.iter().flat_map(|pair| [&pair.a, &pair.b]);
        let places = pairs.chain(found.groups.iter().flat_map(|group| &group.members));
        let mut bytes: Vec<(usize, u64)> = places
            .flat_map(|place| [(place.text, place.start), (place.text, place.end)])
            .collect();
        bytes.sort_unstable();
        bytes.dedup();
        let mut counted = HashMap::with_capacity(bytes.len());
        for of_text in bytes.chunk_by(|a, b| a.0 == b.0) {
            let (mut from, mut characters) = (0, 0);
            for &(text, byte) in of_text {
                let to = usize::try_from(byte).unwrap_or(usize::MAX);
                characters += texts[text].1.get(from..to).unwrap_or_default().chars().count();
                counted.insert((text, byte), characters);
                from = to;
            }
        }
        Self(counted)
    }

    fn spot(&self, place: &Place) -> Spot {
        let at = |byte: u64| self.0.get(&(place.text, byte)).copied().unwrap_or_default();
        (place.text, at(place.start), at(place.end), place.start, place.end)
    }
}
