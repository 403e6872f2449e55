/**
 * Who is signed in, as far as the server has confirmed it.
 *
 * Public pages ask only if somebody has signed in here before; private ones always ask, and show
 * nothing until the answer has come.
 */
import { signal } from '@preact/signals';
import { answer, api, shared, type Schemas } from '../api/client';
import type { Answer, Problem } from '../api/problem';

export type Session = Schemas['SessionView'];

export type SessionState =
  | { readonly type: 'unknown' }
  | { readonly type: 'in'; readonly who: Session }
  | { readonly type: 'out' }
  | { readonly type: 'failed'; readonly problem: Problem };

/** The session as confirmed since this page was shown. */
export const session = signal<SessionState>({ type: 'unknown' });

const HINT = 'tiketi.signed_in';
let asking: Promise<void> | null = null;

/** Asks the server, unless it has answered already. */
export async function confirmSession(): Promise<void> {
  const { type } = session.peek();
  if (type === 'in' || type === 'out') return;
  asking ??= ask().finally(() => (asking = null));
  await asking;
}

async function ask(): Promise<void> {
  const asked = await answer(api.GET('/api/v1/session'));
  if (asked.ok) signedIn(asked.value);
  else if (asked.problem.status === 401) signedOut();
  else session.value = { type: 'failed', problem: asked.problem };
}

/** Asks only if it is likely that somebody is signed in: a crowd of strangers need not. */
export function greet(): void {
  if (shared.getItem(HINT) === null) session.value = { type: 'out' };
  else void confirmSession();
  // A page that comes back from the cache of the history may be somebody else's by now: it is left
  // empty, and asks when it is shown again.
  addEventListener('pagehide', (event) => {
    if (event.persisted && session.peek().type === 'in') session.value = { type: 'unknown' };
  });
  addEventListener('pageshow', (event) => {
    if (event.persisted) void reconfirm();
  });
  addEventListener('storage', (event) => {
    if (event.key === HINT) void reconfirm();
  });
}

/** Forgets what was confirmed and asks again. */
export async function reconfirm(): Promise<void> {
  session.value = { type: 'unknown' };
  await confirmSession();
}

/** Takes what signing in gave. */
export function signedIn(who: Session): void {
  shared.setItem(HINT, '1');
  session.value = { type: 'in', who };
}

function signedOut(): void {
  shared.removeItem(HINT);
  session.value = { type: 'out' };
}

/** Ends the session everywhere. */
export async function signOut(): Promise<Answer<unknown>> {
  const ended = await answer(api.DELETE('/api/v1/session'));
  if (ended.ok) signedOut();
  return ended;
}

/** A request was answered with 401 even after a refresh: the session is over. */
export function lostSession(problem: Problem): boolean {
  if (problem.status !== 401) return false;
  signedOut();
  return true;
}

/** Where to sign in, and come back from. */
export function signInUrl(back: string): string {
  return `/sign-in?next=${encodeURIComponent(back)}`;
}
