//! How figures are written.

/// What is not known.
pub(super) const UNKNOWN: &str = "–";

/// Of what may not be known.
pub(super) fn known<T>(value: Option<T>, shown: impl Fn(T) -> String) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), shown)
}

pub(super) fn number(value: Option<u64>) -> String {
    known(value, |value| value.to_string())
}

pub(super) fn tenth(value: f64) -> String {
    format!("{value:.1}")
}

pub(super) fn tenths(value: Option<impl Into<f64>>) -> String {
    known(value, |value| tenth(value.into()))
}

/// A length of time that is given in microseconds.
pub(super) fn micros(us: f64) -> String {
    if us < 1000.0 { format!("{us:.0} µs") } else { format!("{:.1} ms", us / 1000.0) }
}

pub(super) fn took(us: Option<f32>) -> String {
    known(us, |us| micros(us.into()))
}

pub(super) fn share(of: impl std::fmt::Display, all: impl std::fmt::Display) -> String {
    format!("{of} / {all}")
}

/// A length of time in its two largest units.
pub(super) fn duration(seconds: u64) -> String {
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3600 % 24, "h"),
        (seconds / 60 % 60, "min"),
        (seconds % 60, "s"),
    ];
    let first = parts.iter().position(|(value, _)| *value > 0).unwrap_or(parts.len() - 1);
    let largest = parts[first..].iter().take(2).enumerate();
    let said = largest.filter(|(index, (value, _))| *index == 0 || *value > 0);
    said.map(|(_, (value, unit))| format!("{value} {unit}")).collect::<Vec<_>>().join(" ")
}

/// An amount in a currency's smallest unit.
pub(super) fn money(minor: i64, currency: &str, decimals: u32) -> String {
    let (sign, of) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs());
    let unit = 10_u64.saturating_pow(decimals);
    let rest = match usize::try_from(decimals) {
        Ok(digits) if digits > 0 => format!(".{:0digits$}", of % unit),
        _ => String::new(),
    };
    format!("{sign}{}{rest} {currency}", of / unit)
}

/// So many bytes, in short.
pub(super) fn compact(value: f64) -> String {
    let units = [(1e9, "B"), (1e6, "M"), (1e3, "K")];
    match units.into_iter().find(|(from, _)| value >= *from) {
        Some((from, unit)) => format!("{:.1}{unit}", value / from),
        None => format!("{value:.0}"),
    }
}

/// The time of day, of a time as it is on the wire.
pub(super) fn time_of_day(at: &str) -> String {
    at.get(11..19).unwrap_or(at).to_owned()
}

/// Day and time to the second.
pub(super) fn moment(at: &str) -> String {
    match (at.get(..10), at.get(11..19)) {
        (Some(day), Some(time)) => format!("{day} {time}"),
        _ => at.to_owned(),
    }
}

/// The latest last, each as high as it is to the highest of them.
pub(super) fn sparkline(values: impl IntoIterator<Item = f64> + Clone) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = values.clone().into_iter().fold(0.0, f64::max);
    let steps = (1..8_u8).map(|step| f64::from(step) * most);
    let bar = |value: f64| steps.clone().take_while(|step| *step <= value * 7.0).count();
    let flat = most <= 0.0;
    values.into_iter().map(|value| BARS[if flat { 0 } else { bar(value) }]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sparkline_is_as_high_as_the_most_of_it() {
        assert_eq!(sparkline([0.0, 50.0, 100.0]), "▁▄█");
        assert_eq!(sparkline([0.0, 0.0]), "▁▁");
        assert_eq!(sparkline([]), "");
    }

    #[test]
    fn money_has_the_digits_of_its_currency() {
        assert_eq!(money(150_500, "KRW", 0), "150500 KRW");
        assert_eq!(money(1_205, "USD", 2), "12.05 USD");
        assert_eq!(money(-7, "KWD", 3), "-0.007 KWD");
    }

    #[test]
    fn a_length_of_time_has_its_two_largest_units() {
        let said =
            [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3_725, "1 h 2 min"), (90_061, "1 d 1 h")];
        for (seconds, text) in said {
            assert_eq!(duration(seconds), text);
        }
    }

    #[test]
    fn times_are_written_to_the_second() {
        let at = "2026-11-28T15:00:05.123Z";
        assert_eq!((&*time_of_day(at), &*moment(at)), ("15:00:05", "2026-11-28 15:00:05"));
        assert_eq!(moment("soon"), "soon");
    }

    #[test]
    fn large_and_small_are_in_fitting_units() {
        assert_eq!((&*micros(999.4), &*micros(12_340.0)), ("999 µs", "12.3 ms"));
        assert_eq!(
            (&*compact(999.0), &*compact(1_250.0), &*compact(2.5e6)),
            ("999", "1.2K", "2.5M")
        );
    }
}
