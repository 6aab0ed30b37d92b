//! Addresses of pages and of their captures in web archives: read strictly, compared in tiers.
//!
//! A record keeps an address as it was written. What two spellings share is a matter of degree, and folding too much
//! merges different pages; so a comparison says how far two addresses are apart, and each rule decides what that means.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use url::{Host, Url};

use crate::date::capture_day;

/// The schemes by which a text is retrieved from somewhere.
const SCHEMES: [&str; 7] = ["http", "https", "ftp", "ftps", "sftp", "gopher", "gemini"];

/// Query parameters that say who sent the reader, not what the page is (as listed by `ClearURLs`).
const TRACKING: [&str; 26] = [
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "at_campaign",
    "at_medium",
    "cmpid",
    "dclid",
    "fbclid",
    "gbraid",
    "gclid",
    "gclsrc",
    "igshid",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "ncid",
    "oly_anon_id",
    "oly_enc_id",
    "ref_src",
    "ttclid",
    "twclid",
    "wbraid",
    "yclid",
];

/// An absolute address with a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Url);

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// There is nothing.
    Empty,
    /// It holds white space, or a character that nobody sees.
    Space,
    /// It holds a character that no address may hold (RFC 3986, appendix A).
    Character(char),
    /// It does not say by which scheme it is reached.
    NoScheme,
    /// A text cannot be retrieved by that scheme.
    Scheme(String),
    /// It names no host.
    NoHost,
    /// Something else, in the words of the parser.
    Malformed(String),
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::Space => f.write_str("holds white space or an invisible character"),
            Self::Character(character) => write!(f, "holds `{character}`, which no address may hold"),
            Self::NoScheme => f.write_str("does not begin with `https://` or another scheme"),
            Self::Scheme(scheme) => write!(
                f,
                "has the scheme `{scheme}`, by which nothing is retrieved from a host"
            ),
            Self::NoHost => f.write_str("names no host"),
            Self::Malformed(why) => write!(f, "is malformed: {why}"),
        }
    }
}

/// What makes a sound address a poor record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It holds a password.
    Password,
    /// Its host is known on one machine or one network only.
    Private,
    /// It ends with an ellipsis, as copied from a shortened link.
    Shortened,
}

/// How far two addresses are apart: the weightiest way in which they differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Not at all, or only in what RFC 3986, 6.2.2 and 6.2.3, calls the same: case of the host and of percent-encodings,
    /// dot segments, the default port.
    Same,
    /// In the place on the page.
    Fragment,
    /// In the scheme: `http` and `https`.
    Scheme,
    /// In a leading `www.`.
    Www,
    /// In a final `/`.
    TrailingSlash,
    /// In query parameters that only track the reader, or in the order of the parameters.
    Tracking,
    /// In what marks the mobile or AMP version of a page.
    Amp,
    /// In the query.
    Query,
    /// In the path.
    Path,
    /// In the host.
    Host,
}

impl Tier {
    /// The word for it, as evidence gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Fragment => "fragment",
            Self::Scheme => "scheme",
            Self::Www => "www",
            Self::TrailingSlash => "trailing-slash",
            Self::Tracking => "tracking-query",
            Self::Amp => "amp",
            Self::Query => "query",
            Self::Path => "path",
            Self::Host => "host",
        }
    }

    /// What it is that differs, for a message.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Same => "nothing",
            Self::Fragment => "the fragment",
            Self::Scheme => "the scheme",
            Self::Www => "a leading `www.`",
            Self::TrailingSlash => "a final `/`",
            Self::Tracking => "the tracking parameters or the order of the query",
            Self::Amp => "the mark of a mobile or AMP page",
            Self::Query => "the query",
            Self::Path => "the path",
            Self::Host => "the host",
        }
    }
}

