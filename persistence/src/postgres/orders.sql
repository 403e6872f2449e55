-- Orders: a row for each payment, or one for an order without any.
SELECT o.event, o.number, o.fan, o.items, o.total_minor, o.state, o.placed_at, o.changed_at,
       p.number AS payment, p.state AS payment_state, p.reference, p.captured_minor,
       p.decline_code, p.started_at, p.changed_at AS payment_changed_at,
       (SELECT coalesce(string_agg(t.number::text, ','), '') FROM sales.ticket t
        WHERE t.event = o.event AND t.order_number = o.number) AS tickets
FROM sales.order o
LEFT JOIN sales.payment p ON p.event = o.event AND p.order_number = o.number
