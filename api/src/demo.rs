//! The demo: a theatre and an arena on sale, and a payment company that moves no money.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tiketi_engine::domain::chart::{CategoryIx, Chart, ChartDraft};
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::domain::money::Currency;
use tiketi_engine::domain::pricing::{Price, PriceEntry, PriceTable, TicketType, TicketTypeIx};
use tiketi_engine::domain::terms::{Rules, Terms};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::plan::generate::{Arena, Floor, Stage, Theatre};
use tiketi_engine::ports::{Bilingual, Listing, ListingState};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::catalog::publish;
use crate::config::{Config, PaymentProvider, Secret};
use crate::state::AppState;

/// Places of the demo's arena.
const ARENA_PLACES: usize = 20_000;
/// Places of the demo's theatre.
const THEATRE_PLACES: usize = 480;

/// The payment company of a demo: this program again, as a process of its own.
pub(crate) struct Sandbox {
    child: Child,
    url: String,
}

impl Sandbox {
    /// Starts it and points the configuration at it; `None` if payments are configured already.
    pub(crate) async fn start(config: &mut Config) -> anyhow::Result<Option<Self>> {
        if config.payments.provider != PaymentProvider::None {
            return Ok(None);
        }
        let secret = format!("test_sk_{:032x}", rand::random::<u128>());
        let program = std::env::current_exe().context("cannot find this program")?;
        let mut child = Command::new(program)
            .args(["payment-sandbox", "--with-parent"])
            .env("TIKETI_SANDBOX_SECRET", &secret)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start the payment sandbox")?;
        let output = child.stdout.take().context("the payment sandbox says nothing")?;
        let first = BufReader::new(output).lines().next_line().await?;
        let Some(url) = first else { bail!("the payment sandbox ended at once") };
        let payments = &mut config.payments;
        payments.provider = PaymentProvider::Toss;
        payments.api_url.clone_from(&url);
        payments.window_url = format!("{url}/window");
        "test_ck_sandbox".clone_into(&mut payments.client_key);
        payments.secret_key = Secret::new(secret);
        // So that the lost answer of the sandbox is noticed while somebody looks.
        payments.timeout_ms = payments.timeout_ms.min(3_000);
        Ok(Some(Self { child, url }))
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) async fn stop(mut self) {
        // Dropping it would kill it too; this waits until it is gone.
        drop(self.child.kill().await);
    }
}

/// Puts the demo's events on sale, unless there are events already.
pub(crate) async fn seed(state: &AppState) -> anyhow::Result<()> {
    if !state.catalog.events(None, 1).await?.is_empty() {
        return Ok(());
    }
    let now = state.clock.now();
    let theatre = Theatre { name: "Hangang Theatre".to_owned(), places: THEATRE_PLACES };
    let play = Show {
        title: "The Winter Boat",
        description: "A play in two acts. Stalls, balcony, and a lounge with tables.",
        venue: "Hangang Theatre, Seoul",
        in_days: 21,
        admitted_max: 200,
    };
    put_on_sale(state, now, &play, theatre.draft()).await?;
    let arena = Arena {
        name: "Namsan Arena".to_owned(),
        places: ARENA_PLACES,
        stage: Stage::End,
        floor: Floor::Standing(2_000),
    };
    let concert = Show {
        title: "Aurora Lines: Seoul Night",
        description: "One night, twenty thousand places. The waiting room lets 500 in at a time.",
        venue: "Namsan Arena, Seoul",
        in_days: 45,
        admitted_max: 500,
    };
    put_on_sale(state, now, &concert, arena.draft()).await
}

struct Show {
    title: &'static str,
    description: &'static str,
    venue: &'static str,
    in_days: u64,
    admitted_max: u32,
}

async fn put_on_sale(
    state: &AppState,
    now: Timestamp,
    show: &Show,
    draft: ChartDraft,
) -> anyhow::Result<()> {
    let chart = match draft.build() {
        Ok(chart) => Arc::new(chart),
        Err(faults) => bail!("the demo's plan has {} faults", faults.len()),
    };
    let hash = state.catalog.put_chart(&chart, now).await?;
    let day = Duration::from_hours(24);
    let starts_at = now.after(day * u32::try_from(show.in_days).unwrap_or(1));
    let terms = Terms {
        chart: hash,
        prices: prices(&chart)?,
        rules: Rules {
            lobby_opens_at: now,
            opens_at: now,
            closes_at: starts_at,
            places_per_hold_max: 6,
            places_per_fan_max: 8,
            hold_ttl: Duration::from_mins(7),
            hold_extension: Duration::from_mins(3),
            admitted_max: show.admitted_max,
            claim_ttl: Duration::from_mins(2),
            session_ttl: Duration::from_mins(15),
            refunds_until: starts_at,
        },
    };
    let listing = Listing {
        id: EventId::new(crate::bootstrap::new_id(now)),
        title: show.title.to_owned(),
        description: show.description.to_owned(),
        venue: Bilingual::same(show.venue),
        venue_id: None,
        starts_at,
        chart: hash,
        state: ListingState::Draft,
        created_at: now,
        poster: None,
    };
    publish(&state.engine, &*state.catalog, listing, &chart, terms).await?;
    Ok(())
}

/// Dearest first, by the order of the chart's categories; children pay 70 %.
fn prices(chart: &Chart) -> anyhow::Result<PriceTable> {
    const AMOUNTS: [i64; 6] = [198_000, 154_000, 132_000, 99_000, 77_000, 55_000];
    let ticket_type =
        |key: &str, label: &str| TicketType { key: key.to_owned(), label: label.to_owned() };
    let types = vec![ticket_type("adult", "Adult"), ticket_type("child", "Child")];
    let mut entries = Vec::new();
    for (index, amount) in (0..).zip((0..chart.categories().len()).map(|i| AMOUNTS[i.min(5)])) {
        for (ticket_type, amount_minor) in [(0, amount), (1, amount * 7 / 10)] {
            entries.push(PriceEntry {
                category: CategoryIx(index),
                ticket_type: TicketTypeIx(ticket_type),
                price: Price { amount_minor, fee_minor: 2_000 },
            });
        }
    }
    let categories = chart.categories().len();
    Ok(PriceTable::new(Currency::Krw, types, entries, 0, categories)?)
}
