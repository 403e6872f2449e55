//! Events and charts.

use std::time::Duration;

use crate::domain::ids::EventId;
use crate::ports::{Catalog, Listing, ListingState, StoreError};
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
        venue: "A room".to_owned(),
        starts_at: OPENS_AT.after(Duration::from_hours(hours)),
        chart: hash,
        state: ListingState::Published,
        created_at: OPENS_AT,
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
}
