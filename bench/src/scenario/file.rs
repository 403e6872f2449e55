//! A scenario as it is written down: who does what, how many of them, and what is to be reached.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde::de::{IntoDeserializer as _, value};
use serde::{Deserialize, Serialize};

use crate::load::open::Rate;
use crate::load::ramp::{Ramp, Stage};
use crate::load::recorder::Step;

/// The longest run: access tokens that are signed for it last an hour.
const LASTS_MAX: Duration = Duration::from_mins(50);
/// Requests that may fail where a file says nothing, in percent.
const FAILED_PERCENT: f64 = 1.0;

/// See the module.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it is called: small letters, digits and hyphens; its results are named so.
    pub name: String,
    /// What it is for, in a sentence or two.
    #[serde(default)]
    pub about: String,
    /// Places of the arena, of a node that is started for the run.
    #[serde(default = "places")]
    pub places: u32,
    /// Fans inside at one time, of a node that is started for the run.
    #[serde(default = "inside")]
    pub inside: u32,
    /// Connections that all users share: each request has one to itself for as long as it lasts.
    #[serde(default = "connections")]
    pub connections: usize,
    /// How late the generator of open load may be for one request in a hundred.
    #[serde(default = "lag_max_ms")]
    pub lag_max_ms: u64,
    /// That a node is killed on the way: of those that are started for the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failover: Option<Failover>,
    /// Who does what.
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
    /// What is to be reached, by step or for all of them together.
    #[serde(default)]
    pub thresholds: BTreeMap<Subject, Limits>,
}

const fn places() -> u32 {
    20_000
}

const fn inside() -> u32 {
    500
}

const fn connections() -> usize {
    256
}

const fn lag_max_ms() -> u64 {
    10
}

/// The node that owns the event is killed, and started again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failover {
    /// How many nodes there are.
    #[serde(default = "nodes")]
    pub nodes: usize,
    /// When it is killed, from the start of the load.
    pub kill_after_s: f64,
    /// When it is started again, from then.
    pub back_after_s: f64,
    /// The longest time without any acknowledgement from then on.
    pub gap_max_ms: f64,
}

const fn nodes() -> usize {
    3
}

/// Users who do the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// What each does, over and over.
    pub action: Action,
    /// The least and the most that a user of closed load waits before doing it again.
    #[serde(default)]
    pub pause_ms: [u64; 2],
    /// A number of users that each wait for their answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
    /// A rate at which it is begun, whatever the answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<Open>,
}

/// What a user does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Looks at the events, at one of them and at its chart.
    Browse,
    /// Holds the best seats there are and lets go of them.
    Hold,
    /// Wants one seat of a row that all others want too.
    Contention,
    /// Takes a seat that nobody else wants, and the next time gives it back.
    Waver,
    /// Watches the seat map.
    Watch,
    /// Joins, holds, orders, pays at the sandbox and gets tickets; each time another fan.
    Purchase,
    /// Joins, and asks where it stands until it is let in; each time another fan.
    Queue,
    /// Reads what operators read.
    Operate,
}

/// Closed load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// Users at the beginning.
    #[serde(default)]
    pub from: u32,
    /// One after the other.
    pub stages: Vec<ClosedStage>,
}

/// Towards so many users, in a straight line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosedStage {
    /// Users at its end.
    pub users: u32,
    /// How long it lasts.
    pub seconds: f64,
}

/// Open load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// Users who take turns; a turn waits for a user who is free, and that counts as latency.
    pub users: u32,
    /// One after the other.
    pub stages: Vec<OpenStage>,
}

/// So many a second.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenStage {
    /// How often it is begun in a second.
    pub rate: f64,
    /// How long the stage lasts.
    pub seconds: f64,
}

/// What a threshold is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Subject {
    /// All steps together.
    All,
    /// One step.
    Step(Step),
}

impl TryFrom<String> for Subject {
    type Error = value::Error;

    fn try_from(name: String) -> Result<Self, value::Error> {
        if name == Self::All.name() {
            return Ok(Self::All);
        }
        Step::deserialize(name.as_str().into_deserializer()).map(Self::Step)
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.name().to_owned()
    }
}

/// What is to be reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// At most this, of half of the requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p50_ms: Option<f64>,
    /// At most this, of 95 in a hundred.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p95_ms: Option<f64>,
    /// At most this, of 99 in a hundred.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99_ms: Option<f64>,
    /// At most so many of a hundred requests fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_percent: Option<f64>,
    /// At least so many answers a second, over the whole run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_second: Option<f64>,
}

/// What flags say otherwise than the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, clap::Args)]
pub struct Overrides {
    /// How long the run lasts, all stages in proportion: `90s`, `4m`.
    #[arg(long, value_parser = duration)]
    pub duration: Option<Duration>,
    /// Begin so often in a second: open load at one rate, whatever the file says.
    #[arg(long)]
    pub rate: Option<f64>,
    /// Users at the peak of all groups together, each in proportion; with open load, who take turns.
    #[arg(long)]
    pub users: Option<u32>,
}

fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let seconds = match &text[digits.len()..] {
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3_600.0,
        unit => return Err(format!("{unit} is no unit: s, m or h")),
    };
    let number: f64 = digits.parse().map_err(|_| format!("{digits:?} is not a number"))?;
    Duration::try_from_secs_f64(number * seconds).map_err(|error| error.to_string())
}

impl Scenario {
    /// Reads one.
    ///
    /// # Errors
    /// If it is not TOML, has a key that is not known, or makes no sense.
    pub fn read(text: &str) -> anyhow::Result<Self> {
        let mut scenario: Self = toml::from_str(text)?;
        let all = scenario.thresholds.entry(Subject::All).or_default();
        all.failed_percent.get_or_insert(FAILED_PERCENT);
        scenario.check()?;
        Ok(scenario)
    }

    /// The same as flags want it.
    ///
    /// # Errors
    /// If it makes no sense that way.
    pub fn with(mut self, flags: Overrides) -> anyhow::Result<Self> {
        if let Some(rate) = flags.rate {
            ensure!(self.groups.len() == 1, "--rate is for a scenario with one group");
            let group = &mut self.groups[0];
            let seconds = group.lasts().as_secs_f64();
            let users = group.peak();
            group.pause_ms = [0, 0];
            group.closed = None;
            group.open = Some(Open { users, stages: vec![OpenStage { rate, seconds }] });
        }
        if let Some(users) = flags.users {
            let peak: u32 = self.groups.iter().map(Group::peak).sum();
            for group in &mut self.groups {
                group.scale_users(f64::from(users) / f64::from(peak));
            }
        }
        if let Some(duration) = flags.duration {
            let by = duration.as_secs_f64() / self.lasts().as_secs_f64();
            for group in &mut self.groups {
                group.scale_time(by);
            }
            if let Some(failover) = &mut self.failover {
                failover.kill_after_s *= by;
                failover.back_after_s *= by;
            }
        }
        self.check()?;
        Ok(self)
    }

    /// How long it lasts.
    pub fn lasts(&self) -> Duration {
        self.groups.iter().map(Group::lasts).max().unwrap_or_default()
    }

    /// Whether any group does this.
    pub fn has(&self, action: Action) -> bool {
        self.groups.iter().any(|group| group.action == action)
    }

    fn check(&self) -> anyhow::Result<()> {
        let lawful = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        ensure!(
            !self.name.is_empty() && self.name.chars().all(lawful),
            "the name {:?} is not made of small letters, digits and hyphens",
            self.name
        );
        ensure!(self.places > 0, "an arena without places");
        ensure!(self.inside > 0, "nobody would be let in");
        ensure!(self.connections > 0, "users without a connection");
        ensure!(!self.groups.is_empty(), "a scenario without a [[group]]");
        for (number, group) in (1..).zip(&self.groups) {
            group.check().with_context(|| format!("group {number} ({})", group.action.name()))?;
        }
        ensure!(self.lasts() <= LASTS_MAX, "a run lasts at most {LASTS_MAX:?}");
        if let Some(failover) = &self.failover {
            failover.check(self.lasts())?;
        }
        let steps: BTreeSet<Step> =
            self.groups.iter().flat_map(|group| group.action.steps()).copied().collect();
        for (subject, limits) in &self.thresholds {
            if let Subject::Step(step) = subject {
                let name = step.name();
                ensure!(steps.contains(step), "a threshold for {name}, which no group does");
            }
            let named = limits.named();
            ensure!(!named.is_empty(), "thresholds.{} says nothing", subject.name());
            for (name, limit) in named {
                let what = format!("thresholds.{}.{name}", subject.name());
                ensure!(limit.is_finite() && limit >= 0.0, "{what} is {limit}");
            }
        }
        Ok(())
    }
}

impl Failover {
    fn check(&self, lasts: Duration) -> anyhow::Result<()> {
        let Self { nodes, kill_after_s, back_after_s, gap_max_ms } = *self;
        ensure!(nodes > 1, "failover.nodes is {nodes}: somebody must take over");
        let lawful = kill_after_s > 0.0 && back_after_s > 0.0;
        let ends = kill_after_s + back_after_s;
        ensure!(
            lawful && ends < lasts.as_secs_f64(),
            "a node is killed after {kill_after_s} s and back {back_after_s} s later, which must be \
             within the run"
        );
        ensure!(gap_max_ms > 0.0, "failover.gap_max_ms is {gap_max_ms}");
        Ok(())
    }
}

impl Group {
    /// Its load, if it is closed.
    pub fn ramp(&self) -> Option<Ramp> {
        let closed = self.closed.as_ref()?;
        let stage = |stage: &ClosedStage| Stage {
            users: stage.users,
            lasts: Duration::from_secs_f64(stage.seconds),
        };
        Some(Ramp { from: closed.from, stages: closed.stages.iter().map(stage).collect() })
    }