impl Address {
    /// Reads an address. Letters of any script may stand in it; they are encoded as a browser does.
    ///
    /// # Errors
    /// Why it is none. This is stricter than a browser, which mends white space, backslashes and missing slashes.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        refuse_characters(text)?;
        let scheme = scheme_of(text)?;
        if !SCHEMES.contains(&scheme.as_str()) {
            return Err(AddressError::Scheme(scheme));
        }
        if !text[scheme.len()..].starts_with("://") {
            return Err(AddressError::Malformed("`//` must follow the scheme".to_owned()));
        }
        let rest = &text[scheme.len() + 3..];
        if rest.is_empty() || rest.starts_with(['/', '?', '#']) {
            return Err(AddressError::NoHost);
        }
        match Url::parse(text) {
            Ok(url) if url.host_str().is_some_and(|host| !host.is_empty()) => Ok(Self(url)),
            Ok(_) => Err(AddressError::NoHost),
            Err(error) => Err(AddressError::Malformed(error.to_string())),
        }
    }

    /// The host, in lower case and in ASCII, without a final dot.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default().trim_end_matches('.')
    }

    /// The host without what marks a version of one site: `www.`, `m.`, `mobile.`, `amp.`.
    pub fn site(&self) -> &str {
        let host = self.host();
        let bare = ["www.", "m.", "mobile.", "amp."]
            .iter()
            .find_map(|mark| host.strip_prefix(mark));
        bare.filter(|bare| bare.contains('.')).unwrap_or(host)
    }

    /// The path, as it was written up to dot segments.
    pub fn path(&self) -> &str {
        self.0.path()
    }

    /// What makes it a poor record, where something does.
    pub fn doubt(&self, text: &str) -> Option<Doubt> {
        let doubts = [
            (self.0.password().is_some(), Doubt::Password),
            (self.is_private(), Doubt::Private),
            (text.ends_with('…') || text.ends_with("..."), Doubt::Shortened),
        ];
        doubts.into_iter().find(|(is, _)| *is).map(|(_, doubt)| doubt)
    }

    /// Whether the host is known on one machine or network only (RFC 1918, 4193, 6761, 6762, 8375).
    fn is_private(&self) -> bool {
        const LOCAL: [&str; 7] = [
            ".localhost",
            ".local",
            ".internal",
            ".lan",
            ".home.arpa",
            ".invalid",
            ".test",
        ];
        match self.0.host() {
            Some(Host::Ipv4(ip)) => ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified(),
            Some(Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unspecified() || is_local_v6(ip.segments()[0]),
            _ => !self.host().contains('.') || LOCAL.iter().any(|local| self.host().ends_with(local)),
        }
    }

    /// What two addresses of one page share for certain: all but the scheme, and what RFC 3986 calls the same.
    pub fn key(&self) -> String {
        let query = self.0.query().map(normal_percent).unwrap_or_default();
        let fragment = self.0.fragment().unwrap_or_default();
        let path = normal_percent(self.0.path());
        format!("{}:{:?}{path}?{query}#{fragment}", self.host(), self.port())
    }

    /// [`Address::key`] without what often differs between an address and the index or record of its capture: `www.`, a final `/`, the
    /// place on the page. Addresses that share it are to be [compared](Address::compare).
    pub fn near_key(&self) -> String {
        let key = self.key();
        let key = key.strip_prefix("www.").unwrap_or(&key);
        let key = key.split('#').next().unwrap_or(key);
        let (path, query) = key.split_once('?').unwrap_or((key, ""));
        format!("{}?{query}", path.trim_end_matches('/'))
    }

    /// How far two addresses are apart.
    pub fn compare(&self, other: &Self) -> Tier {
        if self == other {
            return Tier::Same;
        }
        Parts::of(self).compare(&Parts::of(other))
    }

    /// The port, where it is none of the usual two.
    fn port(&self) -> Option<u16> {
        self.0.port().filter(|port| !matches!(port, 80 | 443))
    }
}

fn is_local_v6(first: u16) -> bool {
    first & 0xFE00 == 0xFC00 || first & 0xFFC0 == 0xFE80
}

fn refuse_characters(text: &str) -> Result<(), AddressError> {
    if text.is_empty() {
        return Err(AddressError::Empty);
    }
    if text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"<>\"\\".contains(&byte))
    {
        return Ok(());
    }
    for character in text.chars() {
        match character {
            '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => return Err(AddressError::Space),
            _ if character.is_whitespace() || character.is_control() => return Err(AddressError::Space),
            '<' | '>' | '"' | '\\' => return Err(AddressError::Character(character)),
            _ => {}
        }
    }
    Ok(())
}

/// The scheme, in lower case. A host with a port (`example.org:8080/a`) has none.
fn scheme_of(text: &str) -> Result<String, AddressError> {
    let (scheme, rest) = text.split_once(':').ok_or(AddressError::NoScheme)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-');
    let sound = scheme.bytes().all(plain) && scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    let port = rest.starts_with(|first: char| first.is_ascii_digit()) && !scheme.eq_ignore_ascii_case("doi");
    if sound && !port {
        Ok(scheme.to_ascii_lowercase())
    } else {
        Err(AddressError::NoScheme)
    }
}

