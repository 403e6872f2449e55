//! Open load: requests at a fixed rate, or at one rate after the other.
//!
//! Latency counts from the moment at which a request was to start. How late the generator was is
//! recorded apart: if it fell behind, the rate was not what was asked for, and the run is void.

use std::future::Future;
use std::iter;
use std::panic;
use std::thread;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use super::Durations;
use super::stop::Stop;

/// How long it may take to see that the load was stopped.
const LOOK: Duration = Duration::from_millis(50);
/// Requests of so long are started together, by one task: waking up for each would cost as much as
/// the server needs for it. What they waited for each other is in their lag and their latency.
const BURST: Duration = Duration::from_micros(250);

/// So many requests a second, for a while.
#[derive(Debug, Clone, Copy)]
pub struct OpenLoop {
    /// Requests a second: more than 0.
    pub rate: f64,
    /// For how long.
    pub lasts: Duration,
    /// How late the generator may be for one request in a hundred.
    pub lag_max: Duration,
}

/// So many requests a second, for a while.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Requests a second: more than 0.
    pub per_second: f64,
    /// For how long.
    pub lasts: Duration,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Opened {
    /// From the intended start of each request to its answer, refused ones too.
    pub latency: Durations,
    /// From the intended start to when the request was really started.
    pub lag: Durations,
    /// Requests that were not answered as they should be.
    pub failed: u64,
}

/// The generator fell behind: what was measured is not what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("invalid run: the generator was {lag:?} late at its p99, and {allowed:?} is allowed")]
pub struct FellBehind {
    /// Its lag at the 99th percentile.
    pub lag: Duration,
    /// What is allowed.
    pub allowed: Duration,
}

impl OpenLoop {
    /// Runs `request` with 0, 1, 2 … until the time is over, and waits for every answer.
    ///
    /// # Errors
    /// [`FellBehind`].
    ///
    /// # Panics
    /// If `request` does.
    pub async fn run<F>(
        self,
        request: impl Fn(u64) -> F + Send + 'static,
    ) -> Result<Opened, FellBehind>
    where
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let rates = vec![Rate { per_second: self.rate, lasts: self.lasts }];
        let opened = run(rates, Stop::never(), move |number, _| request(number)).await;
        opened.check(self.lag_max)?;
        Ok(opened)
    }
}

impl Opened {
    /// Whether the generator did what it was asked for.
    ///
    /// # Errors
    /// [`FellBehind`].
    pub fn check(&self, lag_max: Duration) -> Result<(), FellBehind> {
        let lag = self.lag.percentile(99.0);
        if lag > lag_max { Err(FellBehind { lag, allowed: lag_max }) } else { Ok(()) }
    }
}

/// Runs `request` with 0, 1, 2 … and when each is to start, at one rate after the other or until it
/// is stopped, and waits for every answer.
///
/// # Panics
/// If `request` does.
pub async fn run<F>(
    rates: Vec<Rate>,
    stop: Stop,
    request: impl Fn(u64, Instant) -> F + Send + 'static,
) -> Opened
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let handle = Handle::current();
    // A thread of its own: the timer of the runtime ticks once a millisecond.
    let generating =
        tokio::task::spawn_blocking(move || generate(&rates, &stop, &handle, &request));
    let (lag, mut answers) = generating.await.expect("it panics only if a request does");
    let mut opened = Opened { lag, ..Opened::default() };
    while let Some(burst) = answers.join_next().await {
        let burst = burst.unwrap_or_else(|ended| panic::resume_unwind(ended.into_panic()));
        for (latency, answer) in burst {
            opened.latency.record(latency);
            opened.failed += u64::from(answer.is_err());
        }
    }
    opened
}

/// Waits until a moment; whether it came before the load was stopped.
fn wait(until: Instant, stop: &Stop) -> bool {
    loop {
        if stop.is_set() {
            return false;
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return true;
        }
        thread::sleep(left.min(LOOK));
    }
}

/// The answers of a burst, each with its latency.
type Answers = Vec<(Duration, anyhow::Result<()>)>;

fn generate<F>(
    rates: &[Rate],
    stop: &Stop,
    handle: &Handle,
    request: &impl Fn(u64, Instant) -> F,
) -> (Durations, JoinSet<Answers>)
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let (mut lag, mut answers) = (Durations::default(), JoinSet::new());
    let (mut from, mut number) = (Instant::now(), 0);
    for rate in rates {
        let after = |of_rate: u32| Duration::from_secs_f64(f64::from(of_rate) / rate.per_second);
        let mut due = (0..).map(after).take_while(|after| *after < rate.lasts).peekable();
        while let Some(first) = due.next() {
            let together = iter::from_fn(|| due.next_if(|after| *after < first + BURST));
            let burst: Vec<Instant> =
                iter::once(first).chain(together).map(|at| from + at).collect();
            if !wait(burst[burst.len() - 1], stop) {
                return (lag, answers);
            }
            let timed = |intended: Instant| {
                lag.record(intended.elapsed());
                let answer = request(number, intended);
                number += 1;
                async move {
                    let answer = answer.await;
                    (intended.elapsed(), answer)
                }
            };
            answers.spawn_on(join_all(burst.into_iter().map(timed)), handle);
        }
        from += rate.lasts;
    }
    (lag, answers)
}
