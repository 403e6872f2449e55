//! What a node is asked about itself, and what it says.
//!
//! Nodes send these to each other as they are, so fields and variants are only added at the end.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tiketi_engine::domain::ids::{EventId, Fence, Seq};
use tiketi_engine::domain::terms::SaleStatus;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::NodeId;

use crate::workers::Lag;

/// Rates of an actor that are remembered, one for each second that somebody looked.
pub(crate) const REMEMBERED: usize = 30;

/// What a node is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NodeQuestion {
    /// Its part of these tables of actors.
    pub(crate) pages: Vec<ActorsQuery>,
    /// What it does for each of these events.
    pub(crate) events: Vec<EventId>,
}

/// What a node is told to do with itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum NodeOrder {
    /// Leave what it has to the others.
    StepBack,
    /// Own events again.
    Rejoin,
}

/// What a node says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct NodeReport {
    /// When.
    pub(crate) at: Timestamp,
    pub(crate) counts: Counts,
    pub(crate) sales: Sales,
    /// For each query, in order.
    pub(crate) pages: Vec<ActorsPage>,
    /// For each event, in order.
    pub(crate) events: Vec<EventPart>,
    /// How far behind the count is on all nodes, if this one knows.
    pub(crate) lag: Option<Lag>,
}

/// What a node does for one event.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct EventPart {
    /// The event's actor, if the node has it.
    pub(crate) actor: Option<ActorRow>,
    /// Commands that the sale rejected on the node since its process began, by code.
    pub(crate) rejections: Vec<(String, u64)>,
    /// Live sockets of the event on the node.
    pub(crate) sockets: u64,
}

/// What has been counted since the process began.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    pub(crate) commands: u64,
    pub(crate) holds: u64,
    pub(crate) tickets: u64,
    /// Refused because too many commands waited.
    pub(crate) overloads: u64,
    /// Actors that ended because an append failed.
    pub(crate) failures: u64,
    pub(crate) leases_lost: u64,
    pub(crate) in_doubt: u64,
    /// Errands that were given up without an owner.
    pub(crate) unowned: u64,
    /// Rows that would have sold a place or charged an order twice: the store refused them.
    pub(crate) sold_twice: u64,
    pub(crate) panics: u64,
    /// Journals that cannot be read.
    pub(crate) damaged: u64,
    /// Frames that slow readers missed.
    pub(crate) behind: u64,
    /// Requests for a hold by how long the answer took: up to each bound, then all.
    pub(crate) hold_seconds: Vec<u64>,
    pub(crate) streams: StreamCounts,
}

/// What has been counted of streams: of records, and to browsers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StreamCounts {
    /// Absent if another node relays.
    pub(crate) relay: Option<RelayStand>,
    /// Messages that the stream has acknowledged.
    pub(crate) published: u64,
    pub(crate) relay_failures: u64,
    /// Messages that are not counted yet, by any node, if that is known; absent on nodes that do
    /// not count.
    pub(crate) stats_lag: Option<u64>,
    pub(crate) counted: u64,
    pub(crate) buried: u64,
    pub(crate) stats_failures: u64,
    /// Frames sent to browsers, and their bytes.
    pub(crate) frames: u64,
    pub(crate) bytes: u64,
    /// Snapshots sent in place of what was missed.
    pub(crate) resyncs: u64,
}

/// How far the relay is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RelayStand {
    /// Records that the stream has not acknowledged.
    pub(crate) lag: u64,
    /// Events with a record that cannot be relayed.
    pub(crate) stuck: u64,
    /// Before then the stream has every record of the others.
    pub(crate) complete_until: Timestamp,
}

/// How the sales stand that a node owns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sales {
    pub(crate) actors: u64,
    /// Those of them that are open, within their window.
    pub(crate) on_sale: u64,
    pub(crate) free: u64,
    pub(crate) held: u64,
    pub(crate) sold: u64,
    pub(crate) waiting: u64,
    pub(crate) inside: u64,
    /// Live sockets of fans on this node, whoever owns the event.
    pub(crate) sockets: u64,
    /// Events that another node should own.
    pub(crate) misplaced: u64,
}

