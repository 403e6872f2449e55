//! Parses the command line and runs one measurement.

use clap::{Parser, Subcommand};
use tiketi_bench::sockets;

/// Measures a running tiketi server.
#[derive(Debug, Parser)]
#[command(name = "tiketi-bench", version)]
struct Cli {
    #[command(subcommand)]
    measure: Measure,
}

#[derive(Debug, Subcommand)]
enum Measure {
    /// Memory of the server process per idle live socket.
    Sockets(sockets::Args),
}

fn main() -> anyhow::Result<()> {
    let Cli { measure: Measure::Sockets(args) } = Cli::parse();
    tokio::runtime::Runtime::new()?.block_on(sockets::run(&args))
}
