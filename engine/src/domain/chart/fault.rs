//! What can be wrong with a plan, and where in its file.

use std::fmt;

/// One fault of a plan: what is wrong, and the path of the culprit in the imported file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A JSON path such as `$.subChart.rows[3].seats[0].label`.
    pub path: String,
    /// What is wrong, for programs.
    pub code: FaultCode,
    /// What is wrong, for people.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.path, self.message, self.code.as_str())
    }
}

/// The kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultCode {
    /// The file is not JSON.
    NotJson,
    /// The JSON is not of any format that tiketi reads.
    UnknownFormat,
    /// A required member is missing.
    Missing,
    /// A member has another type than the format says.
    WrongType,
    /// A number, text or list is empty, too large or outside what is allowed.
    OutOfRange,
    /// Two things that must differ have one name.
    Duplicate,
    /// A category is named that the plan does not have.
    UnknownCategory,
    /// A seat stands outside any row or table.
    OutsideRow,
    /// Two seats stand on one spot.
    SameSpot,
    /// The plan has no place to sell.
    NoPlaces,
    /// The plan asks for a way of selling that tiketi does not have.
    Unsupported,
}

impl FaultCode {
    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotJson => "not_json",
            Self::UnknownFormat => "unknown_format",
            Self::Missing => "missing",
            Self::WrongType => "wrong_type",
            Self::OutOfRange => "out_of_range",
            Self::Duplicate => "duplicate",
            Self::UnknownCategory => "unknown_category",
            Self::OutsideRow => "outside_row",
            Self::SameSpot => "same_spot",
            Self::NoPlaces => "no_places",
            Self::Unsupported => "unsupported",
        }
    }
}