/// Percent-encodings in upper case, and none where none is needed (RFC 3986, 6.2.2.1 and 6.2.2.2).
fn normal_percent(text: &str) -> Cow<'_, str> {
    let mut pieces = text.split('%');
    let first = pieces.next().unwrap_or_default();
    if first.len() == text.len() {
        return Cow::Borrowed(text);
    }
    let mut normal = first.to_owned();
    for piece in pieces {
        let code = piece.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok());
        match code {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => normal.push(char::from(byte)),
            Some(byte) => normal.push_str(&format!("%{byte:02X}")),
            None => normal.push('%'),
        }
        normal.push_str(if code.is_some() { &piece[2..] } else { piece });
    }
    Cow::Owned(normal)
}

/// An address, taken apart for comparison.
struct Parts<'a> {
    address: &'a Address,
    path: Cow<'a, str>,
    query: Cow<'a, str>,
    /// A fragment that a script reads as an address (`#!/page`).
    route: &'a str,
}

impl<'a> Parts<'a> {
    fn of(address: &'a Address) -> Self {
        let fragment = address.0.fragment().unwrap_or_default();
        Self {
            address,
            path: normal_percent(address.0.path()),
            query: address.0.query().map(normal_percent).unwrap_or_default(),
            route: if fragment.starts_with(['!', '/']) { fragment } else { "" },
        }
    }

    fn compare(&self, other: &Self) -> Tier {
        let (a, b) = (self.address, other.address);
        let query = self.compare_query(other);
        let tiers = [
            (a.site() != b.site() || a.port() != b.port(), Tier::Host),
            (self.page() != other.page(), Tier::Path),
            (query == Tier::Query || self.route != other.route, Tier::Query),
            (query == Tier::Amp || self.is_amp_of(other), Tier::Amp),
            (query == Tier::Tracking, Tier::Tracking),
            (self.path != other.path, Tier::TrailingSlash),
            (a.host() != b.host(), Tier::Www),
            (a.0.scheme() != b.0.scheme(), Tier::Scheme),
            (a.0.fragment() != b.0.fragment(), Tier::Fragment),
        ];
        let differs = tiers.into_iter().find(|(differs, _)| *differs);
        differs.map_or(Tier::Same, |(_, tier)| tier)
    }

    fn compare_query(&self, other: &Self) -> Tier {
        if self.query == other.query {
            return Tier::Same;
        }
        let (ours, theirs) = (terms(&self.query), terms(&other.query));
        if ours == theirs {
            Tier::Tracking
        } else if plain(&ours).eq(plain(&theirs)) {
            Tier::Amp
        } else {
            Tier::Query
        }
    }

    /// Whether host or path differ, of which [`Parts::page`] and [`Address::site`] say that they are of one page.
    fn is_amp_of(&self, other: &Self) -> bool {
        let bare = |parts: &Self| {
            let host = parts.address.host();
            host.strip_prefix("www.").unwrap_or(host).len()
        };
        bare(self) != bare(other) || self.slashless() != other.slashless()
    }

    fn slashless(&self) -> &str {
        self.path.trim_end_matches('/')
    }

    /// The path without its final `/` and without what marks an AMP page.
    fn page(&self) -> &str {
        let page = self.slashless();
        let page = ["/amp", ".amp", ".amp.html"]
            .iter()
            .find_map(|mark| page.strip_suffix(mark))
            .unwrap_or(page);
        let below = page.strip_prefix("/amp").filter(|rest| rest.starts_with('/'));
        below.unwrap_or(page)
    }
}

/// The parameters of a query in order, without those that track.
fn terms(query: &str) -> Vec<&str> {
    let terms = query.split('&');
    let mut terms: Vec<&str> = terms.filter(|term| !term.is_empty() && !is_tracking(term)).collect();
    terms.sort_unstable();
    terms
}

/// Those of the parameters that do not mark a mobile or AMP page.
fn plain<'t>(terms: &'t [&str]) -> impl Iterator<Item = &'t str> {
    terms.iter().copied().filter(|term| !is_amp(term))
}

