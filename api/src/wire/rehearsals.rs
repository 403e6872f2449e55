//! Rehearsals: copies of events that bots buy from, and that are wiped.

use serde::{Deserialize, Serialize};
use tiketi_engine::domain::rows::Summary;
use tiketi_engine::domain::terms::Terms;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Extent, Listing, Rehearsal, RehearsalState};
use utoipa::ToSchema;

use super::events::SaleView;

/// What to make a rehearsal of.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RehearseBody {
    /// The id of a draft or of a published event.
    pub of: String,
    /// Why: 3 to 500 characters. It is kept. Only asking needs none.
    #[serde(default)]
    pub reason: String,
    /// Only say what would be made.
    #[serde(default)]
    pub preview: bool,
}

/// A rehearsal that is made: the same plan, prices and limits, on sale at once.
#[derive(Debug, Serialize, ToSchema)]
pub struct RehearseView {
    /// Its id; absent if it was only asked what would be made.
    pub id: Option<String>,
    /// What it is called.
    pub title: String,
    /// How many places it has.
    pub places: usize,
    /// Fans that may be called or admitted at one time.
    pub admitted_max: u32,
    /// Until when it is on sale.
    pub closes_at: String,
    /// Whether it can be paid for, at the payment company's sandbox.
    pub paid: bool,
    /// Whether it was made; not if it was only asked about.
    pub done: bool,
}

impl RehearseView {
    pub(crate) fn of(listing: &Listing, terms: &Terms, places: usize, paid: bool) -> Self {
        Self {
            id: None,
            title: listing.title.clone(),
            places,
            admitted_max: terms.rules.admitted_max,
            closes_at: terms.rules.closes_at.to_string(),
            paid,
            done: false,
        }
    }

    pub(crate) fn made(self, listing: &Listing) -> Self {
        Self { id: Some(listing.id.to_string()), done: true, ..self }
    }
}

/// Whether a rehearsal is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RehearsalStateView {
    /// It is.
    Made,
    /// Wiping it was begun, and has to be ended.
    Wiping,
    /// Nothing of it is.
    Wiped,
}

impl From<RehearsalState> for RehearsalStateView {
    fn from(state: RehearsalState) -> Self {
        match state {
            RehearsalState::Made => Self::Made,
            RehearsalState::Wiping => Self::Wiping,
            RehearsalState::Wiped => Self::Wiped,
        }
    }
}

/// A rehearsal in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RehearsalView {
    /// Its id.
    pub id: String,
    /// The draft or event that it is a copy of.
    pub of: String,
    /// What it is called.
    pub title: String,
    /// When it was made.
    pub made_at: String,
    /// Whether it is still there.
    pub state: RehearsalStateView,
    /// How its sale stands; absent if there is none.
    pub sale: Option<SaleView>,
    /// Places held.
    pub held: Option<usize>,
    /// Places sold.
    pub sold: Option<usize>,
}

impl RehearsalView {
    pub(crate) fn of(rehearsal: &Rehearsal, sale: Option<&Summary>, now: Timestamp) -> Self {
        Self {
            id: rehearsal.event.to_string(),
            of: rehearsal.of.to_string(),
            title: rehearsal.title.clone(),
            made_at: rehearsal.made_at.to_string(),
            state: rehearsal.state.into(),
            sale: sale.map(|summary| SaleView::of(summary, now)),
            held: sale.map(|summary| summary.held),
            sold: sale.map(|summary| summary.sold),
        }
    }
}

/// Wiping a rehearsal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WipeBody {
    /// Why: 3 to 500 characters. It is kept. Only asking needs none.
    #[serde(default)]
    pub reason: String,
    /// Only say what would be wiped.
    #[serde(default)]
    pub preview: bool,
}

/// What is wiped of a rehearsal: everything, for good.
#[derive(Debug, Serialize, ToSchema)]
pub struct WipeView {
    /// What it is called.
    pub title: String,
    /// Records of its journal.
    pub records: u64,
    /// Orders.
    pub orders: u64,
    /// Attempts to pay.
    pub payments: u64,
    /// Tickets.
    pub tickets: u64,
    /// What was authorised at the payment company's sandbox.
    pub authorisations: u64,
    /// Whether it was wiped; not if it was only asked about.
    pub done: bool,
}

impl WipeView {
    pub(crate) fn of(rehearsal: &Rehearsal, extent: &Extent, done: bool) -> Self {
        let Extent { records, orders, payments, tickets, authorisations } = *extent;
        let title = rehearsal.title.clone();
        Self { title, records, orders, payments, tickets, authorisations, done }
    }
}

/// What lets bots into a rehearsal; the token is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct BotsView {
    /// What `tiketi-bench` is given as `BENCH_BOTS`.
    pub token: String,
    /// Until when it lets them in.
    pub expires_at: String,
    /// Where the server is, for bots.
    pub url: String,
    /// The file that its journal is in; absent if that is a database, which is not shown.
    pub database: Option<String>,
}
