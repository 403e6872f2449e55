-- Checks that the batch follows on the last one and that no other owner has taken over, moves the
-- owner on, and so holds its row until the statement has ended. Without a row, nothing else writes.
WITH owner AS (
    UPDATE sales.owner
    SET last_seq = $5, last_hash = $6, status = $7, lobby_opens_at = $8, opens_at = $9,
        closes_at = $10, for_sale = $11, free = $12, held = $13, sold = $14, blocked = $15
    WHERE event = $1 AND fence = $2 AND last_seq = $3 AND last_hash = $4
    RETURNING event
)
