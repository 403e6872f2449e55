//! What organisers prepare: plans, drafts of events; and who may do what.

use serde::{Deserialize, Serialize};
use tiketi_engine::domain::chart::{BlockKind, Chart, Fault};
use tiketi_engine::domain::pricing::PriceTable;
use tiketi_engine::domain::terms::Rules;
use tiketi_engine::ports::{Account, Artist, Draft, Listing};
use utoipa::{IntoParams, ToSchema};

use super::accounts::RoleView;
use super::charts::ChartView;
use super::operators::{NewEventBody, NewPrice, NewTicketType};
use super::roster::PictureBody;

/// One thing that is wrong with a plan or an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FaultView {
    /// Where: a JSON path in the plan, a field of the event.
    pub path: String,
    /// What is wrong, for programs.
    pub code: String,
    /// What is wrong, for people.
    pub message: String,
}

impl From<Fault> for FaultView {
    fn from(fault: Fault) -> Self {
        Self { path: fault.path, code: fault.code.as_str().to_owned(), message: fault.message }
    }
}

/// What a plan comes to; nothing of it is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanView {
    /// The hash that its chart would have.
    pub hash: String,
    /// How many rows it has.
    pub rows: usize,
    /// How many tables.
    pub tables: usize,
    /// How many general-admission areas.
    pub areas: usize,
    /// For drawing.
    pub chart: ChartView,
}

impl PlanView {
    pub(crate) fn of(chart: &Chart) -> Self {
        let blocks = |kind: BlockKind| chart.blocks().iter().filter(|b| b.kind == kind).count();
        Self {
            hash: chart.hash().to_string(),
            rows: blocks(BlockKind::Row),
            tables: blocks(BlockKind::Table) + blocks(BlockKind::WholeTable),
            areas: blocks(BlockKind::Area),
            chart: ChartView::of(chart),
        }
    }
}

/// A plan that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptPlanView {
    /// The hash of its chart.
    pub hash: String,
}

/// An event that is being prepared: every field is there, and empty where nothing is known yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftBody {
    /// What it is called.
    pub title: String,
    /// What it is, in a few sentences.
    pub description: String,
    /// Where it is, in words; may be empty if `venue_id` is given.
    pub venue: String,
    /// Where it is: a venue's id, or empty.
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
    pub order_fee_minor: i64,
    /// As what a place can be bought.
    pub ticket_types: Vec<NewTicketType>,
    /// What places cost.
    pub prices: Vec<NewPrice>,
    /// From when on fans may stand in line; the opening if empty.
    pub lobby_opens_at: String,
    /// From when on places can be held.
    pub opens_at: String,
    /// From when on not any more.
    pub closes_at: String,
    /// Until when tickets can be returned; the close if empty.
    pub refunds_until: String,
    /// Places in one hold.
    pub places_per_hold_max: u32,
    /// Places of one fan.
    pub places_per_fan_max: u32,
    /// Seconds that a hold lasts.
    pub hold_ttl_s: u64,
    /// Seconds by which it can be extended, once.
    pub hold_extension_s: u64,
    /// Fans that may be called or admitted at one time.
    pub admitted_max: u32,
    /// Seconds to claim a turn.
    pub claim_ttl_s: u64,
    /// Seconds to hold places once admitted.
    pub session_ttl_s: u64,
}

/// Another version of a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeDraftBody {
    /// The version that was changed.
    pub version: u32,
    /// What it is to be.
    pub event: DraftBody,
}

/// Other terms for a published event.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetTermsBody {
    /// The event as it was read.
    pub seen: DraftBody,
    /// What it is to be.
    pub event: DraftBody,
}

/// A version of a draft that something is to be done to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftVersionBody {
    /// The version that was seen.
    pub version: u32,
}

/// The same, in an address.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DraftVersionQuery {
    /// The version that was seen.
    pub version: u32,
}

/// A draft, and what is wrong with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftView {
    /// The id that the event will have.
    pub id: String,
    /// One more with each change.
    pub version: u32,
    /// When it was changed last.
    pub changed_at: String,
    /// What has been filled in.
    pub event: DraftBody,
    /// What keeps it from being published.
    pub faults: Vec<FaultView>,
}

/// A draft in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftEntryView {
    /// The id that the event will have.
    pub id: String,
    /// What it is called; may be empty.
    pub title: String,
    /// Where it is; may be empty.
    pub venue: String,
    /// When it begins; may be empty.
    pub starts_at: String,
    /// From when on places can be held; may be empty.
    pub opens_at: String,
    /// When it was changed last.
    pub changed_at: String,
}

