//! Many who watch: sockets that read, count what arrives and do nothing else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tiketi_engine::domain::ids::{EventId, Fence, Seq};
use tiketi_engine::feed::frame;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use crate::live::{self, Frames};

/// Snapshots that somebody asks for who does not read: a megabyte or so.
const SNAPSHOTS: usize = 200;
/// What one read may bring.
const READ: usize = 4 * 1024;

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
            let stream = live::connect(TcpSocket::new_v4()?, server, event, None).await?;
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
            let socket = TcpSocket::new_v4()?;
            socket.set_recv_buffer_size(4_096)?;
            let mut stream = live::connect(socket, server, event, None).await?;
            // Each brings a snapshot: soon there is no room left on the way.
            for _ in 0..SNAPSHOTS {
                live::resume(&mut stream).await?;
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

async fn read_frames(mut stream: TcpStream, received: Arc<Received>) {
    let delta = frame::delta(Fence(0), Seq(0), Seq(1), &[]).first().copied();
    let mut frames = Frames::default();
    loop {
        // It is there while something is read, so that an idle viewer costs little.
        let mut read = [0; READ];
        let Ok(length @ 1..) = stream.read(&mut read).await else { return };
        frames.extend(&read[..length]);
        received.bytes.fetch_add(length as u64, Ordering::Relaxed);
        while let Some(frame) = frames.take() {
            if frame.is_ping() && stream.write_all(&live::PONG).await.is_err() {
                return;
            }
            if frame.payload.first().copied() == delta {
                received.deltas.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
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
