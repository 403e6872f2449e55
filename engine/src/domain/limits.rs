//! Every bound of the domain, with its unit, in one place.

use std::time::Duration;

/// Places of one chart, seats and units of general admission together.
pub const PLACES_PER_CHART_MAX: usize = 200_000;
/// Neighbouring places without an aisle between them; a run's free places fit one `u128`.
pub const PLACES_PER_RUN_MAX: usize = 128;
/// Categories of one chart.
pub const CATEGORIES_MAX: usize = 64;
/// Sections, and likewise rows and areas, of one chart.
pub const SECTIONS_MAX: usize = 10_000;
/// Bytes of a label, key or name in a chart or price table.
pub const LABEL_BYTES_MAX: usize = 120;
/// Largest coordinate of a chart, in chart units.
pub const COORDINATE_MAX: i32 = 10_000_000;
/// Bytes of an imported plan.
pub const PLAN_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Values of an imported plan: the marks that begin or part them, before it is parsed.
pub const PLAN_VALUES_MAX: usize = 4_000_000;
/// Objects of an imported plan. A parsed object weighs some 600 bytes however small it was written.
pub const PLAN_OBJECTS_MAX: usize = 500_000;
/// Ticket types of one price table.
pub const TICKET_TYPES_MAX: usize = 16;
/// Expiries, and likewise calls from the line, decided in one tick; what is left waits for the next.
pub const TICK_CHANGES_MAX: usize = 512;
/// Fans called in a minute, where that has a bound.
pub const RATE_PER_MINUTE_MAX: u32 = 60_000;
/// Characters of what operators tell those in line.
pub const NOTICE_CHARS_MAX: usize = 200;
/// Places that one command blocks or puts back on sale.
pub const BLOCKED_AT_ONCE_MAX: usize = 2_000;
/// Answers kept for repeats of keyed requests; the oldest go first.
pub const ANSWERS_MAX: usize = 100_000;
/// How long an answer is kept for repeats of its request.
pub const ANSWER_TTL: Duration = Duration::from_hours(24);
/// Bytes of a payment provider's reference or code, and of a gate's name.
pub const REFERENCE_BYTES_MAX: usize = 200;
