//! `tiketi top`: what the pages for operators show, in a terminal, or once as text.
//!
//! A page is one file: what it asks for and how that is shown, in the words of the dashboard. It knows
//! no terminal. Start at [`source`], which has them all.

mod actor;
mod actors;
mod audit_log;
mod draw;
mod figures;
mod keys;
mod nodes;
mod overview;
mod past;
mod question;
mod sale;
mod screen;
mod session;
mod settings;
mod sheet;
mod source;
mod streams;

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use self::question::Question;
use self::session::Session;
use self::source::Watched;
use super::say;
use crate::cli::Top;

pub(super) async fn run(args: Top) -> anyhow::Result<ExitCode> {
    let session = Session::new(&args)?;
    let question = Question::of(args.page, args.event);
    // What is wrong with the address or the account is said before a screen is taken.
    let mut watched = Watched::begin(&session, &question).await?;
    if io::stdout().is_terminal() {
        screen::run(&session, question, watched).await?;
    } else {
        say(watched.next().await?.to_string().trim_end())?;
    }
    Ok(ExitCode::SUCCESS)
}
