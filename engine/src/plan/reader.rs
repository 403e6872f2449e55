//! Reads a JSON value member by member and collects every fault with its path.
//!
//! A derived deserializer stops at the first error; whoever repairs a plan wants all of them. So
//! each method of [`Reader`] returns a blank for what it cannot read and notes the fault. A blank
//! would make [`ChartDraft::build`] complain a second time about the same thing, so the reader also
//! notes which of its complaints are already explained, and [`Reader::finish`] leaves those out.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::geometry::Spot;
use crate::domain::chart::{Chart, ChartDraft, Fault, FaultCode, is_name};
use crate::domain::limits::{COORDINATE_MAX, LABEL_BYTES_MAX, PLACES_PER_CHART_MAX};

/// What a blank name makes the chart complain of.
const BLANK_NAME: &[FaultCode] = &[FaultCode::OutOfRange, FaultCode::Duplicate];
/// What a blank position makes the chart complain of.
const BLANK_SPOT: &[FaultCode] = &[FaultCode::OutOfRange, FaultCode::SameSpot];

/// An object of the file and its path.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    members: &'a Map<String, Value>,
    pub(super) path: String,
}

impl<'a> Node<'a> {
    /// A member that is there; `null` is how both formats write "not set".
    pub(super) fn get(&self, member: &str) -> Option<&'a Value> {
        self.members.get(member).filter(|value| !value.is_null())
    }

    /// The path of a member.
    pub(super) fn at(&self, member: &str) -> String {
        format!("{}.{member}", self.path)
    }
}

/// Reads members and collects faults; see the module.
#[derive(Debug, Default)]
pub(super) struct Reader {
    faults: Vec<Fault>,
    explained: BTreeSet<(String, FaultCode)>,
    explained_everywhere: BTreeSet<FaultCode>,
}

impl Reader {
    /// Notes a fault.
    pub(super) fn fault(&mut self, path: String, code: FaultCode, message: String) {
        self.faults.push(Fault { path, code, message });
    }

    /// Leaves out what the chart will say of one path in these codes.
    pub(super) fn explain(&mut self, path: &str, codes: &[FaultCode]) {
        let pairs = codes.iter().map(|&code| (path.to_owned(), code));
        self.explained.extend(pairs);
    }

    /// Leaves out what the chart will say in this code, wherever it is.
    pub(super) fn explain_everywhere(&mut self, code: FaultCode) {
        self.explained_everywhere.insert(code);
    }

    /// How many faults there are so far.
    pub(super) fn fault_count(&self) -> usize {
        self.faults.len()
    }

    /// Builds the chart from what could be read.
    ///
    /// # Errors
    /// The faults of the file, then those of the draft that they do not explain.
    pub(super) fn finish(self, draft: &ChartDraft) -> Result<Chart, Vec<Fault>> {
        let built = draft.build();
        if self.faults.is_empty() {
            return built;
        }
        let mut faults = self.faults;
        for fault in built.err().into_iter().flatten() {
            let code = fault.code;
            let explained = code == FaultCode::NoPlaces
                || self.explained_everywhere.contains(&code)
                || self.explained.contains(&(fault.path.clone(), code));
            if !explained {
                faults.push(fault);
            }
        }
        Err(faults)
    }

