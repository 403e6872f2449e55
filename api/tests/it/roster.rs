//! Venues, artists and images: kept by organisers, seen by fans.

use reqwest::header::{CONTENT_TYPE, IF_NONE_MATCH};
use serde_json::{Value, json};
use tiketi_engine::testing::plans::room;

use crate::harness::{Answer, Caller, Server, read};
use crate::programme::{faults, filled_in, log_of, servers, staff};

const VENUES: &str = "/api/v1/operator/venues";
const ARTISTS: &str = "/api/v1/operator/artists";
const IMAGES: &str = "/api/v1/operator/images";

/// As much of a PNG as has its sides, and something that makes it one of its own.
fn png(width: u32, height: u32, more: &[u8]) -> Vec<u8> {
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &sides[..], b"\x08\x02\0\0\0", more].concat()
}

async fn upload(caller: &Caller, media: &str, file: Vec<u8>) -> Answer {
    let request = caller.http.post(format!("{}{IMAGES}", caller.base));
    read(request.header(CONTENT_TYPE, media).body(file).send().await.unwrap()).await.unwrap()
}

async fn kept(caller: &Caller, file: Vec<u8>) -> String {
    let answer = upload(caller, "image/png", file).await.ok();
    answer["hash"].as_str().unwrap().to_owned()
}

fn picture(hash: &str) -> Value {
    json!({"image": hash, "alt": {"ko": "밤의 무대", "en": "The stage at night"}})
}

fn venue(name: [&str; 2]) -> Value {
    json!({
        "name": {"ko": name[0], "en": name[1]}, "address": "1 Street", "city": "Seoul",
        "country": "KR", "time_zone": "Asia/Seoul", "picture": null,
    })
}

fn artist(name: [&str; 2]) -> Value {
    json!({
        "name": {"ko": name[0], "en": name[1]}, "about": {"ko": "넷이서.", "en": "Four of them."},
        "picture": null,
    })
}

fn id_of(view: &Value) -> String {
    view["id"].as_str().unwrap().to_owned()
}

async fn add(caller: &Caller, path: &str, what: &str, body: &Value) -> Value {
    caller.post(path, &json!({what: body, "reason": "for the season"})).await.ok()
}

async fn outcomes(administrator: &Caller, action: &str) -> Vec<String> {
    log_of(administrator, action).await.into_iter().map(|(_, how)| how).collect()
}

#[tokio::test]
async fn a_venue_is_added_changed_and_removed_with_a_reason() {
    for (server, _services) in servers().await {
        let administrator = server.operator().await;
        let operator = staff(&server, &administrator, "operator").await;
        let unreasoned = json!({"venue": venue(["홀", "The hall"]), "reason": ""});
        assert_eq!(operator.post(VENUES, &unreasoned).await.code(), "invalid_value");
        let mut wrong = venue(["홀", ""]);
        wrong["time_zone"] = json!("Asia/Atlantis");
        wrong["country"] = json!("korea");
        let told = faults(&operator.post(VENUES, &json!({"venue": wrong, "reason": "new"})).await);
        let expected = [("name.en", "missing"), ("country", "malformed"), ("time_zone", "unknown")];
        assert_eq!(told, expected.map(|(path, code)| (path.to_owned(), code.to_owned())));

        let added = add(&operator, VENUES, "venue", &venue(["홀", "The hall"])).await;
        let path = format!("{VENUES}/{}", id_of(&added));
        let mut changed = added["venue"].clone();
        changed["name"]["en"] = json!("The great hall");
        let body = json!({"version": 1, "venue": changed, "reason": "it was renamed"});
        assert_eq!(operator.patch(&path, &body).await.ok()["version"], 2);
        assert_eq!(operator.patch(&path, &body).await.code(), "changed_since");
        let same = json!({"version": 2, "venue": changed, "reason": "nothing new"});
        assert_eq!(operator.patch(&path, &same).await.ok()["version"], 2, "nothing changed");
        let listed = operator.get(VENUES).await.ok();
        assert_eq!(listed[0]["venue"], changed);

        assert_eq!(
            operator.delete(&format!("{path}?version=1&reason=gone")).await.code(),
            "changed_since"
        );
        assert_eq!(
            operator.delete(&format!("{path}?version=2&reason=x")).await.code(),
            "invalid_value"
        );
        assert_eq!(operator.delete(&format!("{path}?version=2&reason=gone")).await.status, 204);
        assert_eq!(operator.patch(&path, &same).await.code(), "unknown_venue");
        let log = log_of(&administrator, "change_venue").await;
        assert_eq!(log.iter().map(|(_, how)| how.as_str()).collect::<Vec<_>>(), ["asked", "done"]);
        let id = id_of(&added);
        assert_eq!(log[0].0, format!("{id}\nname.en: \"The hall\" → \"The great hall\""));
        assert_eq!(
            log_of(&administrator, "remove_venue").await[0].0,
            format!("{id}: 홀 → removed")
        );
        assert_eq!(
            administrator.get("/api/v1/ops/audit/check").await.ok()["broken_at"],
            json!(null)
        );
        others_are_refused(&server, &administrator).await;
    }
}

