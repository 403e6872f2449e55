//! How far journals have been relayed.

use super::Owner;
use crate::domain::command::{Command, Origin};
use crate::domain::ids::{EventId, FanId, Seq};
use crate::ports::{Behind, Journal, RelayPositions};

/// [`RelayPositions`]: what is behind is listed, and a position moves from where it is.
///
/// Uses `event` and the one after it.
///
/// # Panics
/// If the adapter does not conform.
pub async fn relay_positions(journal: &dyn Journal, relay: &dyn RelayPositions, event: EventId) {
    let mut owner = Owner::open(journal, event).await.expect("opened");
    let first = owner.sale.seq();
    let behind = || async {
        let all = relay.behind(u32::MAX).await.expect("read");
        all.into_iter().find(|behind| behind.event == event)
    };
    assert_eq!(
        behind().await,
        Some(Behind { event, acknowledged: Seq(0), last: first }),
        "nothing of a new journal has been relayed"
    );
    assert_eq!(relay.acknowledge(event, first, first.next()).await, Ok(false), "not from there");
    assert_eq!(relay.acknowledge(event, Seq(0), first).await, Ok(true));
    assert_eq!(relay.acknowledge(event, Seq(0), first).await, Ok(false), "moved already");
    assert_eq!(behind().await, None, "all of it has been relayed");

    owner.run(journal, Origin::Fan(FanId::new(1)), Command::Join).await.expect("appended");
    let last = owner.sale.seq();
    assert_eq!(behind().await, Some(Behind { event, acknowledged: first, last }));
    let (one, other) =
        tokio::join!(relay.acknowledge(event, first, last), relay.acknowledge(event, first, last));
    assert_eq!([one, other].iter().filter(|moved| **moved == Ok(true)).count(), 1, "one of two");
    assert_eq!(behind().await, None);

    Owner::open(journal, EventId::new(event.number() + 1)).await.expect("opened");
    owner.run(journal, Origin::Fan(FanId::new(2)), Command::Join).await.expect("appended");
    assert_eq!(relay.behind(1).await.expect("read").len(), 1, "no more than asked for");
}
