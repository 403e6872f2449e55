//! Plans broken on purpose, and what is said of each.

use serde_json::{Value, json};

use super::{pretix_plan, read, read_value, seatsio_plan};
use crate::domain::chart::FaultCode::{
    self, Duplicate, Missing, NoPlaces, NotJson, OutOfRange, OutsideRow, SameSpot, UnknownCategory,
    UnknownFormat, Unsupported, WrongType,
};
use crate::domain::limits::PLAN_BYTES_MAX;

/// What is done to a plan: the pointer of a member and its new value, or nothing to remove it.
type Edit = (&'static str, Option<Value>);
/// What is said of it: paths and codes, in order.
type Said = &'static [(&'static str, FaultCode)];

fn edited(mut plan: Value, edits: &[Edit]) -> Value {
    for (pointer, value) in edits {
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        let parent = plan.pointer_mut(parent).unwrap();
        match (parent, value) {
            (Value::Array(items), Some(value)) => match member.parse::<usize>() {
                Ok(index) => items[index] = value.clone(),
                Err(_) => items.push(value.clone()),
            },
            (Value::Array(items), None) => drop(items.remove(member.parse().unwrap())),
            (parent, Some(value)) => parent[member] = value.clone(),
            (parent, None) => drop(parent.as_object_mut().unwrap().remove(member)),
        }
    }
    plan
}

fn check(plan: &Value, cases: &[(&[Edit], Said)]) {
    for (edits, expected) in cases {
        let plan = edited(plan.clone(), edits);
        let faults = read_value(&plan).expect_err(&format!("{edits:?} should be refused"));
        let said: Vec<_> = faults.iter().map(|f| (f.path.as_str(), f.code)).collect();
        assert_eq!(said, *expected, "after {edits:?}");
        assert!(faults.iter().all(|fault| !fault.message.is_empty()));
    }
}

fn set(pointer: &'static str, value: Value) -> Edit {
    (pointer, Some(value))
}

fn without(pointer: &'static str) -> Edit {
    (pointer, None)
}

#[test]
fn broken_heads_of_seatsio_charts_are_refused() {
    check(
        &seatsio_plan(),
        &[
            (&[without("/name")], &[("$.name", Missing)]),
            (&[set("/name", json!(7))], &[("$.name", WrongType)]),
            (&[set("/name", json!("  "))], &[("$.name", OutOfRange)]),
            (&[set("/name", json!("a\u{0}b"))], &[("$.name", OutOfRange)]),
            (&[without("/subChart")], &[("$.subChart", Missing)]),
            (&[set("/subChart", json!([]))], &[("$.subChart", WrongType)]),
            (&[without("/categories")], &[("$.categories", Missing)]),
            (&[without("/categories/list")], &[("$.categories.list", Missing)]),
            (&[without("/categories/list/0/key")], &[("$.categories.list[0].key", Missing)]),
            (
                &[set("/categories/list/0/key", json!(true))],
                &[("$.categories.list[0].key", WrongType)],
            ),
            (
                &[set("/categories/list/1/color", json!("blue"))],
                &[("$.categories.list[1].color", OutOfRange)],
            ),
            (
                &[set("/categories/list/1/key", json!(1)), set("/subChart/sections", json!([]))],
                &[("$.categories.list[1]", Duplicate)],
            ),
            (
                &[set("/zones/list/-", json!({"key": "east", "focalPoint": {"x": 1, "y": 1}}))],
                &[("$.zones.list[1].key", Duplicate)],
            ),
            (
                &[without("/zones/list/0/focalPoint/y")],
                &[("$.zones.list[0].focalPoint.y", Missing)],
            ),
            (
                &[set("/subChart/focalPoint", json!([1, 2]))],
                &[("$.subChart.focalPoint", WrongType)],
            ),
        ],
    );
}

