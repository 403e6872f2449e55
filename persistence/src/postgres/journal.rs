//! The journal and the rows beside it: one statement for each batch.
//!
//! Its first part moves the owner's row if fence, sequence and hash are what the batch follows on,
//! and holds that row until the end; every other part reads from it, so that a stale owner writes
//! nothing. A check in a statement of its own would not do: a take-over fits in between.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::PgBindIterExt;
use tiketi_engine::domain::ids::{EventId, Id, Seq};
use tiketi_engine::domain::inventory::PlaceState;
use tiketi_engine::domain::order::{Order, Payment};
use tiketi_engine::domain::rows::{PlaceRow, Rows};
use tiketi_engine::domain::terms::Terms;
use tiketi_engine::domain::ticket::{Ticket, TicketState};
use tiketi_engine::journal::{Append, Batch};
use tiketi_engine::planted::Bug;
use tiketi_engine::ports::{Journal, JournalError, Recovered, StoredSnapshot, TakenOver};

use super::Postgres;
use super::pool::Query;
use crate::columns::Fault;
use crate::{codec, read};

/// Most batches: holds come and go, and nothing else changes.
const APPEND_PLACES: &str = concat!(
    include_str!("append/owner_moved.sql"),
    include_str!("append/batch.sql"),
    include_str!("append/written.sql"),
);
/// A batch with orders, tickets or terms.
const APPEND_ROWS: &str = concat!(
    include_str!("append/owner_moved.sql"),
    include_str!("append/batch.sql"),
    include_str!("append/rows.sql"),
    include_str!("append/written.sql"),
);
/// One with a bug that can be planted.
const APPEND_UNFENCED: &str = concat!(
    include_str!("append/owner_unfenced.sql"),
    include_str!("append/batch.sql"),
    include_str!("append/rows.sql"),
    include_str!("append/written.sql"),
);
/// The first batch.
const CREATE: &str = concat!(
    include_str!("append/owner_new.sql"),
    include_str!("append/batch.sql"),
    include_str!("append/rows.sql"),
    include_str!("append/written.sql"),
);

/// Batches read in one statement: many of them must not make one that takes too long.
const PAGE: u32 = 1_000;

#[async_trait]
impl Journal for Postgres {
    async fn create(&self, first: &Append) -> Result<(), JournalError> {
        let statement = with_rows(with_batch(sqlx::query(CREATE), first), &first.rows);
        let made = self.sales.written(statement).await.map_err(Fault::from)?;
        made.map(drop).ok_or(JournalError::Exists)
    }

    async fn take_over(&self, event: EventId) -> Result<TakenOver, JournalError> {
        let statement = || {
            sqlx::query(
                "UPDATE sales.owner SET fence = fence + 1
                 WHERE event = $1 AND fence < 9223372036854775807
                 RETURNING fence, last_seq, last_hash",
            )
            .bind(event.number().cast_signed())
        };
        let row = self.writers.take_over(event, statement).await.map_err(Fault::from)?;
        Ok(read::taken_over(&row.ok_or(JournalError::NotFound)?)?)
    }

    async fn recover(&self, event: EventId) -> Result<Recovered, JournalError> {
        let snapshot = self.snapshot(event).await?;
        let after = snapshot.as_ref().map_or(Seq(0), |snapshot| snapshot.seq);
        let batches = self.batches(event, after, u32::MAX).await?;
        Ok(Recovered { snapshot, batches })
    }

    async fn append(&self, append: &Append) -> Result<(), JournalError> {
        if Bug::CheckApart.is_planted() || Bug::NoFence.is_planted() {
            return self.append_unfenced(append).await;
        }
        let rows = &append.rows;
        let few = rows.orders.is_empty() && rows.tickets.is_empty() && rows.terms.is_none();
        let statement = if few {
            with_batch(sqlx::query(APPEND_PLACES), append)
        } else {
            with_rows(with_batch(sqlx::query(APPEND_ROWS), append), rows)
        };
        let written =
            self.writers.append(append.batch.event, statement).await.map_err(Fault::from)?;
        written.map(drop).ok_or(JournalError::Fenced)
    }

    async fn save_snapshot(
        &self,
        event: EventId,
        snapshot: &StoredSnapshot,
    ) -> Result<(), JournalError> {
        // Whoever wipes an event waits for this lock, which no append waits for; a rehearsal that
        // was buried is left without.
        let statement = sqlx::query(
            "INSERT INTO sales.snapshot (event, seq, hash, state)
             SELECT event, $2, $3, $4 FROM sales.owner
             WHERE event = $1 AND fence < 9223372036854775807 FOR KEY SHARE
             ON CONFLICT (event) DO UPDATE
             SET seq = excluded.seq, hash = excluded.hash, state = excluded.state
             WHERE excluded.seq > snapshot.seq",
        )
        .bind(event.number().cast_signed())
        .bind(snapshot.seq.0.cast_signed())
        .bind(&snapshot.hash[..])
        .bind(&snapshot.state);
        self.sales.write(statement).await.map_err(Fault::from)?;
        Ok(())
    }

