GRANT UPDATE (role) ON accounts.account TO tiketi_accounts;
