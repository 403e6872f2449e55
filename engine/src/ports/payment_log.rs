//! What fans have authorised, kept before the payment company is asked to take it.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::ids::{EventId, OrderId, PaymentId};
use crate::domain::time::Timestamp;

/// Remembers authorisations, so that a confirmation that was lost can be made again.
#[async_trait]
pub trait PaymentLog: Send + Sync + 'static {
    /// Keeps an authorisation; if the attempt has one already, the first stands. Of a rehearsal
    /// that was wiped none is kept.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn keep(&self, authorisation: &Authorisation) -> Result<(), StoreError>;

    /// The authorisation of an attempt.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn authorisation(
        &self,
        event: EventId,
        payment: PaymentId,
    ) -> Result<Option<Authorisation>, StoreError>;
}

/// A fan's word that an amount may be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorisation {
    /// The event.
    pub event: EventId,
    /// The attempt.
    pub payment: PaymentId,
    /// The order.
    pub order: OrderId,
    /// The payment company's key for it.
    pub payment_key: String,
    /// How much.
    pub amount_minor: i64,
    /// When it was kept.
    pub at: Timestamp,
}
