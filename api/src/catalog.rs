//! Events and charts as pages need them, kept for a moment so that a crowd costs one look-up.

use std::borrow::Cow;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use dashmap::DashMap;
use flate2::Compression;
use flate2::write::GzEncoder;
use tiketi_engine::domain::chart::{Chart, ChartHash};
use tiketi_engine::domain::ids::{ArtistId, EventId};
use tiketi_engine::domain::sale::Sale;
use tiketi_engine::domain::terms::Terms;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::engine::Engine;
use tiketi_engine::errand::EngineError;
use tiketi_engine::ports::{
    Artist, Catalog, Clock, Image, ImageHash, Ledger, Listing, ListingState, Picture,
    RehearsalState, Rehearsals, Roster, StoreError, Venue,
};

use crate::problem::Problem;
use crate::state::AppState;
use crate::wire::charts::ChartView;

/// How long what an event says of itself is not read anew. While one caller reads it, the others go
/// on with what was kept.
const FRESH: Duration = Duration::from_secs(1);
/// Events, and likewise charts, kept at most.
const KEPT_MAX: usize = 4_096;
/// Images kept at most: a mebibyte each if they are as large as can be.
const IMAGES_KEPT_MAX: usize = 32;

/// A chart with its view for browsers, encoded once.
#[derive(Debug)]
pub(crate) struct ShelvedChart {
    pub(crate) chart: Arc<Chart>,
    pub(crate) hash: ChartHash,
    /// JSON.
    pub(crate) plain: Bytes,
    /// The same, gzip-compressed.
    pub(crate) gzip: Bytes,
}

/// An event that is on sale or was.
#[derive(Debug)]
pub(crate) struct ShelvedEvent {
    pub(crate) listing: Listing,
    /// None if the listing alone says where it is.
    pub(crate) venue: Option<Venue>,
    /// In the order of their appearance.
    pub(crate) artists: Vec<Artist>,
    pub(crate) terms: Terms,
    pub(crate) chart: Arc<ShelvedChart>,
    /// Whether it is a rehearsal: never published, and found by few.
    pub(crate) rehearsal: bool,
}

impl ShelvedEvent {
    /// What it is called where fans would read it: a rehearsal bears the name of its original, and
    /// whoever gets to see it is to know, in either language.
    pub(crate) fn title(&self) -> Cow<'_, str> {
        let title = &self.listing.title;
        if self.rehearsal {
            Cow::Owned(format!("리허설 · Rehearsal: {title}"))
        } else {
            Cow::Borrowed(title)
        }
    }
}

/// See the module.
pub(crate) struct Shelf {
    catalog: Arc<dyn Catalog>,
    roster: Arc<dyn Roster>,
    rehearsals: Arc<dyn Rehearsals>,
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock>,
    events: DashMap<EventId, (Timestamp, Arc<ShelvedEvent>)>,
    charts: DashMap<ChartHash, Arc<ShelvedChart>>,
    images: DashMap<ImageHash, Arc<Image>>,
}

impl Shelf {
    pub(crate) fn new(
        catalog: Arc<dyn Catalog>,
        roster: Arc<dyn Roster>,
        rehearsals: Arc<dyn Rehearsals>,
        ledger: Arc<dyn Ledger>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (events, charts, images) = (DashMap::new(), DashMap::new(), DashMap::new());
        Self { catalog, roster, rehearsals, ledger, clock, events, charts, images }
    }

    /// A published event or a rehearsal; `None` if there is none.
    pub(crate) async fn event(
        &self,
        event: EventId,
    ) -> Result<Option<Arc<ShelvedEvent>>, StoreError> {
        let now = self.clock.now();
        if let Some(kept) = fresh(&self.events, event, now) {
            return Ok(Some(kept));
        }
        let read = self.read(event).await;
        let Ok(Some(shelved)) = read else {
            // Nobody goes on with what is not there any more, or cannot be read.
            self.events.remove(&event);
            return read.map(|_| None);
        };
        let shelved = Arc::new(shelved);
        if self.events.len() >= KEPT_MAX {
            self.events.clear();
        }
        self.events.insert(event, (now, Arc::clone(&shelved)));
        Ok(Some(shelved))
    }

    async fn read(&self, event: EventId) -> Result<Option<ShelvedEvent>, StoreError> {
        let Some(listing) = self.catalog.event(event).await? else { return Ok(None) };
        let rehearsal = match listing.state {
            ListingState::Published => false,
            ListingState::Draft => {
                let marked = self.rehearsals.rehearsal(event).await?;
                if marked.is_none_or(|marked| marked.state != RehearsalState::Made) {
                    return Ok(None);
                }
                true
            }
        };
        let Some(terms) = self.ledger.terms(event).await? else { return Ok(None) };
        let Some(chart) = self.chart(terms.chart).await? else { return Ok(None) };
        let venue = match listing.venue_id {
            Some(venue) => self.roster.venue(venue).await?,
            None => None,
        };
        let artists = self.roster.artists_of(event).await?;
        Ok(Some(ShelvedEvent { listing, venue, artists, terms, chart, rehearsal }))
    }

    /// Looks anew the next time that somebody asks for an event.
    pub(crate) fn forget(&self, event: EventId) {
        self.events.remove(&event);
    }

