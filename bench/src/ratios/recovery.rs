//! Taking an event over that another node owned: from its lease being free to the first answer.

use std::time::{Duration, Instant};

use tiketi_engine::actor::EngineConfig;
use tiketi_engine::cluster::ClusterConfig;
use tiketi_engine::domain::ids::{EventId, FanId};
use tiketi_engine::ports::{Clock as _, Journal as _};

use super::figure::{Figure, Goal};
use crate::cluster::Services;
use crate::size::Size;
use crate::stage::{Stage, Staged};

/// How much there is to recover.
struct Crowd {
    places: usize,
    inside: u64,
    waiting: u64,
    /// Records that an owner lets come before it saves a snapshot.
    records: u64,
}

/// Holds of one batch.
const BATCH: u32 = 500;

/// Measures.
///
/// # Errors
/// If Postgres or the engine fails.
pub(super) async fn measure(
    services: &Services,
    rounds: usize,
    size: Size,
) -> anyhow::Result<Vec<Figure>> {
    let crowd = Crowd {
        places: size.pick(60_000, 2_000),
        inside: size.pick(10_000, 200),
        waiting: size.pick(100_000, 500),
        records: size.pick(EngineConfig::default().snapshot_every, 3_000),
    };
    let name = format!("tiketi_{:08x}", rand::random::<u32>());
    let stage = Stage::open(&services.create_database(&name).await?, crowd.places).await?;
    let (mut replayed, mut restored) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let event = crowded(&stage, &crowd).await?;
        // Nobody has saved a snapshot yet: every record is read and applied.
        replayed.push(taken_over(&stage, event.id, &crowd).await?.as_secs_f64());
        stage.store.save_snapshot(event.id, &event.snapshot()).await?;
        restored.push(taken_over(&stage, event.id, &crowd).await?.as_secs_f64());
    }
    stage.store.close().await;
    let ttl = vec![ClusterConfig::default().ttl.as_secs_f64(); rounds];
    let mut figure = Figure::ratio(
        ("recovery_vs_ttl", "Recovering 60,000 places and 100,000 queued fans without a snapshot"),
        Goal::AtMost(0.25, 0.25),
        ("take-over and 490,000 records, s", &replayed),
        ("lease ttl, s", &ttl),
    );
    figure.parts.push(("take-over from a snapshot, s", restored));
    Ok(vec![figure])
}

/// An event with a hold for everybody inside, and the others in line, after as many records as an
/// owner lets come before it saves a snapshot: everybody has held and let go many times.
async fn crowded(stage: &Stage, crowd: &Crowd) -> anyhow::Result<Staged> {
    let mut event = stage.event(crowd.inside, crowd.waiting).await?;
    event.take_over(&stage.store).await?;
    let inside = u32::try_from(crowd.inside)?;
    let starts = || (0..inside).step_by(BATCH as usize);
    loop {
        let now = stage.clock.now();
        for from in starts() {
            let append = event.holds(from, inside.min(from + BATCH), now)?;
            stage.store.append(&append).await?;
        }
        if event.sale.seq().0 + 2 * crowd.inside > crowd.records {
            return Ok(event);
        }
        for from in starts() {
            let append = event.releases(from, inside.min(from + BATCH), now)?;
            stage.store.append(&append).await?;
        }
    }
}

/// By an engine that has just started, and that ends well.
async fn taken_over(stage: &Stage, event: EventId, crowd: &Crowd) -> anyhow::Result<Duration> {
    let engine = stage.engine().await?;
    let started = Instant::now();
    engine.fan(event, FanId::new(crowd.inside + crowd.waiting - 1)).await?;
    let took = started.elapsed();
    engine.stop().await;
    Ok(took)
}
