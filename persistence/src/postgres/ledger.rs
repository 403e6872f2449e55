//! The rows that sales wrote through, read back.

use async_trait::async_trait;
use sqlx::postgres::PgBindIterExt;
use tiketi_engine::domain::chart::PlaceIx;
use tiketi_engine::domain::ids::{EventId, FanId, OrderId, TicketId};
use tiketi_engine::domain::inventory::PlaceState;
use tiketi_engine::domain::order::Order;
use tiketi_engine::domain::rows::Summary;
use tiketi_engine::domain::terms::Terms;
use tiketi_engine::domain::ticket::Ticket;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Ledger, OpenPayment, OrderRow, StoreError};

use super::Postgres;
use crate::columns::Fault;
use crate::{codec, read};

/// A fan's orders before one, newest first.
const ORDERS_OF: &str = concat!(
    include_str!("orders.sql"),
    "WHERE (o.event, o.number) IN (
         SELECT event, number FROM sales.order
         WHERE fan = $1 AND (placed_at, event, number) < ($2, $3, $4)
         ORDER BY placed_at DESC, event DESC, number DESC LIMIT $5
     )
     ORDER BY o.placed_at DESC, o.event DESC, o.number DESC, p.number",
);
/// One order.
const ORDER: &str =
    concat!(include_str!("orders.sql"), "WHERE o.event = $1 AND o.number = $2 ORDER BY p.number",);

#[async_trait]
impl Ledger for Postgres {
    async fn summaries(&self, events: &[EventId]) -> Result<Vec<(EventId, Summary)>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT event, last_seq AS seq, status, lobby_opens_at, opens_at, closes_at,
                        for_sale, free, held, sold, blocked
                 FROM sales.owner WHERE event = ANY ($1) AND fence < 9223372036854775807",
            )
            .bind(events.iter().map(|event| event.number().cast_signed()).bind_iter())
        };
        let rows = self.sales.all(query).await.map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::summary(row)?)).collect()
    }

    async fn terms(&self, event: EventId) -> Result<Option<Terms>, StoreError> {
        let query = || {
            sqlx::query("SELECT terms FROM sales.terms WHERE event = $1")
                .bind(event.number().cast_signed())
        };
        let row = self.sales.first(query).await.map_err(Fault::from)?;
        Ok(row.map(|row| read::terms(&row)).transpose()?)
    }

    async fn places(&self, event: EventId) -> Result<Vec<(PlaceIx, PlaceState)>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT place, state, hold, ticket FROM sales.place
                 WHERE event = $1 ORDER BY place",
            )
            .bind(event.number().cast_signed())
        };
        let rows = self.sales.all(query).await.map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::place(row)?)).collect()
    }

    async fn orders_of(
        &self,
        fan: FanId,
        before: Option<(Timestamp, EventId, OrderId)>,
        limit: u32,
    ) -> Result<Vec<OrderRow>, StoreError> {
        let (at, event, number) = codec::ordered_before(before);
        let query = || {
            sqlx::query(ORDERS_OF)
                .bind(fan.number().cast_signed())
                .bind(at)
                .bind(event)
                .bind(number)
                .bind(i64::from(limit))
        };
        let rows = self.sales.all(query).await.map_err(Fault::from)?;
        Ok(read::orders(&rows)?)
    }

    async fn order(&self, event: EventId, order: OrderId) -> Result<Option<Order>, StoreError> {
        let query = || {
            sqlx::query(ORDER).bind(event.number().cast_signed()).bind(order.number().cast_signed())
        };
        let rows = self.sales.all(query).await.map_err(Fault::from)?;
        Ok(read::orders(&rows)?.pop().map(|row| row.order))
    }

    async fn tickets_of(&self, event: EventId, order: OrderId) -> Result<Vec<Ticket>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT number, order_number, fan, place, ticket_type, state, issued_at,
                        redeemed_at, gate
                 FROM sales.ticket WHERE event = $1 AND order_number = $2 ORDER BY number",
            )
            .bind(event.number().cast_signed())
            .bind(order.number().cast_signed())
        };
        let rows = self.sales.all(query).await.map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::ticket(row)?)).collect()
    }

    async fn ticket(&self, event: EventId, ticket: TicketId) -> Result<Option<Ticket>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT number, order_number, fan, place, ticket_type, state, issued_at,
                        redeemed_at, gate
                 FROM sales.ticket WHERE event = $1 AND number = $2",
            )
            .bind(event.number().cast_signed())
            .bind(ticket.number().cast_signed())
        };
        let row = self.sales.first(query).await.map_err(Fault::from)?;
        Ok(row.map(|row| read::ticket(&row)).transpose()?)
    }

    async fn open_payments(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<OpenPayment>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT event, order_number, number, state, reference, captured_minor, started_at,
                        changed_at
                 FROM sales.payment
                 WHERE state IN ('started', 'refund_due') AND changed_at < $1
                 ORDER BY changed_at LIMIT $2",
            )
            .bind(before.as_millis())
            .bind(i64::from(limit))
        };
        let rows = self.sales.all(query).await.map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::open_payment(row)?)).collect()
    }
}
