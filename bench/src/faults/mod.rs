//! `tiketi-bench faults`: breaks a cluster under load, again and again, and looks what became of
//! what clients were told.
//!
//! Real processes, real services. Each run puts an event on sale to a crowd that buys, lets go and
//! gives back by any node; something breaks, is mended, and the sale goes on. Then the crowd's own
//! history is held against the journal, and `tiketi audit` holds the journal against every
//! invariant and the rows beside it.

mod fan;
mod fault;
mod history;
mod report;
mod rig;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, bail};
use clap::ValueEnum as _;

pub use self::fault::Fault;
use self::report::{Report, Run};
use self::rig::{LEASE_TTL, Rig};
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
    /// A bug to plant in the nodes, as `TIKETI_PLANT` names it: the rig must find it.
    #[arg(long)]
    pub plant: Option<String>,
}

/// Breaks everything, prints a row for each fault, writes the results.
///
/// # Errors
/// If anything was lost or sold twice, or the sale did not go on; with a planted bug, if it was
/// not found.
pub async fn run(args: &Args) -> anyhow::Result<()> {
    let mut report = Report::new(LEASE_TTL);
    let struck = strike_all(args, &mut report).await;
    report.write(&args.out)?;
    report.print()?;
    match (&args.plant, struck.is_ok() && report.is_clean()) {
        (None, true) => Ok(()),
        (None, false) => struck.and_then(|()| bail!("the cluster broke a promise: see above")),
        (Some(bug), true) => bail!("{bug} was planted and not found"),
        (Some(bug), false) => Ok(report::say(&format!("{bug} was planted and found"))?),
    }
}

async fn strike_all(args: &Args, report: &mut Report) -> anyhow::Result<()> {
    let services = Services::from_env()?;
    let millis = LEASE_TTL.as_millis().to_string();
    let mut environment = BTreeMap::from([
        ("TIKETI_CLUSTER__LEASE_TTL_MS".to_owned(), millis),
        ("TIKETI_SESSIONS__ACCESS_TTL_S".to_owned(), "86400".to_owned()),
    ]);
    if let Some(bug) = &args.plant {
        environment.insert("TIKETI_PLANT".to_owned(), bug.clone());
    }
    let setup = ClusterSetup {
        tiketi: args.tiketi.clone(),
        nodes: 3,
        demo: false,
        environment,
        linked: true,
    };
    let cluster = Cluster::start(&services, &setup).await?;
    let mut rig = Rig::new(cluster, services).await?;
    let all = Fault::value_variants();
    let faults = if args.only.is_empty() { all } else { &args.only };
    for fault in faults {
        for run in 0..args.runs {
            let struck = strike(&mut rig, *fault, run).await;
            report.add(*fault, struck.with_context(|| format!("{fault:?}, run {run}"))?);
        }
    }
    rig.cluster.stop().await
}

async fn strike(rig: &mut Rig, fault: Fault, seed: u64) -> anyhow::Result<Run> {
    const REFUSED: &str = "tiketi_engine_fenced_appends_total";
    const IN_DOUBT: &str = "tiketi_engine_appends_in_doubt_total";
    let mut sale = rig.on_sale(seed).await?;
    let (refused, in_doubt) = (rig.sum(REFUSED).await, rig.sum(IN_DOUBT).await);
    let struck_at = Instant::now();
    fault.strike(rig, &sale).await?;
    sale.finish().await?;
    let (records, fences) = rig.journal(&sale.event).await?;
    let mut run = Run::of(&sale.crowd.history(), &records, struck_at);
    run.fences_in_order = fences.is_sorted();
    // A node that was started again counts from zero.
    run.stale_refused = (rig.sum(REFUSED).await - refused).max(0.0);
    run.in_doubt = (rig.sum(IN_DOUBT).await - in_doubt).max(0.0);
    if let Err(said) = rig.cluster.command(["audit", &sale.event]).await {
        run.violations = said.to_string();
    }
    Ok(run)
}
