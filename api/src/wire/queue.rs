//! The waiting room, from one fan's side.

use serde::Serialize;
use tiketi_engine::domain::command::StandingView;
use utoipa::ToSchema;

use super::holds::HoldView;

/// Where a fan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum StandingBody {
    /// Nowhere.
    Outside,
    /// In line.
    Waiting {
        /// The place: never changes. Live frames tell how many wait before it.
        number: u64,
        /// How many wait before it now.
        ahead: u32,
    },
    /// It is the fan's turn.
    Called {
        /// Until when it can be claimed, in milliseconds since 1970.
        claim_by_ms: i64,
    },
    /// Inside.
    Admitted {
        /// Until when places can be held, in milliseconds since 1970.
        until_ms: i64,
    },
}

impl From<StandingView> for StandingBody {
    fn from(view: StandingView) -> Self {
        match view {
            StandingView::Outside => Self::Outside,
            StandingView::Waiting { number, ahead } => Self::Waiting { number: number.0, ahead },
            StandingView::Called { claim_by } => Self::Called { claim_by_ms: claim_by.as_millis() },
            StandingView::Admitted { until } => Self::Admitted { until_ms: until.as_millis() },
        }
    }
}

/// What a fan has of an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeView {
    /// Where the fan stands.
    pub standing: StandingBody,
    /// The fan's live hold.
    pub hold: Option<HoldView>,
    /// Places that the fan has bought.
    pub bought: u32,
}
