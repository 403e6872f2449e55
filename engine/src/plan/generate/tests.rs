use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::domain::chart::{BlockKind, Chart, FaultCode, Point};
use crate::domain::seating::Seating;

fn arena(places: usize, stage: Stage, floor: Floor) -> Arena {
    Arena { name: "Test Arena".to_owned(), places, stage, floor }
}

fn theatre(places: usize) -> Theatre {
    Theatre { name: "Test Theatre".to_owned(), places }
}

fn built(draft: &ChartDraft) -> Chart {
    draft.build().expect("a generated plan has no fault")
}

/// Charts of every kind, small enough to look at each seat.
fn samples() -> Vec<Chart> {
    let mut charts = Vec::new();
    for stage in [Stage::End, Stage::Centre] {
        for floor in [Floor::Empty, Floor::Seated, Floor::Standing(300)] {
            for places in [50, 1_000, 7_777] {
                charts.push(built(&arena(places, stage, floor).draft()));
            }
        }
    }
    charts.extend([40, 300, 801, 1_500].map(|places| built(&theatre(places).draft())));
    charts
}

fn rows(chart: &Chart) -> impl Iterator<Item = Vec<Point>> {
    let rows = chart.blocks().iter();
    let rows = rows.filter(|block| block.kind == BlockKind::Row);
    rows.map(|row| {
        let seats = row.places().filter_map(|place| chart.place(place));
        seats.map(|seat| seat.at).collect()
    })
}

#[test]
fn arenas_have_exactly_the_places_asked_for() {
    for places in [1, 2, 50, 999, 1_000, 20_000] {
        for stage in [Stage::End, Stage::Centre] {
            for floor in [Floor::Empty, Floor::Seated, Floor::Standing(400)] {
                let arena = arena(places, stage, floor);
                let capacity = built(&arena.draft()).capacity();
                assert_eq!(capacity, places, "{arena:?}");
            }
        }
    }
}

#[test]
fn stadiums_have_exactly_the_places_asked_for() {
    for (places, stage, floor) in [
        (60_000, Stage::End, Floor::Seated),
        (100_000, Stage::Centre, Floor::Standing(20_000)),
        (200_000, Stage::End, Floor::Empty),
    ] {
        let chart = built(&arena(places, stage, floor).draft());
        assert_eq!(chart.capacity(), places);
        assert_eq!(chart.categories().len(), 5);
    }
}

#[test]
fn theatres_have_exactly_the_places_asked_for() {
    for places in (1..400).step_by(7).chain([800, 1_500, 5_000]) {
        let capacity = built(&theatre(places).draft()).capacity();
        assert_eq!(capacity, places);
    }
}

#[test]
fn no_places_and_too_many_are_refused_by_the_chart() {
    let code = |places| {
        let draft = arena(places, Stage::End, Floor::Empty).draft();
        let faults = draft.build().expect_err("no chart can have so many");
        faults[0].code
    };
    assert_eq!(code(0), FaultCode::NoPlaces);
    assert_eq!(code(usize::MAX), FaultCode::OutOfRange);
}

#[test]
fn one_specification_gives_one_chart() {
    let draw = || built(&arena(5_000, Stage::End, Floor::Seated).draft()).hash();
    assert_eq!(draw(), draw());
    let draw = || built(&theatre(700).draft()).hash();
    assert_eq!(draw(), draw());
    let other = built(&theatre(701).draft()).hash();
    assert_ne!(draw(), other);
}

#[test]
fn drawings_are_the_same_on_every_machine() {
    let fingerprint = |chart: &Chart| {
        let places = chart.places().iter();
        let spots = places.flat_map(|place| [place.at.x, place.at.y]);
        spots.fold(17_u32, |mixed, n| mixed.wrapping_mul(31).wrapping_add(n.cast_unsigned()))
    };
    let arena = built(&arena(20_000, Stage::End, Floor::Seated).draft());
    assert_eq!(fingerprint(&arena), 1_056_797_724);
    let theatre = built(&theatre(800).draft());
    assert_eq!(fingerprint(&theatre), 2_045_578_634);
}

