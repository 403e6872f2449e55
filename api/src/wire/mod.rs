//! What is on the wire: the JSON of requests and answers.
//!
//! These types are not the domain's: names here are a contract with clients. Conversions from and
//! to the domain stand beside each type. Times are RFC 3339 in UTC, amounts are in the currency's
//! smallest unit, identifiers are text.

pub mod accounts;
pub mod actions;
pub mod books;
pub mod charts;
pub mod events;
pub mod holds;
pub mod letters;
pub mod nodes;
pub mod operators;
pub mod ops;
pub mod orders;
pub(crate) mod places;
pub mod programme;
pub mod queue;
pub mod records;
pub mod rehearsals;
pub mod replay;
pub mod roster;
pub mod settings;
pub mod streams;
pub mod watch;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Pass it as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Problem details (RFC 9457): every error looks like this.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ProblemDetails {
    /// Where the code is described.
    pub r#type: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong, for people.
    pub detail: String,
    /// What is wrong, for programs; stable.
    pub code: String,
    /// Finds the request in the server's logs.
    pub request_id: String,
    /// When to ask again, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// With `taken`: the places that somebody else has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub places: Option<Vec<u32>>,
    /// With `hold_exists`: the hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<String>,
    /// With `hold_limit` and `fan_limit`: the limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
    /// With `sale_not_open`: when it opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens_at: Option<String>,
    /// With `unknown_record`: the journal's last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<u64>,
    /// With `ticket_used`: when it was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_at: Option<String>,
    /// With `ticket_used`: where it was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// With `invalid_value`: which field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// With `faulty`: everything that is wrong, a thousand at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub faults: Option<Vec<programme::FaultView>>,
    /// With `faulty`: how much is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub faults_total: Option<usize>,
}
