//! Browsers that watch the seat map by any node, and what they saw beside the journal.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use tiketi_engine::domain::change::{Change, Record};
use tiketi_engine::domain::chart::Chart;
use tiketi_engine::domain::ids::{EventId, Fence, Seq};
use tiketi_engine::domain::sale::Sale;
use tiketi_engine::feed::frame::{ClientFrame, ServerFrame};
use tiketi_engine::feed::{Projection, PublicState};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

/// A viewer that hears nothing for so long goes to another node.
const SILENCE_MAX: Duration = Duration::from_secs(2);
/// Before it connects again.
const PAUSE: Duration = Duration::from_millis(50);

/// What one viewer saw.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// By sequence, a hash of the whole map.
    maps: BTreeMap<Seq, u64>,
    /// The map as it is now.
    now: u64,
    /// Deltas that did not follow on what was sent before.
    gaps: usize,
}

/// One viewer.
#[derive(Debug, Clone)]
pub(super) struct Viewer {
    event: String,
    nodes: Vec<SocketAddr>,
    seen: Arc<Mutex<Seen>>,
}

impl Viewer {
    /// One that has not connected yet, and prefers the first of these nodes.
    pub(super) fn new(event: String, nodes: Vec<SocketAddr>) -> Self {
        Self { event, nodes, seen: Arc::default() }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Watches, by one node after the other; never returns.
    pub(super) async fn watch(self) {
        let mut map = Map::default();
        for node in self.nodes.iter().cycle() {
            // Whatever ended it, the next node is as good.
            drop(self.follow(*node, &mut map).await);
            sleep(PAUSE).await;
        }
    }

    async fn follow(&self, node: SocketAddr, map: &mut Map) -> anyhow::Result<()> {
        let stream = timeout(SILENCE_MAX, TcpStream::connect(node)).await??;
        let url = format!("ws://{node}/api/v1/events/{}/live", self.event);
        let (mut socket, _) = timeout(SILENCE_MAX, client_async(url, stream)).await??;
        let resume = ClientFrame::Resume { epoch: map.epoch, seq: map.seq };
        socket.send(Message::binary(resume.encode())).await?;
        loop {
            let message = timeout(SILENCE_MAX, socket.next()).await?.context("closed")??;
            if let Message::Binary(bytes) = message {
                let frame = ServerFrame::decode(&bytes)?;
                let changed = map.take_in(frame).inspect_err(|_| self.seen().gaps += 1)?;
                if changed {
                    let mut seen = self.seen();
                    seen.now = hash(&map.states);
                    let now = seen.now;
                    seen.maps.insert(map.seq, now);
                }
            }
        }
    }

    /// What it has as long as nothing changes any more is what the journal says.
    pub(super) fn has(&self, expected: &Expected) -> bool {
        self.seen().now == expected.last
    }

    /// How often it saw what the journal does not say, or was sent what does not follow.
    pub(super) fn wrong(&self, expected: &Expected) -> usize {
        let seen = self.seen();
        // What came after the journal was read, such as a refund, changes no place.
        let differs =
            |(seq, map): (&Seq, &u64)| expected.maps.get(seq).unwrap_or(&expected.last) != map;
        seen.gaps + seen.maps.iter().filter(|pair| differs(*pair)).count()
    }
}

/// A seat map as a browser has it.
#[derive(Debug, Default)]
struct Map {
    epoch: Fence,
    seq: Seq,
    states: Vec<PublicState>,
}

impl Map {
    /// Takes a frame in; whether the map is another now.
    fn take_in(&mut self, frame: ServerFrame) -> anyhow::Result<bool> {
        match frame {
            ServerFrame::Snapshot { epoch, seq, states } => {
                *self = Self { epoch, seq, states };
                Ok(true)
            }
            ServerFrame::Delta { epoch, before, after, changed } => {
                if (epoch, before) != (self.epoch, self.seq) {
                    *self = Self::default();
                    bail!("a delta does not follow");
                }
                for (place, state) in changed {
                    *self.states.get_mut(place.index()).context("no such place")? = state;
                }
                self.seq = after;
                Ok(true)
            }
            ServerFrame::Hello { .. }
            | ServerFrame::Room(_)
            | ServerFrame::Yours { .. }
            | ServerFrame::Pong { .. } => Ok(false),
        }
    }
}

/// What the journal says of the map, at every sequence.
#[derive(Debug)]
pub(super) struct Expected {
    maps: BTreeMap<Seq, u64>,
    last: u64,
}

impl Expected {
    /// Replays a journal.
    ///
    /// # Errors
    /// If it does not begin with the opening of a sale.
    pub(super) fn of(
        event: EventId,
        chart: Arc<Chart>,
        records: &[Record],
    ) -> anyhow::Result<Self> {
        let (first, later) = records.split_first().context("the journal is empty")?;
        let mut sale = Sale::open(event, chart, first);
        let mut map = hash_of(&sale);
        let mut maps = BTreeMap::from([(first.seq, map)]);
        for record in later {
            sale.apply(record);
            if changes_places(&record.change) {
                map = hash_of(&sale);
            }
            maps.insert(record.seq, map);
        }
        Ok(Self { maps, last: map })
    }
}

fn changes_places(change: &Change) -> bool {
    !matches!(change, Change::Joined { .. } | Change::Called { .. } | Change::Claimed { .. })
}

fn hash_of(sale: &Sale) -> u64 {
    let (_, _, states, _) = Projection::of(sale, Fence(0), sale.at()).start();
    hash(&states)
}

fn hash(states: &[PublicState]) -> u64 {
    let mut hasher = DefaultHasher::new();
    states.hash(&mut hasher);
    hasher.finish()
}
