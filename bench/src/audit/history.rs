//! What clients were told, in a form that several processes can write down and one can join.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tiketi_engine::domain::ids::FanId;

/// A moment: microseconds since 1970, as all processes of one machine count them.
pub type Moment = u64;

/// The moment of an [`Instant`]. A step of the wall clock moves no moment of this process.
pub fn moment(at: Instant) -> Moment {
    static START: LazyLock<(Instant, Duration)> = LazyLock::new(|| {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        (Instant::now(), since.unwrap_or_default())
    });
    let (start, since_epoch) = *START;
    let since_epoch = since_epoch + at.saturating_duration_since(start);
    let since_epoch = since_epoch.saturating_sub(start.saturating_duration_since(at));
    u64::try_from(since_epoch.as_micros()).unwrap_or(u64::MAX)
}

/// Everything that was acknowledged to the clients of one event. Ids are those on the wire.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct History {
    /// Numbers in line that were told.
    pub places: Vec<ToldPlace>,
    /// Holds by id.
    pub holds: BTreeMap<String, AckedHold>,
    /// Ids of holds that a client was told stand in its way, before it was told that it has them.
    pub strangers: BTreeSet<String>,
    /// Orders that were paid, by id.
    pub paid: BTreeMap<String, AckedOrder>,
    /// Orders that were given back, by id.
    pub returned: BTreeMap<String, AckedReturn>,
    /// Operations that ended without an answer that tells what became of them.
    pub unknown: u64,
    /// What a client that tries again saw all the same: no repeat helped.
    pub errors: Vec<String>,
    /// When each acknowledgement came, in order.
    pub acked_at: Vec<Moment>,
    /// The last record that was there before any of these clients: what was held by then is other
    /// people's.
    pub began_after: u64,
}

/// A fan's number in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldPlace {
    /// Whose.
    pub fan: FanId,
    /// Which.
    pub number: u64,
    /// When the fan first asked for it.
    pub asked: Moment,
    /// When the answer came.
    pub told: Moment,
}

/// A hold that a client was told it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AckedHold {
    /// Which places.
    pub places: Vec<u32>,
    /// When the answer came: it was held by then.
    pub from: Moment,
    /// From when on it may be free: the client asked to let go of it, by release or return, or
    /// was told that it ends then.
    pub until: Option<Moment>,
    /// Whether its release was acknowledged.
    pub released: bool,
}

/// An order that a client was told is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AckedOrder {
    /// How many tickets it got.
    pub tickets: usize,
    /// What the client was charged, in the currency's smallest unit.
    pub charged_minor: i64,
}

/// An order that a client was told is returned.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AckedReturn {
    /// What the client was told went back, in the currency's smallest unit; none if it did not ask.
    pub refunded_minor: Option<i64>,
}

impl History {
    /// Notes that an acknowledgement has just come.
    pub(crate) fn acknowledged(&mut self) {
        self.acked_at.push(moment(Instant::now()));
    }

    /// Notes a hold that has just been granted, as its answer says it; its id.
    ///
    /// # Errors
    /// If the answer is not a hold.
    pub(crate) fn held(&mut self, answer: &Value) -> anyhow::Result<String> {
        let id = answer["id"].as_str().context("a hold without an id")?.to_owned();
        let items = answer["items"].as_array().context("a hold without places")?;
        let place = |item: &Value| u32::try_from(item["place"].as_u64()?).ok();
        let places = items.iter().filter_map(place).collect();
        let from = moment(Instant::now());
        let acked = AckedHold { places, from, until: None, released: false };
        self.holds.insert(id.clone(), acked);
        Ok(id)
    }

    /// The longest time without any acknowledgement that began after `from`, or lasted then.
    pub(crate) fn longest_gap(&self, from: Instant) -> Duration {
        let from = moment(from);
        let around = self.acked_at.windows(2).filter(|pair| pair[1] > from);
        Duration::from_micros(around.map(|pair| pair[1] - pair[0]).max().unwrap_or(0))
    }

    /// Adds what others were told, one after the other, and puts it in order.
    pub(crate) fn of(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::default();
        for part in parts {
            all.add(part);
        }
        all.acked_at.sort_unstable();
        all
    }

    /// Adds what other clients of the same event were told.
    pub fn merge(&mut self, other: Self) {
        self.add(other);
        self.acked_at.sort_unstable();
    }

    fn add(&mut self, other: Self) {
        self.places.extend(other.places);
        self.holds.extend(other.holds);
        self.strangers.extend(other.strangers);
        self.paid.extend(other.paid);
        self.returned.extend(other.returned);
        self.unknown += other.unknown;
        self.errors.extend(other.errors);
        self.acked_at.extend(other.acked_at);
        self.began_after = self.began_after.max(other.began_after);
    }
}
