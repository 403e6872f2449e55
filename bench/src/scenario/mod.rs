//! `tiketi-bench run SCENARIO.toml`: users who do what a file says, against a server or a node that is
//! started for it, and what came of it in four forms.
//!
//! A user is a task that does one thing after the other and asks over one of the connections that
//! all users share: fifteen thousand need neither threads nor sockets of their own. The wait for a
//! connection is part of the latency. Start at [`run`]; [`mod@file`] is what can be written down.

mod drive;
mod failover;
pub mod file;
mod holder;
mod junit;
mod page;
mod plot;
mod progress;
mod report;
mod threshold;
mod user;
mod waiter;
mod watcher;
mod world;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use reqwest::Url;
use tiketi_engine::domain::ids::EventId;

use self::drive::Driven;
use self::failover::Struck;
use self::file::{Action, Overrides, Scenario};
use self::report::{Audit, Report, Run};
use self::world::{Door, World};
use crate::audit::journal::Durable;
use crate::audit::{Findings, Found, History, Kind, journal_at, judge};
use crate::cluster::Services;
use crate::load::stop::Stop;
use crate::machine::load_average;
use crate::size::Size;
use crate::stage::{Node, Signing};

pub use self::threshold::Broken;

/// The run was ended before its time. What was measured until then is written.
#[derive(Debug, thiserror::Error)]
#[error("interrupted after {0:.1?}")]
pub struct Interrupted(Duration);

/// What to run, and against what.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The scenario: one of bench/scenarios, or your own.
    pub scenario: PathBuf,
    /// A server that is there already: http://HOST:PORT. Without it a node is started over the
    /// services that `TIKETI_TEST_POSTGRES`, `_REDIS` and `_KAFKA` name, and audited in the end.
    #[arg(long)]
    pub url: Option<Url>,
    /// The event's id, with --url; the first that the server lists if it is not given.
    #[arg(long, requires = "url")]
    pub event: Option<EventId>,
    /// With --url: the file of the server's key for access tokens, access.key in its folder of keys.
    /// Users who are signed in sign their tokens with it and need no accounts.
    #[arg(long, requires = "url")]
    pub access_key: Option<PathBuf>,
    /// With --url: what lets bots into a rehearsal, as the page of rehearsals shows it. It is what
    /// users are signed in with, in place of the server's key.
    #[arg(long, requires = "url", conflicts_with = "access_key")]
    #[arg(env = "BENCH_BOTS", hide_env_values = true)]
    pub bots: Option<String>,
    /// With --url: where the server's journal is, a Postgres URL or the file of a node that is
    /// alone. What users were told is held against it in the end; without it nothing is.
    #[arg(long, requires = "url")]
    pub database: Option<String>,
    /// The binary of the node that is started: a release build.
    #[arg(long, default_value = "target/release/tiketi", conflicts_with = "url")]
    pub tiketi: PathBuf,
    /// What is not as the file says it.
    #[command(flatten)]
    pub overrides: Overrides,
    /// Of what users choose by chance: pauses, seats, how many.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Only try whether it works, with any build of the node: the figures mean nothing, and no
    /// threshold that has a time in it is judged.
    #[arg(long)]
    pub smoke: bool,
    /// The folder for NAME.json, NAME.csv, NAME.xml (`JUnit`) and NAME.html.
    #[arg(long, default_value = "target/bench")]
    pub out: PathBuf,
}

/// Runs it, writes what came of it and prints it.
///
/// # Errors
/// [`Found`] if clients were told otherwise than the journal has it; [`Interrupted`] if it was;
/// [`crate::load::open::FellBehind`] if the generator did; [`Broken`] if a threshold was; others if
/// the file makes no sense, the server cannot be reached, or nothing was done. What was measured is
/// written before that.
pub async fn run(args: &Args) -> anyhow::Result<()> {
    let scenario = read(args)?;
    let (_stopper, stop) = Stop::on_interrupt()?;
    let (driven, report) = measure(args, &scenario, stop).await?;
    report.write(&args.out)?;
    report.print(&mut io::stdout())?;
    writeln!(io::stdout(), "{}", args.out.join(format!("{}.html", scenario.name)).display())?;
    sound(&scenario, &driven, &report)?;
    match report.broken() {
        0 => Ok(()),
        many => Err(Broken(many).into()),
    }
}

/// Runs it; rates and latencies, by step and name.
///
/// # Errors
/// As [`run`], but no threshold is judged.
pub(crate) async fn figures(args: &Args) -> anyhow::Result<BTreeMap<String, f64>> {
    let scenario = read(args)?;
    let (driven, report) = measure(args, &scenario, Stop::never()).await?;
    sound(&scenario, &driven, &report)?;
    Ok(report.figures())
}

