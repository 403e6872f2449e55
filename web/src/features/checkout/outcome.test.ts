import { describe, expect, test } from 'vitest';
import type { Schemas } from '../../api/client';
import { outcomeOf } from './outcome';

type Order = Schemas['OrderView'];
type State = Schemas['PaymentStateView'];

const UNTIL = 1_000;

function order(state: Order['state'], ...payments: State[]): Order {
  return {
    id: 'ord_1',
    event: { id: 'evt_1', title: '', venue: '', starts_at: '' },
    state,
    items: [],
    currency: 'KRW',
    currency_decimals: 0,
    total_minor: 1,
    placed_at: '',
    changed_at: '',
    payments: payments.map((one, index) => ({
      id: `pay_${index}`,
      state: one,
      started_at: '',
      decline_code: one === 'declined' ? 'NO' : '',
      captured_minor: 0,
    })),
    tickets: [],
    returnable: false,
  };
}

describe('the outcome of a payment', () => {
  test.each<[string, Order, number | null, string]>([
    ['paid', order('paid', 'captured'), null, 'paid'],
    ['paid after a decline', order('paid', 'declined', 'captured'), null, 'paid'],
    ['open, whatever the hold does', order('expired', 'started'), null, 'unknown'],
    ['open beside a decline', order('awaiting_payment', 'declined', 'started'), UNTIL, 'unknown'],
    ['declined in time', order('awaiting_payment', 'declined'), UNTIL, 'declined'],
    ['declined too late', order('expired', 'declined'), null, 'expired'],
    [
      'declined, with the hold gone that the order waits for',
      order('awaiting_payment', 'declined'),
      null,
      'expired',
    ],
    ['money that came too late', order('expired', 'refund_due'), null, 'refunding'],
    ['money that is back', order('expired', 'declined', 'refunded'), null, 'refunded'],
    ['given up', order('cancelled', 'declined'), null, 'cancelled'],
    ['returned', order('returned', 'refunded'), null, 'returned'],
    ['not begun', order('awaiting_payment'), UNTIL, 'payable'],
  ])('%s', (_, one, until, type) => {
    expect(outcomeOf(one, 'pay_0', until).type).toBe(type);
  });

  test('is of the attempt that was asked about', () => {
    const two = order('awaiting_payment', 'declined', 'declined');
    expect(outcomeOf(two, 'pay_0', UNTIL)).toEqual({
      type: 'declined',
      code: 'NO',
      untilMs: UNTIL,
    });
  });
});
