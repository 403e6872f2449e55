//! Logs.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{LogConfig, LogFormat};

/// The filter cannot be read, or logging was started before.
#[derive(Debug, thiserror::Error)]
#[error("log.filter: {0}")]
pub(crate) struct TelemetryError(String);

/// Starts logging to standard error.
pub(crate) fn start(config: &LogConfig) -> Result<(), TelemetryError> {
    let filter =
        EnvFilter::try_new(&config.filter).map_err(|error| TelemetryError(error.to_string()))?;
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let started = match config.format {
        LogFormat::Pretty => builder.compact().finish().try_init(),
        LogFormat::Json => builder.json().finish().try_init(),
    };
    started.map_err(|error| TelemetryError(error.to_string()))
}
