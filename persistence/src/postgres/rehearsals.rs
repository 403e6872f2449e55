//! Rehearsals: marked first, wiped step by step, each context in a statement of its own.

use async_trait::async_trait;
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::ports::{
    BURIED, Extent, Rehearsal, Rehearsals, StoreError, WipeError, WipeStep,
};

use super::Postgres;
use super::pool::{Pool, Query};
use crate::columns::{Columns, Fault};
use crate::read;

/// Rows that go in one statement: few enough for its time limit.
const PAGE: i64 = 10_000;

/// Finds what has a number.
const IN_CATALOG: &str = "
    SELECT id FROM catalog.event WHERE id = $1
    UNION ALL SELECT id FROM catalog.draft WHERE id = $1
    UNION ALL SELECT event FROM catalog.rehearsal WHERE event = $1";
/// Marks a number under which nothing is sold.
const MARK_SALES: &str = "
    INSERT INTO sales.rehearsal (event)
    SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM sales.owner WHERE event = $1)
    ON CONFLICT (event) DO NOTHING";
/// The same where nothing was authorised.
const MARK_PAYMENTS: &str = "
    INSERT INTO payments.rehearsal (event)
    SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM payments.authorisation WHERE event = $1)
    ON CONFLICT (event) DO NOTHING";
const IN_SALES: &str = "SELECT 1 FROM sales.rehearsal WHERE event = $1";
/// Nobody owned it, and nobody will.
const BURY_NEW: &str = "
    INSERT INTO sales.owner
        (event, fence, last_seq, last_hash, status, lobby_opens_at, opens_at, closes_at, for_sale,
         free, held, sold)
    SELECT event, 9223372036854775807, 0, decode(repeat('00', 32), 'hex'), 'closed', 0, 0, 0, 0,
           0, 0, 0
    FROM sales.rehearsal WHERE event = $1
    ON CONFLICT (event) DO NOTHING";
const BURY: &str = "
    UPDATE sales.owner SET fence = 9223372036854775807
    WHERE event = $1 AND fence < 9223372036854775807
    RETURNING event";

#[async_trait]
impl Rehearsals for Postgres {
    async fn mark(&self, rehearsal: &Rehearsal) -> Result<(), StoreError> {
        let event = rehearsal.event;
        let there = self.catalog.first(|| statement(IN_CATALOG, event)).await;
        if there.map_err(Fault::from)?.is_some() {
            return Err(StoreError::Exists("event"));
        }
        // The catalog's mark is the last: with it, the others are there.
        for (pool, mark) in [(&self.payments, MARK_PAYMENTS), (&self.sales, MARK_SALES)] {
            if run(pool, mark, event).await? == 0 {
                return Err(StoreError::Exists("event"));
            }
        }
        let marked = sqlx::query(
            "INSERT INTO catalog.rehearsal (event, copy_of, title, made_at, state)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(event.number().cast_signed())
        .bind(rehearsal.of.number().cast_signed())
        .bind(&rehearsal.title)
        .bind(rehearsal.made_at.as_millis())
        .bind(rehearsal.state.as_str());
        self.catalog.write(marked).await.map_err(Fault::from)?;
        Ok(())
    }

    async fn rehearsal(&self, event: EventId) -> Result<Option<Rehearsal>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT event, copy_of, title, made_at, state FROM catalog.rehearsal
                 WHERE event = $1",
            )
            .bind(event.number().cast_signed())
        };
        let row = self.catalog.first(query).await.map_err(Fault::from)?;
        Ok(row.map(|row| read::rehearsal(&row)).transpose()?)
    }

    async fn rehearsals(&self, limit: u32) -> Result<Vec<Rehearsal>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT event, copy_of, title, made_at, state FROM catalog.rehearsal
                 ORDER BY made_at DESC, event DESC LIMIT $1",
            )
            .bind(i64::from(limit))
        };
        let rows = self.catalog.all(query).await.map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::rehearsal(row)?)).collect()
    }

    async fn extent(&self, event: EventId) -> Result<Extent, StoreError> {
        let of_sales = || {
            sqlx::query(
                "SELECT coalesce((SELECT max(last_seq) FROM sales.journal WHERE event = $1), 0)
                            AS records,
                        (SELECT count(*) FROM sales.order WHERE event = $1) AS orders,
                        (SELECT count(*) FROM sales.payment WHERE event = $1) AS payments,
                        (SELECT count(*) FROM sales.ticket WHERE event = $1) AS tickets",
            )
            .bind(event.number().cast_signed())
        };
        let of_payments = || {
            sqlx::query(
                "SELECT count(*) AS authorisations FROM payments.authorisation WHERE event = $1",
            )
            .bind(event.number().cast_signed())
        };
        let sold = self.sales.first(of_sales).await.map_err(Fault::from)?;
        let paid = self.payments.first(of_payments).await.map_err(Fault::from)?;
        let (Some(sold), Some(paid)) = (sold, paid) else { return Ok(Extent::default()) };
        Ok(read::extent(&sold, &paid)?)
    }

    async fn wipe(&self, event: EventId, step: WipeStep) -> Result<bool, WipeError> {
        match step {
            WipeStep::Hide => self.hide(event).await,
            WipeStep::Bury => self.bury(event).await,
            WipeStep::Sales => self.wipe_sales(event).await,
            WipeStep::Payments => self.wipe_payments(event).await,
            WipeStep::Forget => self.forget(event).await,
        }
    }
}

