//! What figures are measured on.

use std::fs;
use std::process::Command;

use serde_json::{Map, Value};

/// What the figures were measured on, in words.
pub(crate) fn machine(load_before: &str) -> Map<String, Value> {
    let cpu = line_of("/proc/cpuinfo", "model name");
    let memory = line_of("/proc/meminfo", "MemTotal");
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let facts = [
        ("CPU", cpu),
        ("cores", cores.to_string()),
        ("memory", memory),
        ("system", said("uname", &["-sr"])),
        ("commit", said("git", &["describe", "--always", "--dirty"])),
        ("build", build.to_owned()),
        ("load before", load_before.to_owned()),
        ("load after", load_average()),
    ];
    facts.into_iter().map(|(name, fact)| (name.to_owned(), Value::String(fact))).collect()
}

/// How busy it has been.
pub(crate) fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// The value of a line `name : value`; empty if there is none.
fn line_of(file: &str, name: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name));
    let value = line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim());
    value.unwrap_or_default().to_owned()
}

/// What a command prints; empty if there is no such command.
fn said(command: &str, arguments: &[&str]) -> String {
    let output = Command::new(command).args(arguments).output();
    let text = output.map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&text).trim().to_owned()
}
