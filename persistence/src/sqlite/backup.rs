//! A copy of a file in use, and a copy put in a file's place.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, Row};
use tiketi_engine::domain::ids::EventId;

use super::{BUSY_TIMEOUT, Embedded};

/// By how much a restore raises each fence: more often than an event is taken over between a back-up
/// and its restore.
const FENCE_LEAP: i64 = 1 << 20;
/// Every event that has a journal, and its fence; not what was buried, which nobody ever owns.
const OWNERS: &str = "
    SELECT event, fence FROM sales_owner WHERE fence < 9223372036854775807 ORDER BY event";
/// How long to wait between two looks at whether a file is still open elsewhere.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(20);

/// Why a file was not copied, checked or put in place.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A process has it open.
    #[error("{0} is in use: stop the server first")]
    InUse(PathBuf),
    /// SQLite found damage in it.
    #[error("{path} is damaged: {found}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// The first of what SQLite found.
        found: String,
    },
    /// SQLite could not read or write it.
    #[error("cannot use {path}: {source}")]
    Sqlite {
        /// Which file.
        path: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// It could not be read, written or named.
    #[error("cannot use {path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What was put in place of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The file that was there before, under its new name.
    pub kept: Option<PathBuf>,
    /// Every event with a journal, and its fence now.
    pub fences: Vec<(EventId, u64)>,
}

/// Held by whoever has a data file open; alone, by whoever replaces it.
pub(super) fn lock(file: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).open(file.with_extension("lock"))
}

impl Embedded {
    /// Writes what is committed at one moment to a new file, and brings it to the disk; readers and
    /// writers go on meanwhile.
    ///
    /// # Errors
    /// [`BackupError`]; what was written is no back-up then.
    pub async fn copy_to(&self, copy: &Path) -> Result<(), BackupError> {
        let path = std::path::absolute(copy).map_err(|source| at_file(copy, source))?;
        sqlx::query("VACUUM INTO ?")
            .bind(path.to_string_lossy())
            .execute(&self.readers)
            .await
            .map_err(|source| at_sqlite(copy, source))?;
        // SQLite leaves it to the caller.
        sync(copy)
    }

    /// Every event that has a journal.
    ///
    /// # Errors
    /// [`sqlx::Error`] if the file cannot be read.
    pub async fn journals(&self) -> Result<Vec<EventId>, sqlx::Error> {
        let rows = sqlx::query(OWNERS).fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok(event(row.try_get(0)?))).collect()
    }
}

/// Lets SQLite check a whole file that nobody else uses, and leaves all of it in that one file.
///
/// # Errors
/// [`BackupError::Damaged`] if a check fails; [`BackupError::InUse`] if it stays open elsewhere.
pub async fn check_file(file: &Path) -> Result<(), BackupError> {
    let mut connection = fold(file).await?;
    let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut connection)
        .await
        .map_err(|source| at_sqlite(file, source))?;
    connection.close().await.map_err(|source| at_sqlite(file, source))?;
    if found == "ok" { sync(file) } else { Err(BackupError::Damaged { path: file.into(), found }) }
}

/// Puts a checked copy, in the same folder or below, in place of a data file that nobody uses. The
/// old file is kept under another name beside it. Every fence is raised above those of both files,
/// so that no owner from before the restore can append, and viewers take no old frame for a new one.
///
/// # Errors
/// [`BackupError::InUse`] if a process has the file open; nothing was replaced after any error but
/// one while the folder is brought to the disk.
pub async fn put_in_place(copy: &Path, file: &Path) -> Result<Replaced, BackupError> {
    let alone = lock(file).map_err(|source| at_file(file, source))?;
    alone.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => BackupError::InUse(file.into()),
        TryLockError::Error(source) => at_file(file, source),
    })?;
    let there = file.try_exists().map_err(|source| at_file(file, source))?;
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    if !there && Path::new(&log).exists() {
        let source = io::Error::other("its file is missing; move it away first");
        return Err(at_file(Path::new(&log), source));
    }
    let old = if there { old_fences(file).await? } else { BTreeMap::new() };
    let fences = raise(copy, &old).await.map_err(|source| at_sqlite(copy, source))?;
    check_file(copy).await?;
    // A second name for the old file first: at every moment there is a whole file in place.
    let kept = if there { Some(keep(file)?) } else { None };
    fs::rename(copy, file).map_err(|source| at_file(file, source))?;
    sync_folder_of(file)?;
    Ok(Replaced { kept, fences })
}

