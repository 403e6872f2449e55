-- Venues, artists and images as things of their own. What an event said of its venue becomes a venue of
-- that name; the text stays beside it.
CREATE TABLE catalog_image (
    hash    BLOB    NOT NULL PRIMARY KEY,
    kind    TEXT    NOT NULL CHECK (kind IN ('png', 'jpeg', 'webp', 'avif')),
    width   INTEGER NOT NULL,
    height  INTEGER NOT NULL,
    body    BLOB    NOT NULL,
    kept_at INTEGER NOT NULL
) STRICT;

CREATE TABLE catalog_venue (
    id         INTEGER NOT NULL PRIMARY KEY,
    name_ko    TEXT    NOT NULL,
    name_en    TEXT    NOT NULL,
    address    TEXT    NOT NULL,
    city       TEXT    NOT NULL,
    country    TEXT    NOT NULL,
    time_zone  TEXT    NOT NULL,
    image      BLOB    REFERENCES catalog_image (hash),
    alt_ko     TEXT    NOT NULL DEFAULT '',
    alt_en     TEXT    NOT NULL DEFAULT '',
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE catalog_artist (
    id         INTEGER NOT NULL PRIMARY KEY,
    name_ko    TEXT    NOT NULL,
    name_en    TEXT    NOT NULL,
    about_ko   TEXT    NOT NULL,
    about_en   TEXT    NOT NULL,
    image      BLOB    REFERENCES catalog_image (hash),
    alt_ko     TEXT    NOT NULL DEFAULT '',
    alt_en     TEXT    NOT NULL DEFAULT '',
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

ALTER TABLE catalog_chart ADD COLUMN venue INTEGER
    REFERENCES catalog_venue (id) ON DELETE SET NULL;
ALTER TABLE catalog_event ADD COLUMN venue_id INTEGER REFERENCES catalog_venue (id);
ALTER TABLE catalog_event ADD COLUMN image BLOB REFERENCES catalog_image (hash);
ALTER TABLE catalog_event ADD COLUMN alt_ko TEXT NOT NULL DEFAULT '';
ALTER TABLE catalog_event ADD COLUMN alt_en TEXT NOT NULL DEFAULT '';
CREATE INDEX catalog_event_by_venue ON catalog_event (venue_id);

CREATE TABLE catalog_event_artist (
    event  INTEGER NOT NULL REFERENCES catalog_event (id),
    place  INTEGER NOT NULL,
    artist INTEGER NOT NULL REFERENCES catalog_artist (id),
    PRIMARY KEY (event, place)
) STRICT;
CREATE INDEX catalog_event_artist_by_artist ON catalog_event_artist (artist);

INSERT INTO catalog_venue
    (id, name_ko, name_en, address, city, country, time_zone, version, created_at)
SELECT row_number() OVER (ORDER BY min(created_at), venue), venue, venue, '', '', '', '', 1,
    min(created_at)
FROM catalog_event GROUP BY venue;
UPDATE catalog_event SET venue_id =
    (SELECT id FROM catalog_venue WHERE name_ko = catalog_event.venue);
