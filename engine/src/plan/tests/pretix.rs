//! What a pretix seating plan becomes.

use serde_json::json;

use super::{pretix_plan, read_value};
use crate::domain::chart::{BlockKind, Point};

#[test]
fn positions_of_zone_row_and_seat_add_up() {
    let chart = read_value(&pretix_plan()).unwrap();
    let seats: Vec<Point> = chart.places().iter().map(|place| place.at).collect();
    let expected = [(550, 1_000), (805, 1_000), (550, 1_300), (100, 3_000)];
    assert_eq!(seats, expected.map(|(x, y)| Point { x, y }));
}

#[test]
fn zones_rows_and_categories_keep_their_names() {
    let chart = read_value(&pretix_plan()).unwrap();
    assert_eq!(chart.name(), "Kleines Haus");
    let sections: Vec<&str> = chart.sections().iter().map(|s| s.label.as_str()).collect();
    assert_eq!(sections, ["Parkett", "Rang"]);
    let rows: Vec<&str> = chart.blocks().iter().map(|b| b.label.as_str()).collect();
    assert_eq!(rows, ["1", "2", "1"]);
    assert!(chart.blocks().iter().all(|block| block.kind == BlockKind::Row));
    let categories = chart.categories().iter();
    let categories: Vec<_> = categories.map(|c| (c.key.as_str(), c.color.as_str())).collect();
    assert_eq!(categories, [("Parkett", "0072b2"), ("Rang", "")]);
}

#[test]
fn stage_is_where_everybody_looks() {
    let mut plan = pretix_plan();
    let focal_point = read_value(&plan).unwrap().focal_point();
    assert_eq!(focal_point, Point { x: 2_500, y: 400 });

    plan["zones"][0]["areas"][1]["rotation"] = json!(90);
    let focal_point = read_value(&plan).unwrap().focal_point();
    assert_eq!(focal_point, Point { x: 1_300, y: 1_200 });

    plan["zones"][0]["areas"] = json!([]);
    let focal_point = read_value(&plan).unwrap().focal_point();
    assert_eq!(focal_point, Point { x: 3_000, y: 0 });
}

#[test]
fn areas_are_decoration_and_never_a_fault() {
    let mut plan = pretix_plan();
    plan["zones"][1]["areas"] = json!([
        {"shape": "text", "text": 7, "position": "nowhere"},
        {"width": 10, "height": 10, "text": "Bar"},
    ]);
    assert_eq!(read_value(&plan).unwrap().capacity(), 4);
}
