//! Faults of a disk: full for a while, or as it is at the moment when the power goes.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use tiketi_persistence::embedded;
use tokio::time::sleep;

use super::disk::{Disk, DiskPostgres};
use super::report::Run;
use super::rig::{Journal, OnSale, Rig};
use super::{Args, Fault, REFUSED, judge, start_over};
use crate::audit::Kind;
use crate::cluster::{Cluster, Services};

/// Acknowledgements between a back-up and the end of the archive.
const ARCHIVED: usize = 100;
/// Acknowledgements after it: the server takes them along.
const LOST: usize = 20;
/// How long a disk is full.
const FULL_FOR: Duration = Duration::from_secs(3);

/// What becomes of a sale that is kept on a disk of its own.
///
/// # Errors
/// If the rig cannot do it, or the sale does not go on.
pub(super) async fn strike(
    args: &Args,
    bug: Option<&str>,
    fault: Fault,
    seed: u64,
) -> anyhow::Result<Run> {
    let disk = Disk::new().await?;
    if fault == Fault::SqlitePowerCut {
        return cut_power_alone(args, &disk, seed).await;
    }
    let syncs = bug != Some("server-unsynced");
    let postgres = DiskPostgres::new(&disk, syncs).await?;
    let services = Services { postgres: postgres.url("postgres"), ..Services::from_env()? };
    let rig = start_over(args, bug, fault, services).await?;
    let mut sale = rig.on_sale(seed).await?;
    match fault {
        Fault::PostgresPowerCut => return cut_power(&rig, &disk, &postgres, &sale).await,
        Fault::PostgresRestored => return restore(&rig, &postgres, sale).await,
        _ => {}
    }
    let struck_at = Instant::now();
    let ballast = disk.fill().await;
    sleep(FULL_FOR).await;
    std::fs::remove_file(ballast)?;
    postgres.revive().await?;
    sale.finish().await?;
    judge(&rig, &sale, struck_at).await
}

/// Everything that was acknowledged when the power went must be on the disk as it was then.
async fn cut_power(
    rig: &Rig,
    disk: &Disk,
    postgres: &DiskPostgres,
    sale: &OnSale,
) -> anyhow::Result<Run> {
    postgres.freeze()?;
    let copy = disk.copy().await?;
    let run = found(sale, Instant::now());
    // A file that was never synced may be missing.
    std::fs::remove_file(copy.path().join("data/postmaster.pid")).ok();
    let revived = DiskPostgres::on(&copy)?;
    let database = rig.cluster.database.rsplit('/').next().context("no database")?;
    let journal = match revived.start().await {
        Ok(()) => Rig::journal_at(&revived.url(database), &sale.event).await,
        Err(error) => Err(error.context("Postgres does not start from what was on the disk")),
    };
    Ok(run(journal))
}

/// Everything that was acknowledged when the last of the log was archived must be there after the
/// restore. Nodes go on all the while, and the owner is ahead of what it owns then: what it writes must
/// be refused, and the sale go on from what was restored.
async fn restore(rig: &Rig, postgres: &DiskPostgres, mut sale: OnSale) -> anyhow::Result<Run> {
    let backup = postgres.back_up().await?;
    sale.goes_on(ARCHIVED).await?;
    let told = sale.crowd.history().clone();
    postgres.archive().await?;
    sale.goes_on(LOST).await?;
    let refused = rig.sum(REFUSED).await;
    let struck_at = Instant::now();
    postgres.lose_everything().await?;
    postgres.restore(&backup).await?;
    sale.finish().await?;
    let journal = rig.journal(&sale.event).await?;
    let lost = Run::of(&sale.crowd.history(), &journal, struck_at).compared.count(Kind::AckLost);
    ensure!(lost > 0, "the owner was not ahead of what was restored");
    let mut run = Run::of(&told, &journal, struck_at);
    // Holds of those who came later.
    run.compared.all.retain(|finding| finding.kind != Kind::Phantom);
    run.gap = sale.crowd.history().longest_gap(struck_at);
    run.errors.clone_from(&sale.crowd.history().errors);
    run.stale_refused = rig.sum(REFUSED).await - refused;
    if let Err(said) = rig.cluster.command(["audit", &sale.event]).await {
        run.violations = said.to_string();
    }
    Ok(run)
}

/// The same for a node that is alone, and its one file.
async fn cut_power_alone(args: &Args, disk: &Disk, seed: u64) -> anyhow::Result<Run> {
    let alone = Cluster::alone(&args.tiketi, &disk.path().join("data")).await?;
    let mut rig = Rig::new(alone, Services::from_env()?, Duration::ZERO).await?;
    let sale = rig.on_sale(seed).await?;
    rig.cluster.nodes[0].signal("STOP").await?;
    let copy = disk.copy().await?;
    let run = found(&sale, Instant::now());
    let store = embedded(&copy.path().join("data/tiketi.db")).await?;
    let journal = Journal::read(&store, &sale.event).await;
    store.close().await;
    Ok(run(journal))
}

/// What clients were told by now, beside a journal. Of what was in the last batches nobody had been
/// told yet: that is no phantom.
fn found(sale: &OnSale, struck_at: Instant) -> impl FnOnce(anyhow::Result<Journal>) -> Run {
    let told = sale.crowd.history().clone();
    move |journal| {
        let journal = match journal {
            Ok(journal) => journal,
            Err(error) => return Run::without_journal(&told, &error),
        };
        let mut run = Run::of(&told, &journal, struck_at);
        run.compared.all.retain(|finding| finding.kind != Kind::Phantom);
        run
    }
}
