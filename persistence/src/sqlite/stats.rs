//! Sales counted from the stream.

use async_trait::async_trait;
use sqlx::SqliteConnection;
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::ports::{Counted, SalesLine, Stats, StoreError};

use super::{Embedded, begin};
use crate::columns::Fault;
use crate::read;

#[async_trait]
impl Stats for Embedded {
    async fn count(&self, counted: &[Counted]) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        let mut transaction = begin(&mut writer).await.map_err(Fault::from)?;
        for record in counted {
            count(&mut transaction, record).await?;
        }
        Ok(transaction.commit().await.map_err(Fault::from)?)
    }

    async fn sales(&self, event: EventId) -> Result<Vec<SalesLine>, StoreError> {
        let rows = sqlx::query(
            "SELECT hour, section, category, sold, returned, sold_minor, returned_minor
             FROM stats_sale WHERE event = ? ORDER BY hour, section, category",
        )
        .bind(event.number().cast_signed())
        .fetch_all(&self.readers)
        .await
        .map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::sales_line(row)?)).collect()
    }

    async fn clear(&self, event: EventId) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        let mut transaction = begin(&mut writer).await.map_err(Fault::from)?;
        for statement in [
            sqlx::query("DELETE FROM stats_applied WHERE event = ?"),
            sqlx::query("DELETE FROM stats_sale WHERE event = ?"),
        ] {
            statement
                .bind(event.number().cast_signed())
                .execute(&mut *transaction)
                .await
                .map_err(Fault::from)?;
        }
        Ok(transaction.commit().await.map_err(Fault::from)?)
    }
}

async fn count(writer: &mut SqliteConnection, record: &Counted) -> Result<(), Fault> {
    let fresh = sqlx::query("INSERT OR IGNORE INTO stats_applied (event, seq) VALUES (?, ?)")
        .bind(record.event.number().cast_signed())
        .bind(record.seq.0.cast_signed())
        .execute(&mut *writer)
        .await?;
    if fresh.rows_affected() == 0 {
        return Ok(());
    }
    for line in &record.lines {
        sqlx::query(
            "INSERT INTO stats_sale
                 (event, hour, section, category, sold, returned, sold_minor, returned_minor)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (event, hour, section, category) DO UPDATE
             SET sold = sold + excluded.sold, returned = returned + excluded.returned,
                 sold_minor = sold_minor + excluded.sold_minor,
                 returned_minor = returned_minor + excluded.returned_minor",
        )
        .bind(record.event.number().cast_signed())
        .bind(line.hour.as_millis())
        .bind(&line.section)
        .bind(&line.category)
        .bind(line.sold)
        .bind(line.returned)
        .bind(line.sold_minor)
        .bind(line.returned_minor)
        .execute(&mut *writer)
        .await?;
    }
    Ok(())
}
