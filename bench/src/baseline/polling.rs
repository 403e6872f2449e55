//! How the system that tiketi replaces tells fans their place in line: each asks again and again, and
//! a script in Redis answers. A server process of its own, over HTTP.
//!
//! As good as it can honestly be made: one script for each poll, over connections to Redis that
//! pipeline; connections of fans that are kept; no gateway before it, and no token to check.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail, ensure};
use redis::Script;
use redis::aio::MultiplexedConnection;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

/// The command that is the server.
pub(crate) const COMMAND: &str = "polling-server";
/// How long a user inside is known without asking, in milliseconds.
const ACTIVE_TTL_MS: u64 = 600_000;
/// How often users are let in, and how many at once.
const ADMIT_EVERY: Duration = Duration::from_secs(1);
const ADMITTED_AT_ONCE: u32 = 100;
/// Users that are put in line with one command.
const ENTERED_AT_ONCE: usize = 1_000;
/// Admissions a second that waits are estimated with.
const ADMITTED_PER_S: u64 = 50;

/// What the server needs to know.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where the line is: the variable of the environment that has Redis's URL.
    #[arg(long)]
    redis_variable: String,
    /// What its keys begin with.
    #[arg(long)]
    prefix: String,
}

/// Where the lines of events are kept.
#[derive(Clone)]
pub(crate) struct Lines {
    redis: MultiplexedConnection,
    prefix: String,
    status: Arc<Script>,
    admit: Arc<Script>,
}

/// Where a user stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// In line: the first has place 1.
    Waiting {
        place: u64,
        size: u64,
    },
    Inside,
    Nowhere,
}

impl Lines {
    pub(crate) async fn open(redis: &str, prefix: String) -> anyhow::Result<Self> {
        Ok(Self {
            redis: super::connect(redis).await?,
            prefix,
            status: Arc::new(Script::new(include_str!("status.lua"))),
            admit: Arc::new(Script::new(include_str!("admit.lua"))),
        })
    }

    /// Users `0..inside` are inside an event with room for as many, and `waiting` more in line.
    ///
    /// # Errors
    /// If Redis refuses.
    pub(crate) async fn set_up(
        &mut self,
        event: u64,
        inside: u64,
        waiting: u64,
    ) -> anyhow::Result<()> {
        let now = now_ms()?;
        let mut set_up = redis::pipe();
        set_up.set(self.key(event, "threshold"), inside).ignore();
        for user in 0..inside {
            set_up.zadd(self.key(event, "active"), user, now + ACTIVE_TTL_MS).ignore();
        }
        set_up.exec_async(&mut self.redis).await?;
        let users: Vec<(u64, u64)> =
            (inside..inside + waiting).map(|user| (now + user, user)).collect();
        for some in users.chunks(ENTERED_AT_ONCE) {
            redis::pipe()
                .zadd_multiple(self.key(event, "queue"), some)
                .ignore()
                .exec_async(&mut self.redis)
                .await?;
        }
        redis::pipe().sadd(self.events(), event).exec_async(&mut self.redis).await?;
        Ok(())
    }

    /// Forgets an event.
    ///
    /// # Errors
    /// If Redis refuses.
    pub(crate) async fn forget(&mut self, event: u64) -> anyhow::Result<()> {
        let mut forget = redis::pipe();
        forget.srem(self.events(), event).ignore();
        for what in ["queue", "active", "seen", "active-seen", "threshold"] {
            forget.del(self.key(event, what)).ignore();
        }
        Ok(forget.exec_async(&mut self.redis).await?)
    }

    /// Time that Redis has had on processors, in seconds.
    ///
    /// # Errors
    /// If Redis does not say.
    pub(crate) async fn core_seconds(&mut self) -> anyhow::Result<f64> {
        let said: String = redis::cmd("INFO").arg("cpu").query_async(&mut self.redis).await?;
        let figure = |name: &str| -> anyhow::Result<f64> {
            let value = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            Ok(value.with_context(|| format!("no {name}"))?.trim().parse()?)
        };
        Ok(figure("used_cpu_sys")? + figure("used_cpu_user")?)
    }

    fn key(&self, event: u64, what: &str) -> String {
        format!("{}:{{{event}}}:{what}", self.prefix)
    }

    fn events(&self) -> String {
        format!("{}:active-events", self.prefix)
    }

    async fn standing(&mut self, event: u64, user: &str) -> anyhow::Result<(Standing, u64, u64)> {
        let mut asked = self.status.key(self.key(event, "queue"));
        for what in ["active", "seen", "active-seen", "threshold"] {
            asked.key(self.key(event, what));
        }
        let asked = asked.arg(user).arg(now_ms()?).arg(ACTIVE_TTL_MS);
        let (place, size, is_inside, inside, threshold): (u64, u64, bool, u64, u64) =
            asked.invoke_async(&mut self.redis).await?;
        let standing = match (is_inside, place) {
            (true, _) => Standing::Inside,
            (false, 0) => Standing::Nowhere,
            (false, place) => Standing::Waiting { place, size },
        };
        Ok((standing, inside, threshold))
    }

    async fn leave(&mut self, event: u64, user: &str) -> anyhow::Result<()> {
        let mut leave = redis::pipe();
        for what in ["queue", "active", "seen", "active-seen"] {
            leave.zrem(self.key(event, what), user).ignore();
        }
        Ok(leave.exec_async(&mut self.redis).await?)
    }

    /// Lets in who is first, at every event, once a second; never returns.
    async fn admit(mut self) -> anyhow::Result<()> {
        let mut ticks = interval(ADMIT_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let events: Vec<u64> =
                redis::cmd("SMEMBERS").arg(self.events()).query_async(&mut self.redis).await?;
            for event in events {
                let mut asked = self.admit.key(self.key(event, "queue"));
                for what in ["active", "seen", "threshold"] {
                    asked.key(self.key(event, what));
                }
                let asked = asked.arg(now_ms()?).arg(ACTIVE_TTL_MS).arg(ADMITTED_AT_ONCE);
                let _admitted: u32 = asked.invoke_async(&mut self.redis).await?;
            }
        }
    }
}

