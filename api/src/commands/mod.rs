//! One module for each command; each says what it did, and errors in one sentence.

mod asyncapi;
mod audit;
mod backup;
mod check_config;
mod dlq;
mod make_keys;
mod metrics;
mod migrate;
mod openapi;
mod operator_link;
mod payment_sandbox;
mod plan;
mod serve;
mod stats;
mod top;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;

use tiketi_engine::ports::NodeId;

use crate::cli::{Cli, Command};

/// The node that a command is, to those who want to know: none.
const COMMAND: NodeId = NodeId(0);
/// Something was found that should not be: a faulty plan, a broken invariant.
pub(crate) const FOUND: u8 = 1;
/// The command could not be carried out.
const FAILED: u8 = 2;

/// How long libraries may take to say goodbye when all is done. Kafka's client waits by the wall
/// clock: after a step back it would for as long as the step was.
const GOODBYES_WITHIN: Duration = Duration::from_secs(2);

/// Runs a command.
///
/// # Errors
/// Whatever keeps it from being carried out.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let done = runtime.block_on(async {
        match cli.command {
            Command::Serve(args) => serve::run(args).await,
            Command::Plan(args) => plan::run(args).await,
            Command::Audit(args) => audit::run(args).await,
            Command::Backup(args) => backup::back_up(&args).await,
            Command::Restore(args) => backup::restore(&args).await,
            Command::Stats(args) => stats::run(args).await,
            Command::Dlq(args) => dlq::run(args).await,
            Command::CheckConfig(args) => check_config::run(&args),
            Command::MakeKeys { folder } => make_keys::run(&folder),
            Command::Migrate(args) => migrate::run(&args).await,
            Command::OperatorLink(args) => operator_link::run(args).await,
            Command::Top(args) => top::run(args).await,
            Command::Openapi => openapi::run(),
            Command::Asyncapi => asyncapi::run(),
            Command::Metrics => metrics::run(),
            Command::PaymentSandbox(args) => payment_sandbox::run(args).await,
        }
    });
    runtime.shutdown_timeout(GOODBYES_WITHIN);
    done
}

/// Prints an error and everything that led to it, as one line.
pub fn report(error: &anyhow::Error) -> ExitCode {
    // If standard error is closed there is nobody to tell.
    drop(writeln!(io::stderr(), "tiketi: {error:#}"));
    ExitCode::from(FAILED)
}

/// Prints a line of a command's answer.
pub(crate) fn say(line: impl std::fmt::Display) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}
