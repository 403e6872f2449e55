//! What must not be in a log or a trace, and the search for it; the search is itself tested.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::Method;
use reqwest::header::SET_COOKIE;
use serde_json::json;

use crate::harness::{Answer, Caller, Server, Setup};

/// What was given to a server, by its name in LOGS.md, in every form in which it might be written.
#[derive(Default)]
pub(crate) struct Planted(BTreeMap<&'static str, BTreeSet<String>>);

/// Something planted that was found.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Leak<'a> {
    what: &'static str,
    value: &'a str,
    /// The line that has it.
    line: &'a str,
}

impl Planted {
    /// As it is, and as text within text has it.
    pub(crate) fn plant(&mut self, what: &'static str, value: impl Into<String>) {
        let mut value: String = value.into();
        assert!(value.len() > 6, "{what}: {value:?} is found anywhere");
        for _ in 0..3 {
            let quoted = json!(value).to_string();
            let escaped = quoted[1..quoted.len() - 1].to_owned();
            self.0.entry(what).or_default().insert(value);
            value = escaped;
        }
    }

    /// As it is and as an address has it.
    pub(crate) fn plant_email(&mut self, email: &str) {
        self.plant("e-mail address", email);
        self.plant("e-mail address", email.replace('@', "%40"));
    }

    /// As it is and as a header has it.
    pub(crate) fn plant_payment_secret(&mut self, secret: &str) {
        self.plant("payment secret", secret);
        self.plant("payment secret", STANDARD.encode(format!("{secret}:")));
    }

    /// As text and as numbers.
    pub(crate) fn plant_key(&mut self, key: &[u8]) {
        self.plant("signing key", STANDARD.encode(key));
        self.plant("signing key", URL_SAFE_NO_PAD.encode(key));
        self.plant("signing key", hex(key));
        for between in [", ", ","] {
            let numbers = key.iter().take(8).map(ToString::to_string).collect::<Vec<_>>();
            self.plant("signing key", numbers.join(between));
        }
    }

    /// The names of headers: where they are written, their values are.
    pub(crate) fn plant_headers(&mut self) {
        self.plant("signature", "x-tiketi-signature");
        self.plant("cookie", "tiketi-access");
        self.plant("cookie", "tiketi-refresh");
    }

    /// The two cookies of an answer.
    pub(crate) fn plant_cookies(&mut self, answer: &Answer) -> Vec<String> {
        let all = answer.headers.get_all(SET_COOKIE).iter();
        let all = all.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap().to_owned());
        let all: Vec<String> = all.collect();
        for cookie in &all {
            let (name, value) = cookie.split_once('=').unwrap();
            let access = name == "tiketi-access";
            self.plant(if access { "access token" } else { "refresh token" }, value);
        }
        assert_eq!(all.len(), 2, "{answer:?}");
        all
    }

    /// The names of what was planted.
    pub(crate) fn names(&self) -> BTreeSet<&'static str> {
        self.0.keys().copied().collect()
    }

    /// Everything planted that is in a text, line by line.
    pub(crate) fn leaks_in<'a>(&'a self, text: &'a str) -> Vec<Leak<'a>> {
        let values =
            || self.0.iter().flat_map(|(what, all)| all.iter().map(move |one| (*what, one)));
        let leaks = text.lines().flat_map(|line| {
            let found = values().filter(move |(_, value)| line.contains(value.as_str()));
            found.map(move |(what, value)| Leak { what, value, line })
        });
        leaks.collect()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// The names of what LOGS.md says is never logged.
pub(crate) fn never_logged() -> BTreeSet<&'static str> {
    let page = include_str!("../../../k8s/monitoring/LOGS.md");
    let (_, table) = page.split_once("## What is never logged").unwrap();
    table.lines().filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0)).collect()
}

const KEY: [u8; 32] = *b"\x07\xffa signing key of the tests \x80\x00\x01";