#[test]
fn broken_seats_of_seatsio_charts_are_refused() {
    check(
        &seatsio_plan(),
        &[
            (
                &[without("/subChart/rows/1/seats/0/label")],
                &[("$.subChart.rows[1].seats[0].label", Missing)],
            ),
            (
                &[set("/subChart/rows/1/seats/0/label", json!("?"))],
                &[("$.subChart.rows[1].seats[0].label", Missing)],
            ),
            (
                &[set("/subChart/rows/1/seats/0/label", json!(1))],
                &[("$.subChart.rows[1].seats[0].label", WrongType)],
            ),
            (
                &[set("/subChart/rows/1/seats/1/label", json!("1"))],
                &[("$.subChart.rows[1].seats[1]", Duplicate)],
            ),
            (
                &[set("/subChart/rows/1/seats/1/label", json!("x".repeat(121)))],
                &[("$.subChart.rows[1].seats[1].label", OutOfRange)],
            ),
            (
                &[without("/subChart/rows/0/seats/0/x")],
                &[("$.subChart.rows[0].seats[0].x", Missing)],
            ),
            (
                &[set("/subChart/rows/0/seats/0/y", json!("50"))],
                &[("$.subChart.rows[0].seats[0].y", WrongType)],
            ),
            (
                &[set("/subChart/rows/0/seats/0/y", json!(1_000_001))],
                &[("$.subChart.rows[0].seats[0].y", OutOfRange)],
            ),
            (
                &[set("/subChart/rows/0/seats/1/x", json!(10.04))],
                &[("$.subChart.rows[0].seats[1]", SameSpot)],
            ),
        ],
    );
}

#[test]
fn seats_of_seatsio_charts_with_broken_references_are_refused() {
    check(
        &seatsio_plan(),
        &[
            (
                &[set("/subChart/rows/0/seats/1/categoryKey", json!(null))],
                &[("$.subChart.rows[0].seats[1].categoryKey", Missing)],
            ),
            (
                &[set("/subChart/rows/0/seats/1/categoryKey", json!("gold"))],
                &[("$.subChart.rows[0].seats[1]", UnknownCategory)],
            ),
            (
                &[set("/subChart/rows/0/seats/1/categoryKey", json!([1]))],
                &[("$.subChart.rows[0].seats[1].categoryKey", WrongType)],
            ),
            (
                &[set("/subChart/rows/0/seats/1/accessible", json!("no"))],
                &[("$.subChart.rows[0].seats[1].accessible", WrongType)],
            ),
            (
                &[set("/subChart/rows/0/seats/-", json!("seat"))],
                &[("$.subChart.rows[0].seats[2]", WrongType)],
            ),
            (
                &[set("/subChart/seats", json!([{"x": 1, "y": 1, "label": "1"}]))],
                &[("$.subChart.seats[0]", OutsideRow)],
            ),
        ],
    );
}

#[test]
fn broken_rows_and_tables_of_seatsio_charts_are_refused() {
    check(
        &seatsio_plan(),
        &[
            (&[without("/subChart/rows/0/label")], &[("$.subChart.rows[0].label", Missing)]),
            (&[set("/subChart/rows/1/label", json!("A"))], &[("$.subChart.rows[1]", Duplicate)]),
            (&[without("/subChart/rows/1/seats")], &[("$.subChart.rows[1].seats", Missing)]),
            (
                &[set("/subChart/rows/1/seats", json!({}))],
                &[("$.subChart.rows[1].seats", WrongType)],
            ),
            (&[set("/subChart/rows/1/seats", json!([]))], &[("$.subChart.rows[1]", OutOfRange)]),
            (&[set("/subChart/rows", json!("none"))], &[("$.subChart.rows", WrongType)]),
            (
                &[set("/subChart/tables/0/bookAsAWhole", json!(1))],
                &[("$.subChart.tables[0].bookAsAWhole", WrongType)],
            ),
            (
                &[set("/subChart/tables/0/seats/1/y", json!(90))],
                &[("$.subChart.tables[0].seats[1]", SameSpot)],
            ),
            (
                &[set("/subChart/booths/0/label", json!("T1"))],
                &[("$.subChart.booths[0]", Duplicate)],
            ),
            (&[without("/subChart/booths/0/center")], &[("$.subChart.booths[0].center", Missing)]),
        ],
    );
}

