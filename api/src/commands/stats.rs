//! `tiketi stats`: what was counted from the stream, held against the journal.

use std::process::ExitCode;

use anyhow::Context as _;
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::domain::money::{Currency, Money};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Counted, SalesLine};

use super::{COMMAND, FOUND, say};
use crate::bootstrap::Store;
use crate::cli::Stats;
use crate::config::Config;
use crate::workers::{Tally, recount};

pub(super) async fn run(args: Stats) -> anyhow::Result<ExitCode> {
    let event: EventId =
        args.event.parse().with_context(|| format!("{} is not an event id", args.event))?;
    let store = Store::open(&Config::load_checked(&args.settings)?, COMMAND).await?;
    let shown = show(&store, event, &args).await;
    store.close().await;
    shown
}

async fn show(store: &Store, event: EventId, args: &Stats) -> anyhow::Result<ExitCode> {
    let terms = store.ledger.terms(event).await?;
    let terms = terms.with_context(|| format!("{event} is no event that is or was on sale"))?;
    let currency = terms.prices.currency();
    let lines = tallied(store.stats.sales(event).await?);
    for line in &lines {
        let SalesLine { hour, section, category, .. } = line;
        say(format!("{hour}  {section}, {category}: {}", amounts(line, currency)))?;
    }
    say(format!("counted: {}", total(&lines, currency)))?;
    if !args.recount && !args.repair {
        return Ok(ExitCode::SUCCESS);
    }
    let journaled = recount(&*store.journal, &*store.catalog, event).await?;
    let truth = tallied(journaled.iter().flat_map(|record| record.lines.clone()));
    say(format!("journal: {}", total(&truth, currency)))?;
    if lines == truth {
        say("both are equal")?;
        return Ok(ExitCode::SUCCESS);
    }
    say_differences(&lines, &truth, currency)?;
    if args.repair {
        repair(store, event, &journaled).await?;
        say("counted anew from the journal")?;
        return Ok(ExitCode::SUCCESS);
    }
    let behind = store.relay_positions.behind(u32::MAX).await?;
    if let Some(behind) = behind.iter().find(|behind| behind.event == event) {
        let records = behind.last.0.saturating_sub(behind.acknowledged.0);
        say(format!("{records} records are still to be relayed: ask again after that"))?;
    }
    Ok(ExitCode::from(FOUND))
}

/// Sorted as this program sorts, whatever the database does.
fn tallied(lines: impl IntoIterator<Item = SalesLine>) -> Vec<SalesLine> {
    let mut tally = Tally::default();
    tally.extend(lines);
    tally.into_lines()
}

fn amounts(line: &SalesLine, currency: Currency) -> String {
    let show = |minor: i64| {
        let money = Money::from_minor(minor, currency);
        money.map_or_else(|| minor.to_string(), |money| money.to_string())
    };
    let SalesLine { sold, returned, .. } = line;
    let (paid, back) = (show(line.sold_minor), show(line.returned_minor));
    format!("{sold} sold for {paid}, {returned} returned for {back}")
}

fn total(lines: &[SalesLine], currency: Currency) -> String {
    let mut sum = SalesLine {
        hour: Timestamp::from_millis(0),
        section: String::new(),
        category: String::new(),
        sold: 0,
        returned: 0,
        sold_minor: 0,
        returned_minor: 0,
    };
    for line in lines {
        sum.add(line);
    }
    amounts(&sum, currency)
}

fn say_differences(
    counted: &[SalesLine],
    truth: &[SalesLine],
    currency: Currency,
) -> std::io::Result<()> {
    let only = |name: &str, these: &[SalesLine], those: &[SalesLine]| {
        for line in these.iter().filter(|line| !those.contains(line)) {
            let SalesLine { hour, section, category, .. } = line;
            let amounts = amounts(line, currency);
            say(format!("DIFFERS {name} {hour}  {section}, {category}: {amounts}"))?;
        }
        Ok(())
    };
    only("counted", counted, truth)?;
    only("journal", truth, counted)
}

/// Records that the stream brings meanwhile, or brings again, change nothing: each counts once.
async fn repair(store: &Store, event: EventId, journaled: &[Counted]) -> anyhow::Result<()> {
    store.stats.clear(event).await?;
    for some in journaled.chunks(500) {
        store.stats.count(some).await?;
    }
    Ok(())
}
