//! Accounts and sessions.

use reqwest::Method;
use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use serde_json::{Value, json};

use crate::harness::{Answer, Caller, PASSWORD, Server};

fn cookies(answer: &Answer) -> Vec<String> {
    let values = answer.headers.get_all(SET_COOKIE).iter();
    values.map(|value| value.to_str().unwrap().to_owned()).collect()
}

/// The name and value of a cookie that was set.
fn pair(answer: &Answer, name: &str) -> String {
    let all = cookies(answer);
    let cookie = all.iter().find(|cookie| cookie.contains(name)).unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_session_lives_in_cookies_that_no_script_can_read() {
    let server = Server::start();
    let caller = Caller::new(&server.url);
    let body = json!({"email": "Kim@Example.com", "name": "Kim", "password": PASSWORD});
    let made = caller.post("/api/v1/accounts", &body).await;
    assert_eq!(made.body["email"], "kim@example.com");
    assert_eq!(made.body.get("token"), None, "no token in a body");
    let set = cookies(&made);
    assert_eq!(set.len(), 2);
    for cookie in &set {
        assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
    }
    assert!(set[1].contains("; Path=/api/v1/session; "), "{}", set[1]);
    assert_eq!(caller.get("/api/v1/session").await.ok()["name"], "Kim");
    assert_eq!(caller.post("/api/v1/accounts", &body).await.code(), "email_taken");
    assert_eq!(caller.delete("/api/v1/session").await.status, 204);
    assert_eq!(caller.get("/api/v1/session").await.code(), "not_signed_in");
    let sign_in = json!({"email": "kim@example.com", "password": PASSWORD});
    assert_eq!(caller.post("/api/v1/session", &sign_in).await.status, 200);
    let wrong = json!({"email": "kim@example.com", "password": "something else"});
    let nobody = json!({"email": "nobody@example.com", "password": PASSWORD});
    for body in [wrong, nobody] {
        assert_eq!(caller.post("/api/v1/session", &body).await.code(), "wrong_credentials");
    }
}

#[tokio::test]
async fn an_account_that_asks_for_too_much_is_told_when_to_ask_again() {
    let mut setup = crate::harness::Setup::default();
    setup.environment.insert("TIKETI_LIMITS__ACCOUNT_PER_MINUTE".to_owned(), "100".to_owned());
    let server = Server::with(setup);
    let (greedy, other) = (server.fan("greedy").await, server.fan("other").await);
    let join = "/api/v1/events/evt_0000000000001/queue";
    for _ in 0..4 {
        assert_eq!(greedy.post(join, &json!({})).await.code(), "unknown_event");
    }
    let refused = greedy.post(join, &json!({})).await;
    assert_eq!((refused.status, refused.code()), (429, "too_many_requests"));
    // A hundred in a minute are 25 in 15 seconds.
    assert!((1..=15_000).contains(&refused.body["retry_after_ms"].as_u64().unwrap()));
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(other.post(join, &json!({})).await.code(), "unknown_event");
}

#[tokio::test]
async fn over_https_the_cookies_are_bound_to_the_host() {
    let mut setup = crate::harness::Setup::default();
    let url = "https://tickets.example.com".to_owned();
    setup.environment.insert("TIKETI_PUBLIC_URL".to_owned(), url);
    let server = Server::with(setup);
    // The link names the public address; the test goes to the server itself.
    let base = std::fs::read_to_string(server.data_dir().join("server.log")).unwrap();
    assert!(server.setup_link.unwrap().starts_with("https://tickets.example.com/setup#"), "{base}");
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_its_reuse_ends_the_session() {
    let server = Server::start();
    let caller = Caller::new(&server.url);
    let body = json!({"email": "kim@example.com", "name": "Kim", "password": PASSWORD});
    let made = caller.post("/api/v1/accounts", &body).await;
    let stolen = pair(&made, "refresh");
    let refresh = |cookie: String| {
        let request =
            Caller::new(&server.url).http.post(format!("{}/api/v1/session/refresh", server.url));
        async move {
            crate::harness::read(request.header(COOKIE, cookie).send().await.unwrap())
                .await
                .unwrap()
        }
    };
    let next = refresh(stolen.clone()).await;
    assert_eq!(next.status, 200);
    let after = refresh(pair(&next, "refresh")).await;
    assert_eq!(after.status, 200);
    let reused = refresh(stolen).await;
    assert_eq!((reused.status, reused.code()), (401, "session_over"));
    assert!(cookies(&reused).iter().all(|cookie| cookie.contains("Max-Age=0")), "taken away");
    let own = refresh(pair(&after, "refresh")).await;
    assert_eq!(own.code(), "session_over", "everybody has to sign in again");
    assert_eq!(refresh("tiketi-refresh=nonsense".to_owned()).await.code(), "session_over");
    assert_eq!(refresh("other=1".to_owned()).await.code(), "not_signed_in");
}

#[tokio::test]
async fn the_link_makes_one_operator() {
    let server = Server::start();
    let operator = server.operator().await;
    assert_eq!(operator.get("/api/v1/session").await.ok()["role"], "operator");
    let token = server.setup_link.as_ref().unwrap().split_once('#').unwrap().1;
    let again = json!({
        "token": token, "email": "two@example.com", "name": "Two", "password": PASSWORD,
    });
    let anybody = Caller::new(&server.url);
    assert_eq!(anybody.post("/api/v1/setup", &again).await.code(), "setup_link_used");
    let data = server.data_dir().to_str().unwrap();
    let output = crate::harness::tiketi(&["operator-link", "--data-dir", data]);
    let link = String::from_utf8(output.stdout).unwrap();
    let token = link.trim().split_once('#').unwrap().1;
    let second = json!({
        "token": token, "email": "two@example.com", "name": "Two", "password": PASSWORD,
    });
    assert_eq!(anybody.post("/api/v1/setup", &second).await.ok()["role"], "operator");
    let fan = server.fan("fan").await;
    assert_eq!(fan.get("/api/v1/operator/charts").await.code(), "forbidden");
    assert_eq!(anybody.delete("/api/v1/session").await.status, 204);
    assert_eq!(anybody.get("/api/v1/operator/charts").await.code(), "not_signed_in");
}

#[tokio::test]
async fn another_sites_page_changes_nothing() {
    let server = Server::start();
    let fan = server.fan("fan").await;
    let event = "evt_0000000000001";
    let path = format!("{}/api/v1/events/{event}/queue", server.url);
    let from = |name: &'static str, value: &str| {
        let request = fan.http.request(Method::POST, &path).header(name, value).json(&json!({}));
        async move { crate::harness::read(request.send().await.unwrap()).await.unwrap() }
    };
    let own = server.url.clone();
    for (name, value, refused) in [
        ("sec-fetch-site", "cross-site", true),
        ("sec-fetch-site", "same-site", true),
        (ORIGIN.as_str(), "https://evil.example", true),
        (ORIGIN.as_str(), "null", true),
        (ORIGIN.as_str(), &format!("{own}.evil.example"), true),
        (ORIGIN.as_str(), &own, false),
        ("sec-fetch-site", "same-origin", false),
    ] {
        let answer = from(name, value).await;
        let expected = if refused { "cross_site" } else { "unknown_event" };
        assert_eq!(answer.code(), expected, "{name}: {value}");
    }
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let server = Server::start();
    let caller = Caller::new(&server.url);
    for path in ["/", "/nothing.js", "/api/v1/events", "/api/v1/nothing", "/api/openapi.json"] {
        let answer = caller.get(path).await;
        let header =
            |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"), "{path}");
        let policy = header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(header("x-request-id").is_some_and(|id| id.starts_with("req_")));
        assert!(header("access-control-allow-origin").is_none());
    }
    let body: Value = caller.get("/api/v1/nothing").await.body;
    assert_eq!(body["code"], "no_such_page");
}
