/**
 * What a fan has picked and what the server has agreed to, as a pure reducer.
 *
 * A click is a wish. Wishes wait while a request is under way, and all that wait go with the next
 * one; the server takes a request whole or not at all. When it says that somebody else has some of
 * the places, those wishes are dropped, and said, and the rest is asked for again at once.
 */
import type { Schemas } from '../../api/client';
import type { Problem } from '../../api/problem';

export type Hold = Schemas['HoldView'];
export type Wanted = Schemas['WantedBody'];

export type Wish =
  /** `places` are those that it may take: one seat, a whole table, an area. */
  | { readonly type: 'add'; readonly wanted: Wanted; readonly places: readonly number[] }
  | { readonly type: 'remove'; readonly places: readonly number[] }
  /** The same place as another ticket type. */
  | { readonly type: 'retype'; readonly wanted: Wanted; readonly places: readonly number[] };

/** What one request asks for. */
export interface Batch {
  readonly add: readonly Wanted[];
  readonly remove: readonly number[];
  readonly wishes: readonly Wish[];
}

export interface Cart {
  readonly hold: Hold | null;
  readonly waiting: readonly Wish[];
  readonly underWay: Batch | null;
  /** Places that somebody else was faster with, to be said. */
  readonly lost: readonly number[];
  readonly problem: Problem | null;
}

export type CartAction =
  /** What the server says that the fan holds. */
  | { readonly type: 'held'; readonly hold: Hold | null }
  | { readonly type: 'wish'; readonly wish: Wish }
  | { readonly type: 'send'; readonly batch: Batch }
  | { readonly type: 'agreed'; readonly hold: Hold | null }
  | { readonly type: 'refused'; readonly problem: Problem }
  | { readonly type: 'seen' };

export const EMPTY_CART: Cart = {
  hold: null,
  waiting: [],
  underWay: null,
  lost: [],
  problem: null,
};

export function reduceCart(cart: Cart, action: CartAction): Cart {
  switch (action.type) {
    case 'held':
      // While something is under way its answer is newer than this.
      return cart.underWay === null ? { ...cart, hold: action.hold } : cart;
    case 'wish':
      return { ...cart, waiting: withWish(cart.waiting, action.wish), lost: [], problem: null };
    case 'send':
      return {
        ...cart,
        waiting: without(cart.waiting, action.batch.wishes),
        underWay: action.batch,
      };
    case 'agreed':
      return { ...cart, hold: action.hold, underWay: null };
    case 'refused':
      return refused(cart, action.problem);
    case 'seen':
      return { ...cart, lost: [], problem: null };
    default:
      return action satisfies never;
  }
}

/** The next request, if there is something to ask for and nothing under way. */
export function nextBatch(cart: Cart): Batch | null {
  if (cart.underWay !== null || cart.problem !== null || cart.waiting.length === 0) return null;
  const wishes: Wish[] = [];
  const blocks = new Set<number>();
  for (const wish of cart.waiting) {
    // A request names a table or an area once; the second time goes with the next.
    const block = wish.type !== 'remove' && 'block' in wish.wanted ? wish.wanted.block : null;
    if (block !== null && blocks.has(block)) continue;
    if (block !== null) blocks.add(block);
    wishes.push(wish);
  }
  const add = wishes.flatMap((wish) => (wish.type === 'remove' ? [] : [wish.wanted]));
  const remove = wishes.flatMap((wish) => (wish.type === 'add' ? [] : wish.places));
  return { add, remove: [...new Set(remove)], wishes };
}

/** Whether a request gives back everything: a hold cannot be emptied, only released. */
export function empties(batch: Batch, hold: Hold): boolean {
  return batch.add.length === 0 && hold.items.every((item) => batch.remove.includes(item.place));
}

/** The fan's places as the map shows them: agreed, and hoped for. */
export function minePlaces(cart: Cart): Set<number> {
  const mine = new Set(cart.hold?.items.map((item) => item.place));
  for (const wish of [...(cart.underWay?.wishes ?? []), ...cart.waiting]) {
    // An area's places are all alike: which of them it will be is the server's choice.
    if (wish.type === 'remove') for (const place of wish.places) mine.delete(place);
    if (wish.type === 'add' && wish.wanted.type !== 'units') {
      for (const place of wish.places) mine.add(place);
    }
  }
  return mine;
}

/** Whether anything is asked for that is not answered. */
export function isBusy(cart: Cart): boolean {
  return cart.underWay !== null || cart.waiting.length > 0;
}

const OPPOSITE = { add: 'remove', remove: 'add', retype: null } as const;

/** A wish that takes back one that waits still needs no request at all. */
function withWish(waiting: readonly Wish[], wish: Wish): readonly Wish[] {
  const opposite = waiting.findIndex(
    (other) =>
      other.type === OPPOSITE[wish.type] &&
      other.places.length === wish.places.length &&
      other.places.every((place) => wish.places.includes(place)),
  );
  if (opposite < 0) return [...waiting, wish];
  return waiting.filter((_, at) => at !== opposite);
}

function without(waiting: readonly Wish[], sent: readonly Wish[]): readonly Wish[] {
  return waiting.filter((wish) => !sent.includes(wish));
}

function refused(cart: Cart, problem: Problem): Cart {
  const batch = cart.underWay;
  const done = { ...cart, underWay: null };
  if (batch === null) return { ...done, problem };
  if (problem.code !== 'taken') {
    const gone = problem.code === 'unknown_hold';
    return { ...done, hold: gone ? null : cart.hold, waiting: [], problem };
  }
  const taken = problem.places ?? [];
  const lost = (wish: Wish) =>
    wish.type === 'add' && wish.places.some((one) => taken.includes(one));
  const rest = batch.wishes.filter((wish) => !lost(wish));
  // If nothing fits what is taken, asking again would say the same for ever.
  const retry = rest.length < batch.wishes.length ? rest : [];
  return { ...done, waiting: [...retry, ...cart.waiting], lost: [...cart.lost, ...taken] };
}
