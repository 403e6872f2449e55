-- Which events are rehearsals: marked before there is such a sale, for ever.
CREATE TABLE sales.rehearsal (
    event bigint NOT NULL PRIMARY KEY
);
GRANT SELECT, INSERT ON sales.rehearsal TO tiketi_sales;

CREATE FUNCTION sales.rehearsal_is_marked_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM sales.owner WHERE event = NEW.event) THEN
        RAISE EXCEPTION 'a sale that is open does not become a rehearsal'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER rehearsal_is_marked_first BEFORE INSERT ON sales.rehearsal
    FOR EACH ROW EXECUTE FUNCTION sales.rehearsal_is_marked_first();

CREATE FUNCTION sales.rehearsal_stays_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a rehearsal stays one' USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER rehearsal_stays_marked BEFORE UPDATE OR DELETE ON sales.rehearsal
    FOR EACH ROW EXECUTE FUNCTION sales.rehearsal_stays_one();

-- The highest fence says that nobody owns the event ever again. An append does not set the fence,
-- and so does not come here.
CREATE FUNCTION sales.owner_is_buried_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.fence = 9223372036854775807
        OR NOT EXISTS (SELECT 1 FROM sales.rehearsal WHERE event = NEW.event)
    THEN
        RAISE EXCEPTION 'only a rehearsal is buried, once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER owner_is_buried_once BEFORE UPDATE OF fence ON sales.owner
    FOR EACH ROW
    WHEN (OLD.fence = 9223372036854775807 OR NEW.fence = 9223372036854775807)
    EXECUTE FUNCTION sales.owner_is_buried_once();

CREATE FUNCTION sales.journal_is_not_shortened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM sales.rehearsal JOIN sales.owner USING (event)
        WHERE event = OLD.event AND fence = 9223372036854775807
    ) THEN
        RAISE EXCEPTION 'the journal of a sale is only added to'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER journal_is_not_shortened BEFORE DELETE ON sales.journal
    FOR EACH ROW EXECUTE FUNCTION sales.journal_is_not_shortened();

-- The role may still delete nothing; this deletes for it, at most so many rows, what a rehearsal
-- has that was buried. A snapshot that is just being written is waited for.
CREATE FUNCTION sales.wipe(wiped bigint, most bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part text;
    page bigint;
    gone bigint := 0;
BEGIN
    PERFORM 1 FROM sales.owner
    WHERE event = wiped AND fence = 9223372036854775807
        AND EXISTS (SELECT 1 FROM sales.rehearsal WHERE event = wiped)
    FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    FOREACH part IN ARRAY
        ARRAY['ticket', 'payment', 'order', 'place', 'terms', 'snapshot', 'relay', 'journal']
    LOOP
        EXECUTE format(
            'DELETE FROM sales.%1$I WHERE ctid = ANY (ARRAY(
                 SELECT ctid FROM sales.%1$I WHERE event = $1 LIMIT $2))', part
        ) USING wiped, most - gone;
        GET DIAGNOSTICS page = ROW_COUNT;
        gone := gone + page;
        EXIT WHEN gone >= most;
    END LOOP;
    RETURN gone;
END
$$;
REVOKE ALL ON FUNCTION sales.wipe(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sales.wipe(bigint, bigint) TO tiketi_sales;
