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
