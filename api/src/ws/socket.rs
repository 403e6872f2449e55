//! The task of one socket: reads what the browser sends, writes what did not fit at once.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use dashmap::DashMap;
use futures_util::StreamExt as _;
use prometheus::{IntCounter, IntGauge, Registry};
use tiketi_engine::domain::ids::{EventId, FanId, Fence, Seq};
use tiketi_engine::feed::frame::{CLIENT_FRAME_BYTES_MAX, ClientFrame, pong};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Message};

use super::connection::{Connection, Sent, closing, framed};
use super::hub::{Hub, Seat};

/// How long a browser has to say where it carries on.
const FIRST_FRAME_WITHIN: Duration = Duration::from_secs(10);
/// How long a slow reader may keep us from writing.
const WRITABLE_WITHIN: Duration = Duration::from_secs(30);

/// What sockets count.
#[derive(Debug, Clone)]
pub(crate) struct SocketMetrics {
    /// `tiketi_sockets`: live sockets.
    pub(crate) sockets: IntGauge,
    /// `tiketi_socket_frames_total`: frames sent.
    pub(crate) frames: IntCounter,
    /// `tiketi_socket_behind_total`: frames not sent because a reader was too slow.
    pub(crate) behind: IntCounter,
    /// `tiketi_socket_resyncs_total`: snapshots sent in place of what was missed.
    pub(crate) resyncs: IntCounter,
    /// `tiketi_socket_bytes_total`: bytes of the frames sent.
    pub(crate) bytes: IntCounter,
    by_event: Arc<DashMap<EventId, u64>>,
}

impl SocketMetrics {
    pub(crate) fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        let this = Self {
            sockets: IntGauge::new("tiketi_sockets", "Live sockets.")?,
            frames: IntCounter::new("tiketi_socket_frames_total", "Frames sent.")?,
            behind: IntCounter::new(
                "tiketi_socket_behind_total",
                "Frames not sent because a reader was too slow.",
            )?,
            resyncs: IntCounter::new(
                "tiketi_socket_resyncs_total",
                "Snapshots sent in place of what was missed.",
            )?,
            bytes: IntCounter::new("tiketi_socket_bytes_total", "Bytes of the frames sent.")?,
            by_event: Arc::default(),
        };
        registry.register(Box::new(this.sockets.clone()))?;
        registry.register(Box::new(this.frames.clone()))?;
        registry.register(Box::new(this.behind.clone()))?;
        registry.register(Box::new(this.resyncs.clone()))?;
        registry.register(Box::new(this.bytes.clone()))?;
        Ok(this)
    }

    /// Live sockets of an event.
    pub(crate) fn of(&self, event: EventId) -> u64 {
        self.by_event.get(&event).map_or(0, |sockets| *sockets)
    }

    pub(super) fn opened(&self, event: EventId) {
        self.sockets.inc();
        *self.by_event.entry(event).or_insert(0) += 1;
    }

    pub(super) fn closed(&self, event: EventId) {
        self.sockets.dec();
        if let Some(mut sockets) = self.by_event.get_mut(&event) {
            *sockets = sockets.saturating_sub(1);
        }
        self.by_event.remove_if(&event, |_, sockets| *sockets == 0);
    }
}

/// Serves one socket until either side ends it. `read` is what came with the handshake. The fan
/// must have been counted in by [`Hub::reserve`].
pub(crate) async fn serve(
    hub: Hub,
    event: EventId,
    fan: Option<FanId>,
    stream: TcpStream,
    read: Vec<u8>,
) {
    let (connection, mut socket) = open(stream, read, fan, hub.now_ms()).await;
    let from = match timeout(FIRST_FRAME_WITHIN, first(&mut socket)).await {
        Ok(Ok(from)) => from,
        Ok(Err(code)) => {
            connection.send(&closing(code));
            hub.give_back(fan);
            return;
        }
        Err(_) => {
            connection.send(&closing(POLICY));
            hub.give_back(fan);
            return;
        }
    };
    match hub.join(event, Arc::clone(&connection), from).await {
        Some(seat) => drive(&hub, &connection, &mut socket, &seat).await,
        None => hub.give_back(fan),
    }
}

pub(super) type Socket = WebSocketStream<SocketIo>;

