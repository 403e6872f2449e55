//! Venues, artists and images.

use std::time::Duration;

use bytes::Bytes;

use crate::domain::chart::ChartHash;
use crate::domain::ids::{ArtistId, EventId, VenueId};
use crate::ports::{
    Artist, Bilingual, Catalog, Draft, Image, ImageKind, Listing, ListingState, Picture, Removal,
    Roster, StoreError, Venue,
};
use crate::testing::sample::{self, OPENS_AT};

/// [`Roster`], over one store with the [`Catalog`].
///
/// # Panics
/// If the adapter does not conform.
pub async fn roster(roster: &dyn Roster, catalog: &dyn Catalog, event: EventId) {
    let picture = kept(roster, event, 1).await;
    venues(roster, catalog, event, &picture).await;
    artists(roster, catalog, event, &picture).await;
    images(roster, catalog, event).await;
}

fn image(event: EventId, number: u8) -> Image {
    let bytes = Bytes::from(format!("image {number} of {event}"));
    Image { kind: ImageKind::Png, width: 640, height: 400, bytes }
}

async fn kept(roster: &dyn Roster, event: EventId, number: u8) -> Picture {
    let image = image(event, number);
    roster.put_image(&image, OPENS_AT).await.expect("kept");
    let alt = Bilingual { ko: "무대".to_owned(), en: "The stage".to_owned() };
    Picture { hash: image.hash(), width: 640, height: 400, alt }
}

async fn add_event(catalog: &dyn Catalog, listing: &Listing) {
    let chart = sample::chart(3, 6, 10);
    catalog.put_chart(&chart, OPENS_AT).await.expect("kept");
    catalog.add_event(listing).await.expect("added");
}

fn listing(event: EventId, number: u64, venue: Option<VenueId>) -> Listing {
    Listing {
        id: EventId::new(event.number() + number),
        title: "A night".to_owned(),
        description: String::new(),
        venue: Bilingual::same("방"),
        venue_id: venue,
        starts_at: OPENS_AT,
        chart: sample::chart(3, 6, 10).hash(),
        state: ListingState::Published,
        created_at: OPENS_AT,
        poster: None,
    }
}

async fn venues(roster: &dyn Roster, catalog: &dyn Catalog, event: EventId, picture: &Picture) {
    let first = Venue {
        id: VenueId::new(event.number()),
        name: Bilingual { ko: "방".to_owned(), en: "A room".to_owned() },
        address: "1 Street".to_owned(),
        city: "Seoul".to_owned(),
        country: "KR".to_owned(),
        time_zone: "Asia/Seoul".to_owned(),
        picture: None,
        version: 1,
        created_at: OPENS_AT,
    };
    roster.add_venue(&first).await.expect("added");
    assert_eq!(roster.add_venue(&first).await, Err(StoreError::Exists("venue")));
    assert_eq!(roster.venue(first.id).await, Ok(Some(first.clone())));
    let name = Bilingual { ko: "큰 방".to_owned(), en: "A large room".to_owned() };
    let second = Venue { name, picture: Some(picture.clone()), version: 2, ..first.clone() };
    assert_eq!(roster.replace_venue(&second).await, Ok(true));
    assert_eq!(roster.replace_venue(&second).await, Ok(false), "somebody was faster");
    assert_eq!(roster.venue(first.id).await, Ok(Some(second.clone())));
    assert!(roster.venues(9).await.expect("read").contains(&second));

    let show = listing(event, 40, Some(first.id));
    add_event(catalog, &show).await;
    let shown = catalog.event(show.id).await.expect("read").expect("there");
    assert_eq!((shown.venue, shown.venue_id), (second.name, Some(first.id)), "as it is called now");
    assert_eq!(roster.set_chart_venue(show.chart, Some(first.id)).await, Ok(true));
    let of_chart = async || {
        let charts = catalog.charts().await.expect("read");
        charts.iter().find(|of| of.hash == show.chart).expect("there").venue
    };
    assert_eq!(of_chart().await, Some(first.id));
    let nowhere = Some(VenueId::new(event.number() + 1));
    assert_eq!(roster.set_chart_venue(show.chart, nowhere).await, Ok(false), "no such venue");
    assert_eq!(roster.set_chart_venue(ChartHash([9; 32]), None).await, Ok(false), "no such chart");

    assert_eq!(roster.remove_venue(first.id, 2).await, Ok(Removal::InUse));
    let other = Venue { id: VenueId::new(event.number() + 2), version: 1, ..first };
    roster.add_venue(&other).await.expect("added");
    assert_eq!(roster.set_chart_venue(show.chart, Some(other.id)).await, Ok(true));
    assert_eq!(roster.remove_venue(other.id, 2).await, Ok(Removal::Changed));
    assert_eq!(roster.remove_venue(other.id, 1).await, Ok(Removal::Removed));
    assert_eq!(roster.venue(other.id).await, Ok(None));
    assert_eq!(of_chart().await, None, "the plan stays, as nobody's");
}

