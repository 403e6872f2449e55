//! Sales counted in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::domain::ids::{EventId, Seq};
use crate::domain::time::Timestamp;
use crate::ports::{Counted, SalesLine, Stats, StoreError};

/// A count in memory that can be made to fail.
#[derive(Debug, Default)]
pub struct MemoryStats {
    events: Mutex<BTreeMap<EventId, Count>>,
    failing: AtomicU32,
}

#[derive(Debug, Default)]
struct Count {
    counted: BTreeSet<Seq>,
    lines: BTreeMap<(Timestamp, String, String), SalesLine>,
}

impl MemoryStats {
    /// Makes the next so many counts fail.
    pub fn fail_next(&self, counts: u32) {
        self.failing.store(counts, Ordering::SeqCst);
    }

    fn events(&self) -> MutexGuard<'_, BTreeMap<EventId, Count>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Stats for MemoryStats {
    async fn count(&self, counted: &[Counted]) -> Result<(), StoreError> {
        let one_less = |left: u32| left.checked_sub(1);
        if self.failing.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok() {
            return Err(StoreError::Unavailable("as the test asked".to_owned()));
        }
        let mut events = self.events();
        for record in counted {
            let count = events.entry(record.event).or_default();
            if !count.counted.insert(record.seq) {
                continue;
            }
            for line in &record.lines {
                let key = (line.hour, line.section.clone(), line.category.clone());
                match count.lines.get_mut(&key) {
                    Some(sum) => sum.add(line),
                    None => drop(count.lines.insert(key, line.clone())),
                }
            }
        }
        Ok(())
    }

    async fn sales(&self, event: EventId) -> Result<Vec<SalesLine>, StoreError> {
        let lines = |count: &Count| count.lines.values().cloned().collect();
        Ok(self.events().get(&event).map(lines).unwrap_or_default())
    }

    async fn clear(&self, event: EventId) -> Result<(), StoreError> {
        self.events().remove(&event);
        Ok(())
    }
}
