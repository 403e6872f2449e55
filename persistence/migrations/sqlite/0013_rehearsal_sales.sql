-- Which events are rehearsals: marked before there is such a sale, for ever. The highest fence says
-- that nobody owns the event ever again.
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
