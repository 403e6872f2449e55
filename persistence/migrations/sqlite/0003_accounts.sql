CREATE TABLE accounts_account (
    id            INTEGER NOT NULL PRIMARY KEY,
    email         TEXT    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    role          TEXT    NOT NULL CHECK (role IN ('fan', 'operator')),
    password_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

-- Tokens of one session follow on each other; a session that is over has none.
CREATE TABLE accounts_refresh_token (
    hash       BLOB    NOT NULL PRIMARY KEY,
    session    BLOB    NOT NULL,
    account    INTEGER NOT NULL REFERENCES accounts_account (id),
    expires_at INTEGER NOT NULL,
    traded     INTEGER NOT NULL DEFAULT 0 CHECK (traded IN (0, 1))
) STRICT;

CREATE INDEX accounts_refresh_token_by_session ON accounts_refresh_token (session);
CREATE INDEX accounts_refresh_token_by_expiry ON accounts_refresh_token (expires_at);

CREATE TABLE accounts_setup_link (
    hash       BLOB    NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT;