fn read(args: &Args) -> anyhow::Result<Scenario> {
    let text = fs::read_to_string(&args.scenario)
        .with_context(|| format!("read {}", args.scenario.display()))?;
    Scenario::read(&text)
        .with_context(|| format!("{} is not a scenario", args.scenario.display()))?
        .with(args.overrides)
}

async fn measure(args: &Args, scenario: &Scenario, stop: Stop) -> anyhow::Result<(Driven, Report)> {
    let load_before = load_average();
    let (driven, owned) = match &args.url {
        Some(url) => {
            ensure!(scenario.failover.is_none(), "nodes are killed that are started for the run");
            let signing = match &args.bots {
                Some(token) => Some(Signing::bots(token)),
                None => args.access_key.as_deref().map(Signing::read).transpose()?,
            };
            let door = Door { addresses: vec![address(url)?], signing, event: args.event, stop };
            let world = Arc::new(World::enter(door, scenario.connections).await?);
            // Runs may follow on each other against one event.
            let before = match &args.database {
                Some(database) => journal_at(database, world.event).await?.records.len(),
                None => 0,
            };
            let mut driven = drive::all(&world, scenario, args.seed).await?;
            let findings = match &args.database {
                Some(database) if told(&driven) => {
                    driven.history.began_after = before as u64;
                    Some(held_against(&journal_at(database, world.event).await?, &driven, scenario))
                }
                _ => None,
            };
            (driven, Owned { findings, struck: None })
        }
        None => on_own_node(args, scenario, stop).await?,
    };
    let report = Report::of(&Run {
        scenario,
        args,
        driven: &driven,
        findings: owned.findings.as_ref(),
        struck: owned.struck.as_ref(),
        load_before: &load_before,
    });
    Ok((driven, report))
}

/// What is known of a run beside what its users saw.
struct Owned {
    /// None if nobody was told anything, or nobody said where the journal is.
    findings: Option<Findings>,
    /// None if no node was killed.
    struck: Option<Struck>,
}

/// Starts a node, or several, with an event on sale, and holds what its clients were told against the journal.
async fn on_own_node(
    args: &Args,
    scenario: &Scenario,
    stop: Stop,
) -> anyhow::Result<(Driven, Owned)> {
    Size::of(args.smoke)?;
    let services = Services::from_env()?;
    let nodes = scenario.failover.as_ref().map_or(1, |failover| failover.nodes);
    let mut node = Node::first_of(nodes, &services, &args.tiketi, scenario.places as usize).await?;
    let event = node.stage.event_with_room(scenario.inside).await?.id;
    let addresses = node.cluster.nodes.iter().map(|node| node.listen).collect();
    let door = Door { addresses, signing: Some(node.signing()), event: Some(event), stop };
    let world = Arc::new(World::enter(door, scenario.connections).await?);
    let striking = async {
        match &scenario.failover {
            Some(plan) => failover::strike(&mut node.cluster, plan, &world).await,
            None => Ok(None),
        }
    };
    let (driven, struck) = tokio::try_join!(drive::all(&world, scenario, args.seed), striking)?;
    let findings = if told(&driven) {
        let durable = Durable::read(&node.stage.store, event).await?;
        Some(held_against(&durable, &driven, scenario))
    } else {
        None
    };
    node.stop().await?;
    Ok((driven, Owned { findings, struck }))
}

/// Whether users were told anything that must be in the journal.
fn told(driven: &Driven) -> bool {
    driven.history != History::default()
}

fn held_against(durable: &Durable, driven: &Driven, scenario: &Scenario) -> Findings {
    let mut findings = judge(&driven.history, &durable.records);
    if !scenario.has(Action::Purchase) {
        // Nobody wanted a ticket.
        findings.all.retain(|finding| finding.kind != Kind::NothingSold);
    }
    findings
}

fn address(url: &Url) -> anyhow::Result<SocketAddr> {
    ensure!(url.scheme() == "http", "{url}: plain http is measured, without what ends TLS");
    let addresses = url.socket_addrs(|| None).with_context(|| format!("{url} has no address"))?;
    addresses.first().copied().with_context(|| format!("{url} has no address"))
}

/// The worst of what makes a run void, if anything does.
fn sound(scenario: &Scenario, driven: &Driven, report: &Report) -> anyhow::Result<()> {
    let found = report.audit.as_ref().map_or(0, Audit::found);
    if found > 0 {
        return Err(Found(found).into());
    }
    if driven.interrupted {
        return Err(Interrupted(driven.took).into());
    }
    if let Some(behind) = driven.behind(scenario).filter(|_| !report.meaningless) {
        return Err(behind.into());
    }
    if let Some(undone) = report.undone() {
        bail!(undone);
    }
    Ok(())
}
