//! Everything in one SQLite file.
//!
//! One connection writes, in WAL mode with `synchronous = FULL`: what is committed survives a power
//! cut. A small pool reads. A second process (a command beside the running server) may write too;
//! it waits for its turn.

mod accounts;
mod audit_log;
mod backup;
mod catalog;
mod journal;
mod ledger;
mod payment_log;
mod rehearsals;
mod relay;
mod roster;
mod stats;

use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, SqliteTransaction};
use tokio::sync::{Mutex, MutexGuard};

pub use backup::{BackupError, Replaced, check_file, put_in_place, sync_folder_of};

static MIGRATOR: Migrator = sqlx::migrate!("migrations/sqlite");

/// Connections that read.
const READERS: u32 = 4;
/// How long a statement waits for another process to finish writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// All ports over one file. Clones share the connections.
#[derive(Clone)]
pub struct Embedded {
    writer: Arc<Mutex<SqliteConnection>>,
    readers: SqlitePool,
    /// Shared by all that have the file open: while it is held, nobody replaces the file.
    _in_use: Arc<File>,
}

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be opened or created.
    #[error("cannot open {path}: {source}")]
    Open {
        /// Which file.
        path: String,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// Another file is being put in its place.
    #[error("{0} is being restored: try again when that is done")]
    Restoring(String),
    /// Its tables were made by a newer release, or a migration failed.
    #[error("cannot bring {path} to this release's schema: {source}")]
    Migrate {
        /// Which file.
        path: String,
        /// What went wrong.
        source: MigrateError,
    },
}

/// Opens a file, making it if it is not there, and brings its schema up to date.
///
/// # Errors
/// [`OpenError`].
pub async fn embedded(file: &Path) -> Result<Embedded, OpenError> {
    let path = file.display().to_string();
    let at_open = |source| OpenError::Open { path: path.clone(), source };
    let in_use = backup::lock(file).map_err(|error| at_open(error.into()))?;
    in_use.try_lock_shared().map_err(|error| match error {
        TryLockError::WouldBlock => OpenError::Restoring(path.clone()),
        TryLockError::Error(error) => at_open(error.into()),
    })?;
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging();
    let mut writer = options.connect().await.map_err(at_open)?;
    MIGRATOR
        .run(&mut writer)
        .await
        .map_err(|source| OpenError::Migrate { path: path.clone(), source })?;
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .test_before_acquire(false)
        .connect_with(options.read_only(true))
        .await
        .map_err(at_open)?;
    Ok(Embedded { writer: Arc::new(Mutex::new(writer)), readers, _in_use: Arc::new(in_use) })
}

impl Embedded {
    async fn writer(&self) -> MutexGuard<'_, SqliteConnection> {
        self.writer.lock().await
    }

    /// Writes what the WAL has into the file and closes every connection.
    pub async fn close(&self) {
        self.readers.close().await;
        let mut writer = self.writer().await;
        if let Err(error) =
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *writer).await
        {
            tracing::warn!(%error, "the WAL was not written back; the next start does it");
        }
    }
}

/// Begins a transaction that holds the write lock from the start.
async fn begin(writer: &mut SqliteConnection) -> Result<SqliteTransaction<'_>, sqlx::Error> {
    writer.begin_with("BEGIN IMMEDIATE").await
}
