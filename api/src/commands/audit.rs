//! `tiketi audit`: replays a journal against the auditor, and compares it with the rows beside it.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use tiketi_engine::domain::audit::{Auditor, Report};
use tiketi_engine::domain::change::{Change, Record};
use tiketi_engine::domain::chart::Chart;
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::domain::rows::Summary;
use tiketi_engine::domain::sale::Sale;
use tiketi_engine::journal::ChainHash;

use super::{COMMAND, FOUND, say};
use crate::bootstrap::Store;
use crate::cli::Audit;
use crate::config::Config;

/// Batches read at a time.
const PAGE: u32 = 1_000;

pub(super) async fn run(args: Audit) -> anyhow::Result<ExitCode> {
    let event: EventId =
        args.event.parse().with_context(|| format!("{} is not an event id", args.event))?;
    let store = Store::open(&Config::load_checked(&args.settings)?, COMMAND).await?;
    let audited = audit(&store, event).await;
    store.close().await;
    let (report, sale, faults) = audited?;
    say(format!("{} records, up to {} of {}", report.records, sale.seq(), sale.at()))?;
    for (change, times) in &report.changes {
        say(format!("  {times:>9} {change}"))?;
    }
    let currency = sale.terms().prices.currency();
    let money = |minor| tiketi_engine::domain::money::Money::from_minor(minor, currency);
    let show = |minor: i64| money(minor).map_or_else(|| minor.to_string(), |m| m.to_string());
    say(format!(
        "places: {} free, {} held, {} sold, {} blocked",
        report.free, report.held, report.sold, report.blocked
    ))?;
    say(format!(
        "money: {} captured, {} refunded, {} to be refunded",
        show(report.captured_minor),
        show(report.refunded_minor),
        show(report.refund_due_minor)
    ))?;
    for fault in &faults {
        say(format!("VIOLATION {fault}"))?;
    }
    if faults.is_empty() {
        say("every invariant holds")?;
        Ok(ExitCode::SUCCESS)
    } else {
        say(format!("{} violations", faults.len()))?;
        Ok(ExitCode::from(FOUND))
    }
}

/// The auditor's report, the sale that the journal makes, and everything that should not be.
pub(super) async fn audit(
    store: &Store,
    event: EventId,
) -> anyhow::Result<(Report, Sale, Vec<String>)> {
    let mut reading: Option<(Auditor, Sale)> = None;
    let (mut seq, mut hash) = (Seq(0), ChainHash::default());
    loop {
        let batches = store.journal.batches(event, seq, PAGE).await?;
        if batches.is_empty() {
            break;
        }
        for batch in &batches {
            for record in batch.open(seq, hash)? {
                if let Some((auditor, sale)) = &mut reading {
                    auditor.read(&record);
                    sale.apply(&record);
                } else {
                    reading = Some(begin(store, event, &record).await?);
                }
            }
            (seq, hash) = (batch.last, batch.hash);
        }
    }
    let (auditor, sale) = reading.context("the journal is empty")?;
    let mut faults = compare(store, event, &sale).await?;
    let report = auditor.finish();
    faults.extend(report.violations.iter().map(ToString::to_string));
    Ok((report, sale, faults))
}

async fn begin(store: &Store, event: EventId, first: &Record) -> anyhow::Result<(Auditor, Sale)> {
    let Change::SaleOpened { terms } = &first.change else {
        bail!("the journal does not begin with the opening of a sale");
    };
    let chart: Arc<Chart> =
        store.catalog.chart(terms.chart).await?.context("the chart is missing")?;
    let mut auditor = Auditor::new(Arc::clone(&chart));
    auditor.read(first);
    Ok((auditor, Sale::open(event, chart, first)))
}

/// Where the rows beside the journal say something else than it does.
async fn compare(store: &Store, event: EventId, sale: &Sale) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    let summaries = store.ledger.summaries(&[event]).await?;
    if summaries != [(event, Summary::of(sale))] {
        faults.push("the summary differs from the journal".to_owned());
    }
    for order in sale.orders() {
        if store.ledger.order(event, order.id).await?.as_ref() != Some(order) {
            faults.push(format!("the rows of {:?} differ from the journal", order.id));
        }
        let tickets = store.ledger.tickets_of(event, order.id).await?;
        let journaled = order.tickets.iter().filter_map(|id| sale.ticket(*id));
        if !tickets.iter().eq(journaled) {
            faults.push(format!("the tickets of {:?} differ from the journal", order.id));
        }
    }
    let rows = store.ledger.places(event).await?;
    for (place, state) in rows {
        if sale.inventory().states().get(place.index()) != Some(&state) {
            faults.push(format!("the row of place {} differs from the journal", place.0));
        }
    }
    // A sale that runs may be further on than what was read of its journal.
    let now = store.ledger.summaries(&[event]).await?;
    if now.iter().any(|(_, summary)| summary.seq > sale.seq()) {
        faults.clear();
    }
    Ok(faults)
}