    /// The file itself, which must be an object.
    pub(super) fn root<'a>(&mut self, value: &'a Value) -> Option<Node<'a>> {
        self.node(value, "$".to_owned())
    }

    /// The required name of the plan; blank on a fault.
    pub(super) fn plan_name(&mut self, plan: &Node<'_>, member: &str) -> String {
        self.required_name(plan, member).unwrap_or_else(|| {
            self.explain(&plan.at(member), BLANK_NAME);
            String::new()
        })
    }

    /// The required name of what `node` is; blank on a fault.
    pub(super) fn name(&mut self, node: &Node<'_>, member: &str) -> String {
        self.required_name(node, member).unwrap_or_else(|| {
            self.explain(&node.path, BLANK_NAME);
            String::new()
        })
    }

    /// The required name of the category that `node` belongs to; blank on a fault.
    pub(super) fn category(&mut self, node: &Node<'_>, member: &str) -> String {
        self.required_name(node, member).unwrap_or_else(|| {
            self.explain(&node.path, &[FaultCode::UnknownCategory]);
            String::new()
        })
    }

    /// A required name that the chart does not hold.
    pub(super) fn required_name(&mut self, node: &Node<'_>, member: &str) -> Option<String> {
        let value = self.required(node, member)?;
        let text = self.text(value, node.at(member))?;
        self.checked_name(text, node.at(member))
    }

    /// A name that may be missing or empty, which gives a blank.
    pub(super) fn optional_name(&mut self, node: &Node<'_>, member: &str) -> String {
        let text = match node.get(member) {
            Some(value) => self.text(value, node.at(member)),
            None => None,
        };
        let name = text.filter(|text| !text.is_empty());
        name.and_then(|name| self.checked_name(name, node.at(member))).unwrap_or_default()
    }

    /// The required key of what `node` is, a text or a number; blank on a fault.
    pub(super) fn key(&mut self, node: &Node<'_>, member: &str) -> String {
        let value = self.required(node, member);
        let key = value.and_then(|value| self.checked_key(value, node.at(member)));
        key.unwrap_or_else(|| {
            self.explain(&node.path, BLANK_NAME);
            String::new()
        })
    }

    /// A key that may be missing. What is there and cannot be read gives `Some` blank.
    pub(super) fn optional_key(&mut self, node: &Node<'_>, member: &str) -> Option<String> {
        let value = node.get(member)?;
        let key = self.checked_key(value, node.at(member));
        Some(key.unwrap_or_default())
    }

    /// A colour as six hexadecimal digits; blank if it is missing.
    pub(super) fn color(&mut self, node: &Node<'_>, member: &str) -> String {
        let Some(value) = node.get(member) else {
            return String::new();
        };
        let Some(text) = self.text(value, node.at(member)) else {
            return String::new();
        };
        six_digits(text).unwrap_or_else(|| {
            let message = format!("{text:?} is not a colour such as #0072b2");
            self.fault(node.at(member), FaultCode::OutOfRange, message);
            String::new()
        })
    }

    /// A flag; one that is missing is down.
    pub(super) fn flag(&mut self, node: &Node<'_>, member: &str) -> bool {
        let Some(value) = node.get(member) else {
            return false;
        };
        value.as_bool().unwrap_or_else(|| {
            self.wrong_type(node.at(member), "true or false", value);
            false
        })
    }

    /// How many places something has: required, at least 1; 0 on a fault.
    pub(super) fn capacity(&mut self, node: &Node<'_>, member: &str) -> u32 {
        let value = self.required(node, member);
        let capacity = value.and_then(|value| self.checked_capacity(value, node.at(member)));
        capacity.unwrap_or_else(|| {
            self.explain(&node.path, &[FaultCode::OutOfRange]);
            0
        })
    }

    /// A required length or coordinate; 0 on a fault.
    pub(super) fn number(&mut self, node: &Node<'_>, member: &str) -> f64 {
        let value = self.required(node, member);
        value.and_then(|value| self.checked_number(value, node.at(member))).unwrap_or_default()
    }

    /// A length or coordinate; 0 if it is missing.
    pub(super) fn optional_number(&mut self, node: &Node<'_>, member: &str) -> f64 {
        node.get(member)
            .and_then(|value| self.checked_number(value, node.at(member)))
            .unwrap_or_default()
    }

    /// The members `x` and `y`, which stand for where `node` is.
    pub(super) fn spot(&mut self, node: &Node<'_>) -> Spot {
        let before = self.fault_count();
        let spot = Spot::new(self.number(node, "x"), self.number(node, "y"));
        if self.fault_count() > before {
            self.explain(&node.path, BLANK_SPOT);
        }
        spot
    }

    /// A required object with `x` and `y`, which stands for where `node` is.
    pub(super) fn position(&mut self, node: &Node<'_>, member: &str) -> Spot {
        let before = self.fault_count();
        let position = self.object(node, member);
        let spot = position.map(|position| self.spot(&position));
        if self.fault_count() > before {
            self.explain(&node.path, BLANK_SPOT);
        }
        spot.unwrap_or_default()
    }

    /// An object with `x` and `y` that may be missing.
    pub(super) fn optional_position(&mut self, node: &Node<'_>, member: &str) -> Option<Spot> {
        node.get(member)?;
        Some(self.position(node, member))
    }

    /// A required object.
    pub(super) fn object<'a>(&mut self, node: &Node<'a>, member: &str) -> Option<Node<'a>> {
        let value = self.required(node, member)?;
        self.node(value, node.at(member))
    }

    /// An object that may be missing.
    pub(super) fn optional_object<'a>(
        &mut self,
        node: &Node<'a>,
        member: &str,
    ) -> Option<Node<'a>> {
        let value = node.get(member)?;
        self.node(value, node.at(member))
    }

    /// The objects of a required list.
    pub(super) fn list<'a>(&mut self, node: &Node<'a>, member: &str) -> Vec<Node<'a>> {
        if self.required(node, member).is_none() {
            self.explain(&node.path, &[FaultCode::OutOfRange]);
        }
        self.optional_list(node, member)
    }

    /// The objects of a list; none if it is missing.
    pub(super) fn optional_list<'a>(&mut self, node: &Node<'a>, member: &str) -> Vec<Node<'a>> {
        let Some(value) = node.get(member) else {
            return Vec::new();
        };
        let path = node.at(member);
        let before = self.fault_count();
        let mut nodes = Vec::new();
        if let Some(items) = value.as_array() {
            for (index, item) in items.iter().enumerate() {
                nodes.extend(self.node(item, format!("{path}[{index}]")));
            }
        } else {
            self.wrong_type(path, "a list", value);
        }
        if self.fault_count() > before {
            self.explain(&node.path, &[FaultCode::OutOfRange]);
        }
        nodes
    }

    fn node<'a>(&mut self, value: &'a Value, path: String) -> Option<Node<'a>> {
        if let Some(members) = value.as_object() {
            return Some(Node { members, path });
        }
        self.wrong_type(path, "an object", value);
        None
    }

    fn required<'a>(&mut self, node: &Node<'a>, member: &str) -> Option<&'a Value> {
        let value = node.get(member);
        if value.is_none() {
            let message = format!("{member} is missing");
            self.fault(node.at(member), FaultCode::Missing, message);
        }
        value
    }

    fn text<'a>(&mut self, value: &'a Value, path: String) -> Option<&'a str> {
        let text = value.as_str();
        if text.is_none() {
            self.wrong_type(path, "a text", value);
        }
        text
    }

    fn checked_name(&mut self, text: &str, path: String) -> Option<String> {
        if is_name(text) {
            return Some(text.to_owned());
        }
        let message = format!("must be 1 to {LABEL_BYTES_MAX} printable bytes");
        self.fault(path, FaultCode::OutOfRange, message);
        None
    }

    fn checked_key(&mut self, value: &Value, path: String) -> Option<String> {
        if let Some(number) = value.as_number() {
            return Some(number.to_string());
        }
        let text = self.text(value, path.clone())?;
        self.checked_name(text, path)
    }

    fn checked_number(&mut self, value: &Value, path: String) -> Option<f64> {
        let Some(number) = value.as_f64() else {
            self.wrong_type(path, "a number", value);
            return None;
        };
        let number_max = f64::from(COORDINATE_MAX / 10);
        if number.abs() <= number_max {
            return Some(number);
        }
        let message = format!("must lie within ±{number_max}");
        self.fault(path, FaultCode::OutOfRange, message);
        None
    }

    fn checked_capacity(&mut self, value: &Value, path: String) -> Option<u32> {
        if !value.is_number() {
            self.wrong_type(path, "a number", value);
            return None;
        }
        let capacity = value.as_u64().and_then(|count| u32::try_from(count).ok());
        let in_range = |count: &u32| (1..=PLACES_PER_CHART_MAX).contains(&(*count as usize));
        if let Some(capacity) = capacity.filter(in_range) {
            return Some(capacity);
        }
        let message = format!("must be a whole number from 1 to {PLACES_PER_CHART_MAX}");
        self.fault(path, FaultCode::OutOfRange, message);
        None
    }

    fn wrong_type(&mut self, path: String, wanted: &str, found: &Value) {
        let found = match found {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        let message = format!("must be {wanted}, not {found}");
        self.fault(path, FaultCode::WrongType, message);
    }
}

/// The six digits of `#rgb`, `#rrggbb` or `#rrggbbaa`; how much shines through is nothing to us.
fn six_digits(color: &str) -> Option<String> {
    let digits = color.trim().strip_prefix('#').unwrap_or(color.trim());
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let digits = digits.to_ascii_lowercase();
    match digits.len() {
        0 | 6 => Some(digits),
        3 => Some(digits.chars().flat_map(|digit| [digit, digit]).collect()),
        8 => Some(digits[..6].to_owned()),
        _ => None,
    }
}
