//! The journal and the rows beside it: one transaction for each batch.

use async_trait::async_trait;
use sqlx::SqliteConnection;
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::domain::order::Order;
use tiketi_engine::domain::rows::{Rows, Summary};
use tiketi_engine::domain::ticket::{Ticket, TicketState};
use tiketi_engine::journal::{Append, Batch};
use tiketi_engine::ports::{Journal, JournalError, Recovered, StoredSnapshot, TakenOver};

use super::{Embedded, begin};
use crate::columns::Fault;
use crate::{codec, read};

#[async_trait]
impl Journal for Embedded {
    async fn create(&self, first: &Append) -> Result<(), JournalError> {
        let mut writer = self.writer().await;
        let mut transaction = begin(&mut writer).await.map_err(Fault::from)?;
        let batch = &first.batch;
        let added = sqlx::query(
            "INSERT INTO sales_owner (event, fence, last_seq, last_hash) VALUES (?, ?, ?, ?)
             ON CONFLICT (event) DO NOTHING",
        )
        .bind(batch.event.number().cast_signed())
        .bind(batch.fence.0.cast_signed())
        .bind(batch.last.0.cast_signed())
        .bind(&batch.hash[..])
        .execute(&mut *transaction)
        .await
        .map_err(Fault::from)?;
        if added.rows_affected() == 0 {
            return Err(JournalError::Exists);
        }
        write(&mut transaction, first).await?;
        Ok(transaction.commit().await.map_err(Fault::from)?)
    }

    async fn take_over(&self, event: EventId) -> Result<TakenOver, JournalError> {
        let mut writer = self.writer().await;
        let row = sqlx::query(
            "UPDATE sales_owner SET fence = fence + 1
             WHERE event = ? AND fence < 9223372036854775807
             RETURNING fence, last_seq, last_hash",
        )
        .bind(event.number().cast_signed())
        .fetch_optional(&mut *writer)
        .await
        .map_err(Fault::from)?;
        Ok(read::taken_over(&row.ok_or(JournalError::NotFound)?)?)
    }

    async fn recover(&self, event: EventId) -> Result<Recovered, JournalError> {
        let snapshot = self.snapshot(event).await?;
        let after = snapshot.as_ref().map_or(Seq(0), |snapshot| snapshot.seq);
        let batches = self.batches(event, after, u32::MAX).await?;
        Ok(Recovered { snapshot, batches })
    }

    async fn append(&self, append: &Append) -> Result<(), JournalError> {
        let mut writer = self.writer().await;
        let mut transaction = begin(&mut writer).await.map_err(Fault::from)?;
        let batch = &append.batch;
        let moved = sqlx::query(
            "UPDATE sales_owner SET last_seq = ?, last_hash = ?
             WHERE event = ? AND fence = ? AND last_seq = ? AND last_hash = ?",
        )
        .bind(batch.last.0.cast_signed())
        .bind(&batch.hash[..])
        .bind(batch.event.number().cast_signed())
        .bind(batch.fence.0.cast_signed())
        .bind((batch.first.0 - 1).cast_signed())
        .bind(&batch.prev_hash[..])
        .execute(&mut *transaction)
        .await
        .map_err(Fault::from)?;
        if moved.rows_affected() == 0 {
            return Err(JournalError::Fenced);
        }
        write(&mut transaction, append).await?;
        Ok(transaction.commit().await.map_err(Fault::from)?)
    }

    async fn save_snapshot(
        &self,
        event: EventId,
        snapshot: &StoredSnapshot,
    ) -> Result<(), JournalError> {
        let mut writer = self.writer().await;
        sqlx::query(
            "INSERT INTO sales_snapshot (event, seq, hash, state)
             SELECT event, ?2, ?3, ?4 FROM sales_owner
             WHERE event = ?1 AND fence < 9223372036854775807
             ON CONFLICT (event) DO UPDATE
             SET seq = excluded.seq, hash = excluded.hash, state = excluded.state
             WHERE excluded.seq > sales_snapshot.seq",
        )
        .bind(event.number().cast_signed())
        .bind(snapshot.seq.0.cast_signed())
        .bind(&snapshot.hash[..])
        .bind(&snapshot.state)
        .execute(&mut *writer)
        .await
        .map_err(Fault::from)?;
        Ok(())
    }

