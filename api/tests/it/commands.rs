//! The command line.

use serde_json::json;

use tiketi_engine::testing::plans::room;

use crate::harness::{BINARY, Server, file, tiketi};

fn said(output: &std::process::Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn help_tells_a_newcomer_how_to_begin() {
    let (out, _) = said(&tiketi(&["--help"]));
    for word in ["serve", "plan", "audit", "check-config", "Examples:", "tiketi serve --demo"] {
        assert!(out.contains(word), "{word} is missing: {out}");
    }
    let (out, _) = said(&tiketi(&["serve", "--help"]));
    assert!(out.contains("--data-dir") && out.contains("TIKETI_CONFIG"), "{out}");
}

#[test]
fn a_bad_plan_gets_all_its_faults_at_once_and_imports_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut bad = room(2, 3);
    bad["zones"][0]["rows"][0]["seats"][1]["category"] = json!("none");
    bad["zones"][0]["rows"][1]["seats"][2]["seat_guid"] = json!("0-0");
    bad["zones"][0]["rows"][1]["seats"][0]["position"]["x"] = json!("left");
    bad.as_object_mut().unwrap().remove("name");
    let path = file(&folder, "bad.json", bad.to_string());
    let path = path.to_str().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    for arguments in [vec!["plan", "check", path], vec!["plan", "import", path, "--data-dir", data]]
    {
        let output = tiketi(&arguments);
        let (out, _) = said(&output);
        assert_eq!(output.status.code(), Some(1), "{out}");
        for fault in [
            "$.name",
            "$.zones[0].rows[0].seats[1]",
            "$.zones[0].rows[1].seats[0].position.x",
            "$.zones[0].rows[1].seats[2].seat_guid",
            "4 faults; nothing was imported",
        ] {
            assert!(out.contains(fault), "{fault} is missing: {out}");
        }
    }
    assert!(!std::path::Path::new(data).join("tiketi.db").exists());
}

#[test]
fn a_good_plan_is_described_and_imported_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "plan.json", room(4, 6).to_string());
    let path = path.to_str().unwrap();
    let (out, _) = said(&tiketi(&["plan", "check", path]));
    assert!(out.contains("24 places in 1 sections, 4 rows"), "{out}");
    let data = folder.path().join("data");
    let import =
        || said(&tiketi(&["plan", "import", path, "--data-dir", data.to_str().unwrap()])).0;
    assert_eq!(import(), import(), "the same plan is the same chart");
}

#[test]
fn a_command_that_cannot_be_carried_out_says_why_in_one_line() {
    let cases: [(&[&str], &str); 4] = [
        (&["plan", "check", "/nonexistent.json"], "cannot read /nonexistent.json"),
        (&["audit", "nonsense"], "nonsense is not an event id"),
        (&["check-config", "--config", "/nonexistent.toml"], "cannot read /nonexistent.toml"),
        (&["serve", "--listen", "0.0.0.0:0"], "set public_url"),
    ];
    for (arguments, reason) in cases {
        let output = tiketi(arguments);
        let (_, err) = said(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {err}");
        assert!(err.contains(reason) && err.trim().lines().count() == 1, "{arguments:?}: {err}");
    }
}

#[test]
fn check_config_shows_what_is_in_force_but_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let secret = "test_sk_0123456789abcdef";
    let key = file(&folder, "secret", secret);
    let toml = format!(
        "listen = \"127.0.0.1:9000\"\n[payments]\nprovider = \"toss\"\napi_url = \"https://api.example.com\"\n\
         window_url = \"https://pay.example.com\"\nclient_key = \"ck\"\nsecret_key_file = {key:?}\n"
    );
    let path = file(&folder, "tiketi.toml", toml);
    let output = std::process::Command::new(BINARY)
        .args(["check-config", "--config", path.to_str().unwrap()])
        .env_clear()
        .env("TIKETI_ENGINE__TICK_MS", "250")
        .output()
        .unwrap();
    let (out, err) = said(&output);
    assert!(output.status.success(), "{err}");
    assert!(out.contains("tick_ms: 250") && out.contains("127.0.0.1:9000"), "{out}");
    assert!(!out.contains(secret) && !err.contains(secret));
}

#[test]
fn unknown_and_wrong_settings_are_named() {
    let folder = tempfile::tempdir().unwrap();
    for (text, names) in [
        ("lissten = \"x\"\n", "lissten"),
        ("[engine]\ntick_ms = \"often\"\n", "tick_ms"),
        ("[payments]\nclient_key = \"ck\"\n", "half configured"),
        ("[payments]\nprovider = \"cash\"\n", "provider"),
        ("this is not toml", "expected"),
    ] {
        let path = file(&folder, "bad.toml", text);
        let output = tiketi(&["check-config", "--config", path.to_str().unwrap()]);
        let (_, err) = said(&output);
        assert!(!output.status.success() && err.contains(names), "{text:?}: {err}");
    }
}

#[test]
fn the_description_of_the_stream_is_the_one_that_is_kept() {
    let (made, _) = said(&tiketi(&["asyncapi"]));
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/asyncapi.json");
    assert_eq!(made, std::fs::read_to_string(kept).unwrap(), "run make asyncapi");
    let described: serde_json::Value = serde_json::from_str(&made).unwrap();
    assert_eq!(described["asyncapi"], "3.0.0");
}

#[tokio::test]
async fn the_table_of_metrics_is_the_one_that_is_kept_and_what_is_served() {
    let (made, _) = said(&tiketi(&["metrics"]));
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/../k8s/monitoring/METRICS.md");
    assert_eq!(made, std::fs::read_to_string(kept).unwrap(), "run make metrics");
    let server = Server::start();
    let served = reqwest::get(format!("{}/metrics", server.status_url)).await.unwrap();
    let served = served.text().await.unwrap();
    let names = |text: &str, before: &str, after: char| -> Vec<String> {
        let rest = text.lines().filter_map(|line| line.strip_prefix(before));
        rest.filter_map(|rest| rest.split(after).next()).map(str::to_owned).collect()
    };
    let served = names(&served, "# TYPE ", ' ');
    assert!(!served.is_empty());
    assert_eq!(names(&made, "| `", '`'), served);
}

#[tokio::test]
async fn the_description_that_is_served_is_the_one_that_is_kept() {
    let (made, _) = said(&tiketi(&["openapi"]));
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/openapi.json");
    let kept = std::fs::read_to_string(kept).unwrap();
    assert_eq!(made, kept, "run make openapi");
    let described: serde_json::Value = serde_json::from_str(&made).unwrap();
    assert_eq!(described["openapi"], "3.1.0");
    let server = Server::start();
    let served = reqwest::get(format!("{}/api/openapi.json", server.url)).await.unwrap();
    assert_eq!(served.json::<serde_json::Value>().await.unwrap(), described);
    let page = reqwest::get(format!("{}/docs/", server.url)).await.unwrap();
    assert!(page.text().await.unwrap().contains("swagger"), "a page to try it");
}
