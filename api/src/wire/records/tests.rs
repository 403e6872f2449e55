//! What is published, held against its description.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use tiketi_engine::domain::change::{Capture, Change, Record};
use tiketi_engine::domain::chart::PlaceIx;
use tiketi_engine::domain::command::Origin;
use tiketi_engine::domain::hold::Item;
use tiketi_engine::domain::ids::{EventId, FanId, OrderId, PaymentId, Seq, TicketId};
use tiketi_engine::domain::pricing::{Price, PriceTable, TicketType, TicketTypeIx};
use tiketi_engine::testing::history::{History, history};
use tiketi_engine::testing::sample::{self, OPENS_AT};

use super::Naming;
use crate::asyncapi::description;

const EVENT: EventId = EventId::new(77);

/// Histories that have every kind of record.
fn histories() -> Vec<History> {
    (0..6).map(|seed| history(EVENT, seed, 1_500)).collect()
}

/// Every message of a history, in order.
fn messages(history: &History) -> Vec<(Record, Option<Vec<u8>>)> {
    let mut naming = naming(history);
    let message = |record: Record| {
        let message = naming.message(&record).unwrap().map(|message| message.encode());
        (record, message)
    };
    history.records().into_iter().map(message).collect()
}

fn naming(history: &History) -> Naming {
    let records = history.records();
    let Change::SaleOpened { terms } = &records[0].change else { panic!("it opens") };
    Naming::new(EVENT, Arc::clone(&history.chart), (**terms).clone())
}

/// Checks against one of the description's schemas.
fn schema(description: &Value, pointer: &str) -> jsonschema::Validator {
    let schema = json!({ "$ref": format!("#{pointer}"), "components": description["components"] });
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn every_message_is_as_described_and_every_kind_is_published() {
    let description = description();
    let kinds = description["components"]["messages"].as_object().unwrap();
    let mut open: BTreeSet<&str> = kinds.keys().map(String::as_str).collect();
    assert!(open.remove("dead_letter"));
    assert_eq!(open.len(), 27);
    let all = open.clone();
    let schemas: Vec<_> = all
        .iter()
        .map(|kind| (*kind, schema(&description, &format!("/components/messages/{kind}/payload"))))
        .collect();
    for history in histories() {
        for (_, message) in messages(&history) {
            let Some(message) = message else { continue };
            let message: Value = serde_json::from_slice(&message).unwrap();
            let fits = schemas.iter().filter(|(_, schema)| schema.is_valid(&message));
            let fits: Vec<&str> = fits.map(|(kind, _)| *kind).collect();
            assert_eq!(fits, [message["kind"].as_str().unwrap()], "{message:#}");
            open.remove(fits[0]);
        }
    }
    assert_eq!(open, BTreeSet::new(), "these were not published");
}

#[test]
fn a_message_that_is_not_as_described_is_noticed() {
    let description = description();
    let schema = schema(&description, "/components/messages/order_paid/payload");
    let (_, paid) = messages(&histories()[0])
        .into_iter()
        .find(|(record, _)| matches!(record.change, Change::OrderPaid { .. }))
        .unwrap();
    let paid: Value = serde_json::from_slice(&paid.unwrap()).unwrap();
    assert!(schema.is_valid(&paid));
    for (pointer, wrong) in [
        ("/version", json!(2)),
        ("/seq", json!(0)),
        ("/kind", json!("order_returned")),
        ("/by", json!("somebody")),
        ("/data/items/0/amount_minor", json!(1.5)),
        ("/data/items/0/place/kind", json!("sofa")),
        ("/data/tickets", json!("one")),
    ] {
        let mut spoiled = paid.clone();
        *spoiled.pointer_mut(pointer).unwrap() = wrong;
        assert!(!schema.is_valid(&spoiled), "{pointer}");
    }
}

#[test]
fn what_a_sale_answered_and_what_is_secret_stays_within() {
    let mut answered = 0;
    for history in histories() {
        for (record, message) in messages(&history) {
            answered += u32::from(message.is_none());
            assert_eq!(message.is_none(), matches!(record.change, Change::Answered { .. }));
            let Some(message) = message else { continue };
            let text = String::from_utf8(message).unwrap();
            // As the workload's payment company calls payments.
            assert!(!text.contains("key-"), "{text}");
            assert!(!text.contains("reference") && !text.contains("entry"), "{text}");
        }
    }
    assert!(answered > 100, "{answered}");
}

#[test]
fn a_record_has_the_same_bytes_whichever_terms_one_began_with() {
    for history in histories() {
        let once = messages(&history);
        // As a relay that starts in the middle, when the terms have long changed.
        let mut terms = history.sale.terms().clone();
        let mut types = terms.prices.ticket_types().to_vec();
        types.push(TicketType { key: "late".to_owned(), label: "Late".to_owned() });
        let (currency, categories) = (terms.prices.currency(), history.chart.categories().len());
        terms.prices = PriceTable::new(currency, types, Vec::new(), 9_999, categories).unwrap();
        let mut later = Naming::new(EVENT, Arc::clone(&history.chart), terms);
        for (record, message) in &once[once.len() / 3..] {
            let again = later.message(record).unwrap().map(|message| message.encode());
            assert_eq!(&again, message);
        }
    }
}

#[test]
fn a_record_of_another_chart_is_not_published() {
    let history = &histories()[0];
    let other = Arc::new(sample::chart(1, 1, 1));
    let mut naming = Naming::new(EVENT, other, history.sale.terms().clone());
    let refused = history.records().iter().find_map(|record| naming.message(record).err());
    let refused = refused.expect("a place that the smaller chart does not have").to_string();
    assert!(refused.contains("place"), "{refused}");
}

#[test]
fn an_order_reads_like_this() {
    let history = &histories()[0];
    let item = Item {
        place: PlaceIx(9),
        ticket_type: TicketTypeIx(1),
        price: Price { amount_minor: 75_000, fee_minor: 1_000 },
    };
    let capture = Capture {
        payment: PaymentId::new(40),
        reference: "never told".to_owned(),
        amount_minor: 76_500,
    };
    let change = Change::OrderPaid {
        fan: FanId::new(5),
        order: OrderId::new(30),
        payment: Some(capture),
        items: vec![item],
        first_ticket: TicketId::new(3),
    };
    let record = Record { seq: Seq(42), at: OPENS_AT, by: Origin::Provider, change };
    let message = naming(history).message(&record).unwrap().unwrap();
    let message: Value = serde_json::from_slice(&message.encode()).unwrap();
    let expected = json!({
        "version": 1,
        "event": "evt_000000000002d",
        "seq": 42,
        "at": "2027-01-15T08:00:00.000Z",
        "by": "provider",
        "kind": "order_paid",
        "data": {
            "fan": "acc_0000000000005",
            "order": "ord_0000000000016g00000000000y",
            "payment": "pay_0000000000016g000000000018",
            "paid_minor": 76_500,
            "currency": "KRW",
            "items": [{
                "place": {
                    "kind": "row",
                    "section": "Stalls",
                    "block": "2",
                    "seat": "2",
                    "category": "a",
                },
                "ticket_type": "child",
                "amount_minor": 75_000,
                "fee_minor": 1_000,
            }],
            "tickets": ["tkt_0000000000016g000000000003"],
        },
    });
    assert_eq!(message, expected);
}
