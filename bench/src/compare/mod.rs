//! `tiketi-bench compare A B`: whether the figures of two reports of `ratios` differ.
//!
//! Each figure is judged by the confidence interval of a ratio of medians: B over A.

mod bootstrap;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use self::bootstrap::{Interval, Verdict, compare};

/// What to compare.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The `report.json` to compare with.
    pub a: PathBuf,
    /// The `report.json` to judge.
    pub b: PathBuf,
    /// Of the resampling: the same seed gives the same intervals.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// At least one figure differs: each was printed.
#[derive(Debug, thiserror::Error)]
#[error("{0} figures differ")]
pub struct Differs(usize);

/// Prints one line for each figure that both reports have.
///
/// # Errors
/// [`Differs`] if a figure does; others if a report cannot be read, the two have no figure in
/// common, or a figure has fewer than five rounds or one that is not above zero.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let (a, b) = (figures(&args.a)?, figures(&args.b)?);
    let mut out = io::stdout();
    let (mut common, mut differ) = (0, 0);
    for (key, rounds) in &a {
        let Some((_, others)) = b.iter().find(|(other, _)| other == key) else { continue };
        let interval = compare(rounds, others, args.seed).with_context(|| key.clone())?;
        common += 1;
        differ += usize::from(interval.verdict() != Verdict::NoneShown);
        let Interval { low, ratio, high } = interval;
        let verdict = interval.verdict().words();
        writeln!(out, "{key:<24} B/A {ratio:.3}, 95 % in {low:.3} to {high:.3}: {verdict}")?;
    }
    ensure!(common > 0, "the two reports have no figure in common");
    if differ > 0 { Err(Differs(differ).into()) } else { Ok(()) }
}

/// The figures of a report, each with its rounds.
fn figures(file: &Path) -> anyhow::Result<Vec<(String, Vec<f64>)>> {
    let text = fs::read(file).with_context(|| format!("read {}", file.display()))?;
    let report: Value =
        serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", file.display()))?;
    ensure!(report["meaningless"] != true, "{} was only tried", file.display());
    let ratios = report["ratios"].as_object();
    let ratios = ratios.with_context(|| format!("{} has no ratios", file.display()))?;
    let rounds = |figure: &Value| -> Option<Vec<f64>> {
        figure["rounds"].as_array()?.iter().map(Value::as_f64).collect()
    };
    let read = |(key, figure): (&String, &Value)| {
        let rounds = rounds(figure).with_context(|| format!("{key} has no rounds"))?;
        Ok((key.clone(), rounds))
    };
    ratios.iter().map(read).collect()
}