async fn others_are_refused(server: &Server, administrator: &Caller) {
    let viewer = staff(server, administrator, "viewer").await;
    let venue = json!({"venue": venue(["홀", "The hall"]), "reason": "for the season"});
    let artist = json!({"artist": artist(["넷", "Four"]), "reason": "for the season"});
    for other in [&viewer, &server.fan("another").await] {
        for (path, body) in [(VENUES, &venue), (ARTISTS, &artist)] {
            assert_eq!(other.get(path).await.code(), "forbidden");
            assert_eq!(other.post(path, body).await.code(), "forbidden");
            let one = format!("{path}/ven_0000000000001");
            assert_eq!(other.patch(&one, body).await.code(), "forbidden");
            assert_eq!(
                other.delete(&format!("{one}?version=1&reason=gone")).await.code(),
                "forbidden"
            );
        }
        let chart = format!("/api/v1/operator/charts/{}", "0".repeat(64));
        assert_eq!(other.patch(&chart, &json!({"reason": "mine"})).await.code(), "forbidden");
        assert_eq!(upload(other, "image/png", png(1, 1, b"")).await.code(), "forbidden");
    }
    let nobody = Caller::new(&server.url);
    assert_eq!(upload(&nobody, "image/png", png(1, 1, b"")).await.code(), "not_signed_in");
}

#[tokio::test]
async fn an_event_is_at_its_venue_with_its_artists_and_its_poster() {
    for (server, _services) in servers().await {
        let administrator = server.operator().await;
        let operator = staff(&server, &administrator, "operator").await;
        let hash = kept(&operator, png(640, 400, b"a poster")).await;
        let mut hall = venue(["홀", "The hall"]);
        hall["picture"] = picture(&hash);
        let hall = add(&operator, VENUES, "venue", &hall).await;
        let one = add(&operator, ARTISTS, "artist", &artist(["하나", "One"])).await;
        let two = add(&operator, ARTISTS, "artist", &artist(["둘", "Two"])).await;
        let charts = "/api/v1/operator/charts";
        let chart =
            operator.post(charts, &room(4, 8)).await.ok()["hash"].as_str().unwrap().to_owned();
        let whose = json!({"venue": id_of(&hall), "reason": "it is theirs"});
        assert_eq!(operator.patch(&format!("{charts}/{chart}"), &whose).await.status, 204);
        assert_eq!(operator.get(charts).await.ok()[0]["venue"], hall["id"]);

        let mut event = filled_in(&chart);
        event["venue"] = json!("");
        event["venue_id"] = hall["id"].clone();
        event["artists"] = json!([id_of(&two), id_of(&one), "art_0000000000001"]);
        event["poster"] = picture(&"0".repeat(64));
        let drafts = "/api/v1/operator/drafts";
        let begun = operator.post(drafts, &event).await.ok();
        let named: Vec<&Value> =
            begun["faults"].as_array().unwrap().iter().map(|fault| &fault["path"]).collect();
        assert_eq!(named, ["artists[2]", "poster.image"]);
        assert_eq!(operator.get(drafts).await.ok()[0]["venue"], "홀");
        event["artists"].as_array_mut().unwrap().pop();
        event["poster"] = picture(&hash);
        let id = id_of(&begun);
        let path = format!("{drafts}/{id}");
        operator.patch(&path, &json!({"version": 1, "event": event})).await.ok();
        let published = operator.post(&format!("{path}/publish"), &json!({"version": 2})).await;
        assert_eq!(published.status, 201, "{}", published.body);

        let fan = server.fan("fan").await;
        let shown = fan.get(&format!("/api/v1/events/{id}")).await.ok();
        assert_eq!(
            (&shown["venue"], &shown["venue_name"]["en"]),
            (&json!("홀"), &json!("The hall"))
        );
        assert_eq!(shown["place"]["time_zone"], "Asia/Seoul");
        let names: Vec<&Value> =
            shown["artists"].as_array().unwrap().iter().map(|of| &of["name"]["en"]).collect();
        assert_eq!(names, ["Two", "One"], "in the order in which they are named");
        let expected = json!({
            "url": format!("/api/v1/images/{hash}"), "width": 640, "height": 400,
            "alt": {"ko": "밤의 무대", "en": "The stage at night"},
        });
        assert_eq!((&shown["poster"], &shown["place"]["image"]), (&expected, &expected));
        let listed = fan.get("/api/v1/events").await.ok();
        assert_eq!(listed["items"][0]["poster"], expected);
        published_is_dressed(&operator, &administrator, &id, &one).await;
        in_use(&operator, &hall, &one, &two).await;
        assert_eq!(outcomes(&administrator, "remove_venue").await, ["asked", "in_use"]);
        assert_eq!(outcomes(&administrator, "set_chart_venue").await, ["asked", "done"]);
    }
}

