//! The head of a WARC record (ISO 28500:2017, 5).

use super::Fields;
use super::fields::lines;
use crate::date::{DateError, When};

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What the file says of itself.
    Warcinfo,
    /// What a server answered, whole.
    Response,
    /// A thing as such, without the protocol that brought it.
    Resource,
    /// What was asked of a server.
    Request,
    /// What is said of another record.
    Metadata,
    /// That the same was found again.
    Revisit,
    /// A record in another form.
    Conversion,
    /// A further part of a record that was cut.
    Continuation,
    /// None of these.
    Other,
}

impl Kind {
    const ALL: [(&'static str, Self); 8] = [
        ("warcinfo", Self::Warcinfo),
        ("response", Self::Response),
        ("resource", Self::Resource),
        ("request", Self::Request),
        ("metadata", Self::Metadata),
        ("revisit", Self::Revisit),
        ("conversion", Self::Conversion),
        ("continuation", Self::Continuation),
    ];

    fn named(name: &str) -> Self {
        let known = Self::ALL
            .into_iter()
            .find(|(known, _)| name.eq_ignore_ascii_case(known));
        known.map_or(Self::Other, |(_, kind)| kind)
    }

    /// Its name in a `WARC-Type`.
    pub fn name(self) -> &'static str {
        let known = Self::ALL.into_iter().find(|(_, kind)| *kind == self);
        known.map_or("other", |(name, _)| name)
    }

    /// Whether it holds what was archived, and not what is said of that.
    pub fn is_content(self) -> bool {
        matches!(
            self,
            Self::Response | Self::Resource | Self::Conversion | Self::Continuation | Self::Revisit
        )
    }
}

/// The head of a record: its version and its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The version of the format, as written after `WARC/`.
    pub version: String,
    /// All its fields.
    pub fields: Fields,
}

impl Head {
    /// Reads a head that begins with `WARC/`; `None` where the first line has no version.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut lines = lines(bytes);
        let version = lines.next()?.strip_prefix(b"WARC/")?;
        let version = String::from_utf8_lossy(version).trim().to_owned();
        let sound = version.starts_with(|first: char| first.is_ascii_digit()) && version.len() < 16;
        sound.then(|| Self {
            version,
            fields: Fields::parse(lines),
        })
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.fields.get("WARC-Type").map_or(Kind::Other, Kind::named)
    }

    /// Its `WARC-Record-ID`, as written.
    pub fn id(&self) -> Option<&str> {
        self.fields.get("WARC-Record-ID").filter(|id| !id.is_empty())
    }

    /// The address that it is of. Some programs write it in angle brackets, as version 1.0 had it.
    pub fn target(&self) -> Option<&str> {
        self.address("WARC-Target-URI")
    }

    fn address(&self, name: &str) -> Option<&str> {
        let value = self.fields.get(name)?;
        let bare = value.strip_prefix('<').and_then(|value| value.strip_suffix('>'));
        Some(bare.unwrap_or(value)).filter(|value| !value.is_empty())
    }

    /// When it was made, as written.
    pub fn date(&self) -> Option<&str> {
        self.fields.get("WARC-Date")
    }

    /// When it was made. A time without seconds, which version 1.1 allows, is that of the minute's beginning.
    ///
    /// # Errors
    /// Why it is no date.
    pub fn when(&self) -> Option<Result<When, DateError>> {
        let value = self.date()?;
        let short = value.len() == 17 && value.ends_with('Z') && value.as_bytes()[10] == b'T';
        let whole = if short {
            format!("{}:00Z", &value[..16])
        } else {
            value.to_owned()
        };
        Some(whole.parse())
    }

    /// How many bytes its block has, where it says a number.
    pub fn length(&self) -> Option<u64> {
        let value = self.fields.get("Content-Length")?;
        value
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| value.parse().ok())?
    }

    /// The type of its block.
    pub fn content_type(&self) -> Option<&str> {
        self.fields.get("Content-Type")
    }

    /// Why its block was cut, where it was.
    pub fn truncated(&self) -> Option<&str> {
        self.fields.get("WARC-Truncated")
    }

    /// The record that it refers to.
    pub fn refers_to(&self) -> Option<&str> {
        self.fields.get("WARC-Refers-To")
    }

    /// Address and date of the record that it refers to.
    pub fn refers_to_capture(&self) -> Option<(&str, &str)> {
        Some((
            self.address("WARC-Refers-To-Target-URI")?,
            self.fields.get("WARC-Refers-To-Date")?,
        ))
    }

    /// The digest of its block, as written.
    pub fn block_digest(&self) -> Option<&str> {
        self.fields.get("WARC-Block-Digest")
    }

    /// The digest of its payload, as written.
    pub fn payload_digest(&self) -> Option<&str> {
        self.fields.get("WARC-Payload-Digest")
    }

    /// The fields that it gives several times and may give once; the first of each is read.
    pub fn repeated(&self) -> impl Iterator<Item = &str> {
        let repeated = self.fields.repeated().into_iter();
        repeated.filter(|name| !name.eq_ignore_ascii_case("WARC-Concurrent-To"))
    }

    /// The fields that every record must have and that it lacks.
    pub fn missing(&self) -> impl Iterator<Item = &'static str> {
        let must = ["WARC-Type", "WARC-Record-ID", "WARC-Date", "Content-Length"];
        must.into_iter()
            .filter(|name| self.fields.get(name).is_none_or(str::is_empty))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read() {
        let head =
            b"WARC/1.1\r\nWARC-Type: Response\r\nWARC-Target-URI: <http://example.org/>\r\nContent-Length: 12\r\n\r\n";
        let head = Head::parse(head).expect("a head");
        assert_eq!(
            (head.kind(), head.target(), head.length()),
            (Kind::Response, Some("http://example.org/"), Some(12))
        );
        assert_eq!(head.missing().collect::<Vec<_>>(), ["WARC-Record-ID", "WARC-Date"]);
        assert_eq!(Head::parse(b"WARC/\r\n\r\n"), None);
        let signed = Head::parse(b"WARC/1.0\r\nContent-Length: +4\r\n\r\n").expect("a head");
        assert_eq!(signed.length(), None);
    }
}
