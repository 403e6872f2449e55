//! What came of a sell-out.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::{Args, Sold};
use crate::audit::{Findings, History};
use crate::html;
use crate::load::{Latency, rate};
use crate::size::ONLY_TRIED;

/// As it is in `sellout.json`.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// It was only tried.
    meaningless: bool,
    seats: u32,
    fans: u64,
    seats_each: u32,
    connections: usize,
    joined_per_second: f64,
    sold_out_after_s: f64,
    tickets_per_second: f64,
    orders: usize,
    /// Of each step, in milliseconds.
    latency: Vec<Latency>,
    audit: Audit,
}

/// What the auditor looked for and found.
#[derive(Debug, Serialize)]
struct Audit {
    acknowledgements: usize,
    findings: Vec<String>,
}

impl Report {
    pub(super) fn of(args: &Args, joined: Duration, sold: &Sold, findings: &Findings) -> Self {
        let steps = sold.recorded.steps.iter();
        let latency = steps.map(|(step, tally)| Latency::of(step.name(), &tally.latency)).collect();
        Self {
            meaningless: args.smoke,
            seats: args.seats,
            fans: args.fans,
            seats_each: args.each,
            connections: args.connections,
            joined_per_second: rate(args.fans, joined),
            sold_out_after_s: sold.took.as_secs_f64(),
            tickets_per_second: rate(sold.tickets, sold.took),
            orders: sold.history.paid.len(),
            latency,
            audit: Audit {
                acknowledgements: findings.acked,
                findings: findings.all.iter().map(ToString::to_string).collect(),
            },
        }
    }

    /// Writes it, and what clients were told, into a folder.
    ///
    /// # Errors
    /// If that cannot be written.
    pub(super) fn write(&self, folder: &Path, history: &History) -> anyhow::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("sellout.json"), serde_json::to_string_pretty(self)?)?;
        fs::write(folder.join("sellout-history.json"), serde_json::to_string(history)?)?;
        Ok(())
    }

    /// In how many things clients and journal differ.
    pub(crate) fn found(&self) -> usize {
        self.audit.findings.len()
    }

    /// It as a part of a page.
    pub(crate) fn section(&self) -> String {
        let (seats, fans, each) = (self.seats, self.fans, self.seats_each);
        let rows = [
            ("tickets a second".to_owned(), self.tickets_per_second),
            ("fans joined a second".to_owned(), self.joined_per_second),
            ("s until all were sold".to_owned(), self.sold_out_after_s),
        ];
        let title = format!("A sell-out: {seats} seats to {fans} fans, {each} each");
        let audited = (self.audit.acknowledgements, &self.audit.findings[..]);
        html::measured(&title, &rows, &self.latency, audited)
    }

    /// Prints it for people.
    ///
    /// # Errors
    /// If nobody reads.
    pub(super) fn print(&self) -> io::Result<()> {
        let mut out = io::stdout();
        let (seats, fans, each) = (self.seats, self.fans, self.seats_each);
        writeln!(out, "{seats} seats to {fans} fans, {each} each")?;
        if self.meaningless {
            writeln!(out, "{ONLY_TRIED}")?;
        }
        writeln!(out, "{:>10.0} fans joined a second", self.joined_per_second)?;
        writeln!(out, "{:>10.0} tickets a second", self.tickets_per_second)?;
        writeln!(out, "{:>10.1} s until all were sold", self.sold_out_after_s)?;
        for latency in &self.latency {
            writeln!(out, "{latency}")?;
        }
        writeln!(out, "{:>10} acknowledgements audited", self.audit.acknowledgements)?;
        for finding in &self.audit.findings {
            writeln!(out, "FOUND {finding}")?;
        }
        Ok(())
    }
}
