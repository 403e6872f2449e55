-- Moves the owner on whoever it is: a bug to be planted.
WITH owner AS (
    UPDATE sales.owner
    SET last_seq = $5, last_hash = $6, status = $7, lobby_opens_at = $8, opens_at = $9,
        closes_at = $10, for_sale = $11, free = $12, held = $13, sold = $14, blocked = $15
    WHERE event = $1 AND $2::bigint IS NOT NULL AND $3::bigint IS NOT NULL AND $4::bytea IS NOT NULL
    RETURNING event
)
