//! Lets all groups of a scenario do what they do, at the same time.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tiketi_engine::testing::dice::Dice;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::file::{Group, Scenario};
use super::progress;
use super::user::User;
use super::world::World;
use crate::audit::History;
use crate::load::Durations;
use crate::load::open::{self, FellBehind, Opened, Rate};
use crate::load::ramp;
use crate::load::recorder::Recorded;

/// What came of a run.
pub(super) struct Driven {
    pub(super) recorded: Recorded,
    /// From the first request to the last answer.
    pub(super) took: Duration,
    /// What everybody was told.
    pub(super) history: History,
    /// How late the generator of open load was; none if there was none.
    pub(super) lag: Option<Durations>,
    /// Whether it was ended before its time.
    pub(super) interrupted: bool,
}

impl Driven {
    /// Whether the generator did not do what it was asked for.
    pub(super) fn behind(&self, scenario: &Scenario) -> Option<FellBehind> {
        let lag = self.lag.clone()?;
        let opened = Opened { lag, ..Opened::default() };
        opened.check(Duration::from_millis(scenario.lag_max_ms)).err()
    }
}

/// Runs all groups to their ends, or until they are stopped.
///
/// # Errors
/// If users cannot be made, or are not let in before a plan begins.
pub(super) async fn all(
    world: &Arc<World>,
    scenario: &Scenario,
    seed: u64,
) -> anyhow::Result<Driven> {
    let mut prepared = Vec::with_capacity(scenario.groups.len());
    for (number, group) in (1..).zip(&scenario.groups) {
        // Each group has its own chances, each user in it too.
        let chances = Dice::new(seed ^ (number << 48));
        let users = open_users(world, group, chances.clone()).await?;
        prepared.push((group.clone(), chances, users));
    }
    let started = world.begin();
    let mut running = JoinSet::new();
    for (group, chances, users) in prepared {
        let world = Arc::clone(world);
        running.spawn(async move {
            match (group.rates(), group.ramp()) {
                (Some((_, rates)), _) => on_plan(&world, users, rates).await,
                (None, Some(ramp)) => closed(&world, &group, chances, &ramp).await,
                (None, None) => Ok((Vec::new(), None)),
            }
        });
    }
    let showing = progress::show(Arc::clone(&world.recorder), scenario.lasts());
    let (mut everybody, mut lag): (_, Option<Durations>) = (Vec::new(), None);
    while let Some(ended) = running.join_next().await {
        let (users, lagged) = ended??;
        everybody.extend(users);
        if let Some(lagged) = lagged {
            lag.get_or_insert_default().add(&lagged);
        }
    }
    drop(showing);
    let (recorded, took) = (world.recorder.finish(), started.elapsed());
    let history = History::of(part(everybody).await?);
    Ok(Driven { recorded, took, history, lag, interrupted: world.stop.is_set() })
}

/// Lets everybody go; what each was told.
async fn part(users: Vec<User>) -> anyhow::Result<Vec<History>> {
    let mut parting = JoinSet::new();
    for mut user in users {
        parting.spawn(async move {
            // Whoever cannot is put out by the sale in time.
            user.leave().await.ok();
            user.history()
        });
    }
    let mut told = Vec::new();
    while let Some(history) = parting.join_next().await {
        told.push(history?);
    }
    Ok(told)
}

/// Users, and how late the generator was if there was a plan.
type Ended = (Vec<User>, Option<Durations>);

async fn closed(
    world: &Arc<World>,
    group: &Group,
    mut chances: Dice,
    ramp: &ramp::Ramp,
) -> anyhow::Result<Ended> {
    let next = || User::new(world, group, Dice::new(chances.roll()));
    Ok((ramp::run(ramp, &world.recorder.users, &world.stop, next).await?, None))
}

/// The users who take turns, all of them ready; none if the load is closed.
async fn open_users(
    world: &Arc<World>,
    group: &Group,
    mut chances: Dice,
) -> anyhow::Result<Vec<User>> {
    let many = group.rates().map_or(0, |(users, _)| users);
    let mut preparing = JoinSet::new();
    for _ in 0..many {
        let mut user = User::new(world, group, Dice::new(chances.roll()))?;
        preparing.spawn(async move {
            user.prepare().await.context("before the load began")?;
            anyhow::Ok(user)
        });
    }
    let mut users = Vec::new();
    while let Some(user) = preparing.join_next().await {
        users.push(user??);
    }
    Ok(users)
}

/// Begins turns when the plan says, each by the next user who is free.
async fn on_plan(world: &World, users: Vec<User>, rates: Vec<Rate>) -> anyhow::Result<Ended> {
    let resting = Arc::new(Resting { free: Semaphore::new(users.len()), users: Mutex::new(users) });
    let (turns, busy) = (Arc::clone(&resting), Arc::clone(&world.recorder.users));
    let opened = open::run(rates, world.stop.clone(), move |_, intended| {
        let (resting, busy) = (Arc::clone(&turns), Arc::clone(&busy));
        async move {
            busy.fetch_add(1, Ordering::Relaxed);
            let turned = resting.turn(intended).await;
            busy.fetch_sub(1, Ordering::Relaxed);
            turned
        }
    });
    let opened = opened.await;
    Ok((resting.take(), Some(opened.lag)))
}

/// Users who have nothing to do.
struct Resting {
    free: Semaphore,
    users: Mutex<Vec<User>>,
}

impl Resting {
    async fn turn(&self, intended: Instant) -> anyhow::Result<()> {
        let _permit = self.free.acquire().await?;
        let user = self.users.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut user = user.context("a permit without a user")?;
        user.turn(intended).await;
        self.users.lock().unwrap_or_else(PoisonError::into_inner).push(user);
        Ok(())
    }

    fn take(&self) -> Vec<User> {
        std::mem::take(&mut *self.users.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
