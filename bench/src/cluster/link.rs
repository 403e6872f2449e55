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
    /// Requests wait, answers arrive: what is asked next is on its way until the link opens.
    Held,
    /// Requests arrive, answers are lost: connections end once the link opens.
    OneWay,
}

impl Mode {
    fn lets_requests_through(self) -> bool {
        matches!(self, Self::Open | Self::OneWay)
    }

    fn lets_answers_through(self) -> bool {
        matches!(self, Self::Open | Self::Held)
    }
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
    if mode.wait_for(|mode| mode.lets_requests_through()).await.is_err() {
        return;
    }
    let Ok(far) = TcpStream::connect(target).await else { return };
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    // Whichever side ends first ends both; before what was lost could arrive, that does.
    tokio::select! {
        biased;
        () = has_lost(mode.clone()) => {}
        () = pump(near_in, far_out, mode.clone(), Mode::lets_requests_through) => {}
        () = pump(far_in, near_out, mode, Mode::lets_answers_through) => {}
    }
}

/// Ends when answers that were lost would arrive.
async fn has_lost(mut mode: watch::Receiver<Mode>) {
    // Without a link there is nothing more to lose.
    for is_lossy in [true, false] {
        if mode.wait_for(|mode| (*mode == Mode::OneWay) == is_lossy).await.is_err() {
            return;
        }
    }
}

/// Carries bytes one way while it may.
async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut mode: watch::Receiver<Mode>,
    may: fn(Mode) -> bool,
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
    async fn what_a_dead_sender_left_on_a_held_link_arrives_when_it_opens() {
        let (link, mut near, mut far) = connected().await;
        link.set(Mode::Held);
        far.write_all(b"told").await.unwrap();
        assert_eq!(read(&mut near, 4).await, b"told");
        near.write_all(b"late").await.unwrap();
        drop(near);
        tokio::task::yield_now().await;
        assert_eq!(far.try_read(&mut [0]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
        link.set(Mode::Open);
        assert_eq!(read(&mut far, 4).await, b"late");
    }

    #[tokio::test]
    async fn one_way_lets_requests_through_and_loses_answers() {
        let (link, mut near, mut far) = connected().await;
        link.set(Mode::OneWay);
        near.write_all(b"ask").await.unwrap();
        assert_eq!(read(&mut far, 3).await, b"ask");
        far.write_all(b"told").await.unwrap();
        tokio::task::yield_now().await;
        assert_eq!(near.try_read(&mut [0]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
        link.set(Mode::Open);
        assert_eq!(near.read(&mut [0]).await.unwrap(), 0, "it ends, and nothing was told");
    }
}
