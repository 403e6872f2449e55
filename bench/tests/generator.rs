//! The harness itself: an honest generator shows a stall, and says when it fell behind.
#![cfg(test)]

use std::sync::Arc;
use std::time::Duration;

use tiketi_bench::load::closed::{self, Client, Limit};
use tiketi_bench::load::open::OpenLoop;
use tokio::sync::RwLock;
use tokio::time::sleep;

const LASTS: Duration = Duration::from_secs(2);
const STALL: Duration = Duration::from_millis(400);

/// Answers within a millisecond or two, but for a stall that begins half a second after the start.
#[derive(Clone, Default)]
struct StallingServer(Arc<RwLock<()>>);

impl StallingServer {
    async fn stall(self) {
        sleep(LASTS / 4).await;
        let _held = self.0.write().await;
        sleep(STALL).await;
    }

    async fn answer(&self) -> anyhow::Result<()> {
        let _served = self.0.read().await;
        sleep(Duration::from_millis(1)).await;
        Ok(())
    }
}

impl Client for StallingServer {
    async fn request(&mut self, _: u64) -> anyhow::Result<()> {
        self.answer().await
    }
}

fn open(rate: f64) -> OpenLoop {
    OpenLoop { rate, lasts: LASTS, lag_max: Duration::from_millis(250) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stall_is_in_the_p99_of_open_load_and_not_in_that_of_closed_load() {
    let server = StallingServer::default();
    let (asked, load) = (server.clone(), open(500.0));
    let requests = load.run(move |_| {
        let server = asked.clone();
        async move { server.answer().await }
    });
    let (opened, ()) = tokio::join!(requests, server.clone().stall());
    let opened = opened.unwrap();
    assert_eq!((opened.latency.count(), opened.failed), (1_000, 0));
    let p99 = opened.latency.percentile(99.0);
    assert!(p99 > STALL * 3 / 4, "{p99:?}");
    // One in five arrives during the stall, and waits half of it on average.
    assert!(opened.latency.percentile(50.0) < STALL / 8, "the others do not wait");
    assert!(opened.latency.percentile(85.0) > STALL / 20, "the stall is as long as it was");

    let limit = Limit { requests: u64::MAX, lasts: LASTS };
    let clients = vec![server.clone(); 4];
    let (ran, ()) = tokio::join!(closed::run(clients, limit), server.stall());
    let ran = ran.unwrap();
    assert!(ran.latency.percentile(99.0) < STALL / 4, "four requests in thousands: omitted");
    assert!(ran.latency.percentile(100.0) > STALL * 3 / 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_generator_that_fell_behind_makes_the_run_invalid() {
    // Each start takes longer than the plan allows.
    let load = OpenLoop { lag_max: Duration::from_millis(20), ..open(1_000.0) };
    let load = OpenLoop { lasts: Duration::from_millis(200), ..load };
    let ran = load.run(|_| {
        std::thread::sleep(Duration::from_millis(2));
        async { Ok(()) }
    });
    let behind = ran.await.unwrap_err();
    assert!(behind.lag > behind.allowed, "{behind}");
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_requests_are_counted_and_timed() {
    let load = OpenLoop { lasts: Duration::from_millis(100), ..open(1_000.0) };
    let opened = load.run(|number| async move {
        anyhow::ensure!(number % 4 != 0, "no");
        Ok(())
    });
    let opened = opened.await.unwrap();
    assert_eq!((opened.latency.count(), opened.failed), (100, 25));
}
