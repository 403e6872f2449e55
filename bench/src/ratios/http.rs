//! A node of its own process, asked for holds over HTTP/1.1 by connections that are kept.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, ensure};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tiketi_engine::domain::ids::{AccountId, EventId};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::stage::Stage;
use crate::cluster::{Cluster, ClusterSetup, Services};
use crate::load::closed::{self, Client, Limit};

/// Fans inside each event, and connections.
const FANS: u64 = 40_000;
const CONNECTIONS: usize = 64;

/// A node, and the database that it shares with who sets its events up.
pub(super) struct Node {
    cluster: Cluster,
    pub(super) stage: Stage,
    signing: EncodingKey,
}

impl Node {
    /// Starts a node that does everything, with an arena of so many places.
    ///
    /// # Errors
    /// If it does not start.
    pub(super) async fn start(
        services: &Services,
        tiketi: &Path,
        places: usize,
    ) -> anyhow::Result<Self> {
        let setup = ClusterSetup {
            tiketi: tiketi.to_owned(),
            nodes: 1,
            demo: false,
            environment: BTreeMap::new(),
            linked: false,
            fake_time: None,
        };
        let cluster = Cluster::start(services, &setup).await?;
        let stage = Stage::open(&cluster.database, places).await?;
        let keys = cluster.environment.get("TIKETI_KEYS_DIR").context("the cluster has no keys")?;
        let key = std::fs::read(Path::new(keys).join("access.key"))?;
        Ok(Self { cluster, stage, signing: EncodingKey::from_secret(&key) })
    }

    /// Durable holds a second, by fans who are signed in.
    ///
    /// # Errors
    /// If a hold is refused.
    pub(super) async fn holds(&self, lasts: Duration) -> anyhow::Result<f64> {
        let event = self.stage.event(FANS, 0).await?.id;
        let tokens: anyhow::Result<Vec<String>> = (0..FANS).map(|fan| self.token(fan)).collect();
        let tokens: std::sync::Arc<[String]> = tokens?.into();
        let path = format!("/api/v1/events/{event}/holds");
        let mut clients = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            let connection = Connection::open(self.address()).await?;
            let tokens = std::sync::Arc::clone(&tokens);
            clients.push(HttpClient { connection, path: path.clone(), tokens });
        }
        // So that the node has the event in memory before anything is measured.
        let status = clients[0].connection.get(&format!("/api/v1/events/{event}")).await?;
        ensure!(status == 200, "the node does not know the event: {status}");
        let last = FANS - 1;
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
        Ok(Waverer { connection, path, token: self.token(fan)?, places, held: None })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.cluster.nodes[0].listen
    }

    /// The number of its process.
    ///
    /// # Errors
    /// If it has ended.
    pub(super) fn pid(&mut self) -> anyhow::Result<u32> {
        self.cluster.nodes[0].pid()
    }

    /// Ends its process, and begins another.
    ///
    /// # Errors
    /// If it does not end or start.
    pub(super) async fn restart(&mut self) -> anyhow::Result<()> {
        self.cluster.nodes[0].terminate().await?;
        self.cluster.nodes[0].start().await
    }

    /// An access token as the node signs them: making 40,000 accounts would take hours.
    fn token(&self, fan: u64) -> anyhow::Result<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let claims = json!({
            "iss": "tiketi", "aud": "tiketi-api", "role": "fan",
            "sub": AccountId::new(fan).to_string(),
            "iat": now, "nbf": now, "exp": now + 3_600,
        });
        let header = Header { typ: Some("at+jwt".to_owned()), ..Header::new(Algorithm::HS256) };
        Ok(encode(&header, &claims, &self.signing)?)
    }

    /// Ends the node.
    ///
    /// # Errors
    /// If it does not end well.
    pub(super) async fn stop(self) -> anyhow::Result<()> {
        self.stage.store.close().await;
        self.cluster.stop().await
    }
}

struct HttpClient {
    connection: Connection,
    path: String,
    tokens: std::sync::Arc<[String]>,
}

impl HttpClient {
    async fn hold(&mut self, fan: u64) -> anyhow::Result<()> {
        let token = &self.tokens[usize::try_from(fan)?];
        let place = u32::try_from(fan)?;
        hold(&mut self.connection, &self.path, token, place..place + 1).await
    }
}

/// Holds seats for a fan; the answer is the connection's body.
async fn hold(
    connection: &mut Connection,
    path: &str,
    token: &str,
    places: Range<u32>,
) -> anyhow::Result<()> {
    let seat = |place: u32| format!(r#"{{"type":"seat","place":{place},"ticket_type":"adult"}}"#);
    let items = places.map(seat).collect::<Vec<_>>().join(",");
    let body = format!(r#"{{"type":"places","items":[{items}]}}"#);
    // A browser sends a key with each hold, so that it may ask again.
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: tiketi-access={token}\r\n\
         Idempotency-Key: {key:032x}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}",
        host = connection.host,
        key = rand::random::<u128>(),
        length = body.len(),
    );
    let status = connection.exchange(&request).await?;
    ensure!(status == 200, "hold at {path}: {status} {}", connection.body());
    Ok(())
}

/// A fan who takes the same seats and gives them back, over and over: each time one change.
pub(super) struct Waverer {
    connection: Connection,
    path: String,
    token: String,
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
            hold(connection, &self.path, &self.token, self.places.clone()).await?;
            let answer: Value = serde_json::from_slice(&connection.body)?;
            self.held = Some(answer["id"].as_str().context("a hold without id")?.to_owned());
            return Ok(());
        };
        let request = format!(
            "DELETE /api/v1/holds/{held} HTTP/1.1\r\nHost: {}\r\nCookie: tiketi-access={}\r\n\r\n",
            connection.host, self.token,
        );
        let status = connection.exchange(&request).await?;
        ensure!(status == 204, "release of {held}: {status} {}", connection.body());
        Ok(())
    }
}

impl Client for HttpClient {
    async fn request(&mut self, number: u64) -> anyhow::Result<()> {
        self.hold(number).await
    }
}

/// A connection that is kept, and the body that last came over it.
struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
    line: Vec<u8>,
    body: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let stream = BufReader::new(stream);
        Ok(Self { stream, host: address.to_string(), line: Vec::new(), body: Vec::new() })
    }

    fn body(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    async fn get(&mut self, path: &str) -> anyhow::Result<u16> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host);
        self.exchange(&request).await
    }

    /// Sends a request and reads the answer to its end; its status.
    async fn exchange(&mut self, request: &str) -> anyhow::Result<u16> {
        self.stream.write_all(request.as_bytes()).await?;
        let status = self.line().await?.split(' ').nth(1).context("no status")?.parse()?;
        let mut length = None;
        loop {
            let line = self.line().await?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').context("a header without a colon")?;
            if name.eq_ignore_ascii_case("content-length") {
                length = Some(value.trim().parse()?);
            }
        }
        // No content has no length either.
        let length = if status == 204 { Some(0) } else { length };
        self.body.resize(length.context("no length")?, 0);
        self.stream.read_exact(&mut self.body).await?;
        Ok(status)
    }

    async fn line(&mut self) -> anyhow::Result<&str> {
        self.line.clear();
        self.stream.read_until(b'\n', &mut self.line).await?;
        Ok(std::str::from_utf8(&self.line)?.trim_end())
    }
}
