//! `completions` and `man`: what shells and readers of manuals want, from the same definition as `--help`.

use std::fs;
use std::path::PathBuf;

use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::{Generator, Shell};

use super::terminal::Terminal;
use super::{Cli, Outcome};
use crate::error::{Error, Result};

#[derive(Args)]
pub(super) struct CompletionsArgs {
    /// For which shell
    #[arg(value_enum)]
    shell: ShellName,
}

#[derive(Clone, Copy, ValueEnum)]
enum ShellName {
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Nushell,
}

/// Runs `completions`.
pub(super) fn completions(args: &CompletionsArgs, terminal: &Terminal) -> Result<Outcome> {
    let script = match args.shell {
        ShellName::Bash => script(Shell::Bash),
        ShellName::Zsh => script(Shell::Zsh),
        ShellName::Fish => script(Shell::Fish),
        ShellName::PowerShell => script(Shell::PowerShell),
        ShellName::Nushell => script(clap_complete_nushell::Nushell),
    };
    terminal.print(|out| out.write_all(&script))?;
    Ok(Outcome::Clean)
}

fn script(generator: impl Generator) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(generator, &mut Cli::command(), "vidimus", &mut script);
    script
}

#[derive(Args)]
pub(super) struct ManArgs {
    /// The folder that gets a page for the program and one for each command; without it the first is printed
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// `vidimus help COMMAND` is no command of its own, and has no page.
fn without_help(command: clap::Command) -> clap::Command {
    command.disable_help_subcommand(true).mut_subcommands(without_help)
}

/// Runs `man`.
pub(super) fn man(args: &ManArgs, terminal: &Terminal) -> Result<Outcome> {
    let mut command = without_help(Cli::command());
    command.build();
    let failed = |error| Error::io("write", "the pages of the manual", error);
    let Some(folder) = &args.folder else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page).map_err(failed)?;
        terminal.print(|out| out.write_all(&page))?;
        return Ok(Outcome::Clean);
    };
    fs::create_dir_all(folder).map_err(|error| Error::io("make", folder, error))?;
    clap_mangen::generate_to(command, folder).map_err(failed)?;
    Ok(Outcome::Clean)
}
