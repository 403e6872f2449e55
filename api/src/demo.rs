//! The demo: a theatre and an arena on sale, and a payment company that moves no money.

mod picture;

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tiketi_engine::domain::chart::{CategoryIx, Chart, ChartDraft};
use tiketi_engine::domain::ids::{ArtistId, EventId, VenueId};
use tiketi_engine::domain::money::Currency;
use tiketi_engine::domain::pricing::{Price, PriceEntry, PriceTable, TicketType, TicketTypeIx};
use tiketi_engine::domain::terms::{Rules, Terms};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::plan::generate::{Arena, Floor, Stage, Theatre};
use tiketi_engine::ports::{Artist, Bilingual, Listing, ListingState, Picture, Venue};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::catalog::{Showing, publish};
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
        venue: Place { name: ["한강극장", "Hangang Theatre"], address: "1 Yeouido Riverside" },
        artist: None,
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
        venue: Place { name: ["남산 아레나", "Namsan Arena"], address: "100 Namsan Park" },
        artist: Some(Act {
            name: ["오로라 라인스", "Aurora Lines"],
            about: ["빛으로 노래하는 네 사람.", "Four who sing with light."],
        }),
        in_days: 45,
        admitted_max: 500,
    };
    put_on_sale(state, now, &concert, arena.draft()).await
}

struct Show {
    title: &'static str,
    description: &'static str,
    venue: Place,
    artist: Option<Act>,
    in_days: u64,
    admitted_max: u32,
}

/// Texts are in Korean, then in English.
struct Place {
    name: [&'static str; 2],
    address: &'static str,
}

struct Act {
    name: [&'static str; 2],
    about: [&'static str; 2],
}

fn both([ko, en]: [&str; 2]) -> Bilingual {
    Bilingual { ko: ko.to_owned(), en: en.to_owned() }
}

async fn add_venue(state: &AppState, now: Timestamp, place: &Place) -> anyhow::Result<Venue> {
    let venue = Venue {
        id: VenueId::new(crate::bootstrap::new_id(now)),
        name: both(place.name),
        address: place.address.to_owned(),
        city: "Seoul".to_owned(),
        country: "KR".to_owned(),
        time_zone: "Asia/Seoul".to_owned(),
        picture: None,
        version: 1,
        created_at: now,
    };
    state.roster.add_venue(&venue).await?;
    Ok(venue)
}

/// An artist with a picture, which is the poster too.
async fn add_artist(
    state: &AppState,
    now: Timestamp,
    act: &Act,
) -> anyhow::Result<(ArtistId, Picture)> {
    let image = picture::aurora()?;
    state.roster.put_image(&image, now).await?;
    let alt = both(["밤하늘의 초록빛 오로라", "Green northern lights in a night sky"]);
    let (width, height) = (image.width, image.height);
    let picture = Picture { hash: image.hash(), width, height, alt };
    let artist = Artist {
        id: ArtistId::new(crate::bootstrap::new_id(now)),
        name: both(act.name),
        about: both(act.about),
        picture: Some(picture.clone()),
        version: 1,
        created_at: now,
    };
    state.roster.add_artist(&artist).await?;
    Ok((artist.id, picture))
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
    let venue = add_venue(state, now, &show.venue).await?;
    state.roster.set_chart_venue(hash, Some(venue.id)).await?;
    let (artists, poster) = match &show.artist {
        Some(act) => {
            let (artist, picture) = add_artist(state, now, act).await?;
            (vec![artist], Some(picture))
        }
        None => (Vec::new(), None),
    };
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
        venue: venue.name,
        venue_id: Some(venue.id),
        starts_at,
        chart: hash,
        state: ListingState::Draft,
        created_at: now,
        poster: None,
    };
    publish(state, Showing { listing, artists, poster }, &chart, terms).await?;
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
