//! How far a journal in memory has been relayed.

use async_trait::async_trait;

use super::MemoryJournal;
use crate::domain::ids::{EventId, Seq};
use crate::ports::{Behind, RelayPositions, StoreError};

#[async_trait]
impl RelayPositions for MemoryJournal {
    async fn behind(&self, limit: u32) -> Result<Vec<Behind>, StoreError> {
        let logs = self.logs();
        let all = logs.iter().map(|(event, log)| {
            let (last, _) = log.last();
            Behind { event: *event, acknowledged: log.relayed, last }
        });
        Ok(all.filter(|event| event.acknowledged < event.last).take(limit as usize).collect())
    }

    async fn acknowledge(&self, event: EventId, from: Seq, to: Seq) -> Result<bool, StoreError> {
        let mut logs = self.logs();
        let log = logs.get_mut(&event).filter(|log| log.relayed == from);
        Ok(log.map(|log| log.relayed = to).is_some())
    }
}
