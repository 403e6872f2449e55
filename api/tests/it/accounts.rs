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
    let base = server.log();
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

/// An account made with the link.
async fn set_up(server: &Server, link: &str, name: &str) -> (Caller, Answer) {
    let caller = Caller::new(&server.url);
    let (_, token) = link.trim().split_once('#').unwrap();
    let email = format!("{name}@example.com");
    let body = json!({"token": token, "email": email, "name": name, "password": PASSWORD});
    let answer = caller.post("/api/v1/setup", &body).await;
    (caller, answer)
}

#[tokio::test]
async fn a_link_makes_one_account_with_the_role_it_is_for() {
    let server = Server::start();
    let administrator = server.operator().await;
    assert_eq!(administrator.get("/api/v1/session").await.ok()["role"], "administrator");
    let first = server.setup_link.clone().unwrap();
    assert_eq!(set_up(&server, &first, "two").await.1.code(), "setup_link_used");
    for (role, arguments) in [
        ("administrator", &["operator-link"][..]),
        ("operator", &["operator-link", "--role", "operator"]),
        ("viewer", &["operator-link", "--role", "viewer"]),
    ] {
        let (caller, made) = set_up(&server, &server.says(arguments), role).await;
        assert_eq!(made.ok()["role"], role);
        assert_eq!(caller.get("/api/v1/session").await.ok()["role"], role);
    }
}

#[tokio::test]
async fn each_role_may_do_what_those_before_it_may_and_no_more() {
    let server = Server::start();
    let administrator = server.operator().await;
    let event = server.event(&administrator, 2, 4, |_| ()).await;
    let mut staff = Vec::new();
    for role in ["viewer", "operator"] {
        let body = json!({"role": role});
        let link = administrator.post("/api/v1/operator/setup-links", &body).await.ok();
        let (caller, made) = set_up(&server, link["url"].as_str().unwrap(), role).await;
        assert_eq!(made.ok()["role"], role);
        staff.push(caller);
    }
    let nobody = Caller::new(&server.url);
    let callers =
        [nobody, server.fan("fan").await, staff[0].clone(), staff[1].clone(), administrator];
    let sale = format!("/api/v1/operator/events/{event}");
    let (actions, open) = (
        format!("/api/v1/ops/events/{event}/actions"),
        json!({"action": "resume", "reason": "for the test"}),
    );
    let link = json!({"role": "viewer"});
    // The least caller that is let through, in the order of `callers`.
    for (method, path, body, least) in [
        (Method::GET, "/api/v1/operator/charts", None, 2),
        (Method::GET, &sale, None, 2),
        (Method::GET, &format!("{sale}/sales"), None, 2),
        (Method::POST, &actions, Some(&open), 3),
        (Method::GET, "/api/v1/ops/audit", None, 3),
        (Method::GET, "/api/v1/ops/settings", None, 3),
        (Method::POST, "/api/v1/operator/setup-links", Some(&link), 4),
    ] {
        for (number, caller) in callers.iter().enumerate() {
            let answer = caller.send(method.clone(), path, body, None).await.unwrap();
            let code = match number {
                0 => "not_signed_in",
                number if number < least => "forbidden",
                _ => "",
            };
            assert_eq!(answer.code(), code, "caller {number}: {method} {path}");
        }
    }
    assert_eq!(staff[0].delete("/api/v1/session").await.status, 204);
    assert_eq!(staff[0].get("/api/v1/operator/charts").await.code(), "not_signed_in");
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
