//! The best places for a party, by a stated objective and in stated steps.
//!
//! The objective is the least sum of the distances of the party's places to the focal point of
//! their section; among equals the lowest place wins. The first step that finds places decides:
//!
//! 1. side by side, leaving no single free seat behind that was not single before;
//! 2. side by side;
//! 3. in consecutive rows of one section: the fewest rows, nobody alone if avoidable;
//! 4. in groups wherever they are: the largest groups first, nobody alone if avoidable;
//! 5. a free table that is sold as a whole and has exactly as many seats;
//! 6. one general-admission area.
//!
//! Accessible places are taken only when asked for, and then exactly as many as asked: the party
//! sits side by side around them if it can, or else each accessible place is the nearest there is
//! and the others follow the steps above.

use super::bitset::{BitSet, ones, positions};
use super::chart::{Chart, PlaceIx, SectionIx};
use super::seating::{Row, Run, Seating};

/// What a party asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// How many places: at least 1.
    pub size: u32,
    /// How many of them for wheelchair users: at most `size`.
    pub accessible: u32,
    /// Only these categories, as bits by index.
    pub categories: u64,
    /// Only this section.
    pub section: Option<SectionIx>,
}

/// Which step found the places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Step 1.
    SideBySide,
    /// Step 2.
    LeavingSingle,
    /// Step 3.
    ConsecutiveRows,
    /// Step 4.
    Scattered,
    /// Step 5.
    WholeTable,
    /// Step 6.
    Area,
}

/// The places found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// As many as the party asked for.
    pub places: Vec<PlaceIx>,
    /// How good they are.
    pub step: Step,
}

/// Rows that a party is spread over at most in step 3.
const CONSECUTIVE_ROWS_MAX: usize = 8;

/// Finds the best free places for a party; `None` if there are not enough.
///
/// `free` has a bit for every place of the chart that nobody has.
pub fn best_available(
    chart: &Chart,
    seating: &Seating,
    free: &BitSet,
    party: &Party,
) -> Option<Found> {
    let mut wanted = BitSet::new(chart.capacity());
    for category in positions(u128::from(party.categories)) {
        if let Some(places) = seating.category(category as usize) {
            wanted.put_in(places);
        }
    }
    wanted.keep_only(free);
    let mut open = free.clone();
    open.take_out(seating.accessible());
    let mut usable = wanted.clone();
    usable.take_out(seating.accessible());
    let search = Search { chart, seating, wanted, open, usable, section: party.section };
    if party.accessible > 0 { search.with_accessible(party) } else { search.by_steps(party.size) }
}

struct Search<'a> {
    chart: &'a Chart,
    seating: &'a Seating,
    /// Free places of the categories asked for.
    wanted: BitSet,
    /// Free places that any fan could take: those for wheelchair users are not among them.
    open: BitSet,
    /// Both: what the party may be given.
    usable: BitSet,
    section: Option<SectionIx>,
}

/// `len` neighbouring places and what they cost by the objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    distance: u64,
    first: u32,
    len: u32,
}

impl Group {
    fn places(self) -> impl Iterator<Item = PlaceIx> {
        (self.first..self.first + self.len).map(PlaceIx)
    }
}