    async fn batches(
        &self,
        event: EventId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<Batch>, JournalError> {
        let rows = sqlx::query(
            "SELECT first_seq, last_seq, fence, prev_hash, hash, body FROM sales_journal
             WHERE event = ? AND first_seq > ? ORDER BY first_seq LIMIT ?",
        )
        .bind(event.number().cast_signed())
        .bind(after.0.cast_signed())
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await
        .map_err(Fault::from)?;
        if rows.is_empty() && !self.has_journal(event).await? {
            return Err(JournalError::NotFound);
        }
        rows.iter().map(|row| Ok(read::batch(event, row)?)).collect()
    }

    async fn batch_with(&self, event: EventId, record: Seq) -> Result<Batch, JournalError> {
        let row = sqlx::query(
            "SELECT first_seq, last_seq, fence, prev_hash, hash, body FROM sales_journal
             WHERE event = ? AND first_seq <= ? ORDER BY first_seq DESC LIMIT 1",
        )
        .bind(event.number().cast_signed())
        .bind(i64::try_from(record.0).unwrap_or(i64::MAX))
        .fetch_optional(&self.readers)
        .await
        .map_err(Fault::from)?;
        Ok(read::batch(event, &row.ok_or(JournalError::NotFound)?)?)
    }

    async fn snapshot(&self, event: EventId) -> Result<Option<StoredSnapshot>, JournalError> {
        let row = sqlx::query("SELECT seq, hash, state FROM sales_snapshot WHERE event = ?")
            .bind(event.number().cast_signed())
            .fetch_optional(&self.readers)
            .await
            .map_err(Fault::from)?;
        Ok(row.map(|row| read::snapshot(&row)).transpose()?)
    }
}

impl Embedded {
    async fn has_journal(&self, event: EventId) -> Result<bool, Fault> {
        let row = sqlx::query(
            "SELECT 1 FROM sales_owner WHERE event = ? AND fence < 9223372036854775807",
        )
        .bind(event.number().cast_signed())
        .fetch_optional(&self.readers)
        .await?;
        Ok(row.is_some())
    }
}

/// The batch and its rows, within the transaction that moved the owner.
async fn write(writer: &mut SqliteConnection, append: &Append) -> Result<(), JournalError> {
    let Append { batch, rows } = append;
    sqlx::query(
        "INSERT INTO sales_journal (event, first_seq, last_seq, fence, prev_hash, hash, body)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(batch.event.number().cast_signed())
    .bind(batch.first.0.cast_signed())
    .bind(batch.last.0.cast_signed())
    .bind(batch.fence.0.cast_signed())
    .bind(&batch.prev_hash[..])
    .bind(&batch.hash[..])
    .bind(&batch.body)
    .execute(&mut *writer)
    .await
    .map_err(Fault::from)?;
    write_places(writer, batch.event, rows).await?;
    for order in &rows.orders {
        write_order(writer, batch.event, order).await?;
    }
    // Void tickets make room for those of the same places that are new.
    let void = |ticket: &&Ticket| ticket.state == TicketState::Void;
    let (gone, live): (Vec<&Ticket>, Vec<&Ticket>) = rows.tickets.iter().partition(void);
    for ticket in gone.into_iter().chain(live) {
        write_ticket(writer, batch.event, ticket).await?;
    }
    if let Some(terms) = &rows.terms {
        sqlx::query("INSERT OR REPLACE INTO sales_terms (event, terms) VALUES (?, ?)")
            .bind(batch.event.number().cast_signed())
            .bind(terms.encode())
            .execute(&mut *writer)
            .await
            .map_err(Fault::from)?;
    }
    Ok(write_summary(writer, batch.event, &rows.summary).await?)
}

async fn write_places(
    writer: &mut SqliteConnection,
    event: EventId,
    rows: &Rows,
) -> Result<(), JournalError> {
    if rows.places.is_empty() {
        return Ok(());
    }
    let written = sqlx::query(
        "INSERT INTO sales_place (event, place, state, hold, ticket, fan, version)
         SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
         FROM json_each(?) WHERE TRUE
         ON CONFLICT (event, place) DO UPDATE
         SET state = excluded.state, hold = excluded.hold, ticket = excluded.ticket,
             fan = excluded.fan, version = excluded.version
         WHERE excluded.version > sales_place.version",
    )
    .bind(event.number().cast_signed())
    .bind(codec::places(&rows.places))
    .execute(writer)
    .await
    .map_err(Fault::from)?;
    if written.rows_affected() == rows.places.len() as u64 {
        Ok(())
    } else {
        Err(JournalError::Corrupt("a place is newer than the batch that writes it".to_owned()))
    }
}

async fn write_order(
    writer: &mut SqliteConnection,
    event: EventId,
    order: &Order,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO sales_order
             (event, number, fan, items, total_minor, state, placed_at, changed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (event, number) DO UPDATE
         SET state = excluded.state, changed_at = excluded.changed_at",
    )
    .bind(event.number().cast_signed())
    .bind(order.id.number().cast_signed())
    .bind(order.fan.number().cast_signed())
    .bind(codec::items(&order.items))
    .bind(order.total_minor)
    .bind(order.state.as_str())
    .bind(order.placed_at.as_millis())
    .bind(order.changed_at.as_millis())
    .execute(&mut *writer)
    .await?;
    for payment in &order.payments {
        sqlx::query(
            "INSERT INTO sales_payment
                 (event, number, order_number, state, reference, captured_minor, decline_code,
                  started_at, changed_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (event, number) DO UPDATE
             SET state = excluded.state, reference = excluded.reference,
                 captured_minor = excluded.captured_minor,
                 decline_code = excluded.decline_code, changed_at = excluded.changed_at",
        )
        .bind(event.number().cast_signed())
        .bind(payment.id.number().cast_signed())
        .bind(order.id.number().cast_signed())
        .bind(payment.state.as_str())
        .bind(&payment.reference)
        .bind(payment.captured_minor)
        .bind(&payment.decline_code)
        .bind(payment.started_at.as_millis())
        .bind(payment.changed_at.as_millis())
        .execute(&mut *writer)
        .await?;
    }
    Ok(())
}

async fn write_ticket(
    writer: &mut SqliteConnection,
    event: EventId,
    ticket: &Ticket,
) -> Result<(), Fault> {
    let (redeemed_at, gate) = match &ticket.state {
        TicketState::Redeemed { at, gate } => (Some(at.as_millis()), Some(gate)),
        TicketState::Valid | TicketState::Void => (None, None),
    };
    sqlx::query(
        "INSERT INTO sales_ticket
             (event, number, order_number, fan, place, ticket_type, state, issued_at,
              redeemed_at, gate)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (event, number) DO UPDATE
         SET state = excluded.state, redeemed_at = excluded.redeemed_at, gate = excluded.gate",
    )
    .bind(event.number().cast_signed())
    .bind(ticket.id.number().cast_signed())
    .bind(ticket.order.number().cast_signed())
    .bind(ticket.fan.number().cast_signed())
    .bind(i64::from(ticket.place.0))
    .bind(i64::from(ticket.ticket_type.0))
    .bind(codec::ticket_state(&ticket.state))
    .bind(ticket.issued_at.as_millis())
    .bind(redeemed_at)
    .bind(gate)
    .execute(writer)
    .await?;
    Ok(())
}

async fn write_summary(
    writer: &mut SqliteConnection,
    event: EventId,
    summary: &Summary,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT OR REPLACE INTO sales_summary
             (event, seq, status, lobby_opens_at, opens_at, closes_at, for_sale, free, held, sold,
              blocked)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(event.number().cast_signed())
    .bind(summary.seq.0.cast_signed())
    .bind(summary.status.as_str())
    .bind(summary.lobby_opens_at.as_millis())
    .bind(summary.opens_at.as_millis())
    .bind(summary.closes_at.as_millis())
    .bind(codec::signed(summary.for_sale))
    .bind(codec::signed(summary.free))
    .bind(codec::signed(summary.held))
    .bind(codec::signed(summary.sold))
    .bind(codec::signed(summary.blocked))
    .execute(writer)
    .await?;
    Ok(())
}
