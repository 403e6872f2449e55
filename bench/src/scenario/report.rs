//! What came of a run, as data: everything else is made of it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use super::drive::Driven;
use super::failover::{Failover, Struck};
use super::file::{Scenario, Subject};
use super::threshold::{Threshold, thresholds};
use super::{Args, junit, page};
use crate::audit::Findings;
use crate::html::{short, write};
use crate::load::Durations;
use crate::load::recorder::{Row, Step, Tally};
use crate::machine::machine;
use crate::size::ONLY_TRIED;

/// What a report is made of.
pub(super) struct Run<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) args: &'a Args,
    pub(super) driven: &'a Driven,
    pub(super) findings: Option<&'a Findings>,
    pub(super) struck: Option<&'a Struck>,
    pub(super) load_before: &'a str,
}

/// As it is in the JSON: see `report.schema.json`.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) scenario: Scenario,
    pub(super) seed: u64,
    /// The server that was there; none if a node was started.
    pub(super) url: Option<String>,
    pub(super) took_s: f64,
    /// Whether it was only tried.
    pub(super) meaningless: bool,
    /// Whether it was ended before its time.
    pub(super) interrupted: bool,
    pub(super) machine: Map<String, Value>,
    /// How late open load was; none if it was closed.
    pub(super) generator: Option<Generator>,
    pub(super) all: Figures,
    pub(super) steps: BTreeMap<Step, Figures>,
    pub(super) thresholds: Vec<Threshold>,
    /// Of the kill; none if no node was killed.
    pub(super) failover: Option<Failover>,
    pub(super) audit: Option<Audit>,
    /// By second and step.
    pub(super) rows: Vec<Row>,
}

/// How late requests were begun.
#[derive(Debug, Serialize)]
pub(super) struct Generator {
    pub(super) lag_p50_ms: f64,
    pub(super) lag_p99_ms: f64,
    pub(super) lag_max_ms: f64,
    pub(super) allowed_p99_ms: f64,
    pub(super) fell_behind: bool,
}

/// Of one step, or of all.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    pub(super) answers: u64,
    pub(super) per_second: f64,
    pub(super) p50_ms: f64,
    pub(super) p90_ms: f64,
    pub(super) p95_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) max_ms: f64,
    pub(super) failed_percent: f64,
    /// Lawful refusals that were to be expected, by code.
    pub(super) refused: BTreeMap<String, u64>,
    /// Failures, by reason.
    pub(super) failed: BTreeMap<String, u64>,
}

/// What the auditor looked for and found.
#[derive(Debug, Serialize)]
pub(super) struct Audit {
    pub(super) acknowledgements: usize,
    pub(super) findings: Vec<String>,
}

impl Audit {
    pub(super) fn found(&self) -> usize {
        self.findings.len()
    }
}

impl Figures {
    fn of(tally: &Tally, took: Duration) -> Self {
        let ms = |percent| millis(&tally.latency, percent);
        let answers = tally.latency.count();
        let (count, failures) = (float(answers), float(tally.failures()));
        Self {
            answers,
            per_second: count / took.as_secs_f64(),
            p50_ms: ms(50.0),
            p90_ms: ms(90.0),
            p95_ms: ms(95.0),
            p99_ms: ms(99.0),
            max_ms: ms(100.0),
            failed_percent: if answers == 0 { 0.0 } else { failures / count * 100.0 },
            refused: tally.refused.clone(),
            failed: tally.failed.clone(),
        }
    }

    /// By the name that thresholds have for it.
    pub(super) fn named(&self, what: &str) -> f64 {
        match what {
            "p50_ms" => self.p50_ms,
            "p95_ms" => self.p95_ms,
            "p99_ms" => self.p99_ms,
            "failed_percent" => self.failed_percent,
            _ => self.per_second,
        }
    }

    /// Answers that were what was wanted.
    pub(super) fn granted(&self) -> u64 {
        let refused: u64 = self.refused.values().sum();
        let failed: u64 = self.failed.values().sum();
        self.answers.saturating_sub(refused + failed)
    }
}

impl Report {
    pub(super) fn of(run: &Run<'_>) -> Self {
        let Run { scenario, args, driven, .. } = *run;
        let took = driven.took;
        let recorded = &driven.recorded;
        let all = Figures::of(&recorded.all(), took);
        let steps: BTreeMap<Step, Figures> =
            recorded.steps.iter().map(|(step, tally)| (*step, Figures::of(tally, took))).collect();
        let mut thresholds = thresholds(scenario, |subject| match subject {
            Subject::All => Some(&all),
            Subject::Step(step) => steps.get(&step),
        });
        let failover = run.struck.map(|struck| Failover::of(struck, driven));
        let plan = failover.as_ref().zip(scenario.failover.as_ref());
        thresholds.extend(plan.map(|(failover, plan)| failover.threshold(plan)));
        let generator = driven.lag.as_ref().map(|lag| Generator {
            lag_p50_ms: millis(lag, 50.0),
            lag_p99_ms: millis(lag, 99.0),
            lag_max_ms: millis(lag, 100.0),
            allowed_p99_ms: float(scenario.lag_max_ms),
            fell_behind: driven.behind(scenario).is_some(),
        });
        let audit = run.findings.map(|findings| Audit {
            acknowledgements: findings.acked,
            findings: findings.all.iter().map(ToString::to_string).collect(),
        });
        Self {
            scenario: scenario.clone(),
            seed: args.seed,
            url: args.url.as_ref().map(ToString::to_string),
            took_s: took.as_secs_f64(),
            meaningless: args.smoke,
            interrupted: driven.interrupted,
            machine: machine(run.load_before),
            generator,
            all,
            steps,
            thresholds,
            failover,
            audit,
            rows: recorded.rows.clone(),
        }
    }

