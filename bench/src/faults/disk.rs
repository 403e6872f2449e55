//! A disk of our own with a Postgres on it: it can be full, and the power can go.
//!
//! A power cut is simulated: everything that writes is stopped at once, and what has reached the disk
//! is copied from behind the file system, past the cache of the machine. The copy is what a machine
//! would find that lost power then.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use tokio::process::Command;

use crate::cluster::free_address;

/// Bytes of the disk.
const SIZE: u64 = 512 * 1_024 * 1_024;

/// How often to look whether something has happened.
const LOOK: Duration = Duration::from_millis(20);
/// How long a segment of the log may take to be archived.
const ARCHIVED_WITHIN: Duration = Duration::from_mins(1);
/// How long what Postgres had may take until it can be removed.
const REMOVED_WITHIN: Duration = Duration::from_mins(1);
/// Seconds that Postgres may take to start: after a crash it syncs everything that it has.
const START_S: &str = "300";
/// How long it may take until it answers again.
const REVIVED_WITHIN: Duration = Duration::from_mins(6);

/// Whether this process may make disks.
pub(super) fn may_mount() -> bool {
    at_once("losetup", &["--find"])
}

/// A file system in a file, mounted. It goes when it goes out of scope.
#[derive(Debug)]
pub(super) struct Disk {
    folder: TempDir,
    device: String,
}

impl Disk {
    /// An empty one.
    ///
    /// # Errors
    /// If it cannot be made or mounted.
    pub(super) async fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let image = folder.path().join("image");
        std::fs::File::create(&image)?.set_len(SIZE)?;
        run("mkfs.ext4", [Path::new("-q"), &image]).await?;
        Self::mount(folder, &image).await
    }

    async fn mount(folder: TempDir, image: &Path) -> anyhow::Result<Self> {
        let show = ["--direct-io=on", "--find", "--show"].map(Path::new);
        let device = run("losetup", show.into_iter().chain([image])).await?.trim().to_owned();
        let disk = Self { folder, device };
        std::fs::create_dir_all(disk.path())?;
        // What nobody waits for gets to the disk late, and so not while it is copied.
        let late = ["-o", "commit=300"].map(Path::new);
        run("mount", late.into_iter().chain([Path::new(&disk.device), &disk.path()])).await?;
        // Postgres must be able to get there.
        run("chmod", [Path::new("755"), disk.folder.path()]).await?;
        Ok(disk)
    }

    /// Where it is mounted.
    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    /// What is on the disk at this moment, past every cache, mounted as another.
    ///
    /// # Errors
    /// If it cannot be copied.
    pub(super) async fn copy(&self) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let image = folder.path().join("image");
        let from = format!("if={}", self.folder.path().join("image").display());
        let to = format!("of={}", image.display());
        run("dd", [from.as_str(), &to, "bs=1M", "iflag=direct", "status=none"]).await?;
        Self::mount(folder, &image).await
    }

    /// Leaves no room; gives the file that takes it.
    pub(super) async fn fill(&self) -> PathBuf {
        let ballast = self.path().join("ballast");
        let to = format!("of={}", ballast.display());
        // It ends when there is no room left, which is what it is for.
        drop(run("dd", ["if=/dev/zero", &to, "bs=1M", "status=none"]).await);
        ballast
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let path = self.path().display().to_string();
        // As soon as the last file is closed.
        at_once("umount", &["--lazy", &path]);
        at_once("losetup", &["--detach", &self.device]);
    }
}

/// A Postgres whose data is on a disk of ours. It is killed when it goes out of scope.
#[derive(Debug)]
pub(super) struct DiskPostgres {
    bin: PathBuf,
    data: PathBuf,
    address: SocketAddr,
    /// Whether it waits for the disk.
    syncs: bool,
}

impl DiskPostgres {
    /// A new one, running; it waits for the disk, or only for the cache of the machine.
    ///
    /// # Errors
    /// If Postgres is not installed or does not start.
    pub(super) async fn new(disk: &Disk, syncs: bool) -> anyhow::Result<Self> {
        let root = disk.path();
        run("chown", [Path::new("postgres"), &root]).await?;
        let mut postgres = Self::on(disk)?;
        postgres.syncs = syncs;
        let data = postgres.data.display().to_string();
        let initdb = postgres.bin.join("initdb").display().to_string();
        as_postgres(["mkdir", &postgres.beside("archive")]).await?;
        as_postgres([&initdb, "-D", &data, "-U", "tiketi", "-A", "trust"]).await?;
        postgres.start().await?;
        Ok(postgres)
    }

    /// The one that is on a disk already, not running.
    ///
    /// # Errors
    /// If Postgres is not installed.
    pub(super) fn on(disk: &Disk) -> anyhow::Result<Self> {
        let versions = std::fs::read_dir("/usr/lib/postgresql").context("no Postgres")?;
        let newest = versions.filter_map(|version| Some(version.ok()?.path())).max();
        let bin = newest.context("no Postgres")?.join("bin");
        Ok(Self { bin, data: disk.path().join("data"), address: free_address()?, syncs: true })
    }

    /// Of a database of it.
    pub(super) fn url(&self, database: &str) -> String {
        format!("postgres://tiketi@{}/{database}", self.address)
    }

    /// Starts it; it answers when this returns.
    ///
    /// # Errors
    /// If it does not.
    pub(super) async fn start(&self) -> anyhow::Result<()> {
        let log = self.data.join("log").display().to_string();
        // Nothing is synced in passing that no commit waits for.
        let options = format!(
            "-c wal_writer_delay=10s -c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories= \
             -c max_connections=100 -c shared_buffers=32MB -c max_wal_size=64MB -c fsync={} \
             -c archive_mode=on -c archive_command='cp %p {archive}/%f' \
             -c restore_command='cp {archive}/%f %p'",
            self.address.port(),
            self.syncs,
            archive = self.beside("archive"),
        );
        self.control(&["-w", "-t", START_S, "-l", &log, "-o", &options, "start"]).await
    }

