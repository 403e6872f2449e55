CREATE TABLE catalog.chart (
    hash       bytea  NOT NULL PRIMARY KEY,
    name       text   NOT NULL,
    places     bigint NOT NULL,
    body       bytea  NOT NULL,
    created_at bigint NOT NULL
);
GRANT SELECT, INSERT ON catalog.chart TO tiketi_catalog;

CREATE TABLE catalog.event (
    id          bigint NOT NULL PRIMARY KEY,
    title       text   NOT NULL,
    description text   NOT NULL,
    venue       text   NOT NULL,
    starts_at   bigint NOT NULL,
    chart       bytea  NOT NULL REFERENCES catalog.chart (hash),
    state       text   NOT NULL CHECK (state IN ('draft', 'published')),
    created_at  bigint NOT NULL
);
CREATE INDEX event_by_start ON catalog.event (starts_at, id) WHERE state = 'published';
GRANT SELECT, INSERT, UPDATE ON catalog.event TO tiketi_catalog;
