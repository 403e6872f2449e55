//! How far each journal has been relayed.

use async_trait::async_trait;
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::ports::{Behind, RelayPositions, StoreError};

use super::Embedded;
use crate::columns::Fault;
use crate::read;

#[async_trait]
impl RelayPositions for Embedded {
    async fn behind(&self, limit: u32) -> Result<Vec<Behind>, StoreError> {
        // In random order, so that nobody starves while more than `limit` are behind.
        let rows = sqlx::query(
            "SELECT o.event, coalesce(r.acked_seq, 0) AS acked_seq, o.last_seq
             FROM sales_owner o LEFT JOIN sales_relay r ON r.event = o.event
             WHERE o.last_seq > coalesce(r.acked_seq, 0)
                 AND NOT EXISTS (SELECT 1 FROM sales_rehearsal m WHERE m.event = o.event)
             ORDER BY random() LIMIT ?",
        )
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await
        .map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::behind(row)?)).collect()
    }

    async fn acknowledge(&self, event: EventId, from: Seq, to: Seq) -> Result<bool, StoreError> {
        let mut writer = self.writer().await;
        // Only an event that has not been relayed yet begins without a row.
        let moved = sqlx::query(
            "INSERT INTO sales_relay (event, acked_seq)
             SELECT ?1, ?3 WHERE ?2 = 0 OR EXISTS (SELECT 1 FROM sales_relay WHERE event = ?1)
             ON CONFLICT (event) DO UPDATE SET acked_seq = excluded.acked_seq
             WHERE sales_relay.acked_seq = ?2",
        )
        .bind(event.number().cast_signed())
        .bind(from.0.cast_signed())
        .bind(to.0.cast_signed())
        .execute(&mut *writer)
        .await
        .map_err(Fault::from)?;
        Ok(moved.rows_affected() == 1)
    }
}
