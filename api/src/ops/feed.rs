//! One frame a second for each page that somebody looks at, made once for all who do.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use tiketi_engine::domain::ids::EventId;
use tokio::sync::{Notify, watch};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::desk::{Desk, History};
use super::report::ActorsQuery;
use crate::wire::books::SaleFrame;
use crate::wire::ops::OpsFrame;
use crate::ws::framed_text;

/// How often frames are made.
const EVERY: Duration = Duration::from_secs(1);
/// Different pages that are looked at at the same time.
const TOPICS_MAX: usize = 64;
/// Who look at the same time, together.
const WATCHERS_MAX: usize = 256;

/// What a page is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Topic {
    /// All of it at a glance.
    Overview,
    /// Every node.
    Nodes,
    /// A table of actors.
    Actors(ActorsQuery),
    /// One sale.
    Sale(EventId),
    /// One actor.
    Actor(EventId),
    /// Records for others, and frames to browsers.
    Streams,
}

/// Frames for whoever looks. Clones are the same.
#[derive(Clone)]
pub(crate) struct Feed(Arc<Inner>);

struct Inner {
    desk: Arc<Desk>,
    topics: Mutex<HashMap<Topic, watch::Sender<Bytes>>>,
    /// Told when somebody looks at what nobody looked at.
    news: Notify,
}

impl Feed {
    pub(crate) fn new(desk: Arc<Desk>) -> Self {
        Self(Arc::new(Inner { desk, topics: Mutex::default(), news: Notify::new() }))
    }

    /// Where it is asked how nodes do.
    pub(crate) fn desk(&self) -> &Desk {
        &self.0.desk
    }

    /// The frames of a page, each ready for the wire; `None` if too many look already.
    pub(crate) fn watch(&self, topic: Topic) -> Option<watch::Receiver<Bytes>> {
        let mut topics = self.topics();
        let watchers: usize = topics.values().map(watch::Sender::receiver_count).sum();
        let known = topics.contains_key(&topic);
        if watchers >= WATCHERS_MAX || (!known && topics.len() >= TOPICS_MAX) {
            return None;
        }
        if !known {
            self.0.news.notify_one();
        }
        let frames = topics.entry(topic).or_insert_with(|| watch::Sender::new(Bytes::new()));
        Some(frames.subscribe())
    }

    /// Makes frames until the server stops.
    pub(crate) async fn run(self, stopping: CancellationToken) {
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut history = History::default();
        loop {
            tokio::select! {
                () = stopping.cancelled() => return,
                _ = ticks.tick() => {}
                () = self.0.news.notified() => {}
            }
            let topics = self.looked_at();
            if !topics.is_empty() {
                self.make(&mut history, &topics).await;
            }
        }
    }

    /// What somebody looks at; what nobody does any more is forgotten.
    fn looked_at(&self) -> Vec<Topic> {
        let mut topics = self.topics();
        topics.retain(|_, frames| frames.receiver_count() > 0);
        topics.keys().cloned().collect()
    }

    async fn make(&self, history: &mut History, topics: &[Topic]) {
        let query = |topic: &Topic| match topic {
            Topic::Actors(query) => Some(query.clone()),
            Topic::Overview | Topic::Nodes | Topic::Streams | Topic::Actor(_) | Topic::Sale(_) => {
                None
            }
        };
        let event = |topic: &Topic| match topic {
            Topic::Actor(event) => Some(*event),
            Topic::Overview | Topic::Nodes | Topic::Streams | Topic::Actors(_) | Topic::Sale(_) => {
                None
            }
        };
        let queries: Vec<ActorsQuery> = topics.iter().filter_map(query).collect();
        let events: Vec<EventId> = topics.iter().filter_map(event).collect();
        let (round, sales) = tokio::join!(self.0.desk.round(&queries, &events), self.sales(topics));
        history.take_in(&round);
        let (mut page, mut actor) = (0, 0);
        for topic in topics {
            let frame = match topic {
                // Made already.
                Topic::Sale(_) => continue,
                Topic::Overview => OpsFrame::Overview(history.overview(&round)),
                Topic::Nodes => OpsFrame::Nodes(history.nodes(&round)),
                Topic::Streams => OpsFrame::Streams(history.streams(&round)),
                Topic::Actors(query) => {
                    page += 1;
                    OpsFrame::Actors(round.actors(page - 1, query))
                }
                Topic::Actor(event) => {
                    actor += 1;
                    OpsFrame::Actor(Box::new(round.actor(actor - 1, *event)))
                }
            };
            self.send(topic, &frame);
        }
        for (event, frame) in sales {
            self.send(&Topic::Sale(event), &OpsFrame::Sale(Box::new(frame)));
        }
    }

    /// A frame for each sale that somebody looks at.
    async fn sales(&self, topics: &[Topic]) -> Vec<(EventId, SaleFrame)> {
        let event = |topic: &Topic| match topic {
            Topic::Sale(event) => Some(*event),
            Topic::Overview
            | Topic::Nodes
            | Topic::Actors(_)
            | Topic::Actor(_)
            | Topic::Streams => None,
        };
        let (events, desk) = (topics.iter().filter_map(event), &self.0.desk);
        join_all(events.map(|event| async move { (event, desk.sale(event).await) })).await
    }

    fn send(&self, topic: &Topic, frame: &OpsFrame) {
        match serde_json::to_vec(frame) {
            Ok(json) => {
                if let Some(frames) = self.topics().get(topic) {
                    frames.send_replace(framed_text(&json));
                }
            }
            Err(error) => tracing::error!(%error, "a frame could not be encoded"),
        }
    }

    fn topics(&self) -> MutexGuard<'_, HashMap<Topic, watch::Sender<Bytes>>> {
        self.0.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
