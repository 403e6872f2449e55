//! The node that owns the event is killed on the way, and started again.

use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::time::sleep;

use super::drive::Driven;
use super::file;
use super::threshold::Threshold;
use super::world::World;
use crate::cluster::Cluster;

/// What a kill came to, as it is in reports.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Failover {
    /// From the start of the load.
    pub(super) killed_after_s: f64,
    /// When the node served again, from the start of the load.
    pub(super) back_after_s: f64,
    /// The longest time without any acknowledgement, from the kill on.
    pub(super) gap_ms: f64,
    /// Requests that failed from the kill on.
    pub(super) failed: u64,
}

/// That a node was killed.
pub(super) struct Struck {
    began: Instant,
    killed: Instant,
    back: Instant,
    failed_before: u64,
}

/// Kills the owner when it is time, and starts it again; none if the load was ended before.
///
/// # Errors
/// If no node journals anything, or the node does not start.
pub(super) async fn strike(
    cluster: &mut Cluster,
    plan: &file::Failover,
    world: &World,
) -> anyhow::Result<Option<Struck>> {
    let began = world.began().await;
    wait(plan.kill_after_s, world).await;
    if world.stop.is_set() {
        return Ok(None);
    }
    let owner = cluster.owner().await?;
    let (failed_before, killed) = (world.recorder.failures(), Instant::now());
    cluster.nodes[owner].kill().await?;
    wait(plan.back_after_s, world).await;
    cluster.nodes[owner].start().await?;
    Ok(Some(Struck { began, killed, back: Instant::now(), failed_before }))
}

/// For so many seconds, or until the load is ended.
async fn wait(seconds: f64, world: &World) {
    let mut stop = world.stop.clone();
    tokio::select! {
        () = sleep(Duration::from_secs_f64(seconds)) => {}
        () = stop.set() => {}
    }
}

impl Failover {
    pub(super) fn of(struck: &Struck, driven: &Driven) -> Self {
        let Struck { began, killed, back, failed_before } = *struck;
        Self {
            killed_after_s: (killed - began).as_secs_f64(),
            back_after_s: (back - began).as_secs_f64(),
            gap_ms: driven.history.longest_gap(killed).as_secs_f64() * 1_000.0,
            failed: driven.recorded.all().failures() - failed_before,
        }
    }

    /// Whether the gap was as short as it is to be.
    pub(super) fn threshold(&self, plan: &file::Failover) -> Threshold {
        let (limit, measured) = (plan.gap_max_ms, self.gap_ms);
        // Without an acknowledgement after the kill there is no gap that ended.
        let met = measured > 0.0 && measured <= limit;
        Threshold { of: "failover", what: "gap_ms", limit, measured, met }
    }

    /// In a sentence.
    pub(super) fn sentence(&self) -> String {
        let Self { killed_after_s, back_after_s, gap_ms, failed } = self;
        format!(
            "The owner was killed after {killed_after_s:.1} s and back after {back_after_s:.1} s: \
             nothing was acknowledged for {gap_ms:.0} ms, {failed} requests failed."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_kill_came_to_is_as_the_schema_says_and_judged_by_its_gap() {
        let plan =
            file::Failover { nodes: 3, kill_after_s: 1.0, back_after_s: 1.0, gap_max_ms: 500.0 };
        let after = |gap_ms| Failover { killed_after_s: 1.0, back_after_s: 2.5, gap_ms, failed: 3 };
        // Who heard nothing any more had no gap that ended.
        for (gap_ms, met) in [(400.0, true), (600.0, false), (0.0, false)] {
            assert_eq!(after(gap_ms).threshold(&plan).met, met, "{gap_ms} ms");
        }
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../report.schema.json")).unwrap();
        let valid = |of: &str, value: serde_json::Value| {
            jsonschema::validator_for(&schema["properties"][of]).unwrap().is_valid(&value)
        };
        assert!(valid("failover", serde_json::to_value(after(400.0)).unwrap()));
        let threshold = serde_json::to_value(after(400.0).threshold(&plan)).unwrap();
        assert!(valid("thresholds", serde_json::Value::Array(vec![threshold])));
    }
}