fn is_tracking(term: &str) -> bool {
    let name = term.split('=').next().unwrap_or(term).to_ascii_lowercase();
    name.starts_with("utm_") || TRACKING.binary_search(&name.as_str()).is_ok()
}

fn is_amp(term: &str) -> bool {
    matches!(term, "amp" | "amp=" | "amp=1" | "amp=true" | "outputType=amp" | "m=1")
}

/// Hosts of archives whose addresses are short names that do not tell page or time.
const OPAQUE: [&str; 8] = [
    "archive.softwareheritage.org",
    "conifer.rhizome.org",
    "freezepage.com",
    "ghostarchive.org",
    "megalodon.jp",
    "perma.cc",
    "webcitation.org",
    "webrecorder.io",
];

/// The hosts of one archive, which gives short names and also takes a time and a page.
const ARCHIVE_TODAY: [&str; 7] = [
    "archive.fo",
    "archive.is",
    "archive.li",
    "archive.md",
    "archive.ph",
    "archive.today",
    "archive.vn",
];

/// The address of a capture in a web archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capture<'a> {
    text: &'a str,
    /// The day of the capture, in UTC, where the address tells it.
    pub day: Option<Date>,
    /// The address of the page that was captured, as embedded, where it tells that.
    pub original: Option<&'a str>,
    /// From the end of the timestamp to the end of the flags after it, where it is a Wayback machine that replays it.
    flags: Option<(usize, usize)>,
}

/// Why an address is not that of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaptureError {
    /// It is no address.
    Address(AddressError),
    /// No web archive has addresses of that form.
    NoArchive,
    /// It leads to a list of captures, or to whichever is nearest or newest.
    NotOne,
    /// Its timestamp has so many digits, not fourteen.
    Digits(usize),
    /// Its timestamp is no time of the calendar.
    Impossible(String),
    /// It does not name the page.
    NoOriginal,
}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(error) => error.fmt(f),
            Self::NoArchive => f.write_str("is not the address of a capture in a web archive"),
            Self::NotOne => f.write_str("names no one capture: it leads to a list, or to whichever is nearest"),
            Self::Digits(digits) => write!(f, "has a timestamp of {digits} digits, not 14"),
            Self::Impossible(digits) => write!(f, "has the timestamp {digits}, which is no time of the calendar"),
            Self::NoOriginal => f.write_str("does not name the page that was captured"),
        }
    }
}

