//! `tiketi-bench faults`: breaks a cluster under load, again and again, and looks what became of
//! what clients were told.
//!
//! Real processes, real services. Each run puts an event on sale to a crowd that buys, lets go and
//! gives back by any node; something breaks, is mended, and the sale goes on. Then the crowd's own
//! history is held against the journal, and `tiketi audit` holds the journal against every
//! invariant and the rows beside it.

mod disk;
mod fan;
mod fault;
mod history;
mod report;
mod rig;
mod viewer;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use clap::ValueEnum as _;
use tiketi_persistence::embedded;
use tokio::time::sleep;

use self::disk::{Disk, DiskPostgres};
pub use self::fault::Fault;
use self::report::{Report, Run};
use self::rig::{Journal, LEASE_TTL, OnSale, Rig};
use crate::cluster::{Cluster, ClusterSetup, Services};

/// What to break, and how often.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The binary of the nodes.
    #[arg(long, default_value = "target/debug/tiketi")]
    pub tiketi: PathBuf,
    /// Runs of each fault.
    #[arg(long, default_value_t = 10)]
    pub runs: u64,
    /// Only these; all if none is named.
    #[arg(long, value_enum)]
    pub only: Vec<Fault>,
    /// Where the results go.
    #[arg(long, default_value = "target/faults.json")]
    pub out: PathBuf,
    /// Stop Kafka for seconds, not for a minute.
    #[arg(long)]
    pub short: bool,
    /// Afterwards plant bugs in the nodes, one after the other: each must be found.
    #[arg(long)]
    pub prove: bool,
}

/// Breaks everything, prints a row for each fault, writes the results.
///
/// # Errors
/// If anything was lost or sold twice, the sale did not go on, or a planted bug was not found.
pub async fn run(args: &Args) -> anyhow::Result<()> {
    let mut report = Report::new(LEASE_TTL);
    let struck = strike_all(args, &mut report).await;
    report.print()?;
    let mut found = Vec::new();
    if args.prove && struck.is_ok() {
        for (bug, by) in PROOFS {
            let is_found = finds(args, bug, by).await?;
            report::say(&format!("{bug} {} by {by:?}", if is_found { "found" } else { "MISSED" }))?;
            found.push((bug, is_found));
        }
    }
    report.write(&args.out, &found)?;
    struck?;
    ensure!(report.is_clean(), "the cluster broke a promise: see above");
    ensure!(found.iter().all(|(_, is_found)| *is_found), "a planted bug was missed: see above");
    Ok(())
}

/// Each bug that can be planted, and the fault under which it shows.
const PROOFS: [(&str, Fault); 4] = [
    ("answer-before-commit", Fault::KilledMidAppend),
    ("push-before-commit", Fault::KilledMidAppend),
    ("doubt-as-success", Fault::SessionsEnded),
    ("relay-skips", Fault::KafkaStopped),
];
/// Runs in which a planted bug must show.
const PROOF_RUNS: u64 = 3;

