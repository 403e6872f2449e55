//! What the nodes use while everybody waits.

use std::time::{Duration, Instant};

use crate::stage::Node;
use crate::usage::{of_process, open_files, resident_kb};

/// What they have used up to a moment.
pub(super) struct Usage {
    at: Instant,
    /// Of all of them together.
    processor: Duration,
    /// Of each.
    pub(super) resident_kb: Vec<f64>,
    /// Of each.
    pub(super) open_files: Vec<usize>,
}

impl Usage {
    /// Up to now.
    ///
    /// # Errors
    /// If a node has ended.
    pub(super) fn of(node: &mut Node) -> anyhow::Result<Self> {
        let mut usage = Self {
            at: Instant::now(),
            processor: Duration::ZERO,
            resident_kb: Vec::new(),
            open_files: Vec::new(),
        };
        for node in &mut node.cluster.nodes {
            let pid = node.pid()?;
            usage.processor += of_process(pid)?;
            usage.resident_kb.push(resident_kb(pid)?);
            usage.open_files.push(open_files(pid)?);
        }
        Ok(usage)
    }

    /// How long it is since an earlier moment.
    pub(super) fn since(&self, earlier: &Self) -> Duration {
        self.at - earlier.at
    }

    /// The time on processors since an earlier moment.
    pub(super) fn spent_since(&self, earlier: &Self) -> Duration {
        self.processor.saturating_sub(earlier.processor)
    }
}

/// The live sockets of each node, as it counts them.
///
/// # Errors
/// If one does not say.
pub(super) async fn sockets(node: &Node) -> anyhow::Result<Vec<u64>> {
    let mut all = Vec::with_capacity(node.cluster.nodes.len());
    for node in &node.cluster.nodes {
        // Whole numbers, as Prometheus writes them.
        all.push(node.metric("tiketi_sockets").await?.to_string().parse()?);
    }
    Ok(all)
}
