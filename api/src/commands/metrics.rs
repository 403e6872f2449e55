//! `tiketi metrics`.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::metrics::page;

pub(super) fn run() -> anyhow::Result<ExitCode> {
    io::stdout().write_all(page()?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
