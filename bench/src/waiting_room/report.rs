//! What it costs that everybody waits.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::nodes::Usage;
use super::{NEWS, Waited};
use crate::audit::Finding;
use crate::html;
use crate::load::{Durations, Latency};
use crate::size::{ONLY_TRIED, Size};

/// As it is in `waiting-room.json`.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// It was only tried.
    meaningless: bool,
    /// Each was connected and told the place.
    fans: usize,
    steps: Vec<Step>,
    /// Of each step, in milliseconds.
    latency: Vec<Latency>,
    nodes: Vec<Node>,
    /// Memory of the nodes with everybody connected, whatever it is for, by sockets.
    kb_per_socket: f64,
    /// Of that, what came since the nodes had started: line, answers and sockets.
    kb_per_socket_added: f64,
    /// Memory of the processes of fans.
    generators_mb: f64,
    findings: Vec<String>,
}

/// What the nodes spent on something.
#[derive(Debug, Serialize)]
struct Step {
    name: &'static str,
    took_s: f64,
    processor_s: f64,
    /// Processors that were busy with it all the time.
    cores: f64,
}

/// One node. Memory is what is resident.
#[derive(Debug, Serialize)]
struct Node {
    sockets: u64,
    open_files: usize,
    started_mb: f64,
    joined_mb: f64,
    connected_mb: f64,
    last_mb: f64,
}

impl Report {
    pub(super) fn of(waited: &Waited, findings: &[Finding], size: Size) -> Self {
        let [before, joined, connected, idle] = &waited.usage;
        let steps = vec![
            Step::of("join", before, joined),
            Step::of("connect", joined, connected),
            Step::of("idle", connected, idle),
            Step::of("news", idle, &waited.heard),
            Step::of("reconnect", &waited.heard, &waited.at_last),
        ];
        let mut join = Durations::default();
        for place in &waited.places {
            join.record(Duration::from_micros(place.told.saturating_sub(place.asked)));
        }
        let mut latency = vec![Latency::of("join", &join), Latency::of("connect", &waited.told)];
        let news = waited.news.iter().zip(NEWS);
        latency.extend(news.map(|(durations, (_, name))| Latency::of(name, durations)));
        latency.push(Latency::of("reconnect", &waited.told_again));
        let fans = waited.places.len();
        let each = 1.0 / f64::from(u32::try_from(fans).unwrap_or(u32::MAX));
        let sum = |usage: &Usage| usage.resident_kb.iter().sum::<f64>();
        Self {
            meaningless: size == Size::Smoke,
            fans,
            steps,
            latency,
            nodes: (0..waited.sockets.len()).map(|number| Node::of(waited, number)).collect(),
            kb_per_socket: sum(connected) * each,
            kb_per_socket_added: (sum(connected) - sum(before)) * each,
            generators_mb: waited.generators_kb / 1_024.0,
            findings: findings.iter().map(ToString::to_string).collect(),
        }
    }

    /// Writes it into a folder.
    ///
    /// # Errors
    /// If that cannot be written.
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("waiting-room.json"), serde_json::to_string_pretty(self)?)?;
        Ok(())
    }

    /// In how many things fans and journal differ.
    pub(crate) fn found(&self) -> usize {
        self.findings.len()
    }

    /// It as a part of a page.
    pub(crate) fn section(&self) -> String {
        let mut rows = vec![
            ("KB of the nodes for each socket, all they need".to_owned(), self.kb_per_socket),
            ("KB of that since they had started".to_owned(), self.kb_per_socket_added),
        ];
        for Step { name, took_s, cores, .. } in &self.steps {
            rows.push((format!("{name}, s"), *took_s));
            rows.push((format!("{name}, cores of the nodes that were busy"), *cores));
        }
        let title =
            format!("{} fans wait, connected at once to {} nodes", self.fans, self.nodes.len());
        html::measured(&title, &rows, &self.latency, (self.fans, &self.findings))
    }

    /// Prints it for people.
    ///
    /// # Errors
    /// If nobody reads.
    pub(super) fn print(&self) -> io::Result<()> {
        let mut out = io::stdout();
        let (fans, nodes) = (self.fans, self.nodes.len());
        writeln!(out, "{fans} fans wait, each connected and told the place; {nodes} nodes")?;
        if self.meaningless {
            writeln!(out, "{ONLY_TRIED}")?;
        }
        let heads = ["node", "sockets", "files", "started", "joined", "connected", "last (MB)"];
        let [node, sockets, files, started, joined, connected, last] = heads;
        writeln!(
            out,
            "{node:>10} {sockets:>8} {files:>8} {started:>9} {joined:>9} {connected:>9} {last:>9}"
        )?;
        for (node, number) in self.nodes.iter().zip(1..) {
            let Node { sockets, open_files, started_mb, joined_mb, connected_mb, last_mb } = node;
            writeln!(
                out,
                "{number:>10} {sockets:>8} {open_files:>8} {started_mb:>9.1} {joined_mb:>9.1} \
                 {connected_mb:>9.1} {last_mb:>9.1}"
            )?;
        }
        writeln!(
            out,
            "{:>10.2} KB of the nodes for each socket, all they need",
            self.kb_per_socket
        )?;
        writeln!(out, "{:>10.2} KB of that since they had started", self.kb_per_socket_added)?;
        writeln!(out, "{:>10.1} MB of the processes of fans", self.generators_mb)?;
        for Step { name, took_s, processor_s, cores } in &self.steps {
            writeln!(
                out,
                "{name:>10}: {took_s:.1} s, nodes {processor_s:.2} s on processors, {cores:.3} cores"
            )?;
        }
        for latency in &self.latency {
            writeln!(out, "{latency}")?;
        }
        for finding in &self.findings {
            writeln!(out, "FOUND {finding}")?;
        }
        Ok(())
    }
}

impl Step {
    fn of(name: &'static str, from: &Usage, to: &Usage) -> Self {
        let (took_s, processor_s) =
            (to.since(from).as_secs_f64(), to.spent_since(from).as_secs_f64());
        Self { name, took_s, processor_s, cores: processor_s / took_s }
    }
}

impl Node {
    fn of(waited: &Waited, number: usize) -> Self {
        let [before, joined, connected, _] = &waited.usage;
        let mb = |usage: &Usage| usage.resident_kb[number] / 1_024.0;
        Self {
            sockets: waited.sockets[number],
            open_files: connected.open_files[number],
            started_mb: mb(before),
            joined_mb: mb(joined),
            connected_mb: mb(connected),
            last_mb: mb(&waited.at_last),
        }
    }
}
