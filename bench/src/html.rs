//! Reports as pages that need nothing else.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::load::Latency;

/// A page: a title, what it comes to in a sentence, its body, and what it was measured on.
pub(crate) fn page(title: &str, sum: &str, body: &str, machine: &Map<String, Value>) -> String {
    let mut facts = String::new();
    for (name, value) in machine {
        let value = value.as_str().unwrap_or_default();
        write(&mut facts, format_args!("<dt>{}</dt><dd>{}</dd>", escaped(name), escaped(value)));
    }
    let (title, sum) = (escaped(title), escaped(sum));
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><style>{STYLE}</style><h1>{title}</h1>\
         <p class=\"sum\">{sum}</p>{body}<h2>Measured on</h2><dl>{facts}</dl></html>",
    )
}

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1c1c24;--dim:#63636f;--card:#fff;--page:#f3f3f6;--line:#c9c9d2;\
--good:#0b7a53;--bad:#b3361b}\
@media(prefers-color-scheme:dark){:root{--ink:#ececf2;--dim:#a2a2b0;--card:#1e1e26;--page:#121218;\
--line:#44444f;--good:#4fd1a1;--bad:#ff8a6b}}\
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);margin:0 auto;\
padding:24px;max-width:1080px}\
h1{margin:0;font-size:28px}.sum{color:var(--dim);max-width:70ch}\
main{display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(420px,1fr))}\
@media(max-width:480px){main{grid-template-columns:1fr}}\
section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:16px}\
section+section{margin-top:16px}main>section+section{margin-top:0}\
h2{font-size:17px;margin:0}code{color:var(--dim);font-size:13px}\
.big{font-size:34px;font-weight:650;margin:4px 0}.good{color:var(--good)}.bad{color:var(--bad)}\
.goal{font-size:14px;font-weight:400;color:var(--dim);margin-left:12px}\
svg{width:100%;height:64px;overflow:visible}svg text{font-size:11px;fill:var(--dim)}\
table{border-collapse:collapse;font-size:13px;width:100%;margin-top:8px}\
td,th{text-align:right;padding:2px 0 2px 8px;border-top:1px solid var(--line);font-weight:400}\
td:first-child,th:first-child{text-align:left;padding-left:0}th{color:var(--dim)}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;font-size:14px}\
dt{color:var(--dim)}dd{margin:0}";

/// A part of a page: figures with their names, latencies, and how many things that clients were told
/// were held against the journal, with what was found.
pub(crate) fn measured(
    title: &str,
    figures: &[(String, f64)],
    latencies: &[Latency],
    (audited, findings): (usize, &[String]),
) -> String {
    let mut part = format!("<section><h2>{}</h2><table>", escaped(title));
    for (name, figure) in figures {
        let (name, figure) = (escaped(name), short(*figure));
        write(&mut part, format_args!("<tr><td>{name}</td><td>{figure}</td></tr>"));
    }
    part.push_str(
        "</table><table><tr><th>step</th><th>p50 ms</th><th>p99 ms</th><th>longest ms</th></tr>",
    );
    for Latency { step, p50_ms, p99_ms, max_ms, .. } in latencies {
        write(&mut part, format_args!("<tr><td>{}</td>", escaped(step)));
        for ms in [p50_ms, p99_ms, max_ms] {
            write(&mut part, format_args!("<td>{}</td>", short(*ms)));
        }
        part.push_str("</tr>");
    }
    let found = findings.len();
    let class = if found == 0 { "good" } else { "bad" };
    write(
        &mut part,
        format_args!(
            "</table><p class=\"{class}\">{audited} answers audited, {found} findings</p>"
        ),
    );
    for finding in findings {
        write(&mut part, format_args!("<p class=\"bad\">{}</p>", escaped(finding)));
    }
    part + "</section>"
}

/// Three digits that matter, without more.
pub(crate) fn short(value: f64) -> String {
    if value >= 100.0 {
        format!("{value:.0}")
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}

/// Text, where it must not be read as something else.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Adds to a string.
pub(crate) fn write(to: &mut String, what: std::fmt::Arguments<'_>) {
    to.write_fmt(what).expect("a string takes everything");
}
