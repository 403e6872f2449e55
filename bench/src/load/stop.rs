//! Whether load is to end before its time.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// See the module. Everything that makes a load has one.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// What stops it; without one, nothing does.
#[derive(Debug)]
pub struct Stopper {
    _listening: JoinSet<()>,
}

impl Stop {
    /// Load that ends when its time is over.
    pub fn never() -> Self {
        Self(watch::channel(false).1)
    }

    /// Load that SIGINT ends.
    ///
    /// # Errors
    /// If the system gives no signals.
    pub fn on_interrupt() -> anyhow::Result<(Stopper, Self)> {
        let (stop, stopped) = watch::channel(false);
        let mut interrupts = signal(SignalKind::interrupt())?;
        let mut listening = JoinSet::new();
        listening.spawn(async move {
            if interrupts.recv().await.is_some() {
                stop.send_replace(true);
            }
            // As long as somebody may still ask.
            stop.closed().await;
        });
        Ok((Stopper { _listening: listening }, Self(stopped)))
    }

    /// Whether it is to end now.
    pub fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when it is to end; never if nothing stops it.
    pub(crate) async fn set(&mut self) {
        if self.0.wait_for(|stop| *stop).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
