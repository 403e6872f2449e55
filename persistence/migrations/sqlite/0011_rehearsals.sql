-- Which events are rehearsals: marked before there is such an event, for ever.
CREATE TABLE catalog_rehearsal (
    event   INTEGER NOT NULL PRIMARY KEY,
    copy_of INTEGER NOT NULL,
    title   TEXT    NOT NULL,
    made_at INTEGER NOT NULL,
    state   TEXT    NOT NULL CHECK (state IN ('made', 'wiping', 'wiped'))
) STRICT;

CREATE TRIGGER catalog_rehearsal_is_marked_first BEFORE INSERT ON catalog_rehearsal
WHEN EXISTS (SELECT 1 FROM catalog_event WHERE id = NEW.event)
    OR EXISTS (SELECT 1 FROM catalog_draft WHERE id = NEW.event)
BEGIN
    SELECT RAISE(ABORT, 'an event that is there does not become a rehearsal');
END;

CREATE TRIGGER catalog_rehearsal_only_moves_on BEFORE UPDATE ON catalog_rehearsal
WHEN NEW.event <> OLD.event OR NEW.copy_of <> OLD.copy_of
    OR (OLD.state, NEW.state) NOT IN (VALUES ('made', 'wiping'), ('wiping', 'wiped'))
BEGIN
    SELECT RAISE(ABORT, 'a rehearsal stays one');
END;

CREATE TRIGGER catalog_rehearsal_stays_marked BEFORE DELETE ON catalog_rehearsal
BEGIN
    SELECT RAISE(ABORT, 'a rehearsal stays one');
END;

CREATE TRIGGER catalog_event_stays BEFORE DELETE ON catalog_event
WHEN NOT EXISTS (SELECT 1 FROM catalog_rehearsal WHERE event = OLD.id AND state = 'wiping')
BEGIN
    SELECT RAISE(ABORT, 'only a rehearsal that is being wiped goes');
END;

CREATE TRIGGER catalog_rehearsal_is_not_added_published BEFORE INSERT ON catalog_event
WHEN NEW.state = 'published' AND EXISTS (SELECT 1 FROM catalog_rehearsal WHERE event = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'a rehearsal is not published');
END;

CREATE TRIGGER catalog_rehearsal_is_not_published BEFORE UPDATE OF state ON catalog_event
WHEN NEW.state = 'published' AND EXISTS (SELECT 1 FROM catalog_rehearsal WHERE event = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'a rehearsal is not published');
END;

-- The same for sales. The highest fence says that nobody owns the event ever again.
CREATE TABLE sales_rehearsal (
    event INTEGER NOT NULL PRIMARY KEY
) STRICT;

CREATE TRIGGER sales_rehearsal_is_marked_first BEFORE INSERT ON sales_rehearsal
WHEN EXISTS (SELECT 1 FROM sales_owner WHERE event = NEW.event)
BEGIN
    SELECT RAISE(ABORT, 'a sale that is open does not become a rehearsal');
END;

CREATE TRIGGER sales_rehearsal_stays_itself BEFORE UPDATE ON sales_rehearsal
BEGIN
    SELECT RAISE(ABORT, 'a rehearsal stays one');
END;

CREATE TRIGGER sales_rehearsal_stays_marked BEFORE DELETE ON sales_rehearsal
BEGIN
    SELECT RAISE(ABORT, 'a rehearsal stays one');
END;

CREATE TRIGGER sales_owner_is_buried_once BEFORE UPDATE OF fence ON sales_owner
WHEN OLD.fence = 9223372036854775807
    OR (NEW.fence = 9223372036854775807
        AND NOT EXISTS (SELECT 1 FROM sales_rehearsal WHERE event = NEW.event))
BEGIN
    SELECT RAISE(ABORT, 'only a rehearsal is buried, once');
END;

CREATE TRIGGER sales_journal_is_not_shortened BEFORE DELETE ON sales_journal
WHEN NOT EXISTS (
    SELECT 1 FROM sales_rehearsal r JOIN sales_owner o ON o.event = r.event
    WHERE r.event = OLD.event AND o.fence = 9223372036854775807
)
BEGIN
    SELECT RAISE(ABORT, 'the journal of a sale is only added to');
END;

-- The same for payments. What is wiped gets nothing more.
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
