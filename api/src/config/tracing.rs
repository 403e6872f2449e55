//! Settings of traces: off unless all are given.

use serde::{Deserialize, Serialize};

use super::ConfigError;

/// Where traces go, and how many.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TracingSettings {
    /// An OpenTelemetry collector that takes OTLP over HTTP, such as `http://127.0.0.1:4318`;
    /// nothing is traced if empty.
    pub endpoint: String,
    /// The part of requests that is traced: 0.01 is one in a hundred, 1 is all.
    pub sample_ratio: Option<f64>,
}

/// The same, complete.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tracing {
    pub(crate) endpoint: String,
    pub(crate) sample_ratio: f64,
}

impl TracingSettings {
    /// What is to be traced; `None` if nothing is.
    pub(crate) fn given(&self) -> Option<Tracing> {
        let sample_ratio = self.sample_ratio.filter(|_| !self.endpoint.is_empty())?;
        Some(Tracing { endpoint: self.endpoint.clone(), sample_ratio })
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let wrong = |text: &str| Err(ConfigError::Value(text.to_owned()));
        let Some(ratio) = self.sample_ratio else {
            if self.endpoint.is_empty() {
                return Ok(());
            }
            return wrong(
                "tracing is half configured: set tracing.sample_ratio too (0.01 is one request in \
                 a hundred), or remove tracing.endpoint",
            );
        };
        if self.endpoint.is_empty() {
            return wrong(
                "tracing is half configured: set tracing.endpoint to a collector, such as \
                 http://127.0.0.1:4318, or remove tracing.sample_ratio",
            );
        }
        // Spans leave the machine by a collector beside the node, which has keys and certificates.
        let host = self.endpoint.strip_prefix("http://").unwrap_or_default();
        if host.is_empty() || host.contains('@') || host.trim_end_matches('/').contains('/') {
            return wrong("tracing.endpoint must be http://host:port, without user and path");
        }
        if !(ratio > 0.0 && ratio <= 1.0) {
            return wrong("tracing.sample_ratio must be more than 0, and at most 1");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(endpoint: &str, sample_ratio: Option<f64>) -> Result<Option<Tracing>, String> {
        let settings = TracingSettings { endpoint: endpoint.to_owned(), sample_ratio };
        settings.check().map_err(|error| error.to_string())?;
        Ok(settings.given())
    }

    #[test]
    fn all_or_nothing_is_complete() {
        assert_eq!(check("", None), Ok(None));
        let tracing = check("http://127.0.0.1:4318/", Some(0.01)).unwrap().unwrap();
        assert!((tracing.sample_ratio - 0.01).abs() < f64::EPSILON);
    }

    #[test]
    fn what_is_half_given_or_makes_no_sense_is_refused_with_what_to_do() {
        let url = "http://127.0.0.1:4318";
        let cases = [
            (url, None, "set tracing.sample_ratio too"),
            ("", Some(1.0), "set tracing.endpoint"),
            ("127.0.0.1:4318", Some(1.0), "must be http://host:port"),
            ("https://collector", Some(1.0), "must be http://host:port"),
            ("http://me:pw12345678@collector", Some(1.0), "without user"),
            ("http://collector/v1/traces", Some(1.0), "and path"),
            (url, Some(0.0), "more than 0"),
            (url, Some(1.5), "at most 1"),
            (url, Some(f64::NAN), "more than 0"),
        ];
        for (endpoint, ratio, says) in cases {
            let said = check(endpoint, ratio).unwrap_err();
            assert!(said.contains(says), "{said:?} does not say {says:?}");
            assert!(!said.contains("pw12345678"), "{said}");
        }
    }
}
