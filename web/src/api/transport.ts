/**
 * How a request gets its answer: patience with a busy server, and one refresh of the session.
 *
 * Knows nothing of pages or of the API's paths but the session's. Everything from outside comes in
 * as an argument, so that its tests need neither a network nor time.
 */
import { isProblem } from './problem';

/** What the transport needs from outside. */
export interface World {
  fetch: (request: Request) => Promise<Response>;
  /** Waits. */
  sleep: (ms: number) => Promise<void>;
  /** From 0 to below 1. */
  random: () => number;
  /** Trades the refresh token, unless it was traded since; whether there is a session afterwards. */
  refresh: (since: number) => Promise<boolean>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Told while a request waits to be sent again, and with `null` when it no longer does. */
  onWait: (wait: Wait | null) => void;
}

/** A request waits to be sent again. */
export interface Wait {
  reason: 'busy' | 'lost';
  ms: number;
}

/** Sends at most this often, the first included. */
export const ATTEMPTS_MAX = 5;
/** Waits longer than this are not worth a fan's while: the page says so and offers a button. */
export const WAIT_MS_MAX = 30_000;

const SESSION = '/api/v1/session';

/** Paths whose repetition is harmless without a key: they settle what is settled already. */
const REPEATABLE = /\/(queue|queue\/claim|confirm|resolve)$/;

/** Codes after which the request may have been carried out all the same. */
const OUTCOME_UNKNOWN: ReadonlySet<string> = new Set(['timeout', 'unavailable']);

export function createTransport(world: World) {
  return async function send(request: Request): Promise<Response> {
    let refreshed = false;
    for (let attempt = 1; ; attempt += 1) {
      const sent = request.clone();
      const sentAt = world.now();
      let response: Response | null = null;
      try {
        response = await world.fetch(sent);
      } catch (error) {
        if (request.signal.aborted || attempt >= ATTEMPTS_MAX || !isRepeatable(request))
          throw error;
      }
      if (response?.status === 401 && !refreshed && !isSessionItself(request)) {
        refreshed = true;
        if (await world.refresh(sentAt)) continue;
        return response;
      }
      if (response !== null) {
        const again = attempt < ATTEMPTS_MAX && (await mayRepeat(request, response));
        if (!again) return response;
      }
      const ms = await waitOf(response, attempt, world.random);
      if (response !== null && ms > WAIT_MS_MAX) return response;
      world.onWait({ reason: response === null ? 'lost' : 'busy', ms });
      try {
        await world.sleep(ms);
      } finally {
        world.onWait(null);
      }
      if (request.signal.aborted) throw new DOMException('given up', 'AbortError');
    }
  };
}

/** Signing in or refreshing is not helped by refreshing; asking who is signed in is. */
function isSessionItself(request: Request): boolean {
  const path = new URL(request.url).pathname;
  return path.startsWith(SESSION) && request.method !== 'GET';
}

/** Whether sending it twice does what sending it once does. */
function isRepeatable(request: Request): boolean {
  return (
    request.method === 'GET' ||
    request.method === 'DELETE' ||
    request.headers.has('Idempotency-Key') ||
    REPEATABLE.test(new URL(request.url).pathname)
  );
}

/**
 * Whether an answer asks to come back: 429 and 503 do. What cannot be repeated safely is sent again
 * only if the server says that it has not begun.
 */
async function mayRepeat(request: Request, response: Response): Promise<boolean> {
  if (response.status !== 429 && response.status !== 503) return false;
  const problem = await problemIn(response);
  if (problem === null || problem.code === 'payments_off') return false;
  return isRepeatable(request) || !OUTCOME_UNKNOWN.has(problem.code);
}

/** The server's time to retry and up to half of it more; without one, full jitter (0.5 s · 2ⁿ). */
async function waitOf(
  response: Response | null,
  attempt: number,
  random: () => number,
): Promise<number> {
  const asked = response === null ? undefined : (await problemIn(response))?.retry_after_ms;
  if (asked !== undefined && asked !== null) return Math.round(asked * (1 + random() / 2));
  return Math.round(random() * Math.min(8_000, 500 * 2 ** attempt));
}

async function problemIn(response: Response) {
  try {
    const body: unknown = await response.clone().json();
    return isProblem(body) ? body : null;
  } catch {
    return null;
  }
}
