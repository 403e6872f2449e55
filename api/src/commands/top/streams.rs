//! How far records have got on their way to others, and frames on theirs to browsers.

use super::figures::{compact, known, moment, number, tenths, time_of_day};
use super::question::Question;
use super::session::{Frames, Least, Missed, Session};
use super::sheet::{Part, Row, Sheet};
use super::source::topic;
use crate::wire::ops::{ConsumerView, NodeStreamsView, RelayView, StreamsFrame};
use crate::wire::streams::{DeadLetterView, DeadLettersView};

const NONE: &str = "None.";

pub(super) struct StreamsPage {
    frames: Frames,
    /// Read anew whenever there are more of them.
    letters: Option<(u64, DeadLettersView)>,
}

impl StreamsPage {
    pub(super) async fn begin(session: &Session) -> Result<Self, Missed> {
        Ok(Self { frames: session.watch(&topic("streams")).await?, letters: None })
    }

    pub(super) async fn next(&mut self, session: &Session) -> Result<Sheet, Missed> {
        let frame: StreamsFrame = self.frames.next().await?;
        let buried = frame.consumers.iter().map(|consumer| consumer.buried).sum();
        let letters = match self.letters.take() {
            Some((known, letters)) if known == buried && letters.reached => letters,
            _ => session.get("/api/v1/ops/dead-letters", &[], Least::Viewer).await?,
        };
        let mut shown = sheet(frame);
        shown.parts.push(dead(&letters));
        self.letters = Some((buried, letters));
        Ok(shown)
    }
}

fn sheet(of: StreamsFrame) -> Sheet {
    let mut relay = relay(of.relay.as_ref());
    if !of.complete {
        relay = relay.note("A node does not answer: this is not all.");
    }
    let mut parts = vec![relay, consumers(&of.consumers)];
    parts.extend(of.consumers.iter().filter_map(partitions));
    parts.push(sockets(of.nodes));
    Sheet::new(of.at, parts)
}

fn relay(of: Option<&RelayView>) -> Part {
    let part = Part::new("Relay");
    let Some(relay) = of else { return part.note("No node relays now.") };
    part.figures([
        ("Stuck events", relay.stuck_events.to_string()),
        ("Records to go", relay.lag_records.to_string()),
        ("Complete until", time_of_day(&relay.complete_until)),
        ("Published/s", tenths(relay.published)),
        ("Failures", relay.failures.to_string()),
        ("Node", relay.node.clone()),
    ])
}

fn consumers(of: &[ConsumerView]) -> Part {
    let columns =
        ["Name", "Nodes", "Messages to go", "Time", "Counted/s", "Not readable", "Failures"];
    let rows = of.iter().map(|consumer| {
        Row::new([
            consumer.name.clone(),
            consumer.nodes.to_string(),
            number(consumer.lag),
            known(consumer.lag_at.as_deref(), time_of_day),
            tenths(consumer.counted),
            consumer.buried.to_string(),
            consumer.failures.to_string(),
        ])
    });
    Part::new("Consumers").table(columns, rows, NONE)
}

/// What waits for a consumer in each partition, if there is more than one.
fn partitions(of: &ConsumerView) -> Option<Part> {
    let rows = of
        .partitions
        .iter()
        .map(|partition| Row::new([partition.partition.to_string(), partition.lag.to_string()]));
    let part = Part::new("").note(format!("{} by partition", of.name));
    (of.partitions.len() > 1).then(|| part.table(["Partition", "Messages to go"], rows, NONE))
}

fn sockets(of: Vec<NodeStreamsView>) -> Part {
    let columns = ["Node", "Sockets", "Frames/s", "Bytes/s", "Missed by slow readers", "Resyncs"];
    let rows = of.into_iter().map(|node| {
        Row::new([
            node.node,
            node.sockets.to_string(),
            tenths(node.frames),
            known(node.bytes, compact),
            node.behind.to_string(),
            node.resyncs.to_string(),
        ])
    });
    Part::new("Sockets").table(columns, rows, NONE)
}

