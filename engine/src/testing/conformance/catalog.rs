//! Events and charts.

use std::time::Duration;

use crate::domain::ids::EventId;
use crate::ports::{Bilingual, Catalog, Draft, Listing, ListingState, StoreError};
use crate::testing::sample::{self, OPENS_AT};

/// [`Catalog`].
///
/// # Panics
/// If the adapter does not conform.
pub async fn catalog(catalog: &dyn Catalog, event: EventId) {
    let chart = sample::chart(3, 6, 10);
    let hash = catalog.put_chart(&chart, OPENS_AT).await.expect("kept");
    assert_eq!(hash, chart.hash());
    assert_eq!(catalog.put_chart(&chart, OPENS_AT).await, Ok(hash), "twice is once");
    let read = catalog.chart(hash).await.expect("read").expect("there");
    assert_eq!(*read, chart);
    assert_eq!(catalog.chart(crate::domain::chart::ChartHash([9; 32])).await, Ok(None));
    let listed = catalog.charts().await.expect("read");
    assert_eq!(listed.iter().filter(|entry| entry.hash == hash).count(), 1);

    let listing = |number: u64, hours: u64| Listing {
        id: EventId::new(event.number() + number),
        title: format!("Night {number}"),
        description: "Two sets".to_owned(),
        venue: Bilingual::same("A room"),
        venue_id: None,
        starts_at: OPENS_AT.after(Duration::from_hours(hours)),
        chart: hash,
        state: ListingState::Published,
        created_at: OPENS_AT,
        poster: None,
    };
    let draft = Listing { state: ListingState::Draft, ..listing(3, 1) };
    let all = [listing(0, 5), listing(1, 3), listing(2, 5)];
    for listing in all.iter().chain([&draft]) {
        catalog.add_event(listing).await.expect("added");
    }
    assert_eq!(catalog.add_event(&all[0]).await, Err(StoreError::Exists("event")));
    assert_eq!(catalog.event(draft.id).await, Ok(Some(draft.clone())));
    assert_eq!(catalog.event(EventId::new(event.number() + 9)).await, Ok(None));
    let first = catalog.events(None, 1).await.expect("read");
    assert_eq!(first, [all[1].clone()], "the earliest; drafts are not shown");
    let after = Some((first[0].starts_at, first[0].id));
    assert_eq!(catalog.events(after, 9).await, Ok(vec![all[0].clone(), all[2].clone()]));
    catalog.set_event_state(draft.id, ListingState::Published).await.expect("set");
    assert_eq!(catalog.events(None, 9).await.expect("read").len(), 4);
    drafts(catalog, event).await;
}

async fn drafts(catalog: &dyn Catalog, event: EventId) {
    let draft = |number: u64, version: u32, minutes: u64| Draft {
        id: EventId::new(event.number() + number),
        body: format!("version {version}"),
        version,
        created_at: OPENS_AT,
        changed_at: OPENS_AT.after(Duration::from_mins(minutes)),
    };
    let first = draft(20, 1, 0);
    catalog.add_draft(&first).await.expect("added");
    assert_eq!(catalog.add_draft(&first).await, Err(StoreError::Exists("draft")));
    catalog.add_draft(&draft(21, 1, 1)).await.expect("added");
    assert_eq!(catalog.draft(first.id).await, Ok(Some(first.clone())));
    let second = draft(20, 2, 2);
    assert_eq!(catalog.replace_draft(&second).await, Ok(true));
    assert_eq!(catalog.replace_draft(&second).await, Ok(false), "somebody was faster");
    assert_eq!(catalog.replace_draft(&draft(22, 1, 0)).await, Ok(false), "there is none");
    let all = catalog.drafts(9).await.expect("read");
    assert_eq!(all, [second.clone(), draft(21, 1, 1)], "the latest changed first");
    assert_eq!(catalog.drafts(1).await.expect("read").len(), 1);
    assert_eq!(catalog.remove_draft(first.id, 1).await, Ok(false), "it was changed since");
    assert_eq!(catalog.remove_draft(first.id, 2).await, Ok(true));
    assert_eq!(catalog.draft(first.id).await, Ok(None));
    assert_eq!(catalog.event(first.id).await, Ok(None), "a draft is no event");
}
