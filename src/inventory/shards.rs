//! Shards of records, as they are listed: by what fields, and whether these are there.

use crate::corpus::Library;
use crate::manifest::nearest;
use crate::manifest::schema::RECORDS;
use crate::manifest::write::{Item, Value};
use crate::records::{Shard, Wanted, Wrong};

use super::Listed;

/// Which field of a record says what, by the keys of the manifest.
pub type Fields = [(&'static str, String)];

/// So many records of a shard are looked at before it is listed.
const LOOKED_AT: usize = 1000;

/// Reads `text=body,id=key,source.url=url`, as a user gives it.
///
/// # Errors
/// What is wrong with it.
pub fn fields_of(text: &str) -> Result<Vec<(&'static str, String)>, String> {
    let mut fields: Vec<(&'static str, String)> = Vec::new();
    for pair in text.split(',') {
        let Some((key, field)) = pair.split_once('=').filter(|(_, field)| !field.is_empty()) else {
            return Err(format!("{pair:?} is no KEY=FIELD, as in text=body"));
        };
        let Some(known) = RECORDS.key(key.trim()) else {
            let near = nearest(key.trim(), RECORDS.keys.iter().map(|key| key.name));
            let all = || RECORDS.keys.iter().map(|key| key.name).collect::<Vec<_>>().join(", ");
            let help = near.map_or_else(
                || format!("known are {}", all()),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(format!("a record has no key `{}`; {help}", key.trim()));
        };
        if fields.iter().any(|(name, _)| *name == known.name) {
            return Err(format!("`{}` is given twice", known.name));
        }
        fields.push((known.name, field.trim().to_owned()));
    }
    match fields.iter().any(|(name, _)| *name == "text") {
        true => Ok(fields),
        false => Err("say which field holds the text, as in text=body".to_owned()),
    }
}

/// Looks whether a shard has records with a text, in its first ones.
///
/// # Errors
/// Why it cannot be listed, as the end of a sentence that begins with its path.
pub(super) fn try_out(library: &Library, path: &str, fields: &Fields) -> Result<(), String> {
    let (file, _) = library.open(path).map_err(|refusal| super::why(&refusal))?;
    let place = |key: &str| fields.iter().position(|(name, _)| *name == key);
    let wanted = Wanted {
        fields: fields.iter().map(|(_, field)| field.clone()).collect(),
        text: place("text").unwrap_or_default(),
        id: place("id"),
    };
    let mut shard = Shard::open(path, file, &wanted, &|_| Ok(()));
    let mut first: Option<Wrong> = None;
    for _ in 0..LOOKED_AT {
        match shard.next_item() {
            Ok(Some(item)) => match item.read(&wanted) {
                Ok(_) => return Ok(()),
                Err(wrong) => first = first.or(Some(wrong)),
            },
            Ok(None) => break,
            Err(why) => return Err(format!("cannot be read as records: {why}")),
        }
    }
    Err(match first {
        Some(wrong) => format!("has no record with a text in its first lines; of the first one: {wrong}"),
        None => "has no records".to_owned(),
    })
}

impl Listed {
    /// A shard, as an item of `entries_from`.
    pub(super) fn shard(&self, fields: &Fields) -> Value {
        let field = |key: &'static crate::manifest::schema::Key| {
            let (name, field) = fields.iter().find(|(name, _)| *name == key.name)?;
            Some(Item::Field(name, Value::text(field)))
        };
        Value::Record(vec![
            Item::Field("path", Value::text(&self.path)),
            Item::Field("sha256", Value::quoted(self.sha256)),
            Item::Field("bytes", Value::plain(self.size)),
            Item::Field(
                "records",
                Value::Record(RECORDS.keys.iter().filter_map(field).collect()),
            ),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_given_by_key() {
        let fields = fields_of("text=body, source.url=meta.url,id=key").expect("fields");
        let pairs: Vec<_> = fields.iter().map(|(key, field)| (*key, field.as_str())).collect();
        assert_eq!(pairs, [("text", "body"), ("source.url", "meta.url"), ("id", "key")]);
        for (given, said) in [
            ("id=key", "which field holds the text"),
            ("text", "no KEY=FIELD"),
            ("text=", "no KEY=FIELD"),
            ("text=a,text=b", "twice"),
            ("text=a,sourc.url=b", "did you mean `source.url`?"),
            ("text=a,frobnicate=b", "known are text, id"),
        ] {
            let why = fields_of(given).expect_err(given);
            assert!(why.contains(said), "{given}: {why}");
        }
    }
}
