//! What the compiler does not hold: who may know whom inside a crate, and the shape of files.
#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Every file below a folder with one of these endings, with its text; build output apart.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["target", "node_modules", "dist", ".git", "data"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let shown = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                found.push((shown, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "nothing in {folder}");
    found
}

/// The lines of a file without its comments.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn is(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

/// Folder, and what its code must not name.
const BANNED: [(&str, &[&str]); 9] = [
    (
        "engine/src/domain",
        &[
            "tokio",
            "actix",
            "async ",
            "crate::actor",
            "crate::ports",
            "crate::feed",
            "SystemTime",
            "Instant",
            "std::fs",
            "std::net",
            "std::env",
            "HashMap",
            "rand::",
        ],
    ),
    ("engine/src/plan", &["tokio", "actix", "async ", "crate::actor", "crate::ports", "std::fs"]),
    ("engine/src/ports", &["actix", "crate::actor", "sqlx"]),
    ("engine/src/actor", &["sqlx", "axum", "redis::", "rdkafka"]),
    ("persistence/src", &["axum", "actix", "tiketi::"]),
    ("api/src/http", &["tiketi_persistence", "sqlx"]),
    ("api/src/ws", &["tiketi_persistence", "sqlx"]),
    ("api/src/middleware", &["tiketi_persistence", "sqlx"]),
    ("api/src/wire", &["tiketi_persistence", "sqlx", "axum"]),
];

#[test]
fn nobody_knows_whom_they_must_not() {
    for (folder, banned) in BANNED {
        for (path, text) in files(folder, &[".rs"]) {
            if path.contains("/tests/") {
                continue;
            }
            for (number, line) in code(&text) {
                for word in banned {
                    assert!(!line.contains(word), "{path}:{}: {word} in {folder}", number + 1);
                }
            }
        }
    }
}

#[test]
fn actix_lives_with_the_actors_and_errors_get_their_status_in_one_place() {
    const ERRORS: [&str; 8] = [
        "BAD_REQUEST",
        "UNAUTHORIZED",
        "FORBIDDEN",
        "NOT_FOUND",
        "CONFLICT",
        "UNPROCESSABLE",
        "TOO_MANY_REQUESTS",
        "PAYLOAD_TOO_LARGE",
    ];
    for (path, text) in files("engine/src", &[".rs"]) {
        let actors = path.starts_with("engine/src/actor") || path == "engine/src/engine.rs";
        let named = code(&text).any(|(_, line)| line.contains("actix::"));
        assert!(actors || !named, "{path} names actix");
    }
    for folder in ["api/src/http", "api/src/ws", "api/src/middleware", "api/src/auth"] {
        for (path, text) in files(folder, &[".rs"]) {
            for (number, line) in code(&text) {
                let status =
                    ERRORS.iter().any(|error| line.contains(&format!("StatusCode::{error}")));
                // Reading a library's status is not giving one.
                let reading = line.contains("==");
                assert!(!status || reading, "{path}:{}: a status outside problem/", number + 1);
            }
        }
    }
}

/// The words in quotes in some code that look like a problem's code.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2).filter(|word| {
        word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    })
}

#[test]
fn every_code_is_described_and_every_described_code_is_given() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let listed = read("api/src/problem/codes.rs");
    let table = listed.split("pub(crate) fn page").next().unwrap();
    let described: Vec<&str> = quoted(table).collect();
    let (rejections, problems) =
        (read("engine/src/domain/rejection.rs"), read("api/src/problem/mod.rs"));
    let (codes, listed) = rejections.split("fn code").nth(1).unwrap().split_once("CODES").unwrap();
    assert!(quoted(codes).eq(quoted(listed)), "the list of codes is not what is given");
    for code in quoted(codes) {
        assert!(described.contains(&code), "{code} of a rejection is not described");
    }
    for code in &described {
        let given = quoted(codes).chain(quoted(&problems)).any(|given| given == *code);
        assert!(given, "{code} is described and never given");
    }
    assert!(described.len() > 60);
}

