//! What is shown before anything is sold: events and the charts of their venues.

use std::sync::Arc;

use async_trait::async_trait;

use super::StoreError;
use crate::domain::chart::{Chart, ChartHash};
use crate::domain::ids::EventId;
use crate::domain::time::Timestamp;

/// Stores events and charts.
#[async_trait]
pub trait Catalog: Send + Sync + 'static {
    /// Keeps a chart; one that is there already is left as it is.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn put_chart(&self, chart: &Chart, now: Timestamp) -> Result<ChartHash, StoreError>;

    /// A chart.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn chart(&self, hash: ChartHash) -> Result<Option<Arc<Chart>>, StoreError>;

    /// Every chart without its places, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn charts(&self) -> Result<Vec<ChartEntry>, StoreError>;

    /// Adds an event.
    ///
    /// # Errors
    /// [`StoreError::Exists`] if its number is taken.
    async fn add_event(&self, listing: &Listing) -> Result<(), StoreError>;

    /// Moves an event to another state.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn set_event_state(&self, event: EventId, state: ListingState) -> Result<(), StoreError>;

    /// An event.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn event(&self, event: EventId) -> Result<Option<Listing>, StoreError>;

    /// Published events by start, those after `(starts_at, id)`, at most `limit` of them.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn events(
        &self,
        after: Option<(Timestamp, EventId)>,
        limit: u32,
    ) -> Result<Vec<Listing>, StoreError>;
}

/// A chart in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartEntry {
    /// Which.
    pub hash: ChartHash,
    /// What the venue calls it.
    pub name: String,
    /// How many places it has.
    pub places: u32,
    /// When it was imported.
    pub created_at: Timestamp,
}

/// An event as the catalog shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Its number.
    pub id: EventId,
    /// What it is called.
    pub title: String,
    /// What it is, in a few sentences.
    pub description: String,
    /// Where it is.
    pub venue: String,
    /// When it begins.
    pub starts_at: Timestamp,
    /// The layout that is sold.
    pub chart: ChartHash,
    /// Whether it is shown.
    pub state: ListingState,
    /// When it was added.
    pub created_at: Timestamp,
}

/// Whether an event is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListingState {
    /// Not yet: its sale has not been opened.
    Draft,
    /// Yes.
    Published,
}
