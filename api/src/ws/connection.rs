//! The write side of one socket.
//!
//! Everything that goes to the browser passes here, whole WebSocket frames only, so that the hub's
//! broadcast and the replies of the socket's own task do not mix. Frames from the server are not
//! masked (RFC 6455 §5.1), so one encoding serves every socket.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::{Buf as _, Bytes};
use rustix::io::Errno;
use rustix::net::{SendFlags, send};
use tiketi_engine::domain::ids::FanId;
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// Bytes that may wait for a slow reader; beyond that it gets a snapshot later.
const BACKLOG_BYTES_MAX: usize = 64 * 1024;

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// It is on its way, or waits for its turn.
    Queued,
    /// The reader is too slow: it was dropped, and a snapshot is owed.
    Behind,
    /// The socket is gone.
    Closed,
}

/// One socket.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    pub(super) fan: Option<FanId>,
    out: Mutex<Out>,
    /// Told when there is something to write that did not fit at once, or the socket shall close.
    pub(super) wake: Notify,
    /// Set when frames were dropped.
    behind: AtomicBool,
    closed: AtomicBool,
    /// Milliseconds of the hub's clock at which the browser was last heard.
    heard_at: AtomicU64,
}

#[derive(Debug, Default)]
struct Out {
    backlog: VecDeque<Bytes>,
    bytes: usize,
}

impl Connection {
    pub(super) fn new(stream: TcpStream, fan: Option<FanId>, now_ms: u64) -> Self {
        Self {
            stream,
            fan,
            out: Mutex::default(),
            wake: Notify::new(),
            behind: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            heard_at: AtomicU64::new(now_ms),
        }
    }

    /// Sends a whole frame, at once if the socket takes it.
    pub(super) fn send(&self, frame: &Bytes) -> Sent {
        if self.is_closed() {
            return Sent::Closed;
        }
        if self.behind.load(Ordering::Relaxed) {
            return Sent::Behind;
        }
        let mut out = self.out();
        let written = if out.backlog.is_empty() { self.write_now(frame) } else { Ok(0) };
        match written {
            Err(()) => {
                self.close();
                Sent::Closed
            }
            Ok(written) if written == frame.len() => Sent::Queued,
            Ok(written) if out.bytes + frame.len() - written > BACKLOG_BYTES_MAX => {
                // What has begun must end; the rest is replaced by a snapshot.
                out.forget_whole_frames(written, frame);
                drop(out);
                self.behind.store(true, Ordering::Relaxed);
                self.wake.notify_one();
                Sent::Behind
            }
            Ok(written) => {
                out.bytes += frame.len() - written;
                out.backlog.push_back(frame.slice(written..));
                drop(out);
                self.wake.notify_one();
                Sent::Queued
            }
        }
    }

    /// Writes what waits; true once nothing does.
    pub(super) fn flush(&self) -> bool {
        let mut out = self.out();
        while let Some(frame) = out.backlog.front_mut() {
            match self.write_now(frame) {
                Err(()) => {
                    drop(out);
                    self.close();
                    return true;
                }
                Ok(0) => return false,
                Ok(written) => {
                    frame.advance(written);
                    let done = frame.is_empty();
                    out.bytes -= written;
                    if done {
                        out.backlog.pop_front();
                    }
                }
            }
        }
        true
    }

    /// Whether frames were dropped; whoever asks sees to the snapshot.
    pub(super) fn take_behind(&self) -> bool {
        self.behind.swap(false, Ordering::Relaxed)
    }

    /// Closes the socket: its task ends, the hub forgets it.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        self.wake.notify_one();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    pub(super) fn heard(&self, now_ms: u64) {
        self.heard_at.store(now_ms, Ordering::Relaxed);
    }

    pub(super) fn heard_at(&self) -> u64 {
        self.heard_at.load(Ordering::Relaxed)
    }

    /// How many bytes the socket took; an error if it is gone.
    fn write_now(&self, bytes: &[u8]) -> Result<usize, ()> {
        // The system is asked straight: what the runtime knows of a socket lies elsewhere in memory, and
        // of thousands none of that is in a cache. If there is no room the runtime must learn it.
        let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
        let sent = match send(&self.stream, bytes, flags) {
            Err(Errno::AGAIN) => self.stream.try_write(bytes),
            sent => sent.map_err(Into::into),
        };
        match sent {
            Ok(0) => Err(()),
            Ok(written) => Ok(written),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(0),
            Err(_) => Err(()),
        }
    }

    fn out(&self) -> MutexGuard<'_, Out> {
        self.out.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Out {
    /// Keeps only the rest of a frame of which a part has been written.
    fn forget_whole_frames(&mut self, written: usize, frame: &Bytes) {
        self.backlog.truncate(1);
        if self.backlog.is_empty() && written > 0 {
            self.backlog.push_back(frame.slice(written..));
        }
        self.bytes = self.backlog.iter().map(Bytes::len).sum();
    }
}

