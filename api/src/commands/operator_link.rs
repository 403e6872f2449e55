//! `tiketi operator-link`.

use std::process::ExitCode;

use super::{COMMAND, say};
use crate::bootstrap::{Store, setup_link};
use crate::cli::Settings;
use crate::config::Config;

pub(super) async fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    let config = Config::load_checked(&settings)?;
    let store = Store::open(&config, COMMAND).await?;
    let operators_url = match config.operators_url() {
        "" => format!("http://{}", config.operators_listen.unwrap_or(config.listen)),
        url => url.to_owned(),
    };
    let link = setup_link(&*store.accounts, &operators_url).await?;
    store.close().await;
    say(link)?;
    Ok(ExitCode::SUCCESS)
}
