//! What the workers count. No label names an event: there may be thousands.

use prometheus::{IntCounter, IntGauge, Registry};

use super::lag::LagGauge;

/// The workers' metrics, registered once for a process.
#[derive(Debug, Clone)]
pub(crate) struct WorkerMetrics {
    /// `tiketi_relay_lag_records`: records that the stream has not acknowledged; 0 on nodes that
    /// do not relay.
    pub(crate) lag: IntGauge,
    /// `tiketi_relay_stuck_events`: events with a record that cannot be relayed at all.
    pub(crate) stuck: IntGauge,
    /// `tiketi_relay_complete_timestamp_seconds`: Unix time before which the stream has every
    /// record, but for those of stuck events; 0 on nodes that do not relay.
    pub(crate) complete: IntGauge,
    /// `tiketi_relay_published_total`: messages that the stream has acknowledged, repeats included.
    pub(crate) published: IntCounter,
    /// `tiketi_relay_failures_total`: rounds that ended because something could not be reached.
    pub(crate) relay_failures: IntCounter,
    /// `tiketi_stats_counted_total`: records that were counted, repeats included.
    pub(crate) counted: IntCounter,
    /// `tiketi_stats_buried_total`: messages put among the dead letters.
    pub(crate) buried: IntCounter,
    /// How far behind the count is.
    pub(crate) stats_lag: LagGauge,
    /// `tiketi_stats_failures_total`: times that the count could not go on.
    pub(crate) stats_failures: IntCounter,
}

impl WorkerMetrics {
    /// Registers everything.
    ///
    /// # Errors
    /// If a name is registered already.
    pub(crate) fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        let gauge = |name: &str, help: &str| -> Result<IntGauge, prometheus::Error> {
            let gauge = IntGauge::new(format!("tiketi_{name}"), help)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok(gauge)
        };
        let counter = |name: &str, help: &str| -> Result<IntCounter, prometheus::Error> {
            let counter = IntCounter::new(format!("tiketi_{name}"), help)?;
            registry.register(Box::new(counter.clone()))?;
            Ok(counter)
        };
        Ok(Self {
            stats_lag: LagGauge::register(registry)?,
            lag: gauge("relay_lag_records", "Records the stream has not acknowledged.")?,
            stuck: gauge("relay_stuck_events", "Events with a record that cannot be relayed.")?,
            complete: gauge(
                "relay_complete_timestamp_seconds",
                "Unix time before which the stream has all that is not stuck; 0 if it is not relayed here.",
            )?,
            published: counter("relay_published_total", "Messages the stream acknowledged.")?,
            relay_failures: counter("relay_failures_total", "Rounds of the relay that failed.")?,
            counted: counter("stats_counted_total", "Records that were counted.")?,
            buried: counter("stats_buried_total", "Messages put among the dead letters.")?,
            stats_failures: counter("stats_failures_total", "Times the count had to wait.")?,
        })
    }
}
