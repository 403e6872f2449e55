/** The cart at work: one request at a time, each under a key of its own. */
import { useCallback, useEffect, useReducer, useRef } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import { intend } from '../../api/intention';
import type { Answer, Problem } from '../../api/problem';
import { lostSession } from '../../state/session';
import {
  EMPTY_CART,
  empties,
  nextBatch,
  reduceCart,
  type Batch,
  type Cart,
  type Hold,
  type Wanted,
  type Wish,
} from './cart';

export interface CartAtWork {
  readonly cart: Cart;
  readonly wish: (wish: Wish) => void;
  /** Takes what the server says that the fan holds. */
  readonly setHold: (hold: Hold | null) => void;
  readonly seen: () => void;
  /** Gives everything back. */
  readonly release: () => Promise<boolean>;
  /**
   * Has the server choose. What was held has to be given back first; if nothing better is found it is
   * taken again at once, as `before` says it.
   */
  readonly best: (party: Party, before: readonly Wanted[]) => Promise<Answer<Hold>>;
}

export type Party = Omit<Extract<Schemas['SelectionBody'], { type: 'best_available' }>, 'type'>;

/** Places that were asked for first belong to a new hold, later ones change it. */
async function ask(event: string, hold: Hold | null, batch: Batch): Promise<Answer<Hold | null>> {
  const body = { add: [...batch.add], remove: [...batch.remove] };
  const name = `hold ${hold?.id ?? event} ${JSON.stringify(body)}`;
  return await intend<Hold | null>(name, (key) => {
    const header = { 'Idempotency-Key': key };
    if (hold === null) {
      const params = { path: { event }, header };
      const selection = { type: 'places' as const, items: body.add };
      return answer(api.POST('/api/v1/events/{event}/holds', { params, body: selection }));
    }
    if (empties(batch, hold)) return releaseHold(hold.id);
    const params = { path: { hold: hold.id }, header };
    return answer(api.PATCH('/api/v1/holds/{hold}', { params, body }));
  });
}

async function releaseHold(hold: string): Promise<Answer<null>> {
  const got = await answer(api.DELETE('/api/v1/holds/{hold}', { params: { path: { hold } } }));
  // What has run out is given back already.
  if (got.ok || got.problem.code === 'unknown_hold') return { ok: true, value: null };
  return got;
}

export function useCart(event: string, onHold: (hold: Hold | null) => void): CartAtWork {
  const [cart, act] = useReducer(reduceCart, EMPTY_CART);
  const latest = useRef(cart);
  latest.current = cart;

  const fail = useCallback((problem: Problem) => {
    if (!lostSession(problem)) act({ type: 'refused', problem });
  }, []);

  useEffect(() => {
    const batch = nextBatch(cart);
    if (batch === null) return;
    // Without a hold there is nothing to give back.
    if (cart.hold === null && batch.add.length === 0) {
      act({ type: 'send', batch });
      act({ type: 'agreed', hold: null });
      return;
    }
    act({ type: 'send', batch });
    void ask(event, cart.hold, batch).then((got) => {
      if (!got.ok) return fail(got.problem);
      act({ type: 'agreed', hold: got.value });
      onHold(got.value);
    });
  }, [cart, event, fail, onHold]);

  const setHold = useCallback((hold: Hold | null) => act({ type: 'held', hold }), []);
  const wish = useCallback((one: Wish) => act({ type: 'wish', wish: one }), []);
  const seen = useCallback(() => act({ type: 'seen' }), []);

  const release = useCallback(async () => {
    const { hold } = latest.current;
    if (hold === null) return true;
    const got = await releaseHold(hold.id);
    if (!got.ok) {
      fail(got.problem);
      return false;
    }
    act({ type: 'agreed', hold: null });
    onHold(null);
    return true;
  }, [fail, onHold]);

  const best = useCallback(
    async (party: Party, before: readonly Wanted[]): Promise<Answer<Hold>> => {
      const had = latest.current.hold !== null;
      if (had && !(await release())) {
        return { ok: false, problem: latest.current.problem ?? NOTHING_GIVEN_BACK };
      }
      const got = await intend(`best ${event} ${JSON.stringify(party)}`, (key) =>
        answer(
          api.POST('/api/v1/events/{event}/holds', {
            params: { path: { event }, header: { 'Idempotency-Key': key } },
            body: { type: 'best_available', ...party },
          }),
        ),
      );
      const add = had && !got.ok ? { add: before, remove: [], wishes: [] } : null;
      const kept = add === null ? got : await ask(event, null, add);
      if (kept.ok) {
        act({ type: 'agreed', hold: kept.value });
        onHold(kept.value);
      }
      return got;
    },
    [event, release, onHold],
  );
  return { cart, wish, setHold, seen, release, best };
}

const NOTHING_GIVEN_BACK: Problem = {
  type: 'about:blank',
  title: 'hold_exists',
  status: 409,
  detail: '',
  code: 'hold_exists',
  request_id: '',
};
