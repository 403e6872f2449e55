//! `tiketi-bench audit`: holds what every client of a run was told against the journal.
//!
//! `tiketi audit` holds a journal against the rules; this holds it against what left the house.
//! Start at [`judge()`]. It knows the records and the ids on the wire, and nothing of the engine
//! that wrote them.

mod books;
#[cfg(test)]
mod fake;
mod findings;
mod history;
pub(crate) mod journal;
mod judge;

use std::fs::File;
use std::io::{self, BufReader, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::ports::NodeId;
use tiketi_persistence::embedded;
use tiketi_persistence::postgres::{self, PostgresConfig};

pub use self::findings::{Finding, Findings, Kind};
pub use self::history::{AckedHold, AckedOrder, AckedReturn, History, Moment, ToldPlace, moment};
use self::journal::Durable;
pub use self::judge::judge;

/// What to audit.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What clients were told: JSON, one file for each process that drove some of them.
    #[arg(long, required = true, num_args = 1..)]
    pub history: Vec<PathBuf>,
    /// The event's id.
    #[arg(long)]
    pub event: String,
    /// Where the journal is: a Postgres URL, or the file of a node that is alone.
    #[arg(long)]
    pub database: String,
}

/// What clients were told and the journal differ: findings were printed.
#[derive(Debug, thiserror::Error)]
#[error("{0} findings in the audit")]
pub struct Found(pub(crate) usize);

/// Prints one line for each finding.
///
/// # Errors
/// [`Found`] if there is a finding; others if a history or the journal cannot be read.
pub async fn run(args: &Args) -> anyhow::Result<()> {
    let event: EventId =
        args.event.parse().with_context(|| format!("{} is not an event id", args.event))?;
    let mut history = History::default();
    for file in &args.history {
        history.merge(read(file)?);
    }
    let durable = journal_at(&args.database, event).await?;
    ensure!(!durable.records.is_empty(), "the journal of {event} is empty");
    let findings = judge(&history, &durable.records);
    let mut out = io::stdout();
    writeln!(out, "{} acknowledgements, {} records", findings.acked, durable.records.len())?;
    for finding in &findings.all {
        writeln!(out, "FOUND {finding}")?;
    }
    match findings.all.len() {
        0 => Ok(writeln!(out, "clients and journal agree")?),
        many => Err(Found(many).into()),
    }
}

fn read(file: &Path) -> anyhow::Result<History> {
    let open = File::open(file).with_context(|| format!("open {}", file.display()))?;
    serde_json::from_reader(BufReader::new(open))
        .with_context(|| format!("{} is not a history", file.display()))
}

/// Reads a journal: from a Postgres URL, or the file of a node that is alone.
///
/// # Errors
/// If it cannot be read, or is not whole.
pub(crate) async fn journal_at(database: &str, event: EventId) -> anyhow::Result<Durable> {
    if !database.starts_with("postgres") {
        ensure!(Path::new(database).exists(), "there is no file {database}");
        let store = embedded(Path::new(database)).await?;
        let durable = Durable::read(&store, event).await;
        store.close().await;
        return durable;
    }
    let store = postgres::open(&PostgresConfig::new(database), NodeId(rand::random())).await?;
    let durable = Durable::read(&store, event).await;
    store.close().await;
    durable
}