    /// A chart; `None` if there is none.
    pub(crate) async fn chart(
        &self,
        hash: ChartHash,
    ) -> Result<Option<Arc<ShelvedChart>>, StoreError> {
        if let Some(kept) = self.charts.get(&hash) {
            return Ok(Some(Arc::clone(&kept)));
        }
        let Some(chart) = self.catalog.chart(hash).await? else { return Ok(None) };
        let encode = move || encode(chart, hash);
        let shelved = tokio::task::spawn_blocking(encode)
            .await
            .map_err(|error| StoreError::Unavailable(error.to_string()))??;
        let shelved = Arc::new(shelved);
        if self.charts.len() >= KEPT_MAX {
            self.charts.clear();
        }
        self.charts.insert(hash, Arc::clone(&shelved));
        Ok(Some(shelved))
    }

    /// An image; `None` if there is none.
    pub(crate) async fn image(&self, hash: ImageHash) -> Result<Option<Arc<Image>>, StoreError> {
        if let Some(kept) = self.images.get(&hash) {
            return Ok(Some(Arc::clone(&kept)));
        }
        let Some(image) = self.roster.image(hash).await? else { return Ok(None) };
        let image = Arc::new(image);
        if self.images.len() >= IMAGES_KEPT_MAX {
            self.images.clear();
        }
        self.images.insert(hash, Arc::clone(&image));
        Ok(Some(image))
    }
}

fn encode(chart: Arc<Chart>, hash: ChartHash) -> Result<ShelvedChart, StoreError> {
    let broken = |error: &dyn std::error::Error| StoreError::Corrupt(error.to_string());
    let plain = serde_json::to_vec(&ChartView::of(&chart)).map_err(|error| broken(&error))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&plain).map_err(|error| broken(&error))?;
    let gzip = encoder.finish().map_err(|error| broken(&error))?;
    Ok(ShelvedChart { chart, hash, plain: plain.into(), gzip: gzip.into() })
}

/// Why an event could not be published.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PublishError {
    /// The catalog failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine refused or failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl PublishError {
    /// As an answer.
    pub(crate) fn problem(self, event: EventId) -> Problem {
        match self {
            Self::Store(error) => error.into(),
            Self::Engine(error) => Problem::engine(event, &error),
        }
    }
}

/// What is kept, if the caller is not the one to read it anew.
fn fresh<T>(
    kept: &DashMap<EventId, (Timestamp, Arc<T>)>,
    event: EventId,
    now: Timestamp,
) -> Option<Arc<T>> {
    let is_fresh = |at: Timestamp| now.since(at) < FRESH;
    if let Some(one) = kept.get(&event)
        && is_fresh(one.0)
    {
        return Some(Arc::clone(&one.1));
    }
    let mut one = kept.get_mut(&event)?;
    if is_fresh(one.0) {
        return Some(Arc::clone(&one.1));
    }
    one.0 = now;
    None
}

/// What is shown of an event, beside what is sold.
#[derive(Debug)]
pub(crate) struct Showing {
    pub(crate) listing: Listing,
    pub(crate) artists: Vec<ArtistId>,
    pub(crate) poster: Option<Picture>,
}

/// Adds an event that nobody sees and opens its sale, as [`publish`] does before it shows it.
pub(crate) async fn open(
    engine: &Engine,
    catalog: &dyn Catalog,
    listing: Listing,
    chart: &Arc<Chart>,
    terms: Terms,
) -> Result<(), PublishError> {
    let event = listing.id;
    Sale::opening(listing.created_at, chart, terms.clone()).map_err(EngineError::from)?;
    match catalog.add_event(&Listing { state: ListingState::Draft, ..listing }).await {
        Ok(()) | Err(StoreError::Exists(_)) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(engine.open_sale(event, chart, terms).await?)
}

/// Adds an event that nobody sees, opens its sale, and shows it. What a crash left in between is
/// gone on with: each step is as good as done once if it is done twice.
pub(crate) async fn publish(
    state: &AppState,
    showing: Showing,
    chart: &Arc<Chart>,
    terms: Terms,
) -> Result<(), PublishError> {
    let Showing { listing, artists, poster } = showing;
    let event = listing.id;
    open(&state.engine, &*state.catalog, listing, chart, terms).await?;
    state.roster.dress(event, &artists, poster.as_ref()).await?;
    state.catalog.set_event_state(event, ListingState::Published).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use tiketi_engine::testing::sample::OPENS_AT;

    use super::*;

    #[test]
    fn one_caller_reads_anew_and_the_others_go_on_with_what_was_kept() {
        let (kept, event) = (DashMap::new(), EventId::new(7));
        assert_eq!(fresh(&kept, event, OPENS_AT), None, "nothing is kept");
        kept.insert(event, (OPENS_AT, Arc::new("as it was")));
        let soon = OPENS_AT.after(FRESH / 2);
        assert_eq!(fresh(&kept, event, soon).as_deref(), Some(&"as it was"));
        let later = OPENS_AT.after(FRESH);
        assert_eq!(fresh(&kept, event, later), None, "the first one reads");
        assert_eq!(fresh(&kept, event, later).as_deref(), Some(&"as it was"));
        assert_eq!(fresh(&kept, event, later.after(FRESH)), None, "it was never read");
    }
}
