CREATE SCHEMA baseline;
CREATE TABLE baseline.seats (
    id            bigint PRIMARY KEY,
    event_id      bigint NOT NULL,
    price         bigint NOT NULL,
    status        text   NOT NULL,
    version       bigint NOT NULL,
    fencing_token bigint,
    locked_by     bigint
) WITH (fillfactor = 50);
CREATE TABLE baseline.reservations (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reservation_number text        NOT NULL,
    user_id            bigint      NOT NULL,
    event_id           bigint      NOT NULL,
    total_amount       bigint      NOT NULL,
    status             text        NOT NULL,
    expires_at         timestamptz NOT NULL
);
CREATE TABLE baseline.reservation_items (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reservation_id bigint NOT NULL REFERENCES baseline.reservations (id),
    seat_id        bigint NOT NULL,
    unit_price     bigint NOT NULL
);