    /// Its load, if it is open.
    pub fn rates(&self) -> Option<(u32, Vec<Rate>)> {
        let open = self.open.as_ref()?;
        let rate = |stage: &OpenStage| Rate {
            per_second: stage.rate,
            lasts: Duration::from_secs_f64(stage.seconds),
        };
        Some((open.users, open.stages.iter().map(rate).collect()))
    }

    /// How long it is there.
    pub fn lasts(&self) -> Duration {
        let closed = self.closed.iter().flat_map(|load| &load.stages).map(|stage| stage.seconds);
        let open = self.open.iter().flat_map(|load| &load.stages).map(|stage| stage.seconds);
        Duration::from_secs_f64(closed.chain(open).sum())
    }

    /// The most users at one time.
    pub fn peak(&self) -> u32 {
        let closed = self.ramp().map_or(0, |ramp| ramp.peak());
        self.open.as_ref().map_or(closed, |open| open.users)
    }

    fn scale_users(&mut self, by: f64) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number of users times one above zero; too many are refused by the check"
        )]
        let scaled = |users: u32| (f64::from(users) * by).ceil() as u32;
        if let Some(closed) = &mut self.closed {
            closed.from = scaled(closed.from);
            for stage in &mut closed.stages {
                stage.users = scaled(stage.users);
            }
        }
        if let Some(open) = &mut self.open {
            open.users = scaled(open.users);
        }
    }

    fn scale_time(&mut self, by: f64) {
        for stage in self.closed.iter_mut().flat_map(|load| &mut load.stages) {
            stage.seconds *= by;
        }
        for stage in self.open.iter_mut().flat_map(|load| &mut load.stages) {
            stage.seconds *= by;
        }
    }

    fn check(&self) -> anyhow::Result<()> {
        let [least, most] = self.pause_ms;
        ensure!(least <= most, "pause_ms is the least and then the most, not {least} and {most}");
        ensure!(
            self.closed.is_some() != self.open.is_some(),
            "its load is either closed or open: one of the two, and not both"
        );
        let listens = self.action == Action::Watch;
        ensure!(
            !listens || (self.closed.is_some() && most == 0),
            "who watches does so all the time"
        );
        ensure!(self.open.is_none() || most == 0, "pause_ms is for closed load; a rate says when");
        let closed = self.closed.iter().flat_map(|load| &load.stages).map(|stage| stage.seconds);
        let open = self.open.iter().flat_map(|load| &load.stages).map(|stage| stage.seconds);
        let seconds: Vec<f64> = closed.chain(open).collect();
        ensure!(!seconds.is_empty(), "it has no stages");
        for (number, seconds) in (1..).zip(seconds) {
            let lawful = seconds > 0.0 && seconds <= LASTS_MAX.as_secs_f64();
            ensure!(lawful, "stage {number} lasts {seconds} seconds");
        }
        ensure!(self.peak() > 0, "it has no users");
        for (number, stage) in (1..).zip(self.open.iter().flat_map(|load| &load.stages)) {
            let rate = stage.rate;
            let lawful = rate > 0.0 && rate <= 1_000_000.0;
            ensure!(lawful, "stage {number} has a rate of {rate} a second");
        }
        Ok(())
    }
}

impl Action {
    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Browse => "browse",
            Self::Hold => "hold",
            Self::Contention => "contention",
            Self::Waver => "waver",
            Self::Watch => "watch",
            Self::Purchase => "purchase",
            Self::Queue => "queue",
            Self::Operate => "operate",
        }
    }

    /// What it is all about: a run in which none of these is granted has done nothing.
    pub const fn aim(self) -> Step {
        match self {
            Self::Browse => Step::Chart,
            Self::Hold | Self::Contention | Self::Waver => Step::Hold,
            Self::Watch => Step::Seen,
            Self::Purchase => Step::Confirm,
            Self::Queue => Step::Join,
            Self::Operate => Step::Sales,
        }
    }

    /// What it asks for.
    pub const fn steps(self) -> &'static [Step] {
        match self {
            Self::Browse => &[Step::Events, Step::Event, Step::Chart],
            Self::Hold | Self::Contention | Self::Waver => {
                &[Step::Join, Step::Claim, Step::Hold, Step::Release]
            }
            Self::Watch => &[Step::Live, Step::Seen],
            Self::Purchase => &[
                Step::Join,
                Step::Claim,
                Step::Hold,
                Step::Order,
                Step::Payment,
                Step::Authorise,
                Step::Confirm,
            ],
            Self::Queue => &[Step::Join, Step::Standing, Step::Claim, Step::Leave],
            Self::Operate => &[Step::Overview, Step::Sales],
        }
    }
}

impl Subject {
    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Step(step) => step.name(),
        }
    }
}

impl Limits {
    /// Those that are set, by name.
    pub fn named(&self) -> Vec<(&'static str, f64)> {
        let all = [
            ("p50_ms", self.p50_ms),
            ("p95_ms", self.p95_ms),
            ("p99_ms", self.p99_ms),
            ("failed_percent", self.failed_percent),
            ("per_second", self.per_second),
        ];
        all.into_iter().filter_map(|(name, limit)| Some((name, limit?))).collect()
    }
}
