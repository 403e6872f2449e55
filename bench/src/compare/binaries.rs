//! Two binaries of the server in interleaved rounds of one scenario, each round with a node of its
//! own.

use std::collections::BTreeMap;
use std::fs;
use std::future::Future;
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::ensure;
use serde_json::{Map, Value, json};

use super::bootstrap::ROUNDS_MIN;
use super::{Args, Rounds};
use crate::machine::machine;
use crate::scenario;
use crate::size::{ONLY_TRIED, Size};

/// Of one run, by name.
type Figures = BTreeMap<String, f64>;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    A,
    B,
}

/// Runs both, and gives the rounds of every figure that all of them have.
///
/// # Errors
/// If a run is void, or clients were told otherwise than the journal has it.
pub(super) async fn measure(
    args: &Args,
    scenario: &Path,
) -> anyhow::Result<BTreeMap<String, Rounds>> {
    Size::of(args.smoke)?;
    ensure!(args.rounds >= ROUNDS_MIN, "at least {ROUNDS_MIN} rounds are needed");
    interleaved(args.rounds, |round, side| async move {
        let binary = if side == Side::A { &args.a } else { &args.b };
        writeln!(io::stderr(), "round {}, {side:?}: {}", round + 1, binary.display())?;
        // What users choose by chance is the same for both.
        scenario::figures(&scenario::Args {
            scenario: scenario.to_owned(),
            url: None,
            event: None,
            access_key: None,
            bots: None,
            database: None,
            tiketi: binary.clone(),
            overrides: args.overrides,
            seed: args.seed + round as u64,
            smoke: args.smoke,
            out: args.out.clone(),
        })
        .await
    })
    .await
}

/// One after the other, and who is first takes turns: what a machine does over time meets both.
async fn interleaved<F>(
    rounds: usize,
    run: impl Fn(usize, Side) -> F,
) -> anyhow::Result<BTreeMap<String, Rounds>>
where
    F: Future<Output = anyhow::Result<Figures>>,
{
    let mut all: BTreeMap<String, Rounds> = BTreeMap::new();
    for round in 0..rounds {
        let sides = if round % 2 == 0 { [Side::A, Side::B] } else { [Side::B, Side::A] };
        for side in sides {
            for (name, figure) in run(round, side).await? {
                let (a, b) = all.entry(name).or_default();
                if side == Side::A { a.push(figure) } else { b.push(figure) }
            }
        }
    }
    // A step that not every run took, or that took no time that shows, cannot be compared.
    let whole = |side: &Vec<f64>| side.len() == rounds && side.iter().all(|round| *round > 0.0);
    all.retain(|_, (a, b)| whole(a) && whole(b));
    Ok(all)
}

/// Writes `compare.json` into the folder.
///
/// # Errors
/// If it cannot be written.
pub(super) fn write(
    args: &Args,
    figures: &Map<String, Value>,
    load_before: &str,
) -> anyhow::Result<()> {
    let report = json!({
        "a": args.a,
        "b": args.b,
        "scenario": args.scenario,
        "rounds": args.rounds,
        "seed": args.seed,
        "meaningless": args.smoke,
        "machine": machine(load_before),
        "figures": figures,
    });
    fs::create_dir_all(&args.out)?;
    fs::write(args.out.join("compare.json"), serde_json::to_string_pretty(&report)?)?;
    if args.smoke {
        writeln!(io::stdout(), "{ONLY_TRIED}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[tokio::test]
    async fn rounds_are_interleaved_and_who_is_first_takes_turns() {
        let ran = Mutex::new(Vec::new());
        let all = interleaved(3, |round, side| {
            ran.lock().unwrap().push((round, side));
            let of_both = if side == Side::A { 100.0 } else { 150.0 };
            let mut figures = Figures::from([("hold per_second".to_owned(), of_both)]);
            if round > 0 {
                figures.insert("leave p99_ms".to_owned(), 1.0);
            }
            figures.insert("join p50_ms".to_owned(), 0.0);
            async { Ok(figures) }
        });
        let all = all.await.unwrap();
        let order =
            [(0, Side::A), (0, Side::B), (1, Side::B), (1, Side::A), (2, Side::A), (2, Side::B)];
        assert_eq!(*ran.lock().unwrap(), order);
        let rounds = (vec![100.0; 3], vec![150.0; 3]);
        assert_eq!(all, BTreeMap::from([("hold per_second".to_owned(), rounds)]));
    }
}
