//! Somebody who watches the seat map over a live socket.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use anyhow::{bail, ensure};
use tiketi_engine::domain::ids::{Fence, Seq};
use tiketi_engine::feed::PublicState;
use tiketi_engine::feed::frame::ServerFrame;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use super::world::World;
use crate::live::{self, Frames};
use crate::load::asker::Asker;
use crate::load::recorder::{Outcome, Step};

/// How long a round lasts.
const LISTEN: Duration = Duration::from_secs(1);
/// How long the map may take to come.
const MAP_WITHIN: Duration = Duration::from_mins(1);
/// What one read may bring.
const READ: usize = 4 * 1_024;

/// When changes were asked for, by seat and whether it was to be free. No change of a run is made
/// twice within so short a time that they could be taken for each other.
#[derive(Default)]
pub(super) struct Board(RwLock<HashMap<(u32, bool), Instant>>);

impl Board {
    /// A change is about to be asked for.
    pub(super) fn ask(&self, place: u32, free: bool) {
        let mut asked = self.0.write().unwrap_or_else(PoisonError::into_inner);
        asked.insert((place, free), Instant::now());
    }

    fn asked(&self, place: u32, free: bool) -> Option<Instant> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&(place, free)).copied()
    }
}

/// See the module.
pub(super) struct Watcher {
    pub(super) asker: Asker,
    socket: Option<Socket>,
}

/// A socket whose viewer has the whole map as it was at a record.
struct Socket {
    stream: TcpStream,
    frames: Frames,
    epoch: Fence,
    seq: Seq,
}

impl Watcher {
    /// Nobody yet.
    pub(super) fn new(asker: Asker) -> Self {
        Self { asker, socket: None }
    }

    /// Watches for a while, having connected if it must; each change that comes is noted, counted
    /// from when somebody asked for it.
    ///
    /// # Errors
    /// If the socket ends, or a change does not follow on what came before. Then it has none.
    pub(super) async fn watch(&mut self, world: &World) -> anyhow::Result<()> {
        let mut socket = match self.socket.take() {
            Some(socket) => socket,
            None => self.connect(world).await?,
        };
        let until = Instant::now() + LISTEN;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            match timeout(left, socket.next()).await {
                Err(_) => break,
                Ok(Ok(frame)) => self.take_in(&mut socket, frame, world)?,
                Ok(Err(error)) => {
                    let outcome = Outcome::Failed(error.to_string());
                    self.asker.note(Step::Seen, Instant::now(), outcome)?;
                }
            }
        }
        self.socket = Some(socket);
        Ok(())
    }

    async fn connect(&mut self, world: &World) -> anyhow::Result<Socket> {
        let asked = Instant::now();
        let connected = timeout(MAP_WITHIN, Socket::open(world)).await;
        let connected = connected.unwrap_or_else(|_| bail!("no map in time"));
        let outcome = match &connected {
            Ok(_) => Outcome::Granted,
            Err(error) => Outcome::Failed(error.to_string()),
        };
        self.asker.note(Step::Live, asked, outcome)?;
        connected
    }

    fn take_in(
        &mut self,
        socket: &mut Socket,
        frame: ServerFrame,
        world: &World,
    ) -> anyhow::Result<()> {
        match frame {
            ServerFrame::Snapshot { epoch, seq, .. } => (socket.epoch, socket.seq) = (epoch, seq),
            ServerFrame::Delta { epoch, before, after, changed } => {
                if (epoch, before) != (socket.epoch, socket.seq) {
                    let outcome = Outcome::Failed("a change that does not follow".to_owned());
                    return self.asker.note(Step::Seen, Instant::now(), outcome);
                }
                socket.seq = after;
                for (place, state) in changed {
                    if let Some(asked) = world.board.asked(place.0, state == PublicState::Free) {
                        self.asker.note(Step::Seen, asked, Outcome::Granted)?;
                    }
                }
            }
            ServerFrame::Hello { .. }
            | ServerFrame::Room(_)
            | ServerFrame::Yours { .. }
            | ServerFrame::Pong { .. } => {}
        }
        Ok(())
    }
}

impl Socket {
    async fn open(world: &World) -> anyhow::Result<Self> {
        let (cookie, socket) = (world.visitor(), TcpSocket::new_v4()?);
        let stream = live::connect(socket, world.address(), world.event, cookie.as_deref()).await?;
        let mut socket = Self { stream, frames: Frames::default(), epoch: Fence(0), seq: Seq(0) };
        loop {
            if let ServerFrame::Snapshot { epoch, seq, .. } = socket.next().await? {
                (socket.epoch, socket.seq) = (epoch, seq);
                return Ok(socket);
            }
        }
    }

    /// The next frame. Nothing is lost if it is not waited for to the end.
    async fn next(&mut self) -> anyhow::Result<ServerFrame> {
        loop {
            while let Some(frame) = self.frames.take() {
                if frame.is_ping() {
                    // Six bytes have room in a socket that hears nothing else from here.
                    self.stream.write_all(&live::PONG).await?;
                } else if let Ok(frame) = ServerFrame::decode(frame.payload) {
                    return Ok(frame);
                }
            }
            let mut read = [0; READ];
            let length = self.stream.read(&mut read).await?;
            ensure!(length > 0, "closed by the server");
            self.frames.extend(&read[..length]);
        }
    }
}
