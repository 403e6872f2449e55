/** What an order is for, laid out like the ticket that it becomes. */
import { useMemo } from 'preact/hooks';
import { texts } from '../../i18n';
import { dateTime, money } from '../../i18n/dates';
import type { Names } from '../../state/event';
import { Poster } from '../../ui/poster';
import type { Item, Order } from './order-api';
import './summary.css';

const t = texts('sale');

/** Where a place is, in a few words. */
export function placeName(item: Pick<Item, 'section' | 'block' | 'seat'>): string {
  const { section, block, seat } = item;
  return seat === ''
    ? t('item.area', { section, block })
    : t('item.seat', { section, block, seat });
}

export interface Line {
  readonly item: Item;
  readonly n: number;
}

/** Items that read the same, together: twenty units of an area are one line. Pure. */
export function linesOf(items: readonly Item[]): Line[] {
  const lines = new Map<string, Line>();
  for (const item of items) {
    const { section, block, seat, ticket_type, amount_minor } = item;
    const key = JSON.stringify([section, block, seat, ticket_type, amount_minor]);
    const line = lines.get(key);
    lines.set(key, { item, n: (line?.n ?? 0) + 1 });
  }
  return [...lines.values()];
}

/** The event at the head of an order or ticket. */
export function EventHead({ event }: { event: Order['event'] }) {
  return (
    <div class="summary-head">
      <Poster id={event.id} image={event.poster} class="summary-art" />
      <div>
        <h2>{event.title}</h2>
        <p class="soft small">
          <time dateTime={event.starts_at}>{dateTime(event.starts_at)}</time>
          <br />
          {event.venue}
        </p>
      </div>
    </div>
  );
}

export function Summary({ order, names }: { order: Order; names: Names }) {
  const lines = useMemo(() => linesOf(order.items), [order.items]);
  const price = (amount: number) => money(amount, order.currency, order.currency_decimals);
  const fees = order.items.reduce((sum, item) => sum + item.fee_minor, 0);
  const places = order.items.reduce((sum, item) => sum + item.amount_minor, 0);
  const orderFee = order.total_minor - fees - places;
  return (
    <section class="panel summary">
      <EventHead event={order.event} />
      <ul class="summary-items" aria-label={t('items.title')}>
        {lines.map(({ item, n }) => (
          <li key={item.place}>
            <span>
              <b>{placeName(item)}</b>
              <span class="soft small">
                {names.category(item.category)} · {names.type(item.ticket_type)}
                {n > 1 && ` × ${n}`}
              </span>
            </span>
            <span class="num">{price(item.amount_minor * n)}</span>
          </li>
        ))}
      </ul>
      <dl class="summary-sums num">
        {fees > 0 && (
          <div>
            <dt>{t('items.fees')}</dt>
            <dd>{price(fees)}</dd>
          </div>
        )}
        {orderFee > 0 && (
          <div>
            <dt>{t('items.order_fee')}</dt>
            <dd>{price(orderFee)}</dd>
          </div>
        )}
        <div class="summary-total">
          <dt>{t('items.total')}</dt>
          <dd>{price(order.total_minor)}</dd>
        </div>
      </dl>
    </section>
  );
}
