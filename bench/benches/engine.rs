//! The engine without a disk: decisions, the search for places, snapshots, recovery.
//!
//! `cargo bench -p tiketi-bench`.
#![allow(missing_docs, reason = "criterion's macros make public functions without any")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use tiketi_bench::crowd::{self, EVENT, OPENS_AT};
use tiketi_engine::domain::best_available::{Party, best_available};
use tiketi_engine::domain::bitset::BitSet;
use tiketi_engine::domain::command::Command;
use tiketi_engine::domain::ids::{Fence, Seq};
use tiketi_engine::domain::sale::Sale;
use tiketi_engine::domain::seating::Seating;
use tiketi_engine::journal::{Batch, ChainHash};
use tiketi_engine::testing::dice::Dice;

/// Decide and apply on one hot event of 20,000 places with 10,000 fans inside.
fn decisions(criterion: &mut Criterion) {
    const FANS: u64 = 10_000;
    let chart = crowd::arena(20_000);
    let mut group = criterion.benchmark_group("decide_and_apply");
    group.throughput(Throughput::Elements(2 * FANS));
    let start = crowd::sale(&chart, FANS);
    let run = |mut sale: Sale| {
        for fan in 0..FANS {
            // Far apart, so that no cache line serves two.
            let place = u32::try_from(fan * 7_919 % 20_000).unwrap_or(0);
            crowd::hold_and_release(&mut sale, fan, place);
        }
        sale
    };
    group.bench_function("hold_and_release", |bencher| {
        bencher.iter_batched(|| start.clone(), run, BatchSize::PerIteration);
    });
    // Ten thousand want one seat: all but one are told no.
    group.throughput(Throughput::Elements(FANS));
    group.bench_function("contention_for_one_seat", |bencher| {
        bencher.iter_batched(
            || start.clone(),
            |mut sale| {
                for fan in 0..FANS {
                    let answer = sale.execute(OPENS_AT, &crowd::request(fan, crowd::hold_one(7)));
                    black_box(answer.is_ok());
                }
                sale
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// The search on an arena of 60,000 places, at occupancies that are hard for it.
fn search(criterion: &mut Criterion) {
    let chart = crowd::arena(60_000);
    let seating = Seating::of(&chart);
    let mut group = criterion.benchmark_group("best_available_60000");
    let capacity = chart.capacity();
    let mut dice = Dice::new(7);
    let mut occupied = |of_hundred: u64| {
        let mut free = BitSet::new(capacity);
        (0..capacity).filter(|_| dice.below(100) >= of_hundred).for_each(|at| free.insert(at));
        free
    };
    let mut single = BitSet::new(capacity);
    (0..capacity).step_by(2).for_each(|at| single.insert(at));
    // Three free, one taken: every pair would leave a single seat behind.
    let mut orphaning = BitSet::new(capacity);
    (0..capacity).filter(|at| at % 4 != 3).for_each(|at| orphaning.insert(at));
    let cases = [
        ("empty_for_4", occupied(0), 4),
        ("half_full_for_4", occupied(50), 4),
        ("almost_full_for_4", occupied(90), 4),
        ("no_two_together_for_2", single.clone(), 2),
        ("no_two_together_for_8", single.clone(), 8),
        ("every_pair_leaves_one_for_2", orphaning, 2),
    ];
    for (name, free, size) in cases {
        let party = Party { size, accessible: 0, categories: u64::MAX, section: None };
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(best_available(&chart, &seating, &free, &party)));
        });
    }
    group.finish();
}

/// Snapshots of 60,000 places with 10,000 holds and 100,000 fans in line; recovery from one, and
/// from a journal.
fn recovery(criterion: &mut Criterion) {
    let chart = crowd::arena(60_000);
    let mut sale = crowd::sale_with_line(&chart, 10_000, 100_000);
    for fan in 0..10_000 {
        let place = u32::try_from(fan * 5).unwrap_or(0);
        sale.execute(OPENS_AT, &crowd::request(fan, crowd::hold_one(place))).expect("free");
    }
    let bytes = sale.snapshot();
    let mut group = criterion.benchmark_group("recovery_60000_places_100000_fans");
    group.sample_size(20);
    group.bench_function("snapshot_encode", |bencher| bencher.iter(|| black_box(sale.snapshot())));
    group.bench_function("snapshot_restore", |bencher| {
        bencher.iter(|| Sale::restore(EVENT, Arc::clone(&chart), &bytes).expect("sound"));
    });
    let batches = journal(&chart);
    group.bench_function("journal_replay", |bencher| {
        bencher.iter(|| replay(&chart, &batches));
    });
    group.finish();
}

/// The same story as batches of 256 records.
fn journal(chart: &Arc<tiketi_engine::domain::chart::Chart>) -> Vec<Batch> {
    let first = Sale::opening(OPENS_AT, chart, crowd::terms(chart)).expect("sound");
    let mut sale = Sale::open(EVENT, Arc::clone(chart), &first);
    let mut records = vec![first];
    let mut run = |fan, command| {
        let executed = sale.execute(OPENS_AT, &crowd::request(fan, command)).expect("lawful");
        records.extend(executed.records);
    };
    for fan in 0..10_000 {
        run(fan, Command::Join);
        run(fan, Command::Claim);
        run(fan, crowd::hold_one(u32::try_from(fan * 5).unwrap_or(0)));
    }
    let mut terms = crowd::terms(chart);
    terms.rules.admitted_max = 10_000;
    run(0, Command::SetTerms(Box::new(terms)));
    for fan in 10_000..110_000 {
        run(fan, Command::Join);
    }
    let mut hash = ChainHash::default();
    let seal = |records: &[tiketi_engine::domain::change::Record]| {
        let batch = Batch::seal(EVENT, Fence(1), hash, records);
        hash = batch.hash;
        batch
    };
    records.chunks(256).map(seal).collect()
}

fn replay(chart: &Arc<tiketi_engine::domain::chart::Chart>, batches: &[Batch]) -> Sale {
    let (mut seq, mut hash) = (Seq(0), ChainHash::default());
    let mut sale: Option<Sale> = None;
    for batch in batches {
        for record in batch.open(seq, hash).expect("whole") {
            match &mut sale {
                Some(sale) => sale.apply(&record),
                None => sale = Some(Sale::open(EVENT, Arc::clone(chart), &record)),
            }
        }
        (seq, hash) = (batch.last, batch.hash);
    }
    sale.expect("not empty")
}

criterion_group!(benches, decisions, search, recovery);
criterion_main!(benches);
