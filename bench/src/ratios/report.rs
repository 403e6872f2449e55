//! The report: figures, and on what they were measured.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::figure::Figure;
use super::page;

/// See the module.
pub(super) struct Report {
    started: Instant,
    rounds: usize,
    load_before: String,
    figures: Vec<Figure>,
}

impl Report {
    /// From now on.
    pub(super) fn begin(rounds: usize) -> Self {
        let load_before = load_average();
        Self { started: Instant::now(), rounds, load_before, figures: Vec::new() }
    }

    pub(super) fn add(&mut self, figures: Vec<Figure>) {
        self.figures.extend(figures);
    }

    pub(super) fn figures(&self) -> &[Figure] {
        &self.figures
    }

    /// Writes `report.json` and `report.html` of what there is so far into a folder.
    ///
    /// # Errors
    /// If they cannot be written.
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder)?;
        let machine = machine(&self.load_before);
        let ratios: Map<String, Value> =
            self.figures.iter().map(|f| (f.key.to_owned(), f.to_json())).collect();
        let took: Duration = self.started.elapsed();
        let report = json!({
            "rounds": self.rounds,
            "took_s": took.as_secs(),
            "machine": machine,
            "ratios": ratios,
        });
        fs::write(folder.join("report.json"), serde_json::to_string_pretty(&report)?)?;
        let machine: Vec<(String, String)> = machine
            .into_iter()
            .map(|(name, value)| (name, value.as_str().unwrap_or_default().to_owned()))
            .collect();
        fs::write(folder.join("report.html"), page::page(&self.figures, &machine, took))?;
        Ok(())
    }
}

/// What the figures were measured on, in words.
fn machine(load_before: &str) -> Map<String, Value> {
    let cpu = line_of("/proc/cpuinfo", "model name");
    let memory = line_of("/proc/meminfo", "MemTotal");
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let facts = [
        ("CPU", cpu),
        ("cores", cores.to_string()),
        ("memory", memory),
        ("system", said("uname", &["-sr"])),
        ("commit", said("git", &["describe", "--always", "--dirty"])),
        ("build", "release".to_owned()),
        ("load before", load_before.to_owned()),
        ("load after", load_average()),
    ];
    facts.into_iter().map(|(name, fact)| (name.to_owned(), Value::String(fact))).collect()
}

fn load_average() -> String {
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
