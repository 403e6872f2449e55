//! Hands events over when nodes come and go.

use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream;

use super::{Membership, placement};
use crate::actor::Registry;
use crate::domain::ids::EventId;
use crate::ports::Clock;

/// Events handed over at the same time.
const HAND_OVERS_MAX: usize = 8;

/// Hands over what another node should own, for ever: each time that the list of nodes has
/// changed and then stood still for two beats.
pub(crate) async fn run(
    registry: Arc<Registry>,
    membership: Arc<Membership>,
    clock: Arc<dyn Clock>,
) {
    let mut list = membership.subscribe();
    while list.changed().await.is_ok() {
        loop {
            tokio::select! {
                changed = list.changed() => if changed.is_err() { return },
                () = clock.sleep(membership.interval() * 2) => break,
            }
        }
        hand_over(&registry, misplaced(&registry, &membership)).await;
    }
}

/// What this node has and another should.
fn misplaced(registry: &Registry, membership: &Membership) -> Vec<EventId> {
    let list = membership.list();
    let me = membership.me().id;
    let is_elsewhere = |event: &EventId| {
        placement::preferred(*event, &list).is_some_and(|preferred| preferred != me)
    };
    registry.events().into_iter().filter(is_elsewhere).collect()
}

/// Hands over everything that this node has.
pub(crate) async fn hand_over_all(registry: &Registry) {
    hand_over(registry, registry.events()).await;
}

async fn hand_over(registry: &Registry, events: Vec<EventId>) {
    let hand_overs = events.into_iter().map(|event| registry.hand_over(event));
    stream::iter(hand_overs).buffer_unordered(HAND_OVERS_MAX).collect::<()>().await;
}
