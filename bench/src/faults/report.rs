//! The results: a row for each fault, for people and as JSON.

use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use clap::ValueEnum as _;
use serde_json::{Value, json};

use super::fault::Fault;
use super::rig::Journal;
use crate::audit::{Findings, History, Kind, judge};

/// What became of one run.
#[derive(Debug, Clone, Default)]
pub(super) struct Run {
    /// Acknowledgements that clients received.
    pub(super) acked: usize,
    /// Their history beside the journal.
    pub(super) compared: Findings,
    /// Times that a viewer saw what the journal does not say.
    pub(super) wrong_views: usize,
    /// Whether no batch has an older fence than one before it.
    pub(super) fences_in_order: bool,
    /// The longest time without an acknowledgement, from the fault on.
    pub(super) gap: Duration,
    /// What clients saw although they tried again for half a minute.
    pub(super) errors: Vec<String>,
    /// Appends that Postgres refused because their owner was none any more.
    pub(super) stale_refused: f64,
    /// Appends whose answer was lost.
    pub(super) in_doubt: f64,
    /// What the audit found; empty for nothing.
    pub(super) violations: String,
    /// What the statistics have otherwise than the journal; empty for nothing.
    pub(super) wrong_count: String,
}

impl Run {
    /// What clients were told, beside the journal.
    pub(super) fn of(history: &History, journal: &Journal, struck_at: Instant) -> Self {
        Self {
            acked: history.acked_at.len(),
            compared: judge(history, &journal.records),
            fences_in_order: journal.fences.is_sorted(),
            gap: history.longest_gap(struck_at),
            errors: history.errors.clone(),
            ..Self::default()
        }
    }

    /// What clients were told, beside a journal that cannot be read or contradicts itself.
    pub(super) fn without_journal(history: &History, error: &anyhow::Error) -> Self {
        let (acked, errors) = (history.acked_at.len(), history.errors.clone());
        Self { acked, errors, violations: format!("{error:#}"), ..Self::default() }
    }

    /// Whether nothing was lost, sold twice or otherwise wrong.
    pub(super) fn is_clean(&self) -> bool {
        let broken = self.compared.all.iter().any(|finding| breaks_a_promise(finding.kind));
        let nothing = !broken && self.wrong_views == 0;
        let wrong = [&self.violations, &self.wrong_count];
        let well = self.errors.is_empty() && wrong.iter().all(|said| said.is_empty());
        nothing && well && self.fences_in_order && self.compared.acked > 0
    }
}

/// Whether a finding is a fault of the cluster. A run ends before its refunds must have been made,
/// and whether it sold is seen by its acknowledgements.
const fn breaks_a_promise(kind: Kind) -> bool {
    !matches!(kind, Kind::RefundOwed | Kind::NothingSold)
}

/// All runs.
#[derive(Debug)]
pub(super) struct Report {
    lease_ttl: Duration,
    runs: Vec<(Fault, Run)>,
}

/// One fault's runs together.
struct Row {
    fault: String,
    runs: usize,
    clean: bool,
    acked: usize,
    acked_lost: usize,
    double_sold: usize,
    phantoms: usize,
    wrong_views: usize,
    stale_refused: f64,
    in_doubt: f64,
    errors: usize,
    gap_p50: Duration,
    gap_max: Duration,
}

impl Report {
    /// Nothing yet.
    pub(super) fn new(lease_ttl: Duration) -> Self {
        Self { lease_ttl, runs: Vec::new() }
    }

    /// One more.
    pub(super) fn add(&mut self, fault: Fault, run: Run) {
        let broken = run.compared.all.iter().filter(|finding| breaks_a_promise(finding.kind));
        for finding in broken {
            // What was found counts anyway, read or not.
            say(&format!("FOUND by {fault:?}: {finding}")).ok();
        }
        self.runs.push((fault, run));
    }

    /// Whether nothing was lost, sold twice or otherwise wrong.
    pub(super) fn is_clean(&self) -> bool {
        self.runs.iter().all(|(_, run)| run.is_clean())
    }

