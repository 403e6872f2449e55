CREATE TABLE catalog_chart (
    hash       BLOB    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    places     INTEGER NOT NULL,
    body       BLOB    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE catalog_event (
    id          INTEGER NOT NULL PRIMARY KEY,
    title       TEXT    NOT NULL,
    description TEXT    NOT NULL,
    venue       TEXT    NOT NULL,
    starts_at   INTEGER NOT NULL,
    chart       BLOB    NOT NULL REFERENCES catalog_chart (hash),
    state       TEXT    NOT NULL CHECK (state IN ('draft', 'published')),
    created_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX catalog_event_by_start ON catalog_event (starts_at, id) WHERE state = 'published';
