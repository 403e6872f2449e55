//! A run as `JUnit` has it: a test case for each threshold, and for each thing that makes a run void.

use super::report::Report;
use super::threshold::Threshold;
use crate::html::{escaped, write};

/// The file.
pub(super) fn suite(report: &Report) -> String {
    let mut cases: Vec<(String, Option<String>)> = report
        .thresholds
        .iter()
        .map(|threshold| (threshold.sentence(), missed(threshold)))
        .collect();
    cases.push(("something was done".to_owned(), report.undone()));
    let early = report.interrupted.then(|| "it was interrupted".to_owned());
    cases.push(("ran to its end".to_owned(), early));
    if let Some(generator) = &report.generator {
        let late = generator.fell_behind.then(|| {
            let (lag, allowed) = (generator.lag_p99_ms, generator.allowed_p99_ms);
            format!("late by {lag:.2} ms at its p99, {allowed} allowed")
        });
        cases.push(("generator keeps up".to_owned(), late));
    }
    if let Some(audit) = &report.audit {
        let found = (audit.found() > 0).then(|| audit.findings.join("\n"));
        cases.push(("clients and journal agree".to_owned(), found));
    }
    let failures = cases.iter().filter(|(_, failure)| failure.is_some()).count();
    let (name, tests, took) = (escaped(&report.scenario.name), cases.len(), report.took_s);
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" \
         time=\"{took:.3}\">\n"
    );
    for (case, failure) in &cases {
        let case = escaped(case);
        write(&mut xml, format_args!("  <testcase classname=\"{name}\" name=\"{case}\""));
        match failure {
            Some(why) => write(
                &mut xml,
                format_args!("><failure message=\"{}\"/></testcase>\n", escaped(why)),
            ),
            None => xml.push_str("/>\n"),
        }
    }
    xml.push_str("</testsuite>\n");
    xml
}

fn missed(threshold: &Threshold) -> Option<String> {
    (!threshold.met).then(|| format!("{:.2} was measured", threshold.measured))
}
