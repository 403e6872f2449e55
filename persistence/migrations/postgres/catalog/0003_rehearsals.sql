-- Which events are rehearsals: marked before there is such an event, for ever. The role may only
-- move one's state.
CREATE TABLE catalog.rehearsal (
    event   bigint NOT NULL PRIMARY KEY,
    copy_of bigint NOT NULL,
    title   text   NOT NULL,
    made_at bigint NOT NULL,
    state   text   NOT NULL CHECK (state IN ('made', 'wiping', 'wiped'))
);
GRANT SELECT, INSERT, UPDATE (state) ON catalog.rehearsal TO tiketi_catalog;

CREATE FUNCTION catalog.rehearsal_is_marked_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM catalog.event WHERE id = NEW.event)
        OR EXISTS (SELECT 1 FROM catalog.draft WHERE id = NEW.event)
    THEN
        RAISE EXCEPTION 'an event that is there does not become a rehearsal'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER rehearsal_is_marked_first BEFORE INSERT ON catalog.rehearsal
    FOR EACH ROW EXECUTE FUNCTION catalog.rehearsal_is_marked_first();

CREATE FUNCTION catalog.rehearsal_stays_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a rehearsal stays one' USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER rehearsal_only_moves_on BEFORE UPDATE ON catalog.rehearsal
    FOR EACH ROW WHEN (
        NEW.event <> OLD.event OR NEW.copy_of <> OLD.copy_of
        OR (OLD.state, NEW.state) NOT IN (('made', 'wiping'), ('wiping', 'wiped'))
    ) EXECUTE FUNCTION catalog.rehearsal_stays_one();
CREATE TRIGGER rehearsal_stays_marked BEFORE DELETE ON catalog.rehearsal
    FOR EACH ROW EXECUTE FUNCTION catalog.rehearsal_stays_one();

CREATE FUNCTION catalog.event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM catalog.rehearsal WHERE event = OLD.id AND state = 'wiping') THEN
        RAISE EXCEPTION 'only a rehearsal that is being wiped goes'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER event_stays BEFORE DELETE ON catalog.event
    FOR EACH ROW EXECUTE FUNCTION catalog.event_stays();
GRANT DELETE ON catalog.event TO tiketi_catalog;

CREATE FUNCTION catalog.rehearsal_is_not_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM catalog.rehearsal WHERE event = NEW.id) THEN
        RAISE EXCEPTION 'a rehearsal is not published' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER rehearsal_is_not_published BEFORE INSERT OR UPDATE OF state ON catalog.event
    FOR EACH ROW WHEN (NEW.state = 'published')
    EXECUTE FUNCTION catalog.rehearsal_is_not_published();
