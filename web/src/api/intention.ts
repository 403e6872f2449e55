/**
 * One key for each thing that a user wants, kept over every attempt to get it.
 *
 * A key says to the server "this is still the same wish". So it must outlive a lost answer, a
 * reload and a second click, and must end with the first answer that settles the wish: the next
 * click is a new wish then.
 */
import { own } from './client';
import type { KeyStore } from './keep';
import type { Answer } from './problem';

const PREFIX = 'tiketi.intention.';

/** Answers after which the outcome is open: nothing came, or the server says that it may come yet. */
const OPEN = new Set([
  'offline',
  'unreadable',
  'timeout',
  'overloaded',
  'unavailable',
  'stopping',
  'busy',
  'internal',
]);

export function createIntentions(store: KeyStore, newKey: () => string) {
  /**
   * Runs one wish under its key. `name` says what is wanted, with everything that makes it another
   * wish (which seats, which order); equal names that are not settled share a key.
   */
  return async function intend<T>(
    name: string,
    attempt: (key: string) => Promise<Answer<T>>,
  ): Promise<Answer<T>> {
    const at = PREFIX + name;
    const key = store.getItem(at) ?? newKey();
    store.setItem(at, key);
    const answer = await attempt(key);
    if (answer.ok || !OPEN.has(answer.problem.code)) store.removeItem(at);
    return answer;
  };
}

/** Runs a wish under its idempotency key, which this tab remembers. */
export const intend = createIntentions(own, () => crypto.randomUUID());
