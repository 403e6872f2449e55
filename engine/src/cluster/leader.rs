//! Being the one node that does something.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::{Keeper, Taking};
use crate::ports::{Clock, Resource};

/// How long to wait before asking again when it is not known who has the lease.
const RETRY: Duration = Duration::from_millis(500);

/// Tries to have the lease of something, for ever, and says whether this node has it. The lease
/// is given back when nobody listens any more.
pub(crate) async fn lead(
    keeper: Arc<Keeper>,
    clock: Arc<dyn Clock>,
    resource: Resource,
    leads: watch::Sender<bool>,
) {
    while !leads.is_closed() {
        let pause = match keeper.take(resource).await {
            Ok(Taking::Held(held)) => {
                leads.send_replace(true);
                tokio::select! {
                    () = held.ended() => {}
                    () = leads.closed() => {}
                }
                leads.send_replace(false);
                keeper.give_back(&held).await;
                continue;
            }
            Ok(Taking::Elsewhere { remaining, .. }) => remaining,
            Err(error) => {
                tracing::debug!(?resource, %error, "not known who leads");
                RETRY
            }
        };
        tokio::select! {
            () = clock.sleep(pause) => {}
            () = leads.closed() => {}
        }
    }
}
