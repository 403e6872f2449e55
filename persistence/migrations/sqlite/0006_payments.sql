-- What fans have authorised, kept before the payment company is asked to take it.
CREATE TABLE payments_authorisation (
    event        INTEGER NOT NULL,
    payment      INTEGER NOT NULL,
    order_number INTEGER NOT NULL,
    payment_key  TEXT    NOT NULL,
    amount_minor INTEGER NOT NULL,
    kept_at      INTEGER NOT NULL,
    PRIMARY KEY (event, payment)
) STRICT;
