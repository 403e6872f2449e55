//! A hot sale: a full arena and a crowd, for benchmarks of the engine in memory.

use std::sync::Arc;
use std::time::Duration;

use tiketi_engine::domain::chart::{Chart, PlaceIx};
use tiketi_engine::domain::command::{Command, Origin, Request, Selection, Wanted};
use tiketi_engine::domain::ids::{EventId, FanId, HoldId};
use tiketi_engine::domain::pricing::{Price, PriceEntry, PriceTable, TicketType, TicketTypeIx};
use tiketi_engine::domain::sale::Sale;
use tiketi_engine::domain::terms::{Rules, Terms};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::domain::{chart::CategoryIx, money::Currency};
use tiketi_engine::plan::generate::{Arena, Floor, Stage};

/// When the sale opened.
pub const OPENS_AT: Timestamp = Timestamp::from_millis(1_800_000_000_000);
/// The event.
pub const EVENT: EventId = EventId::new(1);

/// An arena with this many seats.
///
/// # Panics
/// If the generator made an unsound plan.
pub fn arena(places: usize) -> Arc<Chart> {
    let arena = Arena { name: "Arena".to_owned(), places, stage: Stage::End, floor: Floor::Seated };
    Arc::new(arena.draft().build().expect("the generator makes sound plans"))
}

/// Terms under which anybody may hold anything.
///
/// # Panics
/// Never.
pub fn terms(chart: &Chart) -> Terms {
    let adult = TicketType { key: "adult".to_owned(), label: "Adult".to_owned() };
    let entries = (0_u8..)
        .take(chart.categories().len())
        .map(|category| PriceEntry {
            category: CategoryIx(category),
            ticket_type: TicketTypeIx(0),
            price: Price { amount_minor: 100_000, fee_minor: 1_000 },
        })
        .collect();
    let categories = chart.categories().len();
    let prices = PriceTable::new(Currency::Krw, vec![adult], entries, 0, categories);
    Terms {
        chart: chart.hash(),
        prices: prices.expect("the table is sound"),
        rules: Rules {
            lobby_opens_at: OPENS_AT,
            opens_at: OPENS_AT,
            closes_at: OPENS_AT.after(Duration::from_hours(10_000)),
            places_per_hold_max: 500,
            places_per_fan_max: 500,
            hold_ttl: Duration::from_mins(7),
            hold_extension: Duration::ZERO,
            admitted_max: u32::MAX,
            claim_ttl: Duration::from_hours(24),
            session_ttl: Duration::from_hours(24),
            refunds_until: OPENS_AT,
        },
    }
}

/// A sale of that arena in which fans 0 to `fans - 1` are admitted.
///
/// # Panics
/// Never: the terms let everybody in.
pub fn sale(chart: &Arc<Chart>, fans: u64) -> Sale {
    let first = Sale::opening(OPENS_AT, chart, terms(chart)).expect("the terms are sound");
    let mut sale = Sale::open(EVENT, Arc::clone(chart), &first);
    for fan in 0..fans {
        for command in [Command::Join, Command::Claim] {
            sale.execute(OPENS_AT, &request(fan, command)).expect("everybody is let in");
        }
    }
    sale
}

/// The same, with everybody else in line behind them.
///
/// # Panics
/// Never.
pub fn sale_with_line(chart: &Arc<Chart>, inside: u64, waiting: u64) -> Sale {
    let mut sale = sale(chart, inside);
    let mut terms = sale.terms().clone();
    terms.rules.admitted_max = u32::try_from(inside).unwrap_or(u32::MAX);
    let operator = Origin::Operator(FanId::new(1), None);
    let change = Command::SetTerms(Box::new(terms));
    let change = Request { by: operator, key: None, command: change };
    sale.execute(OPENS_AT, &change).expect("the terms are lawful");
    for fan in inside..inside + waiting {
        sale.execute(OPENS_AT, &request(fan, Command::Join)).expect("anybody may wait");
    }
    sale
}

/// A fan's request without a key.
pub fn request(fan: u64, command: Command) -> Request {
    Request { by: Origin::Fan(FanId::new(fan)), key: None, command }
}

/// A hold of one seat.
pub fn hold_one(place: u32) -> Command {
    let seat = Wanted::Seat { place: PlaceIx(place), ticket_type: TicketTypeIx(0) };
    Command::PlaceHold(Selection::Wanted(vec![seat]))
}

/// Holds a seat and gives it back: two decisions.
///
/// # Panics
/// If the seat is taken.
pub fn hold_and_release(sale: &mut Sale, fan: u64, place: u32) {
    sale.execute(OPENS_AT, &request(fan, hold_one(place))).expect("free");
    let hold = HoldId::new(sale.seq().0);
    sale.execute(OPENS_AT, &request(fan, Command::ReleaseHold(hold))).expect("held");
}