impl<'a> Capture<'a> {
    /// Reads the address of a capture.
    ///
    /// Known are the forms of the Wayback Machine and of other archives that run one (a timestamp of 14 digits, then the
    /// address of the page), of archive.today with its mirrors, and of archives that give short names.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(text: &'a str) -> Result<Self, CaptureError> {
        let address = Address::parse(text).map_err(CaptureError::Address)?;
        Self::of(text, &address)
    }

    /// The capture that an address leads to. `text` is the address as written: what is embedded is not to be encoded.
    fn of(text: &'a str, address: &Address) -> Result<Self, CaptureError> {
        let host = address.host().trim_start_matches("www.");
        let start = text.find("://").map_or(0, |at| at + 3);
        let Some(path) = text[start..]
            .find('/')
            .map(|at| start + at + 1)
            .filter(|&at| at < text.len())
        else {
            return Err(CaptureError::NoArchive);
        };
        match host {
            "web.archive.org" | "wayback.archive.org" => Self::wayback(text, path),
            "archive.org" => Self::internet_archive(text, path),
            _ if ARCHIVE_TODAY.contains(&host) => Self::archive_today(text, path),
            _ if OPAQUE.contains(&host) => Ok(Self::opaque(text)),
            _ => Self::other_wayback(text, path),
        }
    }

    fn opaque(text: &'a str) -> Self {
        Self {
            text,
            day: None,
            original: None,
            flags: None,
        }
    }

    /// `/web/<timestamp><flags>/<page>`.
    fn wayback(text: &'a str, path: usize) -> Result<Self, CaptureError> {
        let rest = &text[path..];
        let Some(stamped) = rest.strip_prefix("web/") else {
            return Err(CaptureError::NoArchive);
        };
        if stamped.starts_with("http:") || stamped.starts_with("https:") || stamped.split('/').next() == Some("*") {
            return Err(CaptureError::NotOne);
        }
        Self::stamped(text, path + "web/".len())
    }

    /// The Internet Archive: its old address of the Wayback Machine, and items of its library.
    fn internet_archive(text: &'a str, path: usize) -> Result<Self, CaptureError> {
        let item = |folder| text[path..].strip_prefix(folder).is_some_and(|name| !name.is_empty());
        if ["details/", "download/", "stream/"].into_iter().any(item) {
            return Ok(Self::opaque(text));
        }
        Self::wayback(text, path)
    }

    /// A short name, or a time and a page: `/2016.08.12-093000/<page>`, `/20160812093000/<page>`.
    fn archive_today(text: &'a str, path: usize) -> Result<Self, CaptureError> {
        let (first, original) = text[path..].split_once('/').unwrap_or((&text[path..], ""));
        if matches!(first, "newest" | "oldest" | "timegate" | "timemap") {
            return Err(CaptureError::NotOne);
        }
        if original.is_empty() || first == "o" {
            return Ok(Self::opaque(text));
        }
        let digits: String = first.chars().filter(char::is_ascii_digit).collect();
        let day = check_timestamp(&digits)?;
        Ok(Self {
            text,
            day: Some(day),
            original: Some(original),
            flags: None,
        })
    }

    /// Fourteen digits, then a page with its scheme, after any folder: pywb and OpenWayback on any host.
    fn other_wayback(text: &'a str, path: usize) -> Result<Self, CaptureError> {
        let folders = text[path..].match_indices('/').map(|(at, _)| path + at + 1);
        // An archive has few folders before the timestamp, and a hostile address may have millions.
        let mut starts = std::iter::once(path).chain(folders).take(8);
        let start = starts.find(|&start| is_stamped(&text[start..]));
        start.map_or(Err(CaptureError::NoArchive), |start| Self::stamped(text, start))
    }

    /// A timestamp, flags and a page.
    fn stamped(text: &'a str, start: usize) -> Result<Self, CaptureError> {
        let rest = &text[start..];
        let digits = leading_digits(rest);
        let folder = rest.find('/').unwrap_or(rest.len());
        let flags = &rest[digits..folder];
        if flags == "*" {
            return Err(CaptureError::NotOne);
        }
        if !is_flags(flags) {
            return Err(CaptureError::NoArchive);
        }
        let day = check_timestamp(&rest[..digits])?;
        let original = rest.get(folder + 1..).filter(|original| !original.is_empty());
        Ok(Self {
            text,
            day: Some(day),
            original: Some(original.ok_or(CaptureError::NoOriginal)?),
            flags: Some((start + digits, start + folder)),
        })
    }

    /// The address that gives the bytes as they were captured, where this one gives them rewritten for replay.
    pub fn unrewritten(&self) -> Option<String> {
        let (start, end) = self.flags?;
        let rewritten = &self.text[start..end] != "id_";
        rewritten.then(|| [&self.text[..start], "id_", &self.text[end..]].concat())
    }

    /// The page that was captured. Archives accept it without its scheme, and with one slash after it.
    pub fn page(&self) -> Option<Address> {
        let original = self.original?;
        let (scheme, rest) = original.split_once(":/").unwrap_or(("http", original));
        let whole = format!("{scheme}://{}", rest.trim_start_matches('/'));
        Address::parse(&whole).ok()
    }
}

/// The page that an address leads to: what was captured, where it is the address of a capture.
///
/// `None` where it is no address, or a capture that does not tell of what.
pub fn page(text: &str) -> Option<Address> {
    let address = Address::parse(text).ok()?;
    match Capture::of(text, &address) {
        Ok(capture) => capture.page(),
        Err(_) => Some(address),
    }
}

/// Whether an address may hold a timestamp, which has fourteen digits. Most do not, and need not be taken apart.
pub fn may_be_stamped(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).nth(13).is_some()
}

fn check_timestamp(digits: &str) -> Result<Date, CaptureError> {
    if digits.len() != 14 {
        return Err(CaptureError::Digits(digits.len()));
    }
    capture_day(digits).ok_or_else(|| CaptureError::Impossible(digits.to_owned()))
}

fn leading_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn is_flags(flags: &str) -> bool {
    let plain = |flags: &str| flags.bytes().all(|byte| byte.is_ascii_lowercase());
    flags.is_empty()
        || flags
            .strip_suffix('_')
            .is_some_and(|flags| flags.len() == 2 && plain(flags))
}

