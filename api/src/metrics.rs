//! Every metric of a process: registered here and nowhere else, and the table of them.
//!
//! Every node has all of them, whatever its roles: what a node does not do stays at 0.

use std::collections::{BTreeMap, BTreeSet};

use prometheus::Registry;
use prometheus::proto::{Metric, MetricFamily, MetricType};
use tiketi_engine::actor::EngineMetrics;

use crate::clock::ClockMetrics;
use crate::disk::DiskMetrics;
use crate::middleware::HttpMetrics;
use crate::payments::PaymentMetrics;
use crate::telemetry::SpanMetrics;
use crate::workers::WorkerMetrics;
use crate::ws::SocketMetrics;

/// The endings of a name that say a unit; what has none is a number of things.
const UNITS: [&str; 4] = ["seconds", "bytes", "ratio", "records"];

/// Values of a label that the table lists; more are said in the metric's meaning.
const VALUES_MAX: usize = 6;

const HEAD: &str = "\
# Metrics

What `/metrics` of every node serves; written by `tiketi metrics` from what is registered. A histogram `x` is
served as `x_bucket`, `x_sum` and `x_count`. Counters begin at 0 with the process. No label names an event or
a person: the labels are those written here and those that Prometheus adds, and each has no other values than
those that are served from the start.

| Metric | Type | Unit | Labels | Meaning |
|---|---|---|---|---|
";

/// The metrics of all parts, registered once for a process.
#[derive(Debug)]
pub(crate) struct Metrics {
    pub(crate) engine: EngineMetrics,
    pub(crate) http: HttpMetrics,
    pub(crate) sockets: SocketMetrics,
    pub(crate) workers: WorkerMetrics,
    pub(crate) payments: PaymentMetrics,
    pub(crate) clock: ClockMetrics,
    pub(crate) disk: DiskMetrics,
    pub(crate) spans: SpanMetrics,
}

impl Metrics {
    /// Registers everything.
    ///
    /// # Errors
    /// If a name is registered already.
    pub(crate) fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        Ok(Self {
            engine: EngineMetrics::register(registry)?,
            http: HttpMetrics::register(registry, &crate::http::api().1)?,
            sockets: SocketMetrics::register(registry)?,
            workers: WorkerMetrics::register(registry)?,
            payments: PaymentMetrics::register(registry)?,
            clock: ClockMetrics::register(registry)?,
            disk: DiskMetrics::register(registry)?,
            spans: SpanMetrics::register(registry)?,
        })
    }
}

/// The Markdown page of every metric: name, type, unit, labels, meaning; sorted by name.
///
/// # Errors
/// If two metrics have one name.
pub(crate) fn page() -> Result<String, prometheus::Error> {
    let registry = Registry::new();
    Metrics::register(&registry)?;
    let rows: String = registry.gather().iter().map(row).collect();
    Ok(format!("{HEAD}{rows}"))
}

fn row(family: &MetricFamily) -> String {
    let (name, meaning) = (family.name(), family.help());
    let (kind, unit) = (kind(family.get_field_type()), unit(name).unwrap_or("number"));
    let mut labels: Vec<String> = labels(family).into_iter().map(described).collect();
    if labels.is_empty() {
        labels.push("–".to_owned());
    }
    let labels = labels.join("; ");
    format!("| `{name}` | {kind} | {unit} | {labels} | {meaning} |\n")
}

fn kind(kind: MetricType) -> &'static str {
    match kind {
        MetricType::COUNTER => "counter",
        MetricType::GAUGE => "gauge",
        MetricType::SUMMARY => "summary",
        MetricType::HISTOGRAM => "histogram",
        MetricType::UNTYPED => "untyped",
    }
}

/// The unit that a name ends with, a counter's `_total` apart.
fn unit(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix("_total").unwrap_or(name);
    UNITS.into_iter().find(|unit| name.ends_with(&format!("_{unit}")))
}

/// The labels of a family by name, each with its values.
fn labels(family: &MetricFamily) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut labels = BTreeMap::<_, BTreeSet<_>>::new();
    for pair in family.get_metric().iter().flat_map(Metric::get_label) {
        labels.entry(pair.name()).or_default().insert(pair.value());
    }
    labels
}

/// A label, with its values if they are few.
fn described((label, values): (&str, BTreeSet<&str>)) -> String {
    if values.len() > VALUES_MAX {
        return format!("`{label}`");
    }
    let values: Vec<&str> = values.into_iter().collect();
    format!("`{label}`: {}", values.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of a meaning that speak of a unit, and the unit.
    const SPOKEN: [(&str, &str); 3] =
        [("Time from", "seconds"), ("Time to", "seconds"), ("bytes", "bytes")];

    /// Labels whose values are from a short list each.
    const LABELS: [&str; 7] = ["code", "kind", "method", "reason", "route", "state", "status"];
    /// Series of one metric, on each of a hundred nodes.
    const SERIES_MAX: usize = 800;

    #[test]
    fn every_metric_is_named_and_explained_as_the_others_are() {
        let registry = Registry::new();
        Metrics::register(&registry).unwrap();
        let families = registry.gather();
        for family in &families {
            let (name, help) = (family.name(), family.help());
            let counts = family.get_field_type() == MetricType::COUNTER;
            assert!(name.starts_with("tiketi_"), "{name}");
            assert_eq!(name.ends_with("_total"), counts, "{name}");
            assert!(help.ends_with('.') && help.len() > 10, "{name}: {help:?}");
            assert!(!help.contains(['|', '\n']), "{name}: {help:?} breaks the table");
            for (word, expected) in SPOKEN {
                assert!(!help.contains(word) || unit(name) == Some(expected), "{name}: {help:?}");
            }
            if family.get_field_type() == MetricType::HISTOGRAM {
                assert!(unit(name).is_some(), "{name} has no unit");
            }
            for label in labels(family).keys() {
                assert!(LABELS.contains(label), "{name}: is {label} from a short list?");
            }
            let series = family.get_metric().len();
            assert!(series <= SERIES_MAX, "{name} has {series} series: a label has no bound");
        }
        assert!(families.len() > 20, "{} metrics", families.len());
    }
}
