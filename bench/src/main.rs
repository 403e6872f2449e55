//! Parses the command line and does what it says.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use tiketi_bench::audit::Found;
use tiketi_bench::cli::Cli;
use tiketi_bench::compare::Differs;
use tiketi_bench::load::open::FellBehind;

/// What was measured is not what was asked for: the generator fell behind.
const INVALID: u8 = 3;
/// Clients were told something else than the journal says.
const FOUND: u8 = 4;
/// Two reports differ.
const DIFFERS: u8 = 5;

fn main() -> anyhow::Result<ExitCode> {
    match tokio::runtime::Runtime::new()?.block_on(Cli::parse().run()) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) if error.is::<FellBehind>() => {
            writeln!(io::stderr(), "{error}")?;
            Ok(ExitCode::from(INVALID))
        }
        Err(error) if error.is::<Found>() => {
            writeln!(io::stderr(), "{error}")?;
            Ok(ExitCode::from(FOUND))
        }
        Err(error) if error.is::<Differs>() => {
            writeln!(io::stderr(), "{error}")?;
            Ok(ExitCode::from(DIFFERS))
        }
        Err(error) => Err(error),
    }
}
