//! Signals that end a command: what it has started is killed with it.

use std::future::Future;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// A command was ended by a signal.
#[derive(Debug, thiserror::Error)]
#[error("ended by a signal")]
pub struct Ended;

/// Does something until it is done, or the process is told to end: by so many SIGINTs, a SIGTERM or a
/// SIGHUP.
///
/// # Errors
/// [`Ended`] if it was told; else as `work`.
pub(crate) async fn unless_ended(
    interrupts: u32,
    work: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let interrupted = async {
        for _ in 0..interrupts {
            received(&mut interrupt).await;
        }
    };
    tokio::select! {
        done = work => done,
        () = interrupted => Err(Ended.into()),
        () = received(&mut terminate) => Err(Ended.into()),
        () = received(&mut hang_up) => Err(Ended.into()),
    }
}

async fn received(signals: &mut Signal) {
    if signals.recv().await.is_none() {
        std::future::pending::<()>().await;
    }
}
