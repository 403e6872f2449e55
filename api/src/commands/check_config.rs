//! `tiketi check-config`.

use std::process::ExitCode;

use super::say;
use crate::cli::Settings;
use crate::config::Config;

pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let config = Config::load_checked(settings)?;
    say(format!("{config:#?}"))?;
    say("the configuration is complete")?;
    Ok(ExitCode::SUCCESS)
}