    async fn batches(
        &self,
        event: EventId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Batch>, JournalError> {
        let mut batches: Vec<Batch> = Vec::new();
        let mut left = limit;
        while left > 0 {
            let after = batches.last().map_or(after, |batch| batch.last);
            let page = self.page(event, after, left.min(PAGE)).await?;
            let read = u32::try_from(page.len()).unwrap_or(u32::MAX);
            batches.extend(page);
            if read < left.min(PAGE) {
                break;
            }
            left -= read;
        }
        if batches.is_empty() && !self.has_journal(event).await? {
            return Err(JournalError::NotFound);
        }
        Ok(batches)
    }

    async fn batch_with(&self, event: EventId, record: Seq) -> Result<Batch, JournalError> {
        let query = || {
            sqlx::query(
                "SELECT first_seq, last_seq, fence, prev_hash, hash, body FROM sales.journal
                 WHERE event = $1 AND first_seq <= $2 ORDER BY first_seq DESC LIMIT 1",
            )
            .bind(event.number().cast_signed())
            .bind(i64::try_from(record.0).unwrap_or(i64::MAX))
        };
        let row = self.sales.first(query).await.map_err(Fault::from)?;
        Ok(read::batch(event, &row.ok_or(JournalError::NotFound)?)?)
    }

    async fn snapshot(&self, event: EventId) -> Result<Option<StoredSnapshot>, JournalError> {
        let query = || {
            sqlx::query("SELECT seq, hash, state FROM sales.snapshot WHERE event = $1")
                .bind(event.number().cast_signed())
        };
        let row = self.sales.first(query).await.map_err(Fault::from)?;
        Ok(row.map(|row| read::snapshot(&row)).transpose()?)
    }
}

impl Postgres {
    async fn page(&self, event: EventId, after: Seq, limit: u32) -> Result<Vec<Batch>, Fault> {
        let query = || {
            sqlx::query(
                "SELECT first_seq, last_seq, fence, prev_hash, hash, body FROM sales.journal
                 WHERE event = $1 AND first_seq > $2 ORDER BY first_seq LIMIT $3",
            )
            .bind(event.number().cast_signed())
            .bind(after.0.cast_signed())
            .bind(i64::from(limit))
        };
        self.sales.all(query).await?.iter().map(|row| read::batch(event, row)).collect()
    }

