//! Closed load of users who come and go: as many at each moment as stages say, each a task that does
//! one thing after the other.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::sleep;

use super::stop::Stop;

/// How often it is seen to that there are as many users as there should be.
const TICK: Duration = Duration::from_millis(20);

/// Towards so many users, in a straight line, for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage {
    /// Users at its end.
    pub users: u32,
    /// For how long.
    pub lasts: Duration,
}

/// How many users there are at each moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ramp {
    /// Users at the beginning.
    pub from: u32,
    /// One after the other.
    pub stages: Vec<Stage>,
}

impl Ramp {
    /// For how long there are users.
    pub fn lasts(&self) -> Duration {
        self.stages.iter().map(|stage| stage.lasts).sum()
    }

    /// The most users at one time.
    pub fn peak(&self) -> u32 {
        self.stages.iter().map(|stage| stage.users).chain([self.from]).max().unwrap_or(0)
    }

    /// Users at a moment; none after the end.
    pub fn level(&self, at: Duration) -> u32 {
        let (mut from, mut begins) = (self.from, Duration::ZERO);
        for stage in &self.stages {
            if at < begins + stage.lasts {
                let share = at.saturating_sub(begins).as_secs_f64() / stage.lasts.as_secs_f64();
                let (from, to) = (f64::from(from), f64::from(stage.users));
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "between two numbers of users"
                )]
                return (from + (to - from) * share).round() as u32;
            }
            (from, begins) = (stage.users, begins + stage.lasts);
        }
        0
    }
}

/// Somebody who does the same over and over.
pub trait User: Send + 'static {
    /// Does it once, and sees to its own failures.
    fn round(&mut self) -> impl Future<Output = ()> + Send;

    /// How long to wait before doing it again.
    fn pause(&mut self) -> Duration;
}

/// Lets users come and go until the ramp ends, or is stopped, and the last has finished its round;
/// all of them.
/// `present` is moved up and down by as many as there are.
///
/// # Errors
/// If a user panics, or cannot be made.
pub async fn run<U: User>(
    ramp: &Ramp,
    present: &Arc<AtomicU32>,
    stop: &Stop,
    mut next: impl FnMut() -> anyhow::Result<U>,
) -> anyhow::Result<Vec<U>> {
    let (started, lasts) = (Instant::now(), ramp.lasts());
    let crowd = Arc::new(Crowd {
        wanted: AtomicU32::new(0),
        here: AtomicU32::new(0),
        present: Arc::clone(present),
        ends: started + lasts,
    });
    let (mut users, mut gone) = (JoinSet::new(), Vec::new());
    while started.elapsed() < lasts && !stop.is_set() {
        let wanted = ramp.level(started.elapsed());
        crowd.wanted.store(wanted, Ordering::Relaxed);
        while crowd.here.load(Ordering::Relaxed) < wanted {
            crowd.come();
            users.spawn(stay(next()?, Arc::clone(&crowd), stop.clone()));
        }
        while let Some(user) = users.try_join_next() {
            gone.push(user?);
        }
        sleep(TICK).await;
    }
    crowd.wanted.store(0, Ordering::Relaxed);
    while let Some(user) = users.join_next().await {
        gone.push(user?);
    }
    Ok(gone)
}

async fn stay<U: User>(mut user: U, crowd: Arc<Crowd>, mut stop: Stop) -> U {
    loop {
        user.round().await;
        if crowd.one_may_go() {
            return user;
        }
        // Nobody waits beyond the end.
        let left = crowd.ends.saturating_duration_since(Instant::now());
        tokio::select! {
            () = sleep(user.pause().min(left)) => {}
            () = stop.set() => {
                crowd.wanted.store(0, Ordering::Relaxed);
            }
        }
        if crowd.one_may_go() {
            return user;
        }
    }
}

/// Who is here, and how many should be.
struct Crowd {
    wanted: AtomicU32,
    here: AtomicU32,
    present: Arc<AtomicU32>,
    ends: Instant,
}

impl Crowd {
    fn come(&self) {
        self.here.fetch_add(1, Ordering::Relaxed);
        self.present.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether there is one too many; whoever is told so has left.
    fn one_may_go(&self) -> bool {
        let wanted = match self.ends.checked_duration_since(Instant::now()) {
            Some(left) if !left.is_zero() => self.wanted.load(Ordering::Relaxed),
            _ => 0,
        };
        let one_less = |here: u32| (here > wanted).then(|| here - 1);
        let left = self.here.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok();
        if left {
            self.present.fetch_sub(1, Ordering::Relaxed);
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn stage(users: u32, seconds: u64) -> Stage {
        Stage { users, lasts: Duration::from_secs(seconds) }
    }

    #[test]
    fn a_ramp_goes_in_straight_lines() {
        let ramp = Ramp { from: 0, stages: vec![stage(100, 10), stage(100, 5), stage(20, 4)] };
        let levels = [(0, 0), (1, 10), (5, 50), (10, 100), (14, 100), (16, 80), (18, 40), (19, 0)];
        for (at, users) in levels {
            assert_eq!(ramp.level(Duration::from_secs(at)), users, "after {at} s");
        }
        assert_eq!((ramp.lasts(), ramp.peak()), (Duration::from_secs(19), 100));
    }

    /// Counts the rounds of everybody.
    struct Counting(Arc<AtomicU32>);

    impl User for Counting {
        async fn round(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }

        fn pause(&mut self) -> Duration {
            Duration::from_mins(1)
        }
    }

    #[tokio::test]
    async fn everybody_comes_does_something_and_goes() {
        let (rounds, present) = (Arc::new(AtomicU32::new(0)), Arc::default());
        let stages = vec![Stage { users: 3, lasts: Duration::from_millis(60) }];
        let made = || Ok(Counting(Arc::clone(&rounds)));
        let gone = run(&Ramp { from: 3, stages }, &present, &Stop::never(), made).await.unwrap();
        assert_eq!((gone.len(), present.load(Ordering::Relaxed)), (3, 0));
        // Nobody does it twice: a pause is a minute, or whatever is left.
        assert_eq!(rounds.load(Ordering::Relaxed), 3);
    }
}
