//! What it costs to be observed: holds over HTTP through a node that exports traces and whose metrics
//! are scraped, against one that does neither.
//!
//! A round measures one, the other twice, and the one again, so that neither gains by a machine that
//! gets faster or slower meanwhile; who begins takes turns. A third node has every request traced:
//! what that costs is stated, and nobody should do it in a sale.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::collector::Collector;
use super::figure::{Figure, Goal};
use crate::cluster::{ClusterSetup, Services};
use crate::size::Size;
use crate::stage::Node;

/// How often metrics are scraped.
const SCRAPE_EVERY: Duration = Duration::from_secs(1);
/// How long spans may be gathered before they are exported.
const EXPORTED_WITHIN: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(100);

/// How much of it there is.
#[derive(Debug, Clone, Copy)]
struct Extent {
    places: usize,
    fans: u64,
    /// How long one measurement starts new requests.
    lasts: Duration,
    /// Of the requests, as k8s/README.md has it; of a few, all.
    sampled: &'static str,
}

impl Extent {
    fn of(size: Size) -> Self {
        Self {
            places: size.pick(60_000, 2_000),
            fans: size.pick(40_000, 1_000),
            lasts: size.pick(Duration::from_secs(3), Duration::from_millis(300)),
            sampled: size.pick("0.01", "1"),
        }
    }
}

/// Measures.
///
/// # Errors
/// If a node fails, or nothing was exported or scraped.
pub(super) async fn measure(
    services: &Services,
    tiketi: &Path,
    rounds: usize,
    size: Size,
) -> anyhow::Result<Vec<Figure>> {
    let extent = Extent::of(size);
    let collector = Collector::start().await?;
    let start = async |ratio: Option<&str>| {
        let environment = ratio.map_or_else(BTreeMap::new, |ratio| traced(&collector, ratio));
        let setup = ClusterSetup { environment, ..Node::plain(1, tiketi) };
        Node::set_up(services, &setup, extent.places).await
    };
    let (off, on, all) =
        (start(None).await?, start(Some(extent.sampled)).await?, start(Some("1")).await?);
    let (mut of_off, mut of_on, mut of_all) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        let (mut without, mut with) = (0.0, 0.0);
        for is_observed in [false, true, true, false].map(|first| first ^ (round % 2 == 1)) {
            if is_observed {
                with += observed(&on, extent).await? / 2.0;
            } else {
                without += off.holds(extent.fans, extent.lasts).await? / 2.0;
            }
        }
        of_off.push(without);
        of_on.push(with);
        of_all.push(observed(&all, extent).await?);
        writeln!(
            io::stderr(),
            "observability, round {}: off {:.0}/s, on {:.0}/s, every request traced {:.0}/s",
            round + 1,
            of_off[round],
            of_on[round],
            of_all[round],
        )?;
    }
    for node in [&on, &all] {
        timeout(EXPORTED_WITHIN, exported(node)).await.context("no span was exported")??;
    }
    ensure!(collector.requests() > 0, "the collector was asked nothing");
    for node in [off, on, all] {
        node.stop().await?;
    }
    let mut figure = Figure::ratio(
        ("observability_cost", "Holds over HTTP with traces and metrics, against without"),
        Goal::AtLeast(0.95, 0.98),
        ("one request in a hundred traced, metrics scraped each second, holds/s", &of_on),
        ("neither, holds/s", &of_off),
    );
    figure.parts.push(("every request traced, metrics scraped each second, holds/s", of_all));
    Ok(vec![figure])
}

/// Waits until a node has exported something.
async fn exported(node: &Node) -> anyhow::Result<()> {
    while node.cluster.nodes[0].metric("tiketi_spans_exported_total").await? == 0.0 {
        sleep(LOOK).await;
    }
    Ok(())
}

fn traced(collector: &Collector, ratio: &str) -> BTreeMap<String, String> {
    let endpoint = format!("http://{}", collector.address);
    let named = |name: &str, value: &str| (format!("TIKETI_TRACING__{name}"), value.to_owned());
    [named("ENDPOINT", &endpoint), named("SAMPLE_RATIO", ratio)].into()
}

/// Holds a second while somebody scrapes.
async fn observed(node: &Node, extent: Extent) -> anyhow::Result<f64> {
    let url = format!("http://{}/metrics", node.cluster.nodes[0].metrics);
    let mut scraping = JoinSet::new();
    scraping.spawn(async move {
        let (http, mut times) = (reqwest::Client::new(), interval(SCRAPE_EVERY));
        times.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            times.tick().await;
            let page = http.get(&url).send().await?.error_for_status()?.text().await?;
            ensure!(page.contains("tiketi_engine_commands_total"), "no metrics: {page}");
        }
    });
    let rate = tokio::select! {
        rate = node.holds(extent.fans, extent.lasts) => rate,
        Some(ended) = scraping.join_next() => {
            let failed: anyhow::Result<()> = ended?;
            failed.map(|()| 0.0)
        }
    };
    scraping.shutdown().await;
    rate
}
