//! `tiketi openapi`.

use std::process::ExitCode;

use super::say;
use crate::http::api;

pub(super) fn run() -> anyhow::Result<ExitCode> {
    let (_, described) = api();
    say(described.to_pretty_json()?)?;
    Ok(ExitCode::SUCCESS)
}
