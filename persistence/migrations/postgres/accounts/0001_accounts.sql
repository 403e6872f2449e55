CREATE TABLE accounts.account (
    id            bigint NOT NULL PRIMARY KEY,
    email         text   NOT NULL CONSTRAINT account_email_is_taken UNIQUE,
    name          text   NOT NULL,
    role          text   NOT NULL CHECK (role IN ('fan', 'operator')),
    password_hash text   NOT NULL,
    created_at    bigint NOT NULL
);
GRANT SELECT, INSERT ON accounts.account TO tiketi_accounts;

-- Tokens of one session follow on each other; a session that is over has none.
CREATE TABLE accounts.refresh_token (
    hash       bytea   NOT NULL PRIMARY KEY,
    session    bytea   NOT NULL,
    account    bigint  NOT NULL REFERENCES accounts.account (id),
    expires_at bigint  NOT NULL,
    traded     boolean NOT NULL DEFAULT FALSE
);
CREATE INDEX refresh_token_by_session ON accounts.refresh_token (session);
CREATE INDEX refresh_token_by_expiry ON accounts.refresh_token (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts.refresh_token TO tiketi_accounts;

-- One row at most: a new link takes the place of the one before.
CREATE TABLE accounts.setup_link (
    one        boolean NOT NULL PRIMARY KEY DEFAULT TRUE CHECK (one),
    hash       bytea   NOT NULL,
    expires_at bigint  NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts.setup_link TO tiketi_accounts;