async fn artists(roster: &dyn Roster, catalog: &dyn Catalog, event: EventId, picture: &Picture) {
    let artist = |number: u64, name: &str| Artist {
        id: ArtistId::new(event.number() + number),
        name: Bilingual::same(name),
        about: Bilingual { ko: "넷이서.".to_owned(), en: "Four of them.".to_owned() },
        picture: Some(picture.clone()),
        version: 1,
        created_at: OPENS_AT,
    };
    let (one, two, three) = (artist(0, "One"), artist(1, "Two"), artist(2, "Three"));
    for artist in [&one, &two, &three] {
        roster.add_artist(artist).await.expect("added");
    }
    assert_eq!(roster.add_artist(&one).await, Err(StoreError::Exists("artist")));
    let changed = Artist { picture: None, version: 2, ..one.clone() };
    assert_eq!(roster.replace_artist(&changed).await, Ok(true));
    assert_eq!(roster.replace_artist(&changed).await, Ok(false), "somebody was faster");
    assert_eq!(roster.artist(one.id).await, Ok(Some(changed.clone())));
    assert_eq!(roster.artists(2).await.expect("read").len(), 2);

    let show = listing(event, 41, None);
    add_event(catalog, &show).await;
    assert_eq!(roster.artists_of(show.id).await, Ok(Vec::new()));
    roster.dress(show.id, &[two.id, three.id, one.id], Some(picture)).await.expect("dressed");
    let all = [two.clone(), three.clone(), changed.clone()];
    assert_eq!(roster.artists_of(show.id).await.expect("read"), all);
    let shown = catalog.event(show.id).await.expect("read").expect("there");
    assert_eq!((shown.venue, shown.poster.as_ref()), (show.venue, Some(picture)));
    let listed = catalog.events(None, 100).await.expect("read");
    assert!(listed.iter().any(|of| of.id == show.id && of.poster.as_ref() == Some(picture)));
    assert_eq!(roster.remove_artist(one.id, 2).await, Ok(Removal::InUse));

    roster.dress(show.id, &[three.id, two.id], None).await.expect("dressed");
    assert_eq!(roster.artists_of(show.id).await.expect("read"), [three, two], "in another order");
    assert_eq!(catalog.event(show.id).await.expect("read").expect("there").poster, None);
    assert_eq!(roster.remove_artist(one.id, 1).await, Ok(Removal::Changed));
    assert_eq!(roster.remove_artist(one.id, 2).await, Ok(Removal::Removed));
    assert_eq!(roster.artist(one.id).await, Ok(None));
}

async fn images(roster: &dyn Roster, catalog: &dyn Catalog, event: EventId) {
    let (free, drafted, fresh) =
        (kept(roster, event, 2).await, kept(roster, event, 3).await, kept(roster, event, 4).await);
    assert_eq!(roster.image(free.hash).await, Ok(Some(image(event, 2))));
    let draft = Draft {
        id: EventId::new(event.number() + 42),
        body: format!("{{\"image\":\"{}\"}}", drafted.hash),
        version: 1,
        created_at: OPENS_AT,
        changed_at: OPENS_AT,
    };
    catalog.add_draft(&draft).await.expect("added");
    let later = OPENS_AT.after(Duration::from_mins(1));
    roster.put_image(&image(event, 4), later).await.expect("kept again");
    assert_eq!(roster.sweep_images(OPENS_AT).await, Ok(0), "none is older");
    assert_eq!(roster.sweep_images(later).await, Ok(1), "what is used or new stays");
    assert_eq!(roster.image(free.hash).await, Ok(None));
    for picture in [&drafted, &fresh] {
        assert!(roster.image(picture.hash).await.expect("read").is_some());
    }
    assert!(roster.image(image(event, 1).hash()).await.expect("read").is_some(), "an artist's");
}
