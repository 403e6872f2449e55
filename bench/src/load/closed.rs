//! Closed load: clients that wait for each answer before they ask again.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::ensure;
use tokio::task::JoinSet;

use super::{Durations, rate};

/// Somebody who asks one thing at a time.
pub trait Client: Send + 'static {
    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// If the answer is not what it should be; the whole run ends with it.
    fn request(&mut self, number: u64) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// When enough is enough: whichever comes first.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Requests of all clients together.
    pub requests: u64,
    /// For how long new requests are started.
    pub lasts: Duration,
}

/// What came of it.
#[derive(Debug)]
pub struct Closed<C> {
    /// The clients, to be used again.
    pub clients: Vec<C>,
    /// Requests that were answered.
    pub done: u64,
    /// From the first request to the last answer.
    pub took: Duration,
    /// Of each request, from its start.
    pub latency: Durations,
}

impl<C> Closed<C> {
    /// Answers a second.
    pub fn rate(&self) -> f64 {
        rate(self.done, self.took)
    }
}

/// Lets the clients ask, each request with a number of its own, until the limit.
///
/// # Errors
/// The first that a client has; or if nothing was done, which no figure may rest on.
pub async fn run<C: Client>(clients: Vec<C>, limit: Limit) -> anyhow::Result<Closed<C>> {
    let next = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let mut running = JoinSet::new();
    for mut client in clients {
        let next = Arc::clone(&next);
        running.spawn(async move {
            let mut latency = Durations::default();
            while started.elapsed() < limit.lasts {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= limit.requests {
                    break;
                }
                let asked = Instant::now();
                client.request(number).await?;
                latency.record(asked.elapsed());
            }
            anyhow::Ok((client, latency))
        });
    }
    let (mut clients, mut latency) = (Vec::new(), Durations::default());
    while let Some(ended) = running.join_next().await {
        let (client, own) = ended??;
        clients.push(client);
        latency.add(&own);
    }
    let (done, took) = (latency.count(), started.elapsed());
    ensure!(done > 0, "nothing was done");
    Ok(Closed { clients, done, took, latency })
}
