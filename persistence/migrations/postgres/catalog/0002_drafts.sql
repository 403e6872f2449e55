-- Events that are being prepared. The body is JSON that the server reads; a change raises the version.
CREATE TABLE catalog.draft (
    id         bigint NOT NULL PRIMARY KEY,
    body       text   NOT NULL,
    version    bigint NOT NULL,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.draft TO tiketi_catalog;