#[test]
fn broken_areas_of_seatsio_charts_are_refused() {
    check(
        &seatsio_plan(),
        &[
            (
                &[without("/subChart/generalAdmissionAreas/0/capacity")],
                &[("$.subChart.generalAdmissionAreas[0].capacity", Missing)],
            ),
            (
                &[set("/subChart/generalAdmissionAreas/0/capacity", json!(0))],
                &[("$.subChart.generalAdmissionAreas[0].capacity", OutOfRange)],
            ),
            (
                &[set("/subChart/generalAdmissionAreas/0/capacity", json!(2.5))],
                &[("$.subChart.generalAdmissionAreas[0].capacity", OutOfRange)],
            ),
            (
                &[set("/subChart/generalAdmissionAreas/0/capacity", json!(199_995))],
                &[("$.subChart.generalAdmissionAreas[0]", OutOfRange)],
            ),
            (
                &[set("/subChart/generalAdmissionAreas/0/bookAsAWhole", json!(true))],
                &[("$.subChart.generalAdmissionAreas[0].bookAsAWhole", Unsupported)],
            ),
            (
                &[without("/subChart/generalAdmissionAreas/0/center")],
                &[("$.subChart.generalAdmissionAreas[0].center", Missing)],
            ),
        ],
    );
}

#[test]
fn broken_sections_of_seatsio_charts_are_refused() {
    check(
        &seatsio_plan(),
        &[
            (
                &[without("/subChart/sections/0/label")],
                &[("$.subChart.sections[0].label", Missing)],
            ),
            (
                &[without("/subChart/sections/0/topLeft")],
                &[("$.subChart.sections[0].topLeft", Missing)],
            ),
            (
                &[without("/subChart/sections/0/subChart")],
                &[("$.subChart.sections[0].subChart", Missing)],
            ),
            (
                &[set("/subChart/sections/0/zone", json!("north"))],
                &[("$.subChart.sections[0].zone", OutOfRange)],
            ),
            (
                &[set("/subChart/sections/0/points/1", json!({"x": 3}))],
                &[("$.subChart.sections[0].points[1].y", Missing)],
            ),
            (
                &[without("/subChart/sections/0/categoryKey")],
                &[("$.subChart.sections[0].subChart.rows[0].seats[0].categoryKey", Missing)],
            ),
            (
                &[set("/subChart/sections/0/subChart/sections", json!([{}]))],
                &[("$.subChart.sections[0].subChart.sections[0]", Unsupported)],
            ),
            (
                &[set("/subChart/rows/0/sectionLabel", json!("Balcony"))],
                &[("$.subChart", Duplicate)],
            ),
            (
                &[
                    set("/subChartFloors", json!([{"height": 10}, {"width": 10}])),
                    without("/subChart"),
                ],
                &[("$.subChartFloors[1].height", Missing)],
            ),
        ],
    );
}

#[test]
fn broken_pretix_plans_are_refused() {
    check(
        &pretix_plan(),
        &[
            (&[without("/name")], &[("$.name", Missing)]),
            (&[without("/size")], &[("$.size", Missing)]),
            (&[set("/size/width", json!("600"))], &[("$.size.width", WrongType)]),
            (&[without("/categories")], &[("$.categories", Missing)]),
            (&[without("/categories/1")], &[("$.zones[1].rows[0].seats[0]", UnknownCategory)]),
            (&[without("/zones")], &[("$.zones", Missing)]),
            (&[set("/zones", json!({"list": []}))], &[("$.zones", WrongType)]),
            (&[set("/zones", json!([]))], &[("$", NoPlaces)]),
            (&[without("/zones/0/position")], &[("$.zones[0].position", Missing)]),
            (&[without("/zones/1/zone_id")], &[("$.zones[1].name", OutOfRange)]),
            (&[set("/zones/0/name", json!(1))], &[("$.zones[0].name", WrongType)]),
            (&[set("/zones/1/name", json!("Parkett"))], &[("$.zones[1]", Duplicate)]),
        ],
    );
}

