//! Whole histories of a sale, for those who read journals.

use std::sync::Arc;

use super::sample::{self, OPENS_AT};
use super::workload::Workload;
use crate::domain::change::Record;
use crate::domain::chart::Chart;
use crate::domain::ids::{EventId, Fence};
use crate::domain::rows::Rows;
use crate::domain::sale::Sale;
use crate::journal::{Append, Batch, ChainHash};
use crate::ports::{Catalog, Journal};

/// A sale, and the batches that made it what it is.
#[derive(Debug, Clone)]
pub struct History {
    /// The layout.
    pub chart: Arc<Chart>,
    /// As it is in the end.
    pub sale: Sale,
    /// Its whole journal, of the owner that opened it.
    pub appends: Vec<Append>,
}

/// Of a small room, after so many requests of a workload.
///
/// # Panics
/// Never: the room and its terms are sound.
pub fn history(event: EventId, seed: u64, requests: u32) -> History {
    let chart = Arc::new(sample::chart(4, 8, 20));
    let mut terms = sample::terms(&chart);
    terms.rules.admitted_max = 10;
    let first = Sale::opening(OPENS_AT, &chart, terms).expect("the terms are sound");
    let sale = Sale::open(event, Arc::clone(&chart), &first);
    let mut history = History { chart, sale, appends: Vec::new() };
    history.append(&[first]);
    let mut workload = Workload::new(seed, 25);
    for _ in 0..requests {
        let now = history.sale.at().after(workload.pause());
        let request = workload.next(&history.sale);
        // A rejection, or a repeat, leaves nothing behind.
        let Ok(executed) = history.sale.execute(now, &request) else { continue };
        if !executed.records.is_empty() {
            history.append(&executed.records);
        }
    }
    history
}

impl History {
    fn append(&mut self, records: &[Record]) {
        let prev_hash = self.appends.last().map_or(ChainHash::default(), |last| last.batch.hash);
        let batch = Batch::seal(self.sale.event(), Fence(0), prev_hash, records);
        self.appends.push(Append { batch, rows: Rows::of(&self.sale, records) });
    }

    /// Every record.
    ///
    /// # Panics
    /// Never: the batches were just sealed.
    pub fn records(&self) -> Vec<Record> {
        let records = self.appends.iter().flat_map(|Append { batch, .. }| {
            let after = crate::domain::ids::Seq(batch.first.0 - 1);
            batch.open(after, batch.prev_hash).expect("the batch is whole")
        });
        records.collect()
    }

    /// Puts the chart into a catalog and the batches into a journal, all or the first so many.
    ///
    /// # Panics
    /// If they cannot be written.
    pub async fn write(&self, journal: &dyn Journal, catalog: &dyn Catalog, batches: usize) {
        catalog.put_chart(&self.chart, OPENS_AT).await.expect("kept");
        self.write_from(journal, 0, batches).await;
    }

    /// Writes further batches into a journal that has the first so many.
    ///
    /// # Panics
    /// If they cannot be written.
    pub async fn write_from(&self, journal: &dyn Journal, from: usize, to: usize) {
        for append in &self.appends[from..to.min(self.appends.len())] {
            let written = match append.batch.first.0 {
                1 => journal.create(append).await,
                _ => journal.append(append).await,
            };
            written.expect("written");
        }
    }
}
