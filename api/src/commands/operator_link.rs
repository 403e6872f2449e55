//! `tiketi operator-link`.

use std::process::ExitCode;

use tiketi_engine::ports::Clock as _;

use super::{COMMAND, say};
use crate::bootstrap::Store;
use crate::cli::OperatorLink;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::http::setup_link;

pub(super) async fn run(args: OperatorLink) -> anyhow::Result<ExitCode> {
    let config = Config::load_checked(&args.settings)?;
    let store = Store::open(&config, COMMAND).await?;
    let operators_url = match config.operators_url() {
        "" => format!("http://{}", config.operators_listen.unwrap_or(config.listen)),
        url => url.to_owned(),
    };
    let now = SystemClock::start().now();
    let link = setup_link(&*store.accounts, args.role.into(), &operators_url, now).await?;
    store.close().await;
    say(link)?;
    Ok(ExitCode::SUCCESS)
}
