//! A stretch of network that can be cut: a TCP proxy in one process, with one target.

use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// What becomes of bytes on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// They arrive.
    Open,
    /// They wait, both ways: who sent them hears nothing. Opening the link lets them arrive.
    Cut,
    /// Requests arrive, answers wait.
    OneWay,
}

/// See the module. Connections end with it.
#[derive(Debug)]
pub struct Link {
    /// Where to connect to get to the target.
    pub address: SocketAddr,
    mode: watch::Sender<Mode>,
    _accepting: JoinSet<()>,
}

impl Link {
    /// A link to `host:port`, open.
    ///
    /// # Errors
    /// If there is no free port.
    pub async fn open(target: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (address, target) = (listener.local_addr()?, target.to_owned());
        let (mode, watching) = watch::channel(Mode::Open);
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                while connections.try_join_next().is_some() {}
                connections.spawn(carry(stream, target.clone(), watching.clone()));
            }
        });
        Ok(Self { address, mode, _accepting: accepting })
    }

    /// From now on.
    pub fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }
}

async fn carry(near: TcpStream, target: String, mut mode: watch::Receiver<Mode>) {
    if mode.wait_for(|mode| *mode != Mode::Cut).await.is_err() {
        return;
    }
    let Ok(far) = TcpStream::connect(target).await else { return };
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    // Whichever side ends first ends both.
    tokio::select! {
        () = pump(near_in, far_out, mode.clone(), |mode| mode != Mode::Cut) => {}
        () = pump(far_in, near_out, mode, |mode| mode == Mode::Open) => {}
    }
}

/// Carries bytes one way while it may.
async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut mode: watch::Receiver<Mode>,
    may: impl Fn(Mode) -> bool,
) {
    let mut bytes = vec![0; 16 * 1_024];
    loop {
        let Ok(length @ 1..) = from.read(&mut bytes).await else { return };
        if mode.wait_for(|mode| may(*mode)).await.is_err() {
            return;
        }
        if to.write_all(&bytes[..length]).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A link, its target, and a connection through it that both sides have.
    async fn connected() -> (Link, TcpStream, TcpStream) {
        let target = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let link = Link::open(&target.local_addr().unwrap().to_string()).await.unwrap();
        let mut near = TcpStream::connect(link.address).await.unwrap();
        let (mut far, _) = target.accept().await.unwrap();
        near.write_all(b"hello").await.unwrap();
        assert_eq!(read(&mut far, 5).await, b"hello");
        (link, near, far)
    }

    async fn read(from: &mut TcpStream, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        from.read_exact(&mut bytes).await.unwrap();
        bytes
    }

    #[tokio::test]
    async fn what_a_dead_sender_left_on_a_cut_link_arrives_when_it_opens() {
        let (link, mut near, mut far) = connected().await;
        link.set(Mode::Cut);
        near.write_all(b"late").await.unwrap();
        drop(near);
        tokio::task::yield_now().await;
        assert_eq!(far.try_read(&mut [0]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
        link.set(Mode::Open);
        assert_eq!(read(&mut far, 4).await, b"late");
    }

    #[tokio::test]
    async fn one_way_lets_requests_through_and_keeps_answers() {
        let (link, mut near, mut far) = connected().await;
        link.set(Mode::OneWay);
        near.write_all(b"ask").await.unwrap();
        assert_eq!(read(&mut far, 3).await, b"ask");
        far.write_all(b"told").await.unwrap();
        tokio::task::yield_now().await;
        assert_eq!(near.try_read(&mut [0]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
        link.set(Mode::Open);
        assert_eq!(read(&mut near, 4).await, b"told");
    }
}
