//! `tiketi plan check` and `tiketi plan import`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use tiketi_engine::domain::chart::{BlockKind, Chart};
use tiketi_engine::plan;
use tiketi_engine::ports::Clock as _;

use super::{COMMAND, FOUND, say};
use crate::bootstrap::Store;
use crate::cli::Plan;
use crate::clock::SystemClock;
use crate::config::Config;

pub(super) async fn run(args: Plan) -> anyhow::Result<ExitCode> {
    match args {
        Plan::Check { file } => match read(&file)? {
            Some(chart) => {
                describe(&chart)?;
                Ok(ExitCode::SUCCESS)
            }
            None => Ok(ExitCode::from(FOUND)),
        },
        Plan::Import { file, settings } => {
            let Some(chart) = read(&file)? else { return Ok(ExitCode::from(FOUND)) };
            let store = Store::open(&Config::load_checked(&settings)?, COMMAND).await?;
            let hash = store.catalog.put_chart(&chart, SystemClock::start().now()).await?;
            store.close().await;
            describe(&chart)?;
            say(format!("imported as {hash}"))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The chart of a plan; `None` if it has faults, which have been printed then.
fn read(file: &Path) -> anyhow::Result<Option<Chart>> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    match plan::read(&bytes) {
        Ok(chart) => Ok(Some(chart)),
        Err(faults) => {
            for fault in &faults {
                say(fault)?;
            }
            let plural = if faults.len() == 1 { "fault" } else { "faults" };
            say(format!("{}: {} {plural}; nothing was imported", file.display(), faults.len()))?;
            Ok(None)
        }
    }
}

fn describe(chart: &Chart) -> anyhow::Result<()> {
    let blocks = |kind: BlockKind| chart.blocks().iter().filter(|b| b.kind == kind).count();
    let tables = blocks(BlockKind::Table) + blocks(BlockKind::WholeTable);
    say(format!(
        "{}: {} places in {} sections, {} rows, {tables} tables, {} areas; {} categories",
        chart.name(),
        chart.capacity(),
        chart.sections().len(),
        blocks(BlockKind::Row),
        blocks(BlockKind::Area),
        chart.categories().len(),
    ))?;
    Ok(())
}
