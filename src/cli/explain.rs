//! `explain`: the page of a rule, from the rule's own file.

use clap::Args;

use super::Outcome;
use super::terminal::Terminal;
use crate::checks::{self, Rule};
use crate::config::Selector;
use crate::error::{Error, Result};
use crate::report::rule_page::page;

#[derive(Args)]
pub(super) struct ExplainArgs {
    /// The rules
    #[arg(value_name = "RULE", required = true)]
    rules: Vec<String>,
}

pub(super) fn run(args: &ExplainArgs, terminal: &Terminal) -> Result<Outcome> {
    let rules = args.rules.iter().map(|id| rule(id)).collect::<Result<Vec<_>>>()?;
    let pages: Vec<String> = rules.into_iter().map(page).collect();
    terminal.print(|out| write!(out, "{}", pages.join("\n")))?;
    Ok(Outcome::Clean)
}

fn rule(id: &str) -> Result<&'static Rule> {
    if let Some(check) = checks::find(id) {
        return Ok(check.rule());
    }
    let message = match id.parse::<Selector>() {
        Err(message) => message.replace("rule, family or severity", "rule"),
        Ok(_) => format!("`{id}` names several rules; `vidimus rules` lists them"),
    };
    Err(Error::Usage(message))
}