fn is_stamped(text: &str) -> bool {
    if leading_digits(text) != 14 {
        return false;
    }
    let page = text[14..].split_once('/').filter(|(flags, _)| is_flags(flags));
    page.is_some_and(|(_, page)| {
        ["http:/", "https:/", "ftp:/"]
            .iter()
            .any(|scheme| page.starts_with(scheme))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap_or_else(|error| panic!("{text} {error}"))
    }

    fn tier(a: &str, b: &str) -> Tier {
        let tier = address(a).compare(&address(b));
        assert_eq!(tier, address(b).compare(&address(a)), "{a} {b}");
        tier
    }

    #[test]
    fn tracking_parameters_are_in_order() {
        assert!(TRACKING.is_sorted());
    }

    #[test]
    fn refuses_what_a_browser_mends() {
        let said = |text: &str| Address::parse(text).expect_err(text).to_string();
        assert_eq!(said(""), "is empty");
        assert!(said(" https://example.org/").contains("white space"));
        assert!(said("https://example.org/a b").contains("white space"));
        assert!(said("https://example.org/\u{200b}a").contains("invisible"));
        for bare in [
            "www.example.org/a",
            "/a",
            "example.org:8080/a",
            "//example.org/a",
            "a/b:c",
        ] {
            assert_eq!(Address::parse(bare), Err(AddressError::NoScheme), "{bare}");
        }
        for other in [
            "javascript:alert(1)",
            "file:///a",
            "doi:10.1000/1",
            "mailto:a@example.org",
            "data:,a",
        ] {
            assert!(matches!(Address::parse(other), Err(AddressError::Scheme(_))), "{other}");
        }
        for hostless in ["http:///a", "https://", "https://?a"] {
            assert_eq!(Address::parse(hostless), Err(AddressError::NoHost), "{hostless}");
        }
        assert!(said("http:/example.org").contains("`//`"));
        assert!(said("<https://example.org>").contains("`<`"));
        assert!(said("https://example.org:99999/").contains("malformed"));
    }

    #[test]
    fn takes_letters_of_any_script() {
        for text in [
            "https://de.example.org/wiki/Köln",
            "https://例え.example/ページ",
            "http://example.org",
            "ftp://example.org/a",
            "HTTPS://EXAMPLE.ORG/a",
        ] {
            address(text);
        }
    }

    #[test]
    fn doubts() {
        let doubt = |text: &str| address(text).doubt(text);
        assert_eq!(doubt("https://me:secret@example.org/"), Some(Doubt::Password));
        assert_eq!(doubt("https://example.org/a-long-ti..."), Some(Doubt::Shortened));
        for private in [
            "http://localhost:8000/a",
            "http://10.0.0.3/",
            "http://[::1]/",
            "http://intranet/a",
        ] {
            assert_eq!(doubt(private), Some(Doubt::Private), "{private}");
        }
        for public in [
            "http://8.8.8.8/",
            "https://local.example.org/",
            "https://a@example.org/",
            "http://[2001:db8::1]/",
        ] {
            assert_eq!(doubt(public), None, "{public}");
        }
    }

    #[test]
    fn tiers() {
        let base = "https://example.org/a/b?x=1&y=2";
        let cases = [
            ("https://EXAMPLE.org:443/a/./b?x=1&y=2", Tier::Same),
            ("https://example.org/%61/b?x=1&y=2", Tier::Same),
            ("https://example.org/a/b?x=1&y=2#part", Tier::Fragment),
            ("http://example.org:80/a/b?x=1&y=2", Tier::Scheme),
            ("http://www.example.org/a/b?x=1&y=2", Tier::Www),
            ("https://example.org/a/b/?x=1&y=2", Tier::TrailingSlash),
            ("https://example.org/a/b?y=2&x=1", Tier::Tracking),
            ("https://example.org/a/b?x=1&y=2&utm_source=z", Tier::Tracking),
            ("https://m.example.org/a/b?x=1&y=2", Tier::Amp),
            ("https://example.org/a/b/amp/?x=1&y=2", Tier::Amp),
            ("https://example.org/amp/a/b?x=1&y=2", Tier::Amp),
            ("https://example.org/a/b?x=1&y=2&amp=1", Tier::Amp),
            ("https://example.org/a/b?x=1", Tier::Query),
            ("https://example.org/a/b?x=1&y=2#!/page", Tier::Query),
            ("https://example.org/a/c?x=1&y=2", Tier::Path),
            ("https://example.org/A/b?x=1&y=2", Tier::Path),
            ("https://example.net/a/b?x=1&y=2", Tier::Host),
            ("https://example.org:8080/a/b?x=1&y=2", Tier::Host),
        ];
        for (other, want) in cases {
            assert_eq!(tier(base, other), want, "{other}");
        }
        assert_eq!(tier("https://example.org/%c3%a9", "https://example.org/é"), Tier::Same);
        assert_eq!(tier("https://example.org/a%2fb", "https://example.org/a/b"), Tier::Path);
        assert_eq!(tier("https://www.org/", "https://m.org/"), Tier::Host);
        assert_eq!(
            tier("https://example.org/amphora", "https://example.org/hora"),
            Tier::Path
        );
    }

    #[test]
    fn captures() {
        let capture = |text| Capture::parse(text).unwrap_or_else(|error| panic!("{text} {error}"));
        let one = capture("https://web.archive.org/web/20160812093000/http://www.example.org:80/a?b=1");
        assert_eq!(one.original, Some("http://www.example.org:80/a?b=1"));
        assert_eq!(one.day.map(|day| day.to_string()).as_deref(), Some("2016-08-12"));
        assert_eq!(
            one.unrewritten().as_deref(),
            Some("https://web.archive.org/web/20160812093000id_/http://www.example.org:80/a?b=1")
        );
        assert_eq!(
            capture("https://web.archive.org/web/20160812093000id_/https://example.org/").unrewritten(),
            None
        );
        for other in [
            "https://arquivo.pt/wayback/20160812093000/https://example.org/",
            "https://wayback.archive-it.org/123/20160812093000mp_/https://example.org/",
            "https://webarchive.example/20160812093000/https://example.org/",
        ] {
            assert_eq!(capture(other).page(), Some(address("https://example.org/")), "{other}");
        }
        let bare = capture("https://web.archive.org/web/20160812093000/example.org/a");
        assert_eq!(bare.page(), Some(address("http://example.org/a")));
        let today = capture("https://archive.ph/2016.08.12-093000/https://example.org/a");
        assert_eq!(
            (today.page(), today.unrewritten()),
            (Some(address("https://example.org/a")), None)
        );
        for short in [
            "https://archive.is/AbCdE",
            "https://perma.cc/AB12-CD34",
            "https://archive.org/details/item",
        ] {
            assert_eq!(capture(short).original, None, "{short}");
        }
    }

    #[test]
    fn no_captures() {
        let said = |text: &str| Capture::parse(text).expect_err(text);
        assert_eq!(said("https://example.org/2016/08/12/a"), CaptureError::NoArchive);
        assert_eq!(said("https://web.archive.org/"), CaptureError::NoArchive);
        assert_eq!(
            said("https://web.archive.org/web/*/http://example.org/"),
            CaptureError::NotOne
        );
        assert_eq!(
            said("https://web.archive.org/web/2016*/http://example.org/"),
            CaptureError::NotOne
        );
        assert_eq!(
            said("https://web.archive.org/web/http://example.org/"),
            CaptureError::NotOne
        );
        assert_eq!(
            said("https://web.archive.org/web/2016/http://example.org/"),
            CaptureError::Digits(4)
        );
        assert_eq!(
            said("https://web.archive.org/web/20161312093000/http://example.org/"),
            CaptureError::Impossible("20161312093000".to_owned())
        );
        assert_eq!(
            said("https://web.archive.org/web/20161212093000/"),
            CaptureError::NoOriginal
        );
        assert_eq!(
            said("https://archive.ph/newest/http://example.org/"),
            CaptureError::NotOne
        );
        assert!(matches!(
            said("web.archive.org/web/20161212093000/x"),
            CaptureError::Address(_)
        ));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "(https?://)?(web\\.archive\\.org/web/)?[0-9a-z_*é%./:?#&=@\\[\\]]{0,60}") {
            if let Ok(capture) = Capture::parse(&text) {
                let _ = (capture.page(), capture.unrewritten());
            }
            if let Ok(one) = Address::parse(&text) {
                prop_assert_eq!(one.compare(&one), Tier::Same);
                prop_assert!(Address::parse(one.0.as_str()).is_ok_and(|again| again.key() == one.key()));
            }
        }
    }
}
