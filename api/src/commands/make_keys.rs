//! `tiketi make-keys`.

use std::path::Path;
use std::process::ExitCode;

use super::say;
use crate::auth::keys::{KeyFolder, NAMES};

pub(super) fn run(folder: &Path) -> anyhow::Result<ExitCode> {
    for name in NAMES {
        KeyFolder::own(folder).load(name)?;
        say(folder.join(format!("{name}.key")).display())?;
    }
    Ok(ExitCode::SUCCESS)
}
