-- A constraint of a column goes with the column; without a new table, no reference to this one breaks.
ALTER TABLE accounts_account RENAME COLUMN role TO former_role;
ALTER TABLE accounts_account ADD COLUMN role TEXT NOT NULL DEFAULT 'fan'
    CHECK (role IN ('fan', 'viewer', 'operator', 'administrator'));
UPDATE accounts_account SET role = former_role;
ALTER TABLE accounts_account DROP COLUMN former_role;

ALTER TABLE accounts_setup_link ADD COLUMN role TEXT NOT NULL DEFAULT 'operator'
    CHECK (role IN ('viewer', 'operator', 'administrator'));
