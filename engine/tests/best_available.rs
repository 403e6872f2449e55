//! The search for the best places, against searching everything.
#![cfg(test)]

use proptest::prelude::*;
use tiketi_engine::domain::best_available::{Found, Party, Step, best_available};
use tiketi_engine::domain::bitset::BitSet;
use tiketi_engine::domain::chart::{BlockKind, Chart, PlaceIx, SectionIx};
use tiketi_engine::domain::seating::Seating;
use tiketi_engine::plan::generate::{Arena, Floor, Stage};
use tiketi_engine::testing::dice::Dice;
use tiketi_engine::testing::sample;

const ALL: u64 = u64::MAX;

fn free_places(chart: &Chart, taken: impl Fn(usize) -> bool) -> BitSet {
    let mut free = BitSet::new(chart.capacity());
    (0..chart.capacity()).filter(|at| !taken(*at)).for_each(|at| free.insert(at));
    free
}

fn party(size: u32) -> Party {
    Party { size, accessible: 0, categories: ALL, section: None }
}

/// Every group of `size` neighbours in one row that is free and not for wheelchair users, with its
/// distance and whether it would leave a single seat behind.
fn groups(chart: &Chart, seating: &Seating, free: &BitSet, size: u32) -> Vec<(bool, u64, u32)> {
    let open = |place: u32| {
        free.contains(place as usize) && !chart.places()[place as usize].traits.accessible
    };
    let mut all = Vec::new();
    for run in seating.runs() {
        let (first, end) = (run.first, run.first + run.len);
        let inside = |place: i64| place >= i64::from(first) && place < i64::from(end);
        let is_open = |place: i64| inside(place) && open(u32::try_from(place).unwrap());
        for start in first..end {
            let last = start + size;
            if last > end || !(start..last).all(open) {
                continue;
            }
            let (start_, last_) = (i64::from(start), i64::from(last));
            let orphan = is_open(start_ - 1) && !is_open(start_ - 2)
                || is_open(last_) && !is_open(last_ + 1);
            let distance = (start..last).map(|place| seating.distance(place, 1)).sum();
            all.push((orphan, distance, start));
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn side_by_side_is_the_best_there_is(
        rows in 1_u32..6,
        seats in 3_u32..14,
        size in 1_u32..7,
        seed: u64,
        taken_in_ten in 0_u64..10,
    ) {
        let chart = sample::chart(rows, seats, 5);
        let seating = Seating::of(&chart);
        let mut dice = Dice::new(seed);
        let taken: Vec<bool> =
            (0..chart.capacity()).map(|_| dice.below(10) < taken_in_ten).collect();
        let free = free_places(&chart, |at| taken[at]);
        let found = best_available(&chart, &seating, &free, &party(size));
        let best = groups(&chart, &seating, &free, size).into_iter().min();
        match (found, best) {
            (Some(Found { places, step }), Some((orphan, distance, start))) => {
                let expected: Vec<PlaceIx> = (start..start + size).map(PlaceIx).collect();
                prop_assert_eq!(seating.distance_of(&places), distance);
                prop_assert_eq!(places, expected, "the lowest among equals");
                let expected = if orphan { Step::LeavingSingle } else { Step::SideBySide };
                prop_assert_eq!(step, expected);
            }
            (Some(Found { places, step }), None) => {
                prop_assert!(step > Step::LeavingSingle, "not side by side");
                check_lawful(&chart, &free, &places, size)?;
            }
            (None, best) => {
                prop_assert_eq!(best, None);
                let usable = (0..chart.capacity())
                    .filter(|at| free.contains(*at))
                    .filter(|at| !chart.places()[*at].traits.accessible)
                    .filter(|at| {
                        let place = PlaceIx(u32::try_from(*at).unwrap());
                        let kind = chart.block_of(place).kind;
                        matches!(kind, BlockKind::Row | BlockKind::Table)
                    })
                    .count();
                prop_assert!(usable < size as usize, "{usable} seats would do");
            }
        }
    }
}

fn check_lawful(
    chart: &Chart,
    free: &BitSet,
    places: &[PlaceIx],
    size: u32,
) -> Result<(), TestCaseError> {
    let mut sorted = places.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    prop_assert_eq!(sorted.len(), size as usize, "each place once");
    for place in &sorted {
        prop_assert!(free.contains(place.index()), "{place:?} is free");
        prop_assert!(!chart.places()[place.index()].traits.accessible);
    }
    Ok(())
}

/// A room of five rows of ten, only rows and no wheelchair places at their ends but the first's.
fn room() -> (Chart, Seating) {
    let chart = sample::chart(5, 10, 30);
    let seating = Seating::of(&chart);
    (chart, seating)
}

#[test]
fn a_party_that_no_row_can_seat_sits_in_consecutive_rows_with_nobody_alone() {
    let (chart, seating) = room();
    let free = free_places(&chart, |_| false);
    let found = best_available(&chart, &seating, &free, &party(13)).unwrap();
    assert_eq!(found.step, Step::ConsecutiveRows);
    let mut rows: Vec<u16> =
        found.places.iter().map(|place| chart.places()[place.index()].block.0).collect();
    rows.sort_unstable();
    let sizes: Vec<usize> = rows.chunk_by(|a, b| a == b).map(<[u16]>::len).collect();
    assert_eq!(sizes.iter().sum::<usize>(), 13);
    assert!(sizes.iter().all(|size| *size > 1), "nobody alone: {sizes:?}");
    rows.dedup();
    assert!(rows.windows(2).all(|pair| pair[1] == pair[0] + 1), "one behind the other: {rows:?}");
}

#[test]
fn a_party_too_large_for_neighbouring_rows_is_scattered_in_the_largest_groups() {
    let (chart, seating) = room();
    // Pairs are left in rows that are not neighbours.
    let keep = [10, 11, 30, 31, 50 - 1, 48];
    let free = free_places(&chart, |at| !keep.contains(&at));
    let found = best_available(&chart, &seating, &free, &party(6)).unwrap();
    assert_eq!(found.step, Step::Scattered);
    let mut places: Vec<usize> = found.places.iter().map(|place| place.index()).collect();
    places.sort_unstable();
    assert_eq!(places, [10, 11, 30, 31, 48, 49]);
}

#[test]
fn a_whole_table_and_then_general_admission_are_the_last_resorts() {
    let (chart, seating) = room();
    let in_kind = |at: usize, kind: BlockKind| {
        chart.block_of(PlaceIx(u32::try_from(at).unwrap())).kind == kind
    };
    let seats_gone =
        free_places(&chart, |at| in_kind(at, BlockKind::Row) || in_kind(at, BlockKind::Table));
    let six = best_available(&chart, &seating, &seats_gone, &party(6)).unwrap();
    assert_eq!(six.step, Step::WholeTable);
    let five = best_available(&chart, &seating, &seats_gone, &party(5)).unwrap();
    assert_eq!(five.step, Step::Area, "a table for six is not sold to five");
    assert_eq!(best_available(&chart, &seating, &seats_gone, &party(31)), None);
}

#[test]
fn accessible_places_are_taken_only_when_asked_for() {
    let (chart, seating) = room();
    let free = free_places(&chart, |_| false);
    let accessible = |found: &Found| {
        let special = |place: &&PlaceIx| chart.places()[place.index()].traits.accessible;
        found.places.iter().filter(special).count()
    };
    for size in 1..=40 {
        let found = best_available(&chart, &seating, &free, &party(size)).unwrap();
        assert_eq!(accessible(&found), 0, "a party of {size}");
    }
    let asked = Party { accessible: 1, ..party(3) };
    let found = best_available(&chart, &seating, &free, &asked).unwrap();
    assert_eq!((accessible(&found), found.step), (1, Step::SideBySide));
    let both = Party { accessible: 2, ..party(4) };
    let found = best_available(&chart, &seating, &free, &both).unwrap();
    assert_eq!(accessible(&found), 2, "at both ends of the row, as near as there are");
    let three = Party { accessible: 3, ..party(3) };
    assert_eq!(best_available(&chart, &seating, &free, &three), None, "there are two");
}

#[test]
fn categories_and_sections_are_kept_to() {
    let arena =
        Arena { name: "Arena".to_owned(), places: 3_000, stage: Stage::End, floor: Floor::Seated };
    let chart = arena.draft().build().unwrap();
    let seating = Seating::of(&chart);
    let free = free_places(&chart, |_| false);
    for category in 0..chart.categories().len() {
        let asked = Party { categories: 1 << category, ..party(4) };
        if let Some(found) = best_available(&chart, &seating, &free, &asked) {
            for place in found.places {
                assert_eq!(usize::from(chart.places()[place.index()].category.0), category);
            }
        }
    }
    for section in 0..chart.sections().len() {
        let section = SectionIx(u16::try_from(section).unwrap());
        let asked = Party { section: Some(section), ..party(2) };
        if let Some(found) = best_available(&chart, &seating, &free, &asked) {
            for place in found.places {
                assert_eq!(chart.block_of(place).section, section);
            }
        }
    }
}