#[test]
fn every_metric_is_registered_in_one_place_and_is_in_the_table() {
    let table = fs::read_to_string(root().join("k8s/monitoring/METRICS.md")).unwrap();
    let mut described = 0;
    for (path, text) in
        ["api/src", "engine/src"].into_iter().flat_map(|folder| files(folder, &[".rs"]))
    {
        if path.contains("/tests/") || path == "api/src/metrics.rs" {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let at = format!("{path}:{}", number + 1);
            let of_a_part = line
                .split_once("Metrics::register(")
                .is_some_and(|(before, _)| before.ends_with(char::is_alphanumeric));
            assert!(!of_a_part, "{at}: register it in api/src/metrics.rs");
            let Some(rest) = line.trim_start().strip_prefix("/// `tiketi_") else { continue };
            let name = rest.split('`').next().unwrap();
            assert!(table.contains(&format!("| `tiketi_{name}` |")), "{at}: not in the table");
            described += 1;
        }
    }
    assert_eq!(described, table.matches("| `tiketi_").count(), "each has a field that says it");
}

/// Bounded contexts: none knows another's tables.
const CONTEXTS: [&str; 5] = ["catalog", "sales", "payments", "stats", "accounts"];

/// The contexts whose tables some SQL names: `sales_order` in SQLite, `sales.order` in Postgres.
fn contexts_of(sql: &str) -> Vec<&'static str> {
    let names = |context: &&'static str| {
        sql.match_indices(*context).any(|(at, _)| {
            let before = sql[..at].chars().next_back();
            let after = sql[at + context.len()..].chars().next();
            let begins = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '.');
            begins && matches!(after, Some('_' | '.'))
        })
    };
    CONTEXTS.into_iter().filter(names).collect()
}

/// The SQL in a file: all of it, or what stands in quotes in code and says what SQL says.
fn statements(path: &str, text: &str) -> Vec<String> {
    if is(path, "sql") {
        return vec![text.to_owned()];
    }
    let code: Vec<&str> = code(text).map(|(_, line)| line).collect();
    let code = code.join("\n");
    let is_sql = |text: &&str| {
        ["SELECT ", "INSERT ", "UPDATE ", "DELETE "].iter().any(|verb| text.contains(verb))
    };
    code.split('"').skip(1).step_by(2).filter(is_sql).map(str::to_owned).collect()
}

#[test]
fn no_statement_names_two_contexts() {
    let mut found = 0;
    for (path, text) in files("persistence", &[".rs", ".sql"]) {
        if path.contains("/tests/") {
            continue;
        }
        for statement in statements(&path, &text) {
            let named = contexts_of(&statement);
            assert!(named.len() <= 1, "{path}: {named:?} in {statement}");
            found += named.len();
            let folder = CONTEXTS.iter().find(|name| path.contains(&format!("postgres/{name}/")));
            let own = folder.is_none_or(|folder| named == [*folder]);
            assert!(own || !path.contains("migrations"), "{path} names {named:?}");
        }
    }
    assert!(found > 55, "the search is broken: {found} statements");
}

#[test]
fn files_are_one_idea_each() {
    for (path, text) in files(".", &[".rs", ".ts", ".tsx"]) {
        let generated = path.ends_with("schema.ts");
        let lines = text.lines().count();
        assert!(generated || lines <= 800, "{path} has {lines} lines");
        let rust = is(&path, "rs") && !path.contains("/tests");
        assert!(
            !rust || text.starts_with("//!") || text.starts_with("#![doc"),
            "{path} says not what it is"
        );
        assert!(
            !rust || !path.ends_with("src/main.rs") || lines <= 40,
            "{path} is too long for a main"
        );
    }
}

#[test]
fn nothing_is_left_lying_about() {
    // Written apart, so that this file does not find itself.
    let leftovers =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("dbg", "!("), concat!("XX", "X:")];
    let commented = ["// let ", "// fn ", "// use ", "// if ", "// return", "// const ", "// pub "];
    for (path, text) in files(".", &[".rs", ".ts", ".tsx", ".css", ".sql", ".sh", ".toml", ".md"]) {
        for (number, line) in text.lines().enumerate() {
            let at = format!("{path}:{}", number + 1);
            assert!(leftovers.iter().all(|word| !line.contains(word)), "{at}: left over");
            let code = line.trim_start();
            let out =
                commented.iter().any(|start| code.starts_with(start)) && code.ends_with([';', '{']);
            assert!(!out, "{at}: code that is commented out");
            assert!(line.trim_end() == line || is(&path, "md"), "{at}: space at the end");
        }
    }
}