    /// A path of another folder on the same disk.
    fn beside(&self, name: &str) -> String {
        self.data.with_file_name(name).display().to_string()
    }

    /// Backs everything up while it runs; where to.
    ///
    /// # Errors
    /// If it cannot.
    pub(super) async fn back_up(&self) -> anyhow::Result<String> {
        let (backup, program) = (self.beside("backup"), self.bin.join("pg_basebackup"));
        let (program, server) = (program.display().to_string(), self.url("postgres"));
        let how = ["--checkpoint=fast", "--wal-method=none", "-d", &server, "-D", &backup];
        as_postgres([&[&*program], &how[..]].concat()).await?;
        Ok(backup)
    }

    /// Ends the segment of the log that is written now; it has been archived when this returns.
    ///
    /// # Errors
    /// If it is not.
    pub(super) async fn archive(&self) -> anyhow::Result<()> {
        let mut session = PgConnection::connect(&self.url("postgres")).await?;
        let segment: String = sqlx::query_scalar("SELECT pg_walfile_name(pg_switch_wal())")
            .fetch_one(&mut session)
            .await?;
        let archived = async {
            let is_there = "SELECT coalesce(last_archived_wal >= $1, false) FROM pg_stat_archiver";
            while !sqlx::query_scalar(is_there).bind(&segment).fetch_one(&mut session).await? {
                tokio::time::sleep(LOOK).await;
            }
            anyhow::Ok(())
        };
        tokio::time::timeout(ARCHIVED_WITHIN, archived).await.context("it is not archived")??;
        Ok(session.close().await?)
    }

    /// Kills it, and removes its data.
    ///
    /// # Errors
    /// If the data cannot be removed.
    pub(super) async fn lose_everything(&self) -> anyhow::Result<()> {
        self.kill();
        let give_up_at = Instant::now() + REMOVED_WITHIN;
        // A process that waits for the disk when it is killed ends after that, and may leave a file.
        while let Err(error) = std::fs::remove_dir_all(&self.data) {
            ensure!(Instant::now() < give_up_at, "the data cannot be removed: {error}");
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// Starts from a back-up and everything that was archived since.
    ///
    /// # Errors
    /// If it does not start.
    pub(super) async fn restore(&self, backup: &str) -> anyhow::Result<()> {
        std::fs::rename(backup, &self.data)?;
        let signal = self.data.join("recovery.signal").display().to_string();
        as_postgres(["touch", &signal]).await?;
        self.start().await
    }

    /// Starts it if it has ended, or ends yet; it answers when this returns.
    ///
    /// # Errors
    /// If it does not in six minutes.
    pub(super) async fn revive(&self) -> anyhow::Result<()> {
        let answers = async {
            while PgConnection::connect(&self.url("postgres")).await.is_err() {
                if self.control(&["status"]).await.is_err() {
                    self.start().await?;
                }
                tokio::time::sleep(LOOK).await;
            }
            anyhow::Ok(())
        };
        tokio::time::timeout(REVIVED_WITHIN, answers).await.context("Postgres does not answer")?
    }

    async fn control(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let (program, data) = (self.bin.join("pg_ctl"), self.data.display().to_string());
        let program = program.display().to_string();
        as_postgres([&[&*program, "-D", &data], arguments].concat()).await
    }

    /// Stops all its processes where they are.
    ///
    /// # Errors
    /// If it does not run.
    pub(super) fn freeze(&self) -> anyhow::Result<()> {
        let pid = self.pid()?;
        // The first one first: it starts the others.
        ensure!(at_once("kill", &["-STOP", &pid]), "Postgres was not there");
        ensure!(at_once("pkill", &["-STOP", "-P", &pid]), "Postgres had no processes");
        Ok(())
    }

    fn kill(&self) {
        // It may have ended already.
        let Ok(pid) = self.pid() else { return };
        // The first one starts no others then; it goes last, as nobody else knows whose they are.
        at_once("kill", &["-STOP", &pid]);
        at_once("pkill", &["-KILL", "-P", &pid]);
        at_once("kill", &["-KILL", &pid]);
    }

    fn pid(&self) -> anyhow::Result<String> {
        let lines = std::fs::read_to_string(self.data.join("postmaster.pid"))?;
        Ok(lines.lines().next().context("no process")?.to_owned())
    }
}

impl Drop for DiskPostgres {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs a short program to its end; whether it succeeded.
fn at_once(program: &str, arguments: &[&str]) -> bool {
    let null = Stdio::null;
    let mut command = std::process::Command::new(program);
    command.args(arguments).stdout(null()).stderr(null());
    command.status().is_ok_and(|status| status.success())
}

/// Runs a program as the user that Postgres runs as. Its output goes nowhere: what it starts keeps it.
async fn as_postgres<'a>(arguments: impl IntoIterator<Item = &'a str>) -> anyhow::Result<()> {
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).args(arguments);
    let null = Stdio::null;
    let ended = command.stdin(null()).stdout(null()).stderr(null()).status().await?;
    ensure!(ended.success(), "{command:?}: {ended}");
    Ok(())
}

/// Runs a program to its end; what it printed.
async fn run<A: AsRef<std::ffi::OsStr>>(
    program: &str,
    arguments: impl IntoIterator<Item = A>,
) -> anyhow::Result<String> {
    let output = Command::new(program).args(arguments).output().await?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program}: {said}");
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
