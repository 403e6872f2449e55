-- A place can be taken off sale: nobody has it, and nobody can. A check cannot be altered, so the
-- table is made anew.
CREATE TABLE sales_place_with_blocked (
    event   INTEGER NOT NULL,
    place   INTEGER NOT NULL,
    state   TEXT    NOT NULL CHECK (state IN ('free', 'held', 'sold', 'blocked')),
    hold    INTEGER,
    ticket  INTEGER,
    fan     INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (event, place),
    CHECK ((state = 'held') = (hold IS NOT NULL)),
    CHECK ((state = 'sold') = (ticket IS NOT NULL)),
    CONSTRAINT place_blocked_is_nobodys CHECK (state <> 'blocked' OR fan IS NULL)
) STRICT, WITHOUT ROWID;
INSERT INTO sales_place_with_blocked (event, place, state, hold, ticket, fan, version)
SELECT event, place, state, hold, ticket, fan, version FROM sales_place;
DROP TABLE sales_place;
ALTER TABLE sales_place_with_blocked RENAME TO sales_place;

ALTER TABLE sales_summary ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0;
