//! The closed line that a bowl is built around: a rectangle with round corners, or a circle. Its
//! middle is the origin.
//!
//! A point of the line is named by its *station*, a number from 0 to [`STATIONS`] that grows
//! clockwise from the top middle: the whole part is one of the line's nine pieces, the rest how far
//! along it. Lines that run outside the first at a constant distance share its stations, so an
//! aisle at one station crosses every row at a right angle.

use std::f64::consts::FRAC_PI_2;

use crate::plan::geometry::{Spot, floor, real, sin_cos};

/// The pieces of the line, in halves of the upper side, sides and corners.
pub(super) const STATIONS: f64 = 9.0;
/// Where the lower right corner begins; on a circle, the point to the right of its centre.
pub(super) const LOWER_RIGHT: f64 = 3.0;
/// Where the lower left corner ends; on a circle, the point to the left of its centre.
pub(super) const LOWER_LEFT: f64 = 6.0;

/// A rectangle with round corners.
#[derive(Debug, Clone, Copy)]
pub(super) struct Oval {
    /// Half the lengths of the straight parts.
    pub(super) straight: Spot,
    /// The radius of the corners; above 0.
    pub(super) corner: f64,
}

impl Oval {
    /// The oval that reaches `half` far to each side, its corners a share of the shorter reach.
    pub(super) fn reaching(half: Spot, corner_share: f64) -> Self {
        let corner = half.x.min(half.y) * corner_share;
        Self { straight: half - Spot::new(corner, corner), corner }
    }

    /// How far it reaches to each side.
    pub(super) fn half(&self) -> Spot {
        self.straight + Spot::new(self.corner, self.corner)
    }

    /// Whether a spot lies inside, at least `inset` away from the line.
    pub(super) fn holds(&self, spot: Spot, inset: f64) -> bool {
        let beyond = Spot::new(
            (spot.x.abs() - self.straight.x).max(0.0),
            (spot.y.abs() - self.straight.y).max(0.0),
        );
        beyond.distance(Spot::default()) <= self.corner - inset
    }

    /// How far along the line that runs `outside` a station is, from the top middle.
    pub(super) fn along(&self, outside: f64, station: f64) -> f64 {
        let piece = floor(station).min(8);
        let lengths = self.lengths(outside);
        let before: f64 = lengths[..piece].iter().sum();
        before + lengths[piece] * (station - real(piece))
    }

    /// The station at a distance along the line that runs `outside`.
    pub(super) fn station(&self, outside: f64, mut along: f64) -> f64 {
        for (piece, length) in self.lengths(outside).into_iter().enumerate() {
            if along < length {
                return real(piece) + along / length;
            }
            along -= length;
        }
        STATIONS
    }

    /// The spot at a distance along the line that runs `outside`.
    pub(super) fn spot(&self, outside: f64, along: f64) -> Spot {
        let station = self.station(outside, along);
        let piece = floor(station).min(8);
        let part = station - real(piece);
        let (x, y) = (self.straight.x, self.straight.y);
        let reach = self.corner + outside;
        let corner = |x: f64, y: f64, quarter: f64| {
            let (sin, cos) = sin_cos((quarter + part) * FRAC_PI_2);
            Spot::new(x + reach * cos, y + reach * sin)
        };
        match piece {
            0 => Spot::new(x * part, -y - reach),
            1 => corner(x, -y, 3.0),
            2 => Spot::new(x + reach, y * (2.0 * part - 1.0)),
            3 => corner(x, y, 0.0),
            4 => Spot::new(x * (1.0 - 2.0 * part), y + reach),
            5 => corner(-x, y, 1.0),
            6 => Spot::new(-x - reach, y * (1.0 - 2.0 * part)),
            7 => corner(-x, -y, 2.0),
            _ => Spot::new(x * (part - 1.0), -y - reach),
        }
    }

    /// The lengths of the pieces of the line that runs `outside`.
    fn lengths(&self, outside: f64) -> [f64; 9] {
        let (x, y) = (self.straight.x, self.straight.y);
        let arc = (self.corner + outside) * FRAC_PI_2;
        [x, arc, 2.0 * y, arc, 2.0 * x, arc, 2.0 * y, arc, x]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walking_around_comes_back() {
        let oval = Oval::reaching(Spot::new(100.0, 150.0), 0.8);
        let around = oval.along(30.0, STATIONS);
        let start = oval.spot(30.0, 0.0);
        assert!(start.distance(oval.spot(30.0, around - 1e-9)) < 1e-6);
    }

    #[test]
    fn stations_and_distances_are_inverse() {
        let oval = Oval::reaching(Spot::new(100.0, 150.0), 0.8);
        for step in 0..90 {
            let station = f64::from(step) / 10.0;
            let back = oval.station(45.0, oval.along(45.0, station));
            assert!((back - station).abs() < 1e-9, "station {station} became {back}");
        }
    }

    #[test]
    fn neighbours_on_the_line_are_as_far_apart_as_said() {
        let oval = Oval::reaching(Spot::new(100.0, 150.0), 0.8);
        let mut along = 0.0;
        while along + 5.0 < oval.along(20.0, STATIONS) {
            let chord = oval.spot(20.0, along).distance(oval.spot(20.0, along + 5.0));
            assert!((4.95..=5.01).contains(&chord), "{chord} at {along}");
            along += 5.0;
        }
    }
}
