//! A socket that only listens: it is sent the latest frame whenever there is one.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, interval_at, sleep};
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;

use super::connection::{Connection, closing, ping};
use super::socket::{Socket, open, write_rest};

/// How often a browser is pinged: one that is gone is found out by it.
const PING_EVERY: Duration = Duration::from_secs(25);
/// Close codes (RFC 6455 §7.4.1).
const GOING_AWAY: u16 = 1001;
const UNSUPPORTED: u16 = 1003;

/// Sends frames until the browser goes, there are no more, or the time is over. A slow reader
/// misses frames: each says all of it.
pub(crate) async fn watch(
    mut frames: watch::Receiver<Bytes>,
    stream: TcpStream,
    read: Vec<u8>,
    ttl: Duration,
    stopping: CancellationToken,
) {
    let (connection, mut socket) = open(stream, read, None, 0).await;
    let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    let over = sleep(ttl);
    tokio::pin!(over);
    send_latest(&connection, &mut frames);
    while !connection.is_closed() {
        // Each branch may be dropped at an await without losing anything.
        let ended = tokio::select! {
            ended = hear(&mut socket) => ended,
            () = connection.wake.notified() => {
                connection.take_behind();
                (!write_rest(&connection).await).then_some(GOING_AWAY)
            }
            changed = frames.changed() => {
                send_latest(&connection, &mut frames);
                changed.is_err().then_some(GOING_AWAY)
            }
            _ = pings.tick() => {
                connection.send(&ping());
                None
            }
            () = &mut over => Some(GOING_AWAY),
            () = stopping.cancelled() => Some(GOING_AWAY),
        };
        if let Some(code) = ended {
            connection.send(&closing(code));
            return;
        }
    }
}

fn send_latest(connection: &Arc<Connection>, frames: &mut watch::Receiver<Bytes>) {
    let frame = frames.borrow_and_update().clone();
    if !frame.is_empty() {
        connection.send(&frame);
    }
}

/// With which code to close after what the browser said, if at all.
async fn hear(socket: &mut Socket) -> Option<u16> {
    match socket.next().await {
        // The library has answered a ping by itself.
        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => None,
        Some(Ok(Message::Text(_) | Message::Binary(_))) => Some(UNSUPPORTED),
        None | Some(Ok(Message::Close(_)) | Err(_)) => Some(GOING_AWAY),
    }
}
