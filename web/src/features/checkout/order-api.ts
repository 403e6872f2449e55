/** What can be asked of an order. */
import { answer, api, type Schemas } from '../../api/client';
import { intend } from '../../api/intention';

export type Order = Schemas['OrderView'];
export type Item = Schemas['ItemView'];

export function askOrder(order: string) {
  return answer(api.GET('/api/v1/orders/{order}', { params: { path: { order } } }));
}

export function startPayment(order: string) {
  return intend(`pay ${order}`, (key) =>
    answer(
      api.POST('/api/v1/orders/{order}/payments', {
        params: { path: { order }, header: { 'Idempotency-Key': key } },
      }),
    ),
  );
}

export function cancelOrder(order: string) {
  return intend(`cancel ${order}`, (key) =>
    answer(
      api.POST('/api/v1/orders/{order}/cancel', {
        params: { path: { order }, header: { 'Idempotency-Key': key } },
      }),
    ),
  );
}

export function returnOrder(order: string) {
  return intend(`return ${order}`, (key) =>
    answer(
      api.POST('/api/v1/orders/{order}/return', {
        params: { path: { order }, header: { 'Idempotency-Key': key } },
      }),
    ),
  );
}

export function confirmPayment(
  order: string,
  payment: string,
  paymentKey: string,
  amountMinor: number,
) {
  return answer(
    api.POST('/api/v1/orders/{order}/payments/{payment}/confirm', {
      params: { path: { order, payment } },
      body: { payment_key: paymentKey, amount_minor: amountMinor },
    }),
  );
}

/** Says that the fan came back without having paid; the provider may know better. */
export function resolvePayment(order: string, payment: string) {
  return answer(
    api.POST('/api/v1/orders/{order}/payments/{payment}/resolve', {
      params: { path: { order, payment } },
    }),
  );
}

/** Sends the browser to the provider's page, if that is a page of the web. */
export function goToWindow(windowUrl: string): void {
  const url = new URL(windowUrl);
  if (url.protocol === 'https:' || url.protocol === 'http:') location.assign(url);
}