/// Artists and poster may change once an event is published, its venue may not.
async fn published_is_dressed(operator: &Caller, administrator: &Caller, id: &str, one: &Value) {
    let path = format!("/api/v1/operator/events/{id}/terms");
    let seen = operator.get(&path).await.ok();
    let mut event = seen.clone();
    event["venue_id"] = json!("");
    let moved = operator.patch(&path, &json!({"seen": seen, "event": event})).await;
    assert_eq!(faults(&moved), [("venue_id".to_owned(), "fixed".to_owned())]);
    event["venue_id"] = seen["venue_id"].clone();
    event["artists"] = json!([id_of(one)]);
    event["poster"] = json!(null);
    let now = operator.patch(&path, &json!({"seen": seen, "event": event})).await.ok();
    assert_eq!((&now["artists"], &now["poster"]), (&event["artists"], &json!(null)));
    let (changed, _) = log_of(administrator, "set_terms").await.remove(0);
    assert!(changed.starts_with("artists[0]: \"art_"), "{changed}");
    assert!(changed.contains("\npost") && changed.ends_with("→ null"), "{changed}");
    assert_eq!(operator.get(&path).await.ok(), now);
}

/// What an event needs stays; what none needs any more can go.
async fn in_use(operator: &Caller, hall: &Value, one: &Value, two: &Value) {
    let gone = |path: &str, of: &Value| format!("{path}/{}?version=1&reason=over", id_of(of));
    for (path, of) in [(VENUES, hall), (ARTISTS, one)] {
        let refused = operator.delete(&gone(path, of)).await;
        assert_eq!((refused.status, refused.code()), (409, "in_use"));
    }
    assert_eq!(operator.delete(&gone(ARTISTS, two)).await.status, 204);
}

#[tokio::test]
async fn an_image_is_kept_once_and_served_for_ever() {
    for (server, _services) in servers().await {
        let administrator = server.operator().await;
        // An image as a browser sees it, a page as a browser must not see it.
        let page = b"<html><script>alert(document.cookie)</script></html>";
        let file = png(64, 40, page);
        let first = upload(&administrator, "text/html", file.clone()).await;
        assert_eq!((first.status, &first.body["width"]), (201, &json!(64)));
        assert_eq!(kept(&administrator, file.clone()).await, first.body["hash"], "once");
        let url = format!("{}/api/v1/images/{}", server.url, first.body["hash"].as_str().unwrap());
        let nobody = Caller::new(&server.url);
        let served = nobody.http.get(&url).send().await.unwrap();
        let header = |name: &str| served.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "image/png");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cache-control"), "public, max-age=31536000, immutable");
        assert!(header("content-security-policy").starts_with("default-src 'none'; script-src"));
        let tag = header("etag");
        assert_eq!(served.bytes().await.unwrap(), file);
        for (known, status) in
            [(tag.clone(), 304), (format!("\"other\", {tag}"), 304), ("\"other\"".to_owned(), 200)]
        {
            let again = nobody.http.get(&url).header(IF_NONE_MATCH, known).send().await.unwrap();
            assert_eq!(again.status().as_u16(), status);
            assert_eq!(again.headers()["etag"], tag.as_str());
        }
        for unknown in ["0".repeat(64), "poster.png".to_owned()] {
            let answer = nobody.get(&format!("/api/v1/images/{unknown}")).await;
            assert_eq!((answer.status, answer.code()), (404, "unknown_image"));
        }
        let (what, _) = log_of(&administrator, "keep_image").await.remove(0);
        assert!(what.starts_with(&format!("image/png, 64 × 40, {} bytes: ", file.len())), "{what}");
    }
}

#[tokio::test]
async fn what_is_no_image_is_refused_with_the_reason() {
    let server = Server::start();
    let operator = server.operator().await;
    let fault = async |file: &[u8]| {
        let told = faults(&upload(&operator, "image/png", file.to_vec()).await);
        told.into_iter().map(|(_, code)| code).collect::<Vec<_>>().join(" ")
    };
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    assert_eq!(fault(svg).await, "svg");
    for other in [&b"GIF89a\x01\0\x01\0"[..], b"<!doctype html>", b"", b"MZ\x90", b"\x89PNG\r\n"] {
        assert_eq!(fault(other).await, "image_kind", "{other:?}");
    }
    assert_eq!(fault(&png(640, 400, b"")[..20]).await, "image_header");
    assert_eq!(fault(b"\xff\xd8\xff\xe0\0\x10").await, "image_header");
    for (width, height) in [(0, 400), (4_097, 1), (u32::MAX, u32::MAX)] {
        assert_eq!(fault(&png(width, height, b"")).await, "image_side");
    }
    let mut large = png(640, 400, b"");
    large.resize(1024 * 1024, 0);
    assert_eq!(
        upload(&operator, "image/png", large.clone()).await.status,
        201,
        "as large as can be"
    );
    large.push(0);
    let refused = upload(&operator, "image/png", large).await;
    assert_eq!((refused.status, refused.code()), (413, "body_too_large"));
}
