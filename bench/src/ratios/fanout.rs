//! What the server's processor time buys: deliveries to live sockets, against a loop that does
//! nothing but write one frame that is there already; with several changes due in a tick; and with
//! readers that take nothing.
//!
//! A delivery is a delta that arrived at a viewer. The time is that of the whole server process,
//! so it also pays for the requests that made the changes.

use std::io::{self, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::ensure;
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::ports::{Clock as _, Journal as _};
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::figure::{Figure, Goal};
use super::http::Waverer;
use super::viewers::Viewers;
use crate::cluster::Services;
use crate::size::Size;
use crate::stage::Node;
use crate::usage::{self, resident_kb};

/// How often a change is made: a little more seldom than the server publishes, so that no two fall
/// into one delta.
const TICK: Duration = Duration::from_millis(120);
/// Changes of a tick when several are due.
const DUE: usize = 4;
/// How long what was sent last may be on its way.
const SETTLE: Duration = Duration::from_millis(500);

/// How much is measured.
#[derive(Clone, Copy)]
struct Extent {
    places: u32,
    /// Viewers of the server, and as many of the bare loop.
    viewers: u32,
    /// Ticks of one measurement.
    ticks: u32,
    /// The least share of deltas that must not fall together with another.
    apart: f64,
}

impl Extent {
    fn of(size: Size) -> Self {
        Self {
            places: size.pick(20_000, 1_000),
            viewers: size.pick(5_000, 100),
            ticks: size.pick(40, 5),
            apart: size.pick(0.5, 0.1),
        }
    }

    /// Readers that take nothing: 1 %.
    const fn stuck(self) -> u32 {
        self.viewers / 100
    }

    /// Deltas of a measurement in which no two changes fall together.
    fn deliveries(self) -> f64 {
        f64::from(self.viewers * self.ticks)
    }
}

/// What came of one measurement.
struct Slice {
    deliveries: f64,
    bytes: f64,
    core_seconds: f64,
}

impl Slice {
    fn per_core_second(&self) -> f64 {
        self.deliveries / self.core_seconds
    }
}

#[derive(Default)]
struct Rounds {
    bare: Vec<f64>,
    single: Vec<f64>,
    changes_single: Vec<f64>,
    changes_several: Vec<f64>,
    some_stuck: Vec<f64>,
    stuck_kb: Vec<f64>,
}

/// Measures.
///
/// # Errors
/// If the node fails, or what was published did not arrive.
pub(super) async fn measure(
    services: &Services,
    tiketi: &Path,
    rounds: usize,
    size: Size,
) -> anyhow::Result<Vec<Figure>> {
    let extent = Extent::of(size);
    let mut node = Node::start(services, tiketi, extent.places as usize).await?;
    let event = patchwork(&node, extent).await?;
    let mut fans = Vec::new();
    for fan in 0..u32::try_from(DUE)? {
        fans.push(node.waverer(event, u64::from(fan), fan..fan + 1).await?);
    }
    let mut viewers = Viewers::none();
    viewers.watch(node.address(), event, extent.viewers as usize).await?;
    let mut all = Rounds::default();
    for round in 0..rounds {
        let single = slice(&mut node, &viewers, &mut fans[..1], extent).await?;
        all.single.push(single.per_core_second());
        all.bare.push(bare(&single, extent).await?.per_core_second());
        let several = slice(&mut node, &viewers, &mut fans, extent).await?;
        let changes = extent.deliveries();
        all.changes_single.push(changes / single.core_seconds);
        all.changes_several.push(changes * count(DUE) / several.core_seconds);
        let (kb, some_stuck) = stuck(&mut node, &viewers, &mut fans[..1], event, extent).await?;
        all.stuck_kb.push(kb);
        all.some_stuck.push(some_stuck.per_core_second());
        writeln!(
            io::stderr(),
            "fan-out, round {}: bare {:.0}, single {:.0}, several {:.0} changes, stuck {:.0} of {:.0}",
            round + 1,
            all.bare[round],
            all.single[round],
            all.changes_several[round],
            all.some_stuck[round],
            all.single[round],
        )?;
    }
    drop(viewers);
    node.stop().await?;
    Ok(all.figures())
}

impl Rounds {
    fn figures(self) -> Vec<Figure> {
        let mut stuck = Figure::ratio(
            ("stuck_readers", "Deliveries with 1 % of readers stuck, against without them"),
            Goal::AtLeast(0.95, 0.99),
            ("1 % stuck, deliveries to the others per core-second", &self.some_stuck),
            ("all read, deliveries per core-second", &self.single),
        );
        stuck.parts.push(("memory that the stuck readers added, KB each", self.stuck_kb));
        vec![
            Figure::ratio(
                ("deliveries_vs_bare_loop", "Broadcast deliveries, server against a bare loop"),
                Goal::AtLeast(0.75, 0.95),
                ("server, deliveries per core-second", &self.single),
                ("bare loop, deliveries per core-second", &self.bare),
            ),
            Figure::ratio(
                (
                    "coalescing",
                    "Changes delivered with 4 due in a tick, against one write for each",
                ),
                Goal::AtLeast(3.0, 4.0),
                ("4 due, changes delivered per core-second", &self.changes_several),
                ("1 due, changes delivered per core-second", &self.changes_single),
            ),
            stuck,
        ]
    }
}

/// An event of whose first half every other seat is held: its snapshot has no short form.
async fn patchwork(node: &Node, extent: Extent) -> anyhow::Result<EventId> {
    let half = extent.places / 2;
    let mut event = node.stage.event(u64::from(half), 0).await?;
    event.take_over(&node.stage.store).await?;
    for fan in (u32::try_from(DUE)?..half).step_by(2) {
        let append = event.holds(fan, fan + 1, node.stage.clock.now())?;
        node.stage.store.append(&append).await?;
    }
    Ok(event.id)
}

/// Lets every fan make one change a tick.
async fn slice(
    node: &mut Node,
    viewers: &Viewers,
    fans: &mut [Waverer],
    extent: Extent,
) -> anyhow::Result<Slice> {
    for fan in &mut *fans {
        fan.reconnect().await?;
    }
    let pid = node.pid()?;
    let (deltas, bytes) = (viewers.deltas(), viewers.bytes());
    let before = usage::of_process(pid)?;
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for _ in 0..extent.ticks {
        ticks.tick().await;
        for fan in &mut *fans {
            fan.change().await?;
        }
    }
    sleep(SETTLE).await;
    let used = usage::of_process(pid)?.saturating_sub(before);
    let deliveries = count(usize::try_from(viewers.deltas() - deltas)?);
    let bytes = count(usize::try_from(viewers.bytes() - bytes)?);
    // On a busy machine some fall together all the same.
    ensure!(deliveries >= extent.deliveries() * extent.apart, "{deliveries} deltas arrived");
    Ok(Slice { deliveries, bytes, core_seconds: seconds(used) })
}

/// The same with readers that take nothing, and whose buffers are full; the memory that each added,
/// in KB.
async fn stuck(
    node: &mut Node,
    viewers: &Viewers,
    fans: &mut [Waverer],
    event: EventId,
    extent: Extent,
) -> anyhow::Result<(f64, Slice)> {
    let pid = node.pid()?;
    let memory = resident_kb(pid)?;
    let mut others = Viewers::none();
    others.get_stuck(node.address(), event, extent.stuck() as usize).await?;
    let slice = slice(node, viewers, fans, extent).await?;
    let added = (resident_kb(pid)? - memory) / f64::from(extent.stuck());
    let unsent = usage::sockets_with_unsent(node.address().port())?;
    ensure!(unsent >= extent.stuck() as usize, "only {unsent} readers are stuck");
    Ok((added, slice))
}

/// One thread writes as many frames of the same length to as many sockets, at the same times.
async fn bare(like: &Slice, extent: Extent) -> anyhow::Result<Slice> {
    let length = (like.bytes / like.deliveries).round().max(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen")]
    let length = length as usize;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let (mut readers, mut writers) = (Viewers::none(), Vec::new());
    for _ in 0..extent.viewers {
        let stream = tokio::net::TcpStream::connect(address).await?;
        let (accepted, _) = listener.accept()?;
        accepted.set_nonblocking(true)?;
        accepted.set_nodelay(true)?;
        writers.push(accepted);
        readers.read_bare(stream, length as u64);
    }
    let write = move || -> anyhow::Result<Duration> {
        let (frame, started, before) = (vec![7; length], Instant::now(), usage::of_this_thread()?);
        for tick in 0..extent.ticks {
            std::thread::sleep((started + TICK * tick).saturating_duration_since(Instant::now()));
            for mut writer in &writers {
                ensure!(writer.write(&frame)? == length, "a bare socket is full");
            }
        }
        let used = usage::of_this_thread()?.saturating_sub(before);
        std::thread::sleep(SETTLE);
        Ok(used)
    };
    let used = tokio::task::spawn_blocking(write).await??;
    let deliveries = count(usize::try_from(readers.deltas())?);
    ensure!(deliveries >= extent.deliveries(), "{deliveries} bare frames arrived");
    Ok(Slice { deliveries, bytes: 0.0, core_seconds: seconds(used) })
}

/// Time on a processor: less than a tick of its clock is not seen.
fn seconds(used: Duration) -> f64 {
    used.max(usage::TICK).as_secs_f64()
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}