#[test]
fn rows_are_runs_of_evenly_spaced_seats() {
    let mut seen = 0;
    for chart in samples() {
        for row in rows(&chart) {
            assert!((1..=40).contains(&row.len()), "a row of {}", row.len());
            for pair in row.windows(2) {
                let distance = pair[0].distance(pair[1]);
                assert!((48..=51).contains(&distance), "{distance} cm");
                seen += 1;
            }
        }
    }
    assert!(seen > 10_000, "only {seen} neighbours were looked at");
}

#[test]
fn every_row_is_one_run_of_neighbours() {
    for chart in samples() {
        let rows = chart.blocks().iter().filter(|block| block.kind == BlockKind::Row).count();
        let tables = chart.blocks().iter().filter(|block| block.kind == BlockKind::Table).count();
        assert_eq!(Seating::of(&chart).runs().len(), rows + tables);
    }
}

#[test]
fn rows_of_an_arena_have_realistic_lengths() {
    let chart = built(&arena(20_000, Stage::End, Floor::Seated).draft());
    for row in rows(&chart) {
        assert!((10..=40).contains(&row.len()), "a row of {}", row.len());
    }
}

#[test]
fn no_seat_is_closer_than_an_arm_to_another() {
    for chart in samples() {
        let mut cells: BTreeMap<(i32, i32), Vec<Point>> = BTreeMap::new();
        for at in rows(&chart).flatten() {
            let (x, y) = (at.x / 45, at.y / 45);
            for near in (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| (x, y))) {
                for &other in cells.get(&near).into_iter().flatten() {
                    let distance = at.distance(other);
                    assert!(distance >= 45, "{distance} cm in {}", chart.capacity());
                }
            }
            cells.entry((x, y)).or_default().push(at);
        }
    }
}

#[test]
fn seats_stand_inside_the_outline_of_their_section() {
    for chart in samples() {
        for (place, seat) in chart.places().iter().enumerate() {
            let block = &chart.blocks()[usize::from(seat.block.0)];
            let outline = match block.kind {
                BlockKind::Area => &block.outline,
                BlockKind::Row | BlockKind::Table | BlockKind::WholeTable => {
                    &chart.section_of(block).outline
                }
            };
            let label = &chart.section_of(block).label;
            assert!(inside(outline, seat.at), "place {place} of {label}");
        }
    }
}

/// Whether a ray to the right crosses the outline an odd number of times.
fn inside(outline: &[Point], at: Point) -> bool {
    let ends = outline.iter().cycle().skip(1);
    let crossings = outline.iter().zip(ends).filter(|(a, b)| {
        let (dx, dy) = (i64::from(b.x - a.x), i64::from(b.y - a.y));
        let (px, py) = (i64::from(at.x - a.x), i64::from(at.y - a.y));
        let left_of = if dy > 0 { px * dy < dx * py } else { px * dy > dx * py };
        (a.y > at.y) != (b.y > at.y) && left_of
    });
    crossings.count() % 2 == 1
}

#[test]
fn coordinates_are_positive_and_begin_at_the_margin() {
    for chart in samples() {
        let sections = chart.sections().iter();
        let mut points: Vec<Point> = sections.flat_map(|section| section.outline.clone()).collect();
        points.extend(chart.places().iter().map(|place| place.at));
        points.push(chart.focal_point());
        assert!(points.iter().all(|point| point.x >= 200 && point.y >= 200));
    }
}

#[test]
fn better_categories_are_nearer_to_the_stage() {
    let chart = built(&arena(20_000, Stage::End, Floor::Seated).draft());
    let keys: Vec<&str> = chart.categories().iter().map(|c| c.key.as_str()).collect();
    assert_eq!(keys, ["vip", "r", "s", "a", "b"]);
    let colors: BTreeSet<&str> = chart.categories().iter().map(|c| c.color.as_str()).collect();
    assert_eq!(colors.len(), 5);
    let mut by_category: BTreeMap<u8, Vec<u32>> = BTreeMap::new();
    for place in chart.places() {
        let distance = place.at.distance(chart.focal_point());
        by_category.entry(place.category.0).or_default().push(distance);
    }
    let means: Vec<u64> = by_category
        .values()
        .map(|all| all.iter().copied().map(u64::from).sum::<u64>() / all.len() as u64)
        .collect();
    assert!(means.is_sorted(), "{means:?}");
    assert!(by_category.values().all(|all| all.len() >= 800));
}

