//! The report as one page that needs nothing else: for each figure a scale with what it is to
//! reach, a dot for each round and a bar at the median.

use std::time::Duration;

use serde_json::{Map, Value};

use super::figure::{Figure, Goal, Verdict, median};
use crate::html::{self, escaped, short, write};
use crate::size::Size;

/// The page, with what else was measured below the figures.
pub(super) fn page(
    figures: &[Figure],
    sections: &str,
    size: Size,
    machine: &Map<String, Value>,
    took: Duration,
) -> String {
    let mut body = "<main>".to_owned();
    for figure in figures {
        body.push_str(&card(figure, size));
    }
    body.push_str(sections);
    body.push_str("</main>");
    let sum = match size {
        Size::Smoke => SMOKE.to_owned(),
        Size::Full => sum(figures, took),
    };
    html::page("tiketi: measured", &sum, &body, machine)
}

const SMOKE: &str =
    "This only shows that everything can be measured: no figure here means anything.";

fn sum(figures: &[Figure], took: Duration) -> String {
    let reached = |figure: &&Figure| figure.verdict(Size::Full) == Verdict::Reached;
    format!(
        "{} of {} figures reach their goal. Each is the median of its rounds, in which both \
         sides were measured one after the other; the run took {} s.",
        figures.iter().filter(reached).count(),
        figures.len(),
        took.as_secs(),
    )
}

fn card(figure: &Figure, size: Size) -> String {
    let verdict = figure.verdict(size);
    let (class, mark) = match verdict {
        Verdict::Reached => ("good", "✓ "),
        Verdict::NotReached => ("bad", "✗ "),
        Verdict::Meaningless => ("", ""),
    };
    let mut table =
        "<table><tr><th>measured</th><th>median</th><th>least</th><th>most</th></tr>".to_owned();
    for (name, rounds) in &figure.parts {
        let (least, most) = span(rounds);
        write(
            &mut table,
            format_args!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                escaped(name),
                short(median(rounds)),
                short(least),
                short(most),
            ),
        );
    }
    format!(
        "<section><h2>{}</h2><code>{}</code>\
         <p class=\"big {class}\">{}{}<span class=\"goal\">{mark}{}: {}</span></p>{}{table}</table>\
         </section>",
        escaped(figure.title),
        figure.key,
        short(figure.median()),
        figure.unit,
        verdict.words(),
        escaped(&figure.to_reach()),
        plot(figure, verdict),
    )
}

/// Where values are drawn: from 0 to a little more than the largest.
struct Scale {
    most: f64,
}

impl Scale {
    const WIDTH: f64 = 400.0;

    fn x(&self, value: f64) -> f64 {
        8.0 + value / self.most * (Self::WIDTH - 16.0)
    }
}

fn plot(figure: &Figure, verdict: Verdict) -> String {
    let (goal, aim) = figure.goal.marks();
    let (_, most) = span(&figure.rounds);
    let scale = Scale { most: most.max(goal).max(aim).max(f64::MIN_POSITIVE) * 1.1 };
    let (at_goal, end) = (scale.x(goal), scale.x(scale.most));
    let (from, to) = match figure.goal {
        Goal::AtLeast(..) => (at_goal, end),
        Goal::AtMost(..) => (scale.x(0.0), at_goal),
    };
    let rounds: Vec<String> = figure.rounds.iter().map(|round| short(*round)).collect();
    let mut svg = format!(
        "<svg viewBox=\"0 0 400 64\" role=\"img\" aria-label=\"rounds {}\">\
         <rect x=\"{from:.1}\" y=\"14\" width=\"{:.1}\" height=\"24\" fill=\"var(--good)\" \
         opacity=\".14\"/><line x1=\"8\" x2=\"392\" y1=\"26\" y2=\"26\" stroke=\"var(--line)\"/>",
        rounds.join(", "),
        to - from,
    );
    let marks = [(0.0, "0".to_owned()), (goal, format!("goal {}", short(goal)))];
    let beyond = (aim - goal).abs() > f64::EPSILON;
    let marks = marks.into_iter().chain(beyond.then(|| (aim, format!("aim {}", short(aim)))));
    for (at, text) in marks {
        let x = scale.x(at);
        // Two labels that are close are put on two lines.
        let y = if text.starts_with("aim") { 64 } else { 52 };
        write(
            &mut svg,
            format_args!(
                "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"14\" y2=\"40\" stroke=\"var(--dim)\" \
                 stroke-dasharray=\"2 2\"/><text x=\"{x:.1}\" y=\"{y}\" \
                 text-anchor=\"middle\">{text}</text>"
            ),
        );
    }
    let ink = match verdict {
        Verdict::Reached => "var(--good)",
        Verdict::NotReached => "var(--bad)",
        Verdict::Meaningless => "var(--dim)",
    };
    for round in &figure.rounds {
        let x = scale.x(*round);
        write(
            &mut svg,
            format_args!(
                "<circle cx=\"{x:.1}\" cy=\"26\" r=\"4.5\" fill=\"{ink}\" opacity=\".45\"/>"
            ),
        );
    }
    let x = scale.x(figure.median()) - 1.5;
    write(
        &mut svg,
        format_args!(
            "<rect x=\"{x:.1}\" y=\"10\" width=\"3\" height=\"32\" fill=\"{ink}\"/></svg>"
        ),
    );
    svg
}

fn span(values: &[f64]) -> (f64, f64) {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    (least, values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_shows_every_figure_and_loads_nothing() {
        let figure = Figure::ratio(
            ("holds_vs_baseline", "Holds <against> the old way"),
            Goal::AtLeast(10.0, 20.0),
            ("engine, holds/s", &[30_000.0, 31_000.0]),
            ("baseline, holds/s", &[2_000.0, 4_000.0]),
        );
        let machine = Map::from_iter([("CPU".to_owned(), "one & another".into())]);
        let tried = page(std::slice::from_ref(&figure), "", Size::Smoke, &machine, Duration::ZERO);
        assert!(tried.contains(SMOKE) && !tried.contains("reached"), "{tried}");
        let page = page(&[figure], "<p>and more</p>", Size::Full, &machine, Duration::from_secs(9));
        assert!(page.contains("holds_vs_baseline") && page.contains("11.4"), "{page}");
        assert!(
            page.contains("Holds &lt;against&gt;")
                && page.contains("<p>and more</p>")
                && page.contains("one &amp; another")
        );
        assert!(!page.contains("http") && !page.contains("src="), "{page}");
    }
}