impl Search<'_> {
    fn by_steps(&self, size: u32) -> Option<Found> {
        if let Some((group, step)) = self.side_by_side(size) {
            return Some(Found { places: group.places().collect(), step });
        }
        let found = |places, step| Found { places, step };
        self.consecutive_rows(size)
            .map(|places| found(places, Step::ConsecutiveRows))
            .or_else(|| self.scattered(size).map(|places| found(places, Step::Scattered)))
            .or_else(|| self.whole_table(size).map(|places| found(places, Step::WholeTable)))
            .or_else(|| self.area(size).map(|places| found(places, Step::Area)))
    }

    /// Steps 1 and 2 in one pass.
    fn side_by_side(&self, size: u32) -> Option<(Group, Step)> {
        let (mut clean, mut any): (Option<Group>, Option<Group>) = (None, None);
        let beats = |bound: u64, best: Option<Group>| best.is_none_or(|b| bound < b.distance);
        for run in self.seating.nearest_first() {
            let bound = u64::from(run.nearest) * u64::from(size);
            if !beats(bound, clean) {
                break;
            }
            let starts = starts_of(self.usable_of(run), size);
            if starts == 0 || !self.wants_section(run.section) {
                continue;
            }
            let orphaning = self.orphaning(run, size);
            if let Some(group) = self.nearest_of(run, starts & !orphaning, size)
                && beats(group.distance, clean)
            {
                clean = Some(group);
            }
            if clean.is_none()
                && beats(bound, any)
                && let Some(group) = self.nearest_of(run, starts & orphaning, size)
                && beats(group.distance, any)
            {
                any = Some(group);
            }
        }
        clean
            .map(|group| (group, Step::SideBySide))
            .or_else(|| any.map(|group| (group, Step::LeavingSingle)))
    }

    /// Step 3: windows of consecutive rows in one section, the fewest rows first.
    fn consecutive_rows(&self, size: u32) -> Option<Vec<PlaceIx>> {
        let rows = self.seating.rows();
        let longest: Vec<u32> = rows.iter().map(|row| self.longest_in(row)).collect();
        let most = longest.iter().copied().max().unwrap_or(0);
        for count in 2..=CONSECUTIVE_ROWS_MAX.min(rows.len()) {
            // Even the longest groups next to each other would not do.
            if most as usize * count < size as usize {
                continue;
            }
            let mut best: Option<(u64, Vec<Group>)> = None;
            for (window, lens) in rows.windows(count).zip(longest.windows(count)) {
                let nearest = window.iter().map(|row| row.nearest).min().unwrap_or(0);
                let bound = u64::from(nearest) * u64::from(size);
                let hopeless = best.as_ref().is_some_and(|(least, _)| bound >= *least);
                if hopeless || lens.contains(&0) || window[0].section != window[count - 1].section {
                    continue;
                }
                let Some(groups) = self.spread_over(window, lens, size) else { continue };
                let distance = groups.iter().map(|group| group.distance).sum();
                if best.as_ref().is_none_or(|(least, _)| distance < *least) {
                    best = Some((distance, groups));
                }
            }
            if let Some((_, groups)) = best {
                return Some(groups.into_iter().flat_map(Group::places).collect());
            }
        }
        None
    }

    fn spread_over(&self, rows: &[Row], lens: &[u32], size: u32) -> Option<Vec<Group>> {
        let sizes = spread(lens, size)?;
        let nearest = |(row, len): (&Row, &u32)| {
            let runs = self.seating.runs()[row.runs.clone()].iter();
            runs.filter_map(|run| self.nearest_of(run, starts_of(self.usable_of(run), *len), *len))
                .min()
        };
        rows.iter().zip(&sizes).map(nearest).collect()
    }

    /// Step 4: the largest groups that there are, the nearest of each size first.
    fn scattered(&self, size: u32) -> Option<Vec<PlaceIx>> {
        let mut usable = self.usable.clone();
        let mut places: Vec<PlaceIx> = Vec::new();
        let mut left = size;
        let mut len = size.min(128);
        while left > 0 && len > 0 {
            let groups = self.groups_of(&usable, len.min(left));
            let before = left;
            for group in groups {
                // A remainder of one would leave somebody alone: then a shorter group is taken.
                let alone = left == group.len + 1 && group.len > 2;
                if group.len > left || alone {
                    break;
                }
                for place in group.places() {
                    usable.remove(place.index());
                    places.push(place);
                }
                left -= group.len;
            }
            if left == before {
                len = len.min(left) - 1;
            }
        }
        (left == 0).then_some(places)
    }

    /// The nearest group of `len` of each run that has one, the nearest first.
    fn groups_of(&self, usable: &BitSet, len: u32) -> Vec<Group> {
        let of_run = |run: &Run| {
            let starts = starts_of(usable.window(run.first as usize, run.len), len);
            let wanted = starts != 0 && self.wants_section(run.section);
            if wanted { self.nearest_of(run, starts, len) } else { None }
        };
        let mut groups: Vec<Group> = self.seating.runs().iter().filter_map(of_run).collect();
        groups.sort_unstable();
        groups
    }

    /// Step 5.
    fn whole_table(&self, size: u32) -> Option<Vec<PlaceIx>> {
        self.seating.whole_tables().iter().find_map(|ix| {
            let block = &self.chart.blocks()[usize::from(ix.0)];
            let fits = block.len() == size as usize && self.wants_section(block.section);
            let all = fits && block.places().all(|place| self.wanted.contains(place.index()));
            all.then(|| block.places().collect())
        })
    }

    /// Step 6.
    fn area(&self, size: u32) -> Option<Vec<PlaceIx>> {
        self.seating.areas().iter().find_map(|ix| {
            let block = &self.chart.blocks()[usize::from(ix.0)];
            if !self.wants_section(block.section) {
                return None;
            }
            let range = block.range();
            let units: Vec<PlaceIx> = self
                .wanted
                .iter(range.start as usize..range.end as usize)
                .filter_map(|index| u32::try_from(index).ok().map(PlaceIx))
                .take(size as usize)
                .collect();
            (units.len() == size as usize).then_some(units)
        })
    }

    /// The party around its accessible places, or each of those where it is nearest.
    fn with_accessible(&self, party: &Party) -> Option<Found> {
        let Party { size, accessible, .. } = *party;
        let runs = || self.seating.accessible_runs().filter(|run| self.wants_section(run.section));
        let special = |run: &Run| self.seating.accessible().window(run.first as usize, run.len);
        let wanted = |run: &Run| self.wanted.window(run.first as usize, run.len);
        let around = runs().filter_map(|run| {
            let exactly =
                |start: &u32| (special(run) >> start & ones(size)).count_ones() == accessible;
            let starts = positions(starts_of(wanted(run), size)).filter(exactly);
            self.nearest_of(run, starts.fold(0, |bits, start| bits | 1 << start), size)
        });
        if let Some(group) = around.min() {
            return Some(Found { places: group.places().collect(), step: Step::SideBySide });
        }
        let mut places: Vec<PlaceIx> = runs()
            .flat_map(|run| positions(special(run) & wanted(run)).map(|at| PlaceIx(run.first + at)))
            .collect();
        places.sort_by_key(|place| (self.seating.distance(place.0, 1), *place));
        if places.len() < accessible as usize {
            return None;
        }
        places.truncate(accessible as usize);
        if size > accessible {
            places.extend(self.by_steps(size - accessible)?.places);
        }
        Some(Found { places, step: Step::Scattered })
    }

    /// The nearest of some starts within one run; the lowest among equals.
    fn nearest_of(&self, run: &Run, starts: u128, len: u32) -> Option<Group> {
        let group = |start| {
            let first = run.first + start;
            Group { distance: self.seating.distance(first, len), first, len }
        };
        positions(starts).map(group).min()
    }

    /// Starts at which a group of `len` would leave a single free seat on either side.
    ///
    /// A free seat counts if another fan could take it: one for wheelchair users ends a run, a
    /// seat of another category does not.
    fn orphaning(&self, run: &Run, len: u32) -> u128 {
        let open = self.open.window(run.first as usize, run.len);
        // Bit i: the seat before i is free and the one before that is not (or not there).
        let left = open << 1 & !(open << 2);
        let beyond = open.checked_shr(len).unwrap_or(0);
        left | beyond & !(beyond >> 1)
    }

    fn usable_of(&self, run: &Run) -> u128 {
        self.usable.window(run.first as usize, run.len)
    }

    /// The length of the longest group in a row that the party may be given.
    fn longest_in(&self, row: &Row) -> u32 {
        if !self.wants_section(row.section) {
            return 0;
        }
        let runs = self.seating.runs()[row.runs.clone()].iter();
        runs.map(|run| longest_of(self.usable_of(run))).max().unwrap_or(0)
    }

    fn wants_section(&self, section: SectionIx) -> bool {
        self.section.is_none_or(|wanted| wanted == section)
    }
}

