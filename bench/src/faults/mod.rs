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
mod on_disk;
mod report;
mod rig;
mod viewer;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use clap::ValueEnum as _;

pub use self::fault::Fault;
use self::report::{Report, Run};
use self::rig::{LEASE_TTL, OnSale, Rig};
use crate::audit::Kind;
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

impl Args {
    fn named(&self) -> &[Fault] {
        if self.only.is_empty() { Fault::value_variants() } else { &self.only }
    }
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
        let named = args.named();
        let proofs = PROOFS.iter().filter(|proof| named.contains(&proof.by));
        for proof in proofs.filter(|proof| may_strike(proof.by)) {
            let run = finds(args, proof).await?;
            let how = run.map_or("MISSED".to_owned(), |run| format!("found in run {run}"));
            report::say(&format!("{} {how} by {:?}", proof.bug, proof.by))?;
            found.push((proof.bug, run.is_some()));
        }
    }
    report.write(&args.out, &found)?;
    struck?;
    ensure!(report.is_clean(), "the cluster broke a promise: see above");
    ensure!(found.iter().all(|(_, is_found)| *is_found), "a planted bug was missed: see above");
    Ok(())
}

/// A bug that can be planted, and where it must show.
struct Proof {
    bug: &'static str,
    by: Fault,
    /// What else is taken away first: it may refuse the same.
    without: Option<&'static str>,
    shows: fn(&Run) -> bool,
}

const fn proof(bug: &'static str, by: Fault, shows: fn(&Run) -> bool) -> Proof {
    Proof { bug, by, without: None, shows }
}

/// Two batches in the same place of a journal may be refused by its key as well as by the fence; so
/// may a batch that finds a place newer than what it makes of it.
const OTHER_GUARDS: &str = "ALTER TABLE sales.journal DROP CONSTRAINT journal_pkey;
     CREATE OR REPLACE FUNCTION sales.refuse(reason text) RETURNS boolean LANGUAGE sql
     RETURN TRUE";

const PROOFS: [Proof; 10] = [
    proof("answer-before-commit", Fault::KilledMidAppend, loses),
    proof("push-before-commit", Fault::KilledMidAppend, |run| run.wrong_views > 0),
    proof("doubt-as-success", Fault::SessionsEnded, loses),
    proof("doubt-as-failure", Fault::AnswersLost, |run| run.compared.count(Kind::Phantom) > 0),
    Proof {
        without: Some(OTHER_GUARDS),
        ..proof("check-apart", Fault::OwnerFrozen, breaks_the_journal)
    },
    Proof {
        without: Some(OTHER_GUARDS),
        ..proof("no-fence", Fault::KilledMidAppend, breaks_the_journal)
    },
    proof("wall-clock", Fault::ClockStepped, |run| run.compared.count(Kind::DoubleSold) > 0),
    proof("relay-skips", Fault::KafkaStopped, |run| !run.wrong_count.is_empty()),
    proof("commit-unsynced", Fault::PostgresPowerCut, is_not_all_there),
    proof("server-unsynced", Fault::PostgresPowerCut, is_not_all_there),
];

fn loses(run: &Run) -> bool {
    run.compared.count(Kind::AckLost) > 0
}

fn breaks_the_journal(run: &Run) -> bool {
    !run.violations.is_empty()
}

fn is_not_all_there(run: &Run) -> bool {
    loses(run) || breaks_the_journal(run)
}

/// Runs in which a planted bug must show.
const PROOF_RUNS: u64 = 30;

/// The first run in which a planted bug shows where it must, if any. A run that cannot be ended
/// because of the bug shows nothing of what is looked for.
async fn finds(args: &Args, proof: &Proof) -> io::Result<Option<u64>> {
    for run in 1..=PROOF_RUNS {
        match plant(args, proof, run).await {
            Ok(struck) if (proof.shows)(&struck) => return Ok(Some(run)),
            Ok(_) => {}
            Err(error) => report::say(&format!("{}, run {run}: {error:#}", proof.bug))?,
        }
    }
    Ok(None)
}

