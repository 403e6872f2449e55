import { describe, expect, test } from 'vitest';
import { offline } from '../../api/problem';
import {
  EMPTY_CART,
  empties,
  isBusy,
  minePlaces,
  nextBatch,
  reduceCart,
  type Cart,
  type CartAction,
  type Hold,
  type Wish,
} from './cart';

const seat = (place: number, ticket_type = 'adult'): Wish => ({
  type: 'add',
  wanted: { type: 'seat', place, ticket_type },
  places: [place],
});
const units = (block: number, quantity: number): Wish => ({
  type: 'add',
  wanted: { type: 'units', block, quantity, ticket_type: 'adult' },
  places: [900, 901, 902],
});
const back = (...places: number[]): Wish => ({ type: 'remove', places });

function hold(...places: number[]): Hold {
  const items = places.map((place) => ({
    place,
    kind: 'row' as const,
    section: 'A',
    block: '1',
    seat: String(place),
    category: 'vip',
    ticket_type: 'adult',
    amount_minor: 1,
    fee_minor: 0,
  }));
  return {
    id: 'hld_1',
    event: 'evt_1',
    items,
    currency: 'KRW',
    total_minor: places.length,
    order_fee_minor: 0,
    expires_at_ms: 1,
    extendable: true,
    ordered: false,
  };
}

function after(...actions: CartAction[]): Cart {
  return actions.reduce(reduceCart, EMPTY_CART);
}

/** Sends what there is to send. */
function send(cart: Cart): Cart {
  const batch = nextBatch(cart);
  if (batch === null) throw new Error('there is nothing to send');
  return reduceCart(cart, { type: 'send', batch });
}

const wish = (one: Wish): CartAction => ({ type: 'wish', wish: one });
const refused = (code: string, places?: number[]): CartAction => ({
  type: 'refused',
  problem: { ...offline(), code, status: 409, places: places ?? null },
});

describe('wishes', () => {
  test('made while a request is under way go together with the next one', () => {
    let cart = send(after(wish(seat(1))));
    cart = reduceCart(cart, wish(seat(2)));
    cart = reduceCart(cart, wish(seat(3)));
    expect(nextBatch(cart)).toBeNull();
    cart = reduceCart(cart, { type: 'agreed', hold: hold(1) });
    expect(nextBatch(cart)?.add.map((one) => ('place' in one ? one.place : null))).toEqual([2, 3]);
    expect([...minePlaces(cart)].sort()).toEqual([1, 2, 3]);
  });

  test('that take each other back need no request', () => {
    const cart = after(wish(seat(1)), wish(back(1)));
    expect(cart.waiting).toEqual([]);
    expect(isBusy(cart)).toBe(false);
  });

  test('to give back show at once', () => {
    const cart = after({ type: 'held', hold: hold(1, 2) }, wish(back(2)));
    expect([...minePlaces(cart)]).toEqual([1]);
    expect(nextBatch(cart)?.remove).toEqual([2]);
  });

  test('for one area twice go one after the other', () => {
    const cart = after(wish(units(5, 1)), wish(units(5, 2)), wish(seat(1)));
    expect(nextBatch(cart)?.add).toHaveLength(2);
    const later = reduceCart(send(cart), { type: 'agreed', hold: hold(1) });
    expect(nextBatch(later)?.add).toEqual([
      units(5, 2).type === 'add'
        ? { type: 'units', block: 5, quantity: 2, ticket_type: 'adult' }
        : null,
    ]);
  });

  test('for another ticket type give back and take the same place', () => {
    const retype: Wish = {
      type: 'retype',
      wanted: { type: 'seat', place: 1, ticket_type: 'child' },
      places: [1],
    };
    const cart = after({ type: 'held', hold: hold(1) }, wish(retype));
    expect(nextBatch(cart)).toMatchObject({
      add: [{ place: 1, ticket_type: 'child' }],
      remove: [1],
    });
    expect([...minePlaces(cart)]).toEqual([1]);
  });
});

describe('a refusal', () => {
  test('of what somebody else has drops only that, says it, and asks for the rest again', () => {
    const cart = reduceCart(send(after(wish(seat(1)), wish(seat(2)))), refused('taken', [2]));
    expect(cart.lost).toEqual([2]);
    expect(nextBatch(cart)?.add).toMatchObject([{ place: 1 }]);
    expect([...minePlaces(cart)]).toEqual([1]);
    expect(cart.problem).toBeNull();
  });

  test('that names none of what was asked for is not repeated for ever', () => {
    const cart = reduceCart(send(after(wish(seat(1)))), refused('taken', [99]));
    expect(nextBatch(cart)).toBeNull();
  });

  test('of an area names its first place', () => {
    const cart = reduceCart(send(after(wish(units(5, 3)))), refused('taken', [900]));
    expect(cart.lost).toEqual([900]);
    expect(isBusy(cart)).toBe(false);
  });

  test('for a limit keeps what is held and stops', () => {
    let cart = send(after({ type: 'held', hold: hold(1) }, wish(seat(2))));
    cart = reduceCart(cart, wish(seat(3)));
    cart = reduceCart(cart, refused('hold_limit'));
    expect(cart.hold).toEqual(hold(1));
    expect(nextBatch(cart)).toBeNull();
    expect([...minePlaces(cart)]).toEqual([1]);
    // The next click is a new beginning.
    expect(reduceCart(cart, wish(back(1))).problem).toBeNull();
  });

  test('since the hold has run out empties the cart', () => {
    const cart = reduceCart(
      send(after({ type: 'held', hold: hold(1) }, wish(seat(2)))),
      refused('unknown_hold'),
    );
    expect(cart.hold).toBeNull();
    expect([...minePlaces(cart)]).toEqual([]);
  });
});

test('what the server says of the hold waits for the answer that is under way', () => {
  const sent = send(after({ type: 'held', hold: hold(1) }, wish(seat(2))));
  expect(reduceCart(sent, { type: 'held', hold: null }).hold).toEqual(hold(1));
  const agreed = reduceCart(sent, { type: 'agreed', hold: hold(1, 2) });
  expect(reduceCart(agreed, { type: 'held', hold: null }).hold).toBeNull();
});

test('giving everything back is a release', () => {
  const batch = nextBatch(after(wish(back(1)), wish(back(2))));
  if (batch === null) throw new Error('there is nothing to send');
  expect(empties(batch, hold(1, 2))).toBe(true);
  expect(empties(batch, hold(1, 2, 3))).toBe(false);
});
