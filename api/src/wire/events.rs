//! Events as fans see them.

use serde::Serialize;
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::domain::rows::Summary;
use tiketi_engine::domain::terms::SaleStatus;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::Listing;
use utoipa::ToSchema;

use crate::catalog::ShelvedEvent;
use crate::wire::charts::color;
use crate::wire::roster::{ImageView, OnStageView, PlaceView, TextView};

/// An event in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventCard {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub venue: String,
    /// The same in each language, if it has a name in each.
    pub venue_name: TextView,
    /// What stands for it.
    pub poster: Option<ImageView>,
    /// When it begins.
    pub starts_at: String,
    /// How its sale stands.
    pub sale: SaleView,
}

/// How a sale stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct SaleView {
    /// In a word.
    pub state: SaleState,
    /// From when on fans may stand in line.
    pub lobby_opens_at: String,
    /// From when on places can be held.
    pub opens_at: String,
    /// From when on not any more.
    pub closes_at: String,
    /// Places with a price.
    pub for_sale: usize,
    /// Places held or sold.
    pub taken: usize,
}

/// How a sale stands, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SaleState {
    /// Nobody can stand in line yet.
    Scheduled,
    /// Fans may stand in line; nobody is admitted yet.
    Lobby,
    /// On sale.
    Open,
    /// Paused by an operator.
    Paused,
    /// Every place is held or sold.
    SoldOut,
    /// Over.
    Closed,
}

/// An event with everything that its page shows.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventView {
    /// What a list shows of it.
    #[serde(flatten)]
    pub card: EventCard,
    /// What it is, in a few sentences.
    pub description: String,
    /// More of where it is, if the catalog has the venue.
    pub place: Option<PlaceView>,
    /// Who is on stage, in the order of their appearance.
    pub artists: Vec<OnStageView>,
    /// The hash of its chart.
    pub chart: String,
    /// ISO 4217.
    pub currency: String,
    /// Decimal digits of the currency's smallest unit.
    pub currency_decimals: u32,
    /// What an order costs beside its places.
    pub order_fee_minor: i64,
    /// As what a place can be bought.
    pub ticket_types: Vec<TicketTypeView>,
    /// What places cost.
    pub categories: Vec<PricedCategoryView>,
    /// Limits and times.
    pub rules: RulesView,
}

/// As what a place can be bought.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketTypeView {
    /// Stable name.
    pub key: String,
    /// What a fan reads.
    pub label: String,
}

/// A category with its prices; one without is not for sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct PricedCategoryView {
    /// Stable name.
    pub key: String,
    /// What a fan reads.
    pub label: String,
    /// `#rrggbb`, or empty.
    pub color: String,
    /// One for each ticket type that it is sold as.
    pub prices: Vec<PriceView>,
}

/// What one place costs.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceView {
    /// As what.
    pub ticket_type: String,
    /// For the place.
    pub amount_minor: i64,
    /// For the service, on top.
    pub fee_minor: i64,
}

/// Limits and times of a sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulesView {
    /// Places in one hold.
    pub places_per_hold_max: u32,
    /// Places of one fan.
    pub places_per_fan_max: u32,
    /// Seconds that a hold lasts.
    pub hold_ttl_s: u64,
    /// Seconds by which it can be extended, once; 0 if not at all.
    pub hold_extension_s: u64,
    /// Seconds to claim a turn.
    pub claim_ttl_s: u64,
    /// Seconds to hold places once admitted.
    pub session_ttl_s: u64,
    /// Until when tickets can be returned.
    pub refunds_until: String,
}

impl SaleView {
    /// Of a summary, at a moment.
    pub fn of(summary: &Summary, now: Timestamp) -> Self {
        let taken = summary.held + summary.sold;
        let state = match summary.status {
            SaleStatus::Closed => SaleState::Closed,
            SaleStatus::Open | SaleStatus::Paused if now >= summary.closes_at => SaleState::Closed,
            SaleStatus::Open | SaleStatus::Paused if now < summary.lobby_opens_at => {
                SaleState::Scheduled
            }
            SaleStatus::Paused => SaleState::Paused,
            SaleStatus::Open if now < summary.opens_at => SaleState::Lobby,
            SaleStatus::Open if taken >= summary.for_sale => SaleState::SoldOut,
            SaleStatus::Open => SaleState::Open,
        };
        Self {
            state,
            lobby_opens_at: summary.lobby_opens_at.to_string(),
            opens_at: summary.opens_at.to_string(),
            closes_at: summary.closes_at.to_string(),
            for_sale: summary.for_sale,
            taken,
        }
    }
}

impl EventCard {
    /// Of a listing and its sale, at a moment.
    pub fn of(listing: &Listing, summary: &Summary, now: Timestamp) -> Self {
        Self {
            id: listing.id.to_string(),
            title: listing.title.clone(),
            venue: listing.venue.ko.clone(),
            venue_name: (&listing.venue).into(),
            poster: listing.poster.as_ref().map(ImageView::from),
            starts_at: listing.starts_at.to_string(),
            sale: SaleView::of(summary, now),
        }
    }
}

impl EventView {
    pub(crate) fn of(event: &ShelvedEvent, summary: &Summary, now: Timestamp) -> Self {
        let prices = &event.terms.prices;
        let types = prices.ticket_types();
        let rules = &event.terms.rules;
        let categories = event.chart.chart.categories().iter().zip(0..);
        Self {
            card: EventCard {
                title: event.title().into_owned(),
                ..EventCard::of(&event.listing, summary, now)
            },
            description: event.listing.description.clone(),
            place: event.venue.as_ref().map(PlaceView::from),
            artists: event.artists.iter().map(OnStageView::from).collect(),
            chart: event.chart.hash.to_string(),
            currency: prices.currency().code().to_owned(),
            currency_decimals: prices.currency().decimals(),
            order_fee_minor: prices.order_fee_minor(),
            ticket_types: types
                .iter()
                .map(|of| TicketTypeView { key: of.key.clone(), label: of.label.clone() })
                .collect(),
            categories: categories
                .map(|(category, index)| PricedCategoryView {
                    key: category.key.clone(),
                    label: category.label.clone(),
                    color: color(&category.color),
                    prices: prices
                        .entries()
                        .iter()
                        .filter(|entry| entry.category.0 == index)
                        .map(|entry| PriceView {
                            ticket_type: types[usize::from(entry.ticket_type.0)].key.clone(),
                            amount_minor: entry.price.amount_minor,
                            fee_minor: entry.price.fee_minor,
                        })
                        .collect(),
                })
                .collect(),
            rules: RulesView {
                places_per_hold_max: rules.places_per_hold_max,
                places_per_fan_max: rules.places_per_fan_max,
                hold_ttl_s: rules.hold_ttl.as_secs(),
                hold_extension_s: rules.hold_extension.as_secs(),
                claim_ttl_s: rules.claim_ttl.as_secs(),
                session_ttl_s: rules.session_ttl.as_secs(),
                refunds_until: rules.refunds_until.to_string(),
            },
        }
    }
}

/// Where a page of events ends.
pub(crate) fn cursor_of(listing: &Listing) -> String {
    format!("{}~{}", listing.starts_at.as_millis(), listing.id)
}

/// Reads what [`cursor_of`] wrote.
pub(crate) fn read_cursor(text: &str) -> Option<(Timestamp, EventId)> {
    let (at, id) = text.split_once('~')?;
    Some((Timestamp::from_millis(at.parse().ok()?), id.parse().ok()?))
}
