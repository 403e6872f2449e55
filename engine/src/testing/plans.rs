//! Foreign plans, as files that are imported.

use serde_json::{Value, json};

/// A plan in pretix's format: one section, `rows` rows of `seats` seats, categories a and b.
pub fn room(rows: u32, seats: u32) -> Value {
    let seat = |row: u32, seat: u32| {
        json!({
            "seat_guid": format!("{row}-{seat}"),
            "seat_number": (seat + 1).to_string(),
            "position": {"x": f64::from(seat) * 5.0, "y": 0.0},
            "category": if row < rows / 2 { "a" } else { "b" },
        })
    };
    let row = |row: u32| {
        json!({
            "row_number": (row + 1).to_string(),
            "row_number_position": "both",
            "position": {"x": 0.0, "y": f64::from(row) * 9.0},
            "seats": (0..seats).map(|n| seat(row, n)).collect::<Vec<_>>(),
        })
    };
    json!({
        "name": "A small room",
        "size": {"width": 200, "height": 200},
        "categories": [{"name": "a", "color": "#4477aa"}, {"name": "b", "color": "#cc6677"}],
        "zones": [{
            "name": "Stalls",
            "uuid": "z1",
            "position": {"x": 10.0, "y": 20.0},
            "rows": (0..rows).map(row).collect::<Vec<_>>(),
            "areas": [],
        }],
    })
}
