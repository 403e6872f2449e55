//! Logs and traces: where they go.

mod export;
mod journal;

pub(crate) use export::SpanMetrics;
pub(crate) use journal::NotingJournal;

use tiketi_engine::ports::NodeId;
use tiketi_engine::trace::TARGET;
use tracing_subscriber::filter::{Directive, LevelFilter, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use self::export::Exporter;
use crate::config::{Config, LogConfig, LogFormat};
use crate::trace;

/// The filter cannot be read, logging was started before, or the exporter does not start.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct TelemetryError(String);

/// What is to be ended when everything else has.
pub(crate) struct Telemetry(Option<Exporter>);

impl Telemetry {
    /// Starts logging to standard error, and exporting traces if the configuration says so.
    ///
    /// # Errors
    /// [`TelemetryError`].
    pub(crate) fn start(
        config: &Config,
        node: NodeId,
        metrics: &SpanMetrics,
    ) -> Result<Self, TelemetryError> {
        let filter = EnvFilter::try_new(&config.log.filter)
            .map_err(|error| TelemetryError(format!("log.filter: {error}")))?;
        let Some(tracing) = config.tracing.given() else {
            // One filter for everything: what is not logged costs nothing.
            started(Registry::default().with(filter).with(log(&config.log)).try_init())?;
            return Ok(Self(None));
        };
        let exporter = Exporter::start(&tracing.endpoint, node, metrics)
            .map_err(|error| TelemetryError(format!("tracing.endpoint: {error}")))?;
        // Both say up to which level, so that what is below costs nothing.
        let is_trace = filter_fn(|metadata| metadata.target() == TARGET);
        let is_trace = is_trace.with_max_level_hint(LevelFilter::INFO);
        let logged = filter.add_directive(no_traces()?);
        let subscriber = Registry::default()
            .with(log(&config.log).with_filter(logged))
            .with(exporter.layer().with_filter(is_trace));
        started(subscriber.try_init())?;
        trace::start(tracing.sample_ratio);
        Ok(Self(Some(exporter)))
    }

    /// Exports what is left.
    pub(crate) async fn stop(self) {
        if let Some(exporter) = self.0 {
            exporter.stop().await;
        }
    }
}

/// Spans of traces are no context of logs.
fn no_traces() -> Result<Directive, TelemetryError> {
    format!("{TARGET}=off").parse().map_err(|error| TelemetryError(format!("{error}")))
}

fn started<E: std::fmt::Display>(result: Result<(), E>) -> Result<(), TelemetryError> {
    result.map_err(|error| TelemetryError(error.to_string()))
}

fn log<S>(config: &LogConfig) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
{
    let layer = fmt::layer().with_writer(std::io::stderr).with_target(false);
    match config.format {
        LogFormat::Pretty => layer.compact().boxed(),
        LogFormat::Json => layer.json().boxed(),
    }
}
