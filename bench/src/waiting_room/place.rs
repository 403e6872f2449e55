//! A fan's place in line, as the fan's browser works it out.

use std::ops::RangeInclusive;

use tiketi_engine::feed::frame::{RoomFrame, marks};

/// How many wait before the fan with this number, at least and at most, by a frame that is the
/// same for everybody; none if the fan does not wait.
pub(super) fn ahead(room: &RoomFrame, number: u64) -> Option<RangeInclusive<u32>> {
    let after = room.marks.partition_point(|mark| mark.0 <= number);
    let index = after.checked_sub(1)?;
    let mut counts = marks().skip(index);
    let least = counts.next()?;
    if room.marks[index].0 == number {
        return Some(least..=least);
    }
    let below = counts.next().unwrap_or(u32::MAX).min(room.waiting);
    (least < below).then(|| least..=below - 1)
}

#[cfg(test)]
mod tests {
    use tiketi_engine::domain::ids::Fence;
    use tiketi_engine::feed::frame::ServerFrame;
    use tiketi_engine::feed::room_frame;

    use super::*;
    use crate::crowd;

    #[test]
    fn everybody_finds_the_own_place_in_the_frame_of_all() {
        let (inside, waiting) = (10, 5_000);
        let sale = crowd::sale_with_line(&crowd::arena(500), inside, waiting);
        let bytes = room_frame(&sale, Fence(1), crowd::OPENS_AT);
        let Ok(ServerFrame::Room(room)) = ServerFrame::decode(&bytes) else { panic!("no room") };
        let mut exact = 0;
        for before in 0..waiting {
            let told = ahead(&room, inside + before).unwrap();
            let before = u32::try_from(before).unwrap();
            assert!(told.contains(&before), "{before} wait before, and {told:?} was told");
            assert!((told.end() - told.start()) * 20 <= before, "{told:?} says too little");
            exact += u32::from(told.start() == told.end());
        }
        assert!(exact >= 64, "{exact} were told exactly");
        assert_eq!(ahead(&room, inside - 1), None, "who is inside does not wait");
    }
}
