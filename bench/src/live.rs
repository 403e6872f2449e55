//! A live socket without a library: where there are many, the generator must not cost more than
//! the server.

use std::net::SocketAddr;

use anyhow::{Context as _, ensure};
use tiketi_engine::domain::ids::{EventId, Fence, Seq};
use tiketi_engine::feed::frame::ClientFrame;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// The first byte of a ping, and the answer, masked with zeros: who is silent is closed.
const PING: u8 = 0x89;
pub(crate) const PONG: [u8; 6] = [0x8a, 0x80, 0, 0, 0, 0];
/// The answer to a handshake is shorter.
const HEAD_BYTES_MAX: usize = 1_024;

/// Connects a socket, as a fan with this cookie or as nobody, and asks for everything.
///
/// # Errors
/// If the server refuses.
pub(crate) async fn connect(
    socket: TcpSocket,
    server: SocketAddr,
    event: EventId,
    cookie: Option<&str>,
) -> anyhow::Result<TcpStream> {
    let mut stream = socket.connect(server).await?;
    stream.set_nodelay(true)?;
    let cookie = cookie.map(|cookie| format!("Cookie: {cookie}\r\n"));
    let request = format!(
        "GET /api/v1/events/{event}/live HTTP/1.1\r\nHost: {server}\r\nConnection: upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n{}\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        cookie.unwrap_or_default(),
    );
    stream.write_all(request.as_bytes()).await?;
    // Nothing follows the answer before something is asked for.
    let (mut head, mut length) = ([0; HEAD_BYTES_MAX], 0);
    while !head[..length].ends_with(b"\r\n\r\n") {
        let read = stream.read(&mut head[length..]).await?;
        ensure!(read > 0, "no whole answer: {}", String::from_utf8_lossy(&head[..length]));
        length += read;
    }
    let head = &head[..length];
    ensure!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(head));
    resume(&mut stream).await?;
    Ok(stream)
}

/// Asks for everything.
///
/// # Errors
/// If the server is gone.
pub(crate) async fn resume(stream: &mut TcpStream) -> anyhow::Result<()> {
    let body = ClientFrame::Resume { epoch: Fence(0), seq: Seq(0) }.encode();
    let length = u8::try_from(body.len()).ok().filter(|length| *length < 126);
    // Masked with zeros: the server cannot tell, and there is nothing in between to be misled.
    let mut message = vec![0x82, 0x80 | length.context("a long frame")?, 0, 0, 0, 0];
    message.extend_from_slice(&body);
    Ok(stream.write_all(&message).await?)
}

/// What has arrived and was not taken yet.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    bytes: Vec<u8>,
    /// Everything before has been taken.
    at: usize,
}

/// One frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame<'a> {
    first: u8,
    pub(crate) payload: &'a [u8],
}

impl Frame<'_> {
    /// Whether it is to be answered with [`PONG`].
    pub(crate) fn is_ping(&self) -> bool {
        self.first == PING
    }
}

impl Frames {
    /// Adds what was read.
    pub(crate) fn extend(&mut self, read: &[u8]) {
        self.bytes.extend_from_slice(read);
    }

    /// The next whole frame. Whoever has taken all holds no memory.
    pub(crate) fn take(&mut self) -> Option<Frame<'_>> {
        let Some((start, end)) = frame_at(&self.bytes[self.at..]) else {
            self.bytes.drain(..self.at);
            self.at = 0;
            if self.bytes.is_empty() {
                self.bytes = Vec::new();
            }
            return None;
        };
        let frame = &self.bytes[self.at..self.at + end];
        self.at += end;
        Some(Frame { first: frame[0], payload: &frame[start..] })
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

    #[test]
    fn frames_that_arrive_in_pieces_are_taken_whole_and_leave_nothing() {
        let sent = [0x82, 2, 7, 8, PING, 0, 0x82, 1, 9];
        for cut in 0..=sent.len() {
            let (mut frames, mut taken) = (Frames::default(), Vec::new());
            for piece in [&sent[..cut], &sent[cut..]] {
                frames.extend(piece);
                while let Some(frame) = frames.take() {
                    taken.push((frame.is_ping(), frame.payload.to_vec()));
                }
            }
            let all = [(false, vec![7, 8]), (true, vec![]), (false, vec![9])];
            assert_eq!(taken, all, "cut at {cut}");
            assert_eq!(frames.bytes.capacity(), 0, "cut at {cut}");
        }
    }
}
