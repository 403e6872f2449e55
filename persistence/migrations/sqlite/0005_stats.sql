-- Which records have been counted, so that none is counted twice.
CREATE TABLE stats_applied (
    event INTEGER NOT NULL,
    seq   INTEGER NOT NULL,
    PRIMARY KEY (event, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE stats_sale (
    event          INTEGER NOT NULL,
    hour           INTEGER NOT NULL,
    section        TEXT    NOT NULL,
    category       TEXT    NOT NULL,
    sold           INTEGER NOT NULL,
    returned       INTEGER NOT NULL,
    sold_minor     INTEGER NOT NULL,
    returned_minor INTEGER NOT NULL,
    PRIMARY KEY (event, hour, section, category)
) STRICT, WITHOUT ROWID;