#[test]
fn broken_rows_of_pretix_plans_are_refused() {
    check(
        &pretix_plan(),
        &[
            (
                &[without("/zones/0/rows/0/row_number")],
                &[("$.zones[0].rows[0].row_number", Missing)],
            ),
            (
                &[set("/zones/0/rows/1/row_number", json!("1"))],
                &[("$.zones[0].rows[1]", Duplicate)],
            ),
            (
                &[without("/zones/0/rows/0/seats/0/seat_guid")],
                &[("$.zones[0].rows[0].seats[0].seat_guid", Missing)],
            ),
            (
                &[set("/zones/1/rows/0/seats/0/seat_guid", json!("p-1-1"))],
                &[("$.zones[1].rows[0].seats[0].seat_guid", Duplicate)],
            ),
            (
                &[without("/zones/0/rows/0/seats/0/seat_number")],
                &[("$.zones[0].rows[0].seats[0].seat_number", Missing)],
            ),
            (
                &[without("/zones/0/rows/0/seats/0/position/x")],
                &[("$.zones[0].rows[0].seats[0].position.x", Missing)],
            ),
            (
                &[set("/zones/0/rows/0/seats/0/category", json!(""))],
                &[("$.zones[0].rows[0].seats[0].category", OutOfRange)],
            ),
            (
                &[set("/zones/0/seats", json!([{"seat_guid": "x"}]))],
                &[("$.zones[0].seats[0]", OutsideRow)],
            ),
            (
                &[set("/seats", json!([{}, {}]))],
                &[("$.seats[0]", OutsideRow), ("$.seats[1]", OutsideRow)],
            ),
        ],
    );
}

#[test]
fn all_faults_of_a_plan_are_said_at_once() {
    check(
        &seatsio_plan(),
        &[(
            &[
                without("/name"),
                set("/categories/list/1/color", json!("#12")),
                set("/subChart/rows/0/seats/0/x", json!(null)),
                without("/subChart/rows/0/seats/1/label"),
                set("/subChart/rows/1/label", json!("A")),
                set("/subChart/rows/1/seats/1/x", json!(10)),
                set("/subChart/tables/0/seats/0/label", json!("2")),
                set("/subChart/generalAdmissionAreas/0/capacity", json!(-4)),
                set("/subChart/sections/0/entrance", json!(3)),
                set("/subChart/sections/0/subChart/seats", json!([{}])),
            ],
            &[
                ("$.name", Missing),
                ("$.categories.list[1].color", OutOfRange),
                ("$.subChart.sections[0].entrance", WrongType),
                ("$.subChart.sections[0].subChart.seats[0]", OutsideRow),
                ("$.subChart.rows[0].seats[0].x", Missing),
                ("$.subChart.rows[0].seats[1].label", Missing),
                ("$.subChart.generalAdmissionAreas[0].capacity", OutOfRange),
                ("$.subChart.rows[1]", Duplicate),
                ("$.subChart.rows[1].seats[1]", SameSpot),
                ("$.subChart.tables[0].seats[1]", Duplicate),
            ],
        )],
    );
}

#[test]
fn files_that_are_no_plan_are_refused() {
    let cases: [(&[u8], FaultCode); 7] = [
        (b"", NotJson),
        (b"{", NotJson),
        (b"<svg/>", NotJson),
        (b"\xff\xfe{}", NotJson),
        (b"[]", UnknownFormat),
        (b"{}", UnknownFormat),
        (b"{\"name\": \"x\", \"rooms\": []}", UnknownFormat),
    ];
    for (bytes, code) in cases {
        let faults = read(bytes).expect_err("no plan");
        assert_eq!(faults.len(), 1);
        assert_eq!((faults[0].path.as_str(), faults[0].code), ("$", code), "{bytes:?}");
    }
}

#[test]
fn files_beyond_the_bounds_are_refused_without_being_parsed() {
    let too_long = vec![b' '; PLAN_BYTES_MAX + 1];
    let too_many_objects = b"{},".repeat(500_001);
    let too_many_values = b"0,".repeat(4_000_001);
    for bytes in [too_long, too_many_objects, too_many_values] {
        let faults = read(&bytes).expect_err("too large");
        assert_eq!((faults[0].path.as_str(), faults[0].code), ("$", OutOfRange));
    }
}

#[test]
fn deep_nesting_is_refused_without_overflow() {
    for opening in ["[", "{\"a\":"] {
        let faults = read(opening.repeat(100_000).as_bytes()).expect_err("too deep");
        assert_eq!(faults[0].code, NotJson);
    }
}
