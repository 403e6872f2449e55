//! `tiketi serve`.

use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};

use prometheus::Registry;
use tiketi_engine::ports::NodeId;

use super::say;
use crate::bootstrap;
use crate::cli::Serve;
use crate::config::{Config, in_force};
use crate::demo::{self, Sandbox};
use crate::metrics::Metrics;
use crate::telemetry::Telemetry;

pub(super) async fn run(args: Serve) -> anyhow::Result<ExitCode> {
    let mut config = Config::load_for(&args)?;
    let (node, registry) = (NodeId(rand::random()), Registry::new());
    let metrics = Metrics::register(&registry)?;
    let telemetry = Telemetry::start(&config, node, &metrics.spans)?;
    // The payment company of a demo is a process of its own; it ends with this one.
    let sandbox = if args.demo { Sandbox::start(&mut config).await? } else { None };
    let settings = in_force(&config, &args)?;
    let running = bootstrap::start(&config, settings, node, metrics, registry).await?;
    if args.demo {
        demo::seed(&running.state).await?;
    }
    say(format!("tiketi {} is serving", env!("CARGO_PKG_VERSION")))?;
    if config.roles().gateway {
        say(format!("  Fans      {}/", running.public_url))?;
        if config.operators_listen.is_some() {
            say(format!("  Operators {}/", running.state.operators_url))?;
        }
        say(format!("  API       {}/docs/", running.public_url))?;
    }
    say(format!("  Metrics   http://{}/metrics", running.metrics_address))?;
    if let Some(sandbox) = &sandbox {
        say(format!("  Payments  {} (a sandbox: no money moves)", sandbox.url()))?;
    }
    if config.cluster.is_given() {
        // A link replaces the one before: nodes that all made one would leave one that is good.
        say("  Operator  run tiketi operator-link")?;
    } else if let Some(link) = running.first_setup_link().await? {
        say(format!("  Operator  {link} (once, within 30 minutes)"))?;
    }
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    running.stop().await;
    if let Some(sandbox) = sandbox {
        sandbox.stop().await;
    }
    telemetry.stop().await;
    Ok(ExitCode::SUCCESS)
}
