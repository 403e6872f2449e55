//! A line that says how a run goes, for whoever watches.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::interval;

use crate::load::recorder::{Recorder, Row};

/// Shows the last second, each second, until what is returned goes out of scope; nothing unless
/// standard error is a terminal.
pub(super) fn show(recorder: Arc<Recorder>, lasts: Duration) -> Option<Showing> {
    if !io::stderr().is_terminal() {
        return None;
    }
    let mut showing = JoinSet::new();
    showing.spawn(async move {
        let mut seconds = interval(Duration::from_secs(1));
        loop {
            seconds.tick().await;
            if let Some(row) = recorder.last() {
                // Whoever does not look does not see it.
                write!(io::stderr(), "\r\x1b[K{}", line(&row, lasts)).ok();
            }
        }
    });
    Some(Showing { _showing: showing })
}

/// A line that is there; it is wiped with this.
pub(super) struct Showing {
    _showing: JoinSet<()>,
}

impl Drop for Showing {
    fn drop(&mut self) {
        write!(io::stderr(), "\r\x1b[K").ok();
    }
}

fn line(row: &Row, lasts: Duration) -> String {
    let Row { second, users, answers, failed, p50_ms, p99_ms, .. } = row;
    format!(
        "{} of {} s  {users} users  {answers}/s  p50 {p50_ms:.1} ms  p99 {p99_ms:.1} ms  {failed} failed",
        second + 1,
        lasts.as_secs(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_what_the_last_second_was() {
        let row = Row {
            second: 11,
            step: None,
            users: 200,
            answers: 1_234,
            failed: 2,
            p50_ms: 1.23,
            p99_ms: 8.0,
        };
        assert_eq!(
            line(&row, Duration::from_mins(4)),
            "12 of 240 s  200 users  1234/s  p50 1.2 ms  p99 8.0 ms  2 failed"
        );
    }
}
