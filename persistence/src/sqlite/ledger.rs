//! The rows that sales wrote through, read back.

use async_trait::async_trait;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use tiketi_engine::domain::chart::PlaceIx;
use tiketi_engine::domain::ids::{EventId, FanId, HoldId, OrderId, PaymentId, Seq, TicketId};
use tiketi_engine::domain::inventory::PlaceState;
use tiketi_engine::domain::order::{Order, Payment};
use tiketi_engine::domain::pricing::TicketTypeIx;
use tiketi_engine::domain::rows::Summary;
use tiketi_engine::domain::terms::Terms;
use tiketi_engine::domain::ticket::{Ticket, TicketState};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Ledger, OpenPayment, OrderRow, StoreError};

use super::{Embedded, Fault};
use crate::codec::{self, BadColumn};

#[async_trait]
impl Ledger for Embedded {
    async fn summaries(&self, events: &[EventId]) -> Result<Vec<(EventId, Summary)>, StoreError> {
        let numbers: Vec<u64> = events.iter().map(|event| event.number()).collect();
        let rows = sqlx::query(
            "SELECT event, seq, status, lobby_opens_at, opens_at, closes_at, for_sale, free, held,
                    sold
             FROM sales_summary WHERE event IN (SELECT value FROM json_each(?))",
        )
        .bind(serde_json::json!(numbers).to_string())
        .fetch_all(&self.readers)
        .await
        .map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read_summary(row)?)).collect()
    }

    async fn terms(&self, event: EventId) -> Result<Option<Terms>, StoreError> {
        let row = sqlx::query("SELECT terms FROM sales_terms WHERE event = ?")
            .bind(event.number().cast_signed())
            .fetch_optional(&self.readers)
            .await
            .map_err(Fault::from)?;
        let Some(row) = row else { return Ok(None) };
        let bytes: &[u8] = row.try_get(0).map_err(Fault::from)?;
        let damaged = || StoreError::Corrupt(format!("the terms of {event}"));
        Terms::decode(bytes).map(Some).ok_or_else(damaged)
    }

    async fn places(&self, event: EventId) -> Result<Vec<(PlaceIx, PlaceState)>, StoreError> {
        let rows = sqlx::query(
            "SELECT place, hold, ticket FROM sales_place WHERE event = ? ORDER BY place",
        )
        .bind(event.number().cast_signed())
        .fetch_all(&self.readers)
        .await
        .map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read_place(row)?)).collect()
    }

    async fn orders_of(
        &self,
        fan: FanId,
        before: Option<(Timestamp, EventId, OrderId)>,
        limit: u32,
    ) -> Result<Vec<OrderRow>, StoreError> {
        let (at, event, number) = before.map_or((i64::MAX, i64::MAX, i64::MAX), |before| {
            let (at, event, order) = before;
            (at.as_millis(), event.number().cast_signed(), order.number().cast_signed())
        });
        let rows = sqlx::query(
            "SELECT event, number, fan, items, total_minor, state, placed_at, changed_at
             FROM sales_order
             WHERE fan = ? AND (placed_at, event, number) < (?, ?, ?)
             ORDER BY placed_at DESC, event DESC, number DESC LIMIT ?",
        )
        .bind(fan.number().cast_signed())
        .bind(at)
        .bind(event)
        .bind(number)
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await
        .map_err(Fault::from)?;
        let mut orders = Vec::with_capacity(rows.len());
        for row in &rows {
            let (event, order) = read_order(row)?;
            let order = self.complete(event, order).await?;
            orders.push(OrderRow { event, order });
        }
        Ok(orders)
    }

    async fn order(&self, event: EventId, order: OrderId) -> Result<Option<Order>, StoreError> {
        let row = sqlx::query(
            "SELECT event, number, fan, items, total_minor, state, placed_at, changed_at
             FROM sales_order WHERE event = ? AND number = ?",
        )
        .bind(event.number().cast_signed())
        .bind(order.number().cast_signed())
        .fetch_optional(&self.readers)
        .await
        .map_err(Fault::from)?;
        let Some(row) = row else { return Ok(None) };
        let (event, order) = read_order(&row)?;
        Ok(Some(self.complete(event, order).await?))
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
        rows.iter().map(|row| Ok(read_ticket(row)?)).collect()
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
        Ok(row.map(|row| read_ticket(&row)).transpose()?)
    }

    async fn open_payments(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<OpenPayment>, StoreError> {
        let rows = sqlx::query(
            "SELECT event, order_number, number, state, reference, captured_minor, started_at
             FROM sales_payment
             WHERE state IN ('started', 'refund_due') AND changed_at < ?
             ORDER BY changed_at LIMIT ?",
        )
        .bind(before.as_millis())
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await
        .map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read_open_payment(row)?)).collect()
    }
}

