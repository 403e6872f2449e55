//! Tests of the readers: plans made by others, plans broken on purpose, plans broken at random.

mod broken;
mod mutated;
mod pretix;
mod real;
mod seatsio;

use serde_json::{Value, json};

use super::read;
use crate::domain::chart::{Chart, Fault};

/// Reads a plan given as a value.
fn read_value(plan: &Value) -> Result<Chart, Vec<Fault>> {
    read(&serde_json::to_vec(plan).unwrap())
}

fn seat(x: f64, y: f64, label: &str) -> Value {
    json!({"x": x, "y": y, "label": label, "categoryKey": 1, "accessible": false})
}

/// A seats.io chart with one of everything.
fn seatsio_plan() -> Value {
    json!({
        "name": "Small hall",
        "version": 21,
        "venueType": "ROWS_WITH_SECTIONS",
        "categories": {"list": [
            {"key": 1, "label": "Stalls", "color": "#0072B2", "accessible": false},
            {"key": "w", "label": "Wheelchairs", "color": "#d50", "accessible": true},
        ]},
        "zones": {"list": [
            {"key": "east", "label": "East", "focalPoint": {"x": 500, "y": 20}},
        ]},
        "subChart": {
            "width": 400,
            "height": 300,
            "focalPoint": {"x": 200, "y": 10},
            "rows": [
                {"label": "A", "seats": [seat(10.0, 50.0, "1"), seat(30.0, 50.0, "2")]},
                {"label": "B", "seats": [seat(10.0, 74.0, "1"), seat(30.0, 74.0, "2")]},
            ],
            "tables": [
                {"label": "T1", "bookAsAWhole": true, "center": {"x": 100, "y": 100}, "seats": [
                    seat(100.0, 90.0, "1"), seat(100.0, 110.0, "2"),
                ]},
            ],
            "booths": [
                {"label": "Bar", "center": {"x": 150.06, "y": 100}, "width": 20, "height": 20,
                 "categoryKey": 1, "rotationAngle": 0},
            ],
            "generalAdmissionAreas": [
                {"label": "Pit", "capacity": 40, "categoryKey": 1, "type": "rectangle",
                 "center": {"x": 200, "y": 100}, "width": 60, "height": 40},
            ],
            "sections": [
                {
                    "label": "Balcony", "categoryKey": "w", "zone": "east", "entrance": "Gate 3",
                    "topLeft": {"x": 300, "y": 200},
                    "points": [{"x": 300, "y": 200}, {"x": 380, "y": 200}, {"x": 380, "y": 280}],
                    "subChart": {"width": 80, "height": 80, "rows": [
                        {"label": "A", "seats": [
                            {"x": 5.25, "y": 5, "label": "1", "categoryKey": null},
                            {"x": 25.25, "y": 5, "label": "2", "companionSeat": true,
                             "categoryKey": 1, "restrictedView": true},
                        ]},
                    ]},
                },
            ],
        },
    })
}

/// A pretix seating plan with one of everything.
fn pretix_plan() -> Value {
    let seat = |guid: &str, number: &str, x: f64, category: &str| {
        json!({
            "seat_guid": guid, "seat_number": number, "position": {"x": x, "y": 0.0},
            "category": category, "radius": 10, "start_direction": null, "uuid": guid,
        })
    };
    json!({
        "name": "Kleines Haus",
        "size": {"width": 600, "height": 400},
        "categories": [{"name": "Parkett", "color": "#0072b2"}, {"name": "Rang"}],
        "zones": [
            {
                "name": "Parkett", "zone_id": "ground", "uuid": "z1",
                "position": {"x": 50, "y": 100},
                "rows": [
                    {"row_number": "1", "row_label": "Reihe %s", "row_number_position": "both",
                     "position": {"x": 5, "y": 0}, "uuid": "r1",
                     "seats": [seat("p-1-1", "1", 0.0, "Parkett"), seat("p-1-2", "2", 25.5, "Parkett")]},
                    {"row_number": "2", "position": {"x": 5, "y": 30},
                     "seats": [seat("p-2-1", "1", 0.0, "Parkett")]},
                ],
                "areas": [
                    {"shape": "circle", "position": {"x": 9, "y": 9}, "circle": {"radius": 3}},
                    {"shape": "rectangle", "position": {"x": 100, "y": -80}, "rotation": 0,
                     "rectangle": {"width": 200, "height": 40},
                     "text": {"text": "Stage", "position": {"x": 0, "y": 0}}},
                ],
            },
            {
                "name": "", "zone_id": "Rang", "position": {"x": 0, "y": 300},
                "rows": [{"row_number": "1", "seats": [seat("r-1-1", "1", 10.0, "Rang")]}],
            },
        ],
    })
}
