//! Frames and the bytes that they must have, now and in every release: `golden/frames.json`, which
//! the web app's tests read too. `UPDATE_GOLDEN=1` writes it anew.
#![cfg(test)]

use std::path::PathBuf;

use serde_json::{Value, json};
use tiketi_engine::domain::chart::PlaceIx;
use tiketi_engine::domain::ids::{Fence, Seq};
use tiketi_engine::domain::terms::SaleStatus;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::domain::waiting_room::{Notice, QueueNumber};
use tiketi_engine::feed::PublicState::{self, Free, Held, NotForSale, Sold};
use tiketi_engine::feed::frame::{
    self, ClientFrame, MalformedFrame, RoomFrame, ServerFrame, marks,
};

const AT: Timestamp = Timestamp::from_millis(1_800_000_000_123);

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn room(status: SaleStatus, marks: &[u64], waiting: u32) -> RoomFrame {
    RoomFrame {
        epoch: Fence(3),
        seq: Seq(70_000),
        at: AT,
        status,
        inside: 500,
        waiting,
        next_number: QueueNumber(99_000),
        marks: marks.iter().copied().map(QueueNumber).collect(),
        per_minute: None,
        notice: None,
    }
}

/// Rooms with a rate, with a notice, and with both.
fn telling_rooms() -> [RoomFrame; 3] {
    let notice = Notice::new("문은 일곱 시에 열어요");
    let plain = room(SaleStatus::Open, &[98_000], 1);
    [
        RoomFrame { per_minute: Some(600), ..plain.clone() },
        RoomFrame { notice: notice.clone(), ..plain.clone() },
        RoomFrame { per_minute: Some(1), notice, ..plain },
    ]
}

fn snapshot(states: &[PublicState]) -> Value {
    let bytes = frame::snapshot(Fence(1), Seq(300), states);
    let bits: Vec<u8> = states.iter().map(|state| *state as u8).collect();
    json!({"hex": hex(&bytes), "type": "snapshot", "epoch": 1, "seq": 300, "states": bits})
}

fn delta(changed: &[(u32, PublicState)]) -> Value {
    let places: Vec<_> = changed.iter().map(|(place, state)| (PlaceIx(*place), *state)).collect();
    let bytes = frame::delta(Fence(2), Seq(127), Seq(128), &places);
    let pairs: Vec<_> = changed.iter().map(|(place, state)| json!([place, *state as u8])).collect();
    json!({"hex": hex(&bytes), "type": "delta", "epoch": 2, "before": 127, "after": 128,
        "changed": pairs})
}

fn described_room(frame: &RoomFrame) -> Value {
    let marks: Vec<u64> = frame.marks.iter().map(|mark| mark.0).collect();
    json!({"hex": hex(&frame.encode()), "type": "room", "epoch": 3, "seq": 70_000,
        "at": AT.as_millis(), "status": frame.status.as_str(), "inside": 500,
        "waiting": frame.waiting, "next_number": 99_000, "marks": marks,
        "per_minute": frame.per_minute.unwrap_or(0),
        "notice": frame.notice.as_ref().map_or("", Notice::as_str)})
}

fn golden() -> Value {
    let hello = frame::hello(Fence(9), Seq(1 << 40), AT, 60_000);
    json!({
        "server": [
            {"hex": hex(&hello), "type": "hello", "version": 1, "epoch": 9, "seq": 1_u64 << 40,
                "at": AT.as_millis(), "places": 60_000},
            snapshot(&[]),
            snapshot(&[Held]),
            snapshot(&[Free, Held, Sold, NotForSale, Sold]),
            delta(&[]),
            delta(&[(0, Sold)]),
            delta(&[(0, Held), (1, Free), (31, Sold), (59_999, NotForSale)]),
            described_room(&room(SaleStatus::Open, &[], 0)),
            described_room(&room(SaleStatus::Paused, &[7], 1)),
            described_room(&room(SaleStatus::Closed, &[98_000, 98_001, 98_500], 3)),
            {"hex": hex(&frame::yours(Seq(5))), "type": "yours", "seq": 5},
            {"hex": hex(&frame::pong(9_007_199_254_740_991, AT)), "type": "pong",
                "echo": 9_007_199_254_740_991_u64, "at": AT.as_millis()},
        ],
        "telling_rooms": telling_rooms().each_ref().map(described_room),
        "client": [
            {"hex": hex(&ClientFrame::Resume { epoch: Fence(0), seq: Seq(0) }.encode()),
                "type": "resume", "epoch": 0, "seq": 0},
            {"hex": hex(&ClientFrame::Resume { epoch: Fence(300), seq: Seq(70_000) }.encode()),
                "type": "resume", "epoch": 300, "seq": 70_000},
            {"hex": hex(&ClientFrame::Ping { echo: 128 }.encode()), "type": "ping", "echo": 128},
        ],
        "marks": marks().take(200).collect::<Vec<u32>>(),
    })
}

#[test]
fn frames_have_the_bytes_they_always_had() {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/frames.json"));
    let made = format!("{:#}\n", golden());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert_eq!(made, kept, "a frame has other bytes than in {}", path.display());
}

#[test]
fn frames_read_back() {
    let states = [Free, Held, Sold, NotForSale, Free, Sold, Held];
    let read = ServerFrame::decode(&frame::snapshot(Fence(1), Seq(2), &states));
    let states = states.to_vec();
    assert_eq!(read, Ok(ServerFrame::Snapshot { epoch: Fence(1), seq: Seq(2), states }));
    let changed = vec![(PlaceIx(0), Sold), (PlaceIx(5), Free), (PlaceIx(u32::MAX - 1), Held)];
    let read = ServerFrame::decode(&frame::delta(Fence(1), Seq(2), Seq(9), &changed));
    let (before, after) = (Seq(2), Seq(9));
    assert_eq!(read, Ok(ServerFrame::Delta { epoch: Fence(1), before, after, changed }));
    let sent = room(SaleStatus::Paused, &[4, 9, 1 << 33], 3);
    assert_eq!(ServerFrame::decode(&sent.encode()), Ok(ServerFrame::Room(sent)));
    for room in telling_rooms() {
        assert_eq!(ServerFrame::decode(&room.encode()), Ok(ServerFrame::Room(room)));
    }
    let ping = ClientFrame::Ping { echo: u64::MAX };
    assert_eq!(ClientFrame::decode(&ping.encode()), Ok(ping));
}

#[test]
fn no_bytes_from_a_browser_do_harm() {
    let bad: [&[u8]; 9] = [
        &[],
        &[0x81],
        &[0x81, 0x80],
        &[0x81, 1],
        &[0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
        &[0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
        &[0x03, 1, 1, 1, 1],
        &[0x00],
        &[0xff, 0, 0],
    ];
    for bytes in bad {
        assert_eq!(ClientFrame::decode(bytes), Err(MalformedFrame), "{bytes:?}");
    }
    let largest = [0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    assert_eq!(ClientFrame::decode(&largest), Ok(ClientFrame::Ping { echo: u64::MAX }));
}
