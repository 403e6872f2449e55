//! Failures in a row: how long to wait, and what to say.

use std::fmt;
use std::time::Duration;

/// How long to wait after the first failure; each one after it doubles that.
const PAUSE_MIN: Duration = Duration::from_millis(250);
/// The longest wait, so that what is back is noticed soon.
const PAUSE_MAX: Duration = Duration::from_secs(8);

/// What a worker is in while something outside does not do its part.
#[derive(Debug)]
pub(super) struct Trouble {
    worker: &'static str,
    failures: u32,
}

impl Trouble {
    /// None yet.
    pub(super) fn none(worker: &'static str) -> Self {
        Self { worker, failures: 0 }
    }

    /// Something failed; how long to wait before trying again. Only the first of several in a row
    /// is worth somebody's attention.
    pub(super) fn happened(&mut self, error: &dyn fmt::Display) -> Duration {
        let (worker, again) = (self.worker, self.failures);
        if again == 0 {
            tracing::warn!(worker, %error, "a worker waits; it goes on by itself");
        } else {
            tracing::debug!(worker, %error, again, "a worker still waits");
        }
        self.failures = self.failures.saturating_add(1);
        PAUSE_MIN.saturating_mul(1 << again.min(10)).min(PAUSE_MAX)
    }

    /// Something went well.
    pub(super) fn over(&mut self) {
        if self.failures > 0 {
            tracing::info!(worker = self.worker, failures = self.failures, "a worker goes on");
        }
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_bound_and_begin_anew_when_it_is_over() {
        let mut trouble = Trouble::none("test");
        let mut fails = |times: u32| (0..times).map(|_| trouble.happened(&"down")).last().unwrap();
        assert_eq!(
            [fails(1), fails(1), fails(1)].map(|pause| pause.as_millis()),
            [250, 500, 1_000]
        );
        assert_eq!(fails(100), PAUSE_MAX);
        trouble.over();
        assert_eq!(trouble.happened(&"down"), PAUSE_MIN);
    }
}
