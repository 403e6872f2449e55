-- Ends a statement that found something it must not go on with, and all that it wrote.
CREATE FUNCTION sales.refuse(reason text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = reason, ERRCODE = 'check_violation';
END
$$;

-- Who may append: the highest fence, after the last record. Every append checks and moves it,
-- and leaves the sale at a glance beside it: one row fewer to write. Only the key is indexed, and
-- a page has room for many versions of a row, so that they stay on it.
CREATE TABLE sales.owner (
    event          bigint NOT NULL PRIMARY KEY,
    fence          bigint NOT NULL,
    last_seq       bigint NOT NULL,
    last_hash      bytea  NOT NULL,
    status         text   NOT NULL,
    lobby_opens_at bigint NOT NULL,
    opens_at       bigint NOT NULL,
    closes_at      bigint NOT NULL,
    for_sale       bigint NOT NULL,
    free           bigint NOT NULL,
    held           bigint NOT NULL,
    sold           bigint NOT NULL
) WITH (fillfactor = 10);
GRANT SELECT, INSERT, UPDATE ON sales.owner TO tiketi_sales;

-- The truth: one row for each batch, never changed. No foreign key: only the statement that moves
-- the owner inserts, and a check for each batch would cost every append.
CREATE TABLE sales.journal (
    event     bigint NOT NULL,
    first_seq bigint NOT NULL,
    last_seq  bigint NOT NULL,
    fence     bigint NOT NULL,
    prev_hash bytea  NOT NULL,
    hash      bytea  NOT NULL,
    body      bytea  NOT NULL,
    PRIMARY KEY (event, first_seq)
);
-- Whoever owns the table could still change it; the role that serves sales cannot.
REVOKE ALL ON sales.journal FROM tiketi_sales;
GRANT SELECT, INSERT ON sales.journal TO tiketi_sales;

-- No foreign key here either: its check would lock the owner's row beside the appends.
CREATE TABLE sales.snapshot (
    event bigint NOT NULL PRIMARY KEY,
    seq   bigint NOT NULL,
    hash  bytea  NOT NULL,
    state bytea  NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON sales.snapshot TO tiketi_sales;

-- What the journal comes to, for those who ask in SQL. A place that nobody ever had has no row.
-- Only the key is indexed, and half of each page is kept for the next versions of its rows.
CREATE TABLE sales.place (
    event   bigint NOT NULL,
    place   bigint NOT NULL,
    hold    bigint,
    ticket  bigint,
    fan     bigint,
    version bigint NOT NULL,
    state   text   NOT NULL GENERATED ALWAYS AS (
        CASE WHEN hold IS NOT NULL THEN 'held' WHEN ticket IS NOT NULL THEN 'sold' ELSE 'free' END
    ) STORED,
    PRIMARY KEY (event, place),
    CHECK (hold IS NULL OR ticket IS NULL)
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE ON sales.place TO tiketi_sales;

CREATE TABLE sales.order (
    event       bigint NOT NULL,
    number      bigint NOT NULL,
    fan         bigint NOT NULL,
    items       text   NOT NULL,
    total_minor bigint NOT NULL,
    state       text   NOT NULL,
    placed_at   bigint NOT NULL,
    changed_at  bigint NOT NULL,
    PRIMARY KEY (event, number)
) WITH (fillfactor = 80);
CREATE INDEX order_by_fan ON sales.order (fan, placed_at DESC, event DESC, number DESC);
GRANT SELECT, INSERT, UPDATE ON sales.order TO tiketi_sales;

CREATE TABLE sales.payment (
    event          bigint NOT NULL,
    number         bigint NOT NULL,
    order_number   bigint NOT NULL,
    state          text   NOT NULL,
    reference      text   NOT NULL,
    captured_minor bigint NOT NULL,
    decline_code   text   NOT NULL,
    started_at     bigint NOT NULL,
    changed_at     bigint NOT NULL,
    PRIMARY KEY (event, number),
    FOREIGN KEY (event, order_number) REFERENCES sales.order (event, number)
);
CREATE INDEX payment_by_order ON sales.payment (event, order_number);
CREATE INDEX payment_open ON sales.payment (changed_at) WHERE state IN ('started', 'refund_due');
-- The last wall against charging an order twice.
CREATE UNIQUE INDEX payment_one_charge ON sales.payment (event, order_number)
    WHERE state = 'captured';
GRANT SELECT, INSERT, UPDATE ON sales.payment TO tiketi_sales;

CREATE TABLE sales.ticket (
    event        bigint NOT NULL,
    number       bigint NOT NULL,
    order_number bigint NOT NULL,
    fan          bigint NOT NULL,
    place        bigint NOT NULL,
    ticket_type  bigint NOT NULL,
    state        text   NOT NULL CHECK (state IN ('valid', 'redeemed', 'void')),
    issued_at    bigint NOT NULL,
    redeemed_at  bigint,
    gate         text,
    PRIMARY KEY (event, number),
    FOREIGN KEY (event, order_number) REFERENCES sales.order (event, number),
    CHECK ((state = 'redeemed') = (redeemed_at IS NOT NULL AND gate IS NOT NULL))
);
CREATE INDEX ticket_by_order ON sales.ticket (event, order_number);
-- The last wall against selling a place twice.
CREATE UNIQUE INDEX ticket_one_owner ON sales.ticket (event, place) WHERE state <> 'void';
GRANT SELECT, INSERT, UPDATE ON sales.ticket TO tiketi_sales;

-- The terms in force, encoded like the records that set them.
CREATE TABLE sales.terms (
    event bigint NOT NULL PRIMARY KEY,
    terms bytea  NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON sales.terms TO tiketi_sales;

-- How far each journal has been relayed to the stream; an event without a row has not been.
CREATE TABLE sales.relay (
    event     bigint NOT NULL PRIMARY KEY,
    acked_seq bigint NOT NULL
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE ON sales.relay TO tiketi_sales;
