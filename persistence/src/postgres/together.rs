//! Writes of many callers in one statement: while one is under way, the next ones collect. So a
//! commit, which takes the same time for one row and for hundreds, is shared by all who wait for it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tiketi_engine::ports::StoreError;
use tokio::sync::oneshot::{self, error::TryRecvError};

/// Items in one statement.
const ITEMS_MAX: usize = 256;

/// What waits to be written.
#[derive(Debug)]
pub(super) struct Together<T> {
    waiting: Mutex<Vec<Waiting<T>>>,
    /// Whoever has it writes for all who wait.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Waiting<T> {
    item: T,
    written: oneshot::Sender<Result<(), StoreError>>,
}

impl<T> Default for Together<T> {
    fn default() -> Self {
        Self { waiting: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }
}

impl<T: Clone> Together<T> {
    /// Returns once a statement with the item in it was written. If whoever wrote it was dropped
    /// meanwhile it is written again, which must be the same as writing it once.
    ///
    /// # Errors
    /// That of the statement, for everybody whose item was in it.
    pub(super) async fn write<Written: Future<Output = Result<(), StoreError>>>(
        &self,
        item: T,
        all: impl Fn(Vec<T>) -> Written,
    ) -> Result<(), StoreError> {
        loop {
            let mut written = self.join(item.clone());
            let _turn = self.turn.lock().await;
            loop {
                match written.try_recv() {
                    Ok(result) => return result,
                    Err(TryRecvError::Empty) => self.write_some(&all).await,
                    Err(TryRecvError::Closed) => break,
                }
            }
        }
    }

    fn join(&self, item: T) -> oneshot::Receiver<Result<(), StoreError>> {
        let (written, told) = oneshot::channel();
        self.waiting().push(Waiting { item, written });
        told
    }

    /// Those who have waited longest, without whoever has gone.
    async fn write_some<Written: Future<Output = Result<(), StoreError>>>(
        &self,
        all: &impl Fn(Vec<T>) -> Written,
    ) {
        let (items, tell): (Vec<T>, Vec<_>) = {
            let mut waiting = self.waiting();
            waiting.retain(|one| !one.written.is_closed());
            let some = waiting.len().min(ITEMS_MAX);
            waiting.drain(..some).map(|one| (one.item, one.written)).unzip()
        };
        let result = all(items).await;
        for written in tell {
            let _gone = written.send(result.clone());
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting<T>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test's tasks end with its runtime")]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

    use tokio::sync::Semaphore;

    use super::*;

    /// Statements, each of which ends when the test says so.
    struct Store {
        together: Together<u32>,
        statements: Mutex<Vec<Vec<u32>>>,
        may_end: Semaphore,
        fails: AtomicBool,
    }

    impl Store {
        fn new() -> Arc<Self> {
            Arc::new(Self {
                together: Together::default(),
                statements: Mutex::default(),
                may_end: Semaphore::new(0),
                fails: AtomicBool::new(false),
            })
        }

        async fn write(self: Arc<Self>, item: u32) -> Result<(), StoreError> {
            self.together.write(item, |items| self.state(items)).await
        }

        async fn state(&self, items: Vec<u32>) -> Result<(), StoreError> {
            self.statements.lock().unwrap().push(items);
            self.may_end.acquire().await.unwrap().forget();
            let failed = StoreError::Unavailable("as the test asked".to_owned());
            if self.fails.load(SeqCst) { Err(failed) } else { Ok(()) }
        }

        fn statements(&self) -> Vec<Vec<u32>> {
            self.statements.lock().unwrap().clone()
        }
    }

    /// Lets every task go as far as it can.
    async fn settle() {
        for _ in 0..2_000 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn whoever_comes_during_a_statement_is_in_the_next_one() {
        let store = Store::new();
        let first = tokio::spawn(Arc::clone(&store).write(0));
        settle().await;
        let others: Vec<_> =
            (1..=300).map(|item| tokio::spawn(Arc::clone(&store).write(item))).collect();
        settle().await;
        assert_eq!(store.statements(), [vec![0]]);
        assert!(!first.is_finished());
        store.may_end.add_permits(3);
        first.await.unwrap().unwrap();
        for other in others {
            other.await.unwrap().unwrap();
        }
        let lens: Vec<_> = store.statements().iter().map(Vec::len).collect();
        assert_eq!(lens, [1, ITEMS_MAX, 300 - ITEMS_MAX]);
    }

    #[tokio::test]
    async fn what_a_dropped_caller_was_writing_for_others_is_written_again() {
        let store = Store::new();
        let first = tokio::spawn(Arc::clone(&store).write(0));
        settle().await;
        let [second, third] = [1, 2].map(|item| tokio::spawn(Arc::clone(&store).write(item)));
        settle().await;
        store.may_end.add_permits(1);
        first.await.unwrap().unwrap();
        settle().await;
        assert_eq!(store.statements(), [vec![0], vec![1, 2]]);
        second.abort();
        settle().await;
        store.may_end.add_permits(1);
        third.await.unwrap().unwrap();
        assert_eq!(store.statements(), [vec![0], vec![1, 2], vec![2]]);
    }

    #[tokio::test]
    async fn everybody_hears_of_a_failure_and_the_next_statement_is_tried() {
        let store = Store::new();
        store.fails.store(true, SeqCst);
        let both = [1, 2].map(|item| tokio::spawn(Arc::clone(&store).write(item)));
        store.may_end.add_permits(2);
        for one in both {
            assert!(matches!(one.await.unwrap(), Err(StoreError::Unavailable(_))));
        }
        store.fails.store(false, SeqCst);
        store.may_end.add_permits(1);
        assert_eq!(Arc::clone(&store).write(3).await, Ok(()));
    }
}
