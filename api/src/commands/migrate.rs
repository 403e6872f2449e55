//! `tiketi migrate`.

use std::process::ExitCode;

use anyhow::bail;
use tiketi_persistence::postgres;

use super::say;
use crate::bootstrap::postgres_config;
use crate::cli::Settings;
use crate::config::Config;

pub(super) async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let config = Config::load(settings)?;
    if config.cluster.postgres_url.expose().is_empty() {
        bail!("set cluster.postgres_url; a node that runs alone migrates its file when it starts");
    }
    postgres::migrate(&postgres_config(&config.cluster)).await?;
    say("every schema is up to date")?;
    Ok(ExitCode::SUCCESS)
}
