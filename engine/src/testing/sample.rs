//! Small charts and terms for tests.

use std::time::Duration;

use crate::domain::chart::{
    AreaDraft, BlockKind, CategoryDraft, CategoryIx, Chart, ChartDraft, PlaceDraft, Point,
    RowDraft, SectionDraft, Traits,
};
use crate::domain::money::Currency;
use crate::domain::pricing::{Price, PriceEntry, PriceTable, TicketType, TicketTypeIx};
use crate::domain::terms::{Rules, Terms};
use crate::domain::time::Timestamp;

/// When the sales of tests open.
pub const OPENS_AT: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// A room with `rows` rows of `seats` seats, a table for four, a table for six that is sold as a
/// whole, and a standing area for `standing`. The first row's ends are for wheelchair users; the
/// last row's category has no price in [`terms`].
///
/// # Panics
/// If a number is zero, or the room is too large for a chart.
pub fn chart(rows: u32, seats: u32, standing: u32) -> Chart {
    let category = |key: &str| CategoryDraft {
        key: key.to_owned(),
        label: key.to_uppercase(),
        ..CategoryDraft::default()
    };
    let row = |row: u32| RowDraft {
        label: (row + 1).to_string(),
        kind: BlockKind::Row,
        places: (0..seats).map(|seat| place(rows, seats, row, seat)).collect(),
        path: String::new(),
    };
    let table = |label: &str, kind: BlockKind, seats: u32, left: i32| RowDraft {
        label: label.to_owned(),
        kind,
        places: (0..seats)
            .map(|seat| PlaceDraft {
                label: (seat + 1).to_string(),
                at: Point { x: left + at(seat) * 10, y: -100 },
                category: "a".to_owned(),
                ..PlaceDraft::default()
            })
            .collect(),
        path: String::new(),
    };
    let mut all: Vec<RowDraft> = (0..rows).map(row).collect();
    all.push(table("T1", BlockKind::Table, 4, -500));
    all.push(table("T2", BlockKind::WholeTable, 6, -900));
    let section = SectionDraft {
        label: "Stalls".to_owned(),
        rows: all,
        areas: vec![AreaDraft {
            label: "Standing".to_owned(),
            capacity: standing,
            category: "s".to_owned(),
            at: Point { x: 0, y: 5_000 },
            ..AreaDraft::default()
        }],
        ..SectionDraft::default()
    };
    ChartDraft {
        name: "A room".to_owned(),
        focal_point: Point { x: at(seats) * 25, y: -50 },
        categories: ["a", "b", "s", "x"].map(category).to_vec(),
        sections: vec![section],
    }
    .build()
    .expect("the room is sound")
}

fn place(rows: u32, seats: u32, row: u32, seat: u32) -> PlaceDraft {
    let end = seat == 0 || seat + 1 == seats;
    let category = match row {
        last if last + 1 == rows => "x",
        near if near < rows / 2 => "a",
        _ => "b",
    };
    PlaceDraft {
        label: (seat + 1).to_string(),
        at: Point { x: at(seat) * 50, y: at(row) * 90 },
        category: category.to_owned(),
        traits: Traits { accessible: row == 0 && end, ..Traits::default() },
        path: String::new(),
    }
}

fn at(number: u32) -> i32 {
    i32::try_from(number).expect("small")
}

/// Terms for a chart of [`chart`]: two ticket types, no price for category `x`.
///
/// # Panics
/// Never.
pub fn terms(chart: &Chart) -> Terms {
    let entry = |category, ticket_type, amount_minor| PriceEntry {
        category: CategoryIx(category),
        ticket_type: TicketTypeIx(ticket_type),
        price: Price { amount_minor, fee_minor: 1_000 },
    };
    let ticket_type = |key: &str| TicketType { key: key.to_owned(), label: key.to_owned() };
    let entries = vec![
        entry(0, 0, 150_000),
        entry(0, 1, 75_000),
        entry(1, 0, 100_000),
        entry(1, 1, 50_000),
        entry(2, 0, 70_000),
    ];
    let types = vec![ticket_type("adult"), ticket_type("child")];
    let prices = PriceTable::new(Currency::Krw, types, entries, 500, chart.categories().len());
    Terms {
        chart: chart.hash(),
        prices: prices.expect("the table is sound"),
        rules: Rules {
            lobby_opens_at: OPENS_AT,
            opens_at: OPENS_AT,
            closes_at: OPENS_AT.after(Duration::from_hours(1_000)),
            places_per_hold_max: 8,
            places_per_fan_max: 10,
            hold_ttl: Duration::from_mins(7),
            hold_extension: Duration::from_mins(3),
            admitted_max: 50,
            claim_ttl: Duration::from_mins(2),
            session_ttl: Duration::from_mins(15),
            refunds_until: OPENS_AT.after(Duration::from_hours(900)),
        },
    }
}
