//! Every bound of the domain, with its unit, in one place.

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
/// Ticket types of one price table.
pub const TICKET_TYPES_MAX: usize = 16;
