//! Asks every node how it does, and answers for this one.

use std::collections::{HashMap, VecDeque};
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::{StreamExt as _, stream};
use prometheus::{IntCounter, IntGauge};
use tiketi_engine::actor::EngineMetrics;
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::engine::Engine;
use tiketi_engine::ports::{Catalog, Clock, Member, NodeId, PeerError, Rehearsals};
use tokio::time::timeout;

use super::letters::Letterbox;
use super::moves::{Move, Moves, afterwards, evened, moves};
use super::report::{
    ActorRow, ActorsPage, ActorsQuery, Counts, EventPart, NodeOrder, NodeQuestion, NodeReport,
    RelayStand, Sales, SortBy, StreamCounts,
};
use super::sampler::Sampler;
use crate::middleware::HttpMetrics;
use crate::peers::HttpPeers;
use crate::state::Dead;
use crate::wire::books::SaleFrame;
use crate::wire::ops::{
    ActorFrame, ActorsFrame, LatencyView, NodeView, NodesFrame, OverviewFrame, Rates, StreamsFrame,
    TroubleView,
};
use crate::workers::{Lag, WorkerMetrics};
use crate::ws::SocketMetrics;

/// How long another node, or the owner of a sale, may take to say how it does.
const REPORT_WITHIN: Duration = Duration::from_millis(600);
/// How long a node may take to begin what it is told to do.
const ORDER_WITHIN: Duration = Duration::from_secs(5);
/// Events that are handed over at the same time.
const HAND_OVERS_MAX: usize = 4;
/// Events of a node that are looked at to say what would move.
const MOVES_MAX: u32 = 10_000;
/// Seconds over which latencies and troubles are counted.
const WINDOW: usize = 30;

/// What a desk needs.
pub(crate) struct DeskParts {
    pub(crate) engine: Engine,
    pub(crate) catalog: Arc<dyn Catalog>,
    pub(crate) rehearsals: Arc<dyn Rehearsals>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) peers: Option<Arc<HttpPeers>>,
    pub(crate) counted: EngineMetrics,
    pub(crate) http: HttpMetrics,
    pub(crate) sockets: SocketMetrics,
    pub(crate) workers: WorkerMetrics,
    /// None if this node does not reach the record stream.
    pub(crate) dead: Option<Dead>,
}

/// See the module.
pub(crate) struct Desk {
    parts: DeskParts,
    sampler: Sampler,
    letters: Letterbox,
}

/// Every node that lives, with what it said, if it did.
pub(crate) struct Round {
    at: Timestamp,
    nodes: Vec<(Member, Option<NodeReport>)>,
}

impl Desk {
    pub(crate) fn new(parts: DeskParts) -> Self {
        let (engine, catalog) = (parts.engine.clone(), Arc::clone(&parts.catalog));
        let letters = Letterbox::new(engine.clone(), parts.peers.clone(), parts.dead.clone());
        let rehearsals = Arc::clone(&parts.rehearsals);
        let sampler = Sampler::new(engine, catalog, rehearsals, Arc::clone(&parts.clock));
        Self { parts, sampler, letters }
    }

    /// What consumers of the record stream could not read.
    pub(crate) fn letters(&self) -> &Letterbox {
        &self.letters
    }

    /// How this node does.
    pub(crate) async fn report(&self, question: &NodeQuestion) -> NodeReport {
        let looked = self.sampler.look(&question.pages, &question.events).await;
        let (mut sales, pages, actors) = looked;
        sales.sockets = u64::try_from(self.parts.sockets.sockets.get()).unwrap_or(0);
        let events = question.events.iter().zip(actors);
        let events = events.map(|(event, actor)| self.event(*event, actor)).collect();
        let lag = self.parts.workers.stats_lag.latest();
        NodeReport { at: self.parts.clock.now(), counts: self.counts(), sales, pages, events, lag }
    }

    fn event(&self, event: EventId, actor: Option<ActorRow>) -> EventPart {
        let rejections = self.parts.engine.rejections(event).into_iter();
        EventPart {
            actor,
            rejections: rejections.map(|(code, count)| (code.to_owned(), count)).collect(),
            sockets: self.parts.sockets.of(event),
        }
    }

    fn counts(&self) -> Counts {
        let counted = &self.parts.counted;
        let unowned = &counted.unowned;
        Counts {
            commands: counted.commands.get(),
            holds: counted.holds.get(),
            tickets: counted.tickets.get(),
            overloads: counted.overloads.get(),
            failures: counted.failures.get(),
            leases_lost: counted.leases_lost.get(),
            in_doubt: counted.in_doubt.get(),
            unowned: [&unowned.nobody, &unowned.lost, &unowned.late]
                .map(IntCounter::get)
                .iter()
                .sum(),
            sold_twice: counted.violations.refused.get(),
            panics: counted.violations.panic.get(),
            damaged: counted.violations.damaged.get(),
            behind: self.parts.sockets.behind.get(),
            hold_seconds: self.parts.http.hold_buckets(),
            streams: self.streams(),
        }
    }

