//! How much is explored: what of each kind may happen in one history.

use crate::world::Bounds;

/// Nothing at all, to name what differs from it.
pub(crate) const NOTHING: Bounds =
    Bounds { asks: 0, lapses: 0, redis_losses: 0, crashes: 0, doubts: 0, lost_answers: 0 };

/// What an unoptimised build explores in seconds.
pub(crate) const SMALL: [Bounds; 2] = [
    Bounds { asks: 2, redis_losses: 1, crashes: 1, doubts: 1, lost_answers: 1, ..NOTHING },
    Bounds { asks: 3, lapses: 1, doubts: 1, ..NOTHING },
];

/// What an optimised build explores in minutes: all faults at once, a fan who asks again along with
/// all but one of them, and a longer history.
pub(crate) const FULL: [Bounds; 4] = [
    Bounds { asks: 3, lapses: 1, redis_losses: 1, crashes: 1, doubts: 1, ..NOTHING },
    Bounds { asks: 3, redis_losses: 1, crashes: 1, doubts: 1, lost_answers: 1, ..NOTHING },
    Bounds { asks: 4, lapses: 1, crashes: 1, doubts: 1, ..NOTHING },
    Bounds { asks: 4, lapses: 1, lost_answers: 1, ..NOTHING },
];
