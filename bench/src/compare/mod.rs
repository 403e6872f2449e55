//! `tiketi-bench compare A B`: whether the figures of two reports of `ratios` differ; or those of two
//! binaries, which are run in turn with `--scenario`.
//!
//! Each figure is judged by the confidence interval of a ratio of medians: B over A. The intervals are
//! so wide that all of them hold, together, with 95 % confidence: or of twenty figures that do not
//! differ, one would be said to.

mod binaries;
mod bootstrap;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use serde_json::{Map, Value, json};

use self::bootstrap::{Interval, Verdict, compare};
use crate::machine::load_average;
use crate::scenario::file::Overrides;

/// What to compare.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The `report.json` to compare with; with --scenario, a binary of the server.
    pub a: PathBuf,
    /// The `report.json` to judge, or the binary.
    pub b: PathBuf,
    /// Run the two binaries with this, one after the other, again and again.
    #[arg(long)]
    pub scenario: Option<PathBuf>,
    /// How often each is run.
    #[arg(long, default_value_t = 5, requires = "scenario")]
    pub rounds: usize,
    /// What is not as the file says it.
    #[command(flatten)]
    pub overrides: Overrides,
    /// Of the resampling, and of what users choose by chance.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Only try whether it works, with any build: what differs means nothing.
    #[arg(long, requires = "scenario")]
    pub smoke: bool,
    /// The folder for `compare.json`, with --scenario.
    #[arg(long, default_value = "target/bench")]
    pub out: PathBuf,
}

/// The rounds of one figure: of A, and of B.
type Rounds = (Vec<f64>, Vec<f64>);

/// At least one figure differs: each was printed.
#[derive(Debug, thiserror::Error)]
#[error("{0} figures differ")]
pub struct Differs(usize);

/// Prints one line for each figure that both have.
///
/// # Errors
/// [`Differs`] if a figure does; others if a report cannot be read, a run is void, the two have no
/// figure in common, or a figure has fewer than five rounds or one that is not above zero.
pub async fn run(args: &Args) -> anyhow::Result<()> {
    let load_before = load_average();
    let rounds = match &args.scenario {
        Some(scenario) => binaries::measure(args, scenario).await?,
        None => of_reports(args)?,
    };
    ensure!(!rounds.is_empty(), "the two have no figure in common");
    let together = rounds.len();
    let (mut judged, mut differ) = (Map::new(), 0);
    for (key, (a, b)) in rounds {
        let interval = compare(&a, &b, args.seed, together).with_context(|| key.clone())?;
        differ += usize::from(interval.verdict() != Verdict::NoneShown);
        let Interval { low, ratio, high } = interval;
        let verdict = interval.verdict().words();
        writeln!(
            io::stdout(),
            "{key:<24} B/A {ratio:.3}, 95 % in {low:.3} to {high:.3}: {verdict}"
        )?;
        let figure = json!({"a": a, "b": b, "ratio": ratio, "low": low, "high": high,
            "verdict": verdict});
        judged.insert(key, figure);
    }
    if args.scenario.is_some() {
        binaries::write(args, &judged, &load_before)?;
    }
    if differ > 0 && !args.smoke { Err(Differs(differ).into()) } else { Ok(()) }
}

/// The rounds of A and of B, by figure.
fn of_reports(args: &Args) -> anyhow::Result<BTreeMap<String, Rounds>> {
    let (a, b) = (figures(&args.a)?, figures(&args.b)?);
    let mut common = BTreeMap::new();
    for (key, rounds) in a {
        let other = b.iter().find(|(other, _)| *other == key);
        if let Some((_, others)) = other {
            common.insert(key, (rounds, others.clone()));
        }
    }
    Ok(common)
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
