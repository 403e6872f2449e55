//! How much room the file system has that the embedded database is on.

use std::path::PathBuf;
use std::time::Duration;

use prometheus::{IntGauge, Registry};
use tokio_util::sync::CancellationToken;

/// How often the file system is asked.
const ASK_EVERY: Duration = Duration::from_secs(15);

/// The metrics of the data folder's file system; both stay 0 on nodes of a cluster.
#[derive(Debug, Clone)]
pub(crate) struct DiskMetrics {
    /// `tiketi_data_free_bytes`: what may still be written there.
    free: IntGauge,
    /// `tiketi_data_size_bytes`: how large it is.
    size: IntGauge,
}

impl DiskMetrics {
    /// Registers everything.
    ///
    /// # Errors
    /// If a name is registered already.
    pub(crate) fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        let gauge = |name: &str, help: &str| -> Result<IntGauge, prometheus::Error> {
            let gauge = IntGauge::new(format!("tiketi_data_{name}"), help)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok(gauge)
        };
        Ok(Self {
            free: gauge(
                "free_bytes",
                "Free bytes of the file system that the data folder is on; 0 in a cluster.",
            )?,
            size: gauge(
                "size_bytes",
                "Size in bytes of the file system that the data folder is on; 0 in a cluster.",
            )?,
        })
    }
}

/// Asks every so often, until told to stop. What cannot be asked stays as it was.
pub(crate) async fn watch(folder: PathBuf, metrics: DiskMetrics, stopping: CancellationToken) {
    loop {
        let of = folder.clone();
        // A file system over a network may take its time.
        let asked = tokio::task::spawn_blocking(move || rustix::fs::statvfs(&of)).await;
        match asked {
            Ok(Ok(told)) => {
                let bytes = |blocks: u64| i64::try_from(blocks.saturating_mul(told.f_frsize));
                metrics.free.set(bytes(told.f_bavail).unwrap_or(i64::MAX));
                metrics.size.set(bytes(told.f_blocks).unwrap_or(i64::MAX));
            }
            Ok(Err(error)) => tracing::warn!(%error, "the free space cannot be asked for"),
            Err(error) => tracing::warn!(%error, "the free space was not told"),
        }
        tokio::select! {
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(ASK_EVERY) => {}
        }
    }
}
