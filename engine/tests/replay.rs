//! Looking back: every state that a sale was in, without owning it.
#![cfg(test)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tiketi_engine::domain::change::Change;
use tiketi_engine::domain::ids::{DeedNumber, EventId, Fence, Seq};
use tiketi_engine::domain::rows::Rows;
use tiketi_engine::domain::sale::Sale;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::journal::{Append, Batch, ChainHash};
use tiketi_engine::ports::{Journal as _, StoredSnapshot};
use tiketi_engine::replay::{ReplayConfig, ReplayError, Replays};
use tiketi_engine::testing::dice::Dice;
use tiketi_engine::testing::history::{History, history};
use tiketi_engine::testing::memory::{MemoryCatalog, MemoryJournal};

const EVENT: EventId = EventId::new(7);

struct Rig {
    journal: Arc<MemoryJournal>,
    catalog: Arc<MemoryCatalog>,
    /// The hash of the state after each record, from the first on.
    states: Vec<[u8; 32]>,
    history: History,
}

impl Rig {
    /// A history whose batches have one record or several, as chance has it.
    async fn new(seed: u64, requests: u32) -> Self {
        let (journal, catalog) = (Arc::<MemoryJournal>::default(), Arc::<MemoryCatalog>::default());
        let mut history = history(EVENT, seed, requests);
        let records = history.records();
        let mut sale = Sale::open(EVENT, Arc::clone(&history.chart), &records[0]);
        let mut states = vec![sale.state_hash()];
        for record in &records[1..] {
            sale.apply(record);
            states.push(sale.state_hash());
        }
        regroup(&mut history, seed);
        let all = history.appends.len();
        history.write(&*journal, &*catalog, all).await;
        Self { journal, catalog, states, history }
    }

    fn replays(&self, config: ReplayConfig) -> Replays {
        Replays::new(Arc::clone(&self.journal) as _, Arc::clone(&self.catalog) as _, config)
    }

    fn last(&self) -> Seq {
        Seq(self.states.len() as u64)
    }

    async fn check(&self, replays: &Replays, record: u64) {
        let past = replays.state(EVENT, Some(Seq(record))).await.unwrap();
        let at = usize::try_from(record - 1).unwrap();
        assert_eq!((past.sale.seq(), past.last), (Seq(record), self.last()));
        assert_eq!(past.sale.state_hash(), self.states[at], "after record {record}");
    }
}

/// Puts some of the batches that follow on each other together.
fn regroup(history: &mut History, seed: u64) {
    let records = history.records();
    let mut sale = Sale::open(EVENT, Arc::clone(&history.chart), &records[0]);
    let (mut dice, mut hash, mut from) = (Dice::new(seed), ChainHash::default(), 0);
    let mut grouped: Vec<Append> = Vec::new();
    for (index, record) in records.iter().enumerate() {
        if index > 0 {
            sale.apply(record);
        }
        if index == 0 || index + 1 == records.len() || dice.once_in(3) {
            let group = &records[from..=index];
            let batch = Batch::seal(EVENT, Fence(0), hash, group);
            (hash, from) = (batch.hash, index + 1);
            grouped.push(Append { batch, rows: Rows::of(&sale, group) });
        }
    }
    history.appends = grouped;
}

#[tokio::test]
async fn every_state_of_a_history_is_shown_as_it_was() {
    for seed in 1..=4 {
        let rig = Rig::new(seed, 800).await;
        let within = |batch: &Batch| batch.last > batch.first.next();
        assert!(rig.history.appends.iter().any(|append| within(&append.batch)));
        assert!(rig.last() > Seq(150), "{} records", rig.last());
        let small = ReplayConfig { batches: 7, keep_every: 20, ..ReplayConfig::default() };
        let forth = rig.replays(small);
        for record in 1..=rig.last().0 {
            rig.check(&forth, record).await;
        }
        let back = rig.replays(small);
        for record in (1..=rig.last().0).rev() {
            rig.check(&back, record).await;
        }
        let (anyhow, mut dice) = (rig.replays(ReplayConfig::default()), Dice::new(seed));
        for _ in 0..100 {
            rig.check(&anyhow, 1 + dice.below(rig.last().0)).await;
        }
    }
}

