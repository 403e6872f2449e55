//! A fan who waits: one live socket.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use tiketi_engine::domain::ids::{EventId, FanId};
use tiketi_engine::domain::terms::SaleStatus;
use tiketi_engine::feed::frame::{RoomFrame, ServerFrame};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::mpsc;

use super::place::ahead;
use crate::audit::{Moment, ToldPlace, moment};
use crate::live::{self, Frames};

/// What one read may bring.
const READ: usize = 4 * 1_024;

/// What a fan sees while waiting.
pub(super) enum Seen {
    /// The sale goes on, or does not.
    Status(SaleStatus, Moment),
    /// The socket has ended, and why.
    Gone(FanId, String),
}

/// See the module.
pub(super) struct Fan {
    id: FanId,
    stream: TcpStream,
    frames: Frames,
    /// As the last frame had it.
    status: SaleStatus,
}

impl Fan {
    /// Connects, and waits to be told the own place.
    ///
    /// # Errors
    /// If the server refuses, or tells another place than it should.
    pub(super) async fn connect(
        socket: TcpSocket,
        node: SocketAddr,
        event: EventId,
        cookie: &str,
        place: ToldPlace,
    ) -> anyhow::Result<Self> {
        let stream = live::connect(socket, node, event, Some(cookie)).await?;
        let (id, frames) = (place.fan, Frames::default());
        let mut this = Self { id, stream, frames, status: SaleStatus::Open };
        let mut room = this.room().await?;
        // The join was answered when it was durable; frames follow with the next tick.
        while room.next_number.0 <= place.number {
            room = this.room().await?;
        }
        this.status = room.status;
        // Numbers begin with 0 and nobody leaves.
        let before = u32::try_from(place.number)?;
        let told = ahead(&room, place.number).context("not told any place")?;
        ensure!(told.contains(&before), "{before} wait before, and {told:?} was told");
        Ok(this)
    }

    /// Listens as long as the server lets it.
    pub(super) async fn watch(mut self, seen: mpsc::Sender<Seen>) {
        loop {
            let what = match self.room().await {
                Ok(room) if room.status == self.status => continue,
                Ok(room) => {
                    self.status = room.status;
                    Seen::Status(room.status, moment(Instant::now()))
                }
                Err(error) => Seen::Gone(self.id, format!("{error:#}")),
            };
            let gone = matches!(what, Seen::Gone(..));
            if seen.send(what).await.is_err() || gone {
                return;
            }
        }
    }

    /// The next frame of the waiting room.
    async fn room(&mut self) -> anyhow::Result<RoomFrame> {
        loop {
            while let Some(frame) = self.frames.take() {
                if frame.is_ping() {
                    self.stream.write_all(&live::PONG).await?;
                } else if let Ok(ServerFrame::Room(room)) = ServerFrame::decode(frame.payload) {
                    return Ok(room);
                }
            }
            self.stream.readable().await?;
            self.read()?;
        }
    }

    /// Takes what is there. The buffer is not a part of the task, so that waiting costs little.
    fn read(&mut self) -> anyhow::Result<()> {
        let mut read = [0; READ];
        match self.stream.try_read(&mut read) {
            Ok(0) => bail!("closed by the server"),
            Ok(length) => self.frames.extend(&read[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}
