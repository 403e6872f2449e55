//! A run as one page that needs nothing else.

use std::collections::BTreeMap;

use super::file::{Group, OpenStage};
use super::plot::plot;
use super::report::{Figures, Report};
use crate::html::{self, escaped, short, write};
use crate::load::recorder::Row;

/// The page.
pub(super) fn page(report: &Report) -> String {
    let seconds: Vec<Row> = report.rows.iter().filter(|row| row.step.is_none()).copied().collect();
    // The last answers come in a second that is not over.
    let whole = match seconds.split_last() {
        Some((_, whole)) if !whole.is_empty() => whole,
        _ => &seconds,
    };
    let mut body = String::new();
    if !report.scenario.about.is_empty() {
        write(&mut body, format_args!("<p>{}</p>", escaped(&report.scenario.about)));
    }
    for group in &report.scenario.groups {
        write(&mut body, format_args!("<p>{}</p>", load(group)));
    }
    write(
        &mut body,
        format_args!("<section><h2>Over time</h2>{}</section>{}", plot(whole), steps(report)),
    );
    body.push_str(&thresholds(report));
    if let Some(generator) = &report.generator {
        write(
            &mut body,
            format_args!(
                "<p>Requests were begun late by {} ms at the median and {} ms at the 99th \
                 percentile, of {} ms that are allowed. Latency counts from when they were to begin.\
                 </p>",
                short(generator.lag_p50_ms),
                short(generator.lag_p99_ms),
                short(generator.allowed_p99_ms),
            ),
        );
    }
    body.push_str(&audit(report));
    body.push_str(&by_second(&seconds));
    let title = format!("tiketi: {}", report.scenario.name);
    html::page(&title, &report.sum(), &body, &report.machine)
}

/// What a group was, flags included.
fn load(group: &Group) -> String {
    let mut said = format!("<code>{}</code>: ", group.action.name());
    if let Some(closed) = &group.closed {
        write(&mut said, format_args!("{} users", closed.from));
        for stage in &closed.stages {
            write(&mut said, format_args!(", to {} in {} s", stage.users, short(stage.seconds)));
        }
        let [least, most] = group.pause_ms;
        if most > 0 {
            write(&mut said, format_args!("; each pauses {least} to {most} ms between rounds"));
        }
    }
    if let Some(open) = &group.open {
        let each = |stage: &OpenStage| {
            format!("{} a second for {} s", short(stage.rate), short(stage.seconds))
        };
        let stages: Vec<String> = open.stages.iter().map(each).collect();
        write(&mut said, format_args!("{}; {} take turns", stages.join(", "), open.users));
    }
    said
}

fn steps(report: &Report) -> String {
    let mut table = "<section><h2>Steps</h2><table><tr><th>step</th><th>answers</th>\
         <th>a second</th><th>p50 ms</th><th>p95 ms</th><th>p99 ms</th><th>longest ms</th>\
         <th>refused</th><th>failed</th></tr>"
        .to_owned();
    let steps = report.steps.iter().map(|(step, figures)| (step.name(), figures));
    for (name, figures) in steps.chain([("all", &report.all)]) {
        let Figures { answers, per_second, p50_ms, p95_ms, p99_ms, max_ms, .. } = figures;
        write(&mut table, format_args!("<tr><td>{name}</td><td>{answers}</td>"));
        for figure in [per_second, p50_ms, p95_ms, p99_ms, max_ms] {
            write(&mut table, format_args!("<td>{}</td>", short(*figure)));
        }
        let told = |counts: &BTreeMap<String, u64>| {
            let each = counts.iter().map(|(why, count)| format!("{count} {}", escaped(why)));
            each.collect::<Vec<_>>().join("<br>")
        };
        let (refused, failed) = (told(&figures.refused), told(&figures.failed));
        write(&mut table, format_args!("<td>{refused}</td><td class=\"bad\">{failed}</td></tr>"));
    }
    table + "</table></section>"
}

fn thresholds(report: &Report) -> String {
    let mut table = "<section><h2>Thresholds</h2><table><tr><th>to reach</th><th>measured</th>\
         <th></th></tr>"
        .to_owned();
    for threshold in &report.thresholds {
        let (class, mark) = if threshold.met { ("good", "✓ met") } else { ("bad", "✗ broken") };
        let (sentence, measured) = (threshold.sentence(), short(threshold.measured));
        write(
            &mut table,
            format_args!(
                "<tr><td>{sentence}</td><td>{measured}</td><td class=\"{class}\">{mark}</td></tr>"
            ),
        );
    }
    table + "</table></section>"
}

fn audit(report: &Report) -> String {
    let Some(audit) = &report.audit else {
        return "<p>What clients were told was not held against a journal.</p>".to_owned();
    };
    let mut said = format!(
        "<p>{} acknowledgements were held against the journal: {} findings.</p>",
        audit.acknowledgements,
        audit.found()
    );
    for finding in &audit.findings {
        write(&mut said, format_args!("<p class=\"bad\">{}</p>", escaped(finding)));
    }
    said
}

/// What the plot is drawn from.
fn by_second(seconds: &[Row]) -> String {
    let mut table = "<details><summary>Second by second</summary><table><tr><th>second</th>\
         <th>users</th><th>answers</th><th>failed</th><th>p50 ms</th><th>p99 ms</th></tr>"
        .to_owned();
    for Row { second, users, answers, failed, p50_ms, p99_ms, .. } in seconds {
        let (p50, p99) = (short(*p50_ms), short(*p99_ms));
        write(
            &mut table,
            format_args!(
                "<tr><td>{second}</td><td>{users}</td><td>{answers}</td><td>{failed}</td>\
                 <td>{p50}</td><td>{p99}</td></tr>"
            ),
        );
    }
    table + "</table></details>"
}
