-- Where a user stands, as each poll asks; whoever asks is known to be there still.
-- Returns: place in line (0: none), users in line, inside (1 or 0), users inside, users let in at most.
local queue, active, seen, active_seen, threshold = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local user, now, active_ttl = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local rank = redis.call('ZRANK', queue, user)
local inside = redis.call('ZSCORE', active, user)
if rank then redis.call('ZADD', seen, now, user) end
if inside then
    redis.call('ZADD', active, now + active_ttl, user)
    redis.call('ZADD', active_seen, now, user)
end
return {
    rank and rank + 1 or 0,
    redis.call('ZCARD', queue),
    inside and 1 or 0,
    redis.call('ZCARD', active),
    tonumber(redis.call('GET', threshold) or 0),
}