impl Embedded {
    /// Adds payments and ticket numbers to an order's own row.
    async fn complete(&self, event: EventId, mut order: Order) -> Result<Order, Fault> {
        let rows = sqlx::query(
            "SELECT number, state, reference, captured_minor, decline_code, started_at, changed_at
             FROM sales_payment WHERE event = ? AND order_number = ? ORDER BY number",
        )
        .bind(event.number().cast_signed())
        .bind(order.id.number().cast_signed())
        .fetch_all(&self.readers)
        .await?;
        order.payments = rows.iter().map(read_payment).collect::<Result<_, _>>()?;
        let rows = sqlx::query(
            "SELECT number FROM sales_ticket WHERE event = ? AND order_number = ? ORDER BY number",
        )
        .bind(event.number().cast_signed())
        .bind(order.id.number().cast_signed())
        .fetch_all(&self.readers)
        .await?;
        let number = |row: &SqliteRow| Ok(TicketId::new(row.try_get::<i64, _>(0)?.cast_unsigned()));
        order.tickets = rows.iter().map(number).collect::<Result<_, sqlx::Error>>()?;
        Ok(order)
    }
}

fn number(row: &SqliteRow, column: &str) -> Result<u64, sqlx::Error> {
    Ok(row.try_get::<i64, _>(column)?.cast_unsigned())
}

fn time(row: &SqliteRow, column: &str) -> Result<Timestamp, sqlx::Error> {
    Ok(Timestamp::from_millis(row.try_get(column)?))
}

fn read_summary(row: &SqliteRow) -> Result<(EventId, Summary), Fault> {
    let count = |column: &'static str| -> Result<usize, Fault> {
        Ok(codec::unsigned(column, row.try_get(column)?)?)
    };
    let summary = Summary {
        seq: Seq(number(row, "seq")?),
        status: codec::read_sale_status(row.try_get("status")?)?,
        lobby_opens_at: time(row, "lobby_opens_at")?,
        opens_at: time(row, "opens_at")?,
        closes_at: time(row, "closes_at")?,
        for_sale: count("for_sale")?,
        free: count("free")?,
        held: count("held")?,
        sold: count("sold")?,
    };
    Ok((EventId::new(number(row, "event")?), summary))
}

fn read_place(row: &SqliteRow) -> Result<(PlaceIx, PlaceState), Fault> {
    let place = PlaceIx(codec::unsigned("place", row.try_get("place")?)?);
    let number = |column| row.try_get::<Option<i64>, _>(column).map(|n| n.map(i64::cast_unsigned));
    let state = match (number("hold")?, number("ticket")?) {
        (Some(hold), _) => PlaceState::Held(HoldId::new(hold)),
        (None, Some(ticket)) => PlaceState::Sold(TicketId::new(ticket)),
        (None, None) => PlaceState::Free,
    };
    Ok((place, state))
}

fn read_order(row: &SqliteRow) -> Result<(EventId, Order), Fault> {
    let id = number(row, "number")?;
    let order = Order {
        id: OrderId::new(id),
        fan: FanId::new(number(row, "fan")?),
        hold: HoldId::new(id),
        items: codec::read_items(row.try_get("items")?)?,
        total_minor: row.try_get("total_minor")?,
        placed_at: time(row, "placed_at")?,
        state: codec::read_order_state(row.try_get("state")?)?,
        changed_at: time(row, "changed_at")?,
        payments: Vec::new(),
        tickets: Vec::new(),
    };
    Ok((EventId::new(number(row, "event")?), order))
}

fn read_payment(row: &SqliteRow) -> Result<Payment, Fault> {
    Ok(Payment {
        id: PaymentId::new(number(row, "number")?),
        started_at: time(row, "started_at")?,
        state: codec::read_payment_state(row.try_get("state")?)?,
        changed_at: time(row, "changed_at")?,
        reference: row.try_get("reference")?,
        captured_minor: row.try_get("captured_minor")?,
        decline_code: row.try_get("decline_code")?,
    })
}

fn read_ticket(row: &SqliteRow) -> Result<Ticket, Fault> {
    let state = match row.try_get("state")? {
        "valid" => TicketState::Valid,
        "void" => TicketState::Void,
        "redeemed" => {
            TicketState::Redeemed { at: time(row, "redeemed_at")?, gate: row.try_get("gate")? }
        }
        other => return Err(BadColumn { column: "state", value: other.to_owned() }.into()),
    };
    Ok(Ticket {
        id: TicketId::new(number(row, "number")?),
        order: OrderId::new(number(row, "order_number")?),
        fan: FanId::new(number(row, "fan")?),
        place: PlaceIx(codec::unsigned("place", row.try_get("place")?)?),
        ticket_type: TicketTypeIx(codec::unsigned("ticket_type", row.try_get("ticket_type")?)?),
        issued_at: time(row, "issued_at")?,
        state,
    })
}

fn read_open_payment(row: &SqliteRow) -> Result<OpenPayment, Fault> {
    let event = EventId::new(number(row, "event")?);
    let order = OrderId::new(number(row, "order_number")?);
    let payment = PaymentId::new(number(row, "number")?);
    if row.try_get::<&str, _>("state")? == "started" {
        let started_at = time(row, "started_at")?;
        return Ok(OpenPayment::Unsettled { event, order, payment, started_at });
    }
    Ok(OpenPayment::RefundDue {
        event,
        order,
        payment,
        reference: row.try_get("reference")?,
        amount_minor: row.try_get("captured_minor")?,
    })
}
