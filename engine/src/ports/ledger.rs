//! The rows that sales write through, read back: for pages over many events and for workers.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::chart::PlaceIx;
use crate::domain::ids::{EventId, FanId, OrderId, PaymentId, TicketId};
use crate::domain::inventory::PlaceState;
use crate::domain::order::Order;
use crate::domain::rows::Summary;
use crate::domain::terms::Terms;
use crate::domain::ticket::Ticket;
use crate::domain::time::Timestamp;

/// Reads what [`super::Journal::append`] wrote through.
#[async_trait]
pub trait Ledger: Send + Sync + 'static {
    /// Sales at a glance, for those of the events that have one.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn summaries(&self, events: &[EventId]) -> Result<Vec<(EventId, Summary)>, StoreError>;

    /// The terms in force of an event's sale.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn terms(&self, event: EventId) -> Result<Option<Terms>, StoreError>;

    /// The places of an event that somebody had once, ascending, with who has them now.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn places(&self, event: EventId) -> Result<Vec<(PlaceIx, PlaceState)>, StoreError>;

    /// A fan's orders, newest first, those before `(placed_at, event, order)`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn orders_of(
        &self,
        fan: FanId,
        before: Option<(Timestamp, EventId, OrderId)>,
        limit: u32,
    ) -> Result<Vec<OrderRow>, StoreError>;

    /// An order.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn order(&self, event: EventId, order: OrderId) -> Result<Option<Order>, StoreError>;

    /// An order's tickets, in the order of issue.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn tickets_of(&self, event: EventId, order: OrderId) -> Result<Vec<Ticket>, StoreError>;

    /// A ticket.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn ticket(&self, event: EventId, ticket: TicketId) -> Result<Option<Ticket>, StoreError>;

    /// Payments whose outcome has been open since before `before`, or whose money is owed back;
    /// oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn open_payments(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<OpenPayment>, StoreError>;
}

/// An order with the event that it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    /// The event.
    pub event: EventId,
    /// The order.
    pub order: Order,
}

/// A payment that something is still to be done about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenPayment {
    /// Ask the provider what became of it.
    Unsettled {
        /// The event.
        event: EventId,
        /// The order.
        order: OrderId,
        /// The attempt.
        payment: PaymentId,
        /// When it was started.
        started_at: Timestamp,
    },
    /// Have the provider give the money back.
    RefundDue {
        /// The event.
        event: EventId,
        /// The order.
        order: OrderId,
        /// The attempt.
        payment: PaymentId,
        /// The provider's name for it.
        reference: String,
        /// How much.
        amount_minor: i64,
        /// Since when.
        due_since: Timestamp,
    },
}
