import { expect, test } from 'vitest';
import { createThinClient, requestOf } from './thin';

const ORIGIN = 'http://tiketi.test';

test('a request is what the contract says', async () => {
  const request = requestOf('POST', ORIGIN, '/api/v1/orders/{order}/payments/{payment}/confirm', {
    params: { path: { order: 'ord/1', payment: 'pay 2' }, header: { 'Idempotency-Key': 'k' } },
    body: { amount_minor: 1 },
  });
  expect(request.url).toBe(`${ORIGIN}/api/v1/orders/ord%2F1/payments/pay%202/confirm`);
  expect(request.headers.get('Idempotency-Key')).toBe('k');
  expect(request.headers.get('Content-Type')).toBe('application/json');
  expect(await request.json()).toEqual({ amount_minor: 1 });
});

test('what is not given is not sent', () => {
  const query = { limit: 20, cursor: undefined };
  const request = requestOf('GET', ORIGIN, '/api/v1/events', {
    params: { query, header: { a: null } },
  });
  expect(request.url).toBe(`${ORIGIN}/api/v1/events?limit=20`);
  expect([...request.headers.keys()]).toEqual([]);
});

test('an answer is data, a refusal an error, and nothing is nothing', async () => {
  const answers = [
    new Response('{"now_ms":1}'),
    new Response('{"code":"x"}', { status: 409 }),
    new Response(null, { status: 204 }),
  ];
  const client = createThinClient(ORIGIN, () =>
    Promise.resolve(answers.shift() ?? Response.error()),
  );
  expect((await client.GET('/api/v1/time')).data).toEqual({ now_ms: 1 });
  expect((await client.GET('/api/v1/time')).error).toEqual({ code: 'x' });
  expect((await client.DELETE('/api/v1/session')).data).toBeUndefined();
});