/// A binary message as one whole frame from the server (RFC 6455 §5.2).
pub(super) fn framed(payload: &[u8]) -> Bytes {
    frame(0x82, payload)
}

/// A text message as one whole frame from the server.
pub(crate) fn framed_text(payload: &[u8]) -> Bytes {
    frame(0x81, payload)
}

/// An empty ping.
pub(super) fn ping() -> Bytes {
    frame(0x89, &[])
}

/// A close with a status code (RFC 6455 §7.4).
pub(super) fn closing(code: u16) -> Bytes {
    frame(0x88, &code.to_be_bytes())
}

fn frame(first: u8, payload: &[u8]) -> Bytes {
    let len = payload.len();
    let mut out = Vec::with_capacity(len + 10);
    out.push(first);
    if let Ok(short) = u8::try_from(len)
        && short <= 125
    {
        out.push(short);
    } else if let Ok(medium) = u16::try_from(len) {
        out.push(126);
        out.extend(medium.to_be_bytes());
    } else {
        out.push(127);
        out.extend((len as u64).to_be_bytes());
    }
    out.extend_from_slice(payload);
    out.into()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use tokio::net::TcpListener;

    use super::*;

    async fn pair() -> (Connection, std::net::TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let peer = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        stream.writable().await.unwrap();
        (Connection::new(stream, None, 0), peer)
    }

    #[test]
    fn frames_have_the_shortest_length() {
        assert_eq!(framed(&[7; 125])[..2], [0x82, 125]);
        assert_eq!(framed(&[7; 126])[..4], [0x82, 126, 0, 126]);
        assert_eq!(framed(&vec![7; 70_000])[..10], [0x82, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70]);
        assert_eq!(closing(1013)[..], [0x88, 2, 0x03, 0xf5]);
    }

    #[tokio::test]
    async fn a_slow_reader_gets_whole_frames_and_then_owes_a_snapshot() {
        let (connection, mut peer) = pair().await;
        let frame = framed(&vec![9; 40_000]);
        let mut queued = 0;
        while connection.send(&frame) == Sent::Queued {
            queued += 1;
            assert!(queued < 10_000, "the backlog has a bound");
        }
        assert_eq!(connection.send(&frame), Sent::Behind);
        // Read it all: what arrives is whole frames, and fewer than were sent.
        let mut received = Vec::new();
        peer.set_nonblocking(true).unwrap();
        let mut drained = false;
        while !drained {
            drained = connection.flush();
            let mut chunk = vec![0; 1 << 20];
            while let Ok(read) = peer.read(&mut chunk) {
                received.extend_from_slice(&chunk[..read]);
            }
            connection.stream.writable().await.unwrap();
        }
        while let Ok(read) = peer.read(&mut vec![0; 65_536]) {
            received.extend(std::iter::repeat_n(9, read));
        }
        assert_eq!(received.len() % frame.len(), 0, "only whole frames");
        assert!(received.len() / frame.len() <= queued);
        assert!(connection.take_behind() && !connection.take_behind());
        assert_eq!(connection.send(&frame), Sent::Queued, "it may go on");
    }

    #[tokio::test]
    async fn a_socket_that_is_gone_is_closed() {
        let (connection, peer) = pair().await;
        drop(peer);
        let frame = framed(&[1; 10]);
        let mut sent = Sent::Queued;
        for _ in 0..1_000 {
            sent = connection.send(&frame);
            if sent == Sent::Closed {
                break;
            }
            tokio::task::yield_now().await;
        }
        assert_eq!(sent, Sent::Closed);
        assert!(connection.is_closed());
    }
}
