//! `run` against a server of this test: what a scenario measures, and how a run ends.
#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tiketi_bench::load::open::FellBehind;
use tiketi_bench::scenario::file::{Action, Failover, Overrides, Scenario};
use tiketi_bench::scenario::{Args, Broken, run};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::sync::RwLock;
use tokio::task::JoinSet;
use tokio::time::sleep;

const STALL: Duration = Duration::from_millis(400);

/// A server with one event that anybody may look at.
struct Fake {
    url: String,
    served: Arc<AtomicU64>,
    _accepting: JoinSet<()>,
}

/// When a server answers nobody for a while.
#[derive(Clone)]
struct Stalls {
    /// With which request.
    at: u64,
    gate: Arc<RwLock<()>>,
}

impl Fake {
    /// Begins to serve; everybody waits while one request is being answered.
    async fn start(stalls_at: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let served = Arc::new(AtomicU64::new(0));
        let (counting, stalls) =
            (Arc::clone(&served), Stalls { at: stalls_at, gate: Arc::default() });
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, Arc::clone(&counting), stalls.clone()));
            }
        });
        Self { url, served, _accepting: accepting }
    }
}

async fn serve(stream: TcpStream, served: Arc<AtomicU64>, stalls: Stalls) {
    let mut stream = BufReader::new(stream);
    loop {
        let Some(asked) = read(&mut stream).await else { return };
        if served.fetch_add(1, Ordering::Relaxed) == stalls.at {
            let _everybody = stalls.gate.write().await;
            sleep(STALL).await;
        }
        let _one = stalls.gate.read().await;
        let (status, body) = answer_to(&asked);
        let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The first words of a request that was read to its end: method and path.
async fn read(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let (mut asked, mut line, mut length) = (String::new(), String::new(), 0);
    loop {
        line.clear();
        match stream.read_line(&mut line).await {
            Ok(0) | Err(_) => return None,
            Ok(_) if asked.is_empty() => {
                asked = line.trim_end_matches(" HTTP/1.1\r\n").to_owned();
            }
            Ok(_) if line == "\r\n" => break,
            Ok(_) => {}
        }
        if let Some(said) = line.strip_prefix("Content-Length: ") {
            length = said.trim().parse().unwrap();
        }
    }
    stream.read_exact(&mut vec![0; length]).await.ok()?;
    Some(asked)
}

fn answer_to(asked: &str) -> (u16, &'static str) {
    match asked {
        "GET /api/v1/events" => (200, r#"{"items":[{"id":"evt_0000000000001"}]}"#),
        "GET /api/v1/events/evt_0000000000001" => {
            (200, r#"{"chart":"c0ffee","ticket_types":[{"key":"adult"}]}"#)
        }
        "GET /api/v1/charts/c0ffee" => {
            (200, r#"{"blocks":[{"kind":"area","count":9},{"kind":"row","first":9,"count":8}]}"#)
        }
        "POST /api/v1/events/evt_0000000000001/queue"
        | "DELETE /api/v1/events/evt_0000000000001/queue" => (200, r#"{"type":"called"}"#),
        "POST /api/v1/events/evt_0000000000001/queue/claim" => (200, r#"{"type":"admitted"}"#),
        // Everything is somebody else's.
        "POST /api/v1/events/evt_0000000000001/holds" => (409, r#"{"code":"taken"}"#),
        _ => (404, r#"{"code":"no_such_page"}"#),
    }
}

/// Somebody who browses, under some load and thresholds.
fn browsing(load: &str, thresholds: &str) -> String {
    format!(
        "name = \"test\"\nabout = \"A test <of> this.\"\nlag_max_ms = 250\n\
         [[group]]\naction = \"browse\"\n{load}\n[thresholds.all]\n{thresholds}\n"
    )
}

const CLOSED: &str = "closed = { from = 4, stages = [{ users = 4, seconds = 2 }] }";
const OPEN: &str = "open = { users = 2000, stages = [{ rate = 100, seconds = 1 }, \
                    { rate = 300, seconds = 1 }] }";

fn args(folder: &TempDir, scenario: &str, url: &str) -> Args {
    let file = folder.path().join("test.toml");
    fs::write(&file, scenario).unwrap();
    Args {
        scenario: file,
        url: Some(url.parse().unwrap()),
        event: None,
        access_key: None,
        bots: None,
        database: None,
        tiketi: PathBuf::new(),
        smoke: false,
        overrides: Overrides::default(),
        seed: 1,
        out: folder.path().to_owned(),
    }
}

fn report(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("test.json")).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn open_load_shows_a_stall_in_its_p99_and_closed_load_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let server = Fake::start(300).await;
    run(&args(&folder, &browsing(OPEN, "failed_percent = 0"), &server.url)).await.unwrap();
    let opened = report(folder.path());
    let server = Fake::start(300).await;
    run(&args(&folder, &browsing(CLOSED, "failed_percent = 0"), &server.url)).await.unwrap();
    let closed = report(folder.path());
    let stall_ms = STALL.as_secs_f64() * 1_000.0;
    let ms = |report: &Value, of: &str| report["all"][of].as_f64().unwrap();
    assert!(ms(&opened, "p99_ms") > stall_ms * 0.75, "{}", opened["all"]);
    assert!(ms(&closed, "p99_ms") < stall_ms * 0.25, "{}", closed["all"]);
    assert!(ms(&closed, "max_ms") > stall_ms * 0.75, "it was there: {}", closed["all"]);
    assert_eq!(opened["steps"]["events"]["answers"], 400, "the plan is kept: {}", opened["steps"]);
    assert!(closed["generator"].is_null() && opened["generator"]["fell_behind"] == false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_written_down_in_four_forms_that_agree() {
    let folder = tempfile::tempdir().unwrap();
    let server = Fake::start(u64::MAX).await;
    run(&args(&folder, &browsing(OPEN, "p99_ms = 10000"), &server.url)).await.unwrap();
    let result = report(folder.path());
    let schema = serde_json::from_str(include_str!("../report.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<String> = schema.iter_errors(&result).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let mut other = result.clone();
    other["surprise"] = Value::Bool(true);
    assert!(!schema.is_valid(&other), "the schema says all that there is");

    let read = |ending: &str| fs::read_to_string(folder.path().join(ending)).unwrap();
    let csv = read("test.csv");
    let of_all = csv.lines().filter_map(|line| {
        let mut fields = line.split(',').skip(1);
        if fields.next()? != "all" {
            return None;
        }
        fields.nth(1)?.parse::<u64>().ok()
    });
    // The three that were made to get to know the event are not counted.
    let answers = server.served.load(Ordering::Relaxed) - 3;
    assert_eq!(of_all.sum::<u64>(), answers, "{csv}");
    assert_eq!(result["all"]["answers"].as_u64().unwrap(), answers);
    let junit = read("test.xml");
    assert!(junit.contains("tests=\"5\" failures=\"0\""), "{junit}");
    let html = read("test.html");
    assert!(
        html.contains("A test &lt;of&gt; this.") && html.contains("300 a second for 1 s"),
        "{html}"
    );
    assert!(!html.contains("http") && !html.contains("src="), "it loads nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_thresholds_and_void_runs_end_differently_and_are_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let server = Fake::start(u64::MAX).await;
    let impossible = browsing(CLOSED, "per_second = 1e9\np99_ms = 0");
    let mut broken = args(&folder, &impossible, &server.url);
    broken.overrides.duration = Some(Duration::from_millis(200));
    let error = run(&broken).await.unwrap_err();
    assert!(error.is::<Broken>(), "{error:#}");
    let result = report(folder.path());
    let met: Vec<&Value> =
        result["thresholds"].as_array().unwrap().iter().map(|of| &of["met"]).collect();
    assert_eq!(met, [false, true, false], "{}", result["thresholds"]);
    let junit = fs::read_to_string(folder.path().join("test.xml")).unwrap();
    assert!(junit.contains("tests=\"5\" failures=\"2\""), "{junit}");

    let hasty = impossible.replace("lag_max_ms = 250", "lag_max_ms = 0");
    let mut void = args(&folder, &hasty, &server.url);
    void.overrides.rate = Some(500.0);
    void.overrides.duration = Some(Duration::from_millis(200));
    let error = run(&void).await.unwrap_err();
    assert!(error.is::<FellBehind>(), "{error:#}");
    assert_eq!(report(folder.path())["generator"]["fell_behind"], true);
}

/// A process that is told to end as soon as a server has served so many requests.
async fn interrupted(folder: &TempDir, server: &Fake, scenario: &str) -> Option<i32> {
    let file = folder.path().join("test.toml");
    fs::write(&file, scenario).unwrap();
    let mut running = Command::new(env!("CARGO_BIN_EXE_tiketi-bench"))
        .arg("run")
        .arg(file)
        .args(["--url", &server.url, "--out"])
        .arg(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while server.served.load(Ordering::Relaxed) < 100 {
        sleep(Duration::from_millis(1)).await;
    }
    let pid = running.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().await.unwrap().success());
    running.wait().await.unwrap().code()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_interrupted_is_written_down_and_ends_with_a_code_of_its_own() {
    let schema = serde_json::from_str(include_str!("../report.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    // Whoever pauses for minutes does not wait for the end of that.
    let paused = format!("pause_ms = [60000, 60000]\n{}", CLOSED.replace('4', "400"));
    for load in [
        paused.replace("seconds = 2", "seconds = 600"),
        OPEN.replace("seconds = 1", "seconds = 600"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let server = Fake::start(u64::MAX).await;
        let code = interrupted(&folder, &server, &browsing(&load, "p99_ms = 10000")).await;
        assert_eq!(code, Some(7), "{load}");
        let result = report(folder.path());
        assert!(schema.is_valid(&result) && result["interrupted"] == true, "{result}");
        let answers = server.served.load(Ordering::Relaxed) - 3;
        assert_eq!(result["all"]["answers"].as_u64().unwrap(), answers, "{load}");
        assert!(result["took_s"].as_f64().unwrap() < 60.0, "{load}");
        let junit = fs::read_to_string(folder.path().join("test.xml")).unwrap();
        assert!(junit.contains("failures=\"1\"") && junit.contains("ran to its end"), "{junit}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn users_who_must_be_signed_in_need_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let server = Fake::start(u64::MAX).await;
    let scenario = browsing(CLOSED, "p99_ms = 1").replace("browse", "hold");
    let error = run(&args(&folder, &scenario, &server.url)).await.unwrap_err();
    assert!(format!("{error:#}").contains("--access-key"), "{error:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_in_which_nobody_got_anything_fails_though_every_refusal_was_lawful() {
    let folder = tempfile::tempdir().unwrap();
    let server = Fake::start(u64::MAX).await;
    let scenario = browsing(CLOSED, "failed_percent = 0").replace("browse", "contention");
    let mut nothing = args(&folder, &scenario, &server.url);
    nothing.access_key = Some(folder.path().join("test.toml"));
    nothing.overrides.duration = Some(Duration::from_millis(200));
    let error = run(&nothing).await.unwrap_err();
    assert!(format!("{error:#}").contains("no hold of contention was granted"), "{error:#}");
    let junit = fs::read_to_string(folder.path().join("test.xml")).unwrap();
    assert!(junit.contains("failures=\"1\""), "{junit}");
    let holds = &report(folder.path())["steps"]["hold"];
    assert_eq!(holds["refused"]["taken"], holds["answers"], "{holds}");
    assert_eq!(holds["failed_percent"], 0.0, "{holds}");
    // Everybody is let in once and goes in the end, which is not part of what was measured.
    let result = report(folder.path());
    assert_eq!(result["steps"]["join"]["answers"], 4, "{}", result["steps"]);
    assert!(result["steps"]["leave"].is_null(), "{}", result["steps"]);
}

#[test]
fn a_file_that_makes_no_sense_is_refused_with_what_is_wrong() {
    let good = browsing(CLOSED, "p99_ms = 1");
    let with = |from: &str, to: &str| good.replace(from, to);
    let cases = [
        (with("lag_max_ms", "lag_max"), "unknown field `lag_max`"),
        (with("seconds = 2", "minutes = 2"), "unknown field `minutes`"),
        (with("p99_ms", "p99"), "unknown field `p99`"),
        (with("thresholds.all", "thresholds.dance"), "unknown variant `dance`"),
        (with("browse", "steal"), "unknown variant `steal`"),
        (with("seconds = 2", "seconds = 0"), "stage 1 lasts 0 seconds"),
        (with("seconds = 2", "seconds = 9000"), "stage 1 lasts 9000 seconds"),
        (with("= 4", "= 0"), "it has no users"),
        (with(CLOSED, ""), "either closed or open"),
        (with(CLOSED, &format!("{CLOSED}\n{OPEN}")), "either closed or open"),
        (with(CLOSED, "closed = { stages = [] }"), "it has no stages"),
        (with(CLOSED, &OPEN.replace("100", "0")), "stage 1 has a rate of 0"),
        (with(CLOSED, &format!("pause_ms = [2, 1]\n{CLOSED}")), "the least and then the most"),
        (with("thresholds.all", "thresholds.confirm"), "confirm, which no group does"),
        (with("p99_ms = 1", "p99_ms = -1"), "thresholds.all.p99_ms is -1"),
        (with("\"test\"", "\"../test\""), "the name \"../test\""),
    ];
    let failover = "[failover]\nkill_after_s = 1\nback_after_s = 0.5\ngap_max_ms = 1\n[[group]]";
    let killed = with("[[group]]", failover);
    let open = with(CLOSED, OPEN).replace("browse", "watch");
    let more = [
        (killed.replace("back_after_s = 0.5", "back_after_s = 1"), "must be within the run"),
        (killed.replace("kill_after_s = 1", "kill_after_s = 0"), "must be within the run"),
        (killed.replace("gap_max", "nodes = 1\ngap_max"), "somebody must take over"),
        (killed.replace("gap_max_ms = 1", "gap_max_ms = 0"), "failover.gap_max_ms is 0"),
        (open, "who watches does so all the time"),
    ];
    Scenario::read(&good).unwrap();
    Scenario::read(&killed).unwrap();
    for (text, expected) in cases.into_iter().chain(more) {
        let said = format!("{:#}", Scenario::read(&text).unwrap_err());
        assert!(said.contains(expected), "{said} does not say {expected}");
    }
}

#[test]
fn the_schema_knows_every_step() {
    let schema: Value = serde_json::from_str(include_str!("../report.schema.json")).unwrap();
    let known: BTreeSet<&str> = schema["$defs"]["step"]["enum"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let actions = [
        Action::Browse,
        Action::Hold,
        Action::Contention,
        Action::Waver,
        Action::Watch,
        Action::Purchase,
        Action::Queue,
        Action::Operate,
    ];
    let taken: BTreeSet<&str> =
        actions.iter().flat_map(|action| action.steps()).map(|step| step.name()).collect();
    assert_eq!(known, taken);
}

#[test]
fn flags_scale_what_the_file_says() {
    let scenario = Scenario::read(&browsing(CLOSED, "p99_ms = 1")).unwrap();
    let (duration, rate, users) = (Some(Duration::from_secs(5)), Some(50.0), Some(12));
    let longer = scenario.clone().with(Overrides { duration, rate: None, users }).unwrap();
    let ramp = longer.groups[0].ramp().unwrap();
    assert_eq!((longer.lasts(), ramp.from, ramp.peak()), (Duration::from_secs(5), 12, 12));
    let killed = "[failover]\nkill_after_s = 1\nback_after_s = 0.5\ngap_max_ms = 9\n[[group]]";
    let killed = browsing(CLOSED, "p99_ms = 1").replace("[[group]]", killed);
    let killed = Scenario::read(&killed).unwrap();
    let killed = killed.with(Overrides { duration, rate: None, users }).unwrap();
    let Failover { nodes, kill_after_s, back_after_s, gap_max_ms } = killed.failover.unwrap();
    assert_eq!((nodes, kill_after_s, back_after_s, gap_max_ms), (3, 2.5, 1.25, 9.0));
    let open = scenario.with(Overrides { duration: None, rate, users: None }).unwrap();
    let (users, rates) = open.groups[0].rates().unwrap();
    assert_eq!((users, rates.len(), rates[0].lasts), (4, 1, Duration::from_secs(2)));
}

#[test]
fn every_scenario_that_is_shipped_can_be_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut found = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let scenario = Scenario::read(&fs::read_to_string(&path).unwrap());
        let scenario = scenario.unwrap_or_else(|error| panic!("{}: {error:#}", path.display()));
        assert_eq!(path.file_stem().unwrap().to_str(), Some(&*scenario.name));
        found += 1;
    }
    assert_eq!(found, 9);
}
