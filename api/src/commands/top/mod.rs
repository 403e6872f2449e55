//! `tiketi top`: what the pages for operators show, in a terminal, or once as text.

mod screen;
mod sheet;
mod source;

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use self::source::Source;
use super::say;
use crate::cli::Top;

pub(super) async fn run(args: Top) -> anyhow::Result<ExitCode> {
    let source = Source::new(&args)?;
    if io::stdout().is_terminal() {
        screen::run(source, args.page).await?;
    } else {
        let question = source::Question { page: args.page, ..source::Question::default() };
        let sheet = source.watch(&question).await?.next().await?;
        say(sheet.to_string().trim_end())?;
    }
    Ok(ExitCode::SUCCESS)
}
