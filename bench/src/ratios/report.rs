//! The report: figures, and on what they were measured.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::figure::Figure;
use super::page;
use crate::machine::{load_average, machine};
use crate::size::Size;

/// See the module.
pub(crate) struct Report {
    started: Instant,
    rounds: usize,
    size: Size,
    load_before: String,
    figures: Vec<Figure>,
    /// What else was measured, by name.
    runs: Map<String, Value>,
    /// That as parts of the page.
    sections: String,
}

impl Report {
    /// From now on.
    pub(super) fn begin(rounds: usize, size: Size) -> Self {
        let load_before = load_average();
        Self {
            started: Instant::now(),
            rounds,
            size,
            load_before,
            figures: Vec::new(),
            runs: Map::new(),
            sections: String::new(),
        }
    }

    pub(super) fn add(&mut self, figures: Vec<Figure>) {
        self.figures.extend(figures);
    }

    /// Adds what came of something else, as data and as a part of the page.
    ///
    /// # Errors
    /// If it is no JSON.
    pub(crate) fn add_run(
        &mut self,
        name: &str,
        run: &impl Serialize,
        section: &str,
    ) -> anyhow::Result<()> {
        self.runs.insert(name.to_owned(), serde_json::to_value(run)?);
        self.sections.push_str(section);
        Ok(())
    }

    pub(super) fn figures(&self) -> &[Figure] {
        &self.figures
    }

    /// Writes `report.json` and `report.html` of what there is so far into a folder.
    ///
    /// # Errors
    /// If they cannot be written.
    pub(crate) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder)?;
        let machine = machine(&self.load_before);
        let ratios: Map<String, Value> =
            self.figures.iter().map(|f| (f.key.to_owned(), f.to_json(self.size))).collect();
        let took: Duration = self.started.elapsed();
        let mut report = json!({
            "rounds": self.rounds,
            "meaningless": self.size == Size::Smoke,
            "took_s": took.as_secs(),
            "machine": machine,
            "ratios": ratios,
        });
        if let Some(report) = report.as_object_mut() {
            report.extend(self.runs.clone());
        }
        fs::write(folder.join("report.json"), serde_json::to_string_pretty(&report)?)?;
        fs::write(
            folder.join("report.html"),
            page::page(&self.figures, &self.sections, self.size, &machine, took),
        )?;
        Ok(())
    }
}
