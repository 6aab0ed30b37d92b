//! `provenance/invalid-url`: an address that leads nowhere.

use crate::address::{Address, AddressError, Doubt};
use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Location, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct InvalidUrl;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/invalid-url",
    severity: Severity::Error,
    summary: "an address in a source that leads nowhere, or not for everybody",
    settings: &[],
    docs: "\
## What it does
Reads `url`, `canonical_url` and each `via` of a source. An error is what is no absolute address with a host: no scheme,
white space, `javascript:`, `file:`. A warning is a sound address that is a poor record: one with a password, one whose host is
known on one machine or network only, one that was cut short. Letters of any script may stand in an address.

`archive.url` is read by `provenance/invalid-archive-url`.

## Why it matters
A browser mends many of these without a word, another browser in another way, and a program not at all. A record of origin
has to lead to the same page for everybody, for long.

## Example
```yaml
source: {url: www.example.org/a, retrieved_at: 2025-03-13}
```

## What to do
Write the address out, as the address line of a browser gives it when it is copied.
",
};

impl Check for InvalidUrl {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for entry in &survey.manifest.entries {
            let addresses = entry.source.iter().flat_map(|source| source.addresses());
            findings.extend(addresses.filter_map(|(key, url)| {
                let finding = judge(key, &url.value, survey.at(entry, url.span))?;
                Some(finding.evidence("key", format!("source.{key}")))
            }));
        }
    }
}

fn judge(key: &str, url: &str, place: Location) -> Option<Finding> {
    let address = match Address::parse(url) {
        Ok(address) => address,
        Err(error) => return Some(RULE.finding(place, format!("`{key}` {error}")).help(mend(url, &error))),
    };
    let (message, help) = match address.doubt(url)? {
        Doubt::Password => (
            "holds a password",
            "take the password out, and change it: it has been published",
        ),
        Doubt::Private => (
            "has a host that is known on one machine or network only",
            "record the address by which others reach the page, or an `origin` of kind `local`",
        ),
        Doubt::Shortened => ("was cut short: it ends with an ellipsis", "copy the whole address"),
    };
    let finding = RULE.finding(place, format!("`{key}` {message}"));
    Some(finding.severity(Severity::Warning).help(help))
}

/// What to write in place of what is no address.
fn mend(url: &str, error: &AddressError) -> String {
    let whole = format!("https://{}", url.trim_start_matches('/'));
    match error {
        AddressError::Empty => "write the address, or remove the key".to_owned(),
        AddressError::Space => "copy the address again; a space inside it is written `%20`".to_owned(),
        AddressError::NoScheme if whole.contains('.') && Address::parse(&whole).is_ok() => {
            format!("write {whole} or, where it was retrieved so, http://")
        }
        AddressError::Scheme(scheme) if scheme == "doi" => format!("write https://doi.org/{}", &url["doi:".len()..]),
        AddressError::Scheme(scheme) if scheme == "file" => {
            "record where the file came from, or an `origin` of kind `local`".to_owned()
        }
        _ => "write an absolute address: https://example.org/page".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_mends() {
        let help = |url: &str| mend(url, &Address::parse(url).expect_err("no address"));
        assert!(help("www.example.org/a").starts_with("write https://www.example.org/a "));
        assert!(help("//example.org/a").starts_with("write https://example.org/a "));
        assert_eq!(help("doi:10.1000/x"), "write https://doi.org/10.1000/x");
        assert_eq!(help("DOI:10.1000/x"), "write https://doi.org/10.1000/x");
        assert!(help("unknown").starts_with("write an absolute"));
    }
}