    async fn has_journal(&self, event: EventId) -> Result<bool, Fault> {
        let query = || {
            sqlx::query(
                "SELECT 1 FROM sales.owner WHERE event = $1 AND fence < 9223372036854775807",
            )
            .bind(event.number().cast_signed())
        };
        Ok(self.sales.first(query).await?.is_some())
    }
}

impl Postgres {
    /// What an append must not be: without a check of what it follows on, or with one that may be
    /// out of date when the batch is written.
    async fn append_unfenced(&self, append: &Append) -> Result<(), JournalError> {
        let Append { batch, rows } = append;
        if Bug::CheckApart.is_planted() {
            let follows_on = || {
                sqlx::query(
                    "SELECT 1 FROM sales.owner
                     WHERE event = $1 AND fence = $2 AND last_seq = $3 AND last_hash = $4",
                )
                .bind(number(batch.event))
                .bind(batch.fence.0.cast_signed())
                .bind((batch.first.0 - 1).cast_signed())
                .bind(&batch.prev_hash[..])
            };
            let owned = self.sales.first(follows_on).await.map_err(Fault::from)?;
            owned.ok_or(JournalError::Fenced)?;
            // As long as a scheduler may take over it, so that it does not take luck to see.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let statement = with_rows(with_batch(sqlx::query(APPEND_UNFENCED), append), rows);
        let written = self.writers.append(batch.event, statement).await.map_err(Fault::from)?;
        written.map(drop).ok_or(JournalError::Fenced)
    }
}

/// Binds $1 to $23: the owner's row, the batch and the places.
fn with_batch<'q>(statement: Query<'q>, append: &'q Append) -> Query<'q> {
    let Append { batch, rows } = append;
    let (summary, places) = (&rows.summary, rows.places.iter());
    // It has no sequence of its own in the owner's row.
    debug_assert_eq!(summary.seq, batch.last, "the sale at a glance is as of the batch");
    let hold = |row: &PlaceRow| match row.state {
        PlaceState::Held(hold) => Some(number(hold)),
        PlaceState::Free | PlaceState::Sold(_) | PlaceState::Blocked => None,
    };
    let ticket = |row: &PlaceRow| match row.state {
        PlaceState::Sold(ticket) => Some(number(ticket)),
        PlaceState::Free | PlaceState::Held(_) | PlaceState::Blocked => None,
    };
    statement
        .bind(number(batch.event))
        .bind(batch.fence.0.cast_signed())
        .bind((batch.first.0 - 1).cast_signed())
        .bind(&batch.prev_hash[..])
        .bind(batch.last.0.cast_signed())
        .bind(&batch.hash[..])
        .bind(summary.status.as_str())
        .bind(summary.lobby_opens_at.as_millis())
        .bind(summary.opens_at.as_millis())
        .bind(summary.closes_at.as_millis())
        .bind(codec::signed(summary.for_sale))
        .bind(codec::signed(summary.free))
        .bind(codec::signed(summary.held))
        .bind(codec::signed(summary.sold))
        .bind(codec::signed(summary.blocked))
        .bind(batch.first.0.cast_signed())
        .bind(&batch.body)
        .bind(places.clone().map(|row| i64::from(row.place.0)).bind_iter())
        .bind(places.clone().map(hold).bind_iter())
        .bind(places.clone().map(ticket).bind_iter())
        .bind(places.clone().map(|row| row.fan.map(number)).bind_iter())
        .bind(places.clone().map(|row| row.version.0.cast_signed()).bind_iter())
        .bind(places.map(|row| row.state == PlaceState::Blocked).bind_iter())
}

/// Binds $24 to $48: orders, payments, tickets and terms.
fn with_rows<'q>(statement: Query<'q>, rows: &'q Rows) -> Query<'q> {
    let statement = with_orders(statement, &rows.orders);
    let statement = with_tickets(statement, &rows.tickets);
    statement.bind(rows.terms.as_ref().map(Terms::encode))
}

fn with_orders<'q>(statement: Query<'q>, orders: &'q [Order]) -> Query<'q> {
    let of = |order: &'q Order| order.payments.iter().map(move |payment| (order, payment));
    let payments: Vec<(&Order, &Payment)> = orders.iter().flat_map(of).collect();
    let (orders, payments) = (orders.iter(), payments.iter());
    statement
        .bind(orders.clone().map(|order| number(order.id)).bind_iter())
        .bind(orders.clone().map(|order| number(order.fan)).bind_iter())
        .bind(orders.clone().map(|order| codec::items(&order.items)).bind_iter())
        .bind(orders.clone().map(|order| order.total_minor).bind_iter())
        .bind(orders.clone().map(|order| order.state.as_str()).bind_iter())
        .bind(orders.clone().map(|order| order.placed_at.as_millis()).bind_iter())
        .bind(orders.map(|order| order.changed_at.as_millis()).bind_iter())
        .bind(payments.clone().map(|(_, payment)| number(payment.id)).bind_iter())
        .bind(payments.clone().map(|(order, _)| number(order.id)).bind_iter())
        .bind(payments.clone().map(|(_, payment)| payment.state.as_str()).bind_iter())
        .bind(payments.clone().map(|(_, payment)| codec::storable(&payment.reference)).bind_iter())
        .bind(payments.clone().map(|(_, payment)| payment.captured_minor).bind_iter())
        .bind(
            payments.clone().map(|(_, payment)| codec::storable(&payment.decline_code)).bind_iter(),
        )
        .bind(payments.clone().map(|(_, payment)| payment.started_at.as_millis()).bind_iter())
        .bind(payments.map(|(_, payment)| payment.changed_at.as_millis()).bind_iter())
}

fn with_tickets<'q>(statement: Query<'q>, tickets: &'q [Ticket]) -> Query<'q> {
    let redeemed_at = |ticket: &Ticket| match &ticket.state {
        TicketState::Redeemed { at, .. } => Some(at.as_millis()),
        TicketState::Valid | TicketState::Void => None,
    };
    let gate = |ticket: &'q Ticket| match &ticket.state {
        TicketState::Redeemed { gate, .. } => Some(codec::storable(gate)),
        TicketState::Valid | TicketState::Void => None,
    };
    let tickets = tickets.iter();
    statement
        .bind(tickets.clone().map(|ticket| number(ticket.id)).bind_iter())
        .bind(tickets.clone().map(|ticket| number(ticket.order)).bind_iter())
        .bind(tickets.clone().map(|ticket| number(ticket.fan)).bind_iter())
        .bind(tickets.clone().map(|ticket| i64::from(ticket.place.0)).bind_iter())
        .bind(tickets.clone().map(|ticket| i64::from(ticket.ticket_type.0)).bind_iter())
        .bind(tickets.clone().map(|ticket| codec::ticket_state(&ticket.state)).bind_iter())
        .bind(tickets.clone().map(|ticket| ticket.issued_at.as_millis()).bind_iter())
        .bind(tickets.clone().map(redeemed_at).bind_iter())
        .bind(tickets.map(gate).bind_iter())
}

fn number<K>(id: Id<K>) -> i64 {
    id.number().cast_signed()
}
