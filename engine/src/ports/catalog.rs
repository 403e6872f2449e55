//! What is shown before anything is sold: events, the charts of their venues, and drafts of events
//! that nobody sees yet.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Picture, StoreError};
use crate::domain::chart::{Chart, ChartHash};
use crate::domain::ids::{EventId, VenueId};
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

    /// Adds a draft.
    ///
    /// # Errors
    /// [`StoreError::Exists`] if its number is taken.
    async fn add_draft(&self, draft: &Draft) -> Result<(), StoreError>;

    /// Puts a draft in place of the version before it; false if that is not there any more.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn replace_draft(&self, draft: &Draft) -> Result<bool, StoreError>;

    /// Removes a version of a draft; false if that is not there any more.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn remove_draft(&self, event: EventId, version: u32) -> Result<bool, StoreError>;

    /// A draft.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn draft(&self, event: EventId) -> Result<Option<Draft>, StoreError>;

    /// Drafts, the latest changed first, at most `limit` of them.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn drafts(&self, limit: u32) -> Result<Vec<Draft>, StoreError>;
}

/// An event that is being prepared. What is wrong with it is judged when it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The number that the event will have.
    pub id: EventId,
    /// What the organiser has filled in, as whoever keeps it encodes it.
    pub body: String,
    /// 1, 2, 3 …: one more with each change.
    pub version: u32,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub changed_at: Timestamp,
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
    /// Whose plan it is, if that has been said.
    pub venue: Option<VenueId>,
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
    /// Where it is: the venue's name of now, or what was said in words if the catalog has no venue.
    pub venue: Bilingual,
    /// Where it is, if the catalog has it.
    pub venue_id: Option<VenueId>,
    /// When it begins.
    pub starts_at: Timestamp,
    /// The layout that is sold.
    pub chart: ChartHash,
    /// Whether it is shown.
    pub state: ListingState,
    /// When it was added.
    pub created_at: Timestamp,
    /// What stands for it in a list; read only, [`Roster::dress`] sets it.
    ///
    /// [`Roster::dress`]: super::Roster::dress
    pub poster: Option<Picture>,
}

/// A text in the languages that fans read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bilingual {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// One text for both.
    pub fn same(text: &str) -> Self {
        Self { ko: text.to_owned(), en: text.to_owned() }
    }
}

/// Whether an event is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListingState {
    /// Not yet: its sale has not been opened.
    Draft,
    /// Yes.
    Published,
}