#[tokio::test]
async fn a_snapshot_is_begun_with_if_it_is_not_too_new_and_of_this_release() {
    let rig = Rig::new(5, 200).await;
    let middle = rig.history.appends.len() / 2;
    let batch = &rig.history.appends[middle].batch;
    let at = rig.replays(ReplayConfig::default()).state(EVENT, Some(batch.last)).await.unwrap();
    let stored = StoredSnapshot { seq: batch.last, hash: batch.hash, state: at.sale.snapshot() };
    rig.journal.save_snapshot(EVENT, &stored).await.unwrap();
    let ends = [1, batch.last.0 - 1, batch.last.0, batch.last.0 + 1, rig.last().0];
    for record in ends {
        rig.check(&rig.replays(ReplayConfig::default()), record).await;
    }
    let other = StoredSnapshot { seq: batch.last.next(), hash: [9; 32], state: vec![0, 1] };
    rig.journal.save_snapshot(EVENT, &other).await.unwrap();
    for record in ends {
        rig.check(&rig.replays(ReplayConfig::default()), record).await;
    }
}

#[tokio::test]
async fn looking_back_moves_no_fence_and_disturbs_no_owner() {
    let rig = Rig::new(6, 100).await;
    let replays = rig.replays(ReplayConfig::default());
    let appends = rig.journal.appends();
    for record in [1, 20, rig.last().0] {
        rig.check(&replays, record).await;
    }
    replays.records(EVENT, None, 50).await.unwrap();
    assert_eq!(rig.journal.appends(), appends, "nothing was written");
    let taken = rig.journal.take_over(EVENT).await.unwrap();
    assert_eq!((taken.fence, taken.seq), (Fence(1), rig.last()), "nobody took over before");
}

#[tokio::test]
async fn what_is_not_there_is_said() {
    let rig = Rig::new(7, 50).await;
    let replays = rig.replays(ReplayConfig::default());
    let last = rig.last();
    for record in [Seq(0), last.next(), Seq(u64::MAX)] {
        let unknown = Some(ReplayError::UnknownRecord { last });
        assert_eq!(replays.state(EVENT, Some(record)).await.err(), unknown);
        assert_eq!(replays.records(EVENT, Some(record), 5).await.err(), unknown);
    }
    let other = EventId::new(8);
    assert_eq!(replays.state(other, None).await.err(), Some(ReplayError::UnknownEvent));
    rig.journal.damage(EVENT);
    let damaged = replays.state(EVENT, None).await.err();
    assert!(matches!(damaged, Some(ReplayError::Damaged(_))), "{damaged:?}");
    rig.journal.set_down(true);
    let down = replays.state(EVENT, None).await.err();
    assert!(matches!(down, Some(ReplayError::Unavailable(_))), "{down:?}");
}

#[tokio::test]
async fn one_more_replay_than_may_be_is_refused_and_a_long_one_goes_on_when_asked_again() {
    let rig = Rig::new(8, 300).await;
    let none = rig.replays(ReplayConfig { at_once_max: 0, ..ReplayConfig::default() });
    assert_eq!(none.state(EVENT, None).await.err(), Some(ReplayError::Busy));
    let config = ReplayConfig { batches: 40, within: Duration::ZERO, ..ReplayConfig::default() };
    let hurried = rig.replays(config);
    let mut refused = 0;
    let past = loop {
        match hurried.state(EVENT, None).await {
            Ok(past) => break past,
            Err(error) => assert_eq!(error, ReplayError::Busy),
        }
        refused += 1;
    };
    assert_eq!(past.sale.state_hash(), *rig.states.last().unwrap());
    assert_eq!(refused, (rig.history.appends.len() - 2) / 40, "each time a page further");
}

