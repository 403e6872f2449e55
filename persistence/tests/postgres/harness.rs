//! A database for each test, and what they do to it.

use std::io::Write;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Row};
use tiketi_engine::ports::NodeId;
use tiketi_persistence::postgres::{self, Postgres, PostgresConfig};

/// A database that is dropped with this, and the users that were made for it.
pub(crate) struct Database {
    server: String,
    name: String,
    users: Vec<String>,
}

impl Database {
    /// An empty one. `None` if tests are to go without services; then the caller has nothing to do.
    pub(crate) async fn empty() -> Option<Self> {
        Self::with("").await
    }

    /// One that `tiketi migrate` has been run on.
    pub(crate) async fn migrated() -> Option<Self> {
        let database = Self::empty().await?;
        postgres::migrate(&database.config()).await.unwrap();
        Some(database)
    }

    /// An empty one, made with some more options.
    pub(crate) async fn with(options: &str) -> Option<Self> {
        let server = server()?;
        let name = format!("tiketi_{}", unique());
        run_on(&server, &format!("CREATE DATABASE {name} {options}")).await;
        Some(Self { server, name, users: Vec::new() })
    }

    /// As the server's administrator.
    pub(crate) fn url(&self) -> String {
        let options = PgConnectOptions::from_str(&self.server).unwrap().database(&self.name);
        options.to_url_lossy().to_string()
    }

    pub(crate) fn config(&self) -> PostgresConfig {
        PostgresConfig::new(self.url())
    }

    /// A node of its own.
    pub(crate) async fn node(&self) -> Postgres {
        postgres::open(&self.config(), NodeId(7)).await.unwrap()
    }

    /// A session of the administrator.
    pub(crate) async fn session(&self) -> PgConnection {
        PgConnectOptions::from_str(&self.url()).unwrap().connect().await.unwrap()
    }

    /// Says something as the administrator.
    pub(crate) async fn run(&self, sql: &str) {
        run_on(&self.url(), sql).await;
    }

    /// A number, asked for as the administrator.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let row = sqlx::query(AssertSqlSafe(sql.to_owned()));
        row.fetch_one(&mut self.session().await).await.unwrap().try_get(0).unwrap()
    }

    /// Waits until somebody waits for a lock.
    pub(crate) async fn somebody_waits(&self) {
        while self.waiting().await == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// How many wait for a lock.
    pub(crate) async fn waiting(&self) -> i64 {
        self.number(
            "SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        .await
    }

    /// A new user, who has no rights and inherits none, and the URL.
    pub(crate) async fn ordinary_user(&mut self) -> (String, String) {
        let user = format!("tiketi_user_{}", unique());
        let password = unique();
        self.run(&format!("CREATE ROLE {user} LOGIN NOINHERIT PASSWORD '{password}'")).await;
        self.users.push(user.clone());
        let options = PgConnectOptions::from_str(&self.url()).unwrap();
        let url = options.username(&user).password(&password).to_url_lossy().to_string();
        (user, url)
    }

    /// Makes a user the owner, who may then make schemas.
    pub(crate) async fn give_to(&self, user: &str) {
        self.run(&format!("ALTER DATABASE {} OWNER TO {user}", self.name)).await;
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let mut sql = vec![format!("DROP DATABASE {} WITH (FORCE)", self.name)];
        sql.extend(self.users.iter().map(|user| format!("DROP ROLE {user}")));
        let server = self.server.clone();
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = runtime.unwrap();
            for sql in sql {
                runtime.block_on(run_on(&server, &sql));
            }
        });
        dropping.join().unwrap();
    }
}

/// The server's URL.
fn server() -> Option<String> {
    if let Ok(url) = std::env::var("TIKETI_TEST_POSTGRES") {
        return Some(url);
    }
    let skip = std::env::var("TIKETI_TEST_SKIP_SERVICES").is_ok_and(|skip| skip == "1");
    assert!(
        skip,
        "TIKETI_TEST_POSTGRES is not set: start the services: `.ci/services start DIR`, then \
         `. DIR/env`; or set TIKETI_TEST_SKIP_SERVICES=1 to go without"
    );
    // Not by a macro, whose output is only shown when a test fails.
    let said = std::io::stderr().write_all(b"SKIPPED: a test that needs Postgres\n");
    said.unwrap();
    None
}

async fn run_on(url: &str, sql: &str) {
    let mut session = PgConnectOptions::from_str(url).unwrap().connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut session).await.unwrap();
}

/// Different each time, on all machines that use the server.
fn unique() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    format!("{now:x}_{:x}_{:x}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// The SQLSTATE of what came of a statement; empty if it was done.
pub(crate) async fn outcome(session: &mut PgConnection, sql: &str) -> String {
    match sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(session).await {
        Ok(_) => String::new(),
        Err(error) => error.as_database_error().unwrap().code().unwrap().into_owned(),
    }
}
