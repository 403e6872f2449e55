//! Status, limits of the protocol, and what a crowd can do to a server.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::harness::{Caller, Server, Setup, eventually};

fn raw(server: &Server, request: &str) -> String {
    let address = server.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // A server may close without an answer.
    drop(stream.read_to_end(&mut answer));
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn health_readiness_and_metrics_are_on_their_own_address() {
    let server = Server::start();
    let status = Caller::new(&server.status_url);
    assert_eq!(status.get("/healthz").await.status, 200);
    assert_eq!(status.get("/readyz").await.status, 200);
    let metrics = status.get("/metrics").await.body;
    for name in ["tiketi_engine_actors", "tiketi_engine_append_seconds_bucket", "tiketi_sockets"] {
        assert!(metrics.as_str().unwrap().contains(name), "{name}");
    }
    let public = Caller::new(&server.url);
    let page = public.get("/metrics").await;
    assert!(!page.body.to_string().contains("tiketi_engine"), "not for the public");
}

#[tokio::test]
async fn events_come_in_pages() {
    let server = Server::start();
    let operator = server.operator().await;
    let mut made = Vec::new();
    for number in 0..5 {
        let event = server.event(&operator, 2, 2, |body| {
            body["title"] = json!(format!("Night {number}"));
            body["starts_at"] = json!(format!("2030-01-0{}T20:00:00Z", 5 - number));
        });
        made.push(event.await);
    }
    made.reverse();
    let (mut seen, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let after = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
        let page = operator.get(&format!("/api/v1/events?limit=2{after}")).await.ok();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        cursor = page["next"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, made, "by start, each once");
}

#[tokio::test]
async fn a_chart_is_served_for_ever_and_compressed() {
    let server = Server::start();
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    let chart = operator.get(&format!("/api/v1/events/{event}")).await.ok()["chart"].clone();
    let path = format!("/api/v1/charts/{}", chart.as_str().unwrap());
    let plain = operator.get(&path).await;
    assert_eq!(plain.body["places"], 32);
    assert!(plain.headers["cache-control"].to_str().unwrap().contains("immutable"));
    let request = operator.http.get(format!("{}{path}", server.url));
    let zipped = request.header("accept-encoding", "gzip, br").send().await.unwrap();
    assert_eq!(zipped.headers()["content-encoding"], "gzip");
    let bytes = zipped.bytes().await.unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), plain.body);
}

#[test]
fn a_request_names_one_host() {
    let server = Server::start();
    let ask = |headers: &str| {
        raw(&server, &format!("GET /api/v1/time HTTP/1.1\r\n{headers}Connection: close\r\n\r\n"))
    };
    assert!(ask("Host: a\r\n").starts_with("HTTP/1.1 200"));
    for headers in ["", "Host: a\r\nHost: b\r\n"] {
        let answer = ask(headers);
        assert!(
            answer.starts_with("HTTP/1.1 400") && answer.contains("malformed_host"),
            "{answer}"
        );
    }
}

#[test]
fn smuggled_and_oversized_requests_are_refused() {
    let server = Server::start();
    let long = "x".repeat(20_000);
    let many = "X-A: b\r\n".repeat(100);
    let cases = [
        ("two lengths", "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello".to_owned()),
        ("bad length", "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc".to_owned()),
        ("odd coding", "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n".to_owned()),
        ("long header", format!("GET / HTTP/1.1\r\nHost: a\r\nX-A: {long}\r\n\r\n")),
        ("many headers", format!("GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n")),
        ("no protocol", "hello\r\n\r\n".to_owned()),
    ];
    for (what, request) in cases {
        let answer = raw(&server, &request);
        let refused = answer.starts_with("HTTP/1.1 4") || answer.is_empty();
        assert!(refused, "{what}: {answer}");
    }
}

#[test]
fn silent_and_dripping_connections_are_closed() {
    let server = Server::start();
    let address = server.url.trim_start_matches("http://");
    let mut silent = TcpStream::connect(address).unwrap();
    let mut half = TcpStream::connect(address).unwrap();
    half.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n").unwrap();
    for stream in [&mut silent, &mut half] {
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).expect("closed by the server");
    }
}

