//! Rehearsals: marked first, wiped step by step.

use async_trait::async_trait;
use sqlx::{Sqlite, SqliteConnection};
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::ports::{
    BURIED, Extent, Rehearsal, Rehearsals, StoreError, WipeError, WipeStep,
};

use super::{Embedded, begin};
use crate::columns::Fault;
use crate::read;

/// Rows that go in one transaction: others write in between.
const PAGE: i64 = 2_000;

/// Finds what has a number.
const IN_CATALOG: &str = "
    SELECT id FROM catalog_event WHERE id = ?1
    UNION ALL SELECT id FROM catalog_draft WHERE id = ?1
    UNION ALL SELECT event FROM catalog_rehearsal WHERE event = ?1";
/// Marks a number under which nothing is sold.
const MARK_SALES: &str = "
    INSERT INTO sales_rehearsal (event)
    SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM sales_owner WHERE event = ?1)
    ON CONFLICT (event) DO NOTHING";
/// The same where nothing was authorised.
const MARK_PAYMENTS: &str = "
    INSERT INTO payments_rehearsal (event)
    SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM payments_authorisation WHERE event = ?1)
    ON CONFLICT (event) DO NOTHING";
const IN_SALES: &str = "SELECT 1 FROM sales_rehearsal WHERE event = ?1";
/// Nobody owned it, and nobody will.
const BURY_NEW: &str = "
    INSERT INTO sales_owner (event, fence, last_seq, last_hash)
    SELECT event, 9223372036854775807, 0, zeroblob(32) FROM sales_rehearsal WHERE event = ?1
    ON CONFLICT (event) DO NOTHING";
const BURY: &str = "
    UPDATE sales_owner SET fence = 9223372036854775807
    WHERE event = ?1 AND fence < 9223372036854775807";
const IS_BURIED: &str = "
    SELECT 1 FROM sales_rehearsal r JOIN sales_owner o ON o.event = r.event
    WHERE r.event = ?1 AND o.fence = 9223372036854775807";

/// Each deletes a page of what a buried event has; what refers to something goes before it.
const SALES: [&str; 9] = [
    "DELETE FROM sales_ticket WHERE rowid IN
         (SELECT rowid FROM sales_ticket WHERE event = ?1 LIMIT ?2)",
    "DELETE FROM sales_payment WHERE rowid IN
         (SELECT rowid FROM sales_payment WHERE event = ?1 LIMIT ?2)",
    "DELETE FROM sales_order WHERE rowid IN
         (SELECT rowid FROM sales_order WHERE event = ?1 LIMIT ?2)",
    "DELETE FROM sales_place WHERE event = ?1 AND place IN
         (SELECT place FROM sales_place WHERE event = ?1 LIMIT ?2)",
    "DELETE FROM sales_terms WHERE event = ?1 AND ?2 > 0",
    "DELETE FROM sales_snapshot WHERE event = ?1 AND ?2 > 0",
    "DELETE FROM sales_relay WHERE event = ?1 AND ?2 > 0",
    "DELETE FROM sales_summary WHERE event = ?1 AND ?2 > 0",
    "DELETE FROM sales_journal WHERE rowid IN
         (SELECT rowid FROM sales_journal WHERE event = ?1 LIMIT ?2)",
];

#[async_trait]
impl Rehearsals for Embedded {
    async fn mark(&self, rehearsal: &Rehearsal) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        if statement(IN_CATALOG, rehearsal.event)
            .fetch_optional(&mut *writer)
            .await
            .map_err(Fault::from)?
            .is_some()
        {
            return Err(StoreError::Exists("event"));
        }
        // The catalog's mark is the last: with it, the others are there.
        for mark in [MARK_PAYMENTS, MARK_SALES] {
            if run(&mut writer, mark, rehearsal.event).await? == 0 {
                return Err(StoreError::Exists("event"));
            }
        }
        sqlx::query(
            "INSERT INTO catalog_rehearsal (event, copy_of, title, made_at, state)
             VALUES (?, ?, ?, ?, ?)",
        )
        .bind(rehearsal.event.number().cast_signed())
        .bind(rehearsal.of.number().cast_signed())
        .bind(&rehearsal.title)
        .bind(rehearsal.made_at.as_millis())
        .bind(rehearsal.state.as_str())
        .execute(&mut *writer)
        .await
        .map_err(Fault::from)?;
        Ok(())
    }

    async fn rehearsal(&self, event: EventId) -> Result<Option<Rehearsal>, StoreError> {
        let row = sqlx::query(
            "SELECT event, copy_of, title, made_at, state FROM catalog_rehearsal WHERE event = ?",
        )
        .bind(event.number().cast_signed())
        .fetch_optional(&self.readers)
        .await
        .map_err(Fault::from)?;
        Ok(row.map(|row| read::rehearsal(&row)).transpose()?)
    }

    async fn rehearsals(&self, limit: u32) -> Result<Vec<Rehearsal>, StoreError> {
        let rows = sqlx::query(
            "SELECT event, copy_of, title, made_at, state FROM catalog_rehearsal
             ORDER BY made_at DESC, event DESC LIMIT ?",
        )
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await
        .map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::rehearsal(row)?)).collect()
    }

    async fn extent(&self, event: EventId) -> Result<Extent, StoreError> {
        let sold = sqlx::query(
            "SELECT coalesce((SELECT max(last_seq) FROM sales_journal WHERE event = ?1), 0)
                        AS records,
                    (SELECT count(*) FROM sales_order WHERE event = ?1) AS orders,
                    (SELECT count(*) FROM sales_payment WHERE event = ?1) AS payments,
                    (SELECT count(*) FROM sales_ticket WHERE event = ?1) AS tickets",
        )
        .bind(event.number().cast_signed())
        .fetch_one(&self.readers)
        .await
        .map_err(Fault::from)?;
        let paid = sqlx::query(
            "SELECT count(*) AS authorisations FROM payments_authorisation WHERE event = ?",
        )
        .bind(event.number().cast_signed())
        .fetch_one(&self.readers)
        .await
        .map_err(Fault::from)?;
        Ok(read::extent(&sold, &paid)?)
    }

    async fn wipe(&self, event: EventId, step: WipeStep) -> Result<bool, WipeError> {
        let mut writer = self.writer().await;
        let mut transaction = begin(&mut writer).await.map_err(sql)?;
        let more = match step {
            WipeStep::Hide => hide(&mut transaction, event).await,
            WipeStep::Bury => bury(&mut transaction, event).await,
            WipeStep::Sales => sales(&mut transaction, event).await,
            WipeStep::Payments => payments(&mut transaction, event).await,
            WipeStep::Forget => forget(&mut transaction, event).await,
        }?;
        transaction.commit().await.map_err(sql)?;
        Ok(more)
    }
}

