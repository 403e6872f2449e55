/** What became of an attempt to pay, from the order that the server shows. Pure. */
import type { Schemas } from '../../api/client';

type Order = Schemas['OrderView'];

export type Outcome =
  | { readonly type: 'paid' }
  /** The provider has not said; nobody may pay again before it has. */
  | { readonly type: 'unknown' }
  /** Declined; the seats are still held until then. */
  | { readonly type: 'declined'; readonly code: string; readonly untilMs: number }
  /** Neither paid nor held any more. */
  | { readonly type: 'expired' }
  /** Money came that could not buy the seats any more. */
  | { readonly type: 'refunding' }
  | { readonly type: 'refunded' }
  | { readonly type: 'cancelled' }
  | { readonly type: 'returned' }
  /** Not paid yet, and nothing under way. */
  | { readonly type: 'payable'; readonly untilMs: number };

/** `heldUntilMs` is when the order's hold ends, or `null` if there is none any more. */
export function outcomeOf(
  order: Order,
  payment: string | null,
  heldUntilMs: number | null,
): Outcome {
  if (order.state === 'paid') return { type: 'paid' };
  if (order.state === 'returned') return { type: 'returned' };
  const attempts = order.payments;
  if (attempts.some((one) => one.state === 'started')) return { type: 'unknown' };
  if (attempts.some((one) => one.state === 'refund_due')) return { type: 'refunding' };
  if (attempts.some((one) => one.state === 'refunded')) return { type: 'refunded' };
  if (order.state === 'cancelled') return { type: 'cancelled' };
  if (order.state === 'expired' || heldUntilMs === null) return { type: 'expired' };
  const last = attempts.find((one) => one.id === payment) ?? attempts.at(-1);
  if (last?.state === 'declined') {
    return { type: 'declined', code: last.decline_code, untilMs: heldUntilMs };
  }
  return { type: 'payable', untilMs: heldUntilMs };
}
