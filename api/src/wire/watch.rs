//! What a page for operators asks to be told.

use serde::{Deserialize, Serialize};
use tiketi_engine::domain::terms::SaleStatus;
use tiketi_engine::ports::NodeId;
use utoipa::{IntoParams, ToSchema};

use super::operators::StatusView;
use crate::ops::{ActorsQuery, SortBy};

/// The longest text that is looked for, in bytes.
const TEXT_BYTES_MAX: usize = 100;
/// How far into a table of actors a page may be.
const OFFSET_MAX: u32 = 100_000;
/// Rows on a page.
const LIMIT_MAX: u32 = 100;

/// What a page's socket is about.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LiveQuery {
    /// Which page.
    #[param(inline)]
    pub topic: TopicName,
    /// Of one actor or sale: its event.
    pub event: Option<String>,
    /// Of a table of actors: what it is sorted by.
    #[param(inline)]
    pub sort: Option<SortName>,
    /// The largest first.
    pub descending: Option<bool>,
    /// In the title or the event's id.
    pub text: Option<String>,
    /// Only of this node.
    pub node: Option<String>,
    /// Only with this status.
    pub status: Option<StatusView>,
    /// Rows before the page.
    pub offset: Option<u32>,
    /// Rows on the page: 1 to 100.
    pub limit: Option<u32>,
}

/// A page.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TopicName {
    /// All of it at a glance.
    Overview,
    /// Every node.
    Nodes,
    /// A table of actors.
    Actors,
    /// One sale.
    Sale,
    /// One actor.
    Actor,
    /// Records for others, and frames to browsers.
    Streams,
}

/// What a table of actors is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SortName {
    /// `rate`.
    Rate,
    /// `depth`.
    Depth,
    /// `wait_us`.
    Wait,
    /// `turn_us`.
    Turn,
    /// `batch`.
    Batch,
    /// `append_us`.
    Append,
    /// `rejections`.
    Rejections,
    /// `refusals`.
    Refusals,
    /// `take_overs`.
    TakeOvers,
    /// `unsnapped`.
    Unsnapped,
    /// `line`.
    Line,
    /// `sold`.
    Sold,
    /// `title`.
    Title,
    /// `snapshot_age_s`.
    Snapshot,
}

impl SortName {
    /// Each of them.
    pub(crate) const ALL: [Self; 14] = [
        Self::Rate,
        Self::Depth,
        Self::Wait,
        Self::Turn,
        Self::Batch,
        Self::Append,
        Self::Rejections,
        Self::Refusals,
        Self::TakeOvers,
        Self::Unsnapped,
        Self::Line,
        Self::Sold,
        Self::Title,
        Self::Snapshot,
    ];
}

impl LiveQuery {
    /// The table that is asked for; what is wrong with the query if there is none.
    pub(crate) fn actors(self) -> Result<ActorsQuery, &'static str> {
        let (offset, limit) = (self.offset.unwrap_or(0), self.limit.unwrap_or(25));
        let text = self.text.unwrap_or_default().trim().to_lowercase();
        let node = self.node.map(|node| u64::from_str_radix(&node, 16)).transpose();
        if !(1..=LIMIT_MAX).contains(&limit) || offset > OFFSET_MAX {
            return Err("limit must be 1 to 100, and offset at most 100000");
        }
        if text.len() > TEXT_BYTES_MAX {
            return Err("text must be at most 100 bytes");
        }
        Ok(ActorsQuery {
            sort: self.sort.map_or(SortBy::Rate, SortBy::from),
            descending: self.descending.unwrap_or(true),
            text,
            node: node.map_err(|_| "node must be a node's id")?.map(NodeId),
            status: self.status.map(SaleStatus::from),
            offset,
            limit,
        })
    }
}

impl From<SortName> for SortBy {
    fn from(name: SortName) -> Self {
        match name {
            SortName::Rate => Self::Rate,
            SortName::Depth => Self::Depth,
            SortName::Wait => Self::Wait,
            SortName::Turn => Self::Turn,
            SortName::Batch => Self::Batch,
            SortName::Append => Self::Append,
            SortName::Rejections => Self::Rejections,
            SortName::Refusals => Self::Refusals,
            SortName::TakeOvers => Self::TakeOvers,
            SortName::Unsnapped => Self::Unsnapped,
            SortName::Line => Self::Line,
            SortName::Sold => Self::Sold,
            SortName::Title => Self::Title,
            SortName::Snapshot => Self::SnapshotAge,
        }
    }
}