    fn streams(&self) -> StreamCounts {
        let (workers, sockets) = (&self.parts.workers, &self.parts.sockets);
        let gauge = |gauge: &IntGauge| u64::try_from(gauge.get()).unwrap_or(0);
        let complete_s = workers.complete.get();
        let relay = (complete_s > 0).then(|| RelayStand {
            lag: gauge(&workers.lag),
            stuck: gauge(&workers.stuck),
            complete_until: Timestamp::from_millis(complete_s * 1_000),
        });
        StreamCounts {
            relay,
            published: workers.published.get(),
            relay_failures: workers.relay_failures.get(),
            stats_lag: workers.stats_lag.latest().map(|lag| lag.messages()),
            counted: workers.counted.get(),
            buried: workers.buried.get(),
            stats_failures: workers.stats_failures.get(),
            frames: sockets.frames.get(),
            bytes: sockets.bytes.get(),
            resyncs: sockets.resyncs.get(),
        }
    }

    /// Asks every node, once.
    pub(crate) async fn round(&self, pages: &[ActorsQuery], events: &[EventId]) -> Round {
        let members = self.parts.engine.members();
        let alone = members.len() < 2;
        // Of several nodes each sends what may be on the page.
        let asked = |query: &ActorsQuery| {
            let (offset, limit) =
                if alone { (query.offset, query.limit) } else { (0, query.offset + query.limit) };
            ActorsQuery { offset, limit, ..query.clone() }
        };
        let pages = pages.iter().map(asked).collect();
        let question = NodeQuestion { pages, events: events.to_vec() };
        let nodes = members.iter().map(|member| self.ask(member, &question));
        Round { at: self.parts.clock.now(), nodes: join_all(nodes).await }
    }

    /// How a sale stands, if its owner says so in time.
    pub(crate) async fn sale(&self, event: EventId) -> SaleFrame {
        let books = timeout(REPORT_WITHIN, self.parts.engine.books(event)).await;
        let books = books.map_err(|_| "too late".to_owned());
        let books = books.and_then(|told| told.map_err(|error| error.to_string()));
        let books =
            books.inspect_err(|error| tracing::debug!(event.id = %event, %error, "no books"));
        SaleFrame::of(self.parts.clock.now(), event, books.ok().as_ref())
    }

    /// What would move if a node did as it was told.
    pub(crate) async fn moves(&self, node: NodeId, order: NodeOrder) -> Moves {
        let (round, members) = self.owners().await;
        let after = afterwards(&members, node, order);
        Moves { moves: moves(round.rows(), node, &after), complete: round.is_complete() }
    }

    /// What would move if all nodes had as many events as each other.
    pub(crate) async fn evened(&self) -> Moves {
        let (round, members) = self.owners().await;
        Moves { moves: evened(round.rows(), &members), complete: round.is_complete() }
    }

    /// Has events handed over, a few at a time; how many were.
    pub(crate) async fn carry_out(&self, moves: &[Move]) -> usize {
        let hand_over = |moved: &Move| {
            let (engine, event, to) = (self.parts.engine.clone(), moved.event, moved.to);
            async move {
                let done = engine.hand_over_to(event, to).await;
                done.inspect_err(|error| {
                    tracing::warn!(event.id = %event, node = %to, %error, "not moved");
                })
                .is_ok()
            }
        };
        let hand_overs: Vec<_> = moves.iter().map(hand_over).collect();
        let moving = stream::iter(hand_overs).buffer_unordered(HAND_OVERS_MAX);
        moving.filter(|moved| ready(*moved)).count().await
    }

    /// Every node with the events that it owns.
    async fn owners(&self) -> (Round, Vec<Member>) {
        let query = ActorsQuery {
            sort: SortBy::Title,
            descending: false,
            text: String::new(),
            node: None,
            status: None,
            offset: 0,
            limit: MOVES_MAX,
        };
        let round = self.round(std::slice::from_ref(&query), &[]).await;
        let members = round.nodes.iter().map(|(member, _)| member.clone()).collect();
        (round, members)
    }

    /// Has a node do something with itself.
    ///
    /// # Errors
    /// [`PeerError`].
    pub(crate) async fn tell(&self, member: &Member, order: NodeOrder) -> Result<(), PeerError> {
        match &self.parts.peers {
            Some(peers) if member.id != self.parts.engine.me().id => {
                peers.order(member, order, ORDER_WITHIN).await
            }
            _ => {
                self.obey(order).await;
                Ok(())
            }
        }
    }

