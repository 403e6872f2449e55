//! Makes rates of counters: what every actor of this node did between the last two looks.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tiketi_engine::actor::ActorReading;
use tiketi_engine::cluster::placement;
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::domain::terms::SaleStatus;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::engine::Engine;
use tiketi_engine::ports::{Catalog, Clock, NodeId, RehearsalState, Rehearsals};

use super::report::{ActorRow, ActorsPage, ActorsQuery, REMEMBERED, Sales, SortBy};

/// Looks that are closer together than this are one.
const APART: Duration = Duration::from_millis(700);
/// A rate over a longer time is not one of now.
const STALE: Duration = Duration::from_secs(5);
/// How often titles of new events are asked for.
const TITLES_EVERY: Duration = Duration::from_secs(10);
/// Rehearsals that are told from sales: of more than these, the latest.
const REHEARSALS_MAX: u32 = 500;
/// Events that are asked for at one time.
const TITLES_PAGE: u32 = 500;

/// See the module.
pub(crate) struct Sampler {
    engine: Engine,
    catalog: Arc<dyn Catalog>,
    rehearsals: Arc<dyn Rehearsals>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    at: Timestamp,
    known: HashMap<EventId, Known>,
    rows: Vec<ActorRow>,
    sales: Sales,
    titles: HashMap<EventId, Title>,
    /// Those that are there.
    rehearsals: HashSet<EventId>,
    titles_at: Timestamp,
}

struct Title {
    shown: String,
    sought: String,
}

/// An actor as it was at the last look.
struct Known {
    reading: ActorReading,
    rates: Vec<u16>,
}

impl Sampler {
    pub(crate) fn new(
        engine: Engine,
        catalog: Arc<dyn Catalog>,
        rehearsals: Arc<dyn Rehearsals>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { engine, catalog, rehearsals, clock, state: Mutex::default() }
    }

