-- How far each journal has been relayed to the stream; an event without a row has not been.
CREATE TABLE sales_relay (
    event     INTEGER NOT NULL PRIMARY KEY,
    acked_seq INTEGER NOT NULL
) STRICT;