/// Both sides of a socket. `read` is what came with the handshake.
pub(super) async fn open(
    stream: TcpStream,
    read: Vec<u8>,
    fan: Option<FanId>,
    now_ms: u64,
) -> (Arc<Connection>, Socket) {
    // Small frames must not wait for more of them; without it they only arrive later.
    drop(stream.set_nodelay(true));
    let connection = Arc::new(Connection::new(stream, fan, now_ms));
    let io = SocketIo { connection: Arc::clone(&connection) };
    // The library's defaults take 128 KiB a socket.
    let config = WebSocketConfig::default()
        .read_buffer_size(256)
        .write_buffer_size(0)
        .max_write_buffer_size(4 * 1024)
        .max_message_size(Some(CLIENT_FRAME_BYTES_MAX))
        .max_frame_size(Some(CLIENT_FRAME_BYTES_MAX));
    let socket = WebSocketStream::from_partially_read(io, read, Role::Server, Some(config));
    (connection, socket.await)
}

/// Close codes (RFC 6455 §7.4.1).
const UNSUPPORTED: u16 = 1003;
const INVALID: u16 = 1007;
const POLICY: u16 = 1008;
const TOO_BIG: u16 = 1009;
const TRY_LATER: u16 = 1013;

/// The first frame, which says where the browser carries on.
async fn first(socket: &mut Socket) -> Result<(Fence, Seq), u16> {
    match next(socket).await? {
        Some(ClientFrame::Resume { epoch, seq }) => Ok((epoch, seq)),
        Some(ClientFrame::Ping { .. }) | None => Err(POLICY),
    }
}

/// The next frame of the protocol; `None` when the browser has closed.
async fn next(socket: &mut Socket) -> Result<Option<ClientFrame>, u16> {
    match socket.next().await {
        Some(Ok(Message::Binary(bytes))) => {
            ClientFrame::decode(&bytes).map(Some).map_err(|_| INVALID)
        }
        Some(Ok(Message::Text(_))) => Err(UNSUPPORTED),
        // The library has answered a ping by itself.
        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Ok(Some(ALIVE)),
        Some(Err(tungstenite::Error::Capacity(_))) => Err(TOO_BIG),
        Some(Err(tungstenite::Error::Protocol(_) | tungstenite::Error::Utf8(_))) => Err(INVALID),
        // Closed, or gone.
        None | Some(Ok(Message::Close(_)) | Err(_)) => Ok(None),
    }
}

/// Stands for a control frame: nothing to do but to note that the browser lives.
const ALIVE: ClientFrame = ClientFrame::Ping { echo: u64::MAX };

async fn drive(hub: &Hub, connection: &Connection, socket: &mut Socket, seat: &Seat) {
    loop {
        if connection.is_closed() {
            return;
        }
        // Reading is safe to drop: what was read stays in the library's buffer.
        tokio::select! {
            frame = next(socket) => match frame {
                Ok(Some(frame)) => {
                    connection.heard(hub.now_ms());
                    handle(hub, connection, seat, frame).await;
                }
                Ok(None) => return,
                Err(code) => {
                    connection.send(&closing(code));
                    return;
                }
            },
            () = connection.wake.notified() => {
                if !write_rest(connection).await {
                    connection.send(&closing(TRY_LATER));
                    return;
                }
                if connection.take_behind() {
                    hub.metrics().resyncs.inc();
                    seat.resume(Fence(0), Seq(0)).await;
                }
            }
        }
    }
}

async fn handle(hub: &Hub, connection: &Connection, seat: &Seat, frame: ClientFrame) {
    match frame {
        ALIVE => {}
        ClientFrame::Ping { echo } => {
            let sent = connection.send(&framed(&pong(echo, hub.clock().now())));
            debug_assert!(sent != Sent::Queued || !connection.is_closed());
        }
        ClientFrame::Resume { epoch, seq } => seat.resume(epoch, seq).await,
    }
}

/// Writes the backlog; false if the reader took nothing for too long.
pub(super) async fn write_rest(connection: &Connection) -> bool {
    while !connection.flush() {
        match timeout(WRITABLE_WITHIN, connection.stream.writable()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return false,
        }
    }
    true
}

/// The stream as the library sees it: reads go to the socket, writes through [`Connection`].
#[derive(Debug)]
pub(super) struct SocketIo {
    connection: Arc<Connection>,
}

impl AsyncRead for SocketIo {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            ready!(self.connection.stream.poll_read_ready(context))?;
            match self.connection.stream.try_read(buffer.initialize_unfilled()) {
                Ok(read) => {
                    buffer.advance(read);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for SocketIo {
    /// Takes all of it: the library writes whole frames, a pong or a close.
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.connection.send(&Bytes::copy_from_slice(bytes)) {
            Sent::Queued | Sent::Behind => Poll::Ready(Ok(bytes.len())),
            Sent::Closed => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.connection.close();
        Poll::Ready(Ok(()))
    }
}
