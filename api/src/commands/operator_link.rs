//! `tiketi operator-link`.

use std::process::ExitCode;

use super::say;
use crate::bootstrap::{open_store, setup_link};
use crate::cli::Settings;
use crate::config::Config;

pub(super) async fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    let config = Config::load(&settings)?;
    let store = open_store(&config).await?;
    let public_url = match config.public_url.as_str() {
        "" => format!("http://{}", config.listen),
        url => url.to_owned(),
    };
    let link = setup_link(&store, &public_url).await?;
    store.close().await;
    say(link)?;
    Ok(ExitCode::SUCCESS)
}
