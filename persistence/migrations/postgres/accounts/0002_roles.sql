ALTER TABLE accounts.account
    DROP CONSTRAINT account_role_check,
    ADD CONSTRAINT account_role_is_known
        CHECK (role IN ('fan', 'viewer', 'operator', 'administrator'));

-- The release before makes links without a role; it made operators.
ALTER TABLE accounts.setup_link
    ADD COLUMN role text NOT NULL DEFAULT 'operator' CONSTRAINT setup_link_role_is_known
        CHECK (role IN ('viewer', 'operator', 'administrator'));
