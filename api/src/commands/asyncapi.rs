//! `tiketi asyncapi`.

use std::process::ExitCode;

use super::say;
use crate::asyncapi::description;

pub(super) fn run() -> anyhow::Result<ExitCode> {
    say(format!("{:#}", description()))?;
    Ok(ExitCode::SUCCESS)
}
