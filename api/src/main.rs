//! Parses the command line and runs one command.

use std::process::ExitCode;

use clap::Parser;
use tiketi::cli::Cli;
use tiketi::commands;

fn main() -> ExitCode {
    match commands::run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => commands::report(&error),
    }
}
