//! A process of fans. It does what it is told, with a line of JSON for each order and answer, and
//! ends with whoever started it.

use std::io::{self, Write as _};
use std::net::{SocketAddr, SocketAddrV4};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tiketi_engine::domain::ids::{EventId, FanId};
use tiketi_engine::domain::terms::SaleStatus;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpSocket;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{timeout, timeout_at};

use super::fan::{Fan, Seen};
use super::shares::source;
use crate::audit::{Moment, ToldPlace};
use crate::load::asker::Asker;
use crate::load::closed::{self, Limit};
use crate::load::pool::Pool;
use crate::load::recorder::Recorder;
use crate::sellout::{Buyer, Joining};
use crate::stage::Signing;

/// Fans who join, and who connect, at the same time.
const JOINING: usize = 16;
const CONNECTING: usize = 32;
/// How long one fan may wait to be told the place.
const TOLD_WITHIN: Duration = Duration::from_mins(1);
/// How long news may take to reach all.
const HEARD_WITHIN: Duration = Duration::from_mins(1);
/// What fans have seen and nobody has looked at; beyond that they wait, having noted when.
const SEEN_MAX: usize = 1_024;

/// Who the fans are, and of which event. It comes before the first order.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) generator: u8,
    pub(super) fans: Range<u64>,
    pub(super) event: EventId,
    pub(super) node: SocketAddr,
    /// The file with the key that the cluster signs tokens with.
    pub(super) access_key: PathBuf,
}

/// What to do next.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) enum Order {
    /// Let everybody join; answered with every [`ToldPlace`].
    Join,
    /// Connect everybody; answered with the microseconds until each was told the place.
    Connect,
    /// Cut everybody off at once, then connect everybody again; answered as [`Self::Connect`] is.
    Reconnect,
    /// Wait until everybody has seen this status; answered with every [`Moment`].
    Hear(SaleStatus),
    /// Answered with how many are connected.
    Count,
}

/// An answer, or what went wrong.
pub(super) type Answer<T> = Result<T, String>;

/// Does what it is told until there is nobody to tell it.
///
/// # Errors
/// If what it is told makes no sense.
pub async fn run() -> anyhow::Result<()> {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let plan = lines.next_line().await?.context("this is for tiketi-bench waiting-room to call")?;
    let mut crowd = Crowd::new(serde_json::from_str(&plan)?)?;
    while let Some(order) = lines.next_line().await? {
        let answer = crowd.carry_out(serde_json::from_str(&order)?).await;
        let answer: Answer<Value> = answer.map_err(|error| format!("{error:#}"));
        writeln!(io::stdout(), "{}", serde_json::to_string(&answer)?)?;
    }
    Ok(())
}

/// The fans.
struct Crowd {
    plan: Plan,
    signing: Signing,
    /// Those who have joined.
    line: Vec<ToldPlace>,
    watching: JoinSet<()>,
    tell: mpsc::Sender<Seen>,
    seen: mpsc::Receiver<Seen>,
}

impl Crowd {
    fn new(plan: Plan) -> anyhow::Result<Self> {
        let signing = Signing::read(&plan.access_key)?;
        let (tell, seen) = mpsc::channel(SEEN_MAX);
        Ok(Self { plan, signing, line: Vec::new(), watching: JoinSet::new(), tell, seen })
    }

    async fn carry_out(&mut self, order: Order) -> anyhow::Result<Value> {
        Ok(match order {
            Order::Join => {
                self.join().await?;
                serde_json::to_value(&self.line)?
            }
            Order::Connect => serde_json::to_value(self.connect().await?)?,
            Order::Reconnect => {
                self.watching.shutdown().await;
                serde_json::to_value(self.connect().await?)?
            }
            Order::Hear(status) => serde_json::to_value(self.hear(status).await?)?,
            Order::Count => serde_json::to_value(self.count()?)?,
        })
    }

    async fn join(&mut self) -> anyhow::Result<()> {
        let Plan { fans, event, node, .. } = &self.plan;
        let asker =
            Asker::new(Arc::new(Pool::new(vec![*node], JOINING)), Arc::new(Recorder::start()));
        let buyer = || Buyer::new(asker.clone(), self.signing.clone(), *event);
        let client = || Joining::new(buyer(), FanId::new(fans.start));
        let clients = (0..JOINING).map(|_| client()).collect();
        // Whoever gives the orders loses patience first.
        let limit = Limit { requests: fans.end - fans.start, lasts: Duration::MAX };
        for client in closed::run(clients, limit).await?.clients {
            for (fan, place) in client.told {
                self.line.push(place.with_context(|| format!("{fan} does not wait"))?);
            }
        }
        Ok(())
    }

    async fn connect(&mut self) -> anyhow::Result<Vec<u64>> {
        let (plan, signing) = (&self.plan, &self.signing);
        let connecting = self.line.iter().enumerate().map(|(number, place)| async move {
            let connected = timeout(TOLD_WITHIN, connect(plan, signing, number, *place)).await;
            let connected = connected.context("not told a place in time").flatten();
            connected.with_context(|| format!("{}, number {}", place.fan, place.number))
        });
        let mut connecting = stream::iter(connecting).buffer_unordered(CONNECTING);
        let mut took = Vec::with_capacity(self.line.len());
        while let Some(connected) = connecting.next().await {
            let (fan, micros) = connected?;
            self.watching.spawn(fan.watch(self.tell.clone()));
            took.push(micros);
        }
        Ok(took)
    }

    async fn hear(&mut self, wanted: SaleStatus) -> anyhow::Result<Vec<Moment>> {
        let mut heard = Vec::with_capacity(self.line.len());
        let give_up_at = Instant::now() + HEARD_WITHIN;
        while heard.len() < self.line.len() {
            let seen = timeout_at(give_up_at.into(), self.seen.recv()).await;
            let of = || format!("{} of {} saw {wanted:?}", heard.len(), self.line.len());
            match seen.with_context(of)?.context("nobody listens")? {
                Seen::Status(status, at) => {
                    ensure!(status == wanted, "somebody saw {status:?} and not {wanted:?}");
                    heard.push(at);
                }
                Seen::Gone(fan, why) => bail!("{fan} is gone: {why}"),
            }
        }
        Ok(heard)
    }

    fn count(&mut self) -> anyhow::Result<usize> {
        match self.seen.try_recv() {
            Ok(Seen::Gone(fan, why)) => bail!("{fan} is gone: {why}"),
            Ok(Seen::Status(status, _)) => bail!("somebody saw {status:?} unasked"),
            Err(_) => Ok(self.watching.len()),
        }
    }
}

/// A fan who has been told the place, and how long that took in microseconds.
async fn connect(
    plan: &Plan,
    signing: &Signing,
    number: usize,
    place: ToldPlace,
) -> anyhow::Result<(Fan, u64)> {
    let started = Instant::now();
    let cookie = signing.cookie(place.fan.number())?;
    let socket = TcpSocket::new_v4()?;
    let from = source(plan.generator, number);
    socket.bind(SocketAddrV4::new(from, 0).into()).with_context(|| format!("bind {from}"))?;
    let fan = Fan::connect(socket, plan.node, plan.event, &cookie, place).await?;
    Ok((fan, u64::try_from(started.elapsed().as_micros())?))
}
