//! Holds, and what can be asked for.

use serde::{Deserialize, Serialize};
use tiketi_engine::domain::chart::{BlockIx, CategoryIx, PlaceIx, SectionIx};
use tiketi_engine::domain::command::{BestAvailable, Selection, Wanted};
use tiketi_engine::domain::hold::{Hold, Item};
use tiketi_engine::domain::ids::scoped;
use tiketi_engine::domain::pricing::TicketTypeIx;
use utoipa::ToSchema;

use super::charts::BlockKindView;
use crate::catalog::ShelvedEvent;
use crate::problem::Problem;

/// Which places to hold.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum SelectionBody {
    /// These: all of them or none.
    Places {
        /// What is wanted.
        items: Vec<WantedBody>,
    },
    /// The best there are for a party.
    BestAvailable {
        /// How many.
        quantity: u32,
        /// As what: the key of a ticket type.
        ticket_type: String,
        /// How many of them for wheelchair users.
        #[serde(default)]
        accessible: u32,
        /// Only these categories, by key; any if absent.
        #[serde(default)]
        categories: Vec<String>,
        /// Only this section, by label.
        #[serde(default)]
        section: Option<String>,
    },
}

/// Something that can be held.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum WantedBody {
    /// A seat.
    Seat {
        /// Its index in the chart.
        place: u32,
        /// As what: the key of a ticket type.
        ticket_type: String,
    },
    /// A table that is sold as a whole.
    Table {
        /// Its block's index in the chart.
        block: u16,
        /// As what: the key of a ticket type.
        ticket_type: String,
    },
    /// Units of a general-admission area.
    Units {
        /// Its block's index in the chart.
        block: u16,
        /// How many.
        quantity: u32,
        /// As what: the key of a ticket type.
        ticket_type: String,
    },
}

/// Places to add to a hold and to give back: all of it or nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeHoldBody {
    /// What to add.
    #[serde(default)]
    pub add: Vec<WantedBody>,
    /// Indices of places to give back.
    #[serde(default)]
    pub remove: Vec<u32>,
}

/// A hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldView {
    /// Its id.
    pub id: String,
    /// The event.
    pub event: String,
    /// The places, in the order in which they were added.
    pub items: Vec<ItemView>,
    /// ISO 4217.
    pub currency: String,
    /// What the places cost, fees included, and the order's fee.
    pub total_minor: i64,
    /// What of that is the order's fee.
    pub order_fee_minor: i64,
    /// When it ends, in milliseconds since 1970.
    pub expires_at_ms: i64,
    /// Whether it can be extended still.
    pub extendable: bool,
    /// Whether an order was made of it: its places are fixed then.
    pub ordered: bool,
}

/// A place of a hold or an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemView {
    /// Its index in the chart.
    pub place: u32,
    /// What block it belongs to.
    pub kind: BlockKindView,
    /// Where it is, for people.
    pub section: String,
    /// The row, table or area.
    pub block: String,
    /// The seat; empty for general admission.
    pub seat: String,
    /// The key of its category.
    pub category: String,
    /// As what: the key of a ticket type.
    pub ticket_type: String,
    /// What it costs.
    pub amount_minor: i64,
    /// The fee on top.
    pub fee_minor: i64,
}

impl HoldView {
    pub(crate) fn of(event: &ShelvedEvent, hold: &Hold) -> Self {
        let prices = &event.terms.prices;
        let places: i64 = hold.items.iter().map(|item| item.price.total_minor()).sum();
        Self {
            id: scoped(event.listing.id, hold.id),
            event: event.listing.id.to_string(),
            items: hold.items.iter().map(|item| ItemView::of(event, item)).collect(),
            currency: prices.currency().code().to_owned(),
            total_minor: places + prices.order_fee_minor(),
            order_fee_minor: prices.order_fee_minor(),
            expires_at_ms: hold.expires_at.as_millis(),
            extendable: !hold.extended && !event.terms.rules.hold_extension.is_zero(),
            ordered: hold.ordered,
        }
    }
}

impl ItemView {
    pub(crate) fn of(event: &ShelvedEvent, item: &Item) -> Self {
        let chart = &event.chart.chart;
        let block = chart.block_of(item.place);
        let place = &chart.places()[item.place.index()];
        Self {
            place: item.place.0,
            kind: block.kind.into(),
            section: chart.section_of(block).label.clone(),
            block: block.label.clone(),
            seat: place.label.clone(),
            category: chart.categories()[usize::from(place.category.0)].key.clone(),
            ticket_type: ticket_type_key(event, item.ticket_type),
            amount_minor: item.price.amount_minor,
            fee_minor: item.price.fee_minor,
        }
    }
}

pub(crate) fn ticket_type_key(event: &ShelvedEvent, ticket_type: TicketTypeIx) -> String {
    let types = event.terms.prices.ticket_types();
    types.get(usize::from(ticket_type.0)).map_or_else(String::new, |of| of.key.clone())
}

impl SelectionBody {
    /// As the engine asks it, with keys and labels looked up.
    pub(crate) fn selection(self, event: &ShelvedEvent) -> Result<Selection, Problem> {
        match self {
            Self::Places { items } => {
                Ok(Selection::Wanted(items.into_iter().map(|item| item.wanted(event)).collect()))
            }
            Self::BestAvailable { quantity, ticket_type, accessible, categories, section } => {
                let party = BestAvailable {
                    quantity,
                    accessible,
                    categories: categories
                        .iter()
                        .map(|key| category(event, key))
                        .collect::<Result<_, _>>()?,
                    section: section.map(|label| section_of(event, &label)).transpose()?,
                    ticket_type: ticket_type_of(event, &ticket_type),
                };
                Ok(Selection::BestAvailable(party))
            }
        }
    }
}

impl WantedBody {
    /// As the engine asks it.
    pub(crate) fn wanted(self, event: &ShelvedEvent) -> Wanted {
        match self {
            Self::Seat { place, ticket_type } => Wanted::Seat {
                place: PlaceIx(place),
                ticket_type: ticket_type_of(event, &ticket_type),
            },
            Self::Table { block, ticket_type } => Wanted::Table {
                block: BlockIx(block),
                ticket_type: ticket_type_of(event, &ticket_type),
            },
            Self::Units { block, quantity, ticket_type } => Wanted::Units {
                block: BlockIx(block),
                quantity,
                ticket_type: ticket_type_of(event, &ticket_type),
            },
        }
    }
}

/// The index of a key; one that no table has if there is none, so that the engine judges it in its
/// turn.
fn ticket_type_of(event: &ShelvedEvent, key: &str) -> TicketTypeIx {
    let types = event.terms.prices.ticket_types();
    let index = types.iter().position(|of| of.key == key);
    TicketTypeIx(index.and_then(|index| u8::try_from(index).ok()).unwrap_or(u8::MAX))
}

fn category(event: &ShelvedEvent, key: &str) -> Result<CategoryIx, Problem> {
    let categories = event.chart.chart.categories();
    let index = categories.iter().position(|category| category.key == key);
    let index = index.and_then(|index| u8::try_from(index).ok());
    index.map(CategoryIx).ok_or_else(|| Problem::invalid("categories", "no such category"))
}

fn section_of(event: &ShelvedEvent, label: &str) -> Result<SectionIx, Problem> {
    let sections = event.chart.chart.sections();
    let index = sections.iter().position(|section| section.label == label);
    let index = index.and_then(|index| u16::try_from(index).ok());
    index.map(SectionIx).ok_or_else(|| Problem::invalid("section", "no such section"))
}
