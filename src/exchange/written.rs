//! JSON whose fields stand in the order in which they were given, so that a person who reads it finds the path first.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// A value to write.
#[derive(Clone, Debug)]
pub(super) enum Written {
    /// As it is.
    Value(Value),
    /// An object with its fields in order.
    Object(Object),
    /// A list of values.
    List(Vec<Self>),
}

/// An object to write.
#[derive(Clone, Debug, Default)]
pub(super) struct Object(Vec<(&'static str, Written)>);

impl Object {
    /// Adds a field.
    #[must_use]
    pub(super) fn with(mut self, key: &'static str, value: impl Into<Written>) -> Self {
        self.0.push((key, value.into()));
        self
    }

    /// Adds a field where there is a value.
    #[must_use]
    pub(super) fn with_some(self, key: &'static str, value: Option<impl Into<Written>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Adds a list where it has an item.
    #[must_use]
    pub(super) fn with_list(self, key: &'static str, items: Vec<Self>) -> Self {
        let items: Vec<_> = items.into_iter().map(Written::Object).collect();
        self.with_some(key, (!items.is_empty()).then_some(Written::List(items)))
    }

    /// Adds values as JSON-LD writes them: one as it is, and several as a list.
    #[must_use]
    pub(super) fn with_values<T: Into<Written>>(self, key: &'static str, values: impl IntoIterator<Item = T>) -> Self {
        let mut values: Vec<Written> = values.into_iter().map(Into::into).collect();
        match values.len() {
            0 => self,
            1 => self.with_some(key, values.pop()),
            _ => self.with(key, Written::List(values)),
        }
    }

    /// The file that holds it.
    pub(super) fn into_text(self) -> String {
        let text = serde_json::to_string_pretty(&Written::Object(self));
        text.unwrap_or_default() + "\n"
    }
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::List(items) => items.serialize(serializer),
            Self::Object(Object(fields)) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                fields
                    .iter()
                    .try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
        }
    }
}

impl From<Object> for Written {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl From<Vec<Object>> for Written {
    fn from(items: Vec<Object>) -> Self {
        Self::List(items.into_iter().map(Self::Object).collect())
    }
}

impl From<&str> for Written {
    fn from(text: &str) -> Self {
        Self::Value(text.into())
    }
}

impl From<String> for Written {
    fn from(text: String) -> Self {
        Self::Value(text.into())
    }
}

impl From<&String> for Written {
    fn from(text: &String) -> Self {
        Self::Value(text.as_str().into())
    }
}

impl From<u64> for Written {
    fn from(number: u64) -> Self {
        Self::Value(number.into())
    }
}

impl From<Value> for Written {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}
