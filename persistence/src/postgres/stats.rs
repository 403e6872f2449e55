//! Sales counted from the stream: one statement for however many records.

use std::collections::BTreeMap;

use async_trait::async_trait;
use sqlx::Connection;
use sqlx::postgres::{PgBindIterExt, PgConnection};
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::ports::{Counted, SalesLine, Stats, StoreError};

use super::Postgres;
use super::connect::within;
use super::pool::STATEMENT_TIMEOUT;
use crate::columns::Fault;
use crate::read;

/// Counts the lines of those records that were not counted before. What comes to one row is added
/// up first: a row can be written once in a statement. In order, so that two that count the same
/// records wait for each other rather than both for ever.
const COUNT: &str = "
    WITH fresh AS (
        INSERT INTO stats.applied (event, seq)
        SELECT * FROM unnest($1::bigint[], $2::bigint[])
        ON CONFLICT DO NOTHING
        RETURNING event, seq
    )
    INSERT INTO stats.sale
        (event, hour, section, category, sold, returned, sold_minor, returned_minor)
    SELECT line.event, line.hour, line.section, line.category, sum(line.sold)::bigint,
           sum(line.returned)::bigint, sum(line.sold_minor)::bigint,
           sum(line.returned_minor)::bigint
    FROM fresh JOIN unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[],
                           $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[])
        AS line (event, seq, hour, section, category, sold, returned, sold_minor, returned_minor)
        ON line.event = fresh.event AND line.seq = fresh.seq
    GROUP BY line.event, line.hour, line.section, line.category
    ORDER BY line.event, line.hour, line.section, line.category
    ON CONFLICT (event, hour, section, category) DO UPDATE
    SET sold = sale.sold + excluded.sold, returned = sale.returned + excluded.returned,
        sold_minor = sale.sold_minor + excluded.sold_minor,
        returned_minor = sale.returned_minor + excluded.returned_minor";

#[async_trait]
impl Stats for Postgres {
    async fn count(&self, counted: &[Counted]) -> Result<(), StoreError> {
        let mut records: BTreeMap<(EventId, Seq), &Counted> = BTreeMap::new();
        for record in counted {
            records.entry((record.event, record.seq)).or_insert(record);
        }
        if records.is_empty() {
            return Ok(());
        }
        let mut lines: Vec<(&Counted, &SalesLine)> = Vec::new();
        for &record in records.values() {
            lines.extend(record.lines.iter().map(|line| (record, line)));
        }
        let (records, lines) = (records.values(), lines.iter());
        let event = |record: &Counted| record.event.number().cast_signed();
        let seq = |record: &Counted| record.seq.0.cast_signed();
        let statement = sqlx::query(COUNT)
            .bind(records.clone().map(|record| event(record)).bind_iter())
            .bind(records.map(|record| seq(record)).bind_iter())
            .bind(lines.clone().map(|(record, _)| event(record)).bind_iter())
            .bind(lines.clone().map(|(record, _)| seq(record)).bind_iter())
            .bind(lines.clone().map(|(_, line)| line.hour.as_millis()).bind_iter())
            .bind(lines.clone().map(|(_, line)| &line.section).bind_iter())
            .bind(lines.clone().map(|(_, line)| &line.category).bind_iter())
            .bind(lines.clone().map(|(_, line)| line.sold).bind_iter())
            .bind(lines.clone().map(|(_, line)| line.returned).bind_iter())
            .bind(lines.clone().map(|(_, line)| line.sold_minor).bind_iter())
            .bind(lines.map(|(_, line)| line.returned_minor).bind_iter());
        self.stats.write(statement).await.map_err(Fault::from)?;
        Ok(())
    }

    async fn sales(&self, event: EventId) -> Result<Vec<SalesLine>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT hour, section, category, sold, returned, sold_minor, returned_minor
                 FROM stats.sale WHERE event = $1 ORDER BY hour, section, category",
            )
            .bind(event.number().cast_signed())
        };
        let rows = self.stats.all(query).await.map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::sales_line(row)?)).collect()
    }

    async fn clear(&self, event: EventId) -> Result<(), StoreError> {
        let mut borrowed = self.stats.live().await.map_err(Fault::from)?;
        let cleared = within(STATEMENT_TIMEOUT, clear(borrowed.get(), event)).await;
        Ok(borrowed.settle(cleared).map_err(Fault::from)?)
    }
}

/// Waits for those who are counting and keeps others out: a record that one of them counts
/// meanwhile must be in both tables afterwards, or in none.
async fn clear(connection: &mut PgConnection, event: EventId) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    sqlx::query("LOCK TABLE stats.applied IN SHARE ROW EXCLUSIVE MODE")
        .execute(&mut *transaction)
        .await?;
    sqlx::query(
        "WITH gone AS (DELETE FROM stats.applied WHERE event = $1)
         DELETE FROM stats.sale WHERE event = $1",
    )
    .bind(event.number().cast_signed())
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await
}
