//! Places as operators name them, by the labels of the chart: `section / row / seats`.
//!
//! One line, or what stands between two `;`, is a seat or more of a row or a table (`Stalls / 3 /
//! 1-12, 15`), all of one (`Stalls / 3`), so many units of an area (`Stalls / Standing / 50`), or a
//! place by its index (`#17`). From one seat to another is meant in the order of the row.

use std::collections::BTreeMap;

use tiketi_engine::domain::chart::{Block, BlockIx, BlockKind, Chart, PlaceIx};
use tiketi_engine::domain::command::Lot;
use tiketi_engine::domain::inventory::PlaceState;
use tiketi_engine::domain::limits::BLOCKED_AT_ONCE_MAX;

use crate::problem::Problem;

/// The longest text that names places, in characters.
const TEXT_CHARS_MAX: usize = 2_000;
/// Places that are named one by one in an answer.
const NAMED_MAX: usize = 20;

/// What a text names.
pub(crate) fn lots(chart: &Chart, text: &str) -> Result<Vec<Lot>, Problem> {
    let invalid = |detail: String| Problem::invalid("places", detail);
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(invalid(format!("at most {TEXT_CHARS_MAX} characters")));
    }
    let mut lots = Vec::new();
    for line in text.split(['\n', ';']).map(str::trim).filter(|line| !line.is_empty()) {
        let named = one(chart, line);
        lots.extend(named.ok_or_else(|| invalid(format!("the chart has no {line:?}")))?);
    }
    if lots.is_empty() {
        return Err(invalid("say which, as in section / row / 1-12".to_owned()));
    }
    let places: usize = lots.iter().map(|lot| size(chart, lot)).sum();
    if places > BLOCKED_AT_ONCE_MAX {
        return Err(invalid(format!("at most {BLOCKED_AT_ONCE_MAX} places at a time")));
    }
    Ok(lots)
}

/// How many of some places are in a state, and the names of the first that are not.
pub(crate) fn fitting(
    chart: &Chart,
    lots: &[Lot],
    states: &BTreeMap<PlaceIx, PlaceState>,
    wanted: PlaceState,
) -> (usize, Vec<String>) {
    // A place that nobody ever had has no row.
    let fits = |place: &PlaceIx| states.get(place).copied().unwrap_or(PlaceState::Free) == wanted;
    let (mut places, mut others) = (0, Vec::new());
    for lot in lots {
        match *lot {
            Lot::Seat(place) if fits(&place) => places += 1,
            Lot::Seat(place) => others.push(name(chart, place)),
            Lot::Table(block) => {
                let (fit, not): (Vec<_>, Vec<_>) = block_of(chart, block).places().partition(fits);
                places += fit.len();
                others.extend(not.into_iter().map(|place| name(chart, place)));
            }
            Lot::Units { block, quantity } => {
                let (of, quantity) = (block_of(chart, block), quantity as usize);
                let fit = of.places().filter(fits).count();
                places += fit.min(quantity);
                if fit < quantity {
                    let section = &chart.section_of(of).label;
                    others.push(format!("{section} / {} / {}", of.label, quantity - fit));
                }
            }
        }
    }
    others.truncate(NAMED_MAX);
    (places, others)
}

fn name(chart: &Chart, place: PlaceIx) -> String {
    let block = chart.block_of(place);
    let (section, seat) = (&chart.section_of(block).label, &chart.places()[place.index()].label);
    format!("{section} / {} / {seat}", block.label)
}

fn block_of(chart: &Chart, ix: BlockIx) -> &Block {
    &chart.blocks()[usize::from(ix.0)]
}

fn size(chart: &Chart, lot: &Lot) -> usize {
    match *lot {
        Lot::Seat(_) => 1,
        Lot::Table(block) => block_of(chart, block).len(),
        Lot::Units { quantity, .. } => quantity as usize,
    }
}

fn one(chart: &Chart, line: &str) -> Option<Vec<Lot>> {
    if let Some(index) = line.strip_prefix('#') {
        let place = PlaceIx(index.trim().parse().ok()?);
        return chart.place(place).map(|_| vec![Lot::Seat(place)]);
    }
    let sections = chart.sections().iter().map(|section| section.label.as_str());
    let (section, rest) = longest(sections.zip(0_u16..), line)?;
    let blocks = chart.blocks().iter().zip(0_u16..);
    let inside = blocks.filter(|(block, _)| block.section.0 == section);
    let (block, rest) = longest(inside.map(|(block, ix)| (block.label.as_str(), ix)), rest)?;
    let block = BlockIx(block);
    let of = block_of(chart, block);
    match of.kind {
        BlockKind::Row | BlockKind::Table if rest.is_empty() => {
            Some(of.places().map(Lot::Seat).collect())
        }
        BlockKind::Row | BlockKind::Table => seats(chart, of, rest),
        BlockKind::WholeTable => rest.is_empty().then(|| vec![Lot::Table(block)]),
        BlockKind::Area => {
            let all = || u32::try_from(of.len()).ok();
            let quantity = if rest.is_empty() { all()? } else { rest.parse().ok()? };
            (1..=all()?).contains(&quantity).then(|| vec![Lot::Units { block, quantity }])
        }
    }
}

