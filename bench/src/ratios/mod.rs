//! `tiketi-bench ratios`: the figures that tiketi is judged by, each against something measured
//! beside it in the same round.
//!
//! Absolute numbers say more about a machine than about a program; ratios from interleaved rounds
//! move far less. Each figure is the median of its rounds.

mod collector;
mod fanout;
mod figure;
mod holds;
mod http;
mod idle;
mod line;
mod observability;
mod page;
mod recovery;
mod report;
mod viewers;

use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::ensure;

use self::figure::Figure;
pub(crate) use self::figure::median;
use self::report::Report;
use crate::cluster::Services;
use crate::size::Size;

/// What to measure, and where the report goes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The binary of the nodes: a release build.
    #[arg(long, default_value = "target/release/tiketi")]
    pub tiketi: PathBuf,
    /// Rounds of each figure.
    #[arg(long, default_value_t = 5)]
    pub rounds: usize,
    /// Only these; all if none is named.
    #[arg(long, value_enum)]
    pub only: Vec<Group>,
    /// Only try whether it works, in seconds and with any build: the figures mean nothing.
    #[arg(long)]
    pub smoke: bool,
    /// The folder for `report.json` and `report.html`.
    #[arg(long, default_value = "target/bench")]
    pub out: PathBuf,
}

/// Figures that are measured together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Group {
    /// Durable holds: engine, baseline, ready batches, HTTP; and the time to acknowledge one.
    Holds,
    /// The time to take an event over, against the lease.
    Recovery,
    /// Memory of an idle live socket.
    Idle,
    /// Deliveries to live sockets for each second of a core.
    Fanout,
    /// Fans in line who are told their place, against fans who ask for it.
    Line,
    /// Holds over HTTP while traces are exported and metrics scraped.
    Observability,
}

/// Measures, writes the report and prints one line for each figure.
///
/// # Errors
/// If something does not start or refuses what it should do;
/// [`crate::load::open::FellBehind`] if a generator did again and again.
pub async fn run(args: &Args) -> anyhow::Result<()> {
    measure(args).await?;
    writeln!(io::stdout(), "{}", args.out.join("report.html").display())?;
    Ok(())
}

/// The same; the report, to which more may be added.
///
/// # Errors
/// See [`run`].
pub(crate) async fn measure(args: &Args) -> anyhow::Result<Report> {
    let size = Size::of(args.smoke)?;
    ensure!(args.rounds > 0, "a figure needs a round");
    let services = Services::from_env()?;
    let wanted = |group| args.only.is_empty() || args.only.contains(&group);
    let mut report = Report::begin(args.rounds, size);
    if wanted(Group::Holds) {
        report.add(holds::measure(&services, &args.tiketi, args.rounds, size).await?);
        report.write(&args.out)?;
    }
    if wanted(Group::Recovery) {
        report.add(recovery::measure(&services, args.rounds, size).await?);
        report.write(&args.out)?;
    }
    if wanted(Group::Idle) {
        report.add(idle::measure(&services, &args.tiketi, args.rounds, size).await?);
        report.write(&args.out)?;
    }
    if wanted(Group::Fanout) {
        report.add(fanout::measure(&services, &args.tiketi, args.rounds, size).await?);
        report.write(&args.out)?;
    }
    if wanted(Group::Line) {
        report.add(line::measure(&services, &args.tiketi, args.rounds, size).await?);
        report.write(&args.out)?;
    }
    if wanted(Group::Observability) {
        report.add(observability::measure(&services, &args.tiketi, args.rounds, size).await?);
        report.write(&args.out)?;
    }
    let mut out = io::stdout();
    for figure in report.figures() {
        print(&mut out, figure, size)?;
    }
    Ok(report)
}

fn print(out: &mut impl io::Write, figure: &Figure, size: Size) -> io::Result<()> {
    let mark = figure.verdict(size).words();
    let rounds: Vec<String> = figure.rounds.iter().map(|round| format!("{round:.3}")).collect();
    let (key, median, unit) = (figure.key, figure.median(), figure.unit);
    let (to_reach, rounds) = (figure.to_reach(), rounds.join(" "));
    writeln!(out, "{key:<24} {median:>8.3}{unit:<3} ({to_reach}: {mark})  rounds {rounds}")
}
