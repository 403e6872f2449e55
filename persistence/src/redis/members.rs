//! Nodes that live: a sorted set by when they stop being believed, and a hash of what they said.

use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;
use redis::Script;
use tiketi_engine::ports::{Member, Members, MembersError, NodeId};

use super::Redis;

/// Adds or renews one, drops who was not heard of, and lists the rest. By the server's clock.
static BEAT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local time = redis.call('TIME')
         local now = time[1] * 1000 + math.floor(time[2] / 1000)
         for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
             redis.call('ZREM', KEYS[1], gone)
             redis.call('HDEL', KEYS[2], gone)
         end
         redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
         redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
         return redis.call('HVALS', KEYS[2])",
    )
});

static LEAVE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "redis.call('ZREM', KEYS[1], ARGV[1])
         redis.call('HDEL', KEYS[2], ARGV[1])",
    )
});

#[async_trait]
impl Members for Redis {
    async fn beat(&self, node: &Member, ttl: Duration) -> Result<Vec<Member>, MembersError> {
        let said = serde_json::to_string(node).map_err(|error| MembersError(error.to_string()))?;
        let mut call = BEAT.key(self.key("members-until", "members"));
        call.key(self.key("members", "members"));
        call.arg(node.id.to_string()).arg(said);
        call.arg(u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX));
        let heard: Vec<String> =
            call.invoke_async(&mut self.connection()).await.map_err(unavailable)?;
        // One that another release wrote differently cannot be asked anything either.
        let members = heard.iter().filter_map(|said| serde_json::from_str(said).ok());
        let mut members: Vec<Member> = members.collect();
        members.sort_by_key(|member| member.id);
        Ok(members)
    }

    async fn leave(&self, node: NodeId) -> Result<(), MembersError> {
        let mut call = LEAVE.key(self.key("members-until", "members"));
        call.key(self.key("members", "members")).arg(node.to_string());
        call.invoke_async(&mut self.connection()).await.map_err(unavailable)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn unavailable(error: redis::RedisError) -> MembersError {
    MembersError(error.to_string())
}
