/**
 * One fan at one event: the live connection, and what the server says is the fan's own.
 *
 * Frames say what everybody may know; a `yours` among them says that it is time to ask again for
 * standing and hold.
 */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { answer, api, refresh, type Schemas } from '../api/client';
import { openLive, type Live } from '../api/live';
import type { Loaded } from './load';
import { lostSession, session } from './session';
import { adoptClock } from './time';

export type Me = Schemas['MeView'];
export type Standing = Schemas['StandingBody'];
export type Hold = Schemas['HoldView'];

export interface Fan {
  readonly live: Live;
  readonly me: ReadonlySignal<Loaded<Me>>;
  /** Asks for standing and hold again. */
  readonly ask: () => Promise<void>;
  /** Puts in what another request answered. */
  readonly setStanding: (standing: Standing) => void;
  readonly setHold: (hold: Hold | null) => void;
  readonly close: () => void;
}

/** An access token lives for minutes, and a socket that was opened without one hears no `yours`. */
const RENEW_MS = 8 * 60_000;

export function followFan(event: string): Fan {
  const me = signal<Loaded<Me>>({ type: 'loading' });
  const watching = session.peek().type !== 'in';
  let asked = 0;
  let renewedAt = Date.now();

  async function ask(): Promise<void> {
    if (watching) return;
    asked += 1;
    const mine = asked;
    const path = { event };
    const got = await answer(api.GET('/api/v1/events/{event}/me', { params: { path } }));
    // Answers may overtake each other; only the one asked for last counts.
    if (mine !== asked) return;
    if (got.ok) me.value = { type: 'ready', value: got.value };
    else if (!lostSession(got.problem) && me.peek().type !== 'ready') {
      me.value = { type: 'failed', problem: got.problem };
    }
  }

  function put(change: Partial<Me>): void {
    const now = me.peek();
    // What is under way was asked before this change.
    asked += 1;
    if (now.type === 'ready') me.value = { type: 'ready', value: { ...now.value, ...change } };
    else void ask();
  }

  const live = openLive(event, {
    onYours: () => void ask(),
    beforeConnect: async () => {
      if (watching || Date.now() - renewedAt < RENEW_MS) return;
      await refresh(Date.now() - RENEW_MS).catch(() => false);
      renewedAt = Date.now();
    },
  });
  let before = live.connection.peek().type;
  const ending = [
    effect(() => adoptClock(live.clock.value)),
    effect(() => {
      const { type } = live.connection.value;
      // Whatever was said while the line was dead has to be asked for.
      if (type === 'live' && before !== 'live') void ask();
      before = type;
    }),
  ];
  void ask();
  return {
    live,
    me,
    ask,
    setStanding: (standing) => put({ standing }),
    setHold: (hold) => put({ hold }),
    close: () => {
      for (const end of ending) end();
      live.close();
    },
  };
}

/** Follows a fan while a page is shown. */
export function useFan(event: string): Fan {
  const fan = useMemo(() => followFan(event), [event]);
  useEffect(() => fan.close, [fan]);
  return fan;
}