    /// Looks at every actor, unless somebody just did; says how the sales stand, what the tables of
    /// actors have, and how the actors of some events do.
    pub(crate) async fn look(
        &self,
        pages: &[ActorsQuery],
        events: &[EventId],
    ) -> (Sales, Vec<ActorsPage>, Vec<Option<ActorRow>>) {
        self.learn_rehearsals().await;
        if !pages.is_empty() || !events.is_empty() {
            self.learn_titles().await;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        if now.since(state.at) >= APART || state.at > now {
            let readings = self.engine.actors();
            let misplaced = self.misplaced(&readings);
            state.take(readings, self.engine.me().id, now);
            state.sales.misplaced = misplaced;
        }
        let pages = pages.iter().map(|query| state.page(query, self.engine.me().id)).collect();
        let actors = events.iter().map(|event| state.actor(*event)).collect();
        (state.sales.clone(), pages, actors)
    }

    fn misplaced(&self, readings: &[ActorReading]) -> u64 {
        let (members, me) = (self.engine.members(), self.engine.me().id);
        if members.len() < 2 {
            return 0;
        }
        let elsewhere = |reading: &&ActorReading| {
            let preferred = placement::preferred(reading.event, &members);
            !reading.placed && preferred.is_some_and(|preferred| preferred != me)
        };
        readings.iter().filter(elsewhere).count() as u64
    }

    /// Asks which events are rehearsals, before a look: no figure of sales has them in it.
    async fn learn_rehearsals(&self) {
        {
            let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let now = self.clock.now();
            if now.since(state.at) < APART && state.at <= now {
                return;
            }
        }
        let rehearsals = match self.rehearsals.rehearsals(REHEARSALS_MAX).await {
            Ok(rehearsals) => rehearsals,
            Err(error) => {
                tracing::debug!(%error, "rehearsals not learnt");
                return;
            }
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.rehearsals.clear();
        for rehearsal in rehearsals {
            if rehearsal.state != RehearsalState::Wiped {
                let title =
                    Title { sought: rehearsal.title.to_lowercase(), shown: rehearsal.title };
                state.titles.insert(rehearsal.event, title);
                state.rehearsals.insert(rehearsal.event);
            }
        }
    }

    /// Asks for the titles of published events if there are actors without one.
    async fn learn_titles(&self) {
        let now = self.clock.now();
        {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let complete = state.known.keys().all(|event| state.titles.contains_key(event));
            let first = state.titles_at == Timestamp::default();
            if !first && (complete || now.since(state.titles_at) < TITLES_EVERY) {
                return;
            }
            state.titles_at = now;
        }
        let mut after = None;
        loop {
            let listings = match self.catalog.events(after, TITLES_PAGE).await {
                Ok(listings) => listings,
                Err(error) => {
                    tracing::debug!(%error, "titles not learnt");
                    return;
                }
            };
            after = listings.last().map(|last| (last.starts_at, last.id));
            let complete = listings.len() < TITLES_PAGE as usize;
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            for listing in listings {
                let sought = listing.title.to_lowercase();
                state.titles.insert(listing.id, Title { shown: listing.title, sought });
            }
            if complete {
                return;
            }
        }
    }
}

impl State {
    fn take(&mut self, readings: Vec<ActorReading>, node: NodeId, now: Timestamp) {
        let apart = now.since(self.at);
        let recent = apart <= STALE && self.at != Timestamp::default();
        let mut before = std::mem::take(&mut self.known);
        let (mut rows, mut sales) = (Vec::with_capacity(readings.len()), Sales::default());
        for reading in readings {
            sales.actors += 1;
            if !self.rehearsals.contains(&reading.event) {
                add(&mut sales, &reading, now);
            }
            let known = before.remove(&reading.event).filter(|_| recent);
            let mut row = row_of(&reading, node, now);
            let mut rates = Vec::new();
            if let Some(known) = known {
                rates = known.rates;
                follow(&mut row, &known.reading, &reading, apart);
                if rates.len() == REMEMBERED {
                    rates.remove(0);
                }
                rates.push(rounded(row.rate.unwrap_or_default()));
            }
            rows.push(row);
            self.known.insert(reading.event, Known { reading, rates });
        }
        (self.at, self.rows, self.sales) = (now, rows, sales);
    }

    fn page(&self, query: &ActorsQuery, me: NodeId) -> ActorsPage {
        if query.node.is_some_and(|node| node != me) {
            return ActorsPage::default();
        }
        let mut rows: Vec<&ActorRow> =
            self.rows.iter().filter(|row| self.fits(row, query)).collect();
        let matching = rows.len() as u64;
        let end = (query.offset.saturating_add(query.limit) as usize).min(rows.len());
        if end == 0 {
            return ActorsPage { matching, rows: Vec::new() };
        }
        if query.sort == SortBy::Title {
            let title = |row: &&ActorRow| self.titles.get(&row.event).map(|title| &title.shown);
            rows.sort_by(|one, other| {
                let by_title = title(one).cmp(&title(other));
                let by_title = if query.descending { by_title.reverse() } else { by_title };
                by_title.then(one.event.cmp(&other.event))
            });
        } else {
            // All that come before the page's end, in no order, and then those in order.
            rows.select_nth_unstable_by(end - 1, |one, other| one.compare(other, query));
            rows.truncate(end);
            rows.sort_unstable_by(|one, other| one.compare(other, query));
        }
        let start = (query.offset as usize).min(end);
        ActorsPage { matching, rows: rows[start..end].iter().map(|row| self.shown(row)).collect() }
    }

    fn actor(&self, event: EventId) -> Option<ActorRow> {
        self.rows.iter().find(|row| row.event == event).map(|row| self.shown(row))
    }

    /// With its title, whether it is a rehearsal, and its last rates.
    fn shown(&self, row: &ActorRow) -> ActorRow {
        let title = self.titles.get(&row.event).map(|title| title.shown.clone());
        let rates = self.known.get(&row.event).map(|known| known.rates.clone());
        ActorRow {
            title: title.unwrap_or_default(),
            rehearsal: self.rehearsals.contains(&row.event),
            rates: rates.unwrap_or_default(),
            ..row.clone()
        }
    }

    fn fits(&self, row: &ActorRow, query: &ActorsQuery) -> bool {
        let has_text = || {
            let title = self.titles.get(&row.event);
            query.text.is_empty()
                || title.is_some_and(|title| title.sought.contains(&query.text))
                || row.event.to_string().contains(&query.text)
        };
        query.status.is_none_or(|status| status == row.status) && has_text()
    }
}

fn add(sales: &mut Sales, reading: &ActorReading, now: Timestamp) {
    let within = reading.opens_at <= now && now < reading.closes_at;
    sales.on_sale += u64::from(within && reading.status == SaleStatus::Open);
    sales.free += reading.free;
    sales.held += reading.held;
    sales.sold += reading.sold;
    sales.waiting += reading.waiting;
    sales.inside += reading.inside;
}

fn row_of(reading: &ActorReading, node: NodeId, now: Timestamp) -> ActorRow {
    ActorRow {
        event: reading.event,
        title: String::new(),
        rehearsal: false,
        node,
        status: reading.status,
        fence: reading.fence,
        seq: reading.seq,
        owned_for: now.since(reading.taken_over_at),
        lease_left: reading.lease_left,
        depth: reading.depth,
        rate: None,
        wait_us: None,
        turn_us: None,
        batch: None,
        append_us: None,
        rejections: None,
        refusals: reading.refusals,
        take_overs: reading.take_overs,
        unsnapped: reading.seq.0.saturating_sub(reading.snapshot_at.0),
        line: reading.waiting,
        inside: reading.inside,
        free: reading.free,
        held: reading.held,
        sold: reading.sold,
        rates: Vec::new(),
        snapshot_age: reading.snapshot_of.map(|of| now.since(of)),
        quiet_for: now.since(reading.changed_at),
    }
}

/// What happened between two readings. A mean over nothing is not known.
fn follow(row: &mut ActorRow, before: &ActorReading, now: &ActorReading, apart: Duration) {
    let seconds = apart.as_secs_f32();
    let commands = now.commands.saturating_sub(before.commands);
    let batches = now.batches.saturating_sub(before.batches);
    row.rate = Some(share(commands, seconds));
    row.rejections = Some(share(now.rejections.saturating_sub(before.rejections), seconds));
    row.wait_us = mean_us(now.waited.saturating_sub(before.waited), commands);
    row.turn_us = mean_us(now.turns.saturating_sub(before.turns), commands);
    row.append_us = mean_us(now.appends.saturating_sub(before.appends), batches);
    row.batch =
        (batches > 0).then(|| float(now.records.saturating_sub(before.records)) / float(batches));
}

fn mean_us(together: Duration, count: u64) -> Option<f32> {
    (count > 0).then(|| together.as_secs_f32() * 1e6 / float(count))
}

fn share(count: u64, seconds: f32) -> f32 {
    float(count) / seconds
}

#[expect(clippy::cast_precision_loss, reason = "a figure that people read")]
fn float(count: u64) -> f32 {
    count as f32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped")]
fn rounded(rate: f32) -> u16 {
    rate.round().clamp(0.0, f32::from(u16::MAX)) as u16
}
