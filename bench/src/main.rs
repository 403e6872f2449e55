//! Parses the command line and does what it says.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use tiketi_bench::audit::Found;
use tiketi_bench::cli::Cli;
use tiketi_bench::compare::Differs;
use tiketi_bench::load::open::FellBehind;
use tiketi_bench::scenario::{Broken, Interrupted};
use tiketi_bench::signals::Ended;

/// What was measured is not what was asked for: the generator fell behind.
const INVALID: u8 = 3;
/// Clients were told something else than the journal says.
const FOUND: u8 = 4;
/// Two reports differ.
const DIFFERS: u8 = 5;
/// A threshold of a scenario was broken.
const BROKEN: u8 = 6;
/// A scenario was ended before its time.
const EARLY: u8 = 7;
/// A signal ended the command: 128 and the number of SIGINT, as shells have it.
const ENDED: u8 = 130;

fn main() -> anyhow::Result<ExitCode> {
    let Err(error) = tokio::runtime::Runtime::new()?.block_on(Cli::parse().run()) else {
        return Ok(ExitCode::SUCCESS);
    };
    let code = match () {
        () if error.is::<FellBehind>() => INVALID,
        () if error.is::<Found>() => FOUND,
        () if error.is::<Differs>() => DIFFERS,
        () if error.is::<Broken>() => BROKEN,
        () if error.is::<Interrupted>() => EARLY,
        () if error.is::<Ended>() => ENDED,
        () => return Err(error),
    };
    writeln!(io::stderr(), "{error}")?;
    Ok(ExitCode::from(code))
}
