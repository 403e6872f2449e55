/** What a fan does on the way to a ticket, without a browser. */
import type { Account, Schemas } from './server';

/** Goes through the waiting room: nobody else waits. */
export async function goIn(fan: Account, event: string): Promise<void> {
  await fan.ask('POST', `/api/v1/events/${event}/queue`);
  await fan.ask('POST', `/api/v1/events/${event}/queue/claim`);
}

/** The best seats that there are, as adults; anywhere, or in a section. */
export function takeBest(
  fan: Account,
  event: string,
  quantity: number,
  section: string | null = null,
): Promise<Schemas['HoldView']> {
  return fan.ask('POST', `/api/v1/events/${event}/holds`, {
    type: 'best_available',
    quantity,
    ticket_type: 'adult',
    accessible: 0,
    categories: [],
    section,
  });
}

/** A hold of the two best seats. */
export async function holdOf(fan: Account, event: string): Promise<Schemas['HoldView']> {
  await goIn(fan, event);
  return takeBest(fan, event, 2);
}

/** The order of a hold; unpaid. */
export function orderOf(fan: Account, hold: string): Promise<Schemas['OrderView']> {
  return fan.ask('POST', `/api/v1/holds/${hold}/order`);
}

/** Pays a hold as a browser would, by way of the payment company's page; the id of its order. */
export async function pay(fan: Account, hold: string): Promise<string> {
  const order = await orderOf(fan, hold);
  const begun = await fan.ask<Schemas['PaymentStartedView']>(
    'POST',
    `/api/v1/orders/${order.id}/payments`,
  );
  const fields = new URL(begun.window_url).searchParams;
  const chosen = await fetch(`${fan.server.paymentsUrl}/window/decide`, {
    method: 'POST',
    body: new URLSearchParams([...fields, ['choice', 'succeed']]),
    redirect: 'manual',
  });
  const back = new URL(chosen.headers.get('location') ?? '').searchParams;
  const body = { payment_key: back.get('paymentKey'), amount_minor: Number(back.get('amount')) };
  await fan.ask('POST', `/api/v1/orders/${order.id}/payments/${begun.payment}/confirm`, body);
  return order.id;
}
