//! Many who watch: sockets that read, count what arrives and do nothing else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, ensure};
use tiketi_engine::domain::ids::{EventId, Fence, Seq};
use tiketi_engine::feed::frame::{self, ClientFrame};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

/// Snapshots that somebody asks for who does not read: a megabyte or so.
const SNAPSHOTS: usize = 200;
/// What one read may bring.
const READ: usize = 4 * 1024;

/// The first byte of a ping, and the answer, masked with zeros: who is silent is closed.
const PING: u8 = 0x89;
const PONG: [u8; 6] = [0x8a, 0x80, 0, 0, 0, 0];

/// What all viewers together have received.
#[derive(Debug, Default)]
pub(super) struct Received {
    /// Deltas; of a bare stream, frames of the length that it has.
    pub(super) deltas: AtomicU64,
    /// Bytes of everything.
    pub(super) bytes: AtomicU64,
}

/// See the module. They are gone when it goes out of scope.
pub(super) struct Viewers {
    pub(super) received: Arc<Received>,
    reading: JoinSet<()>,
    /// Sockets that nobody reads.
    stuck: Vec<TcpStream>,
}

impl Viewers {
    /// Nobody yet.
    pub(super) fn none() -> Self {
        Self { received: Arc::default(), reading: JoinSet::new(), stuck: Vec::new() }
    }

    /// Adds viewers of an event.
    ///
    /// # Errors
    /// If the server refuses one.
    pub(super) async fn watch(
        &mut self,
        server: SocketAddr,
        event: EventId,
        viewers: usize,
    ) -> anyhow::Result<()> {
        for _ in 0..viewers {
            let stream = connect(server, event, None).await?;
            self.reading.spawn(read_frames(stream, Arc::clone(&self.received)));
        }
        Ok(())
    }

    /// Adds sockets that say what they want and then take nothing, with little room for it.
    ///
    /// # Errors
    /// If the server refuses one.
    pub(super) async fn get_stuck(
        &mut self,
        server: SocketAddr,
        event: EventId,
        viewers: usize,
    ) -> anyhow::Result<()> {
        for _ in 0..viewers {
            let mut stream = connect(server, event, Some(4_096)).await?;
            // Each brings a snapshot: soon there is no room left on the way.
            for _ in 0..SNAPSHOTS {
                resume(&mut stream).await?;
            }
            self.stuck.push(stream);
        }
        Ok(())
    }

    /// Adds one that reads a bare stream of frames of one length each.
    pub(super) fn read_bare(&mut self, stream: TcpStream, length: u64) {
        self.reading.spawn(read_bytes(stream, length, Arc::clone(&self.received)));
    }

    /// Deltas so far.
    pub(super) fn deltas(&self) -> u64 {
        self.received.deltas.load(Ordering::Relaxed)
    }

    /// Bytes so far.
    pub(super) fn bytes(&self) -> u64 {
        self.received.bytes.load(Ordering::Relaxed)
    }
}

/// A live socket that has asked for everything.
async fn connect(
    server: SocketAddr,
    event: EventId,
    buffer: Option<u32>,
) -> anyhow::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    if let Some(buffer) = buffer {
        socket.set_recv_buffer_size(buffer)?;
    }
    let mut stream = socket.connect(server).await?;
    stream.set_nodelay(true)?;
    let request = format!(
        "GET /api/v1/events/{event}/live HTTP/1.1\r\nHost: {server}\r\nConnection: upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    ensure!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
    resume(&mut stream).await?;
    Ok(stream)
}

/// Asks for everything.
async fn resume(stream: &mut TcpStream) -> anyhow::Result<()> {
    let body = ClientFrame::Resume { epoch: Fence(0), seq: Seq(0) }.encode();
    let length = u8::try_from(body.len()).ok().filter(|length| *length < 126);
    // Masked with zeros: the server cannot tell, and there is nothing in between to be misled.
    let mut message = vec![0x82, 0x80 | length.context("a long frame")?, 0, 0, 0, 0];
    message.extend_from_slice(&body);
    Ok(stream.write_all(&message).await?)
}

async fn read_frames(mut stream: TcpStream, received: Arc<Received>) {
    let delta = frame::delta(Fence(0), Seq(0), Seq(1), &[]).first().copied();
    let mut bytes = Vec::new();
    loop {
        // It is there while something is read, so that an idle viewer costs little.
        let mut read = [0; READ];
        let Ok(length @ 1..) = stream.read(&mut read).await else { return };
        bytes.extend_from_slice(&read[..length]);
        received.bytes.fetch_add(length as u64, Ordering::Relaxed);
        let mut at = 0;
        while let Some((start, end)) = frame_at(&bytes[at..]) {
            if bytes[at] == PING && stream.write_all(&PONG).await.is_err() {
                return;
            }
            if bytes.get(at + start).copied() == delta {
                received.deltas.fetch_add(1, Ordering::Relaxed);
            }
            at += end;
        }
        bytes.drain(..at);
    }
}

/// Where the payload of a whole unmasked frame begins, and where the frame ends (RFC 6455 §5.2).
fn frame_at(bytes: &[u8]) -> Option<(usize, usize)> {
    let (start, length) = match *bytes.get(1)? {
        short @ 0..126 => (2, usize::from(short)),
        126 => (4, usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]))),
        _ => {
            let length = u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?);
            (10, usize::try_from(length).ok()?)
        }
    };
    (bytes.len() >= start + length).then_some((start, start + length))
}

async fn read_bytes(mut stream: TcpStream, frame: u64, received: Arc<Received>) {
    let (mut read, mut have) = (vec![0; READ], 0);
    while let Ok(length @ 1..) = stream.read(&mut read).await {
        received.bytes.fetch_add(length as u64, Ordering::Relaxed);
        have += length as u64;
        received.deltas.fetch_add(have / frame, Ordering::Relaxed);
        have %= frame;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_told_apart_at_every_length() {
        assert_eq!(frame_at(&[0x82, 2, 7, 7, 9]), Some((2, 4)));
        assert_eq!(frame_at(&[0x82, 2, 7]), None);
        let mut long = vec![0x82, 126, 1, 0];
        long.resize(4 + 256, 1);
        assert_eq!(frame_at(&long), Some((4, 260)));
        assert_eq!(frame_at(&long[..259]), None);
        assert_eq!(frame_at(&[0x82, 127, 0, 0, 0, 0, 0, 0, 0, 1, 5]), Some((10, 11)));
    }
}
