//! Whether what was to be reached was.

use serde::Serialize;

use super::file::{Scenario, Subject};
use super::report::Figures;

/// At least one threshold was broken: each was printed.
#[derive(Debug, thiserror::Error)]
#[error("thresholds broken: {0}")]
pub struct Broken(pub(super) usize);

/// A threshold, and what was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Threshold {
    /// `all`, or a step.
    pub(super) of: &'static str,
    /// `p95_ms` …
    pub(super) what: &'static str,
    /// At least, if it is a rate; else at most.
    pub(super) limit: f64,
    pub(super) measured: f64,
    pub(super) met: bool,
}

/// All of them; `figures` gives those of a step, or of all.
pub(super) fn thresholds<'a>(
    scenario: &Scenario,
    figures: impl Fn(Subject) -> Option<&'a Figures>,
) -> Vec<Threshold> {
    let mut all = Vec::new();
    for (subject, limits) in &scenario.thresholds {
        let figures = figures(*subject);
        for (what, limit) in limits.named() {
            let measured = figures.map_or(0.0, |figures| figures.named(what));
            let within = if what == "per_second" { measured >= limit } else { measured <= limit };
            // What was never asked for has not been shown to be fast.
            let met = within && figures.is_some_and(|figures| figures.answers > 0);
            all.push(Threshold { of: subject.name(), what, limit, measured, met });
        }
    }
    all
}

impl Threshold {
    /// What is to be reached, in words.
    pub(super) fn sentence(&self) -> String {
        let sign = if self.what == "per_second" { "≥" } else { "≤" };
        format!("{} {} {sign} {}", self.of, self.what, self.limit)
    }
}
