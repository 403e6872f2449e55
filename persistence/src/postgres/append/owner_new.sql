-- Begins a journal that is not there. Without a row, nothing else writes.
WITH owner AS (
    INSERT INTO sales.owner
        (event, fence, last_seq, last_hash, status, lobby_opens_at, opens_at, closes_at, for_sale,
         free, held, sold, blocked)
    VALUES ($1, $2, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    ON CONFLICT (event) DO NOTHING
    RETURNING event
)
