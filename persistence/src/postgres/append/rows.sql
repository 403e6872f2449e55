-- Orders, payments, tickets and terms.
, ordered AS (
    INSERT INTO sales.order
        (event, number, fan, items, total_minor, state, placed_at, changed_at)
    SELECT owner.event, touched.*
    FROM owner, unnest($24::bigint[], $25::bigint[], $26::text[], $27::bigint[], $28::text[],
                       $29::bigint[], $30::bigint[]) AS touched
    ON CONFLICT (event, number) DO UPDATE
    SET state = excluded.state, changed_at = excluded.changed_at
), paid AS (
    INSERT INTO sales.payment
        (event, number, order_number, state, reference, captured_minor, decline_code, started_at,
         changed_at)
    SELECT owner.event, touched.*
    FROM owner, unnest($31::bigint[], $32::bigint[], $33::text[], $34::text[], $35::bigint[],
                       $36::text[], $37::bigint[], $38::bigint[]) AS touched
    ON CONFLICT (event, number) DO UPDATE
    SET state = excluded.state, reference = excluded.reference,
        captured_minor = excluded.captured_minor, decline_code = excluded.decline_code,
        changed_at = excluded.changed_at
), ticketed AS (
    INSERT INTO sales.ticket
        (event, number, order_number, fan, place, ticket_type, state, issued_at, redeemed_at, gate)
    SELECT owner.event, touched.*
    FROM owner, unnest($39::bigint[], $40::bigint[], $41::bigint[], $42::bigint[], $43::bigint[],
                       $44::text[], $45::bigint[], $46::bigint[], $47::text[])
        AS touched (number, order_number, fan, place, ticket_type, state, issued_at, redeemed_at,
                    gate)
    -- Void tickets make room for those of the same places that are new.
    ORDER BY touched.state <> 'void'
    ON CONFLICT (event, number) DO UPDATE
    SET state = excluded.state, redeemed_at = excluded.redeemed_at, gate = excluded.gate
), termed AS (
    INSERT INTO sales.terms (event, terms)
    SELECT event, $48 FROM owner WHERE $48 IS NOT NULL
    ON CONFLICT (event) DO UPDATE SET terms = excluded.terms
)
