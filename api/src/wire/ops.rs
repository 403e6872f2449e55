//! What those see who run an on-sale. Each frame of a page's socket is one of these, as JSON text.
//!
//! What is not known is null, never 0: a rate needs two looks, a mean needs something to be of.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Member, NodeId, PartitionLag, Roles};
use utoipa::ToSchema;

use super::books::SaleFrame;
use super::operators::StatusView;
use crate::middleware::HOLD_SECONDS;
use crate::ops::{ActorRow, ActorsPage, ActorsQuery, EventPart, NodeStreams};
use crate::workers::Lag;

/// What a page's socket says once a second.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OpsFrame {
    /// All of it at a glance.
    Overview(OverviewFrame),
    /// Every node.
    Nodes(NodesFrame),
    /// A table of actors.
    Actors(ActorsFrame),
    /// One sale.
    Sale(Box<SaleFrame>),
    /// One actor.
    Actor(Box<ActorFrame>),
    /// Records for others, and frames to browsers.
    Streams(StreamsFrame),
}

/// All of it at a glance.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OverviewFrame {
    /// When.
    pub at: String,
    /// Sales that are open, within their window.
    pub on_sale: u64,
    /// Events that have an owner now.
    pub actors: u64,
    /// What happens a second.
    pub rates: Option<Rates>,
    /// Of requests for a hold in the last half minute.
    pub hold_latency: Option<LatencyView>,
    /// Fans in line.
    pub waiting: u64,
    /// Fans called or admitted.
    pub inside: u64,
    /// Places nobody has.
    pub free: u64,
    /// Places held.
    pub held: u64,
    /// Places sold.
    pub sold: u64,
    /// Live sockets of fans.
    pub sockets: u64,
    /// Nodes that live.
    pub nodes: usize,
    /// Nodes that said how they do.
    pub nodes_heard: usize,
    /// Times that a place would have been sold, or an order charged, twice: the store refused it.
    pub sold_twice: u64,
    /// What is wrong, or was within the last half minute.
    pub troubles: Vec<TroubleView>,
}

/// What happens a second.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct Rates {
    /// Commands that are decided.
    pub commands: f64,
    /// Holds that become durable.
    pub holds: f64,
    /// Tickets that become durable.
    pub tickets: f64,
}

impl Rates {
    /// Of several nodes together; none without nodes.
    pub(crate) fn sum(rates: &[Self]) -> Option<Self> {
        let add = |one: Self, other: &Self| Self {
            commands: one.commands + other.commands,
            holds: one.holds + other.holds,
            tickets: one.tickets + other.tickets,
        };
        let (first, rest) = rates.split_first()?;
        Some(rest.iter().fold(*first, add))
    }
}

/// How long answers took, estimated from counts by bound.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LatencyView {
    /// How many there were.
    pub count: u64,
    /// Half of them took at most this.
    pub p50_ms: f64,
    /// All but one in a hundred took at most this.
    pub p99_ms: f64,
}

impl LatencyView {
    /// From how many took at most each bound, and how many there were; none if there were none.
    pub(crate) fn of(cumulative: &[u64]) -> Option<Self> {
        let count = *cumulative.last()?;
        (count > 0).then(|| Self {
            count,
            p50_ms: quantile(cumulative, 0.5) * 1e3,
            p99_ms: quantile(cumulative, 0.99) * 1e3,
        })
    }
}

/// As Prometheus does it: within a bound evenly spread. Beyond the last, the last.
#[expect(clippy::cast_precision_loss, reason = "an estimate for people")]
fn quantile(cumulative: &[u64], q: f64) -> f64 {
    let rank = q * cumulative.last().copied().unwrap_or(0) as f64;
    let (mut below, mut lower) = (0.0, 0.0);
    for (upper, count) in HOLD_SECONDS.into_iter().zip(cumulative) {
        let count = *count as f64;
        if count >= rank {
            return lower + (upper - lower) * (rank - below) / (count - below).max(1.0);
        }
        (below, lower) = (count, upper);
    }
    lower
}

/// Something that is wrong.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct TroubleView {
    /// What: stable.
    pub code: Cow<'static, str>,
    /// Where.
    pub node: String,
    /// How often.
    pub count: u64,
}

