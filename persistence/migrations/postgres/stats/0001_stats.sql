-- Which records have been counted, so that none is counted twice.
CREATE TABLE stats.applied (
    event bigint NOT NULL,
    seq   bigint NOT NULL,
    PRIMARY KEY (event, seq)
);
GRANT SELECT, INSERT, DELETE ON stats.applied TO tiketi_stats;

-- Names sort by their bytes, as they do in SQLite.
CREATE TABLE stats.sale (
    event          bigint NOT NULL,
    hour           bigint NOT NULL,
    section        text   NOT NULL COLLATE "C",
    category       text   NOT NULL COLLATE "C",
    sold           bigint NOT NULL,
    returned       bigint NOT NULL,
    sold_minor     bigint NOT NULL,
    returned_minor bigint NOT NULL,
    PRIMARY KEY (event, hour, section, category)
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE, DELETE ON stats.sale TO tiketi_stats;