#[test]
fn wheelchair_places_have_a_companion_beside_them() {
    for chart in samples().iter().filter(|chart| chart.capacity() >= 300) {
        let mut found = 0;
        for block in chart.blocks() {
            let seats: Vec<_> = block.places().filter_map(|place| chart.place(place)).collect();
            for (index, seat) in seats.iter().enumerate().filter(|(_, s)| s.traits.accessible) {
                let after = seats.get(index + 1);
                let before = index.checked_sub(1).map(|before| &seats[before]);
                let mut beside = after.into_iter().chain(before);
                assert!(beside.any(|seat| seat.traits.companion), "{}", seat.label);
                found += 1;
            }
        }
        assert!(found > 0, "{} places without one for a wheelchair", chart.capacity());
    }
}

#[test]
fn some_seats_have_a_restricted_view_and_most_do_not() {
    for stage in [Stage::End, Stage::Centre] {
        let chart = built(&arena(20_000, stage, Floor::Seated).draft());
        let restricted = chart.places().iter().filter(|place| place.traits.restricted_view);
        assert!((10..1_000).contains(&restricted.count()), "{stage:?}");
    }
}

#[test]
fn standing_room_is_an_area_on_the_floor() {
    let chart = built(&arena(3_000, Stage::End, Floor::Standing(1_001)).draft());
    let areas = chart.blocks().iter().filter(|block| block.kind == BlockKind::Area);
    let areas: Vec<_> = areas.map(|area| (area.label.as_str(), area.len())).collect();
    assert_eq!(areas, [("Standing", 1_001)]);

    let chart = built(&arena(3_000, Stage::Centre, Floor::Standing(1_001)).draft());
    let areas = chart.blocks().iter().filter(|block| block.kind == BlockKind::Area);
    let areas: Vec<_> = areas.map(|area| (area.label.as_str(), area.len())).collect();
    assert_eq!(areas, [("Standing East", 501), ("Standing West", 500)]);
}

#[test]
fn standing_room_never_exceeds_the_arena() {
    let chart = built(&arena(100, Stage::Centre, Floor::Standing(u32::MAX)).draft());
    assert_eq!(chart.capacity(), 100);
    assert!(chart.blocks().iter().all(|block| block.kind == BlockKind::Area));
}

#[test]
fn every_section_has_an_entrance() {
    for chart in samples() {
        assert!(chart.sections().iter().all(|section| !section.entrance.is_empty()));
    }
    let chart = built(&arena(20_000, Stage::End, Floor::Seated).draft());
    let gates: BTreeSet<&str> = chart.sections().iter().map(|s| s.entrance.as_str()).collect();
    assert_eq!(gates.len(), 8);
    assert!(gates.contains("Gate 3"));
}

#[test]
fn theatre_sells_one_of_its_tables_as_a_whole() {
    let chart = built(&theatre(800).draft());
    let count = |kind| chart.blocks().iter().filter(|block| block.kind == kind).count();
    assert_eq!(count(BlockKind::WholeTable), 1);
    assert_eq!(count(BlockKind::Table), 4);
    let labels: Vec<&str> = chart.sections().iter().map(|s| s.label.as_str()).collect();
    for label in ["Stalls Left", "Stalls Centre", "Stalls Right", "Lounge", "Balcony Centre"] {
        assert!(labels.contains(&label), "{label} is not among {labels:?}");
    }
}

#[test]
fn theatre_sections_are_named_as_the_audience_sees_them() {
    let chart = built(&theatre(800).draft());
    let mean_x = |label: &str| {
        let places = chart.places().iter().filter(|place| {
            let block = &chart.blocks()[usize::from(place.block.0)];
            chart.section_of(block).label == label
        });
        let xs: Vec<i64> = places.map(|place| i64::from(place.at.x)).collect();
        xs.iter().sum::<i64>() / i64::try_from(xs.len()).unwrap()
    };
    assert!(mean_x("Stalls Left") < mean_x("Stalls Centre"));
    assert!(mean_x("Stalls Centre") < mean_x("Stalls Right"));
}
