//! Plane geometry in a plan's own length units, before anything is rounded to chart units.
//!
//! Only additions, products, quotients and square roots are used, because those give the same bits
//! on every machine; the sine of a system library need not, and one plan must give one chart.

use std::f64::consts::FRAC_PI_2;
use std::ops::{Add, Sub};

use crate::domain::chart::Point;

/// Chart units in one length unit of a plan.
const CHART_UNITS: f64 = 10.0;
/// Corners of the polygon that stands for an ellipse.
const ELLIPSE_CORNERS: u32 = 32;

/// A point of a plan, or the way from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Spot {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Spot {
    pub(super) const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The nearest point of the chart; what lies beyond `i32` ends at its bounds.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float cast saturates, and the chart refuses coordinates far below i32::MAX"
    )]
    pub(super) fn point(self) -> Point {
        Point { x: (self.x * CHART_UNITS).round() as i32, y: (self.y * CHART_UNITS).round() as i32 }
    }

    /// Turned clockwise on the page, where y grows downwards, around a pivot.
    pub(super) fn turned(self, pivot: Self, radians: f64) -> Self {
        let (sin, cos) = sin_cos(radians);
        let arm = self - pivot;
        pivot + Self::new(arm.x * cos - arm.y * sin, arm.x * sin + arm.y * cos)
    }

    pub(super) fn distance(self, other: Self) -> f64 {
        let arm = self - other;
        (arm.x * arm.x + arm.y * arm.y).sqrt()
    }
}

impl Add for Spot {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Spot {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }
}

/// The mean of some spots, or the origin of none.
pub(super) fn middle(spots: &[Spot]) -> Spot {
    let sum = spots.iter().fold(Spot::default(), |sum, &spot| sum + spot);
    let count = real(spots.len().max(1));
    Spot::new(sum.x / count, sum.y / count)
}

/// The corners of a rectangle that is turned clockwise around its centre.
pub(super) fn rectangle(centre: Spot, width: f64, height: f64, degrees: f64) -> Vec<Spot> {
    let (x, y) = (width / 2.0, height / 2.0);
    [(-x, -y), (x, -y), (x, y), (-x, y)]
        .map(|(x, y)| (centre + Spot::new(x, y)).turned(centre, degrees.to_radians()))
        .to_vec()
}

/// A polygon for an ellipse that is turned clockwise around its centre.
pub(super) fn ellipse(centre: Spot, radius: Spot, degrees: f64) -> Vec<Spot> {
    (0..ELLIPSE_CORNERS)
        .map(|corner| {
            let (sin, cos) =
                sin_cos(f64::from(corner) * 4.0 * FRAC_PI_2 / f64::from(ELLIPSE_CORNERS));
            let spot = centre + Spot::new(radius.x * cos, radius.y * sin);
            spot.turned(centre, degrees.to_radians())
        })
        .collect()
}

/// Sine and cosine, the same bits everywhere.
pub(super) fn sin_cos(radians: f64) -> (f64, f64) {
    let quarters = (radians / FRAC_PI_2).round();
    let rest = radians - quarters * FRAC_PI_2;
    let (sin, cos) = (series(rest, 1), series(rest, 0));
    match floor(quarters.rem_euclid(4.0)) {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

/// The Taylor series of the sine (`first` = 1) or cosine (`first` = 0); within an eighth of a turn
/// eleven terms leave less than a float can hold.
fn series(x: f64, first: u32) -> f64 {
    let mut term = if first == 0 { 1.0 } else { x };
    let mut sum = term;
    for step in 1..11 {
        let n = f64::from(2 * step + first);
        term *= -x * x / (n * (n - 1.0));
        sum += term;
    }
    sum
}

/// A count as a real number.
pub(super) fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The whole number below; 0 for what is negative or not a number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates, which is what a count needs"
)]
pub(super) fn floor(number: f64) -> usize {
    number.floor() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_sine_agrees_with_the_library() {
        for step in -1_000..1_000 {
            let radians = f64::from(step) * 0.037;
            let (sin, cos) = sin_cos(radians);
            assert!((sin - radians.sin()).abs() < 1e-13, "sine of {radians}");
            assert!((cos - radians.cos()).abs() < 1e-13, "cosine of {radians}");
        }
    }

    #[test]
    fn quarter_turn_is_clockwise_on_the_page() {
        let turned = Spot::new(1.0, 0.0).turned(Spot::default(), FRAC_PI_2);
        assert_eq!(turned.point(), Point { x: 0, y: 10 });
    }

    #[test]
    fn coordinates_are_rounded_to_the_nearest_tenth() {
        let point = Spot::new(206.19, -0.26).point();
        assert_eq!(point, Point { x: 2_062, y: -3 });
    }
}
