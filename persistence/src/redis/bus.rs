//! Publications over Redis pub/sub: each goes once to every node that watches the event.
//!
//! Redis forgets what it cannot deliver at once. A connection that was lost ends every
//! subscription, so that whoever follows an event begins anew; what else gets lost shows as a gap
//! in the sequence.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use dashmap::DashMap;
use futures_util::StreamExt as _;
use redis::aio::{PubSub, PubSubSink};
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::feed::Publication;
use tiketi_engine::ports::{Bus, Subscription};
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::time::{sleep, timeout};

use super::{CONNECT_WITHIN, Redis};

/// Publications kept for a slow subscriber; beyond that it has lagged and begins anew.
const PUBLICATIONS_MAX: usize = 64;
/// Publications on their way to Redis; beyond that the newest are lost.
const OUTGOING_MAX: usize = 4_096;
/// How long a new subscription may take to hold.
const SUBSCRIBED_WITHIN: Duration = Duration::from_secs(2);
/// How often subscriptions that nobody needs are given up.
const SWEEP_EVERY: Duration = Duration::from_secs(10);
/// Between two attempts to connect.
const RECONNECT_AFTER: Duration = Duration::from_millis(200);

type Channels = DashMap<EventId, broadcast::Sender<Arc<Publication>>>;

/// See the module.
pub struct RedisBus {
    channels: Arc<Channels>,
    outgoing: mpsc::Sender<(EventId, Arc<Publication>)>,
    wanted: mpsc::Sender<(EventId, oneshot::Sender<()>)>,
}

impl RedisBus {
    /// The bus, and the two futures that drive it: both run until the bus is dropped.
    pub fn new(
        redis: &Redis,
    ) -> (Self, impl Future<Output = ()> + use<>, impl Future<Output = ()> + use<>) {
        let (outgoing, to_publish) = mpsc::channel(OUTGOING_MAX);
        let (wanted, wishes) = mpsc::channel(64);
        let prefix = format!("{}:frames:", redis.prefix);
        let channels = Arc::new(Channels::new());
        let incoming = Incoming {
            redis: redis.clone(),
            prefix: prefix.clone(),
            channels: Arc::clone(&channels),
            subscribed: BTreeSet::new(),
        };
        let publishing = publish_all(redis.clone(), prefix, to_publish);
        (Self { channels, outgoing, wanted }, publishing, incoming.run(wishes))
    }
}

#[async_trait]
impl Bus for RedisBus {
    fn publish(&self, event: EventId, publication: Arc<Publication>) {
        if self.outgoing.try_send((event, publication)).is_err() {
            tracing::warn!(event.id = %event, "publication lost: too many are on their way");
        }
    }

    async fn subscribe(&self, event: EventId) -> Subscription {
        let receiver = {
            let channel = self.channels.entry(event);
            channel.or_insert_with(|| broadcast::channel(PUBLICATIONS_MAX).0).subscribe()
        };
        let (holds, held) = oneshot::channel();
        let subscribed = async {
            self.wanted.send((event, holds)).await.ok()?;
            held.await.ok()
        };
        if timeout(SUBSCRIBED_WITHIN, subscribed).await.ok().flatten().is_none() {
            tracing::warn!(event.id = %event, "subscribed only once Redis is back");
        }
        Subscription::new(receiver)
    }
}

/// One at a time, so that an event's publications stay in order.
async fn publish_all(
    redis: Redis,
    prefix: String,
    mut to_publish: mpsc::Receiver<(EventId, Arc<Publication>)>,
) {
    let mut connection = redis.connection();
    while let Some((event, publication)) = to_publish.recv().await {
        let Ok(bytes) = postcard::to_stdvec(&*publication) else { continue };
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(format!("{prefix}{event}")).arg(bytes);
        if let Err(error) = publish.query_async::<()>(&mut connection).await {
            tracing::warn!(event.id = %event, %error, "publication lost");
        }
    }
}

struct Incoming {
    redis: Redis,
    prefix: String,
    channels: Arc<Channels>,
    subscribed: BTreeSet<EventId>,
}

type Wishes = mpsc::Receiver<(EventId, oneshot::Sender<()>)>;

impl Incoming {
    async fn run(mut self, mut wishes: Wishes) {
        let mut next = 0;
        loop {
            let clients = &self.redis.subscribers;
            let client = clients[next % clients.len()].clone();
            next += 1;
            match timeout(CONNECT_WITHIN, client.get_async_pubsub()).await {
                Ok(Ok(connection)) => {
                    let ended = self.follow(connection, &mut wishes).await;
                    // Whatever was published from here on is missed.
                    self.channels.clear();
                    self.subscribed.clear();
                    match ended {
                        Ok(()) => return,
                        Err(error) => tracing::warn!(%error, "subscriptions lost"),
                    }
                }
                Ok(Err(error)) => tracing::warn!(%error, "no connection for subscriptions"),
                Err(_) => tracing::warn!("no connection for subscriptions in time"),
            }
            if wishes.is_closed() {
                return;
            }
            sleep(RECONNECT_AFTER).await;
        }
    }

    /// Until the connection is lost, or the bus is dropped.
    async fn follow(
        &mut self,
        connection: PubSub,
        wishes: &mut Wishes,
    ) -> Result<(), redis::RedisError> {
        let (mut sink, mut messages) = connection.split();
        let known: Vec<EventId> = self.channels.iter().map(|channel| *channel.key()).collect();
        for event in known {
            self.want(&mut sink, event).await?;
        }
        let mut sweep = tokio::time::interval(SWEEP_EVERY);
        loop {
            tokio::select! {
                wish = wishes.recv() => {
                    let Some((event, holds)) = wish else { return Ok(()) };
                    self.want(&mut sink, event).await?;
                    // Whoever asked may have given up.
                    holds.send(()).ok();
                }
                message = messages.next() => match message {
                    Some(message) => self.take_in(&message),
                    None => {
                        let lost = "the connection was closed";
                        return Err((redis::ErrorKind::Io, lost).into());
                    }
                },
                _ = sweep.tick() => self.give_up_unwanted(&mut sink).await?,
            }
        }
    }

    async fn want(
        &mut self,
        sink: &mut PubSubSink,
        event: EventId,
    ) -> Result<(), redis::RedisError> {
        if self.subscribed.insert(event) {
            sink.subscribe(format!("{}{event}", self.prefix)).await?;
        }
        Ok(())
    }

    fn take_in(&self, message: &redis::Msg) {
        let event = message.get_channel_name().strip_prefix(&self.prefix);
        let event = event.and_then(|text| text.parse::<EventId>().ok());
        let publication = postcard::from_bytes::<Publication>(message.get_payload_bytes());
        let (Some(event), Ok(publication)) = (event, publication) else {
            tracing::warn!(channel = message.get_channel_name(), "not a publication");
            return;
        };
        if let Some(channel) = self.channels.get(&event) {
            // Nobody may listen any more; the sweep sees to that.
            channel.send(Arc::new(publication)).ok();
        }
    }

    async fn give_up_unwanted(&mut self, sink: &mut PubSubSink) -> Result<(), redis::RedisError> {
        for event in self.subscribed.clone() {
            self.channels.remove_if(&event, |_, channel| channel.receiver_count() == 0);
            if !self.channels.contains_key(&event) {
                self.subscribed.remove(&event);
                sink.unsubscribe(format!("{}{event}", self.prefix)).await?;
            }
        }
        Ok(())
    }
}
