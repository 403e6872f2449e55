//! Reads the seats.io chart format, versions 17 to 22.
//!
//! What the files themselves show, as no public description exists:
//!
//! - A plan has one `subChart`, or several `subChartFloors` that are drawn one over another. The
//!   chart has no floors, so they are laid out from top to bottom, each keeping its own focal point.
//! - A section's `points` are in the coordinates of its floor; everything in its own `subChart`
//!   counts from its `topLeft`.
//! - A seat without a category has that of its section. An object that has no label yet is labelled
//!   `?`, which is a fault here as it is there: tickets need the number that is on the chair.
//! - What stands outside any section goes into an implicit one, named by its `sectionLabel`, else
//!   by its floor, else [`IMPLICIT_SECTION`].
//! - A booth is sold as one: it becomes a table for one that is sold as a whole.

mod floor;
mod objects;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use self::floor::Floor;
use super::geometry::{Spot, middle};
use super::reader::{Node, Reader};
use crate::domain::chart::{CategoryDraft, ChartDraft, FaultCode};

/// The label of the section for what stands outside any, if nothing in the plan gives a better one.
const IMPLICIT_SECTION: &str = "Main";
/// How objects that have no label yet are labelled.
const UNLABELLED: &str = "?";
/// Between two floors, as a share of the upper one's height.
const FLOOR_GAP: f64 = 0.1;

/// What floors and sections refer to.
struct Venue {
    zones: BTreeMap<String, Spot>,
    /// Categories whose seats are all for wheelchair users, as old versions have it.
    accessible: BTreeSet<String>,
}

/// Reads a seats.io chart as far as it can be read.
pub(super) fn draft(reader: &mut Reader, plan: &Node<'_>) -> ChartDraft {
    let name = reader.plan_name(plan, "name");
    let mut accessible = BTreeSet::new();
    let categories = categories(reader, plan, &mut accessible);
    let zones = zones(reader, plan);
    let venue = Venue { zones, accessible };
    let mut draft = ChartDraft { name, categories, ..ChartDraft::default() };
    let floors = floors(reader, plan);
    let mut focal_point = None;
    let mut top = 0.0;
    for node in &floors {
        outside_row(reader, node);
        let origin = Spot::new(0.0, top);
        let own = focus(reader, node).map(|spot| spot + origin);
        let floor = Floor {
            venue: &venue,
            origin,
            // The first floor's is the chart's, which goes without saying.
            focal_point: own.filter(|_| focal_point.is_some()),
        };
        draft.sections.extend(floor.sections(reader, node));
        focal_point = focal_point.or(own).or_else(|| Some(venue.focus(reader, node)));
        if floors.len() > 1 {
            top += height(reader, node) * (1.0 + FLOOR_GAP);
        }
    }
    outside_row(reader, plan);
    draft.focal_point = focal_point.unwrap_or_default().point();
    draft
}

impl Venue {
    /// What everybody looks at if no floor says: the middle of the zones' focal points, or else the
    /// middle of the upper edge.
    fn focus(&self, reader: &mut Reader, floor: &Node<'_>) -> Spot {
        if self.zones.is_empty() {
            let width = reader.optional_number(floor, "width");
            return Spot::new(width / 2.0, 0.0);
        }
        let spots: Vec<Spot> = self.zones.values().copied().collect();
        middle(&spots)
    }
}

/// The height of one floor of several.
fn height(reader: &mut Reader, floor: &Node<'_>) -> f64 {
    let before = reader.fault_count();
    let height = reader.number(floor, "height");
    if reader.fault_count() > before {
        // Without it the next floor lies on this one.
        reader.explain_everywhere(FaultCode::SameSpot);
    }
    height
}

fn categories(
    reader: &mut Reader,
    plan: &Node<'_>,
    accessible: &mut BTreeSet<String>,
) -> Vec<CategoryDraft> {
    let before = reader.fault_count();
    let list = reader.object(plan, "categories");
    let nodes = list.map(|list| reader.list(&list, "list"));
    let mut drafts = Vec::new();
    for node in nodes.unwrap_or_default() {
        let draft = CategoryDraft {
            key: reader.key(&node, "key"),
            label: reader.name(&node, "label"),
            color: reader.color(&node, "color"),
            path: node.path.clone(),
        };
        if reader.flag(&node, "accessible") {
            accessible.insert(draft.key.clone());
        }
        drafts.push(draft);
    }
    if reader.fault_count() > before {
        // Which seats meant the category that cannot be read, nobody knows.
        reader.explain_everywhere(FaultCode::UnknownCategory);
    }
    drafts
}

fn zones(reader: &mut Reader, plan: &Node<'_>) -> BTreeMap<String, Spot> {
    let mut zones = BTreeMap::new();
    let list = reader.optional_object(plan, "zones");
    let nodes = list.map(|list| reader.optional_list(&list, "list"));
    for node in nodes.unwrap_or_default() {
        let key = reader.key(&node, "key");
        let focal_point = reader.position(&node, "focalPoint");
        if zones.insert(key.clone(), focal_point).is_some() {
            let message = format!("zone {key:?} appears twice");
            reader.fault(node.at("key"), FaultCode::Duplicate, message);
        }
    }
    zones
}

fn floors<'a>(reader: &mut Reader, plan: &Node<'a>) -> Vec<Node<'a>> {
    if plan.get("subChartFloors").is_some() {
        return reader.list(plan, "subChartFloors");
    }
    reader.object(plan, "subChart").into_iter().collect()
}

/// What a floor looks at: its focal point, or else the middle of its stage.
fn focus(reader: &mut Reader, floor: &Node<'_>) -> Option<Spot> {
    if let Some(spot) = reader.optional_position(floor, "focalPoint") {
        return Some(spot);
    }
    for shape in reader.optional_list(floor, "shapes") {
        // Shapes are decoration: one that cannot be read is no fault of the plan.
        if shape.get("smartType").and_then(Value::as_str) == Some("stage") {
            return reader.optional_position(&shape, "center");
        }
    }
    None
}

/// Seats that hang somewhere else than in a row or at a table.
fn outside_row(reader: &mut Reader, node: &Node<'_>) {
    for seat in reader.optional_list(node, "seats") {
        let message = "a seat must stand in a row or at a table".to_owned();
        reader.fault(seat.path, FaultCode::OutsideRow, message);
    }
}

/// The label of an object, which fans and tickets name it by.
fn label(reader: &mut Reader, node: &Node<'_>) -> String {
    let unlabelled = node.get("label").and_then(Value::as_str) == Some(UNLABELLED);
    if !unlabelled {
        return reader.name(node, "label");
    }
    let message = "has no label yet".to_owned();
    reader.fault(node.at("label"), FaultCode::Missing, message);
    reader.explain(&node.path, &[FaultCode::Duplicate]);
    String::from(UNLABELLED)
}
