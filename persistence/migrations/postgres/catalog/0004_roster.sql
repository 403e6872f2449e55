-- Venues, artists and images as things of their own. What an event said of its venue becomes a venue of
-- that name; the text stays beside it, and a release that knows no venues goes on with that.
CREATE TABLE catalog.image (
    hash    bytea  NOT NULL PRIMARY KEY,
    kind    text   NOT NULL CHECK (kind IN ('png', 'jpeg', 'webp', 'avif')),
    width   bigint NOT NULL,
    height  bigint NOT NULL,
    body    bytea  NOT NULL,
    kept_at bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.image TO tiketi_catalog;

CREATE TABLE catalog.venue (
    id         bigint NOT NULL PRIMARY KEY,
    name_ko    text   NOT NULL,
    name_en    text   NOT NULL,
    address    text   NOT NULL,
    city       text   NOT NULL,
    country    text   NOT NULL,
    time_zone  text   NOT NULL,
    image      bytea  REFERENCES catalog.image (hash),
    alt_ko     text   NOT NULL DEFAULT '',
    alt_en     text   NOT NULL DEFAULT '',
    version    bigint NOT NULL,
    created_at bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.venue TO tiketi_catalog;

CREATE TABLE catalog.artist (
    id         bigint NOT NULL PRIMARY KEY,
    name_ko    text   NOT NULL,
    name_en    text   NOT NULL,
    about_ko   text   NOT NULL,
    about_en   text   NOT NULL,
    image      bytea  REFERENCES catalog.image (hash),
    alt_ko     text   NOT NULL DEFAULT '',
    alt_en     text   NOT NULL DEFAULT '',
    version    bigint NOT NULL,
    created_at bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.artist TO tiketi_catalog;

ALTER TABLE catalog.chart
    ADD COLUMN venue bigint REFERENCES catalog.venue (id) ON DELETE SET NULL;
GRANT UPDATE (venue) ON catalog.chart TO tiketi_catalog;
ALTER TABLE catalog.event
    ADD COLUMN venue_id bigint REFERENCES catalog.venue (id),
    ADD COLUMN image bytea REFERENCES catalog.image (hash),
    ADD COLUMN alt_ko text NOT NULL DEFAULT '',
    ADD COLUMN alt_en text NOT NULL DEFAULT '';
CREATE INDEX event_by_venue ON catalog.event (venue_id);

CREATE TABLE catalog.event_artist (
    event  bigint NOT NULL REFERENCES catalog.event (id),
    place  bigint NOT NULL,
    artist bigint NOT NULL REFERENCES catalog.artist (id),
    PRIMARY KEY (event, place)
);
CREATE INDEX event_artist_by_artist ON catalog.event_artist (artist);
GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.event_artist TO tiketi_catalog;

INSERT INTO catalog.venue
    (id, name_ko, name_en, address, city, country, time_zone, version, created_at)
SELECT row_number() OVER (ORDER BY min(created_at), venue), venue, venue, '', '', '', '', 1,
    min(created_at)
FROM catalog.event GROUP BY venue;
UPDATE catalog.event AS e SET venue_id = v.id FROM catalog.venue AS v WHERE v.name_ko = e.venue;
