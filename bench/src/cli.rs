//! The command line.

use clap::{Parser, Subcommand};

use crate::signals::unless_ended;
use crate::{
    all, audit, baseline, cluster, compare, dashboard, faults, ratios, scenario, sellout, sockets,
    waiting_room,
};

/// Measures tiketi, and starts clusters to measure.
#[derive(Debug, Parser)]
#[command(name = "tiketi-bench", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Everything that says how good tiketi is, in one report: `ratios`, `sellout` and
    /// `waiting-room`.
    All(all::Args),
    /// Memory of the server process per idle live socket.
    Sockets(sockets::Args),
    /// Several nodes on this machine with the demo on sale, over the services that
    /// `TIKETI_TEST_POSTGRES`, `_REDIS` and `_KAFKA` name.
    Cluster(cluster::command::Args),
    /// Break a cluster under load, and look what became of what clients were told.
    Faults(faults::Args),
    /// Hold what clients of a run were told against the journal; exits with 4 if they differ.
    Audit(audit::Args),
    /// Whether the figures of two reports of `ratios` differ, or those of two binaries that are run
    /// in turn; exits with 5 if one does.
    Compare(compare::Args),
    /// What it costs a node with thousands of actors to be watched at `/ops`.
    Dashboard(dashboard::Args),
    /// The figures that tiketi is judged by, each against something measured beside it.
    Ratios(ratios::Args),
    /// A load test that a file describes: who does what, how many, how fast it is to be. Exits with
    /// 3 if the generator fell behind, 4 if what users were told is not in the journal, 6 if a
    /// threshold was broken, 7 if it was interrupted.
    Run(scenario::Args),
    /// A crowd at the door of one event, until the last seat has its ticket; exits with 4 if what
    /// fans were told is not in the journal.
    Sellout(sellout::Args),
    /// Everybody waits at once for one event, and is told the place in line.
    WaitingRoom(waiting_room::Args),
    /// Fans of `waiting-room`, which starts this by itself.
    #[command(name = waiting_room::FANS_COMMAND, hide = true)]
    WaitingRoomFans,
    /// The old way to tell fans their place, which `ratios` starts by itself.
    #[command(name = baseline::polling::COMMAND, hide = true)]
    PollingServer(baseline::polling::Args),
}

impl Cli {
    /// Does what was asked for. A signal that ends it ends what it has started.
    ///
    /// # Errors
    /// Of each command; see there.
    pub async fn run(self) -> anyhow::Result<()> {
        match self.command {
            // It ends well when it is told to.
            Command::Cluster(_) => self.command.run().await,
            // The first SIGINT ends the load alone.
            Command::Run(_) => unless_ended(2, Box::pin(self.command.run())).await,
            _ => unless_ended(1, Box::pin(self.command.run())).await,
        }
    }
}

impl Command {
    async fn run(self) -> anyhow::Result<()> {
        match self {
            Command::All(args) => all::run(&args).await,
            Command::Sockets(args) => sockets::run(&args).await,
            Command::Cluster(args) => cluster::command::run(&args).await,
            Command::Faults(args) => faults::run(&args).await,
            Command::Audit(args) => audit::run(&args).await,
            Command::Compare(args) => compare::run(&args).await,
            Command::Dashboard(args) => dashboard::run(&args).await,
            Command::Ratios(args) => ratios::run(&args).await,
            Command::Run(args) => scenario::run(&args).await,
            Command::Sellout(args) => sellout::run(&args).await,
            Command::WaitingRoom(args) => waiting_room::run(&args).await,
            Command::WaitingRoomFans => waiting_room::fans().await,
            Command::PollingServer(args) => baseline::polling::serve(args).await,
        }
    }
}