#[tokio::test]
async fn an_overloaded_event_refuses_with_a_time_to_retry() {
    let mut setup = Setup::default();
    setup.environment.insert("TIKETI_ENGINE__COMMANDS_PER_EVENT_MAX".to_owned(), "1".to_owned());
    let server = Server::with(setup);
    let operator = server.operator().await;
    let event = server.event(&operator, 2, 2, |_| ()).await;
    let fan = server.fan("fan").await;
    let path = format!("/api/v1/events/{event}/me");
    let refused = eventually("one of a crowd is refused", async || {
        let asked = (0..32).map(|_| fan.get(&path));
        let answers = futures_util::future::join_all(asked).await;
        answers.into_iter().find(|answer| answer.status == 503)
    })
    .await;
    assert_eq!(refused.code(), "overloaded");
    assert!(refused.headers.contains_key("retry-after"));
    assert!(refused.body["retry_after_ms"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn stopping_loses_nothing_and_ends_with_success() {
    let mut server = Server::start();
    let operator = server.operator().await;
    let event = server.event(&operator, 4, 8, |_| ()).await;
    let fan = server.fan("fan").await;
    fan.enter(&event).await;
    let hold = fan.hold_best(&event, 2).await.ok();
    assert!(server.process.terminate().success());
    server.restart();
    let path = format!("/api/v1/events/{event}/me");
    // The client may still try a connection of before.
    let me = eventually("the server answers", async || {
        fan.send(reqwest::Method::GET, &path, None, None).await.ok()
    });
    let me = me.await.ok();
    assert_eq!(me["hold"]["id"], hold["id"], "the hold is still there");
    assert_eq!(me["standing"]["type"], "admitted");
}

#[tokio::test]
async fn requests_are_counted_by_route_method_and_class_of_status_and_never_by_path() {
    let server = Server::start();
    let (caller, status) = (Caller::new(&server.url), Caller::new(&server.status_url));
    for _ in 0..3 {
        assert_eq!(caller.get("/api/v1/events").await.status, 200);
    }
    assert_eq!(caller.delete("/api/v1/events").await.status, 405);
    assert_eq!(caller.get("/api/v1/events/4321").await.status, 404);
    assert_eq!(caller.get("/api/v1/events/secret").await.status, 404);
    assert_eq!(caller.get("/api/v1/nowhere/secret").await.status, 404);
    let counted = async |route: &str, method: &str, class: &str| {
        let labels = format!(r#"method="{method}",route="{route}",status="{class}""#);
        server.metric(&format!("tiketi_http_requests_total{{{labels}}}")).await
    };
    assert_eq!(counted("/api/v1/events", "GET", "2xx").await, 3);
    assert_eq!(counted("/api/v1/events", "GET", "4xx").await, 0);
    assert_eq!(counted("/api/v1/events", "other", "4xx").await, 1);
    assert_eq!(counted("/api/v1/events/{event}", "GET", "4xx").await, 2);
    assert_eq!(counted("other", "GET", "4xx").await, 1);
    let timed = async |route: &str| {
        server.metric(&format!(r#"tiketi_http_request_seconds_count{{route="{route}"}}"#)).await
    };
    assert_eq!((timed("/api/v1/events").await, timed("/api/v1/events/{event}").await), (4, 2));
    assert_eq!(timed("/api/v1/holds/{hold}").await, 0, "there from the start");
    let all = status.get("/metrics").await.body;
    assert!(!all.as_str().unwrap().contains("secret"), "what is asked for is nobody's label");
}

#[tokio::test]
async fn the_room_on_the_data_folders_file_system_is_told() {
    let server = Server::start();
    let size = eventually("the file system was asked", async || {
        Some(server.metric("tiketi_data_size_bytes").await).filter(|size| *size > 0)
    })
    .await;
    let df = ["--block-size=1", "--output=size,avail"];
    let df = std::process::Command::new("df").args(df).arg(server.data_dir()).output().unwrap();
    let said = String::from_utf8(df.stdout).unwrap();
    let said: Vec<u64> =
        said.lines().nth(1).unwrap().split_whitespace().map(|n| n.parse().unwrap()).collect();
    let free = server.metric("tiketi_data_free_bytes").await;
    assert_eq!(size, said[0]);
    assert!(free <= size && free.abs_diff(said[1]) < size / 10, "{free} is not near {said:?}");
}
