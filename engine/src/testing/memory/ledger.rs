//! The rows beside a journal in memory.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;

use super::MemoryJournal;
use crate::domain::chart::PlaceIx;
use crate::domain::ids::{EventId, FanId, OrderId, Seq, TicketId};
use crate::domain::inventory::PlaceState;
use crate::domain::order::{Order, PaymentState};
use crate::domain::rows::{Rows, Summary};
use crate::domain::terms::Terms;
use crate::domain::ticket::{Ticket, TicketState};
use crate::domain::time::Timestamp;
use crate::ports::{JournalError, Ledger, OpenPayment, OrderRow, StoreError};

/// What one event's batches have written through.
#[derive(Debug, Default, Clone)]
pub(super) struct KeptRows {
    places: BTreeMap<PlaceIx, (PlaceState, Seq)>,
    orders: BTreeMap<OrderId, Order>,
    tickets: BTreeMap<TicketId, Ticket>,
    summary: Option<Summary>,
    terms: Option<Terms>,
}

impl KeptRows {
    /// With a batch's rows in it, if they pass the walls that every adapter has.
    pub(super) fn with(&self, rows: &Rows) -> Result<Self, JournalError> {
        let mut kept = self.clone();
        for row in &rows.places {
            let older = kept.places.insert(row.place, (row.state, row.version));
            if older.is_some_and(|(_, version)| version >= row.version) {
                return Err(JournalError::Corrupt("a place is newer than the batch".to_owned()));
            }
        }
        kept.orders.extend(rows.orders.iter().map(|order| (order.id, order.clone())));
        kept.tickets.extend(rows.tickets.iter().map(|ticket| (ticket.id, ticket.clone())));
        kept.summary = Some(rows.summary);
        if rows.terms.is_some() {
            kept.terms.clone_from(&rows.terms);
        }
        if kept.orders.values().any(is_charged_twice) {
            return Err(JournalError::Corrupt("an order is charged twice".to_owned()));
        }
        let mut owned = BTreeSet::new();
        let mut live = kept.tickets.values().filter(|ticket| ticket.state != TicketState::Void);
        if !live.all(|ticket| owned.insert(ticket.place)) {
            return Err(JournalError::Corrupt("a place has two tickets".to_owned()));
        }
        Ok(kept)
    }

    /// Payments that something is to be done about, by when they were started.
    fn open_payments(&self, event: EventId) -> Vec<(Timestamp, OpenPayment)> {
        let payments = self
            .orders
            .values()
            .flat_map(|order| order.payments.iter().map(move |payment| (order.id, payment)));
        let open = payments.filter_map(|(order, payment)| {
            let (payment, started_at) = (payment, payment.started_at);
            let open = match payment.state {
                PaymentState::Started => {
                    OpenPayment::Unsettled { event, order, payment: payment.id, started_at }
                }
                PaymentState::RefundDue => OpenPayment::RefundDue {
                    event,
                    order,
                    payment: payment.id,
                    reference: payment.reference.clone(),
                    amount_minor: payment.captured_minor,
                    due_since: payment.changed_at,
                },
                PaymentState::Declined | PaymentState::Captured | PaymentState::Refunded => {
                    return None;
                }
            };
            Some((started_at, open))
        });
        open.collect()
    }
}

fn is_charged_twice(order: &Order) -> bool {
    order.payments.iter().filter(|payment| payment.state == PaymentState::Captured).count() > 1
}

impl MemoryJournal {
    /// What an event's rows say; nothing if it has none.
    fn rows<T: Default>(&self, event: EventId, ask: impl FnOnce(&KeptRows) -> T) -> T {
        self.logs().get(&event).map(|log| ask(&log.rows)).unwrap_or_default()
    }
}

#[async_trait]
impl Ledger for MemoryJournal {
    async fn summaries(&self, events: &[EventId]) -> Result<Vec<(EventId, Summary)>, StoreError> {
        let summary = |event: &EventId| Some((*event, self.rows(*event, |rows| rows.summary)?));
        Ok(events.iter().filter_map(summary).collect())
    }

    async fn terms(&self, event: EventId) -> Result<Option<Terms>, StoreError> {
        Ok(self.rows(event, |rows| rows.terms.clone()))
    }

    async fn places(&self, event: EventId) -> Result<Vec<(PlaceIx, PlaceState)>, StoreError> {
        Ok(self
            .rows(event, |rows| rows.places.iter().map(|(ix, (state, _))| (*ix, *state)).collect()))
    }

    async fn orders_of(
        &self,
        fan: FanId,
        before: Option<(Timestamp, EventId, OrderId)>,
        limit: u32,
    ) -> Result<Vec<OrderRow>, StoreError> {
        let logs = self.logs();
        let all = logs.iter().flat_map(|(event, log)| {
            log.rows.orders.values().map(|order| OrderRow { event: *event, order: order.clone() })
        });
        let key = |row: &OrderRow| (row.order.placed_at, row.event, row.order.id);
        let earlier = |row: &OrderRow| before.is_none_or(|before| key(row) < before);
        let mut rows: Vec<_> = all.filter(|row| row.order.fan == fan && earlier(row)).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(key(row)));
        rows.truncate(limit as usize);
        Ok(rows)
    }

    async fn order(&self, event: EventId, order: OrderId) -> Result<Option<Order>, StoreError> {
        Ok(self.rows(event, |rows| rows.orders.get(&order).cloned()))
    }

    async fn tickets_of(&self, event: EventId, order: OrderId) -> Result<Vec<Ticket>, StoreError> {
        let of_order = |ticket: &&Ticket| ticket.order == order;
        Ok(self.rows(event, |rows| rows.tickets.values().filter(of_order).cloned().collect()))
    }

    async fn ticket(&self, event: EventId, ticket: TicketId) -> Result<Option<Ticket>, StoreError> {
        Ok(self.rows(event, |rows| rows.tickets.get(&ticket).cloned()))
    }

    async fn open_payments(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<OpenPayment>, StoreError> {
        let logs = self.logs();
        let mut open: Vec<_> =
            logs.iter().flat_map(|(event, log)| log.rows.open_payments(*event)).collect();
        // Money that is owed back is due whenever its payment was started.
        open.retain(|(started_at, open)| match open {
            OpenPayment::Unsettled { .. } => *started_at < before,
            OpenPayment::RefundDue { .. } => true,
        });
        open.sort_by_key(|(started_at, _)| *started_at);
        Ok(open.into_iter().map(|(_, open)| open).take(limit as usize).collect())
    }
}