fn dead(of: &DeadLettersView) -> Part {
    let mut part = Part::new("Dead letters");
    if !of.reached {
        return part.note("No worker answers, so it is not known whether there are any.");
    }
    if !of.lasting {
        part = part
            .note("A server that runs alone keeps this list in memory only: a restart empties it.");
    }
    if of.more {
        part = part.note("There are more; these are the first 100.");
    }
    let row = |letter: &DeadLetterView| {
        let row = Row::new([
            letter.position.clone(),
            known(letter.event.clone(), |event| event),
            number(letter.seq),
            moment(&letter.buried_at),
            letter.reason.clone(),
        ]);
        match &letter.event {
            Some(event) => row.opening(Question::Actor(event.clone())),
            None => row,
        }
    };
    let columns = ["Position", "Event", "Record", "Time", "Reason"];
    part.table(columns, of.letters.iter().map(row), "There are none.")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::figures::UNKNOWN;
    use super::super::sheet::tests::{has_lines, said_as_on_the_dashboard};
    use super::*;

    fn shown(relay: &serde_json::Value) -> Sheet {
        let frame = json!({
            "type": "streams", "at": "now", "complete": false, "relay": relay,
            "consumers": [{"name": "stats", "nodes": 2, "lag": 9, "lag_at": "2026-11-28T15:00:05Z",
                "partitions": [{"partition": 0, "lag": 4}, {"partition": 1, "lag": 5}],
                "counted": 3.0, "buried": 1, "failures": 0}],
            "nodes": [{"node": "00ff", "sockets": 7, "frames": 14.0, "bytes": 2500.0, "behind": 3,
                "resyncs": 2}],
        });
        sheet(serde_json::from_value(frame).unwrap())
    }

    #[test]
    fn streams_say_how_far_they_are_and_what_slow_readers_missed() {
        let shown = shown(&json!({"node": "00ff", "lag_records": 12, "stuck_events": 1,
            "complete_until": "2026-11-28T14:59:00Z", "published": null, "failures": 4}));
        said_as_on_the_dashboard(&shown);
        has_lines(&shown, &["Stuck events: 1", "Records to go: 12", "Complete until: 14:59:00"]);
        has_lines(&shown, &["Published/s: –", "A node does not answer: this is not all."]);
        has_lines(&shown, &["1          5"]);
        let sockets = shown.parts.last().unwrap();
        assert_eq!(sockets.rows[0].cells, ["00ff", "7", "14.0", "2.5K", "3", "2"]);
        let consumer = &shown.parts[1].rows[0].cells;
        assert_eq!(consumer[..], ["stats", "2", "9", "15:00:05", "3.0", "1", "0"]);
    }

    #[test]
    fn nobody_that_relays_is_said() {
        has_lines(&shown(&json!(null)), &["No node relays now."]);
    }

    #[test]
    fn a_dead_letter_says_why_and_opens_the_actor_of_its_event() {
        let letter = |event: serde_json::Value| {
            json!({"position": "stats/0/3", "event": event, "seq": 5, "reason": "not JSON",
                "buried_at": "2026-11-28T15:00:05Z"})
        };
        let letters = json!({"reached": true, "lasting": true, "more": true,
            "letters": [letter(json!("evt_1")), letter(json!(null))]});
        let part = dead(&serde_json::from_value(letters).unwrap());
        assert_eq!(part.rows[0].opens, Some(Question::Actor("evt_1".to_owned())));
        assert_eq!(part.rows[1].opens, None);
        assert_eq!(part.rows[1].cells[1], UNKNOWN);
        let shown = Sheet::new(String::new(), vec![part]);
        said_as_on_the_dashboard(&shown);
        has_lines(&shown, &["stats/0/3  evt_1  5       2026-11-28 15:00:05  not JSON"]);
        let nobody = json!({"reached": false, "lasting": true, "more": false, "letters": []});
        let part = dead(&serde_json::from_value(nobody).unwrap());
        assert!(part.notes[0].starts_with("No worker answers"), "{part:?}");
    }
}
