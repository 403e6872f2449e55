//! The suites of leases, the bus and notes of traces, within one process.
#![cfg(test)]

use tiketi_engine::cluster::LocalLeases;
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::feed::LocalBus;
use tiketi_engine::ports::NodeId;
use tiketi_engine::testing::sharing;
use tiketi_engine::trace::LocalNotes;

#[tokio::test]
async fn leases_conform() {
    sharing::leases(&LocalLeases::default(), EventId::new(1), [NodeId(1), NodeId(2)]).await;
}

#[tokio::test]
async fn the_bus_conforms() {
    let bus = LocalBus::default();
    sharing::bus(&bus, &bus, [EventId::new(1), EventId::new(2)]).await;
}

#[tokio::test]
async fn notes_of_traces_conform() {
    sharing::trace_notes(&LocalNotes::default(), [EventId::new(1), EventId::new(2)]).await;
}
