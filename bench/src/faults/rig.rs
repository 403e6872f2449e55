//! A cluster whose parts can be broken, an event on sale in it, and a crowd that buys.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, bail, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use tiketi_engine::domain::change::{Change, Record};
use tiketi_engine::domain::ids::{EventId, Fence};
use tiketi_engine::ports::{Catalog, NodeId};
use tiketi_engine::testing::plans::room;
use tiketi_persistence::postgres::{self, PostgresConfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::fan::{Crowd, Fan};
use super::viewer::{Expected, Viewer};
use crate::audit::journal::Durable;
use crate::cluster::{Cluster, Services};

/// How long a lease of the rig's nodes lasts: the least that is allowed.
pub(super) const LEASE_TTL: Duration = Duration::from_secs(1);
/// How many buy at once.
const FANS: u64 = 12;
/// Acknowledgements before a fault is let loose.
const WARM: usize = 60;
/// Acknowledgements after it that show that the sale goes on.
const WELL: usize = 60;
/// How long the sale may take to go on.
const PATIENCE: Duration = Duration::from_mins(5);
/// How long a viewer may take to have what is durable.
const CONVERGE_WITHIN: Duration = Duration::from_mins(1);
/// How long a stepped clock may take to show.
const STEP_WITHIN: Duration = Duration::from_mins(1);
/// Seconds of a day.
const DAY_S: i64 = 86_400;
/// How often is looked whether something is so yet.
const LOOK: Duration = Duration::from_millis(20);

/// See the module.
pub(super) struct Rig {
    /// Three nodes.
    pub(super) cluster: Cluster,
    services: Services,
    operator: Fan,
    fans: Vec<Fan>,
    chart: String,
    /// How long Kafka stops when it does.
    kafka_stops: Duration,
}

/// A sale with its crowd at work.
pub(super) struct OnSale {
    /// Its event.
    pub(super) event: String,
    /// Who buys, and what they were told.
    pub(super) crowd: Arc<Crowd>,
    shopping: JoinSet<()>,
    viewers: Vec<Viewer>,
    _watching: JoinSet<()>,
}

impl Rig {
    /// A cluster with an operator, fans and a room of 1,600 seats.
    ///
    /// # Errors
    /// If the cluster does not do what it is for.
    pub(super) async fn new(
        cluster: Cluster,
        services: Services,
        kafka_stops: Duration,
    ) -> anyhow::Result<Self> {
        let operator = Fan::new()?;
        let link = cluster.command(["operator-link"]).await?;
        let token = link.trim().rsplit('#').next().context("no link")?.to_owned();
        let body = json!({"token": token, "email": "op@example.com", "name": "Op",
            "password": PASSWORD});
        let (fans, chart) = Default::default();
        let mut rig = Self { cluster, services, operator, fans, chart, kafka_stops };
        rig.told(&rig.operator, "/api/v1/setup", &body).await?;
        for number in 0..FANS {
            let fan = Fan::new()?;
            let email = format!("fan{number}@example.com");
            let body = json!({"email": email, "name": "Fan", "password": PASSWORD});
            rig.told(&fan, "/api/v1/accounts", &body).await?;
            rig.fans.push(fan);
        }
        let plan = tempfile::NamedTempFile::new()?;
        std::fs::write(plan.path(), room(40, 40).to_string())?;
        let printed =
            rig.cluster.command(["plan", "import", &plan.path().to_string_lossy()]).await?;
        printed.trim().rsplit(' ').next().context("no hash")?.clone_into(&mut rig.chart);
        Ok(rig)
    }

    /// Posts to the first node; the answer.
    async fn told(&self, fan: &Fan, path: &str, body: &Value) -> anyhow::Result<Value> {
        let url = format!("{}{path}", self.cluster.nodes[0].url());
        let (status, answer) = fan.ask(Method::POST, &url, body, path).await?;
        ensure!(status.is_success(), "{path}: {status} {answer}");
        Ok(answer)
    }

    /// Puts an event on sale and lets the crowd in; it has bought something when this returns.
    ///
    /// # Errors
    /// If it does not.
    pub(super) async fn on_sale(&self, seed: u64) -> anyhow::Result<OnSale> {
        let body = json!({
            "title": format!("A night with faults, {seed}"), "venue": "A room",
            "starts_at": "2030-01-01T20:00:00+09:00", "chart": self.chart,
            "currency": "KRW", "order_fee_minor": 500,
            "places_per_hold_max": 4, "places_per_fan_max": 1_000_000,
            "ticket_types": [{"key": "adult", "label": "Adult"}],
            "prices": [
                {"category": "a", "ticket_type": "adult", "amount_minor": 100_000},
                {"category": "b", "ticket_type": "adult", "amount_minor": 70_000},
            ],
            "opens_at": "2020-01-01T00:00:00Z", "closes_at": "2029-12-31T00:00:00Z",
        });
        let created = self.told(&self.operator, "/api/v1/operator/events", &body).await?;
        let event = created["id"].as_str().context("no id")?.to_owned();
        let nodes = self.cluster.nodes.iter().map(crate::cluster::Node::url).collect();
        let crowd = Crowd::new(event.clone(), nodes);
        let mut shopping = JoinSet::new();
        for (fan, number) in self.fans.iter().zip(0..) {
            shopping.spawn(fan.clone().shop(Arc::clone(&crowd), seed * FANS + number));
        }
        let (viewers, watching) = self.viewers(&event);
        let sale = OnSale { event, crowd, shopping, viewers, _watching: watching };
        sale.goes_on(WARM).await?;
        Ok(sale)
    }

    /// One viewer for each node.
    fn viewers(&self, event: &str) -> (Vec<Viewer>, JoinSet<()>) {
        let mut nodes: Vec<_> = self.cluster.nodes.iter().map(|node| node.listen).collect();
        let mut watching = JoinSet::new();
        let mut viewers = Vec::new();
        for _ in 0..nodes.len() {
            let viewer = Viewer::new(event.to_owned(), nodes.clone());
            watching.spawn(viewer.clone().watch());
            viewers.push(viewer);
            nodes.rotate_left(1);
        }
        (viewers, watching)
    }

    /// The sum over all nodes that answer.
    pub(super) async fn sum(&self, name: &str) -> f64 {
        let mut sum = 0.0;
        for node in &self.cluster.nodes {
            sum += node.metric(name).await.unwrap_or(0.0);
        }
        sum
    }

    /// Waits until a node dates its answers so many seconds ahead of this machine.
    ///
    /// # Errors
    /// If it does not come to that.
    pub(super) async fn is_ahead(&self, node: usize, seconds: i32) -> anyhow::Result<()> {
        let stepped = async {
            loop {
                let ahead = self.second_of_day(node).await? - now_of_day();
                // Whole days do not show; two seconds are lost on the way.
                if (ahead - i64::from(seconds) + 2).rem_euclid(DAY_S) <= 4 {
                    return anyhow::Ok(());
                }
                sleep(LOOK).await;
            }
        };
        tokio::time::timeout(STEP_WITHIN, stepped).await.context("the clock did not step")?
    }

    /// The second of the day that a node dates its answers by.
    async fn second_of_day(&self, node: usize) -> anyhow::Result<i64> {
        let answer =
            reqwest::get(format!("{}/api/v1/time", self.cluster.nodes[node].url())).await?;
        let date = answer.headers().get("date").context("an answer without a date")?.to_str()?;
        let clock = date.split(' ').nth(4).context("a date without a time")?;
        let parts = clock.split(':').map(str::parse).collect::<Result<Vec<i64>, _>>()?;
        Ok(parts.iter().fold(0, |sum, part| sum * 60 + part))
    }

    /// The folder of the services that this rig may break.
    fn folder(&self) -> anyhow::Result<&Path> {
        self.services.ours.as_deref().context("the services are not ours to break")
    }

    /// Kills a service and starts it again after a while.
    ///
    /// # Errors
    /// If it does not start.
    pub(super) async fn restart_service(
        &self,
        service: &str,
        after: Duration,
    ) -> anyhow::Result<()> {
        let folder = self.folder()?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.ci/services");
        for (step, pause) in [("crash", after), ("revive", Duration::ZERO)] {
            let done = Command::new(&script).arg(step).arg(folder).arg(service).status().await?;
            ensure!(done.success(), "{service} did not {step}");
            sleep(pause).await;
        }
        Ok(())
    }

    /// Stops Kafka's process, and lets it go on after a while.
    ///
    /// # Errors
    /// If it is not there.
    pub(super) async fn freeze_kafka(&self) -> anyhow::Result<()> {
        let pid = std::fs::read_to_string(self.folder()?.join("kafka/pid"))?;
        for (signal, pause) in [("-STOP", self.kafka_stops), ("-CONT", Duration::ZERO)] {
            let sent = Command::new("kill").args([signal, pid.trim()]).status().await?;
            ensure!(sent.success(), "Kafka was not there");
            sleep(pause).await;
        }
        Ok(())
    }

    /// Makes Redis forget everything.
    ///
    /// # Errors
    /// If it does not.
    pub(super) async fn flush_redis(&self) -> anyhow::Result<()> {
        let rest = self.services.redis.strip_prefix("redis://").context("no redis:// URL")?;
        let (user, address) = rest.rsplit_once('@').unwrap_or(("", rest));
        let mut redis = TcpStream::connect(address).await?;
        if let Some((_, password)) = user.split_once(':') {
            redis.write_all(format!("AUTH {password}\r\n").as_bytes()).await?;
        }
        redis.write_all(b"FLUSHALL\r\nQUIT\r\n").await?;
        let mut said = String::new();
        redis.read_to_string(&mut said).await?;
        ensure!(!said.contains("-ERR") && !said.contains("-NOAUTH"), "Redis: {said}");
        Ok(())
    }

    /// Ends every session of the nodes in Postgres.
    ///
    /// # Errors
    /// If Postgres cannot be reached.
    pub(super) async fn end_sessions(&self) -> anyhow::Result<()> {
        let mut postgres = PgConnection::connect(&self.cluster.database).await?;
        sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .execute(&mut postgres)
        .await?;
        Ok(postgres.close().await?)
    }

    /// Changes the database that the nodes write to.
    ///
    /// # Errors
    /// If Postgres does not do it.
    pub(super) async fn alter(&self, sql: &'static str) -> anyhow::Result<()> {
        let mut postgres = PgConnection::connect(&self.cluster.database).await?;
        sqlx::raw_sql(sql).execute(&mut postgres).await?;
        Ok(postgres.close().await?)
    }

    /// What the statistics have otherwise than the journal; they may take a while to catch up.
    pub(super) async fn wrong_count(&self, event: &str) -> String {
        let mut said = String::new();
        for _ in 0..CONVERGE_WITHIN.as_secs() {
            match self.cluster.command(["stats", event, "--recount"]).await {
                Ok(_) => return String::new(),
                Err(differs) => said = differs.to_string(),
            }
            sleep(Duration::from_secs(1)).await;
        }
        said
    }

    /// The whole journal of an event, its chain and its numbers checked.
    ///
    /// # Errors
    /// If it has a gap or a broken link.
    pub(super) async fn journal(&self, event: &str) -> anyhow::Result<Journal> {
        Self::journal_at(&self.cluster.database, event).await
    }

    /// The same, of a database that may be another.
    ///
    /// # Errors
    /// See [`Self::journal`].
    pub(super) async fn journal_at(database: &str, event: &str) -> anyhow::Result<Journal> {
        let store = postgres::open(&PostgresConfig::new(database), NodeId(rand::random())).await?;
        let journal = Journal::read(&store, event).await;
        store.close().await;
        journal
    }
}

/// What is durable of an event.
pub(super) struct Journal {
    /// Every record.
    pub(super) records: Vec<Record>,
    /// Of each batch, in order.
    pub(super) fences: Vec<Fence>,
    /// What it says of the seat map.
    pub(super) map: Expected,
}

impl Journal {
    /// Reads it, and checks its chain and numbers.
    ///
    /// # Errors
    /// If it has a gap or a broken link.
    pub(super) async fn read<S>(store: &S, event: &str) -> anyhow::Result<Self>
    where
        S: tiketi_engine::ports::Journal + Catalog,
    {
        let event: EventId = event.parse()?;
        let Durable { records, fences } = Durable::read(store, event).await?;
        let opened = records.first().map(|record: &Record| &record.change);
        let Some(Change::SaleOpened { terms }) = opened else { bail!("no sale was opened") };
        let chart = store.chart(terms.chart).await?.context("the chart is missing")?;
        let map = Expected::of(event, chart, &records)?;
        Ok(Self { records, fences, map })
    }
}

impl OnSale {
    /// How often a viewer saw what the journal does not say; one more for each that does not come
    /// to have what it says, in good time.
    pub(super) async fn wrong_views(&self, journal: &Journal) -> usize {
        let mut wrong = 0;
        for viewer in &self.viewers {
            let converge = async {
                while !viewer.has(&journal.map) {
                    sleep(LOOK).await;
                }
            };
            let converged = tokio::time::timeout(CONVERGE_WITHIN, converge).await.is_ok();
            wrong += viewer.wrong(&journal.map) + usize::from(!converged);
        }
        wrong
    }

    /// Waits until so many more acknowledgements have come.
    ///
    /// # Errors
    /// If they do not in five minutes, or clients were told what they must not be told.
    pub(super) async fn goes_on(&self, more: usize) -> anyhow::Result<()> {
        let acked = || self.crowd.history().acked_at.len();
        let wrong = || self.crowd.history().errors.first().cloned();
        let (enough, give_up_at) = (acked() + more, Instant::now() + PATIENCE);
        while acked() < enough {
            if let Some(error) = wrong() {
                bail!("the sale does not go on as it should: {error}");
            }
            ensure!(Instant::now() < give_up_at, "the sale does not go on");
            sleep(LOOK).await;
        }
        Ok(())
    }

    /// Lets the sale go on for a while, and the crowd finish.
    ///
    /// # Errors
    /// If it does not go on.
    pub(super) async fn finish(&mut self) -> anyhow::Result<()> {
        let goes_on = self.goes_on(WELL).await;
        self.crowd.end();
        while self.shopping.join_next().await.is_some() {}
        goes_on
    }
}

/// The second of the day by this machine's clock.
fn now_of_day() -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or(0) % DAY_S
}

const PASSWORD: &str = "correct horse battery";
