-- Only ever added to. The hash covers the entry and the hash before it.
CREATE TABLE accounts_audit (
    number  INTEGER NOT NULL PRIMARY KEY,
    at      INTEGER NOT NULL,
    account INTEGER NOT NULL,
    event   INTEGER NOT NULL,
    action  TEXT    NOT NULL,
    target  TEXT    NOT NULL,
    reason  TEXT    NOT NULL,
    outcome TEXT    NOT NULL,
    hash    BLOB    NOT NULL
) STRICT;

CREATE INDEX accounts_audit_by_event ON accounts_audit (event, number);

CREATE TRIGGER accounts_audit_is_not_altered BEFORE UPDATE ON accounts_audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is only added to');
END;

CREATE TRIGGER accounts_audit_is_not_shortened BEFORE DELETE ON accounts_audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is only added to');
END;