    /// Does with this node what it was told.
    pub(crate) async fn obey(&self, order: NodeOrder) {
        tracing::info!(?order, "an operator has this node do something");
        match order {
            NodeOrder::StepBack => self.parts.engine.step_back().await,
            NodeOrder::Rejoin => self.parts.engine.rejoin().await,
        }
    }

    async fn ask(&self, member: &Member, question: &NodeQuestion) -> (Member, Option<NodeReport>) {
        let report = if member.id == self.parts.engine.me().id {
            Some(self.report(question).await)
        } else if let Some(peers) = &self.parts.peers {
            let told = peers.report(member, question, REPORT_WITHIN).await;
            told.inspect_err(|error| tracing::debug!(node = %member.id, %error, "no report")).ok()
        } else {
            None
        };
        (member.clone(), report)
    }
}

/// What nodes said in the last seconds that somebody looked.
#[derive(Default)]
pub(crate) struct History {
    by_node: HashMap<NodeId, VecDeque<(Timestamp, Counts)>>,
}

impl History {
    /// Remembers a round, and forgets nodes that are gone.
    pub(crate) fn take_in(&mut self, round: &Round) {
        self.by_node.retain(|node, _| round.nodes.iter().any(|(member, _)| member.id == *node));
        for (member, report) in &round.nodes {
            let Some(report) = report else { continue };
            let told = self.by_node.entry(member.id).or_default();
            let stale = |(at, _): &(Timestamp, Counts)| {
                report.at.since(*at) > Duration::from_secs(2 * WINDOW as u64)
            };
            if told.back().is_some_and(stale) {
                told.clear();
            }
            if told.len() > WINDOW {
                told.pop_front();
            }
            told.push_back((report.at, report.counts.clone()));
        }
    }

    /// What a node did between the last two rounds, a second.
    fn rates(&self, node: NodeId) -> Option<Rates> {
        Some(Rates {
            commands: self.rate(node, |counts| counts.commands)?,
            holds: self.rate(node, |counts| counts.holds)?,
            tickets: self.rate(node, |counts| counts.tickets)?,
        })
    }

    /// By how much a count of a node grew between the last two rounds, a second.
    fn rate(&self, node: NodeId, count: impl Fn(&Counts) -> u64) -> Option<f64> {
        let told = self.by_node.get(&node)?;
        let (at, now) = told.back()?;
        let (before_at, before) = told.get(told.len().checked_sub(2)?)?;
        let seconds = at.since(*before_at).as_secs_f64();
        (seconds > 0.0).then(|| per_second(count(now).saturating_sub(count(before)), seconds))
    }

    /// How much a count of a node has grown over the window.
    fn grown(&self, node: NodeId, count: impl Fn(&Counts) -> u64) -> u64 {
        let ends = self.by_node.get(&node).and_then(|told| told.front().zip(told.back()));
        ends.map_or(0, |((_, first), (_, last))| count(last).saturating_sub(count(first)))
    }

    /// Requests for a hold over the window on all nodes, by how long the answer took.
    fn hold_seconds(&self) -> Vec<u64> {
        let mut sum = Vec::new();
        for told in self.by_node.values() {
            let Some(((_, first), (_, last))) = told.front().zip(told.back()) else { continue };
            sum.resize(sum.len().max(last.hold_seconds.len()), 0);
            for ((sum, last), first) in
                sum.iter_mut().zip(&last.hold_seconds).zip(&first.hold_seconds)
            {
                *sum += last.saturating_sub(*first);
            }
        }
        sum
    }

    pub(crate) fn overview(&self, round: &Round) -> OverviewFrame {
        let reports = || round.nodes.iter().filter_map(|(_, report)| report.as_ref());
        let sum = |of: fn(&Sales) -> u64| reports().map(|report| of(&report.sales)).sum();
        let rates: Vec<Rates> =
            round.nodes.iter().filter_map(|(member, _)| self.rates(member.id)).collect();
        OverviewFrame {
            at: round.at.to_string(),
            on_sale: sum(|sales| sales.on_sale),
            actors: sum(|sales| sales.actors),
            rates: Rates::sum(&rates),
            hold_latency: LatencyView::of(&self.hold_seconds()),
            waiting: sum(|sales| sales.waiting),
            inside: sum(|sales| sales.inside),
            free: sum(|sales| sales.free),
            held: sum(|sales| sales.held),
            sold: sum(|sales| sales.sold),
            sockets: sum(|sales| sales.sockets),
            nodes: round.nodes.len(),
            nodes_heard: reports().count(),
            sold_twice: reports().map(|report| report.counts.sold_twice).sum(),
            troubles: self.troubles(round),
        }
    }

