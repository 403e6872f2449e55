//! Sales counted from the journal alone: what the count from the stream must come to.
//!
//! It reads records and not messages, so that it is no repetition of how the stream is counted.

use std::sync::Arc;

use tiketi_engine::domain::change::{Change, Record};
use tiketi_engine::domain::chart::Chart;
use tiketi_engine::domain::hold::Item;
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::ports::{Catalog, Counted, Journal, StoreError};

use super::pages::{PageError, page};
use super::tally::{Tally, Way};

/// Why an event's sales cannot be counted anew.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecountError {
    /// The journal cannot be read.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The catalog cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What the journal names is not there.
    #[error("the journal names {0}, which is not there")]
    Missing(&'static str),
}

/// What each record of an event's journal adds to the count, as far as it adds anything.
///
/// # Errors
/// [`RecountError`].
pub(crate) async fn recount(
    journal: &dyn Journal,
    catalog: &dyn Catalog,
    event: EventId,
) -> Result<Vec<Counted>, RecountError> {
    let (mut counted, mut after, mut chart) = (Vec::new(), Seq(0), None);
    while let Some(page) = page(journal, event, after).await? {
        for record in &page.records {
            if let Change::SaleOpened { terms } = &record.change {
                chart = catalog.chart(terms.chart).await?;
            }
            counted.extend(count(event, record, chart.as_ref())?);
        }
        after = page.last;
    }
    Ok(counted)
}

fn count(
    event: EventId,
    record: &Record,
    chart: Option<&Arc<Chart>>,
) -> Result<Option<Counted>, RecountError> {
    let (way, items) = if let Change::OrderPaid { items, .. } = &record.change {
        (Way::Sold, items)
    } else if let Change::OrderReturned { items, .. } = &record.change {
        (Way::Returned, items)
    } else {
        return Ok(None);
    };
    let chart = chart.ok_or(RecountError::Missing("a chart"))?;
    let mut tally = Tally::default();
    for item in items {
        let named = names(chart, item).ok_or(RecountError::Missing("a place"))?;
        tally.ticket(way, record.at, named, item.price.amount_minor + item.price.fee_minor);
    }
    Ok(Some(Counted { event, seq: record.seq, lines: tally.into_lines() }))
}

/// The section and category of an item.
fn names<'a>(chart: &'a Chart, item: &Item) -> Option<(&'a str, &'a str)> {
    let place = chart.place(item.place)?;
    let category = chart.categories().get(usize::from(place.category.0))?;
    let section = chart.section_of(chart.block_of(item.place));
    Some((&section.label, &category.key))
}
