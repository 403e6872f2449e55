//! Identifiers in paths.

use tiketi_engine::domain::ids::{
    AccountId, ArtistId, EventId, HoldId, HoldKind, OrderId, OrderKind, PaymentId, PaymentKind,
    TicketId, TicketKind, VenueId, parse_scoped,
};

use crate::problem::Problem;

pub(crate) fn event(text: &str) -> Result<EventId, Problem> {
    text.parse().map_err(|error| Problem::bad_id("event", error))
}

/// The event that a parameter of a path is about; `None` if it is about none.
pub(crate) fn event_of(name: &str, text: &str) -> Option<EventId> {
    match name {
        "event" => event(text).ok(),
        "hold" => hold(text).ok().map(|(event, _)| event),
        "order" => order(text).ok().map(|(event, _)| event),
        "payment" => payment(text).ok().map(|(event, _)| event),
        "ticket" => ticket(text).ok().map(|(event, _)| event),
        _ => None,
    }
}

pub(crate) fn account(text: &str) -> Result<AccountId, Problem> {
    text.parse().map_err(|error| Problem::bad_id("account", error))
}

/// A draft has the id that its event will have.
pub(crate) fn draft(text: &str) -> Result<EventId, Problem> {
    text.parse().map_err(|error| Problem::bad_id("draft", error))
}

pub(crate) fn venue(text: &str) -> Result<VenueId, Problem> {
    text.parse().map_err(|error| Problem::bad_id("venue", error))
}

pub(crate) fn artist(text: &str) -> Result<ArtistId, Problem> {
    text.parse().map_err(|error| Problem::bad_id("artist", error))
}

pub(crate) fn hold(text: &str) -> Result<(EventId, HoldId), Problem> {
    parse_scoped::<HoldKind>(text).map_err(|error| Problem::bad_id("hold", error))
}

pub(crate) fn order(text: &str) -> Result<(EventId, OrderId), Problem> {
    parse_scoped::<OrderKind>(text).map_err(|error| Problem::bad_id("order", error))
}

pub(crate) fn payment(text: &str) -> Result<(EventId, PaymentId), Problem> {
    parse_scoped::<PaymentKind>(text).map_err(|error| Problem::bad_id("payment", error))
}

pub(crate) fn ticket(text: &str) -> Result<(EventId, TicketId), Problem> {
    parse_scoped::<TicketKind>(text).map_err(|error| Problem::bad_id("ticket", error))
}