impl DraftEntryView {
    /// `venue` is what the venue that it names is called, if it names one.
    pub(crate) fn of(draft: &Draft, event: DraftBody, venue: Option<String>) -> Self {
        Self {
            id: draft.id.to_string(),
            title: event.title,
            venue: venue.unwrap_or(event.venue),
            starts_at: event.starts_at,
            opens_at: event.opens_at,
            changed_at: draft.changed_at.to_string(),
        }
    }
}

impl DraftBody {
    /// Of an event that is on sale.
    pub(crate) fn of(
        listing: &Listing,
        artists: &[Artist],
        chart: &Chart,
        (prices, rules): (&PriceTable, &Rules),
    ) -> Self {
        let types = prices.ticket_types();
        let price = |entry: &tiketi_engine::domain::pricing::PriceEntry| NewPrice {
            category: chart.categories()[usize::from(entry.category.0)].key.clone(),
            ticket_type: types[usize::from(entry.ticket_type.0)].key.clone(),
            amount_minor: entry.price.amount_minor,
            fee_minor: entry.price.fee_minor,
        };
        let ticket_type = |of: &tiketi_engine::domain::pricing::TicketType| NewTicketType {
            key: of.key.clone(),
            label: of.label.clone(),
        };
        Self {
            title: listing.title.clone(),
            description: listing.description.clone(),
            venue: listing.venue.ko.clone(),
            venue_id: listing.venue_id.map(|venue| venue.to_string()).unwrap_or_default(),
            artists: artists.iter().map(|artist| artist.id.to_string()).collect(),
            poster: listing.poster.as_ref().map(PictureBody::from),
            starts_at: listing.starts_at.to_string(),
            chart: listing.chart.to_string(),
            currency: prices.currency().code().to_owned(),
            order_fee_minor: prices.order_fee_minor(),
            ticket_types: types.iter().map(ticket_type).collect(),
            prices: prices.entries().iter().map(price).collect(),
            lobby_opens_at: rules.lobby_opens_at.to_string(),
            opens_at: rules.opens_at.to_string(),
            closes_at: rules.closes_at.to_string(),
            refunds_until: rules.refunds_until.to_string(),
            places_per_hold_max: rules.places_per_hold_max,
            places_per_fan_max: rules.places_per_fan_max,
            hold_ttl_s: rules.hold_ttl.as_secs(),
            hold_extension_s: rules.hold_extension.as_secs(),
            admitted_max: rules.admitted_max,
            claim_ttl_s: rules.claim_ttl.as_secs(),
            session_ttl_s: rules.session_ttl.as_secs(),
        }
    }
}

impl From<NewEventBody> for DraftBody {
    fn from(new: NewEventBody) -> Self {
        Self {
            title: new.title,
            description: new.description,
            venue: new.venue,
            venue_id: new.venue_id,
            artists: new.artists,
            poster: new.poster,
            starts_at: new.starts_at,
            chart: new.chart,
            currency: new.currency,
            order_fee_minor: new.order_fee_minor,
            ticket_types: new.ticket_types,
            prices: new.prices,
            lobby_opens_at: new.lobby_opens_at.unwrap_or_default(),
            opens_at: new.opens_at,
            closes_at: new.closes_at,
            refunds_until: new.refunds_until.unwrap_or_default(),
            places_per_hold_max: new.places_per_hold_max,
            places_per_fan_max: new.places_per_fan_max,
            hold_ttl_s: new.hold_ttl_s,
            hold_extension_s: new.hold_extension_s,
            admitted_max: new.admitted_max,
            claim_ttl_s: new.claim_ttl_s,
            session_ttl_s: new.session_ttl_s,
        }
    }
}

/// Somebody who has more than the least role.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonView {
    /// The account's id.
    pub id: String,
    /// Its e-mail address.
    pub email: String,
    /// What to call them.
    pub name: String,
    /// What they may do.
    pub role: RoleView,
    /// When the account was made.
    pub created_at: String,
}

impl From<&Account> for PersonView {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id.to_string(),
            email: account.email.clone(),
            name: account.name.clone(),
            role: account.role.into(),
            created_at: account.created_at.to_string(),
        }
    }
}

/// What an account may do from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRoleBody {
    /// What.
    pub role: RoleView,
    /// Why: 3 to 500 characters. It is kept.
    pub reason: String,
}