    fn troubles(&self, round: &Round) -> Vec<TroubleView> {
        let mut troubles = Vec::new();
        for (member, report) in &round.nodes {
            let mut add = |code: &'static str, count: u64| {
                if count > 0 {
                    troubles.push(TroubleView {
                        code: code.into(),
                        node: member.id.to_string(),
                        count,
                    });
                }
            };
            let Some(report) = report else {
                add("silent", 1);
                continue;
            };
            let counts = &report.counts;
            add("sold_twice", counts.sold_twice);
            add("damaged", counts.damaged);
            add("panicked", counts.panics);
            add("unowned", self.grown(member.id, |counts| counts.unowned));
            add("append_failed", self.grown(member.id, |counts| counts.failures));
            add("in_doubt", self.grown(member.id, |counts| counts.in_doubt));
            add("lease_lost", self.grown(member.id, |counts| counts.leases_lost));
            add("overloaded", self.grown(member.id, |counts| counts.overloads));
            add("slow_readers", self.grown(member.id, |counts| counts.behind));
            add("misplaced", report.sales.misplaced);
            add("draining", u64::from(member.draining));
        }
        troubles
    }

    pub(crate) fn nodes(&self, round: &Round) -> NodesFrame {
        let view = |(member, report): &(Member, Option<NodeReport>)| {
            NodeView::of(member, report.as_ref().map(|report| &report.sales), self.rates(member.id))
        };
        NodesFrame { at: round.at.to_string(), nodes: round.nodes.iter().map(view).collect() }
    }
}

impl History {
    pub(crate) fn streams(&self, round: &Round) -> StreamsFrame {
        let heard = round.nodes.iter().filter_map(|(member, report)| {
            report.as_ref().map(|report| (member, report, &report.counts))
        });
        let nodes = heard.map(|(member, report, counts)| NodeStreams {
            node: member.id,
            works: member.roles.worker,
            sockets: report.sales.sockets,
            behind: counts.behind,
            counts: &counts.streams,
            lag: report.lag.as_ref(),
            published_rate: self.rate(member.id, |counts| counts.streams.published),
            counted_rate: self.rate(member.id, |counts| counts.streams.counted),
            frames_rate: self.rate(member.id, |counts| counts.streams.frames),
            bytes_rate: self.rate(member.id, |counts| counts.streams.bytes),
        });
        let nodes: Vec<NodeStreams<'_>> = nodes.collect();
        StreamsFrame::of(round.at, &nodes, nodes.len() == round.nodes.len())
    }
}

/// What a node said of streams, with what it does a second.
pub(crate) struct NodeStreams<'a> {
    pub(crate) node: NodeId,
    pub(crate) works: bool,
    pub(crate) sockets: u64,
    pub(crate) behind: u64,
    pub(crate) counts: &'a StreamCounts,
    pub(crate) lag: Option<&'a Lag>,
    pub(crate) published_rate: Option<f64>,
    pub(crate) counted_rate: Option<f64>,
    pub(crate) frames_rate: Option<f64>,
    pub(crate) bytes_rate: Option<f64>,
}

impl Round {
    /// The first page of each node that said something.
    fn pages(&self) -> impl Iterator<Item = &ActorsPage> {
        self.nodes.iter().filter_map(|(_, report)| report.as_ref()?.pages.first())
    }

    fn rows(&self) -> impl Iterator<Item = &ActorRow> {
        self.pages().flat_map(|page| page.rows.iter())
    }

    /// Whether each node said all that it has.
    fn is_complete(&self) -> bool {
        let complete = |page: &ActorsPage| page.rows.len() as u64 == page.matching;
        self.pages().count() == self.nodes.len() && self.pages().all(complete)
    }
}

impl Round {
    /// The page that was asked for as number `index`.
    pub(crate) fn actors(&self, index: usize, query: &ActorsQuery) -> ActorsFrame {
        let reports = || self.nodes.iter().filter_map(|(_, report)| report.as_ref());
        let parts: Vec<ActorsPage> =
            reports().filter_map(|report| report.pages.get(index).cloned()).collect();
        let page = match self.nodes.len() {
            1 => parts.into_iter().next().unwrap_or_default(),
            _ => ActorsPage::merged(query, parts),
        };
        ActorsFrame::of(self.at, query, &page, reports().count() == self.nodes.len())
    }
}

impl Round {
    /// The event that was asked for as number `index`.
    pub(crate) fn actor(&self, index: usize, event: EventId) -> ActorFrame {
        let heard = |(member, report): &(Member, Option<NodeReport>)| {
            Some((member.id, report.as_ref()?.events.get(index)?.clone()))
        };
        let parts: Vec<(NodeId, EventPart)> = self.nodes.iter().filter_map(heard).collect();
        let complete = parts.len() == self.nodes.len();
        ActorFrame::of(self.at, event, &parts, complete)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a figure that people read")]
fn per_second(count: u64, seconds: f64) -> f64 {
    count as f64 / seconds
}
