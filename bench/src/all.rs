//! `tiketi-bench all`: everything that says how good tiketi is, in one report: the figures of
//! `ratios`, a sell-out and a waiting room.

use std::io::{self, Write as _};
use std::path::PathBuf;

use crate::audit::Found;
use crate::size::Size;
use crate::{ratios, sellout, waiting_room};

/// How much to measure, and where the report goes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The binary of the nodes: a release build.
    #[arg(long, default_value = "target/release/tiketi")]
    pub tiketi: PathBuf,
    /// Rounds of each figure: 5, or 1 of what is only tried.
    #[arg(long)]
    pub rounds: Option<usize>,
    /// Only try whether it works, in seconds and with any build: the figures mean nothing.
    #[arg(long)]
    pub smoke: bool,
    /// The folder for `report.json` and `report.html`, and what the parts write by themselves.
    #[arg(long, default_value = "target/bench")]
    pub out: PathBuf,
}

/// Measures one after the other, writes the report after each and prints what came of it.
///
/// # Errors
/// [`Found`] if clients were told otherwise than a journal has it; else as each part.
pub async fn run(args: &Args) -> anyhow::Result<()> {
    let size = Size::of(args.smoke)?;
    let (tiketi, smoke, out) = (args.tiketi.clone(), args.smoke, args.out.clone());
    let rounds = args.rounds.unwrap_or(size.pick(5, 1));
    let figures =
        ratios::Args { tiketi: tiketi.clone(), rounds, only: vec![], smoke, out: out.clone() };
    let mut report = ratios::measure(&figures).await?;
    let seats = size.pick(20_000, 200);
    let sale = sellout::Args {
        tiketi: tiketi.clone(),
        seats,
        fans: size.pick(50_000, 400),
        each: 2,
        connections: 64,
        smoke,
        out: out.clone(),
    };
    let sold = sellout::measure(&sale).await?;
    report.add_run("sellout", &sold, &sold.section())?;
    report.write(&out)?;
    let room = waiting_room::Args { tiketi, fans: size.pick(100_000, 400), smoke, out };
    let waited = waiting_room::measure(&room).await?;
    report.add_run("waiting_room", &waited, &waited.section())?;
    report.write(&args.out)?;
    writeln!(io::stdout(), "{}", args.out.join("report.html").display())?;
    match sold.found() + waited.found() {
        0 => Ok(()),
        many => Err(Found(many).into()),
    }
}
