//! `vidimus.check`.

use std::path::PathBuf;

use pyo3::prelude::*;
use vidimus::config::{self, Config, FailOn, Layer, Origin, Selector, Set};
use vidimus::corpus::Corpus;
use vidimus::date;
use vidimus::engine::{self, Options, Report};
use vidimus::error::{Error, Result};
use vidimus::report::{Format, Style};

use crate::watch::watched;
use crate::{VidimusError, raise};

/// What a check gives, as the library holds it.
#[pyclass(frozen)]
pub(crate) struct RawReport {
    report: Report,
    fail_on: FailOn,
}

#[pymethods]
impl RawReport {
    /// The report in a format of the command line.
    fn format(&self, name: &str) -> PyResult<Vec<u8>> {
        let names = || Format::ALL.map(|(name, _)| name).join(", ");
        let found = Format::ALL.into_iter().find(|(known, _)| *known == name);
        let (_, format) = found
            .ok_or_else(|| VidimusError::new_err(format!("there is no format `{name}`; there are {}", names())))?;
        let mut bytes = Vec::new();
        format
            .write(&self.report, Style::default(), &mut bytes)
            .map_err(|error| VidimusError::new_err(error.to_string()))?;
        Ok(bytes)
    }

    /// Whether a gate would let it pass: something was verified, and nothing was found that it fails on.
    fn passes(&self) -> bool {
        let fails = self.report.findings.iter().any(|finding| self.fail_on.takes(finding));
        !fails && self.report.summary.verified > 0
    }
}

/// What is asked for.
struct Wanted {
    manifest: PathBuf,
    paths: Vec<String>,
    select: Vec<Selector>,
    ignore: Vec<Selector>,
    fail_on: Option<FailOn>,
    config: Vec<String>,
    isolated: bool,
    today: Option<String>,
    threads: Option<usize>,
    fixity_only: bool,
}

/// Checks the corpus of a manifest.
#[pyfunction]
#[expect(
    clippy::too_many_arguments,
    reason = "they are named where they are given, in Python"
)]
pub(crate) fn check(
    py: Python<'_>,
    manifest: PathBuf,
    paths: Vec<String>,
    select: Vec<String>,
    ignore: Vec<String>,
    fail_on: Option<String>,
    config: Vec<String>,
    isolated: bool,
    today: Option<String>,
    threads: Option<usize>,
    fixity_only: bool,
) -> PyResult<RawReport> {
    let usage = |why: String| raise(&Error::Usage(why));
    let selectors =
        |names: Vec<String>| -> Result<Vec<Selector>, String> { names.iter().map(|name| name.parse()).collect() };
    let wanted = Wanted {
        manifest,
        paths,
        select: selectors(select).map_err(usage)?,
        ignore: selectors(ignore).map_err(usage)?,
        fail_on: fail_on.map(|what| what.parse()).transpose().map_err(usage)?,
        config,
        isolated,
        today,
        threads,
        fixity_only,
    };
    let (report, fail_on) = watched(py, |stop| {
        let config = wanted.config()?;
        let options = Options {
            stop: Some(stop),
            ..wanted.options(&config)?
        };
        let (_, report) = engine::check(&wanted.manifest, &options)?;
        Ok((report, config.fail_on.value))
    })?;
    Ok(RawReport { report, fail_on })
}

impl Wanted {
    /// What holds by files, and by what was given.
    fn config(&self) -> Result<Config> {
        let mut config = config::load(Corpus::root_of(&self.manifest), self.isolated, &self.config)?;
        let given = |list: &[Selector], name| {
            let set = Set {
                value: list.to_vec(),
                origin: Origin::Argument(name),
            };
            Some(set).filter(|set| !set.value.is_empty())
        };
        config.lay(Layer {
            select: given(&self.select, "select"),
            extend_ignore: given(&self.ignore, "ignore"),
            fail_on: self.fail_on.clone().map(|value| Set {
                value,
                origin: Origin::Argument("fail_on"),
            }),
            ..Layer::default()
        });
        Ok(config)
    }

    fn options(&self, config: &Config) -> Result<Options<'static>> {
        let today = self.today.as_deref().map(day).transpose()?;
        Ok(Options {
            only: self.paths.clone(),
            today: today.unwrap_or_else(date::today),
            threads: self.threads,
            fixity_only: self.fixity_only,
            describe: true,
            locate: true,
            ..Options::configured(config)?
        })
    }
}

fn day(text: &str) -> Result<jiff::civil::Date> {
    date::whole_day(text).map_err(|why| Error::Usage(format!("today is {text}: {why}")))
}
