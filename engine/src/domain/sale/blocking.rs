//! Taking places off sale and putting them back: all that were named, or none.

use std::collections::BTreeSet;

use super::{Answer, Decision, Sale};
use crate::domain::change::Change;
use crate::domain::chart::{BlockKind, PlaceIx};
use crate::domain::command::Lot;
use crate::domain::inventory::PlaceState;
use crate::domain::rejection::Rejection;

impl Sale {
    pub(super) fn block_places(&self, lots: &[Lot]) -> Result<Decision, Rejection> {
        let (places, taken) = self.places_in(lots, PlaceState::Free)?;
        if !taken.is_empty() {
            return Err(Rejection::Taken { places: taken });
        }
        Ok(Self::decision(vec![Change::PlacesBlocked { places }], Answer::Done))
    }

    pub(super) fn free_places(&self, lots: &[Lot]) -> Result<Decision, Rejection> {
        let (places, others) = self.places_in(lots, PlaceState::Blocked)?;
        if let Some(other) = others.first() {
            return Err(Rejection::NotBlocked(*other));
        }
        Ok(Self::decision(vec![Change::PlacesFreed { places }], Answer::Done))
    }

    /// The places of some lots that are in a state, and those that are not, each in the order in
    /// which they were named. An area with too few is named by its first place.
    fn places_in(
        &self,
        lots: &[Lot],
        state: PlaceState,
    ) -> Result<(Vec<PlaceIx>, Vec<PlaceIx>), Rejection> {
        self.check_lots(lots)?;
        let (mut fit, mut others) = (Vec::new(), Vec::new());
        for lot in lots {
            let named: Vec<PlaceIx> = match *lot {
                Lot::Seat(place) => vec![place],
                Lot::Table(block) => self.block(block, BlockKind::WholeTable)?.places().collect(),
                Lot::Units { block, quantity } => {
                    let block = self.block(block, BlockKind::Area)?;
                    let quantity = quantity as usize;
                    let units = if state == PlaceState::Free {
                        self.inventory.lowest_free(block, quantity)
                    } else {
                        self.inventory.lowest_blocked(block, quantity)
                    };
                    if units.len() < quantity {
                        others.extend(block.places().take(1));
                    }
                    units
                }
            };
            for place in named {
                if self.inventory.state(place) == state {
                    fit.push(place);
                } else {
                    others.push(place);
                }
            }
        }
        Ok((fit, others))
    }

    fn check_lots(&self, lots: &[Lot]) -> Result<(), Rejection> {
        if lots.is_empty() {
            return Err(Rejection::NothingWanted);
        }
        let (mut places, mut blocks) = (BTreeSet::new(), BTreeSet::new());
        for lot in lots {
            let first = match *lot {
                Lot::Seat(place) if self.chart.place(place).is_none() => {
                    return Err(Rejection::UnknownPlace(place));
                }
                Lot::Seat(place) => places.insert(place),
                Lot::Table(block) => {
                    self.block(block, BlockKind::WholeTable)?;
                    blocks.insert(block)
                }
                Lot::Units { block, quantity } => {
                    self.block(block, BlockKind::Area)?;
                    if quantity == 0 {
                        return Err(Rejection::NothingWanted);
                    }
                    blocks.insert(block)
                }
            };
            if !first {
                return Err(Rejection::WantedTwice);
            }
        }
        for place in places {
            match self.chart.block_of(place).kind {
                BlockKind::Row | BlockKind::Table => {}
                BlockKind::WholeTable | BlockKind::Area => {
                    return Err(Rejection::NotSoldAlone(place));
                }
            }
        }
        Ok(())
    }
}
