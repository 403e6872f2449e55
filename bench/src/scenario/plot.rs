//! A run over time: answers and users above, latency below, second by second.

use crate::html::{short, write};
use crate::load::recorder::Row;

const WIDTH: f64 = 960.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 880.0;
/// Where the upper part and the lower one begin and end, from the top.
const RATE: (f64, f64) = (30.0, 190.0);
const LATENCY: (f64, f64) = (246.0, 426.0);
const HEIGHT: f64 = 460.0;

/// The plot of the seconds of all steps together; empty if there are none.
pub(super) fn plot(rows: &[Row]) -> String {
    let Some(last) = rows.last() else { return String::new() };
    let (answers, users) =
        (most(rows, |row| float(row.answers)), most(rows, |row| row.users.into()));
    let p99 = most(rows, |row| row.p99_ms);
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" style=\"height:auto\" role=\"img\" aria-label=\"\
         over {} seconds: at most {answers} answers a second, {users} users, p99 at most {} ms\">",
        last.second + 1,
        short(p99),
    );
    let time = Time { seconds: float(last.second + 1) };
    rate(&mut svg, rows, &time, (answers, users));
    latency(&mut svg, rows, &time);
    for tick in time.ticks() {
        let (x, y) = (time.x(tick), LATENCY.1 + 18.0);
        text(&mut svg, (x, y), "middle", &format!("{tick:.0} s"));
    }
    svg.push_str("</svg>");
    svg
}

fn rate(svg: &mut String, rows: &[Row], time: &Time, (answers, users): (f64, f64)) {
    let (answers, users) = (round_up(answers), round_up(users));
    text(svg, (LEFT, RATE.0 - 14.0), "start", "answers a second (line), users (dashed, right)");
    for share in [0.0, 0.5, 1.0] {
        let y = RATE.1 - share * (RATE.1 - RATE.0);
        rule(svg, y);
        text(svg, (LEFT - 8.0, y + 4.0), "end", &short(answers * share));
        text(svg, (RIGHT + 8.0, y + 4.0), "start", &short(users * share));
    }
    let y = |value: f64, top: f64| RATE.1 - value / top * (RATE.1 - RATE.0);
    let people = rows.iter().map(|row| Some((time.mid(row), y(row.users.into(), users))));
    line(svg, people, "stroke=\"var(--dim)\" stroke-width=\"1.5\" stroke-dasharray=\"5 4\"");
    let told = rows.iter().map(|row| Some((time.mid(row), y(float(row.answers), answers))));
    line(svg, told, "stroke=\"var(--good)\" stroke-width=\"2.5\"");
}

/// On a logarithmic scale: what is ten times as long is as far above.
fn latency(svg: &mut String, rows: &[Row], time: &Time) {
    let answered = || rows.iter().filter(|row| row.answers > 0);
    let least = answered().map(|row| row.p50_ms).fold(f64::INFINITY, f64::min);
    let least = if least.is_finite() { least } else { 1.0 };
    let bottom = least.max(0.01).log10().floor();
    let top = most(rows, |row| row.p99_ms).max(0.01).log10().ceil().max(bottom + 1.0);
    let y = |ms: f64| {
        let share = (ms.max(0.01).log10() - bottom) / (top - bottom);
        LATENCY.1 - share * (LATENCY.1 - LATENCY.0)
    };
    text(
        svg,
        (LEFT, LATENCY.0 - 14.0),
        "start",
        "latency: p99 (thick) and p50 (thin), each line ten times the one below",
    );
    let mut power = bottom;
    while power <= top {
        let ms = 10_f64.powf(power);
        rule(svg, y(ms));
        let label = if ms >= 1_000.0 { format!("{} s", ms / 1_000.0) } else { format!("{ms} ms") };
        text(svg, (LEFT - 8.0, y(ms) + 4.0), "end", &label);
        power += 1.0;
    }
    let mut labelled = f64::NEG_INFINITY;
    for (of, ms, style) in [
        (
            "p99",
            (|row| row.p99_ms) as fn(&Row) -> f64,
            "stroke=\"var(--bad)\" stroke-width=\"2.5\"",
        ),
        ("p50", |row| row.p50_ms, "stroke=\"var(--ink)\" stroke-width=\"1.2\""),
    ] {
        let points = rows.iter().map(|row| (row.answers > 0).then(|| (time.mid(row), y(ms(row)))));
        line(svg, points, style);
        if let Some(last) = answered().next_back() {
            // Two labels that are close are put on two lines.
            labelled = (y(ms(last)) + 4.0).max(labelled + 12.0);
            text(svg, (RIGHT + 8.0, labelled), "start", of);
        }
    }
}

