import { beforeEach, describe, expect, test } from 'vitest';
import { ATTEMPTS_MAX, createTransport, type Wait, type World } from './transport';

const ORIGIN = 'http://tiketi.test';

interface Played {
  readonly sent: Request[];
  readonly slept: number[];
  readonly waits: (Wait | null)[];
  refreshes: number;
}

/** A world that answers with these, one after the other; `null` is a lost connection. */
function play(
  answers: (Response | null)[],
  more: Partial<World> = {},
): Played & { send: (request: Request) => Promise<Response> } {
  const played: Played = { sent: [], slept: [], waits: [], refreshes: 0 };
  const send = createTransport({
    fetch: (request) => {
      played.sent.push(request);
      const answer = answers.shift();
      if (answer === undefined) return Promise.reject(new Error('asked too often'));
      return answer === null ? Promise.reject(new TypeError('lost')) : Promise.resolve(answer);
    },
    sleep: (ms) => {
      played.slept.push(ms);
      return Promise.resolve();
    },
    random: () => 0.5,
    now: () => 0,
    refresh: () => {
      played.refreshes += 1;
      return Promise.resolve(true);
    },
    onWait: (wait) => played.waits.push(wait),
    ...more,
  });
  return Object.assign(played, { send });
}

const ok = () => new Response('{}', { status: 200 });
function refusal(status: number, code: string, retry_after_ms?: number): Response {
  return new Response(JSON.stringify({ status, code, retry_after_ms }), { status });
}
const get = (path = '/api/v1/events') => new Request(ORIGIN + path);
const post = (path: string, headers: Record<string, string> = {}) =>
  new Request(ORIGIN + path, { method: 'POST', headers, body: '{}' });
const keyed = () => post('/api/v1/events/e/holds', { 'Idempotency-Key': 'k1' });

describe('a busy server', () => {
  test('is asked again after its own time, with jitter, and the page is told', async () => {
    const world = play([
      refusal(503, 'overloaded', 1_000),
      refusal(429, 'too_many_sockets', 200),
      ok(),
    ]);
    expect((await world.send(get())).status).toBe(200);
    expect(world.slept).toEqual([1_250, 250]);
    expect(world.waits).toEqual([
      { reason: 'busy', ms: 1_250 },
      null,
      { reason: 'busy', ms: 250 },
      null,
    ]);
  });

  test('is not asked for ever', async () => {
    const world = play(Array.from({ length: ATTEMPTS_MAX }, () => refusal(503, 'unavailable', 10)));
    expect((await world.send(get())).status).toBe(503);
    expect(world.sent).toHaveLength(ATTEMPTS_MAX);
  });

  test('that asks for more than a fan can wait is believed at once', async () => {
    const world = play([refusal(503, 'overloaded', 600_000)]);
    expect((await world.send(get())).status).toBe(503);
    expect(world.slept).toEqual([]);
  });

  test('that takes no payments is not asked again', async () => {
    const world = play([refusal(503, 'payments_off')]);
    expect((await world.send(keyed())).status).toBe(503);
  });
});

describe('what may have happened already', () => {
  test('is asked again under its key', async () => {
    const world = play([null, refusal(503, 'timeout', 10), ok()]);
    expect((await world.send(keyed())).status).toBe(200);
    expect(world.sent.map((request) => request.headers.get('Idempotency-Key'))).toEqual([
      'k1',
      'k1',
      'k1',
    ]);
  });

  test('is asked again without one where repeats settle nothing new', async () => {
    for (const path of ['/api/v1/events/e/queue/claim', '/api/v1/orders/o/payments/p/confirm']) {
      const world = play([null, ok()]);
      expect((await world.send(post(path))).status).toBe(200);
    }
  });

  test('is not asked again without a key', async () => {
    const lost = play([null]);
    await expect(lost.send(post('/api/v1/accounts'))).rejects.toThrow('lost');
    for (const code of ['timeout', 'unavailable']) {
      const late = play([refusal(503, code, 10)]);
      expect((await late.send(post('/api/v1/accounts'))).status).toBe(503);
    }
  });

  test('is asked again if the server says that it had not begun', async () => {
    const world = play([refusal(503, 'busy', 10), ok()]);
    expect((await world.send(post('/api/v1/accounts'))).status).toBe(200);
  });
});

describe('a session', () => {
  test('is refreshed once, and the request is sent again', async () => {
    const world = play([refusal(401, 'not_signed_in'), ok()]);
    expect((await world.send(get())).status).toBe(200);
    expect(world.refreshes).toBe(1);
  });

  test('that cannot be refreshed ends the request, and one that is refused again too', async () => {
    const over = play([refusal(401, 'session_over')], { refresh: () => Promise.resolve(false) });
    expect((await over.send(get())).status).toBe(401);
    const again = play([refusal(401, 'not_signed_in'), refusal(401, 'not_signed_in')]);
    expect((await again.send(get())).status).toBe(401);
    expect(again.refreshes).toBe(1);
  });

  test('is not refreshed when signing in is refused', async () => {
    const world = play([refusal(401, 'wrong_credentials')]);
    expect((await world.send(post('/api/v1/session'))).status).toBe(401);
    expect(world.refreshes).toBe(0);
  });
});

describe('a lost connection', () => {
  let world: ReturnType<typeof play>;
  beforeEach(() => {
    world = play([null, null, ok()]);
  });

  test('is tried again with growing pauses', async () => {
    expect((await world.send(get())).status).toBe(200);
    expect(world.slept).toEqual([500, 1_000]);
    expect(world.waits[0]).toEqual({ reason: 'lost', ms: 500 });
  });

  test('ends with the page that asked', async () => {
    const gone = new AbortController();
    gone.abort();
    await expect(world.send(new Request(get(), { signal: gone.signal }))).rejects.toThrow();
    expect(world.slept).toEqual([]);
  });
});
