//! `tiketi dlq list` and `tiketi dlq replay`.

use std::process::ExitCode;

use anyhow::bail;
use tiketi_engine::ports::{DeadLetter, DeadLetters, StreamError};

use super::{COMMAND, FOUND, say};
use crate::bootstrap::dead_letters;
use crate::cli::{Dlq, Settings};
use crate::config::Config;

pub(super) async fn run(args: Dlq) -> anyhow::Result<ExitCode> {
    match args {
        Dlq::List { limit, settings } => {
            for letter in open(&settings).await?.list(limit).await? {
                say(shown(&letter))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Dlq::Replay { positions, all, settings } => {
            let dead = open(&settings).await?;
            let mut letters = dead.list(usize::MAX).await?;
            if !all {
                letters = chosen(letters, &positions)?;
            }
            replay(&*dead, &letters).await
        }
    }
}

async fn open(settings: &Settings) -> anyhow::Result<Box<dyn DeadLetters>> {
    dead_letters(&Config::load_checked(settings)?, COMMAND).await
}

/// One line: position, event, record, when it was buried, and why.
fn shown(letter: &DeadLetter) -> String {
    let unknown = || "-".to_owned();
    let event = letter.event.map_or_else(unknown, |event| event.to_string());
    let seq = letter.seq.map_or_else(unknown, |seq| seq.0.to_string());
    format!("{}\t{event}\t{seq}\t{}\t{}", letter.position, letter.buried_at, letter.reason)
}

fn chosen(letters: Vec<DeadLetter>, positions: &[String]) -> anyhow::Result<Vec<DeadLetter>> {
    let there = |position: &&String| letters.iter().any(|letter| letter.position == **position);
    if let Some(missing) = positions.iter().find(|position| !there(position)) {
        bail!("there is no dead letter {missing}; `tiketi dlq list` says which there are");
    }
    Ok(letters.into_iter().filter(|letter| positions.contains(&letter.position)).collect())
}

/// Replays letters one by one; those that name no record stay where they are.
async fn replay(dead: &dyn DeadLetters, letters: &[DeadLetter]) -> anyhow::Result<ExitCode> {
    let mut refused = 0;
    for letter in letters {
        match dead.replay(std::slice::from_ref(letter)).await {
            Ok(()) => say(format!("replayed {}", letter.position))?,
            Err(StreamError::Refused(reason)) => {
                say(format!("NOT REPLAYED {}: {reason}", letter.position))?;
                refused += 1;
            }
            Err(error) => return Err(error.into()),
        }
    }
    say(format!("{} of {} replayed", letters.len() - refused, letters.len()))?;
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}