/// How many seconds a fan waits before asking again, by the place.
pub(crate) const fn next_poll_s(place: u64) -> u64 {
    match place {
        0 => 3,
        1..=1_000 => 1,
        1_001..=5_000 => 5,
        5_001..=10_000 => 10,
        10_001..=100_000 => 30,
        _ => 60,
    }
}

/// The server: prints where it listens, and serves until it is killed.
///
/// # Errors
/// If Redis cannot be reached.
pub(crate) async fn serve(args: Args) -> anyhow::Result<()> {
    let redis = std::env::var(&args.redis_variable)?;
    let lines = Lines::open(&redis, args.prefix).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(io::stdout(), "{}", listener.local_addr()?)?;
    let mut tasks = JoinSet::new();
    tasks.spawn(lines.clone().admit());
    let accept = async {
        let mut connections = JoinSet::new();
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let lines = lines.clone();
            connections.spawn(async move {
                if let Err(error) = answer(stream, lines).await
                    && !has_left(&error)
                {
                    // Whoever cannot be told why sees the connection closed.
                    writeln!(io::stderr(), "polling server: {error:#}").ok();
                }
            });
            while connections.try_join_next().is_some() {}
        }
    };
    tokio::select! {
        ended = accept => ended,
        Some(ended) = tasks.join_next() => ended?,
    }
}

/// Whether somebody closed a connection, which is no fault.
fn has_left(error: &anyhow::Error) -> bool {
    let closed = [io::ErrorKind::ConnectionReset, io::ErrorKind::BrokenPipe];
    error.downcast_ref::<io::Error>().is_some_and(|error| closed.contains(&error.kind()))
}

/// Answers whatever one connection asks, until it is closed.
async fn answer(stream: TcpStream, mut lines: Lines) -> anyhow::Result<()> {
    let mut stream = BufReader::with_capacity(1_024, stream);
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let mut words = line.split(' ');
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let is_leaving = method == "POST";
        let event = path.rsplit('/').next().and_then(|event| event.parse().ok());
        let event = event.with_context(|| format!("no event: {path}"))?;
        let mut user = None;
        loop {
            line.clear();
            stream.read_line(&mut line).await?;
            if line.trim_end().is_empty() {
                break;
            }
            if let Some(name) = line.strip_prefix("X-User-Id: ") {
                user = Some(name.trim_end().to_owned());
            }
        }
        let user = user.context("nobody asks")?;
        let body = if is_leaving {
            lines.leave(event, &user).await?;
            r#"{"message":"Left queue"}"#.to_owned()
        } else {
            let (standing, inside, threshold) = lines.standing(event, &user).await?;
            told(standing, inside, threshold)
        };
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await?;
    }
}

/// What a fan is told, as the old system says it.
fn told(standing: Standing, inside: u64, threshold: u64) -> String {
    let event = r#""eventInfo":{"title":"A night of figures","artist":"Somebody"}"#;
    match standing {
        Standing::Waiting { place, size } => format!(
            r#"{{"queued":true,"status":"queued","position":{place},"peopleAhead":{},"peopleBehind":{},"queueSize":{size},"estimatedWait":{},"nextPoll":{},"threshold":{threshold},"currentUsers":{inside},{event}}}"#,
            place - 1,
            size.saturating_sub(place),
            (place / ADMITTED_PER_S).max(5),
            next_poll_s(place),
        ),
        Standing::Inside => format!(
            r#"{{"queued":false,"status":"active","nextPoll":3,"threshold":{threshold},"currentUsers":{inside},{event}}}"#
        ),
        Standing::Nowhere => r#"{"status":"not_in_queue"}"#.to_owned(),
    }
}

fn now_ms() -> anyhow::Result<u64> {
    Ok(u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}

/// The server as a process of its own. It is killed when this goes out of scope.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts it; it answers when this returns.
    ///
    /// # Errors
    /// If it does not start.
    pub(crate) async fn start(redis: &str, prefix: &str) -> anyhow::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args([COMMAND, "--redis-variable", "TIKETI_POLLING_REDIS", "--prefix", prefix])
            // A URL with a password is nothing for a command line.
            .env("TIKETI_POLLING_REDIS", redis)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = process.stdout.take().context("the polling server says nothing")?;
        let first = BufReader::new(output).lines().next_line().await?;
        let Some(first) = first else { bail!("the polling server ended at once") };
        Ok(Self { process, address: first.parse()? })
    }

    /// The number of its process.
    ///
    /// # Errors
    /// If it has ended.
    pub(crate) fn pid(&self) -> anyhow::Result<u32> {
        self.process.id().context("the polling server has ended")
    }

    /// Ends it.
    ///
    /// # Errors
    /// If it had ended before.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        ensure!(self.process.try_wait()?.is_none(), "the polling server has ended");
        Ok(self.process.kill().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_nearer_to_the_front_asks_more_often() {
        let places = [(1, 1), (1_000, 1), (1_001, 5), (5_001, 10), (10_001, 30), (100_001, 60)];
        for (place, seconds) in places {
            assert_eq!(next_poll_s(place), seconds, "place {place}");
        }
        let told = told(Standing::Waiting { place: 1_001, size: 2_000 }, 100, 100);
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!((&told["position"], &told["nextPoll"]), (&1_001.into(), &5.into()), "{told}");
        assert_eq!((&told["peopleAhead"], &told["peopleBehind"]), (&1_000.into(), &999.into()));
    }
}
