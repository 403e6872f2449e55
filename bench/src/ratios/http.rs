//! A node of its own process, asked for holds over HTTP/1.1 by connections that are kept.

use std::ops::Range;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::Value;
use tiketi_engine::domain::ids::EventId;

use crate::load::closed::{self, Client, Limit};
use crate::load::connection::Connection;
use crate::stage::Node;

/// Fans who are served at the same time.
const CONNECTIONS: usize = 64;

impl Node {
    /// Durable holds a second, by so many fans inside who are signed in.
    ///
    /// # Errors
    /// If a hold is refused.
    pub(super) async fn holds(&self, fans: u64, lasts: Duration) -> anyhow::Result<f64> {
        let event = self.stage.event(fans, 0).await?.id;
        let signing = self.signing();
        let cookies: anyhow::Result<Vec<String>> =
            (0..fans).map(|fan| signing.cookie(fan)).collect();
        let cookies: std::sync::Arc<[String]> = cookies?.into();
        let path = format!("/api/v1/events/{event}/holds");
        let mut clients = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            let connection = Connection::open(self.address()).await?;
            let cookies = std::sync::Arc::clone(&cookies);
            clients.push(HttpClient { connection, path: path.clone(), cookies });
        }
        // So that the node has the event in memory before anything is measured.
        let status = clients[0].connection.get(&format!("/api/v1/events/{event}")).await?;
        ensure!(status == 200, "the node does not know the event: {status}");
        let last = fans - 1;
        clients[0].hold(last).await?;
        let limit = Limit { requests: last, lasts };
        Ok(closed::run(clients, limit).await?.rate())
    }

    /// A fan inside an event who will want these seats.
    ///
    /// # Errors
    /// If there is no connection.
    pub(super) async fn waverer(
        &self,
        event: EventId,
        fan: u64,
        places: Range<u32>,
    ) -> anyhow::Result<Waverer> {
        let connection = Connection::open(self.address()).await?;
        let path = format!("/api/v1/events/{event}/holds");
        Ok(Waverer { connection, path, cookie: self.signing().cookie(fan)?, places, held: None })
    }
}

struct HttpClient {
    connection: Connection,
    path: String,
    cookies: std::sync::Arc<[String]>,
}

impl HttpClient {
    async fn hold(&mut self, fan: u64) -> anyhow::Result<()> {
        let cookie = &self.cookies[usize::try_from(fan)?];
        let place = u32::try_from(fan)?;
        hold(&mut self.connection, &self.path, cookie, place..place + 1).await
    }
}

/// Holds seats for a fan; the answer is the connection's body.
async fn hold(
    connection: &mut Connection,
    path: &str,
    cookie: &str,
    places: Range<u32>,
) -> anyhow::Result<()> {
    let seat = |place: u32| format!(r#"{{"type":"seat","place":{place},"ticket_type":"adult"}}"#);
    let items = places.map(seat).collect::<Vec<_>>().join(",");
    let body = format!(r#"{{"type":"places","items":[{items}]}}"#);
    let status = connection.ask("POST", path, cookie, &body).await?;
    ensure!(status == 200, "hold at {path}: {status} {}", connection.text());
    Ok(())
}

/// A fan who takes the same seats and gives them back, over and over: each time one change.
pub(super) struct Waverer {
    connection: Connection,
    path: String,
    cookie: String,
    places: Range<u32>,
    held: Option<String>,
}

impl Waverer {
    /// Begins anew with a connection that the node has not given up yet.
    ///
    /// # Errors
    /// If there is none.
    pub(super) async fn reconnect(&mut self) -> anyhow::Result<()> {
        self.connection = Connection::open(self.connection.host.parse()?).await?;
        Ok(())
    }

    /// Makes one change.
    ///
    /// # Errors
    /// If it is refused.
    pub(super) async fn change(&mut self) -> anyhow::Result<()> {
        let connection = &mut self.connection;
        let Some(held) = self.held.take() else {
            hold(connection, &self.path, &self.cookie, self.places.clone()).await?;
            let answer: Value = serde_json::from_slice(&connection.body)?;
            self.held = Some(answer["id"].as_str().context("a hold without id")?.to_owned());
            return Ok(());
        };
        let request = format!(
            "DELETE /api/v1/holds/{held} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\r\n",
            connection.host, self.cookie,
        );
        let status = connection.exchange(&request).await?;
        ensure!(status == 204, "release of {held}: {status} {}", connection.text());
        Ok(())
    }
}

impl Client for HttpClient {
    async fn request(&mut self, number: u64) -> anyhow::Result<()> {
        self.hold(number).await
    }
}
