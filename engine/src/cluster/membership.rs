//! Which nodes live, as this node last heard.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use crate::ports::{Clock, Member, Members, NodeId};

/// See the module.
pub(crate) struct Membership {
    me: Member,
    draining: AtomicBool,
    members: Arc<dyn Members>,
    clock: Arc<dyn Clock>,
    ttl: Duration,
    list: watch::Sender<Arc<Vec<Member>>>,
}

impl Membership {
    pub(crate) fn new(
        me: Member,
        members: Arc<dyn Members>,
        clock: Arc<dyn Clock>,
        ttl: Duration,
    ) -> Self {
        let list = watch::Sender::new(Arc::new(vec![me.clone()]));
        Self { me, draining: AtomicBool::new(false), members, clock, ttl, list }
    }

    pub(crate) fn me(&self) -> &Member {
        &self.me
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    pub(crate) fn list(&self) -> Arc<Vec<Member>> {
        Arc::clone(&self.list.borrow())
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<Arc<Vec<Member>>> {
        self.list.subscribe()
    }

    pub(crate) fn member(&self, id: NodeId) -> Option<Member> {
        self.list.borrow().iter().find(|member| member.id == id).cloned()
    }

    /// Between two beats.
    pub(crate) fn interval(&self) -> Duration {
        self.ttl / 3
    }

    /// Tells the others that this node lives, for ever.
    pub(crate) async fn run(self: Arc<Self>) {
        loop {
            self.beat().await;
            self.clock.sleep(self.interval()).await;
        }
    }

    async fn beat(&self) {
        let me = Member { draining: self.is_draining(), ..self.me.clone() };
        match self.members.beat(&me, self.ttl).await {
            Ok(list) => {
                let heard = Arc::new(list);
                self.list.send_if_modified(|known| {
                    let news = *known != heard;
                    if news {
                        tracing::info!(nodes = heard.len(), "the nodes that live have changed");
                        *known = heard;
                    }
                    news
                });
            }
            // What was heard last is the best there is.
            Err(error) => tracing::warn!(%error, "not heard who lives"),
        }
    }

    /// Tells the others to take over what this node has.
    pub(crate) async fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
        self.beat().await;
    }

    /// Tells the others to hand over to this node again.
    pub(crate) async fn rejoin(&self) {
        self.draining.store(false, Ordering::Relaxed);
        self.beat().await;
    }

    /// Tells the others that this node is gone.
    pub(crate) async fn leave(&self) {
        if let Err(error) = self.members.leave(self.me.id).await {
            tracing::debug!(%error, "the others will notice by themselves");
        }
    }
}