async fn hide(writer: &mut SqliteConnection, event: EventId) -> Result<bool, WipeError> {
    let hide = "UPDATE catalog_rehearsal SET state = 'wiping' WHERE event = ?1 AND state = 'made'";
    run(writer, hide, event).await?;
    found(writer, "SELECT 1 FROM catalog_rehearsal WHERE event = ?1", event).await?;
    Ok(false)
}

async fn bury(writer: &mut SqliteConnection, event: EventId) -> Result<bool, WipeError> {
    found(writer, IN_SALES, event).await?;
    run(writer, BURY_NEW, event).await?;
    run(writer, BURY, event).await?;
    Ok(false)
}

async fn sales(writer: &mut SqliteConnection, event: EventId) -> Result<bool, WipeError> {
    found(writer, IS_BURIED, event).await?;
    let mut gone = 0;
    for delete in SALES {
        let deleted =
            statement(delete, event).bind(PAGE).execute(&mut *writer).await.map_err(sql)?;
        gone += deleted.rows_affected();
        if gone >= PAGE.cast_unsigned() {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn payments(writer: &mut SqliteConnection, event: EventId) -> Result<bool, WipeError> {
    run(writer, "UPDATE payments_rehearsal SET wiped = 1 WHERE event = ?1", event).await?;
    found(writer, "SELECT 1 FROM payments_rehearsal WHERE event = ?1", event).await?;
    let delete = "DELETE FROM payments_authorisation WHERE rowid IN
                      (SELECT rowid FROM payments_authorisation WHERE event = ?1 LIMIT ?2)";
    let deleted = statement(delete, event).bind(PAGE).execute(writer).await.map_err(sql)?;
    Ok(deleted.rows_affected() >= PAGE.cast_unsigned())
}

async fn forget(writer: &mut SqliteConnection, event: EventId) -> Result<bool, WipeError> {
    let begun = "SELECT 1 FROM catalog_rehearsal WHERE event = ?1 AND state <> 'made'";
    found(writer, begun, event).await?;
    run(writer, "DELETE FROM catalog_event WHERE id = ?1", event).await?;
    let wiped =
        "UPDATE catalog_rehearsal SET state = 'wiped' WHERE event = ?1 AND state = 'wiping'";
    run(writer, wiped, event).await?;
    Ok(false)
}

type Query<'q> = sqlx::query::Query<'q, Sqlite, sqlx::sqlite::SqliteArguments>;

fn statement(sql: &'static str, event: EventId) -> Query<'static> {
    sqlx::query(sql).bind(event.number().cast_signed())
}

async fn run(
    writer: &mut SqliteConnection,
    sql: &'static str,
    event: EventId,
) -> Result<u64, StoreError> {
    let done = statement(sql, event).execute(writer).await.map_err(Fault::from)?;
    Ok(done.rows_affected())
}

/// Goes no further without what a query finds.
async fn found(
    writer: &mut SqliteConnection,
    query: &'static str,
    event: EventId,
) -> Result<(), WipeError> {
    let row = statement(query, event).fetch_optional(writer).await.map_err(sql)?;
    row.map(drop).ok_or(WipeError::Refused)
}

fn sql(error: sqlx::Error) -> WipeError {
    WipeError::Store(Fault::from(error).into())
}

const _: () = assert!(BURIED.0 == 9_223_372_036_854_775_807, "as the statements have it");
