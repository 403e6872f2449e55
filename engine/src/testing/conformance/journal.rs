//! The journal: order, fencing, atomicity, recovery.

use std::sync::Arc;

use super::Owner;
use crate::domain::chart::Chart;
use crate::domain::command::{Command, Origin};
use crate::domain::ids::{AccountId, DeedNumber, EventId, FanId, Fence, Seq};
use crate::domain::sale::Sale;
use crate::journal::{Batch, ChainHash};
use crate::ports::{Journal, JournalError, StoredSnapshot};

/// [`Journal`]: order, fencing, atomicity, recovery.
///
/// # Panics
/// If the adapter does not conform.
pub async fn journal(journal: &dyn Journal, event: EventId) {
    let missing = EventId::new(event.number() + 1);
    assert_eq!(journal.take_over(missing).await, Err(JournalError::NotFound));
    assert_eq!(journal.recover(missing).await, Err(JournalError::NotFound));
    assert_eq!(journal.batches(missing, Seq(0), 9).await, Err(JournalError::NotFound));
    assert_eq!(journal.batch_with(missing, Seq(1)).await, Err(JournalError::NotFound));
    assert_eq!(journal.snapshot(missing).await, Ok(None));

    let mut owner = Owner::open(journal, event).await.expect("opened");
    assert_eq!(owner.fence, Fence(1), "the first owner");
    let again = Owner::open(journal, event).await;
    assert_eq!(again.err(), Some(JournalError::Exists), "a journal begins once");

    let by = |fan: u64| Origin::Fan(FanId::new(fan));
    for fan in 1..=5 {
        owner.run(journal, by(fan), Command::Join).await.expect("appended");
    }
    let recovered = journal.recover(event).await.expect("recovered");
    assert_eq!(recovered.snapshot, None);
    assert_eq!(recovered.batches.len(), 6);
    assert_eq!(
        replayed(owner.chart(), event, &recovered.batches).state_hash(),
        owner.sale.state_hash()
    );
    let some = journal.batches(event, Seq(1), 2).await.expect("read");
    assert_eq!(some, recovered.batches[1..3], "after the first record, two of them");

    let last = recovered.batches.last().expect("not empty");
    for batch in &recovered.batches {
        for record in batch.first.0..=batch.last.0 {
            let with = journal.batch_with(event, Seq(record)).await;
            assert_eq!(with.as_ref(), Ok(batch), "also what is in its middle");
        }
    }
    for beyond in [last.last.next(), Seq(u64::MAX)] {
        assert_eq!(journal.batch_with(event, beyond).await.as_ref(), Ok(last));
    }
    assert_eq!(journal.batch_with(event, Seq(0)).await, Err(JournalError::NotFound));

    refuses_what_does_not_follow(journal, &mut owner).await;
    keeps_the_newest_snapshot(journal, &mut owner).await;
    keeps_which_deed_it_was(journal, &mut owner).await;
    fences_the_old_owner(journal, owner).await;
}

async fn refuses_what_does_not_follow(journal: &dyn Journal, owner: &mut Owner) {
    let event = owner.sale.event();
    let (records, _) = owner.decide(Origin::Fan(FanId::new(6)), Command::Join);
    let append = owner.seal(&records);
    let altered = |change: fn(&mut Batch)| {
        let mut append = append.clone();
        change(&mut append.batch);
        append
    };
    let before = journal.recover(event).await.expect("recovered");
    let other_fence = altered(|batch| batch.fence = Fence(batch.fence.0 + 1));
    assert_eq!(journal.append(&other_fence).await, Err(JournalError::Fenced));
    let stale = altered(|batch| batch.fence = Fence(batch.fence.0 - 1));
    assert_eq!(journal.append(&stale).await, Err(JournalError::Fenced));
    let gap = altered(|batch| batch.first = batch.first.next());
    assert_eq!(journal.append(&gap).await, Err(JournalError::Fenced));
    let broken = altered(|batch| batch.prev_hash = [7; 32]);
    assert_eq!(journal.append(&broken).await, Err(JournalError::Fenced));
    assert_eq!(journal.recover(event).await, Ok(before), "a refused batch leaves nothing");
    assert_eq!(journal.append(&append).await, Ok(()));
    assert_eq!(journal.append(&append).await, Err(JournalError::Fenced), "not twice");
}

async fn keeps_the_newest_snapshot(journal: &dyn Journal, owner: &mut Owner) {
    let event = owner.sale.event();
    let (seq, hash) = (owner.sale.seq(), owner.hash);
    let snapshot = StoredSnapshot { seq, hash, state: owner.sale.snapshot() };
    journal.save_snapshot(event, &snapshot).await.expect("saved");
    let older = StoredSnapshot { seq: Seq(1), hash: [0; 32], state: vec![1] };
    journal.save_snapshot(event, &older).await.expect("ignored");
    owner.run(journal, Origin::Fan(FanId::new(7)), Command::Join).await.expect("appended");
    let recovered = journal.recover(event).await.expect("recovered");
    assert_eq!(journal.snapshot(event).await, Ok(Some(snapshot.clone())));
    assert_eq!(recovered.snapshot, Some(snapshot));
    assert_eq!(recovered.batches.len(), 1, "only what the snapshot does not have");
    assert_eq!(recovered.batches[0].first, seq.next());
}

async fn keeps_which_deed_it_was(journal: &dyn Journal, owner: &mut Owner) {
    let (event, prev_hash) = (owner.sale.event(), owner.hash);
    let by = Origin::Operator(AccountId::new(1), Some(DeedNumber(70_000)));
    let (records, _) = owner.decide(by, Command::SetRate(Some(5)));
    journal.append(&owner.seal(&records)).await.expect("appended");
    let batch = journal.batch_with(event, owner.sale.seq()).await.expect("read");
    let before = Seq(owner.sale.seq().0 - 1);
    assert_eq!(batch.open(before, prev_hash), Ok(records), "with its deed");
}

async fn fences_the_old_owner(journal: &dyn Journal, mut old: Owner) {
    let (event, before) = (old.sale.event(), old.hash);
    let taken = journal.take_over(event).await.expect("taken over");
    assert!(taken.fence > old.fence, "fences grow");
    assert_eq!(taken.hash, before, "all that was appended, and not what was refused");
    let stale = old.run(journal, Origin::Fan(FanId::new(8)), Command::Join).await;
    assert_eq!(stale.err(), Some(JournalError::Fenced));
    let batches = journal.batches(event, Seq(0), u32::MAX).await.expect("read");
    let sale = replayed(old.chart(), event, &batches);
    let mut new = Owner { sale, fence: taken.fence, hash: batches.last().expect("not empty").hash };
    new.run(journal, Origin::Fan(FanId::new(9)), Command::Join).await.expect("appended");
}

fn replayed(chart: &Arc<Chart>, event: EventId, batches: &[Batch]) -> Sale {
    let mut sale: Option<Sale> = None;
    let (mut seq, mut hash) = (Seq(0), ChainHash::default());
    for batch in batches {
        for record in batch.open(seq, hash).expect("the chain is whole") {
            match &mut sale {
                None => sale = Some(Sale::open(event, Arc::clone(chart), &record)),
                Some(sale) => sale.apply(&record),
            }
        }
        (seq, hash) = (batch.last, batch.hash);
    }
    sale.expect("the journal is not empty")
}