/// One run with the bug, in a cluster of its own: the bug may have left nothing as it should be.
async fn plant(args: &Args, proof: &Proof, run: u64) -> anyhow::Result<Run> {
    if proof.by.needs_disk() {
        return on_disk::strike(args, Some(proof.bug), proof.by, run).await;
    }
    let mut rig = start(args, Some(proof.bug), proof.by).await?;
    if let Some(sql) = proof.without {
        rig.alter(sql).await?;
    }
    let struck = strike(&mut rig, proof.by, run).await;
    // Nodes with a bug need not end well.
    drop(rig.cluster.stop().await);
    struck
}

/// Whether this machine has what a fault needs; if not, it is said aloud that it is skipped.
fn may_strike(fault: Fault) -> bool {
    let lacks = if fault.breaks_services() && Services::ours().is_none() {
        "the services are not ours to break: let .ci/services start all of them"
    } else if fault.steps_clocks() && fake_time().is_none() {
        "libfaketime is not installed"
    } else if fault.needs_disk() && !disk::may_mount() {
        "it needs root and loop devices"
    } else {
        return true;
    };
    // Nobody reads it, or somebody does: it is skipped either way.
    report::say(&format!("SKIPPED: {fault:?}: {lacks}")).ok();
    false
}

async fn strike_all(args: &Args, report: &mut Report) -> anyhow::Result<()> {
    let named = args.named().iter().copied();
    let faults: Vec<Fault> = named.filter(|fault| may_strike(*fault)).collect();
    let (on_disk, others): (Vec<Fault>, Vec<Fault>) =
        faults.into_iter().partition(|fault| fault.needs_disk());
    let (stepping, others): (Vec<Fault>, Vec<Fault>) =
        others.into_iter().partition(|fault| fault.steps_clocks());
    for faults in [others, stepping] {
        let Some(first) = faults.first() else { continue };
        let mut rig = start(args, None, *first).await?;
        for fault in faults {
            for run in 0..args.runs {
                let struck = strike(&mut rig, fault, run).await;
                report.add(fault, struck.with_context(|| format!("{fault:?}, run {run}"))?);
            }
        }
        rig.cluster.stop().await?;
    }
    for fault in on_disk {
        for run in 0..args.runs {
            let struck = on_disk::strike(args, None, fault, run).await;
            report.add(fault, struck.with_context(|| format!("{fault:?}, run {run}"))?);
        }
    }
    Ok(())
}

/// Appends that Postgres refused.
const REFUSED: &str = "tiketi_engine_fenced_appends_total";

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
    const IN_DOUBT: &str = "tiketi_engine_appends_in_doubt_total";
    let mut sale = rig.on_sale(seed).await?;
    let (refused, in_doubt) = (rig.sum(REFUSED).await, rig.sum(IN_DOUBT).await);
    let struck_at = Instant::now();
    fault.strike(rig, &sale).await?;
    let goes_on = sale.finish().await;
    let mut run = judge(rig, &sale, struck_at).await?;
    if let Err(error) = goes_on {
        run.violations = format!("{error}\n{}", run.violations);
    }
    // A node that was started again counts from zero.
    run.stale_refused = (rig.sum(REFUSED).await - refused).max(0.0);
    run.in_doubt = (rig.sum(IN_DOUBT).await - in_doubt).max(0.0);
    if fault == Fault::KafkaStopped {
        run.wrong_count = rig.wrong_count(&sale.event).await;
    }
    Ok(run)
}

/// What clients were told and viewers saw, beside the journal, and the journal beside the rules.
async fn judge(rig: &Rig, sale: &OnSale, struck_at: Instant) -> anyhow::Result<Run> {
    let journal = match rig.journal(&sale.event).await {
        Ok(journal) => journal,
        Err(error) => return Ok(Run::without_journal(&sale.crowd.history(), &error)),
    };
    let mut run = Run::of(&sale.crowd.history(), &journal, struck_at);
    run.wrong_views = sale.wrong_views(&journal).await;
    if let Err(said) = rig.cluster.command(["audit", &sale.event]).await {
        run.violations = said.to_string();
    }
    Ok(run)
}
