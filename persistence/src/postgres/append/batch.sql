-- The batch, and the places that it touched.
, journaled AS (
    INSERT INTO sales.journal (event, first_seq, last_seq, fence, prev_hash, hash, body)
    SELECT event, $16, $5, $2, $4, $6, $17 FROM owner
), placed AS (
    INSERT INTO sales.place (event, place, hold, ticket, fan, version, blocked)
    SELECT owner.event, touched.*
    FROM owner, unnest($18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[],
                       $23::boolean[])
        AS touched (place, hold, ticket, fan, version, blocked)
    ON CONFLICT (event, place) DO UPDATE
    SET hold = excluded.hold, ticket = excluded.ticket, fan = excluded.fan,
        version = excluded.version, blocked = excluded.blocked
    WHERE excluded.version > place.version
    RETURNING 1
)