    /// How many thresholds were broken; of a run that was only tried, those that no time is in.
    pub(super) fn broken(&self) -> usize {
        let counts = |threshold: &&Threshold| {
            !threshold.met && (!self.meaningless || threshold.what == "failed_percent")
        };
        self.thresholds.iter().filter(counts).count()
    }

    /// What can be compared with another run: rates and latencies, by step and name.
    pub(super) fn figures(&self) -> BTreeMap<String, f64> {
        let steps = self.steps.iter().map(|(step, figures)| (step.name(), figures));
        let mut named = BTreeMap::new();
        for (step, figures) in steps.chain([("all", &self.all)]) {
            for what in ["per_second", "p50_ms", "p99_ms"] {
                named.insert(format!("{step} {what}"), figures.named(what));
            }
        }
        named
    }

    /// Which group got nothing of what it is all about, in words; none if each did.
    pub(super) fn undone(&self) -> Option<String> {
        let granted = |step: Step| self.steps.get(&step).map_or(0, Figures::granted);
        let actions = self.scenario.groups.iter().map(|group| group.action);
        let mut idle = actions.filter(|action| granted(action.aim()) == 0);
        let action = idle.next()?;
        let (name, aim) = (action.name(), action.aim().name());
        Some(format!("nothing was done: no {aim} of {name} was granted"))
    }

    /// The run in a sentence.
    pub(super) fn sum(&self) -> String {
        let mut sum = format!(
            "{} answers in {:.0} s, {} a second; {} failed.",
            self.all.answers,
            self.took_s,
            short(self.all.per_second),
            self.all.failed.values().sum::<u64>(),
        );
        if self.meaningless {
            write(&mut sum, format_args!(" It was {ONLY_TRIED}."));
        }
        if self.interrupted {
            let wanted = self.scenario.lasts().as_secs_f64();
            write(&mut sum, format_args!(" It was interrupted: {wanted:.0} s were wanted."));
        }
        match self.broken() {
            0 => sum.push_str(" Every threshold was met."),
            many => write(&mut sum, format_args!(" Thresholds broken: {many}.")),
        }
        if self.generator.as_ref().is_some_and(|generator| generator.fell_behind) {
            sum.push_str(" The generator fell behind: the run is void.");
        }
        if let Some(undone) = self.undone() {
            write(&mut sum, format_args!(" The run is void: {undone}."));
        }
        if let Some(failover) = &self.failover {
            write(&mut sum, format_args!(" {}", failover.sentence()));
        }
        if let Some(audit) = &self.audit {
            let (acked, found) = (audit.acknowledgements, audit.found());
            write(&mut sum, format_args!(" {acked} acknowledgements audited, {found} findings."));
        }
        sum
    }

    /// Writes it into a folder in all its forms.
    ///
    /// # Errors
    /// If that cannot be written.
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder)?;
        let file = |ending: &str| folder.join(format!("{}.{ending}", self.scenario.name));
        fs::write(file("json"), serde_json::to_string_pretty(self)?)?;
        fs::write(file("csv"), self.csv())?;
        fs::write(file("xml"), junit::suite(self))?;
        fs::write(file("html"), page::page(self))?;
        Ok(())
    }

    /// One line for each second and step. No field needs quotes.
    fn csv(&self) -> String {
        let mut csv = "second,step,users,answers,failed,p50_ms,p99_ms\n".to_owned();
        for Row { second, step, users, answers, failed, p50_ms, p99_ms } in &self.rows {
            let step = step.map_or("all", Step::name);
            write(
                &mut csv,
                format_args!(
                    "{second},{step},{users},{answers},{failed},{p50_ms:.3},{p99_ms:.3}\n"
                ),
            );
        }
        csv
    }

    /// Prints it for people.
    ///
    /// # Errors
    /// If nobody reads.
    pub(super) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}: {}", self.scenario.name, self.sum())?;
        for (step, figures) in &self.steps {
            let Figures { answers, per_second, p50_ms, p99_ms, .. } = figures;
            let name = step.name();
            write!(
                out,
                "{name:>10}: {answers} answers, {per_second:.0}/s, p50 {p50_ms:.1} ms, p99 {p99_ms:.1} ms"
            )?;
            for (why, count) in figures.refused.iter().chain(&figures.failed) {
                write!(out, ", {count} {why}")?;
            }
            writeln!(out)?;
        }
        if let Some(generator) = &self.generator {
            let Generator { lag_p50_ms, lag_p99_ms, .. } = generator;
            writeln!(out, "generator: late by p50 {lag_p50_ms:.2} ms, p99 {lag_p99_ms:.2} ms")?;
        }
        for threshold in &self.thresholds {
            let mark = if threshold.met { "met" } else { "BROKEN" };
            writeln!(out, "{mark:>10}: {}, {:.2}", threshold.sentence(), threshold.measured)?;
        }
        for finding in self.audit.iter().flat_map(|audit| &audit.findings) {
            writeln!(out, "     FOUND {finding}")?;
        }
        Ok(())
    }
}

fn millis(durations: &Durations, percent: f64) -> f64 {
    durations.percentile(percent).as_secs_f64() * 1_000.0
}

fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
