//! Connections that many users share: each request has one to itself for as long as it lasts.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::connection::Connection;

/// How long an answer may take, and the wait for a connection.
const ANSWER_WITHIN: Duration = Duration::from_mins(1);

/// See the module.
pub(crate) struct Pool {
    /// Nodes that are as good as each other.
    addresses: Vec<SocketAddr>,
    /// Which is tried first for the next connection.
    next: AtomicUsize,
    /// Permits for as many connections as there may be.
    free: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    /// Whose; nobody's if there is none, and then it is a plain read.
    pub(crate) cookie: Option<&'a str>,
    pub(crate) body: &'a str,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl<'a> Request<'a> {
    /// What anybody may read.
    pub(crate) const fn read(path: &'a str) -> Self {
        Self { method: "GET", path, cookie: None, body: "" }
    }

    /// What somebody who is signed in reads.
    pub(crate) const fn read_by(cookie: &'a str, path: &'a str) -> Self {
        Self { method: "GET", path, cookie: Some(cookie), body: "" }
    }

    /// What somebody who is signed in asks for.
    pub(crate) const fn by(cookie: &'a str, method: &'a str, path: &'a str) -> Self {
        Self { method, path, cookie: Some(cookie), body: "{}" }
    }
}

impl Answer {
    /// The body; null if it is not JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(crate) const fn is_granted(&self) -> bool {
        200 <= self.status && self.status < 300
    }
}

impl Pool {
    /// So many connections at most, opened when they are needed, to one node after the other.
    pub(crate) fn new(addresses: Vec<SocketAddr>, connections: usize) -> Self {
        let free = Semaphore::new(connections);
        Self { addresses, next: AtomicUsize::new(0), free, idle: Mutex::default() }
    }

    /// The node whose turn it is.
    pub(crate) fn address(&self) -> SocketAddr {
        self.addresses[self.next.fetch_add(1, Ordering::Relaxed) % self.addresses.len()]
    }

    /// Opens a connection, past nodes that are not there.
    async fn open(&self) -> anyhow::Result<Connection> {
        let mut opened = Connection::open(self.address()).await;
        for _ in 1..self.addresses.len() {
            if opened.is_ok() {
                break;
            }
            opened = Connection::open(self.address()).await;
        }
        opened
    }

    /// Asks over the next free connection.
    ///
    /// # Errors
    /// If there is no answer, or none in time.
    pub(crate) async fn ask(&self, request: Request<'_>) -> anyhow::Result<Answer> {
        timeout(ANSWER_WITHIN, self.exchange(request)).await.context("no answer in time")?
    }

    async fn exchange(&self, request: Request<'_>) -> anyhow::Result<Answer> {
        let _permit = self.free.acquire().await?;
        let kept = self.idle().pop().filter(Connection::is_open);
        let mut connection = match kept {
            Some(connection) => connection,
            None => self.open().await?,
        };
        let Request { method, path, cookie, body } = request;
        let status = match cookie {
            Some(cookie) => connection.ask(method, path, cookie, body).await?,
            // As a browser does, which charts are compressed for.
            None => {
                let host = &connection.host;
                let request = format!(
                    "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n\r\n"
                );
                connection.exchange(&request).await?
            }
        };
        let body = std::mem::take(&mut connection.body);
        self.idle().push(connection);
        Ok(Answer { status, body })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