/// Every node.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NodesFrame {
    /// When.
    pub at: String,
    /// In the order of their ids.
    pub nodes: Vec<NodeView>,
}

/// A node that lives.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NodeView {
    /// Drawn at random when it started.
    pub id: String,
    /// Where other nodes reach it; empty if there are none.
    pub address: String,
    /// What it does.
    pub roles: Vec<NodeRole>,
    /// It is about to leave.
    pub draining: bool,
    /// How the sales stand that it owns; null if it did not say.
    pub owns: Option<OwnsView>,
    /// What happens on it a second.
    pub rates: Option<Rates>,
}

/// What a node does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NodeRole {
    /// It serves fans.
    Gateway,
    /// It owns events.
    Engine,
    /// It relays, counts and settles.
    Worker,
}

impl NodeRole {
    fn of(roles: Roles) -> Vec<Self> {
        let all = [
            (Self::Gateway, roles.gateway),
            (Self::Engine, roles.engine),
            (Self::Worker, roles.worker),
        ];
        all.into_iter().filter(|(_, has)| *has).map(|(role, _)| role).collect()
    }
}

/// How the sales stand that a node owns.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OwnsView {
    /// Events.
    pub actors: u64,
    /// Those that are open, within their window.
    pub on_sale: u64,
    /// Those that another node should own.
    pub misplaced: u64,
    /// Fans in line.
    pub waiting: u64,
    /// Live sockets of fans on the node, whoever owns their event.
    pub sockets: u64,
}

impl NodeView {
    pub(crate) fn of(
        member: &Member,
        sales: Option<&crate::ops::Sales>,
        rates: Option<Rates>,
    ) -> Self {
        Self {
            id: member.id.to_string(),
            address: member.address.clone(),
            roles: NodeRole::of(member.roles),
            draining: member.draining,
            owns: sales.map(|sales| OwnsView {
                actors: sales.actors,
                on_sale: sales.on_sale,
                misplaced: sales.misplaced,
                waiting: sales.waiting,
                sockets: sales.sockets,
            }),
            rates: rates.filter(|_| sales.is_some()),
        }
    }
}

/// A page of a table of actors.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ActorsFrame {
    /// When.
    pub at: String,
    /// Rows on all pages.
    pub matching: u64,
    /// Rows before this page.
    pub offset: u32,
    /// False if a node did not say what it has.
    pub complete: bool,
    /// In order.
    pub rows: Vec<ActorView>,
}

impl ActorsFrame {
    pub(crate) fn of(
        at: Timestamp,
        query: &ActorsQuery,
        page: &ActorsPage,
        complete: bool,
    ) -> Self {
        let rows = page.rows.iter().map(ActorView::from).collect();
        Self { at: at.to_string(), matching: page.matching, offset: query.offset, complete, rows }
    }
}

/// One actor.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ActorView {
    /// Its event.
    pub event: String,
    /// What that is called; empty if it is not shown.
    pub title: String,
    /// Whether it is a rehearsal: it is called what its original is.
    pub rehearsal: bool,
    /// Its node.
    pub node: String,
    /// Whether the sale runs, as operators set it.
    pub status: StatusView,
    /// The owner's fence.
    pub fence: u64,
    /// The last durable record.
    pub seq: u64,
    /// For how long the node has owned it, in seconds.
    pub owned_for_s: u64,
    /// How long nobody else can own it, in milliseconds.
    pub lease_left_ms: u64,
    /// Commands and questions that wait or are in flight.
    pub depth: u32,
    /// Commands a second.
    pub rate: Option<f32>,
    /// How long a command waits in the mailbox, in microseconds.
    pub wait_us: Option<f32>,
    /// How long it takes to decide, in microseconds.
    pub turn_us: Option<f32>,
    /// Records in an append.
    pub batch: Option<f32>,
    /// How long an append takes, in microseconds.
    pub append_us: Option<f32>,
    /// Commands a second that the sale rejects.
    pub rejections: Option<f32>,
    /// Commands that were refused because too many waited.
    pub refusals: u64,
    /// Times that the node took the event over.
    pub take_overs: u64,
    /// Records since the last snapshot.
    pub unsnapped: u64,
    /// Fans in line.
    pub line: u64,
    /// Fans called or admitted.
    pub inside: u64,
    /// Places nobody has.
    pub free: u64,
    /// Places held.
    pub held: u64,
    /// Places sold.
    pub sold: u64,
    /// Commands a second in the last seconds that somebody looked, the latest last.
    pub rates: Vec<u16>,
    /// How old the state in the latest snapshot is, in seconds; null if there is none.
    pub snapshot_age_s: Option<u64>,
    /// For how long nothing has changed, in seconds.
    pub quiet_for_s: u64,
}

