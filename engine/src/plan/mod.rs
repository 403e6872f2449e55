//! Seating plans: readers of two foreign formats, and a generator.
//!
//! [`read`] finds out which format a file is in and turns it into a chart, or says everything that
//! is wrong with it at once. [`generate`] draws arenas and theatres of any size. Nothing in here
//! knows a file, a clock or a price; all of it only fills a
//! [`ChartDraft`](crate::domain::chart::ChartDraft).
//!
//! Start reading at [`read`]; `reader` collects the faults, `seatsio` and `pretix` know one format
//! each.

pub mod generate;
mod geometry;
mod pretix;
mod reader;
mod seatsio;
#[cfg(test)]
mod tests;

use serde_json::Value;

use self::reader::{Node, Reader};
use crate::domain::chart::{Chart, Fault, FaultCode};
use crate::domain::limits::{PLAN_BYTES_MAX, PLAN_OBJECTS_MAX, PLAN_VALUES_MAX};

/// Reads a seating plan: a seats.io chart (versions 17 to 22) or a pretix seating plan, as JSON.
///
/// # Errors
/// Every fault of the plan, each with its path in the file.
pub fn read(bytes: &[u8]) -> Result<Chart, Vec<Fault>> {
    let value = parse(bytes).map_err(|fault| vec![fault])?;
    let mut reader = Reader::default();
    let Some(plan) = reader.root(&value) else {
        return Err(vec![unknown_format()]);
    };
    let draft = match Format::of(&plan) {
        Some(Format::SeatsIo) => seatsio::draft(&mut reader, &plan),
        Some(Format::Pretix) => pretix::draft(&mut reader, &plan),
        None => return Err(vec![unknown_format()]),
    };
    reader.finish(&draft)
}

enum Format {
    SeatsIo,
    Pretix,
}

impl Format {
    /// Both formats have categories and zones, but seats.io keeps its seats in a sub chart and
    /// wraps its lists in objects.
    fn of(plan: &Node<'_>) -> Option<Self> {
        let has = |member| plan.get(member).is_some();
        if has("subChart") || has("subChartFloors") || has("venueType") {
            return Some(Self::SeatsIo);
        }
        (has("zones") || has("size")).then_some(Self::Pretix)
    }
}

fn unknown_format() -> Fault {
    Fault {
        path: "$".to_owned(),
        code: FaultCode::UnknownFormat,
        message: "neither a seats.io chart nor a pretix seating plan".to_owned(),
    }
}

/// Parses JSON within bounds. Nesting is bounded by the parser itself, at 128 levels.
fn parse(bytes: &[u8]) -> Result<Value, Fault> {
    let fault = |code, message| Fault { path: "$".to_owned(), code, message };
    let too_large = |message| fault(FaultCode::OutOfRange, message);
    if bytes.len() > PLAN_BYTES_MAX {
        return Err(too_large(format!("more than {PLAN_BYTES_MAX} bytes")));
    }
    // Counted before parsing, because a parsed value weighs up to a hundred times its text. Marks
    // inside of texts are counted too: no plan within reason comes near the bounds.
    let count = |marks: &[u8]| bytes.iter().filter(|byte| marks.contains(byte)).count();
    if count(b"{") > PLAN_OBJECTS_MAX || count(b"{[,") > PLAN_VALUES_MAX {
        let message = format!("more than {PLAN_OBJECTS_MAX} objects or {PLAN_VALUES_MAX} values");
        return Err(too_large(message));
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(text)
        .map_err(|error| fault(FaultCode::NotJson, format!("not JSON: {error}")))
}
