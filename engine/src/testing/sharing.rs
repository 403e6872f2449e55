//! What every adapter of leases, members and the bus must do, whatever is behind it.
#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "these are tests")]

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{sleep, timeout};

use crate::domain::chart::PlaceIx;
use crate::domain::ids::{EventId, FanId, Fence, Seq};
use crate::feed::{PublicState, Publication, frame};
use crate::ports::{
    Acquired, Bus, Lease, Leases, Member, Members, NodeId, Resource, Roles, Subscription,
    TraceNotes,
};
use crate::trace::TraceParent;

/// Long enough that nothing ends by itself while the suite runs.
const LONG: Duration = Duration::from_mins(5);
/// How long what is said may take to be heard.
const PATIENCE: Duration = Duration::from_mins(1);
/// Short enough to wait for.
const SHORT: Duration = Duration::from_millis(150);

fn taken(acquired: Acquired) -> Lease {
    match acquired {
        Acquired::Taken(lease) => lease,
        Acquired::Held { by, .. } => panic!("{by} has it"),
    }
}

/// Leases: one holder at a time, compared by token, over by themselves. Uses resources of `event`
/// and of the nodes given.
pub async fn leases(leases: &dyn Leases, event: EventId, [one, two]: [NodeId; 2]) {
    let resource = Resource::Event(event);
    let first = taken(leases.acquire(resource, one, LONG).await.unwrap());
    match leases.acquire(resource, two, LONG).await.unwrap() {
        Acquired::Held { by, remaining } => {
            assert_eq!(by, one);
            assert!(remaining <= LONG && remaining > LONG / 2, "{remaining:?}");
        }
        Acquired::Taken(_) => panic!("two holders"),
    }
    assert!(leases.renew(&first, LONG).await.unwrap());
    // The holder may not know that it is one.
    let again = taken(leases.acquire(resource, one, LONG).await.unwrap());
    assert_ne!(again.token, first.token);
    assert!(!leases.renew(&first, LONG).await.unwrap(), "the older token counts no more");
    leases.release(&first).await.unwrap();
    assert!(leases.renew(&again, LONG).await.unwrap(), "releasing it did nothing");
    leases.release(&again).await.unwrap();
    assert!(!leases.renew(&again, LONG).await.unwrap());
    let other = taken(leases.acquire(resource, two, SHORT).await.unwrap());
    // It ends by itself; who asks is told when.
    let after = loop {
        match leases.acquire(resource, one, LONG).await.unwrap() {
            Acquired::Taken(lease) => break lease,
            Acquired::Held { remaining, .. } => {
                assert!(remaining <= SHORT, "{remaining:?}");
                sleep(remaining).await;
            }
        }
    };
    assert!(!leases.renew(&other, LONG).await.unwrap(), "too late");
    leases.release(&other).await.unwrap();
    assert!(leases.renew(&after, LONG).await.unwrap(), "nobody takes another's away");
    leases.release(&after).await.unwrap();
    many_at_once(leases, event).await;
}

/// Of many who ask at once, one gets it.
async fn many_at_once(leases: &dyn Leases, event: EventId) {
    let resource = Resource::Event(event);
    let asks = (100..132).map(|node| leases.acquire(resource, NodeId(node), LONG));
    let answers = futures_util::future::join_all(asks).await;
    let winners: Vec<Lease> = answers
        .into_iter()
        .filter_map(|answer| match answer.unwrap() {
            Acquired::Taken(lease) => Some(lease),
            Acquired::Held { .. } => None,
        })
        .collect();
    assert_eq!(winners.len(), 1, "{winners:?}");
    leases.release(&winners[0]).await.unwrap();
}

fn member(number: u64) -> Member {
    let roles = Roles { worker: number.is_multiple_of(2), ..Roles::ALL };
    Member { id: NodeId(number), address: format!("host-{number}:9465"), roles, draining: false }
}

