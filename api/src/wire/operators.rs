//! What operators see and set.

use serde::{Deserialize, Serialize};
use tiketi_engine::domain::money::Currency;
use tiketi_engine::domain::terms::SaleStatus;
use tiketi_engine::errand::Overview;
use tiketi_engine::ports::SalesLine;
use utoipa::ToSchema;

use super::roster::PictureBody;

/// A sale as operators see it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OverviewView {
    /// Whether it runs, as operators set it.
    pub status: StatusView,
    /// The last record of its journal.
    pub seq: u64,
    /// Its owner's fence.
    pub fence: u64,
    /// Places nobody has.
    pub free: usize,
    /// Places held.
    pub held: usize,
    /// Places sold.
    pub sold: usize,
    /// Fans called or admitted.
    pub inside: u32,
    /// Fans in line.
    pub waiting: u32,
    /// Fans that may be called or admitted at one time.
    pub admitted_max: u32,
}

/// What was sold and given back, counted from the record stream: seconds old when all is well.
#[derive(Debug, Serialize, ToSchema)]
pub struct SalesView {
    /// ISO 4217.
    pub currency: String,
    /// By hour, section and category; hours in which nothing happened are absent.
    pub lines: Vec<SalesLineView>,
}

/// Sales of one hour in one section and category.
#[derive(Debug, Serialize, ToSchema)]
pub struct SalesLineView {
    /// The hour's first moment, UTC.
    #[schema(format = DateTime)]
    pub hour: String,
    /// The section's label.
    pub section: String,
    /// The key of the category.
    pub category: String,
    /// Tickets issued.
    pub sold: i64,
    /// Tickets given back.
    pub returned: i64,
    /// What was paid for those issued: places and their fees, without what an order costs beside
    /// them.
    pub sold_minor: i64,
    /// The same of those given back.
    pub returned_minor: i64,
}

/// Whether a sale runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusView {
    /// On sale within its window.
    Open,
    /// Nobody is admitted and nothing more is held for now.
    Paused,
    /// Over, for good.
    Closed,
}

/// A new event with the terms of its sale.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEventBody {
    /// What it is called.
    pub title: String,
    /// What it is, in a few sentences.
    #[serde(default)]
    pub description: String,
    /// Where it is, in words; may be empty if `venue_id` is given.
    pub venue: String,
    /// Where it is: a venue's id.
    #[serde(default)]
    pub venue_id: String,
    /// Who is on stage, in this order: ids of artists.
    #[serde(default)]
    pub artists: Vec<String>,
    /// What stands for it in a list.
    #[serde(default)]
    pub poster: Option<PictureBody>,
    /// When it begins.
    pub starts_at: String,
    /// The hash of an imported chart.
    pub chart: String,
    /// ISO 4217: KRW, JPY, USD, EUR, GBP or KWD.
    pub currency: String,
    /// What an order costs beside its places.
    #[serde(default)]
    pub order_fee_minor: i64,
    /// As what a place can be bought.
    pub ticket_types: Vec<NewTicketType>,
    /// What places cost.
    pub prices: Vec<NewPrice>,
    /// From when on fans may stand in line; the opening if absent.
    #[serde(default)]
    pub lobby_opens_at: Option<String>,
    /// From when on places can be held.
    pub opens_at: String,
    /// From when on not any more.
    pub closes_at: String,
    /// Until when tickets can be returned; the close if absent.
    #[serde(default)]
    pub refunds_until: Option<String>,
    /// Places in one hold.
    #[serde(default = "default_places_per_hold_max")]
    pub places_per_hold_max: u32,
    /// Places of one fan.
    #[serde(default = "default_places_per_fan_max")]
    pub places_per_fan_max: u32,
    /// Seconds that a hold lasts.
    #[serde(default = "default_hold_ttl_s")]
    pub hold_ttl_s: u64,
    /// Seconds by which it can be extended, once.
    #[serde(default = "default_hold_extension_s")]
    pub hold_extension_s: u64,
    /// Fans that may be called or admitted at one time.
    #[serde(default = "default_admitted_max")]
    pub admitted_max: u32,
    /// Seconds to claim a turn.
    #[serde(default = "default_claim_ttl_s")]
    pub claim_ttl_s: u64,
    /// Seconds to hold places once admitted.
    #[serde(default = "default_session_ttl_s")]
    pub session_ttl_s: u64,
}

const fn default_places_per_hold_max() -> u32 {
    8
}
const fn default_places_per_fan_max() -> u32 {
    8
}
const fn default_hold_ttl_s() -> u64 {
    420
}
const fn default_hold_extension_s() -> u64 {
    180
}
const fn default_admitted_max() -> u32 {
    1_000
}
const fn default_claim_ttl_s() -> u64 {
    120
}
const fn default_session_ttl_s() -> u64 {
    600
}

/// As what a place can be bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTicketType {
    /// Stable name.
    pub key: String,
    /// What a fan reads.
    pub label: String,
}

/// What one place costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPrice {
    /// The key of a category.
    pub category: String,
    /// The key of a ticket type.
    pub ticket_type: String,
    /// For the place.
    pub amount_minor: i64,
    /// For the service, on top.
    #[serde(default)]
    pub fee_minor: i64,
}

/// A new event's id.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewEventView {
    /// The id.
    pub id: String,
}

/// An imported chart.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChartEntryView {
    /// Its hash.
    pub hash: String,
    /// What the venue calls it.
    pub name: String,
    /// How many places it has.
    pub places: u32,
    /// Whose plan it is: a venue's id, if that has been said.
    pub venue: Option<String>,
    /// When it was imported.
    pub created_at: String,
}

impl From<SaleStatus> for StatusView {
    fn from(status: SaleStatus) -> Self {
        match status {
            SaleStatus::Open => Self::Open,
            SaleStatus::Paused => Self::Paused,
            SaleStatus::Closed => Self::Closed,
        }
    }
}

impl From<StatusView> for SaleStatus {
    fn from(status: StatusView) -> Self {
        match status {
            StatusView::Open => Self::Open,
            StatusView::Paused => Self::Paused,
            StatusView::Closed => Self::Closed,
        }
    }
}

impl From<&Overview> for OverviewView {
    fn from(overview: &Overview) -> Self {
        Self {
            status: overview.status.into(),
            seq: overview.seq.0,
            fence: overview.fence.0,
            free: overview.counts.free,
            held: overview.counts.held,
            sold: overview.counts.sold,
            inside: overview.inside,
            waiting: overview.waiting,
            admitted_max: overview.terms.rules.admitted_max,
        }
    }
}

impl SalesView {
    /// Of lines in a currency.
    pub fn of(currency: Currency, lines: Vec<SalesLine>) -> Self {
        let lines = lines.into_iter().map(SalesLineView::from).collect();
        Self { currency: currency.code().to_owned(), lines }
    }
}

impl From<SalesLine> for SalesLineView {
    fn from(line: SalesLine) -> Self {
        Self {
            hour: line.hour.to_string(),
            section: line.section,
            category: line.category,
            sold: line.sold,
            returned: line.returned,
            sold_minor: line.sold_minor,
            returned_minor: line.returned_minor,
        }
    }
}
