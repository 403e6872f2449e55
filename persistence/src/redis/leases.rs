//! Leases as keys with a time to live, taken and given back by compare.

use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;
use redis::Script;
use tiketi_engine::ports::{Acquired, Lease, LeaseError, Leases, NodeId, Resource};

use super::Redis;

/// Gives the key to a holder unless another has it: then says who, and for how many milliseconds.
static ACQUIRE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local value = redis.call('GET', KEYS[1])
         if value then
             local holder = string.sub(value, 1, #ARGV[1])
             if holder ~= ARGV[1] then
                 return {string.sub(value, 1, 16), redis.call('PTTL', KEYS[1])}
             end
         end
         redis.call('SET', KEYS[1], ARGV[1] .. ':' .. ARGV[2], 'PX', ARGV[3])
         return {ARGV[1], -1}",
    )
});

static RENEW: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('GET', KEYS[1]) == ARGV[1] then
             return redis.call('PEXPIRE', KEYS[1], ARGV[2])
         end
         return 0",
    )
});

static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('GET', KEYS[1]) == ARGV[1] then
             return redis.call('DEL', KEYS[1])
         end
         return 0",
    )
});

#[async_trait]
impl Leases for Redis {
    async fn acquire(
        &self,
        resource: Resource,
        holder: NodeId,
        ttl: Duration,
    ) -> Result<Acquired, LeaseError> {
        let lease = Lease { resource, holder, token: rand::random() };
        let mut call = ACQUIRE.key(self.lease_key(resource));
        call.arg(holder.to_string()).arg(token(&lease)).arg(millis(ttl));
        let (by, remaining): (String, i64) =
            call.invoke_async(&mut self.connection()).await.map_err(unavailable)?;
        let by = u64::from_str_radix(&by, 16)
            .map_err(|_| LeaseError(format!("{resource:?} is held by {by:?}")))?;
        if by == holder.0 {
            return Ok(Acquired::Taken(lease));
        }
        // A key without an end is none of ours; it is believed no longer than one of ours.
        let remaining = u64::try_from(remaining).map_or(ttl, Duration::from_millis);
        Ok(Acquired::Held { by: NodeId(by), remaining })
    }

    async fn renew(&self, lease: &Lease, ttl: Duration) -> Result<bool, LeaseError> {
        let mut call = RENEW.key(self.lease_key(lease.resource));
        call.arg(value(lease)).arg(millis(ttl));
        call.invoke_async(&mut self.connection()).await.map_err(unavailable)
    }

    async fn release(&self, lease: &Lease) -> Result<(), LeaseError> {
        let mut call = RELEASE.key(self.lease_key(lease.resource));
        call.arg(value(lease));
        call.invoke_async(&mut self.connection()).await.map_err(unavailable)
    }
}

impl Redis {
    fn lease_key(&self, resource: Resource) -> String {
        match resource {
            Resource::Event(event) => self.key("lease", &event.to_string()),
            Resource::Relay => self.key("lease", "relay"),
            Resource::Settlement => self.key("lease", "settlement"),
        }
    }
}

fn token(lease: &Lease) -> String {
    format!("{:016x}", lease.token)
}

/// What the key holds: 16 digits of the holder, a colon, 16 of the token.
fn value(lease: &Lease) -> String {
    format!("{}:{}", lease.holder, token(lease))
}

fn millis(ttl: Duration) -> u64 {
    u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn unavailable(error: redis::RedisError) -> LeaseError {
    LeaseError(error.to_string())
}
