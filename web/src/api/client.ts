/**
 * The one way to the server: typed by the contract, patient, with one kind of answer.
 */
import { signal } from '@preact/signals';
import { memoryStore, type KeyStore } from './keep';
import { isProblem, offline, unreadable, type Answer } from './problem';
import { createRefresh } from './refresh';
import type { components } from './schema';
import { createThinClient } from './thin';
import { createTransport, type Wait } from './transport';

export type Schemas = components['schemas'];

/** A request that waits to be sent again, for the page to show. */
export const waiting = signal<Wait | null>(null);

/** A request takes at most this long; the server itself gives up after 20 seconds. */
const ANSWER_MS_MAX = 25_000;
const TRADED_AT = 'tiketi.traded_at';

/** Remembers in all tabs if the browser lets it, or else in this one. */
export const shared: KeyStore = storage('localStorage');
/** Remembers in this tab, over reloads. */
export const own: KeyStore = storage('sessionStorage');

function storage(name: 'localStorage' | 'sessionStorage'): KeyStore {
  try {
    const store = window[name];
    store.setItem('tiketi.probe', '1');
    store.removeItem('tiketi.probe');
    return store;
  } catch {
    return memoryStore();
  }
}

function plainFetch(request: Request): Promise<Response> {
  const signals = [request.signal, AbortSignal.timeout(ANSWER_MS_MAX)];
  return fetch(request, { signal: AbortSignal.any(signals) });
}

/** Trades the refresh token for new cookies; whether there is a session afterwards. */
export const refresh = createRefresh({
  trade: async () => {
    const response = await plainFetch(new Request('/api/v1/session/refresh', { method: 'POST' }));
    if (response.ok || response.status === 401) return response.ok;
    throw new TypeError('the session could not be refreshed now');
  },
  // Browsers have locks on secure origins only; elsewhere tabs may end each other's sessions.
  exclusive: async (work) =>
    'locks' in navigator ? await navigator.locks.request('tiketi-refresh', work) : await work(),
  tradedAt: () => Number(shared.getItem(TRADED_AT) ?? 0),
  setTradedAt: (at) => shared.setItem(TRADED_AT, String(at)),
  now: () => Date.now(),
});

const send = createTransport({
  fetch: plainFetch,
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
  random: Math.random,
  refresh,
  now: Date.now,
  onWait: (wait) => (waiting.value = wait),
});

/** Requests by path and method, as the contract has them. */
export const api = createThinClient(location.origin, send);

interface Raw<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Makes an answer of what the client gives or throws. */
export async function answer<T>(asked: Promise<Raw<T>>): Promise<Answer<T>> {
  try {
    const { data, error, response } = await asked;
    if (response.ok) return { ok: true, value: data as T };
    return { ok: false, problem: isProblem(error) ? error : unreadable(response.status) };
  } catch {
    return { ok: false, problem: offline() };
  }
}
