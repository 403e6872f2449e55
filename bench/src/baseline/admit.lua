-- Lets in who is first in line, as many as there is room for; how many those were.
local queue, active, seen, threshold = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local now, active_ttl, batch = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', active, '-inf', now)
local room = tonumber(redis.call('GET', threshold) or 0) - redis.call('ZCARD', active)
local first = room > 0 and redis.call('ZPOPMIN', queue, math.min(room, batch)) or {}
for at = 1, #first, 2 do
    redis.call('ZADD', active, now + active_ttl, first[at])
    redis.call('ZREM', seen, first[at])
end
return #first / 2
