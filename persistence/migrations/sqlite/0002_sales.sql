-- Who may append: the highest fence, after the last record. Every append checks and moves it.
CREATE TABLE sales_owner (
    event     INTEGER NOT NULL PRIMARY KEY,
    fence     INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL,
    last_hash BLOB    NOT NULL
) STRICT;

-- The truth: one row for each batch.
CREATE TABLE sales_journal (
    event     INTEGER NOT NULL REFERENCES sales_owner (event),
    first_seq INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL,
    fence     INTEGER NOT NULL,
    prev_hash BLOB    NOT NULL,
    hash      BLOB    NOT NULL,
    body      BLOB    NOT NULL,
    PRIMARY KEY (event, first_seq)
) STRICT;

CREATE TABLE sales_snapshot (
    event INTEGER NOT NULL PRIMARY KEY REFERENCES sales_owner (event),
    seq   INTEGER NOT NULL,
    hash  BLOB    NOT NULL,
    state BLOB    NOT NULL
) STRICT;

-- What the journal comes to, for those who ask in SQL. A place that nobody ever had has no row.
CREATE TABLE sales_place (
    event   INTEGER NOT NULL,
    place   INTEGER NOT NULL,
    state   TEXT    NOT NULL CHECK (state IN ('free', 'held', 'sold')),
    hold    INTEGER,
    ticket  INTEGER,
    fan     INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (event, place),
    CHECK ((state = 'held') = (hold IS NOT NULL)),
    CHECK ((state = 'sold') = (ticket IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE sales_order (
    event       INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    fan         INTEGER NOT NULL,
    items       TEXT    NOT NULL,
    total_minor INTEGER NOT NULL,
    state       TEXT    NOT NULL,
    placed_at   INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    PRIMARY KEY (event, number)
) STRICT;

CREATE INDEX sales_order_by_fan ON sales_order (fan, placed_at DESC, event DESC, number DESC);

CREATE TABLE sales_payment (
    event          INTEGER NOT NULL,
    number         INTEGER NOT NULL,
    order_number   INTEGER NOT NULL,
    state          TEXT    NOT NULL,
    reference      TEXT    NOT NULL,
    captured_minor INTEGER NOT NULL,
    decline_code   TEXT    NOT NULL,
    started_at     INTEGER NOT NULL,
    changed_at     INTEGER NOT NULL,
    PRIMARY KEY (event, number),
    FOREIGN KEY (event, order_number) REFERENCES sales_order (event, number)
) STRICT;

CREATE INDEX sales_payment_by_order ON sales_payment (event, order_number);
CREATE INDEX sales_payment_open ON sales_payment (changed_at)
    WHERE state IN ('started', 'refund_due');
-- The last wall against charging an order twice.
CREATE UNIQUE INDEX sales_payment_one_charge ON sales_payment (event, order_number)
    WHERE state = 'captured';

CREATE TABLE sales_ticket (
    event        INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    order_number INTEGER NOT NULL,
    fan          INTEGER NOT NULL,
    place        INTEGER NOT NULL,
    ticket_type  INTEGER NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('valid', 'redeemed', 'void')),
    issued_at    INTEGER NOT NULL,
    redeemed_at  INTEGER,
    gate         TEXT,
    PRIMARY KEY (event, number),
    FOREIGN KEY (event, order_number) REFERENCES sales_order (event, number),
    CHECK ((state = 'redeemed') = (redeemed_at IS NOT NULL AND gate IS NOT NULL))
) STRICT;

CREATE INDEX sales_ticket_by_order ON sales_ticket (event, order_number);
-- The last wall against selling a place twice.
CREATE UNIQUE INDEX sales_ticket_one_owner ON sales_ticket (event, place) WHERE state <> 'void';

CREATE TABLE sales_summary (
    event          INTEGER NOT NULL PRIMARY KEY,
    seq            INTEGER NOT NULL,
    status         TEXT    NOT NULL,
    lobby_opens_at INTEGER NOT NULL,
    opens_at       INTEGER NOT NULL,
    closes_at      INTEGER NOT NULL,
    for_sale       INTEGER NOT NULL,
    free           INTEGER NOT NULL,
    held           INTEGER NOT NULL,
    sold           INTEGER NOT NULL
) STRICT;

-- The terms in force, encoded like the records that set them.
CREATE TABLE sales_terms (
    event INTEGER NOT NULL PRIMARY KEY,
    terms BLOB    NOT NULL
) STRICT;