/// The positions at which `len` set bits begin: log2(len) steps of doubling.
fn starts_of(bits: u128, len: u32) -> u128 {
    if len > 128 {
        return 0;
    }
    let (mut starts, mut have) = (bits, 1);
    while have < len && starts != 0 {
        let step = have.min(len - have);
        starts &= starts >> step;
        have += step;
    }
    starts
}

/// The length of the longest stretch of set bits.
fn longest_of(mut bits: u128) -> u32 {
    let mut len = 0;
    while bits != 0 {
        bits &= bits >> 1;
        len += 1;
    }
    len
}

/// Spreads a party over rows that take at most `lens` each: as evenly as they allow, and nobody
/// alone if avoidable. `None` if the rows do not take the party, or one of them would stay empty.
fn spread(lens: &[u32], size: u32) -> Option<Vec<u32>> {
    let rows = u32::try_from(lens.len()).ok()?;
    if lens.iter().sum::<u32>() < size || size < rows {
        return None;
    }
    let mut sizes = vec![0; lens.len()];
    let mut left = size;
    while left > 0 {
        let fewest = (0..lens.len()).filter(|&i| sizes[i] < lens[i]).min_by_key(|&i| sizes[i])?;
        sizes[fewest] += 1;
        left -= 1;
    }
    Some(sizes)
}