/// The first part of a line up to a `/` that is one of these labels, and what comes after. A label
/// may have a `/` of its own, so the longest that fits is meant.
fn longest<'a>(
    labels: impl Iterator<Item = (&'a str, u16)>,
    line: &'a str,
) -> Option<(u16, &'a str)> {
    let rest_of = |(label, ix): (&'a str, u16)| {
        let rest = line.strip_prefix(label)?.trim_start();
        let rest = if rest.is_empty() { rest } else { rest.strip_prefix('/')?.trim() };
        Some((label.len(), ix, rest))
    };
    // Of two of one name, as a row and a table can be, the first.
    let (_, ix, rest) = labels
        .filter_map(rest_of)
        .reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    Some((ix, rest))
}

fn seats(chart: &Chart, block: &Block, text: &str) -> Option<Vec<Lot>> {
    let labelled: Vec<(&str, PlaceIx)> =
        block.places().map(|place| (chart.places()[place.index()].label.as_str(), place)).collect();
    let at = |label: &str| labelled.iter().position(|(of, _)| *of == label.trim());
    // A label may have a dash of its own.
    let range = |part: &str| {
        let mut dashes = part.match_indices('-');
        dashes.find_map(|(dash, _)| Some((at(&part[..dash])?, at(&part[dash + 1..])?)))
    };
    let mut lots = Vec::new();
    for part in text.split(',').map(str::trim) {
        let (from, to) = at(part).map(|seat| (seat, seat)).or_else(|| range(part))?;
        let run = &labelled[from.min(to)..=from.max(to)];
        lots.extend(run.iter().map(|(_, place)| Lot::Seat(*place)));
    }
    Some(lots)
}

#[cfg(test)]
mod tests {
    use tiketi_engine::testing::sample;

    use super::*;

    fn seats_of(range: std::ops::RangeInclusive<u32>) -> Vec<Lot> {
        range.map(|place| Lot::Seat(PlaceIx(place))).collect()
    }

    #[test]
    fn places_are_named_as_the_chart_does() {
        let chart = sample::chart(3, 8, 10);
        let ix = |kind| {
            let at = chart.blocks().iter().position(|block| block.kind == kind).unwrap();
            BlockIx(u16::try_from(at).unwrap())
        };
        let (table, area) = (ix(BlockKind::WholeTable), ix(BlockKind::Area));
        let cases = [
            ("Stalls / 1 / 3", seats_of(2..=2)),
            ("Stalls/2/1-4", seats_of(8..=11)),
            ("Stalls / 2 / 4-1", seats_of(8..=11)),
            ("Stalls / 3", seats_of(16..=23)),
            (
                "Stalls / 1 / 1, 8;\n#9",
                [seats_of(0..=0), seats_of(7..=7), seats_of(9..=9)].concat(),
            ),
            ("Stalls / T1 / 2", vec![Lot::Seat(PlaceIx(25))]),
            ("Stalls / T2", vec![Lot::Table(table)]),
            ("Stalls / Standing / 4", vec![Lot::Units { block: area, quantity: 4 }]),
            ("Stalls / Standing", vec![Lot::Units { block: area, quantity: 10 }]),
        ];
        for (text, expected) in cases {
            assert_eq!(lots(&chart, text).ok(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_the_chart_has_not_is_refused() {
        let chart = sample::chart(3, 8, 10);
        let long = "x".repeat(TEXT_CHARS_MAX + 1);
        for text in [
            "",
            " ; \n",
            "Stalls",
            "Balcony / 1 / 1",
            "Stalls / 9 / 1",
            "Stalls / 1 / 9",
            "Stalls / 1 / 1-9",
            "Stalls / 1 / 1,",
            "Stalls / T2 / 1",
            "Stalls / Standing / 0",
            "Stalls / Standing / 11",
            "Stalls / Standing / some",
            "#99999",
            "#",
            "Stalls / 1 / 1; nowhere",
            &long,
        ] {
            let refused = lots(&chart, text).err().map(|problem| problem.code());
            assert_eq!(refused, Some("invalid_value"), "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let chart = sample::chart(3, 8, 10);
        let standing = chart.blocks().iter().find(|block| block.kind == BlockKind::Area).unwrap();
        let mut states: BTreeMap<PlaceIx, PlaceState> =
            standing.places().take(8).map(|place| (place, PlaceState::Blocked)).collect();
        states.insert(PlaceIx(1), PlaceState::Blocked);
        let named = lots(&chart, "Stalls / 1 / 1-4; Stalls / Standing / 5").unwrap();
        let (fit, others) = fitting(&chart, &named, &states, PlaceState::Free);
        assert_eq!(
            (fit, others),
            (5, vec!["Stalls / 1 / 2".into(), "Stalls / Standing / 3".into()])
        );
        let (fit, others) = fitting(&chart, &named, &states, PlaceState::Blocked);
        assert_eq!(fit, 6);
        assert_eq!(others, ["Stalls / 1 / 1", "Stalls / 1 / 3", "Stalls / 1 / 4"]);
    }
}
