//! One user: a task that does one thing after the other, over connections that all users share.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use tiketi_engine::testing::dice::Dice;
use tokio::time::sleep;

use super::file::{Action, Group};
use super::holder::Holder;
use super::waiter::Waiter;
use super::watcher::Watcher;
use super::world::World;
use crate::audit::{History, ToldPlace, moment};
use crate::load::asker::Asker;
use crate::load::pool::Request;
use crate::load::ramp;
use crate::load::recorder::Step;
use crate::sellout::Buyer;
use crate::stage::Signing;

/// How long somebody waits who cannot go on, so that a server that is down is not stormed.
const AFTER_FAILURE: Duration = Duration::from_millis(100);
/// Tickets that a fan buys at most.
const TICKETS_MAX: u64 = 4;

/// See the module.
pub(super) struct User {
    doing: Doing,
    world: Arc<World>,
    dice: Dice,
    pause_ms: [u64; 2],
}

/// What a user does.
enum Doing {
    Browse(Asker),
    Hold(Holder),
    Contend(Holder),
    Waver(Holder),
    Watch(Watcher),
    Buy(Buyer),
    Wait(Waiter),
    Operate(Asker, Signing),
}

impl User {
    /// Somebody who has not done anything.
    ///
    /// # Errors
    /// If it has to be signed in and cannot be.
    pub(super) fn new(world: &Arc<World>, group: &Group, dice: Dice) -> anyhow::Result<Self> {
        let asker = world.asker();
        let doing = match group.action {
            Action::Browse => Doing::Browse(asker),
            Action::Hold => Doing::Hold(Holder::new(asker, world.signing()?)),
            Action::Contention => Doing::Contend(Holder::new(asker, world.signing()?)),
            Action::Waver => Doing::Waver(Holder::new(asker, world.signing()?)),
            Action::Watch => Doing::Watch(Watcher::new(asker)),
            Action::Purchase => Doing::Buy(Buyer::new(asker, world.signing()?, world.event)),
            Action::Queue => Doing::Wait(Waiter::new(asker, world.signing()?)),
            Action::Operate => Doing::Operate(asker, world.signing()?),
        };
        Ok(Self { doing, world: Arc::clone(world), dice, pause_ms: group.pause_ms })
    }

    /// Does what must be done once before a plan begins.
    ///
    /// # Errors
    /// If it is not let in.
    pub(super) async fn prepare(&mut self) -> anyhow::Result<()> {
        match &mut self.doing {
            Doing::Hold(holder) | Doing::Contend(holder) | Doing::Waver(holder) => {
                holder.enter(&self.world).await
            }
            Doing::Browse(_)
            | Doing::Watch(_)
            | Doing::Buy(_)
            | Doing::Wait(_)
            | Doing::Operate(..) => Ok(()),
        }
    }

    /// Does it once, beginning at the moment that a plan says.
    pub(super) async fn turn(&mut self, intended: Instant) {
        self.asker().intend(intended);
        ramp::User::round(self).await;
    }

    /// Leaves the sale, if it is in it: the next run is to find room.
    ///
    /// # Errors
    /// If it cannot.
    pub(super) async fn leave(&mut self) -> anyhow::Result<()> {
        match &mut self.doing {
            Doing::Hold(holder) | Doing::Contend(holder) | Doing::Waver(holder) => {
                holder.leave(&self.world).await
            }
            Doing::Wait(waiter) => waiter.leave(&self.world).await,
            Doing::Browse(_) | Doing::Watch(_) | Doing::Buy(_) | Doing::Operate(..) => Ok(()),
        }
    }

    /// What it was told.
    pub(super) fn history(self) -> History {
        match self.doing {
            Doing::Hold(holder) | Doing::Contend(holder) | Doing::Waver(holder) => holder.history,
            Doing::Buy(buyer) => buyer.history,
            Doing::Wait(waiter) => waiter.history,
            Doing::Browse(_) | Doing::Watch(_) | Doing::Operate(..) => History::default(),
        }
    }

    fn asker(&mut self) -> &mut Asker {
        match &mut self.doing {
            Doing::Browse(asker) | Doing::Operate(asker, _) => asker,
            Doing::Hold(holder) | Doing::Contend(holder) | Doing::Waver(holder) => {
                &mut holder.asker
            }
            Doing::Watch(watcher) => &mut watcher.asker,
            Doing::Buy(buyer) => &mut buyer.asker,
            Doing::Wait(waiter) => &mut waiter.asker,
        }
    }

    async fn once(&mut self) -> anyhow::Result<()> {
        let (world, dice) = (&*self.world, &mut self.dice);
        match &mut self.doing {
            Doing::Browse(asker) => browse(asker, world).await,
            Doing::Hold(holder) => holder.hold_best(world, dice).await,
            Doing::Contend(holder) => holder.hold_of_row(world, dice).await,
            Doing::Waver(holder) => holder.waver(world).await,
            Doing::Watch(watcher) => watcher.watch(world).await,
            Doing::Buy(buyer) => buy(buyer, world, dice).await,
            Doing::Wait(waiter) => waiter.ask(world).await,
            Doing::Operate(asker, signing) => operate(asker, signing, world).await,
        }
    }
}

impl ramp::User for User {
    async fn round(&mut self) {
        if let Err(error) = self.once().await {
            self.asker().give_up(&error);
            sleep(AFTER_FAILURE).await;
        }
    }

    fn pause(&mut self) -> Duration {
        let [least, most] = self.pause_ms;
        Duration::from_millis(least + self.dice.below(most - least + 1))
    }
}

async fn browse(asker: &mut Asker, world: &World) -> anyhow::Result<()> {
    asker.ask(Step::Events, Request::read("/api/v1/events"), &[]).await?;
    let event = format!("/api/v1/events/{}", world.event);
    let cookie = world.visitor();
    let request = Request { cookie: cookie.as_deref(), ..Request::read(&event) };
    asker.ask(Step::Event, request, &[]).await?;
    asker.ask(Step::Chart, Request::read(&world.chart), &[]).await?;
    Ok(())
}

async fn operate(asker: &mut Asker, signing: &Signing, world: &World) -> anyhow::Result<()> {
    let cookie = signing.operator(1)?;
    let overview = format!("/api/v1/operator/events/{}", world.event);
    asker.ask(Step::Overview, Request::read_by(&cookie, &overview), &[]).await?;
    let sales = format!("{overview}/sales");
    asker.ask(Step::Sales, Request::read_by(&cookie, &sales), &[]).await?;
    Ok(())
}

async fn buy(buyer: &mut Buyer, world: &World, dice: &mut Dice) -> anyhow::Result<()> {
    let fan = world.fan();
    let asked = moment(Instant::now());
    if let Some(number) = buyer.join(fan).await? {
        let told = moment(Instant::now());
        buyer.history.places.push(ToldPlace { fan, number, asked, told });
    }
    let seats = u32::try_from(1 + dice.below(TICKETS_MAX))?;
    let bought = buyer.buy(fan, seats).await;
    // Whatever was asked for and not answered may have been done.
    buyer.history.unknown += u64::from(bought.is_err());
    ensure!(bought?.is_some(), "no seat is left: the arena needs more places");
    Ok(())
}
