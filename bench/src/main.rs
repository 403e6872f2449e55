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
    // Never a backtrace, whatever the environment says: what went wrong is the last that is read.
    writeln!(io::stderr(), "{error:#}")?;
    Ok(exit::code(&error).map_or(ExitCode::FAILURE, ExitCode::from))
}