/// Members: who beats is listed, who leaves or falls silent is not.
pub async fn members(members: &dyn Members) {
    let (one, two, three) = (member(1), member(2), member(3));
    assert_eq!(members.beat(&two, LONG).await.unwrap(), std::slice::from_ref(&two));
    assert_eq!(members.beat(&one, LONG).await.unwrap(), [one.clone(), two.clone()]);
    let draining = Member { draining: true, ..two.clone() };
    assert_eq!(members.beat(&draining, LONG).await.unwrap(), [one.clone(), draining.clone()]);
    members.leave(two.id).await.unwrap();
    assert_eq!(members.beat(&one, LONG).await.unwrap(), std::slice::from_ref(&one));
    members.beat(&three, SHORT).await.unwrap();
    let mut listed = members.beat(&one, LONG).await.unwrap();
    while listed.len() > 1 {
        assert_eq!(listed, [one.clone(), three.clone()]);
        sleep(SHORT / 10).await;
        listed = members.beat(&one, LONG).await.unwrap();
    }
    members.leave(one.id).await.unwrap();
}

fn publication(seq: u64) -> Publication {
    let (epoch, before, after) = (Fence(3), Seq(seq - 1), Seq(seq));
    let changed = vec![(PlaceIx(1), PublicState::Held), (PlaceIx(7), PublicState::Free)];
    Publication {
        epoch,
        before,
        after,
        delta: frame::delta(epoch, before, after, &changed),
        changed,
        room: seq.is_multiple_of(2).then(|| Bytes::from_static(b"room")),
        fans: vec![FanId::new(seq)],
    }
}

async fn expect(subscription: &mut Subscription, seqs: std::ops::RangeInclusive<u64>) {
    for seq in seqs {
        let next = timeout(PATIENCE, subscription.next()).await;
        assert_eq!(*next.expect("in time").expect("none was lost"), publication(seq));
    }
}

/// The bus, from one node to another (which may be the same): what is published after a
/// subscription holds arrives whole and in order, and only at those who want the event.
pub async fn bus(from: &dyn Bus, to: &dyn Bus, [one, two]: [EventId; 2]) {
    let mut first = to.subscribe(one).await;
    let mut other = to.subscribe(two).await;
    for seq in 1..=40 {
        from.publish(one, Arc::new(publication(seq)));
    }
    expect(&mut first, 1..=40).await;
    let mut second = to.subscribe(one).await;
    from.publish(one, Arc::new(publication(41)));
    from.publish(two, Arc::new(publication(1)));
    expect(&mut first, 41..=41).await;
    expect(&mut second, 41..=41).await;
    expect(&mut other, 1..=1).await;
    // Whoever is too slow is told so, and can begin anew.
    for seq in 2..=400 {
        from.publish(two, Arc::new(publication(seq)));
        if seq % 50 == 0 {
            from.publish(one, Arc::new(publication(seq)));
            expect(&mut second, seq..=seq).await;
        }
    }
    let mut lagged = false;
    for _ in 0..400 {
        match timeout(PATIENCE, other.next()).await.expect("in time") {
            Ok(publication) if publication.after == Seq(400) => break,
            Ok(_) => {}
            Err(_) => lagged = true,
        }
    }
    assert!(lagged, "what does not fit is not kept");
}

/// Notes of traces: kept by event and record.
pub async fn trace_notes(notes: &dyn TraceNotes, [one, two]: [EventId; 2]) {
    let by = |span| TraceParent { trace: u128::MAX, span };
    for (event, last, span) in [(one, 3, 1), (one, 9, 2), (two, 3, 3)] {
        notes.note(event, Seq(last), by(span)).await;
    }
    let lasts = [2, 3, 7, 9].map(Seq);
    assert_eq!(notes.noted(one, &lasts).await, [by(1), by(2)]);
    assert_eq!(notes.noted(two, &lasts).await, [by(3)]);
    assert_eq!(notes.noted(one, &lasts[2..3]).await, []);
    assert_eq!(notes.noted(one, &[]).await, []);
}
