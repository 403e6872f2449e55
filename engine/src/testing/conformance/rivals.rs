//! Two nodes that both believe that an event is theirs.

use std::time::Duration;

use super::Owner;
use crate::domain::command::{Command, Origin};
use crate::domain::ids::{EventId, FanId, Seq};
use crate::journal::Append;
use crate::ports::{Journal, JournalError};

/// [`Journal`] under two owners: `one` and `other` are two connections to the same journals.
///
/// # Panics
/// If the adapter does not conform.
pub async fn rivals(one: &dyn Journal, other: &dyn Journal, event: EventId) {
    let (first, second) = tokio::join!(Owner::open(one, event), Owner::open(other, event));
    let mut owner = match (first, second) {
        (Ok(owner), Err(JournalError::Exists)) | (Err(JournalError::Exists), Ok(owner)) => owner,
        both => panic!("a journal begins once: {both:?}"),
    };
    one_of_two_owners_remains(one, other, &mut owner).await;
    no_append_slips_past_a_take_over(one, other, &mut owner).await;
    a_take_over_settles_an_append_in_doubt(one, &mut owner).await;
}

async fn one_of_two_owners_remains(one: &dyn Journal, other: &dyn Journal, owner: &mut Owner) {
    let event = owner.sale.event();
    for round in 0..10 {
        let (first, second) = tokio::join!(one.take_over(event), other.take_over(event));
        let (first, second) = (first.expect("taken over"), second.expect("taken over"));
        assert_eq!((first.seq, first.hash), (second.seq, second.hash));
        assert_ne!(first.fence, second.fence, "no fence is given twice");
        let append = next(owner, 100 + round);
        for (journal, fence) in [(one, first.fence), (other, second.fence)] {
            let mut append = append.clone();
            append.batch.fence = fence;
            let is_owner = fence == first.fence.max(second.fence);
            let expected = if is_owner { Ok(()) } else { Err(JournalError::Fenced) };
            assert_eq!(journal.append(&append).await, expected);
        }
        owner.fence = first.fence.max(second.fence);
    }
}

async fn no_append_slips_past_a_take_over(
    one: &dyn Journal,
    other: &dyn Journal,
    owner: &mut Owner,
) {
    let event = owner.sale.event();
    for round in 0..30 {
        let mut append = next(owner, 200 + round);
        let (appended, taken) = if round % 2 == 0 {
            tokio::join!(one.append(&append), other.take_over(event))
        } else {
            let (taken, appended) = tokio::join!(other.take_over(event), one.append(&append));
            (appended, taken)
        };
        let taken = taken.expect("taken over");
        match appended {
            Ok(()) => assert_eq!(taken.hash, append.batch.hash, "what was acknowledged is seen"),
            Err(JournalError::Fenced) => {
                assert_eq!(taken.hash, append.batch.prev_hash, "what was refused is not there");
                append.batch.fence = taken.fence;
                other.append(&append).await.expect("appended by the new owner");
            }
            Err(error) => panic!("neither appended nor refused: {error}"),
        }
        owner.fence = taken.fence;
    }
}

/// Whoever waits for an append gives up; the statement may be on its way, or never have left.
async fn a_take_over_settles_an_append_in_doubt(journal: &dyn Journal, owner: &mut Owner) {
    let event = owner.sale.event();
    for (round, micros) in [0, 50, 200, 500, 1_000, 2_000, 5_000].into_iter().enumerate() {
        let mut append = next(owner, 300 + round as u64);
        let patience = Duration::from_micros(micros);
        let answer = tokio::time::timeout(patience, journal.append(&append)).await;
        let taken = journal.take_over(event).await.expect("taken over");
        let happened = taken.hash == append.batch.hash;
        assert!(happened || answer.is_err(), "what was acknowledged is seen");
        tokio::time::sleep(Duration::from_millis(20)).await;
        let batches = journal.batches(event, Seq(0), u32::MAX).await.expect("read");
        let last = batches.last().expect("not empty");
        assert_eq!((last.last, last.hash), (taken.seq, taken.hash), "it stays as it was settled");
        if !happened {
            append.batch.fence = taken.fence;
            journal.append(&append).await.expect("appended anew");
        }
        owner.fence = taken.fence;
    }
}

/// The next batch: one more fan in line.
fn next(owner: &mut Owner, fan: u64) -> Append {
    let (records, _) = owner.decide(Origin::Fan(FanId::new(fan)), Command::Join);
    owner.seal(&records)
}