/// Opens a file, once nobody else has it open, and takes its log into it.
async fn fold(file: &Path) -> Result<SqliteConnection, BackupError> {
    let at = |source| at_sqlite(file, source);
    let options = SqliteConnectOptions::new().filename(file).disable_statement_logging();
    let mut connection = options.connect().await.map_err(at)?;
    let since = Instant::now();
    // SQLite leaves WAL mode only for a connection that is the only one.
    loop {
        let left = sqlx::query_scalar::<_, String>("PRAGMA journal_mode = DELETE")
            .fetch_one(&mut connection)
            .await;
        match left {
            Ok(mode) if mode == "delete" => return Ok(connection),
            Err(error) if !is_busy(&error) => return Err(at(error)),
            _ if since.elapsed() > BUSY_TIMEOUT => return Err(BackupError::InUse(file.into())),
            _ => tokio::time::sleep(LOOK_AGAIN_AFTER).await,
        }
    }
}

async fn old_fences(file: &Path) -> Result<BTreeMap<i64, i64>, BackupError> {
    let at = |source| at_sqlite(file, source);
    let mut connection = fold(file).await?;
    let fences = sqlx::query_as(OWNERS).fetch_all(&mut connection).await.map_err(at)?;
    connection.close().await.map_err(at)?;
    Ok(fences.into_iter().collect())
}

async fn raise(copy: &Path, old: &BTreeMap<i64, i64>) -> Result<Vec<(EventId, u64)>, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(copy).disable_statement_logging();
    let mut connection = options.connect().await?;
    let mut transaction = connection.begin().await?;
    let owners: Vec<(i64, i64)> = sqlx::query_as(OWNERS).fetch_all(&mut *transaction).await?;
    let mut fences = Vec::with_capacity(owners.len());
    for (number, fence) in owners {
        let raised = old.get(&number).map_or(fence, |old| fence.max(*old)) + FENCE_LEAP;
        sqlx::query("UPDATE sales_owner SET fence = ? WHERE event = ?")
            .bind(raised)
            .bind(number)
            .execute(&mut *transaction)
            .await?;
        fences.push((event(number), raised.cast_unsigned()));
    }
    transaction.commit().await?;
    connection.close().await?;
    Ok(fences)
}

/// Gives a file a second name beside it: the first that is free.
fn keep(file: &Path) -> Result<PathBuf, BackupError> {
    let mut number = 1;
    loop {
        let kept = file.with_extension(format!("db.old-{number}"));
        match fs::hard_link(file, &kept) {
            Ok(()) => return Ok(kept),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(source) => return Err(at_file(&kept, source)),
        }
    }
}

/// Brings a file and its name to the disk.
fn sync(file: &Path) -> Result<(), BackupError> {
    File::open(file).and_then(|file| file.sync_all()).map_err(|source| at_file(file, source))?;
    sync_folder_of(file)
}

/// Brings the names in a file's folder to the disk.
///
/// # Errors
/// [`BackupError::File`].
pub fn sync_folder_of(file: &Path) -> Result<(), BackupError> {
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| at_file(folder, source))
}

fn event(number: i64) -> EventId {
    EventId::new(number.cast_unsigned())
}

fn is_busy(error: &sqlx::Error) -> bool {
    // SQLITE_BUSY, whatever its extension.
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 5)
}

fn at_sqlite(path: &Path, source: sqlx::Error) -> BackupError {
    BackupError::Sqlite { path: path.into(), source }
}

fn at_file(path: &Path, source: io::Error) -> BackupError {
    BackupError::File { path: path.into(), source }
}
