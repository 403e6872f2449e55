//! A fan inside who holds seats and lets go of them.

use std::time::{Duration, Instant};

use anyhow::bail;
use tiketi_engine::domain::ids::FanId;
use tiketi_engine::testing::dice::Dice;
use tokio::time::sleep;

use super::world::World;
use crate::audit::{History, moment};
use crate::load::asker::Asker;
use crate::load::pool::Request;
use crate::load::recorder::Step;
use crate::stage::Signing;

/// How often a fan asks whether it is the fan's turn, and for how long.
const ASK_EVERY: Duration = Duration::from_millis(100);
const TURN_WITHIN: Duration = Duration::from_mins(1);
/// Seats that are held together at most.
const SEATS_MAX: u64 = 4;

/// See the module.
pub(super) struct Holder {
    pub(super) asker: Asker,
    signing: Signing,
    /// Who is inside.
    fan: Option<FanId>,
    /// The seat that the fan has taken for itself, and its hold.
    seat: Option<(u32, String)>,
    pub(super) history: History,
}

impl Holder {
    /// Nobody yet.
    pub(super) fn new(asker: Asker, signing: Signing) -> Self {
        Self { asker, signing, fan: None, seat: None, history: History::default() }
    }

    /// Joins the waiting room and takes the turn, unless that is done.
    ///
    /// # Errors
    /// If the fan is not let in.
    pub(super) async fn enter(&mut self, world: &World) -> anyhow::Result<()> {
        if self.fan.is_some() {
            return Ok(());
        }
        let fan = world.fan();
        let cookie = self.signing.cookie(fan.number())?;
        let queue = format!("/api/v1/events/{}/queue", world.event);
        self.asker.ask(Step::Join, Request::by(&cookie, "POST", &queue), &[]).await?;
        let claim = format!("{queue}/claim");
        let give_up_at = Instant::now() + TURN_WITHIN;
        while Instant::now() < give_up_at {
            let request = Request::by(&cookie, "POST", &claim);
            if self.asker.ask(Step::Claim, request, &["not_called"]).await?.is_granted() {
                self.fan = Some(fan);
                return Ok(());
            }
            sleep(ASK_EVERY).await;
        }
        bail!("a fan was not let in within {TURN_WITHIN:?}: the event lets too few in")
    }

    /// Goes, so that the next run finds room.
    ///
    /// # Errors
    /// If the fan cannot.
    pub(super) async fn leave(&mut self, world: &World) -> anyhow::Result<()> {
        let Some(fan) = self.fan.take() else { return Ok(()) };
        if let Some((_, hold)) = self.seat.take() {
            let cookie = self.signing.cookie(fan.number())?;
            self.release(&cookie, &hold).await?;
        }
        leave(&mut self.asker, &self.signing, world, fan).await
    }

    /// Holds a few of the best seats there are, and lets go of them.
    ///
    /// # Errors
    /// If anything else than that comes of it.
    pub(super) async fn hold_best(&mut self, world: &World, dice: &mut Dice) -> anyhow::Result<()> {
        let quantity = 1 + dice.below(SEATS_MAX);
        let body = format!(
            r#"{{"type":"best_available","quantity":{quantity},"ticket_type":"{}"}}"#,
            world.ticket_type
        );
        self.hold_and_release(world, &body, &["not_enough"]).await
    }

    /// Wants one seat of the first row, and lets go of it if it was there to be had.
    ///
    /// # Errors
    /// If anything else than that comes of it.
    pub(super) async fn hold_of_row(
        &mut self,
        world: &World,
        dice: &mut Dice,
    ) -> anyhow::Result<()> {
        let row = &world.row;
        let place = u64::from(row.start) + dice.below(u64::from(row.end - row.start));
        self.hold_and_release(world, &seat(world, place), &["taken"]).await
    }

    /// Takes a seat that nobody else wants, or gives back the one it has: one change of the map.
    ///
    /// # Errors
    /// If it cannot.
    pub(super) async fn waver(&mut self, world: &World) -> anyhow::Result<()> {
        self.enter(world).await?;
        // See below.
        let Some(fan) = self.fan.take() else { return Ok(()) };
        let cookie = self.signing.cookie(fan.number())?;
        if let Some((place, hold)) = self.seat.take() {
            world.board.ask(place, true);
            self.release(&cookie, &hold).await?;
        } else {
            let place = world.seat();
            world.board.ask(place, false);
            let body = seat(world, u64::from(place));
            let hold = self.hold(world, &cookie, &body, &["taken"]).await?;
            self.seat = hold.map(|hold| (place, hold));
        }
        self.fan = Some(fan);
        Ok(())
    }

    async fn hold_and_release(
        &mut self,
        world: &World,
        body: &str,
        lawful: &[&str],
    ) -> anyhow::Result<()> {
        self.enter(world).await?;
        // Who comes next is somebody else, unless this goes well: what is not known to be let go
        // of may be held still.
        let Some(fan) = self.fan.take() else { return Ok(()) };
        let cookie = self.signing.cookie(fan.number())?;
        if let Some(hold) = self.hold(world, &cookie, body, lawful).await? {
            self.release(&cookie, &hold).await?;
        }
        self.fan = Some(fan);
        Ok(())
    }

    /// Holds; the hold's id, unless it was lawfully refused.
    async fn hold(
        &mut self,
        world: &World,
        cookie: &str,
        body: &str,
        lawful: &[&str],
    ) -> anyhow::Result<Option<String>> {
        let path = format!("/api/v1/events/{}/holds", world.event);
        let request = Request { body, ..Request::by(cookie, "POST", &path) };
        let hold = self.asker.ask(Step::Hold, request, lawful).await;
        self.history.unknown += u64::from(hold.is_err());
        let hold = hold?;
        if !hold.is_granted() {
            return Ok(None);
        }
        self.history.acknowledged();
        self.history.held(&hold.json()).map(Some)
    }

    async fn release(&mut self, cookie: &str, id: &str) -> anyhow::Result<()> {
        if let Some(held) = self.history.holds.get_mut(id) {
            held.until = Some(moment(Instant::now()));
        }
        let path = format!("/api/v1/holds/{id}");
        self.asker.ask(Step::Release, Request::by(cookie, "DELETE", &path), &[]).await?;
        self.history.acknowledged();
        if let Some(held) = self.history.holds.get_mut(id) {
            held.released = true;
        }
        Ok(())
    }
}

/// What asks for one seat.
fn seat(world: &World, place: u64) -> String {
    format!(
        r#"{{"type":"places","items":[{{"type":"seat","place":{place},"ticket_type":"{}"}}]}}"#,
        world.ticket_type
    )
}

/// Leaves the line or the sale.
pub(super) async fn leave(
    asker: &mut Asker,
    signing: &Signing,
    world: &World,
    fan: FanId,
) -> anyhow::Result<()> {
    let cookie = signing.cookie(fan.number())?;
    let queue = format!("/api/v1/events/{}/queue", world.event);
    asker.ask(Step::Leave, Request::by(&cookie, "DELETE", &queue), &[]).await?;
    Ok(())
}
