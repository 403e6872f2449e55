//! Sales counted from the stream.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::ids::{EventId, Seq};
use crate::domain::time::Timestamp;

/// Counts what was sold and given back.
#[async_trait]
pub trait Stats: Send + Sync + 'static {
    /// Counts records, each once: one that was counted before changes nothing, in whatever order
    /// they come. All of it or nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn count(&self, counted: &[Counted]) -> Result<(), StoreError>;

    /// An event's sales by hour, section and category, in that order.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn sales(&self, event: EventId) -> Result<Vec<SalesLine>, StoreError>;

    /// Forgets what was counted of an event, so that its records can be counted anew.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn clear(&self, event: EventId) -> Result<(), StoreError>;
}

/// What one record adds to the count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Of which event.
    pub event: EventId,
    /// The record.
    pub seq: Seq,
    /// What it adds.
    pub lines: Vec<SalesLine>,
}

/// Sales of one hour in one section and category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalesLine {
    /// The hour's first moment, UTC.
    pub hour: Timestamp,
    /// The section's name.
    pub section: String,
    /// The price category's name.
    pub category: String,
    /// Tickets issued.
    pub sold: i64,
    /// Tickets given back.
    pub returned: i64,
    /// What was paid for those issued, fees included.
    pub sold_minor: i64,
    /// What was owed back for those given back.
    pub returned_minor: i64,
}

impl SalesLine {
    /// Adds what another line of the same hour, section and category says.
    pub fn add(&mut self, other: &Self) {
        self.sold += other.sold;
        self.returned += other.returned;
        self.sold_minor += other.sold_minor;
        self.returned_minor += other.returned_minor;
    }
}
