//! `tiketi operator-link`.

use std::process::ExitCode;

use super::{COMMAND, say};
use crate::bootstrap::{Store, setup_link};
use crate::cli::Settings;
use crate::config::Config;

pub(super) async fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    let config = Config::load_checked(&settings)?;
    let store = Store::open(&config, COMMAND).await?;
    let public_url = match config.public_url.as_str() {
        "" => format!("http://{}", config.listen),
        url => url.to_owned(),
    };
    let link = setup_link(&*store.accounts, &public_url).await?;
    store.close().await;
    say(link)?;
    Ok(ExitCode::SUCCESS)
}
