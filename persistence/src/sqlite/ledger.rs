//! The rows that sales wrote through, read back.

use async_trait::async_trait;
use tiketi_engine::domain::chart::PlaceIx;
use tiketi_engine::domain::ids::{EventId, FanId, OrderId, TicketId};
use tiketi_engine::domain::inventory::PlaceState;
use tiketi_engine::domain::order::Order;
use tiketi_engine::domain::rows::Summary;
use tiketi_engine::domain::terms::Terms;
use tiketi_engine::domain::ticket::Ticket;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Ledger, OpenPayment, OrderRow, StoreError};

use super::Embedded;
use crate::columns::Fault;
use crate::{codec, read};

/// A fan's orders before one, newest first.
const ORDERS_OF: &str = concat!(
    include_str!("orders.sql"),
    "WHERE (o.event, o.number) IN (
         SELECT event, number FROM sales_order
         WHERE fan = ? AND (placed_at, event, number) < (?, ?, ?)
         ORDER BY placed_at DESC, event DESC, number DESC LIMIT ?
     )
     ORDER BY o.placed_at DESC, o.event DESC, o.number DESC, p.number",
);
/// One order.
const ORDER: &str =
    concat!(include_str!("orders.sql"), "WHERE o.event = ? AND o.number = ? ORDER BY p.number",);

#[async_trait]
impl Ledger for Embedded {
    async fn summaries(&self, events: &[EventId]) -> Result<Vec<(EventId, Summary)>, StoreError> {
        let numbers: Vec<u64> = events.iter().map(|event| event.number()).collect();
        let rows = sqlx::query(
            "SELECT event, seq, status, lobby_opens_at, opens_at, closes_at, for_sale, free, held,
                    sold, blocked
             FROM sales_summary WHERE event IN (SELECT value FROM json_each(?))",
        )
        .bind(serde_json::json!(numbers).to_string())
        .fetch_all(&self.readers)
        .await
        .map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::summary(row)?)).collect()
    }

    async fn terms(&self, event: EventId) -> Result<Option<Terms>, StoreError> {
        let row = sqlx::query("SELECT terms FROM sales_terms WHERE event = ?")
            .bind(event.number().cast_signed())
            .fetch_optional(&self.readers)
            .await
            .map_err(Fault::from)?;
        Ok(row.map(|row| read::terms(&row)).transpose()?)
    }

    async fn places(&self, event: EventId) -> Result<Vec<(PlaceIx, PlaceState)>, StoreError> {
        let rows = sqlx::query(
            "SELECT place, state, hold, ticket FROM sales_place WHERE event = ? ORDER BY place",
        )
        .bind(event.number().cast_signed())
        .fetch_all(&self.readers)
        .await
        .map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::place(row)?)).collect()
    }

    async fn orders_of(
        &self,
        fan: FanId,
        before: Option<(Timestamp, EventId, OrderId)>,
        limit: u32,
    ) -> Result<Vec<OrderRow>, StoreError> {
        let (at, event, number) = codec::ordered_before(before);
        let rows = sqlx::query(ORDERS_OF)
            .bind(fan.number().cast_signed())
            .bind(at)
            .bind(event)
            .bind(number)
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await
            .map_err(Fault::from)?;
        Ok(read::orders(&rows)?)
    }

    async fn order(&self, event: EventId, order: OrderId) -> Result<Option<Order>, StoreError> {
        let rows = sqlx::query(ORDER)
            .bind(event.number().cast_signed())
            .bind(order.number().cast_signed())
            .fetch_all(&self.readers)
            .await
            .map_err(Fault::from)?;
        Ok(read::orders(&rows)?.pop().map(|row| row.order))
    }

    async fn tickets_of(&self, event: EventId, order: OrderId) -> Result<Vec<Ticket>, StoreError> {
        let rows = sqlx::query(
            "SELECT number, order_number, fan, place, ticket_type, state, issued_at, redeemed_at,
                    gate
             FROM sales_ticket WHERE event = ? AND order_number = ? ORDER BY number",
        )
        .bind(event.number().cast_signed())
        .bind(order.number().cast_signed())
        .fetch_all(&self.readers)
        .await
        .map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::ticket(row)?)).collect()
    }

    async fn ticket(&self, event: EventId, ticket: TicketId) -> Result<Option<Ticket>, StoreError> {
        let row = sqlx::query(
            "SELECT number, order_number, fan, place, ticket_type, state, issued_at, redeemed_at,
                    gate
             FROM sales_ticket WHERE event = ? AND number = ?",
        )
        .bind(event.number().cast_signed())
        .bind(ticket.number().cast_signed())
        .fetch_optional(&self.readers)
        .await
        .map_err(Fault::from)?;
        Ok(row.map(|row| read::ticket(&row)).transpose()?)
    }

    async fn open_payments(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<OpenPayment>, StoreError> {
        let rows = sqlx::query(
            "SELECT event, order_number, number, state, reference, captured_minor, started_at,
                    changed_at
             FROM sales_payment
             WHERE state IN ('started', 'refund_due') AND changed_at < ?
             ORDER BY changed_at LIMIT ?",
        )
        .bind(before.as_millis())
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await
        .map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::open_payment(row)?)).collect()
    }
}
