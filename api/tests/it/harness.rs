//! A server of its own for each test: the real binary on free ports, with a fresh data folder.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use tiketi_engine::testing::plans::room;
use tiketi_engine::testing::services;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_tiketi");
pub(crate) const PASSWORD: &str = "correct horse battery";

const UNBOUNDED: [(&str, &str); 2] =
    [("TIKETI_LIMITS__ACCOUNT_PER_MINUTE", "0"), ("TIKETI_LIMITS__ADDRESS_PER_MINUTE", "0")];

/// How a server is started.
#[derive(Debug, Clone, Default)]
pub(crate) struct Setup {
    pub(crate) payments: bool,
    pub(crate) environment: BTreeMap<String, String>,
}

impl Setup {
    /// The binary with these settings; a node of a cluster has no folder.
    fn binary(&self, data: &Path) -> Command {
        let mut command = Command::new(BINARY);
        // All of a test's requests come from one address.
        command.env_clear().envs(UNBOUNDED).envs(&self.environment);
        if !self.environment.contains_key("TIKETI_CLUSTER__POSTGRES_URL") {
            command.env("TIKETI_DATA_DIR", data);
        }
        command
    }
}

/// A process that is killed when it goes out of scope.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    pub(crate) fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// Asks it to end and waits.
    pub(crate) fn terminate(&mut self) -> ExitStatus {
        let told = Command::new("kill").arg(self.id().to_string()).status().unwrap();
        assert!(told.success());
        self.0.wait().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A running server.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) status_url: String,
    pub(crate) setup_link: Option<String>,
    pub(crate) process: Process,
    pub(crate) folder: TempDir,
    setup: Setup,
    /// Lives as long as the server and outlives its restarts.
    _sandbox: Option<(Process, String)>,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(Setup::default())
    }

    pub(crate) fn with(mut setup: Setup) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = setup.payments.then(start_sandbox);
        if let Some((_, url)) = &sandbox {
            let settings = [
                ("PROVIDER", "toss".to_owned()),
                ("API_URL", url.clone()),
                ("WINDOW_URL", format!("{url}/window")),
                ("CLIENT_KEY", "test_ck".to_owned()),
                ("SECRET_KEY", SANDBOX_SECRET.to_owned()),
                ("TIMEOUT_MS", "1500".to_owned()),
            ];
            for (name, value) in settings {
                setup.environment.insert(format!("TIKETI_PAYMENTS__{name}"), value);
            }
        }
        let started = spawn(folder.path(), "127.0.0.1:0", &setup);
        let (process, url, status_url, setup_link) = started;
        Self { url, status_url, setup_link, process, folder, setup, _sandbox: sandbox }
    }

    /// Restores a back-up into a folder of its own, and starts a second server there.
    pub(crate) fn restored_from(&self, copy: &Path) -> Self {
        let (folder, setup) = (tempfile::tempdir().unwrap(), self.setup.clone());
        let restore = ["restore", copy.to_str().unwrap()];
        let output = setup.binary(folder.path()).args(restore).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let (process, url, status_url, setup_link) = spawn(folder.path(), "127.0.0.1:0", &setup);
        Self { url, status_url, setup_link, process, folder, setup, _sandbox: None }
    }

    pub(crate) fn data_dir(&self) -> &Path {
        self.folder.path()
    }

    /// What it has logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.data_dir().join("server.log")).unwrap()
    }

    /// Starts the server again, on the same address and data.
    pub(crate) fn restart(&mut self) {
        let address = self.url.trim_start_matches("http://").to_owned();
        let (process, url, status_url, setup_link) =
            spawn(self.folder.path(), &address, &self.setup);
        (self.process, self.url, self.status_url) = (process, url, status_url);
        self.setup_link = setup_link;
    }

    /// A series of its metrics, with its labels if it has some, as it is now.
    pub(crate) async fn metric(&self, series: &str) -> u64 {
        let metrics = reqwest::get(format!("{}/metrics", self.status_url)).await.unwrap();
        let metrics = metrics.text().await.unwrap();
        let line = metrics.lines().find(|line| line.starts_with(&format!("{series} ")));
        line.unwrap_or_else(|| panic!("no {series}")).rsplit(' ').next().unwrap().parse().unwrap()
    }

    /// Somebody who has just made an account.
    pub(crate) async fn fan(&self, name: &str) -> Caller {
        let caller = Caller::new(&self.url);
        let body = json!({
            "email": format!("{name}@example.com"), "name": name, "password": PASSWORD,
        });
        let answer = caller.post("/api/v1/accounts", &body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        caller
    }

    /// The first operator, made with the link that was printed.
    pub(crate) async fn operator(&self) -> Caller {
        let link = match &self.setup_link {
            Some(link) if link.contains('#') => link.clone(),
            // Nodes of a cluster leave it to a command.
            _ => self.says(&["operator-link"]).trim().to_owned(),
        };
        let token = link.split_once('#').unwrap().1;
        let caller = Caller::new(&self.url);
        let body = json!({
            "token": token, "email": "op@example.com", "name": "Op", "password": PASSWORD,
        });
        let answer = caller.post("/api/v1/setup", &body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        caller
    }

    /// An event on sale in a small room, with what `change` changes.
    pub(crate) async fn event(
        &self,
        operator: &Caller,
        rows: u32,
        seats: u32,
        change: impl FnOnce(&mut Value),
    ) -> String {
        let hash = self.import(&room(rows, seats));
        let mut body = json!({
            "title": "A night", "venue": "A small room", "starts_at": "2030-01-01T20:00:00+09:00",
            "chart": hash, "currency": "KRW", "order_fee_minor": 500,
            "ticket_types": [{"key": "adult", "label": "Adult"}, {"key": "child", "label": "Child"}],
            "prices": [
                {"category": "a", "ticket_type": "adult", "amount_minor": 100_000, "fee_minor": 1_000},
                {"category": "a", "ticket_type": "child", "amount_minor": 50_000, "fee_minor": 1_000},
                {"category": "b", "ticket_type": "adult", "amount_minor": 70_000},
            ],
            "opens_at": "2020-01-01T00:00:00Z", "closes_at": "2029-12-31T00:00:00Z",
        });
        change(&mut body);
        let answer = operator.post("/api/v1/operator/events", &body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    /// Imports a plan and gives its chart's hash.
    pub(crate) fn import(&self, plan: &Value) -> String {
        let file = self.folder.path().join("plan.json");
        std::fs::write(&file, plan.to_string()).unwrap();
        let text = self.says(&["plan", "import", file.to_str().unwrap()]);
        text.trim().rsplit(' ').next().unwrap().to_owned()
    }

    /// What `tiketi audit` says of an event, and whether it found nothing.
    pub(crate) fn audit(&self, event: &str) -> (bool, String) {
        let output = self.command(&["audit", event]);
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    }

    /// Runs a command with this server's settings to its end.
    pub(crate) fn command(&self, arguments: &[&str]) -> Output {
        self.setup.binary(self.folder.path()).args(arguments).output().unwrap()
    }

    /// What a command prints, if it ends well.
    pub(crate) fn says(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// The settings of a node of a cluster, and the keys that they name.
pub(crate) struct Shared {
    pub(crate) environment: BTreeMap<String, String>,
    _keys: TempDir,
}

/// The settings of a node over a database of its own; `None` if the services are to be skipped.
pub(crate) async fn shared_services() -> Option<Shared> {
    let postgres = services::address("TIKETI_TEST_POSTGRES")?;
    let (redis, kafka) =
        (services::address("TIKETI_TEST_REDIS")?, services::address("TIKETI_TEST_KAFKA")?);
    let name = format!("it_{:016x}", RandomState::new().hash_one(0));
    let mut session = PgConnection::connect(&postgres).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::raw_sql(create).execute(&mut session).await.unwrap();
    let (server, _) = postgres.rsplit_once('/').unwrap();
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys");
    let settings = [
        ("KEYS_DIR", keys.to_str().unwrap()),
        ("CLUSTER__POSTGRES_URL", &format!("{server}/{name}")),
        ("CLUSTER__REDIS_URL", &redis),
        ("CLUSTER__KAFKA_BROKERS", &kafka),
        ("CLUSTER__PREFIX", &name),
        ("CLUSTER__NODE_LISTEN", "127.0.0.1:0"),
    ];
    let named = |(name, value): (&str, &str)| (format!("TIKETI_{name}"), value.to_owned());
    let environment: BTreeMap<String, String> = settings.map(named).into();
    for arguments in [&["make-keys", keys.to_str().unwrap()][..], &["migrate"]] {
        let output =
            Command::new(BINARY).args(arguments).env_clear().envs(&environment).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    Some(Shared { environment, _keys: folder })
}

pub(crate) const SANDBOX_SECRET: &str = "test_sk_of_the_integration_tests";

fn start_sandbox() -> (Process, String) {
    let mut child = Command::new(BINARY)
        .args(["payment-sandbox", "--slow-ms", "4000"])
        .env("TIKETI_SANDBOX_SECRET", SANDBOX_SECRET)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = child.stdout.take().unwrap();
    let process = Process(child);
    let mut url = String::new();
    BufReader::new(output).read_line(&mut url).unwrap();
    (process, url.trim().to_owned())
}

type Started = (Process, String, String, Option<String>);

fn spawn(data: &Path, listen: &str, setup: &Setup) -> Started {
    let first_start = !data.join("tiketi.db").exists();
    let log =
        std::fs::File::options().create(true).append(true).open(data.join("server.log")).unwrap();
    let mut child = setup
        .binary(data)
        .args(["serve", "--listen", listen, "--metrics-listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let process = Process(child);
    let mut said: BTreeMap<String, String> = BTreeMap::new();
    for line in lines {
        let line = line.unwrap();
        if let Some((name, value)) = line.trim().split_once(char::is_whitespace) {
            let value = value.trim().split(' ').next().unwrap_or_default();
            said.insert(name.to_owned(), value.to_owned());
        }
        let last = if first_start { "Operator" } else { "Metrics" };
        if said.contains_key(last) {
            break;
        }
    }
    let log = || std::fs::read_to_string(data.join("server.log")).unwrap_or_default();
    let url = said.get("Fans").unwrap_or_else(|| panic!("the server did not start: {}", log()));
    let url = url.trim_end_matches('/').to_owned();
    let status_url = said["Metrics"].trim_end_matches("/metrics").to_owned();
    (process, url, status_url, said.get("Operator").cloned())
}

/// Runs the binary to its end.
pub(crate) fn tiketi(arguments: &[&str]) -> Output {
    Command::new(BINARY).args(arguments).env_clear().output().unwrap()
}

/// A path for a file that a test writes.
pub(crate) fn file(folder: &TempDir, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

/// Somebody who calls the server, with cookies.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) http: Client,
    pub(crate) base: String,
}

/// An answer, its body as JSON.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// The problem's code; empty if there is none.
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The body, if all went well.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert!(self.status < 300, "{} {}", self.status, self.body);
        self.body
    }
}

impl Caller {
    pub(crate) fn new(base: &str) -> Self {
        let http = Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        Self { http, base: base.to_owned() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, None).await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(body), None).await.unwrap()
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, Some(body), None).await.unwrap()
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, None).await.unwrap()
    }

    /// Posts with an idempotency key.
    pub(crate) async fn keyed(&self, path: &str, body: &Value, key: &str) -> Answer {
        self.send(Method::POST, path, Some(body), Some(key)).await.unwrap()
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> Result<Answer, reqwest::Error> {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(body) = body {
            request = request.json(body);
        }
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        read(request.send().await?).await
    }

    /// Joins, is called at once, and claims.
    pub(crate) async fn enter(&self, event: &str) {
        let joined = self.post(&format!("/api/v1/events/{event}/queue"), &json!({})).await.ok();
        assert_eq!(joined["type"], "called", "{joined}");
        let path = format!("/api/v1/events/{event}/queue/claim");
        assert_eq!(self.post(&path, &json!({})).await.ok()["type"], "admitted");
    }

    /// Holds the best seats for a party.
    pub(crate) async fn hold_best(&self, event: &str, quantity: u32) -> Answer {
        let body = json!({"type": "best_available", "quantity": quantity, "ticket_type": "adult"});
        self.post(&format!("/api/v1/events/{event}/holds"), &body).await
    }

    /// Holds one seat.
    pub(crate) async fn hold_seat(&self, event: &str, place: u32) -> Answer {
        let seat = json!({"type": "seat", "place": place, "ticket_type": "adult"});
        let body = json!({"type": "places", "items": [seat]});
        self.post(&format!("/api/v1/events/{event}/holds"), &body).await
    }
}

/// Reads an answer; a body that is not JSON becomes a text.
pub(crate) async fn read(response: reqwest::Response) -> Result<Answer, reqwest::Error> {
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = response.bytes().await?;
    let body = if bytes.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()))
    };
    Ok(Answer { status: status_of(status), headers, body })
}

fn status_of(status: StatusCode) -> u16 {
    status.as_u16()
}

/// Tries until something is there, for a minute and more.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(
    what: &str,
    mut look: impl FnMut() -> F,
) -> T {
    for _ in 0..2_400 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("never: {what}");
}