/// One of each kind, and the ways in which a careless line would have it.
fn of_each_kind() -> (Planted, Vec<(&'static str, String)>) {
    let mut planted = Planted::default();
    planted.plant_key(&KEY);
    planted.plant_email("ha.neul@fans.example");
    planted.plant_payment_secret("test_sk_of_a_leak");
    planted.plant_headers();
    let mut lines = vec![
        ("signing key", format!("key={KEY:?}")),
        ("signing key", json!({"key": KEY}).to_string()),
        ("signing key", format!("key={}", hex(&KEY))),
        ("signing key", format!("key={}", STANDARD.encode(KEY))),
        ("signing key", format!("key={}", URL_SAFE_NO_PAD.encode(KEY))),
        ("e-mail address", r#"email: Email("ha.neul@fans.example")"#.to_owned()),
        ("e-mail address", "GET /api/v1/ops/audit?by=ha.neul%40fans.example".to_owned()),
        ("payment secret", "secret_key=test_sk_of_a_leak".to_owned()),
        ("payment secret", format!("Basic {}", STANDARD.encode("test_sk_of_a_leak:"))),
        ("signature", r#"{"x-tiketi-signature": "1764365000.c2lnbmF0dXJl"}"#.to_owned()),
        ("cookie", r#"{"cookie": "tiketi-access=eyJhbGciOi"}"#.to_owned()),
        ("cookie", "set-cookie: tiketi-refresh=b3BhcXVl; HttpOnly".to_owned()),
    ];
    for (what, value, line) in [
        ("password", "correct horse leak", r#"{"password":"correct horse leak"}"#),
        ("password", r#"a "quoted" leak"#, r#"{"password":"a \"quoted\" leak"}"#),
        ("name", "Haneul Leak-Name", r#"Account { name: "Haneul Leak-Name" }"#),
        ("access token", "eyJhbGciOiJFUzI1NiJ9.leak", "token=eyJhbGciOiJFUzI1NiJ9.leak"),
        ("refresh token", "cmVmcmVzaC1sZWFr", "token=cmVmcmVzaC1sZWFr"),
        ("set-up token", "c2V0LXVwLWxlYWs", "http://127.0.0.1/setup#c2V0LXVwLWxlYWs"),
        ("ticket code", "tk1.dGlja2V0LWxlYWs", "code: \"tk1.dGlja2V0LWxlYWs\" at gate 3"),
        ("payment key", "tsk_20261128_leak", "GET /v1/payments/tsk_20261128_leak"),
        ("Postgres password", "pg-leak-9PzLx", "postgres://tiketi:pg-leak-9PzLx@127.0.0.1/tiketi"),
        ("Redis password", "redis-leak-W3wq", "redis://:redis-leak-W3wq@127.0.0.1"),
    ] {
        planted.plant(what, value);
        lines.push((what, line.to_owned()));
    }
    (planted, lines)
}

/// What a line says, in each of the formats in which nodes log.
fn logged(said: &str) -> [String; 3] {
    let line = |message: &str, field: &str| {
        json!({
            "timestamp": "2026-11-28T21:00:00.000000Z", "level": "DEBUG",
            "fields": {"message": message, "error": field}, "span": {"request.id": "req_1"},
        })
        .to_string()
    };
    [
        line(said, ""),
        line("refused", said),
        format!("2026-11-28T21:00:00.000000Z DEBUG request{{request.id=req_1}}: refused {said}"),
    ]
}

#[test]
fn each_kind_is_found_in_whatever_way_a_line_has_it() {
    let (planted, lines) = of_each_kind();
    assert_eq!(planted.names(), never_logged(), "each is in LOGS.md and is looked for here");
    let innocent = logged("event taken over event.id=evt_01m9x4c3k5zq0");
    assert_eq!(planted.leaks_in(&innocent.join("\n")), []);
    for (what, said) in lines {
        for line in logged(&said) {
            let log = format!("{}\n{line}\n{}\n", innocent[0], innocent[2]);
            let leaks = planted.leaks_in(&log);
            assert!(!leaks.is_empty(), "{what} is not found: {line}");
            for leak in leaks {
                assert_eq!((leak.what, leak.line), (what, line.as_str()));
            }
        }
    }
}

/// A server says the method of what it refuses: whoever sends a secret in its place finds it there.
#[tokio::test]
async fn what_a_server_does_log_is_found_in_its_log() {
    let secret = "kTh3wq9PzLxW-in-the-wrong-place";
    let mut planted = Planted::default();
    for what in never_logged() {
        planted.plant(what, secret);
    }
    for format in ["json", "pretty"] {
        let mut setup = Setup::default();
        let talkative = [("FILTER", "trace"), ("FORMAT", format)];
        let talkative =
            talkative.map(|(name, value)| (format!("TIKETI_LOG__{name}"), value.to_owned()));
        setup.environment.extend(talkative);
        let mut server = Server::with(setup);
        let caller = Caller::new(&server.url);
        let method = Method::from_bytes(secret.as_bytes()).unwrap();
        let refused = caller.send(method, "/api/v1/session", None, None).await.unwrap();
        assert_eq!(refused.code(), "method_not_allowed");
        assert!(server.process.terminate().success());
        let log = server.log();
        let found: BTreeSet<_> = planted.leaks_in(&log).iter().map(|leak| leak.what).collect();
        assert_eq!(found, never_logged(), "{format}");
    }
}
