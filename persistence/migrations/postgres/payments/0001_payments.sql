-- What fans have authorised, kept before the payment company is asked to take it.
CREATE TABLE payments.authorisation (
    event        bigint NOT NULL,
    payment      bigint NOT NULL,
    order_number bigint NOT NULL,
    payment_key  text   NOT NULL,
    amount_minor bigint NOT NULL,
    kept_at      bigint NOT NULL,
    PRIMARY KEY (event, payment)
);
GRANT SELECT, INSERT ON payments.authorisation TO tiketi_payments;
