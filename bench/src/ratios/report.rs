//! The report: figures, and on what they were measured.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::figure::Figure;
use super::page;
use crate::machine::{load_average, machine};
use crate::size::Size;

/// See the module.
pub(super) struct Report {
    started: Instant,
    rounds: usize,
    size: Size,
    load_before: String,
    figures: Vec<Figure>,
}

impl Report {
    /// From now on.
    pub(super) fn begin(rounds: usize, size: Size) -> Self {
        let load_before = load_average();
        Self { started: Instant::now(), rounds, size, load_before, figures: Vec::new() }
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
            self.figures.iter().map(|f| (f.key.to_owned(), f.to_json(self.size))).collect();
        let took: Duration = self.started.elapsed();
        let report = json!({
            "rounds": self.rounds,
            "meaningless": self.size == Size::Smoke,
            "took_s": took.as_secs(),
            "machine": machine,
            "ratios": ratios,
        });
        fs::write(folder.join("report.json"), serde_json::to_string_pretty(&report)?)?;
        fs::write(
            folder.join("report.html"),
            page::page(&self.figures, self.size, &machine, took),
        )?;
        Ok(())
    }
}
