-- Only ever added to: the role may not do more. The hash covers the entry and the hash before it.
CREATE TABLE accounts.audit (
    number  bigint NOT NULL CONSTRAINT audit_number_is_taken PRIMARY KEY,
    at      bigint NOT NULL,
    account bigint NOT NULL,
    event   bigint NOT NULL,
    action  text   NOT NULL,
    target  text   NOT NULL,
    reason  text   NOT NULL,
    outcome text   NOT NULL,
    hash    bytea  NOT NULL
);
CREATE INDEX audit_by_event ON accounts.audit (event, number);
GRANT SELECT, INSERT ON accounts.audit TO tiketi_accounts;