impl From<&ActorRow> for ActorView {
    fn from(row: &ActorRow) -> Self {
        let tenth = |value: Option<f32>| value.map(|value| (value * 10.0).round() / 10.0);
        Self {
            event: row.event.to_string(),
            title: row.title.clone(),
            rehearsal: row.rehearsal,
            node: row.node.to_string(),
            status: row.status.into(),
            fence: row.fence.0,
            seq: row.seq.0,
            owned_for_s: row.owned_for.as_secs(),
            lease_left_ms: u64::try_from(row.lease_left.as_millis()).unwrap_or(u64::MAX),
            depth: row.depth,
            rate: tenth(row.rate),
            wait_us: tenth(row.wait_us),
            turn_us: tenth(row.turn_us),
            batch: tenth(row.batch),
            append_us: tenth(row.append_us),
            rejections: tenth(row.rejections),
            refusals: row.refusals,
            take_overs: row.take_overs,
            unsnapped: row.unsnapped,
            line: row.line,
            inside: row.inside,
            free: row.free,
            held: row.held,
            sold: row.sold,
            rates: row.rates.clone(),
            snapshot_age_s: row.snapshot_age.map(|age| age.as_secs()),
            quiet_for_s: row.quiet_for.as_secs(),
        }
    }
}

/// One actor.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ActorFrame {
    /// When.
    pub at: String,
    /// Its event.
    pub event: String,
    /// False if a node did not say what it has.
    pub complete: bool,
    /// How it does; null if no node has it: the next request has the event taken over.
    pub actor: Option<ActorView>,
    /// Commands that the sale rejected, on the nodes that live and since they started.
    pub rejections: Vec<RejectionsView>,
    /// Live sockets of the event by node, those without any left out.
    pub sockets: Vec<NodeSocketsView>,
}

/// Commands that were rejected with a code.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct RejectionsView {
    /// The code.
    pub code: String,
    /// How many.
    pub count: u64,
}

/// Live sockets on a node.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NodeSocketsView {
    /// The node.
    pub node: String,
    /// How many.
    pub sockets: u64,
}

impl ActorFrame {
    pub(crate) fn of(
        at: Timestamp,
        event: EventId,
        parts: &[(NodeId, EventPart)],
        complete: bool,
    ) -> Self {
        // Of two that say they own it, one has not noticed yet that it does not.
        let actor = parts.iter().filter_map(|(_, part)| part.actor.as_ref());
        let mut rejections = BTreeMap::new();
        for (code, count) in parts.iter().flat_map(|(_, part)| &part.rejections) {
            *rejections.entry(code.clone()).or_insert(0) += count;
        }
        let rejections = rejections.into_iter();
        let sockets = parts.iter().filter(|(_, part)| part.sockets > 0);
        Self {
            at: at.to_string(),
            event: event.to_string(),
            complete,
            actor: actor.max_by_key(|row| row.fence).map(ActorView::from),
            rejections: rejections.map(|(code, count)| RejectionsView { code, count }).collect(),
            sockets: sockets
                .map(|(node, part)| NodeSocketsView {
                    node: node.to_string(),
                    sockets: part.sockets,
                })
                .collect(),
        }
    }
}

/// Records for others, and frames to browsers.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct StreamsFrame {
    /// When.
    pub at: String,
    /// False if a node did not say what it does.
    pub complete: bool,
    /// What brings records to the stream; null if no node does.
    pub relay: Option<RelayView>,
    /// Who reads the stream.
    pub consumers: Vec<ConsumerView>,
    /// What nodes send to browsers.
    pub nodes: Vec<NodeStreamsView>,
}

/// What brings records from the journals to the stream.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct RelayView {
    /// The node that does.
    pub node: String,
    /// Records that the stream has not acknowledged.
    pub lag_records: u64,
    /// Events with a record that cannot be relayed.
    pub stuck_events: u64,
    /// Before then the stream has every record of the others.
    pub complete_until: String,
    /// Messages that the stream acknowledges a second.
    pub published: Option<f64>,
    /// Rounds that failed since the process began.
    pub failures: u64,
}

