//! Plans made by others. They are no part of this repository: where the folder beside it is
//! missing, these tests say so and pass.

use std::path::Path;

use super::read;
use crate::domain::chart::{BlockKind, Chart, Point};

const PLANS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/plans");

/// Reads a plan of the folder, or nothing if there is no folder.
#[expect(
    clippy::print_stderr,
    reason = "a test that was skipped must not look like one that passed"
)]
pub(super) fn bytes(file: &str) -> Option<Vec<u8>> {
    if !Path::new(PLANS).is_dir() {
        eprintln!("skipped: {PLANS} is missing, so {file} was not read");
        return None;
    }
    Some(std::fs::read(Path::new(PLANS).join(file)).unwrap())
}

fn chart(file: &str) -> Option<Chart> {
    let chart = read(&bytes(file)?);
    Some(chart.unwrap_or_else(|faults| panic!("{file}: {}", faults[0])))
}

fn count(chart: &Chart, kind: BlockKind) -> usize {
    let blocks = chart.blocks().iter();
    blocks.filter(|block| block.kind == kind).count()
}

fn seats(chart: &Chart) -> usize {
    let blocks = chart.blocks().iter();
    let blocks = blocks.filter(|block| block.kind != BlockKind::Area);
    blocks.map(crate::domain::chart::Block::len).sum()
}

#[test]
fn small_theatre_is_read_in_full() {
    let Some(chart) = chart("seatsio-small-theatre.json") else {
        return;
    };
    assert_eq!(count(&chart, BlockKind::Row), 4);
    assert_eq!(seats(&chart), 32);
    let areas = chart.blocks().iter();
    let areas = areas.filter(|block| block.kind == BlockKind::Area);
    let areas: Vec<_> = areas.map(|area| (area.label.as_str(), area.len())).collect();
    assert_eq!(areas, [("GA1", 100), ("GA2", 100)]);
    let keys: Vec<&str> = chart.categories().iter().map(|c| c.key.as_str()).collect();
    assert_eq!(keys, ["9", "10", "string11"]);
    assert_eq!(chart.categories()[0].color, "87a9cd");
    assert_eq!(chart.focal_point(), Point { x: 2_250, y: 332 });
    let labels: Vec<&str> = chart.sections().iter().map(|s| s.label.as_str()).collect();
    assert_eq!(labels, ["Main"]);
}

#[test]
fn sections_are_read_in_full_and_put_in_their_place() {
    let Some(chart) = chart("seatsio-sections.json") else {
        return;
    };
    assert_eq!(chart.sections().len(), 2);
    assert_eq!(count(&chart, BlockKind::Row), 13);
    assert_eq!(seats(&chart), 71);
    assert_eq!(chart.sections()[0].entrance, "Entrance 1");
    assert_eq!(chart.sections()[1].entrance, "Entrance 2");
    let last = &chart.places()[70];
    // Seats have no category of their own here, and every section its own corner.
    assert_eq!(chart.categories()[usize::from(last.category.0)].key, "4");
    let second = chart.blocks().iter().position(|block| block.section.0 == 1);
    let first_of_second = chart.blocks()[second.unwrap()].places().next().unwrap();
    let at = chart.place(first_of_second).unwrap().at;
    assert_eq!(at, Point { x: 2_062, y: 453 });
    assert_eq!(chart.sections()[1].outline[0], Point { x: 1_907, y: 8 });
}

#[test]
fn tables_are_read_in_full() {
    let Some(chart) = chart("seatsio-tables.json") else {
        return;
    };
    assert_eq!(count(&chart, BlockKind::Table), 1);
    assert_eq!(count(&chart, BlockKind::WholeTable), 1);
    assert_eq!(seats(&chart), 12);
    assert_eq!(chart.capacity(), 12);
}

#[test]
fn race_track_is_read_in_full() {
    let Some(chart) = chart("seatsio-race-track-8897.json") else {
        return;
    };
    assert_eq!(chart.sections().len(), 4);
    assert_eq!(count(&chart, BlockKind::Row), 131);
    assert_eq!(chart.capacity(), 8_897);
    let focal_point = |label: &str| {
        let section = chart.sections().iter().find(|section| section.label == label);
        section.unwrap().focal_point
    };
    let finish_line = Point { x: 154_455, y: 181_818 };
    assert_eq!(focal_point("Goal Stand 4"), Some(finish_line));
    let mid_track = Point { x: 436_273, y: 186_818 };
    assert_eq!(focal_point("MT1"), Some(mid_track));
}

#[test]
fn seats_of_real_sections_stand_within_their_outlines() {
    let files = ["seatsio-sections.json", "seatsio-race-track-8897.json"];
    for chart in files.into_iter().filter_map(chart) {
        for place in chart.places() {
            let section = chart.section_of(&chart.blocks()[usize::from(place.block.0)]);
            let xs = section.outline.iter().map(|corner| corner.x);
            let ys = section.outline.iter().map(|corner| corner.y);
            let x = xs.clone().min().unwrap()..=xs.max().unwrap();
            let y = ys.clone().min().unwrap()..=ys.max().unwrap();
            let at = place.at;
            assert!(x.contains(&at.x) && y.contains(&at.y), "{at:?} in {}", section.label);
        }
    }
}
