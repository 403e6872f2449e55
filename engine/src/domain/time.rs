//! Time as the engine sees it: an argument, never a call.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This moment and a while; the end of time if that is later.
    #[must_use]
    pub fn after(self, while_: Duration) -> Self {
        let millis = i64::try_from(while_.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(millis))
    }

    /// The time from `earlier` to this moment; zero if it is not earlier.
    pub fn since(self, earlier: Self) -> Duration {
        let millis = self.0.saturating_sub(earlier.0);
        Duration::from_millis(u64::try_from(millis).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with milliseconds, for years 1970 to 9999.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, millis) = (self.0.div_euclid(DAY_MS), self.0.rem_euclid(DAY_MS));
        let (year, month, day) = civil(days);
        let (hour, minute) = (millis / 3_600_000, millis / 60_000 % 60);
        let (second, milli) = (millis / 1000 % 60, millis % 1000);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
    }
}

/// The text is not a moment of RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a moment of RFC 3339, such as 2026-12-24T20:00:00+09:00")]
pub struct NotATime;

impl FromStr for Timestamp {
    type Err = NotATime;

    /// Reads RFC 3339 with `Z` or an offset; digits beyond milliseconds are dropped.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let number = |range: std::ops::Range<usize>| {
            let digits = text.get(range).filter(|d| d.bytes().all(|b| b.is_ascii_digit()));
            digits.and_then(|digits| digits.parse::<i64>().ok()).ok_or(NotATime)
        };
        let mark = |at: usize, any_of: &[u8]| {
            let found = text.as_bytes().get(at).is_some_and(|byte| any_of.contains(byte));
            if found { Ok(()) } else { Err(NotATime) }
        };
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
        for (at, any_of) in [(4, "-"), (7, "-"), (10, "Tt "), (13, ":"), (16, ":")] {
            mark(at, any_of.as_bytes())?;
        }
        let rest = text.get(19..).ok_or(NotATime)?;
        let (fraction, offset) = rest.split_at(rest.find(['Z', 'z', '+', '-']).ok_or(NotATime)?);
        let millis = millis_of(fraction)? - 60_000 * offset_minutes(offset)?;
        let days = days_from_civil(year, month, day);
        let lawful = (1..=12).contains(&month)
            && civil(days) == (year, month, day)
            && hour < 24
            && minute < 60
            && second < 61;
        let of_day = (hour * 60 + minute) * 60_000 + second * 1000;
        if lawful { Ok(Self(days * DAY_MS + of_day + millis)) } else { Err(NotATime) }
    }
}

/// `.5` is 500; nothing is 0.
fn millis_of(fraction: &str) -> Result<i64, NotATime> {
    if fraction.is_empty() {
        return Ok(0);
    }
    let digits = fraction.strip_prefix('.').ok_or(NotATime)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotATime);
    }
    let three = format!("{digits:0<3}");
    three[..3].parse().map_err(|_| NotATime)
}

/// `Z` is 0, `+09:00` is 540.
fn offset_minutes(offset: &str) -> Result<i64, NotATime> {
    if offset.eq_ignore_ascii_case("z") {
        return Ok(0);
    }
    let (sign, digits) = offset.split_at(1);
    let (hours, minutes) = digits.split_once(':').ok_or(NotATime)?;
    let two = |digits: &str| {
        let lawful = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        if lawful { digits.parse::<i64>().map_err(|_| NotATime) } else { Err(NotATime) }
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let total = hours * 60 + minutes;
    match sign {
        _ if hours > 23 || minutes > 59 => Err(NotATime),
        "+" => Ok(total),
        _ => Ok(-total),
    }
}

/// Days since 1970-01-01 (Hinnant, `days_from_civil`).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let march_month = (month + 9) % 12;
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

const DAY_MS: i64 = 86_400_000;

/// Year, month and day of a count of days since 1970-01-01 in the proleptic Gregorian calendar
/// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_rfc_3339() {
        let cases = [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_827_696_789, "2000-02-29T12:34:56.789Z"),
            (1_795_564_799_999, "2026-11-24T23:59:59.999Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ];
        for (millis, text) in cases {
            assert_eq!(Timestamp::from_millis(millis).to_string(), text);
            assert_eq!(text.parse(), Ok(Timestamp::from_millis(millis)));
        }
    }

    #[test]
    fn offsets_and_fractions_are_read_and_nonsense_is_not() {
        let seoul: Timestamp = "2026-12-24T20:00:00+09:00".parse().unwrap();
        assert_eq!(seoul.to_string(), "2026-12-24T11:00:00.000Z");
        let west: Timestamp = "2026-12-24t20:00:00.1239-02:30".parse().unwrap();
        assert_eq!(west.to_string(), "2026-12-24T22:30:00.123Z");
        for bad in [
            "",
            "2026-12-24",
            "2026-12-24T20:00:00",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-12-24T24:00:00Z",
            "2026-12-24T20:60:00Z",
            "2026-12-24T20:00:00.Z",
            "2026-12-24T20:00:00+9:00",
            "2026-12-24T20:00:00+09:60",
            "20261224T200000Z",
            "+026-12-24T20:00:00Z",
            "2026-12-24T20:00:00Zé",
            "é026-12-24T20:00:00Z",
        ] {
            assert_eq!(bad.parse::<Timestamp>(), Err(NotATime), "{bad}");
        }
    }

    #[test]
    fn spans_saturate_instead_of_wrapping() {
        let end = Timestamp::from_millis(i64::MAX);
        assert_eq!(end.after(Duration::from_secs(1)), end);
        assert_eq!(Timestamp::from_millis(5).since(end), Duration::ZERO);
    }
}
