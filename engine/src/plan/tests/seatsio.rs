//! What a seats.io chart becomes.

use serde_json::json;

use super::{read_value, seat, seatsio_plan};
use crate::domain::chart::{BlockKind, Chart, Point};

fn chart() -> Chart {
    read_value(&seatsio_plan()).expect("the plan has no fault")
}

#[test]
fn one_of_everything_becomes_places() {
    let chart = chart();
    let blocks: Vec<_> =
        chart.blocks().iter().map(|b| (b.label.as_str(), b.kind, b.len())).collect();
    assert_eq!(
        blocks,
        [
            ("A", BlockKind::Row, 2),
            ("A", BlockKind::Row, 2),
            ("B", BlockKind::Row, 2),
            ("T1", BlockKind::WholeTable, 2),
            ("Bar", BlockKind::WholeTable, 1),
            ("Pit", BlockKind::Area, 40),
        ]
    );
    assert_eq!(chart.places()[8].at, Point { x: 1_501, y: 1_000 });
    let pit = &chart.blocks()[5];
    assert_eq!(pit.outline[0], Point { x: 1_700, y: 800 });
    assert_eq!(pit.outline[2], Point { x: 2_300, y: 1_200 });
}

#[test]
fn section_gives_its_seats_place_category_and_focal_point() {
    let chart = chart();
    let balcony = &chart.sections()[0];
    assert_eq!(balcony.entrance, "Gate 3");
    assert_eq!(balcony.focal_point, Some(Point { x: 5_000, y: 200 }));
    let [first, second] = [&chart.places()[0], &chart.places()[1]];
    assert_eq!(first.at, Point { x: 3_053, y: 2_050 });
    assert_eq!(chart.categories()[usize::from(first.category.0)].key, "w");
    assert!(first.traits.accessible, "all seats of its category are");
    assert_eq!(chart.categories()[usize::from(second.category.0)].key, "1");
    assert!(second.traits.companion && second.traits.restricted_view);
}

#[test]
fn what_stands_outside_sections_goes_into_one_of_its_own() {
    let labels = |chart: &Chart| {
        let labels = chart.sections().iter().map(|section| section.label.clone());
        labels.collect::<Vec<_>>()
    };
    assert_eq!(labels(&chart()), ["Balcony", "Main"]);

    let mut plan = seatsio_plan();
    plan["subChart"]["sections"][0]["label"] = json!("Main");
    assert_eq!(labels(&read_value(&plan).unwrap()), ["Main", "Main 2"]);

    let mut plan = seatsio_plan();
    plan["subChart"]["floorName"] = json!("1");
    plan["subChart"]["floorDisplayName"] = json!("Ground floor");
    plan["subChart"]["rows"][1]["sectionLabel"] = json!("Side");
    let expected = ["Balcony", "Ground floor", "Side"];
    assert_eq!(labels(&read_value(&plan).unwrap()), expected);
}

#[test]
fn stage_or_the_upper_edge_stands_in_for_a_focal_point() {
    let mut plan = seatsio_plan();
    plan["subChart"]["focalPoint"] = json!(null);
    plan["subChart"]["shapes"] = json!([
        {"smartType": "bar", "center": {"x": 1, "y": 1}},
        {"smartType": "stage", "center": {"x": 210, "y": 30}},
    ]);
    let focal_point = read_value(&plan).unwrap().focal_point();
    assert_eq!(focal_point, Point { x: 2_100, y: 300 });

    plan["subChart"]["shapes"] = json!([]);
    let focal_point = read_value(&plan).unwrap().focal_point();
    assert_eq!(focal_point, Point { x: 5_000, y: 200 }, "of the only zone");

    plan["zones"] = json!({"list": []});
    plan["subChart"]["sections"][0]["zone"] = json!(null);
    let focal_point = read_value(&plan).unwrap().focal_point();
    assert_eq!(focal_point, Point { x: 2_000, y: 0 });
}

#[test]
fn floors_are_laid_out_from_top_to_bottom() {
    let floor = |name: &str, focal_point| {
        json!({
            "floorName": name, "width": 100, "height": 50, "focalPoint": focal_point,
            "rows": [{"label": "A", "seats": [seat(10.0, 20.0, "1")]}],
        })
    };
    let mut plan = seatsio_plan();
    plan["zones"] = json!({"list": []});
    plan.as_object_mut().unwrap().remove("subChart");
    plan["subChartFloors"] = json!([
        floor("1", json!({"x": 50, "y": 5})),
        floor("2", json!({"x": 60, "y": 5})),
        floor("3", json!(null)),
    ]);
    plan["subChartFloors"][1]["sections"] = json!([{
        "label": "Box", "categoryKey": 1, "topLeft": {"x": 10, "y": 10},
        "points": [{"x": 11, "y": 11}, {"x": 40, "y": 11}, {"x": 40, "y": 40}],
        "subChart": {"rows": [{"label": "A", "seats": [{"x": 8, "y": 9, "label": "1"}]}]},
    }]);
    let chart = read_value(&plan).unwrap();
    let seats: Vec<Point> = chart.places().iter().map(|place| place.at).collect();
    let expected = [(100, 200), (180, 740), (100, 750), (100, 1_300)];
    let expected = expected.map(|(x, y)| Point { x, y });
    assert_eq!(seats, expected);
    assert_eq!(chart.focal_point(), Point { x: 500, y: 50 });
    let focal_points: Vec<_> = chart.sections().iter().map(|s| s.focal_point).collect();
    let second = Some(Point { x: 600, y: 600 });
    assert_eq!(focal_points, [None, second, second, None]);
    assert_eq!(chart.sections()[1].outline[0], Point { x: 110, y: 660 });
}

#[test]
fn areas_may_be_ellipses_and_polygons() {
    let mut plan = seatsio_plan();
    plan["subChart"]["generalAdmissionAreas"] = json!([
        {"label": "Round", "capacity": 1, "categoryKey": 1, "type": "circle",
         "center": {"x": 100, "y": 200}, "radius1": 50, "radius2": 20, "rotationAngle": 90},
        {"label": "Wedge", "capacity": 1, "categoryKey": 1, "type": "polygon",
         "points": [{"x": 0, "y": 0}, {"x": 30, "y": 0}, {"x": 0, "y": 30}]},
    ]);
    let chart = read_value(&plan).unwrap();
    let round = &chart.blocks()[5];
    assert_eq!(round.outline.len(), 32);
    assert_eq!(round.outline[0], Point { x: 1_000, y: 2_500 });
    let wedge = chart.place(chart.blocks()[6].places().next().unwrap());
    assert_eq!(wedge.unwrap().at, Point { x: 100, y: 100 });
}

#[test]
fn byte_order_mark_is_no_fault() {
    let mut bytes = b"\xef\xbb\xbf".to_vec();
    bytes.extend(serde_json::to_vec(&seatsio_plan()).unwrap());
    assert!(super::read(&bytes).is_ok());
}
