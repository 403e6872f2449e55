//! Parses the command line and does what it says.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use tiketi_bench::cli::Cli;
use tiketi_bench::exit;

fn main() -> anyhow::Result<ExitCode> {
    let Err(error) = tokio::runtime::Runtime::new()?.block_on(Cli::parse().run()) else {
        return Ok(ExitCode::SUCCESS);
    };
    let Some(code) = exit::code(&error) else { return Err(error) };
    writeln!(io::stderr(), "{error}")?;
    Ok(ExitCode::from(code))
}
