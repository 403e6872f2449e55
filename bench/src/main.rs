//! Parses the command line and runs one measurement.

use clap::{Parser, Subcommand};
use tiketi_bench::{cluster, faults, sockets};

/// Measures tiketi, and starts clusters to measure.
#[derive(Debug, Parser)]
#[command(name = "tiketi-bench", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Memory of the server process per idle live socket.
    Sockets(sockets::Args),
    /// Several nodes on this machine with the demo on sale, over the services that
    /// `TIKETI_TEST_POSTGRES`, `_REDIS` and `_KAFKA` name.
    Cluster(cluster::command::Args),
    /// Break a cluster under load, and look what became of what clients were told.
    Faults(faults::Args),
}

fn main() -> anyhow::Result<()> {
    let run = async {
        match Cli::parse().command {
            Command::Sockets(args) => sockets::run(&args).await,
            Command::Cluster(args) => cluster::command::run(&args).await,
            Command::Faults(args) => faults::run(&args).await,
        }
    };
    tokio::runtime::Runtime::new()?.block_on(run)
}