impl Postgres {
    async fn hide(&self, event: EventId) -> Result<bool, WipeError> {
        let hide =
            "UPDATE catalog.rehearsal SET state = 'wiping' WHERE event = $1 AND state = 'made'";
        run(&self.catalog, hide, event).await?;
        found(&self.catalog, "SELECT 1 FROM catalog.rehearsal WHERE event = $1", event).await?;
        Ok(false)
    }

    async fn bury(&self, event: EventId) -> Result<bool, WipeError> {
        found(&self.sales, IN_SALES, event).await?;
        run(&self.sales, BURY_NEW, event).await?;
        // As a take-over does: an owner that is frozen in the middle of an append is in nobody's way.
        let buried = self.writers.take_over(event, || statement(BURY, event)).await;
        buried.map_err(sql)?;
        Ok(false)
    }

    async fn wipe_sales(&self, event: EventId) -> Result<bool, WipeError> {
        let wipe = statement("SELECT sales.wipe($1, $2) AS gone", event).bind(PAGE);
        let row = self.sales.written(wipe).await.map_err(sql)?;
        let gone = row.map(|row| row.integer_or_null("gone")).transpose();
        let gone = gone.map_err(StoreError::from)?.flatten().ok_or(WipeError::Refused)?;
        Ok(gone >= PAGE)
    }

    async fn wipe_payments(&self, event: EventId) -> Result<bool, WipeError> {
        let pool = &self.payments;
        run(pool, "UPDATE payments.rehearsal SET wiped = TRUE WHERE event = $1", event).await?;
        found(pool, "SELECT 1 FROM payments.rehearsal WHERE event = $1", event).await?;
        let delete = "DELETE FROM payments.authorisation WHERE ctid = ANY (ARRAY(
                          SELECT ctid FROM payments.authorisation WHERE event = $1 LIMIT $2))";
        let deleted = pool.write(statement(delete, event).bind(PAGE)).await.map_err(sql)?;
        Ok(deleted >= PAGE.cast_unsigned())
    }

    async fn forget(&self, event: EventId) -> Result<bool, WipeError> {
        let pool = &self.catalog;
        let begun = "SELECT 1 FROM catalog.rehearsal WHERE event = $1 AND state <> 'made'";
        found(pool, begun, event).await?;
        run(pool, "DELETE FROM catalog.event WHERE id = $1", event).await?;
        let wiped =
            "UPDATE catalog.rehearsal SET state = 'wiped' WHERE event = $1 AND state = 'wiping'";
        run(pool, wiped, event).await?;
        Ok(false)
    }
}

fn statement(sql: &'static str, event: EventId) -> Query<'static> {
    sqlx::query(sql).bind(event.number().cast_signed())
}

async fn run(pool: &Pool, sql: &'static str, event: EventId) -> Result<u64, StoreError> {
    Ok(pool.write(statement(sql, event)).await.map_err(Fault::from)?)
}

/// Goes no further without what a query finds.
async fn found(pool: &Pool, query: &'static str, event: EventId) -> Result<(), WipeError> {
    let row = pool.first(|| statement(query, event)).await.map_err(sql)?;
    row.map(drop).ok_or(WipeError::Refused)
}

fn sql(error: sqlx::Error) -> WipeError {
    WipeError::Store(Fault::from(error).into())
}

const _: () = assert!(BURIED.0 == 9_223_372_036_854_775_807, "as the statements have it");