    fn row(&self, fault: Fault) -> Option<Row> {
        let runs: Vec<&Run> =
            self.runs.iter().filter(|(of, _)| *of == fault).map(|(_, run)| run).collect();
        let mut gaps: Vec<Duration> = runs.iter().map(|run| run.gap).collect();
        gaps.sort_unstable();
        let sum = |count: fn(&Run) -> usize| runs.iter().map(|run| count(run)).sum();
        Some(Row {
            fault: fault.to_possible_value()?.get_name().to_owned(),
            runs: runs.len(),
            clean: runs.iter().all(|run| run.is_clean()),
            acked: sum(|run| run.acked),
            acked_lost: sum(|run| run.compared.count(Kind::AckLost)),
            double_sold: sum(|run| run.compared.count(Kind::DoubleSold)),
            phantoms: sum(|run| run.compared.count(Kind::Phantom)),
            wrong_views: sum(|run| run.wrong_views),
            stale_refused: runs.iter().map(|run| run.stale_refused).sum(),
            in_doubt: runs.iter().map(|run| run.in_doubt).sum(),
            errors: sum(|run| run.errors.len()),
            gap_p50: *gaps.get(gaps.len() / 2)?,
            gap_max: *gaps.last()?,
        })
    }

    fn rows(&self) -> impl Iterator<Item = (Fault, Row)> {
        Fault::value_variants().iter().filter_map(|fault| Some((*fault, self.row(*fault)?)))
    }

    /// Prints the table and what was wrong.
    ///
    /// # Errors
    /// If nobody reads it.
    pub(super) fn print(&self) -> io::Result<()> {
        const COLUMNS: [&str; 11] = [
            "runs", "acked", "lost", "twice", "phantom", "views", "stale", "doubt", "errors",
            "gap p50", "max ms",
        ];
        say(&line("fault", COLUMNS.map(str::to_owned)))?;
        for (_, row) in self.rows() {
            let figures = [
                row.runs.to_string(),
                row.acked.to_string(),
                row.acked_lost.to_string(),
                row.double_sold.to_string(),
                row.phantoms.to_string(),
                row.wrong_views.to_string(),
                row.stale_refused.to_string(),
                row.in_doubt.to_string(),
                row.errors.to_string(),
                row.gap_p50.as_millis().to_string(),
                row.gap_max.as_millis().to_string(),
            ];
            say(&format!(
                "{}{}",
                line(&row.fault, figures),
                if row.clean { "" } else { " NOT CLEAN" }
            ))?;
        }
        for (fault, run) in &self.runs {
            if !run.fences_in_order {
                say(&format!("{fault:?}: a batch has an older fence than one before it"))?;
            }
            for said in [&run.violations, &run.wrong_count] {
                if !said.is_empty() {
                    say(&format!("{fault:?}: {said}"))?;
                }
            }
            for error in &run.errors {
                say(&format!("{fault:?}: a client saw {error}"))?;
            }
        }
        Ok(())
    }

    /// Writes `{"faults": […]}`, times in milliseconds.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) fn write(&self, file: &Path, found: &[(&str, bool)]) -> anyhow::Result<()> {
        let ttl = self.lease_ttl.as_secs_f64();
        let shown = |(fault, row): (Fault, Row)| {
            let mut shown = json!({
                "fault": row.fault, "runs": row.runs, "clean": row.clean,
                "acked": row.acked, "acked_lost": row.acked_lost,
                "double_sold": row.double_sold, "phantoms": row.phantoms, "wrong_views": row.wrong_views,
                "stale_refused": row.stale_refused, "in_doubt": row.in_doubt,
                "client_errors": row.errors,
                "gap_p50_ms": millis(row.gap_p50), "gap_max_ms": millis(row.gap_max),
            });
            if fault.is_failover() {
                shown["gap_p50_vs_lease_ttl"] = json!(row.gap_p50.as_secs_f64() / ttl);
            }
            shown
        };
        let faults: Vec<Value> = self.rows().map(shown).collect();
        let bugs: Vec<Value> =
            found.iter().map(|(bug, found)| json!({"bug": bug, "found": found})).collect();
        let ttl = millis(self.lease_ttl);
        let results = json!({"lease_ttl_ms": ttl, "faults": faults, "planted_bugs": bugs});
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(std::fs::write(file, format!("{results:#}\n"))?)
    }
}

/// A row of the table.
fn line(fault: &str, figures: [String; 11]) -> String {
    let figures = figures.map(|figure| format!("{figure:>8}"));
    format!("{fault:<20}{}", figures.concat())
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Prints a line.
pub(super) fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}