/// A page of a table of actors.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct ActorsQuery {
    pub(crate) sort: SortBy,
    pub(crate) descending: bool,
    /// In the title, in lower case, or in the event's id; any if empty.
    pub(crate) text: String,
    pub(crate) node: Option<NodeId>,
    pub(crate) status: Option<SaleStatus>,
    pub(crate) offset: u32,
    pub(crate) limit: u32,
}

/// What a table of actors is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum SortBy {
    Rate,
    Depth,
    Wait,
    Turn,
    Batch,
    Append,
    Rejections,
    Refusals,
    TakeOvers,
    Unsnapped,
    Line,
    Sold,
    Title,
    SnapshotAge,
}

/// The rows of a page, and how many there are on all pages.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ActorsPage {
    pub(crate) matching: u64,
    pub(crate) rows: Vec<ActorRow>,
}

/// One actor. What is not known yet is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ActorRow {
    pub(crate) event: EventId,
    pub(crate) title: String,
    /// False of a node that does not tell yet.
    #[serde(default)]
    pub(crate) rehearsal: bool,
    pub(crate) node: NodeId,
    pub(crate) status: SaleStatus,
    pub(crate) fence: Fence,
    pub(crate) seq: Seq,
    pub(crate) owned_for: Duration,
    pub(crate) lease_left: Duration,
    pub(crate) depth: u32,
    /// Commands a second.
    pub(crate) rate: Option<f32>,
    /// Of a command, in the mailbox.
    pub(crate) wait_us: Option<f32>,
    pub(crate) turn_us: Option<f32>,
    /// Records in an append.
    pub(crate) batch: Option<f32>,
    pub(crate) append_us: Option<f32>,
    /// A second.
    pub(crate) rejections: Option<f32>,
    pub(crate) refusals: u64,
    pub(crate) take_overs: u64,
    /// Records since the last snapshot.
    pub(crate) unsnapped: u64,
    pub(crate) line: u64,
    pub(crate) inside: u64,
    pub(crate) free: u64,
    pub(crate) held: u64,
    pub(crate) sold: u64,
    /// Rates of the last seconds, the latest last.
    pub(crate) rates: Vec<u16>,
    /// How old the state in the latest snapshot is; absent if there is none.
    pub(crate) snapshot_age: Option<Duration>,
    /// Since something changed.
    pub(crate) quiet_for: Duration,
}

impl ActorRow {
    /// How two rows follow on each other in a table.
    pub(crate) fn compare(&self, other: &Self, query: &ActorsQuery) -> std::cmp::Ordering {
        let by_key = match query.sort {
            SortBy::Title => self.title.cmp(&other.title),
            sort => self.key(sort).total_cmp(&other.key(sort)),
        };
        let by_key = if query.descending { by_key.reverse() } else { by_key };
        by_key.then(self.event.cmp(&other.event))
    }

    /// What is not known is least.
    #[expect(clippy::cast_precision_loss, reason = "rows are only put in order by it")]
    fn key(&self, sort: SortBy) -> f64 {
        let known = |value: Option<f32>| value.map_or(-1.0, f64::from);
        match sort {
            SortBy::Rate => known(self.rate),
            SortBy::Depth => f64::from(self.depth),
            SortBy::Wait => known(self.wait_us),
            SortBy::Turn => known(self.turn_us),
            SortBy::Batch => known(self.batch),
            SortBy::Append => known(self.append_us),
            SortBy::Rejections => known(self.rejections),
            SortBy::Refusals => self.refusals as f64,
            SortBy::TakeOvers => self.take_overs as f64,
            SortBy::Unsnapped => self.unsnapped as f64,
            SortBy::Line => self.line as f64,
            SortBy::Sold => self.sold as f64,
            SortBy::Title => 0.0,
            SortBy::SnapshotAge => self.snapshot_age.map_or(-1.0, |age| age.as_secs_f64()),
        }
    }
}

impl ActorsPage {
    /// Puts what several nodes said together: each has sent its first rows up to the page's end.
    pub(crate) fn merged(query: &ActorsQuery, parts: Vec<Self>) -> Self {
        let matching = parts.iter().map(|part| part.matching).sum();
        let mut rows: Vec<ActorRow> = parts.into_iter().flat_map(|part| part.rows).collect();
        rows.sort_by(|one, other| one.compare(other, query));
        let page = rows.into_iter().skip(query.offset as usize).take(query.limit as usize);
        Self { matching, rows: page.collect() }
    }
}