#[tokio::test]
async fn records_are_read_from_anywhere_with_their_batch() {
    let rig = Rig::new(9, 200).await;
    let replays = rig.replays(ReplayConfig::default());
    let all = rig.history.records();
    for (from, limit) in [(1, 10), (17, 40), (rig.last().0 - 3, 40), (rig.last().0, 1)] {
        let (read, last) = replays.records(EVENT, Some(Seq(from)), limit).await.unwrap();
        assert_eq!(last, rig.last());
        let start = usize::try_from(from - 1).unwrap();
        let expected = all[start..].iter().take(limit as usize);
        assert!(read.iter().map(|of| &of.record).eq(expected), "{limit} from {from}");
        for of in &read {
            let batch = rig.journal.batch_with(EVENT, of.record.seq).await.unwrap();
            assert_eq!((of.batch, of.fence), (batch.first, batch.fence));
        }
    }
    let (latest, last) = replays.records(EVENT, None, 5).await.unwrap();
    assert_eq!(latest.iter().map(|of| of.record.seq.0).collect::<Vec<_>>(), {
        (last.0 - 4..=last.0).collect::<Vec<_>>()
    });
}

#[tokio::test]
async fn the_records_of_a_deed_are_found_by_its_number() {
    let rig = Rig::new(11, 800).await;
    let replays = rig.replays(ReplayConfig { batches: 5, ..ReplayConfig::default() });
    let all = rig.history.records();
    let of = |deed| all.iter().filter(move |record| record.by.deed() == Some(deed));
    let mut found = 0;
    for record in &all {
        let Some(deed) = record.by.deed() else { continue };
        for early in [0, 1_500, 60_000] {
            // The owner's clock may be behind, and the deed may have waited.
            let entered_at = Timestamp::from_millis(record.at.as_millis() + 1_500 - early);
            let (read, last) = replays.of_deed(EVENT, deed, entered_at).await.unwrap();
            assert!(read.iter().map(|of| &of.record).eq(of(deed)), "{deed:?}");
            assert_eq!(last, rig.last());
            found += read.len();
        }
        let (other, _) = replays.of_deed(EVENT, DeedNumber(u64::MAX), record.at).await.unwrap();
        assert_eq!(other, []);
    }
    assert!(found > 10, "{found}");
    let later = all.last().unwrap().at.after(Duration::from_secs(3));
    assert_eq!(replays.of_deed(EVENT, DeedNumber(1), later).await, Ok((Vec::new(), rig.last())));
}

#[tokio::test]
async fn how_often_places_were_held_is_counted_over_the_last_records() {
    let rig = Rig::new(10, 800).await;
    let config = ReplayConfig { counted_max: 60, batches: 5, ..ReplayConfig::default() };
    let replays = rig.replays(config);
    let all = rig.history.records();
    let mut most = 0;
    let last = rig.last().0;
    for to in [1, 30, 60, 61, last].into_iter().chain((100..last).step_by(60)) {
        let held = replays.times_held(EVENT, Some(Seq(to))).await.unwrap();
        let from = to.saturating_sub(59).max(1);
        assert_eq!((held.from, held.to), (Seq(from), Seq(to)));
        let mut expected = BTreeMap::new();
        for record in all.iter().filter(|record| (from..=to).contains(&record.seq.0)) {
            let items = match &record.change {
                Change::HoldPlaced { items, .. } => items,
                Change::HoldChanged { added, .. } => added,
                _ => continue,
            };
            for item in items {
                *expected.entry(item.place).or_insert(0) += 1;
            }
        }
        most = most.max(expected.values().copied().max().unwrap_or(0));
        assert_eq!(held.places, expected, "up to record {to}");
    }
    assert!(most > 1, "some were held again");
    let unknown = replays.times_held(EVENT, Some(Seq(0))).await.err();
    assert_eq!(unknown, Some(ReplayError::UnknownRecord { last: rig.last() }));
}
