-- A place can be taken off sale: nobody has it, and nobody can. A release that does not know this
-- leaves the defaults. What is generated cannot be altered, so it is made anew.
ALTER TABLE sales.place
    ADD COLUMN blocked boolean NOT NULL DEFAULT FALSE,
    ADD CONSTRAINT place_blocked_is_nobodys
        CHECK (NOT blocked OR (hold IS NULL AND ticket IS NULL AND fan IS NULL)),
    DROP COLUMN state;
ALTER TABLE sales.place
    ADD COLUMN state text NOT NULL GENERATED ALWAYS AS (
        CASE WHEN blocked THEN 'blocked' WHEN hold IS NOT NULL THEN 'held'
             WHEN ticket IS NOT NULL THEN 'sold' ELSE 'free' END
    ) STORED;

ALTER TABLE sales.owner ADD COLUMN blocked bigint NOT NULL DEFAULT 0;