/// Where a moment is.
struct Time {
    seconds: f64,
}

impl Time {
    fn x(&self, second: f64) -> f64 {
        LEFT + second / self.seconds * (RIGHT - LEFT)
    }

    /// The middle of a row's second.
    fn mid(&self, row: &Row) -> f64 {
        self.x(float(row.second) + 0.5)
    }

    /// About eight moments that are easy to name.
    fn ticks(&self) -> Vec<f64> {
        let steps = [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0];
        let fits = |step: &f64| self.seconds / step <= 8.0;
        let step = steps.into_iter().find(fits).unwrap_or(600.0);
        std::iter::successors(Some(0.0), |at| Some(at + step))
            .take_while(|at| *at <= self.seconds)
            .collect()
    }
}

fn rule(svg: &mut String, y: f64) {
    write(
        svg,
        format_args!(
            "<line x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"var(--line)\"/>"
        ),
    );
}

fn text(svg: &mut String, (x, y): (f64, f64), anchor: &str, text: &str) {
    write(
        svg,
        format_args!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"),
    );
}

/// A line through points, broken where there is none.
fn line(svg: &mut String, points: impl Iterator<Item = Option<(f64, f64)>>, style: &str) {
    let (mut path, mut pen) = (String::new(), 'M');
    for point in points {
        let Some((x, y)) = point else {
            pen = 'M';
            continue;
        };
        write(&mut path, format_args!("{pen}{x:.1} {y:.1}"));
        // A second alone is a dot.
        if pen == 'M' {
            path.push_str("h0");
        }
        pen = 'L';
    }
    write(svg, format_args!("<path d=\"{path}\" fill=\"none\" stroke-linecap=\"round\" {style}/>"));
}

/// The next number of one digit and zeros, or half of one.
fn round_up(value: f64) -> f64 {
    let unit = 10_f64.powf(value.max(1.0).log10().floor());
    [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0]
        .into_iter()
        .map(|times| times * unit)
        .find(|round| *round >= value)
        .unwrap_or(value)
}

fn most(rows: &[Row], value: impl Fn(&Row) -> f64) -> f64 {
    rows.iter().map(value).fold(0.0, f64::max)
}

fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(second: u64, answers: u64) -> Row {
        Row { second, step: None, users: 4, answers, failed: 0, p50_ms: 1.0, p99_ms: 9.0 }
    }

    #[test]
    fn a_second_without_answers_breaks_the_lines_of_latency_and_not_that_of_answers() {
        let svg = plot(&[row(0, 10), row(1, 0), row(2, 12)]);
        let moves = |path: &str| path.matches('M').count();
        let paths: Vec<usize> = svg.split("<path d=\"").skip(1).map(moves).collect();
        assert_eq!(paths, [1, 1, 2, 2], "{svg}");
        assert!(svg.contains("at most 12 answers a second") && !svg.contains("NaN"), "{svg}");
    }

    #[test]
    fn scales_end_at_round_numbers() {
        for (value, round) in [(0.0, 1.0), (7.0, 8.0), (101.0, 150.0), (1_999.0, 2_000.0)] {
            assert!((round_up(value) - round).abs() < 1e-9, "{value}: {}", round_up(value));
        }
        assert_eq!(plot(&[]), "");
    }
}
