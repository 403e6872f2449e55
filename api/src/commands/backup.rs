//! `tiketi backup` and `tiketi restore`: the embedded database as one file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use tiketi_engine::domain::ids::EventId;
use tiketi_persistence::{check_file, embedded, put_in_place, sync_folder_of};

use super::audit::audit;
use super::{FOUND, say};
use crate::bootstrap::Store;
use crate::cli::{Backup, Settings};
use crate::config::Config;

pub(super) async fn back_up(args: &Backup) -> anyhow::Result<ExitCode> {
    let config = alone(&args.settings)?;
    let database = config.database();
    if !database.try_exists()? {
        bail!("there is no {} to back up", database.display());
    }
    if args.file.try_exists()? {
        bail!("{} exists already: a back-up replaces nothing", args.file.display());
    }
    let draft = Draft::beside(&args.file)?;
    let store = embedded(&database).await?;
    let copied = store.copy_to(&draft.file).await;
    store.close().await;
    copied?;
    if !is_sound(&draft.file).await? {
        return Ok(ExitCode::from(FOUND));
    }
    // Unlike a rename, a link never replaces a file.
    fs::hard_link(&draft.file, &args.file)
        .with_context(|| format!("cannot make {}", args.file.display()))?;
    sync_folder_of(&args.file)?;
    say(format!("{} holds everything but keys and settings", args.file.display()))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn restore(args: &Backup) -> anyhow::Result<ExitCode> {
    let config = alone(&args.settings)?;
    let database = config.database();
    fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot make the data folder {}", config.data_dir.display()))?;
    let draft = Draft::beside(&database)?;
    fs::copy(&args.file, &draft.file)
        .with_context(|| format!("cannot copy {}", args.file.display()))?;
    if !is_sound(&draft.file).await? {
        return Ok(ExitCode::from(FOUND));
    }
    let replaced = put_in_place(&draft.file, &database).await?;
    if let Some(kept) = &replaced.kept {
        say(format!("what was there is now {}", kept.display()))?;
    }
    for (event, fence) in &replaced.fences {
        say(format!("{event}: fence {fence}"))?;
    }
    say(format!("{} is what {} holds", database.display(), args.file.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// The settings of a server that keeps everything in one file.
fn alone(settings: &Settings) -> anyhow::Result<Config> {
    let config = Config::load_checked(settings)?;
    if config.cluster.is_given() {
        bail!("a cluster keeps its data in Postgres: use the back-up of Postgres");
    }
    Ok(config)
}

/// Lets SQLite check a copy and the auditor every journal in it; says what they found.
async fn is_sound(copy: &Path) -> anyhow::Result<bool> {
    check_file(copy).await?;
    let file = embedded(copy).await?;
    let store = Store::of_file(file.clone());
    let violations = audit_all(&store, file.journals().await?).await;
    store.close().await;
    drop((store, file));
    // The audit opened it in WAL mode: one file again.
    check_file(copy).await?;
    Ok(violations? == 0)
}

async fn audit_all(store: &Store, events: Vec<EventId>) -> anyhow::Result<usize> {
    let mut violations = 0;
    for event in events {
        let (report, _, faults) =
            audit(store, event).await.with_context(|| format!("cannot audit {event}"))?;
        for fault in &faults {
            say(format!("VIOLATION {event}: {fault}"))?;
        }
        say(format!("{event}: {} records, {} violations", report.records, faults.len()))?;
        violations += faults.len();
    }
    Ok(violations)
}

/// A folder beside a file, for what is not yet good enough to have its name; gone afterwards.
struct Draft {
    folder: PathBuf,
    file: PathBuf,
}

impl Draft {
    fn beside(file: &Path) -> anyhow::Result<Self> {
        let mut folder = file.as_os_str().to_owned();
        folder.push(".partial");
        let folder = PathBuf::from(folder);
        fs::create_dir(&folder).with_context(|| {
            format!(
                "cannot make {}: if it is there and no other command writes it, remove it",
                folder.display()
            )
        })?;
        Ok(Self { file: folder.join("copy.db"), folder })
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            tracing::warn!(%error, folder = %self.folder.display(), "a draft was left");
        }
    }
}
