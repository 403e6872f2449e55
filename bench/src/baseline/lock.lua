-- Takes a seat for a user for a while; the token of the lock, 0 if another has the seat.
local held = redis.call('HMGET', KEYS[1], 'status', 'userId', 'token')
if held[1] == 'HELD' or held[1] == 'CONFIRMED' then
    if held[2] ~= ARGV[1] then return 0 end
    redis.call('EXPIRE', KEYS[1], ARGV[2])
    return tonumber(held[3])
end
local token = redis.call('INCR', KEYS[2])
redis.call('HSET', KEYS[1], 'status', 'HELD', 'userId', ARGV[1], 'token', token)
redis.call('EXPIRE', KEYS[1], ARGV[2])
return token