/// A reader of the stream, on all nodes together.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ConsumerView {
    /// What it is called.
    pub name: String,
    /// Nodes that have a part in it.
    pub nodes: usize,
    /// Messages that it has not taken yet; null if none of the nodes knows.
    pub lag: Option<u64>,
    /// When that was so.
    pub lag_at: Option<String>,
    /// The same by partition of the stream; empty if it is not known.
    pub partitions: Vec<PartitionView>,
    /// Records that it counts a second.
    pub counted: Option<f64>,
    /// Messages that it put among the dead letters since the processes began.
    pub buried: u64,
    /// Times that it had to wait since the processes began.
    pub failures: u64,
}

/// What waits for a consumer in one partition of the stream.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PartitionView {
    /// Which.
    pub partition: u32,
    /// Messages that the consumer has not taken yet.
    pub lag: u64,
}

/// What a node sends to browsers.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NodeStreamsView {
    /// Which.
    pub node: String,
    /// Live sockets of fans.
    pub sockets: u64,
    /// Frames sent a second.
    pub frames: Option<f64>,
    /// Their bytes a second.
    pub bytes: Option<f64>,
    /// Frames that slow readers missed since the process began.
    pub behind: u64,
    /// Snapshots sent in place of what was missed since the process began.
    pub resyncs: u64,
}

impl StreamsFrame {
    pub(crate) fn of(at: Timestamp, nodes: &[NodeStreams<'_>], complete: bool) -> Self {
        // Of two that say they relay, one has not noticed yet that it does not.
        let relaying = nodes.iter().filter_map(|node| Some((node, node.counts.relay?)));
        let relay = relaying.max_by_key(|(_, relay)| relay.complete_until);
        let relay = relay.map(|(node, relay)| RelayView {
            node: node.node.to_string(),
            lag_records: relay.lag,
            stuck_events: relay.stuck,
            complete_until: relay.complete_until.to_string(),
            published: node.published_rate,
            failures: node.counts.relay_failures,
        });
        let workers = || nodes.iter().filter(|node| node.works);
        // Each of them asks for all nodes: the last to have asked knows best.
        let lag = workers().filter_map(|node| node.lag).max_by_key(|lag| lag.at);
        let view = |of: &PartitionLag| PartitionView { partition: of.partition, lag: of.messages };
        let consumer = ConsumerView {
            name: "stats".to_owned(),
            nodes: workers().count(),
            lag: lag.map(Lag::messages),
            lag_at: lag.map(|lag| lag.at.to_string()),
            partitions: lag.map_or_else(Vec::new, |lag| lag.partitions.iter().map(view).collect()),
            counted: workers().filter_map(|node| node.counted_rate).reduce(|sum, rate| sum + rate),
            buried: workers().map(|node| node.counts.buried).sum(),
            failures: workers().map(|node| node.counts.stats_failures).sum(),
        };
        let view = |node: &NodeStreams<'_>| NodeStreamsView {
            node: node.node.to_string(),
            sockets: node.sockets,
            frames: node.frames_rate,
            bytes: node.bytes_rate,
            behind: node.behind,
            resyncs: node.counts.resyncs,
        };
        let nodes = nodes.iter().map(view).collect();
        Self { at: at.to_string(), complete, relay, consumers: vec![consumer], nodes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latency_lies_within_the_bound_that_it_was_counted_under() {
        // 10 up to 1 ms, 80 more up to 2.5 ms, 10 more up to 5 ms.
        let mut counts = vec![10, 90];
        counts.resize(HOLD_SECONDS.len() + 1, 100);
        let latency = LatencyView::of(&counts).unwrap();
        assert_eq!(latency.count, 100);
        assert!((latency.p50_ms - 1.75).abs() < 1e-9, "{latency:?}");
        assert!((latency.p99_ms - 4.75).abs() < 1e-9, "{latency:?}");
        assert!(LatencyView::of(&[0; 13]).is_none());
        let mut beyond = vec![0; HOLD_SECONDS.len()];
        beyond.push(5);
        assert!((LatencyView::of(&beyond).unwrap().p50_ms - 10_000.0).abs() < 1e-9);
    }
}