/// Whether a planted bug is found.
async fn finds(args: &Args, bug: &str, by: Fault) -> anyhow::Result<bool> {
    let mut rig = start(args, Some(bug), by).await?;
    for run in 0..PROOF_RUNS {
        let is_clean = match strike(&mut rig, by, run).await {
            Ok(run) => run.is_clean(),
            // It stops the sale: that is found too.
            Err(_) => false,
        };
        if !is_clean {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn strike_all(args: &Args, report: &mut Report) -> anyhow::Result<()> {
    let all = Fault::value_variants();
    let faults = if args.only.is_empty() { all } else { &args.only };
    let (on_disk, others): (Vec<Fault>, Vec<Fault>) =
        faults.iter().partition(|fault| fault.needs_disk());
    let (stepping, others): (Vec<Fault>, Vec<Fault>) =
        others.iter().partition(|fault| fault.steps_clocks());
    for faults in [others, stepping] {
        let Some(first) = faults.first() else { continue };
        if first.steps_clocks() && fake_time().is_none() {
            report::say("SKIPPED: clock-stepped, because libfaketime is not installed")?;
            continue;
        }
        let mut rig = start(args, None, *first).await?;
        for fault in faults {
            for run in 0..args.runs {
                let struck = strike(&mut rig, fault, run).await;
                report.add(fault, struck.with_context(|| format!("{fault:?}, run {run}"))?);
            }
        }
        rig.cluster.stop().await?;
    }
    if !on_disk.is_empty() && !disk::may_mount().await {
        return Ok(report::say(
            "SKIPPED: disk-full and power cuts: they need root and loop devices",
        )?);
    }
    for fault in on_disk {
        for run in 0..args.runs {
            let struck = match fault {
                Fault::SqlitePowerCut => cut_power_alone(args, run).await,
                _ => strike_disk(args, fault, run).await,
            };
            report.add(fault, struck.with_context(|| format!("{fault:?}, run {run}"))?);
        }
    }
    Ok(())
}

/// What becomes of a sale whose Postgres has a disk of its own.
async fn strike_disk(args: &Args, fault: Fault, seed: u64) -> anyhow::Result<Run> {
    let disk = Disk::new().await?;
    let postgres = DiskPostgres::new(&disk).await?;
    let services = Services { postgres: postgres.url("postgres"), ..Services::from_env()? };
    let rig = start_over(args, None, fault, services).await?;
    let mut sale = rig.on_sale(seed).await?;
    let struck_at = Instant::now();
    let run = if fault == Fault::PostgresPowerCut {
        let run = cut_power(&rig, &disk, &postgres, &sale).await?;
        sale.crowd.end();
        run
    } else {
        let ballast = disk.fill().await;
        sleep(FULL_FOR).await;
        std::fs::remove_file(ballast)?;
        if !postgres.runs().await {
            postgres.start().await?;
        }
        sale.finish().await?;
        judge(&rig, &sale, struck_at).await?
    };
    drop((sale, rig));
    postgres.stop().await?;
    disk.end().await?;
    Ok(run)
}

/// The same for a node that is alone, and its one file.
async fn cut_power_alone(args: &Args, seed: u64) -> anyhow::Result<Run> {
    let disk = Disk::new().await?;
    let alone = Cluster::alone(&args.tiketi, &disk.path().join("data")).await?;
    let mut rig = Rig::new(alone, Services::from_env()?, Duration::ZERO).await?;
    let sale = rig.on_sale(seed).await?;
    rig.cluster.nodes[0].signal("STOP").await?;
    let struck_at = Instant::now();
    let told = sale.crowd.history().clone();
    let copy = disk.copy().await?;
    sale.crowd.end();
    rig.cluster.nodes[0].kill().await?;
    let store = embedded(&copy.path().join("data/tiketi.db")).await?;
    let journal = Journal::read(&store, &sale.event).await?;
    store.close().await;
    let mut run = Run::of(&told, &journal.records, struck_at);
    run.compared.phantoms = 0;
    run.fences_in_order = journal.fences.is_sorted();
    drop((sale, rig));
    copy.end().await?;
    disk.end().await?;
    Ok(run)
}

/// How long a disk is full.
const FULL_FOR: Duration = Duration::from_secs(3);

/// Everything that was acknowledged when the power went must be on the disk as it was then.
async fn cut_power(
    rig: &Rig,
    disk: &Disk,
    postgres: &DiskPostgres,
    sale: &OnSale,
) -> anyhow::Result<Run> {
    postgres.signal("STOP").await?;
    let struck_at = Instant::now();
    let told = sale.crowd.history().clone();
    let copy = disk.copy().await?;
    postgres.signal("CONT").await?;
    std::fs::remove_file(copy.path().join("data/postmaster.pid"))?;
    let revived = DiskPostgres::on(&copy)?;
    revived.start().await?;
    let database = rig.cluster.database.rsplit('/').next().context("no database")?;
    let journal = Rig::journal_at(&revived.url(database), &sale.event).await?;
    let mut run = Run::of(&told, &journal.records, struck_at);
    // Nobody was told yet of what was in the last batches.
    run.compared.phantoms = 0;
    run.fences_in_order = journal.fences.is_sorted();
    revived.stop().await?;
    copy.end().await?;
    Ok(run)
}

/// A rig that a fault can strike.
async fn start(args: &Args, bug: Option<&str>, fault: Fault) -> anyhow::Result<Rig> {
    start_over(args, bug, fault, Services::from_env()?).await
}

async fn start_over(
    args: &Args,
    bug: Option<&str>,
    fault: Fault,
    services: Services,
) -> anyhow::Result<Rig> {
    let millis = LEASE_TTL.as_millis().to_string();
    let mut environment = BTreeMap::from([
        ("TIKETI_CLUSTER__LEASE_TTL_MS".to_owned(), millis),
        ("TIKETI_SESSIONS__ACCESS_TTL_S".to_owned(), "86400".to_owned()),
    ]);
    if let Some(bug) = bug {
        environment.insert("PLANTED_BUG".to_owned(), bug.to_owned());
    }
    let setup = ClusterSetup {
        tiketi: args.tiketi.clone(),
        nodes: 3,
        demo: false,
        environment,
        linked: true,
        fake_time: if fault.steps_clocks() { fake_time() } else { None },
    };
    let kafka_stops = Duration::from_secs(if args.short { 3 } else { 60 });
    Rig::new(Cluster::start(&services, &setup).await?, services, kafka_stops).await
}

/// Where Debian puts libfaketime.
fn fake_time() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?;
    let library = |folder: std::fs::DirEntry| folder.path().join("faketime/libfaketimeMT.so.1");
    folders.filter_map(|folder| Some(library(folder.ok()?))).find(|library| library.exists())
}

async fn strike(rig: &mut Rig, fault: Fault, seed: u64) -> anyhow::Result<Run> {
    const REFUSED: &str = "tiketi_engine_fenced_appends_total";
    const IN_DOUBT: &str = "tiketi_engine_appends_in_doubt_total";
    let mut sale = rig.on_sale(seed).await?;
    let (refused, in_doubt) = (rig.sum(REFUSED).await, rig.sum(IN_DOUBT).await);
    let struck_at = Instant::now();
    fault.strike(rig, &sale).await?;
    sale.finish().await?;
    let mut run = judge(rig, &sale, struck_at).await?;
    // A node that was started again counts from zero.
    run.stale_refused = (rig.sum(REFUSED).await - refused).max(0.0);
    run.in_doubt = (rig.sum(IN_DOUBT).await - in_doubt).max(0.0);
    if fault == Fault::KafkaStopped && run.violations.is_empty() {
        run.violations = rig.wrong_count(&sale.event).await;
    }
    Ok(run)
}

/// What clients were told and viewers saw, beside the journal, and the journal beside the rules.
async fn judge(rig: &Rig, sale: &OnSale, struck_at: Instant) -> anyhow::Result<Run> {
    let journal = rig.journal(&sale.event).await?;
    let mut run = Run::of(&sale.crowd.history(), &journal.records, struck_at);
    run.fences_in_order = journal.fences.is_sorted();
    run.wrong_views = sale.wrong_views(&journal).await;
    if let Err(said) = rig.cluster.command(["audit", &sale.event]).await {
        run.violations = said.to_string();
    }
    Ok(run)
}
