//! How much one account and one address may ask for.
//!
//! Each has a budget for a minute, refilled steadily: the generic cell rate algorithm (ITU-T
//! I.371). What is over budget is refused with the time until it is not. A node counts for itself:
//! who spreads requests over all gateways has as many budgets. Whoever has a full budget again is
//! forgotten, so that there is never more to remember than what came since the last sweep.

use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use tiketi_engine::domain::ids::AccountId;
use tokio_util::sync::CancellationToken;

use super::edge::Client;
use crate::auth::Bot;
use crate::config::LimitConfig;
use crate::problem::Problem;
use crate::state::AppState;

const READING: NonZeroU32 = NonZeroU32::new(1).unwrap();
const CHANGING: NonZeroU32 = NonZeroU32::new(25).unwrap();
/// A password is checked slowly on purpose.
const PASSWORDS: NonZeroU32 = NonZeroU32::new(50).unwrap();
/// How often those with a full budget are forgotten.
const SWEEP: Duration = Duration::from_secs(10);

/// What a request costs, by the route it matched; nothing if it has other means of proving itself.
pub(crate) fn cost(method: &Method, route: Option<&MatchedPath>) -> Option<NonZeroU32> {
    let route = route.map_or("", MatchedPath::as_str);
    let of_passwords = ["/api/v1/session", "/api/v1/accounts", "/api/v1/setup"];
    match () {
        // Many come from few addresses, and each is signed.
        () if route.starts_with("/api/v1/webhooks/") => None,
        () if matches!(*method, Method::GET | Method::HEAD) => Some(READING),
        () if of_passwords.iter().any(|prefix| route.starts_with(prefix)) => Some(PASSWORDS),
        () => Some(CHANGING),
    }
}

/// The budgets. Clones are the same.
#[derive(Clone)]
pub(crate) struct Rates {
    accounts: Budgets<AccountId>,
    addresses: Budgets<Network>,
}

impl Rates {
    pub(crate) fn new(limits: &LimitConfig) -> Self {
        Self {
            accounts: Budgets::new(limits.account_per_minute),
            addresses: Budgets::new(limits.address_per_minute),
        }
    }

    /// Takes from the budget of an account.
    ///
    /// # Errors
    /// That there is not so much left, and when there is.
    pub(crate) fn account(&self, account: AccountId, cost: NonZeroU32) -> Result<(), Problem> {
        self.accounts.take(&account, cost)
    }

    /// Forgets those with a full budget, again and again until it is stopped.
    pub(crate) async fn sweep(self, stopping: CancellationToken) {
        loop {
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(SWEEP) => {}
            }
            self.accounts.forget();
            self.addresses.forget();
        }
    }
}

/// Budgets of some kind of key; none if there is no bound.
#[derive(Clone)]
struct Budgets<K: Hash + Eq + Clone>(Option<Arc<DefaultKeyedRateLimiter<K>>>);

impl<K: Hash + Eq + Clone> Budgets<K> {
    fn new(per_minute: u32) -> Self {
        let quota = NonZeroU32::new(per_minute).map(Quota::per_minute);
        Self(quota.map(|quota| Arc::new(DefaultKeyedRateLimiter::keyed(quota))))
    }

    fn take(&self, key: &K, cost: NonZeroU32) -> Result<(), Problem> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        match limiter.check_key_n(key, cost) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(until)) => {
                let after = until.wait_time_from(DefaultClock::default().now());
                Err(Problem::too_many_requests(after))
            }
            // The configuration has no budget that is smaller than what a request may cost.
            Err(_) => Err(Problem::too_many_requests(Duration::from_mins(1))),
        }
    }

    fn forget(&self) {
        if let Some(limiter) = &self.0 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// What counts as one address: in IPv6 a customer is given 64 bits of them at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Network {
    V4(Ipv4Addr),
    V6(u64),
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::V4(address),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments().map(u64::from);
                Self::V6(a << 48 | b << 32 | c << 16 | d)
            }
        }
    }
}

/// Refuses what is over the budget of the address that it comes from.
pub(crate) async fn within_rate(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let cost = cost(request.method(), request.extensions().get::<MatchedPath>());
    // Those of a rehearsal are as many as an operator wants.
    let cost = cost.filter(|_| request.extensions().get::<Bot>().is_none());
    if let (Some(Client(client)), Some(cost)) = (request.extensions().get::<Client>(), cost)
        && let Err(problem) = state.rates.addresses.take(&(*client).into(), cost)
    {
        return problem.into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_over_budget_waits_and_nobody_else_does() {
        let budgets = Budgets::<Network>::new(100);
        let network = |text: &str| Network::from(text.parse::<IpAddr>().unwrap());
        let take = |from: &str| budgets.take(&network(from), PASSWORDS).map_err(|p| p.code());
        assert_eq!([take("192.0.2.1"), take("192.0.2.1")], [Ok(()), Ok(())]);
        assert_eq!(take("192.0.2.1"), Err("too_many_requests"));
        assert_eq!(take("192.0.2.2"), Ok(()));
        // One customer has all addresses with the same first half.
        assert_eq!([take("2001:db8::1"), take("2001:db8::2:1")], [Ok(()), Ok(())]);
        assert_eq!(take("2001:db8::ffff:3"), Err("too_many_requests"));
        assert_eq!(take("2001:db8:0:1::1"), Ok(()));
        let none = Budgets::<Network>::new(0);
        assert!((0..1_000).all(|_| none.take(&network("192.0.2.1"), PASSWORDS).is_ok()));
    }
}
