-- Which events are rehearsals: marked before anything is paid, for ever. What is wiped gets nothing
-- more. The role may only say that one is.
CREATE TABLE payments.rehearsal (
    event bigint  NOT NULL PRIMARY KEY,
    wiped boolean NOT NULL DEFAULT FALSE
);
GRANT SELECT, INSERT, UPDATE (wiped) ON payments.rehearsal TO tiketi_payments;

CREATE FUNCTION payments.rehearsal_is_marked_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments.authorisation WHERE event = NEW.event) THEN
        RAISE EXCEPTION 'what is paid for does not become a rehearsal'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER rehearsal_is_marked_first BEFORE INSERT ON payments.rehearsal
    FOR EACH ROW EXECUTE FUNCTION payments.rehearsal_is_marked_first();

CREATE FUNCTION payments.rehearsal_stays_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a rehearsal stays one' USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER rehearsal_only_moves_on BEFORE UPDATE ON payments.rehearsal
    FOR EACH ROW WHEN (NEW.event <> OLD.event OR NEW.wiped < OLD.wiped)
    EXECUTE FUNCTION payments.rehearsal_stays_one();
CREATE TRIGGER rehearsal_stays_marked BEFORE DELETE ON payments.rehearsal
    FOR EACH ROW EXECUTE FUNCTION payments.rehearsal_stays_one();

CREATE FUNCTION payments.authorisation_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments.rehearsal WHERE event = OLD.event AND wiped) THEN
        RAISE EXCEPTION 'only what a rehearsal authorised goes' USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER authorisation_stays BEFORE DELETE ON payments.authorisation
    FOR EACH ROW EXECUTE FUNCTION payments.authorisation_stays();
GRANT DELETE ON payments.authorisation TO tiketi_payments;
