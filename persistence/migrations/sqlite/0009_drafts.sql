-- Events that are being prepared. The body is JSON that the server reads; a change raises the version.
CREATE TABLE catalog_draft (
    id         INTEGER NOT NULL PRIMARY KEY,
    body       TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
