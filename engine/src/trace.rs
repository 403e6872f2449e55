//! Traces: what was done for one request, in spans, across nodes.
//!
//! Whether a request is traced is decided where it comes in. From there on a span is made only
//! under a span of the trace: whatever is not traced costs a look at the current span. Where spans
//! go is not known here.

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use tracing::Span;

use crate::domain::ids::{EventId, Seq};
use crate::ports::TraceNotes;

/// The target of every span of a trace, and of nothing else.
pub const TARGET: &str = "tiketi::trace";

/// The current span if it is of a trace, or no span.
pub fn current() -> Span {
    let span = Span::current();
    if span.metadata().is_some_and(|of| of.target() == TARGET) { span } else { Span::none() }
}

/// A span of a trace that is sampled, as it is named to others (W3C Trace Context, `traceparent`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceParent {
    /// The trace; not 0.
    pub trace: u128,
    /// The span; not 0.
    pub span: u64,
}

impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-01", self.trace, self.span)
    }
}

/// A text names no span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a traceparent")]
pub struct NoTraceParent;

impl FromStr for TraceParent {
    type Err = NoTraceParent;

    /// Reads any version; whether others sample the trace is not read.
    fn from_str(text: &str) -> Result<Self, NoTraceParent> {
        let mut parts = text.split('-');
        let mut hex = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits).ok_or(NoTraceParent)?;
            let lower = part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            if lower { Ok(part) } else { Err(NoTraceParent) }
        };
        let (version, trace, span, _flags) = (hex(2)?, hex(32)?, hex(16)?, hex(2)?);
        let longer = parts.next().is_some();
        let trace = u128::from_str_radix(trace, 16).map_err(|_| NoTraceParent)?;
        let span = u64::from_str_radix(span, 16).map_err(|_| NoTraceParent)?;
        if version == "ff" || (version == "00" && longer) || trace == 0 || span == 0 {
            return Err(NoTraceParent);
        }
        Ok(Self { trace, span })
    }
}

/// Notes kept by [`LocalNotes`]; the oldest go first.
const NOTES_MAX: usize = 4_096;

/// Notes within one process.
#[derive(Debug, Default)]
pub struct LocalNotes(Mutex<VecDeque<(EventId, Seq, TraceParent)>>);

#[async_trait]
impl TraceNotes for LocalNotes {
    async fn note(&self, event: EventId, last: Seq, by: TraceParent) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.len() == NOTES_MAX {
            notes.pop_front();
        }
        notes.push_back((event, last, by));
    }

    async fn noted(&self, event: EventId, lasts: &[Seq]) -> Vec<TraceParent> {
        let notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_event = notes.iter().filter(|(of, last, _)| *of == event && lasts.contains(last));
        of_event.map(|(_, _, by)| *by).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traceparent_is_read_as_it_is_written_and_nothing_else_is() {
        let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let read: TraceParent = text.parse().unwrap();
        assert_eq!(read.to_string(), text);
        for lawful in [text.replace("-01", "-00"), format!("cc{}-more", &text[2..])] {
            assert_eq!(lawful.parse(), Ok(read), "{lawful}");
        }
        let wrong = [
            String::new(),
            format!("ff{}", &text[2..]),
            format!("{text}-more"),
            text.to_uppercase(),
            text[..text.len() - 3].to_owned(),
            text.replace("4bf92f3577b34da6a3ce929d0e0e4736", &"0".repeat(32)),
            text.replace("00f067aa0ba902b7", &"0".repeat(16)),
            text.replace("00f067aa0ba902b7", "+0f067aa0ba902b7"),
        ];
        for text in wrong {
            assert_eq!(text.parse::<TraceParent>(), Err(NoTraceParent), "{text}");
        }
    }

    #[test]
    fn without_a_trace_there_is_no_span() {
        let _in = tracing::info_span!("request").entered();
        assert!(current().is_none());
    }
}
