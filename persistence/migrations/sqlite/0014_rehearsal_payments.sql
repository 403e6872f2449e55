-- Which events are rehearsals: marked before anything is paid, for ever. What is wiped gets nothing
-- more.
CREATE TABLE payments_rehearsal (
    event INTEGER NOT NULL PRIMARY KEY,
    wiped INTEGER NOT NULL DEFAULT 0 CHECK (wiped IN (0, 1))
) STRICT;

CREATE TRIGGER payments_rehearsal_is_marked_first BEFORE INSERT ON payments_rehearsal
WHEN EXISTS (SELECT 1 FROM payments_authorisation WHERE event = NEW.event)
BEGIN
    SELECT RAISE(ABORT, 'what is paid for does not become a rehearsal');
END;

CREATE TRIGGER payments_rehearsal_only_moves_on BEFORE UPDATE ON payments_rehearsal
WHEN NEW.event <> OLD.event OR NEW.wiped < OLD.wiped
BEGIN
    SELECT RAISE(ABORT, 'a rehearsal stays one');
END;

CREATE TRIGGER payments_rehearsal_stays_marked BEFORE DELETE ON payments_rehearsal
BEGIN
    SELECT RAISE(ABORT, 'a rehearsal stays one');
END;

CREATE TRIGGER payments_authorisation_stays BEFORE DELETE ON payments_authorisation
WHEN NOT EXISTS (SELECT 1 FROM payments_rehearsal WHERE event = OLD.event AND wiped = 1)
BEGIN
    SELECT RAISE(ABORT, 'only what a rehearsal authorised goes');
END;
