/** The fan's orders, newest first. */
import { useState } from 'preact/hooks';
import { answer, api } from '../../api/client';
import type { Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { money } from '../../i18n/dates';
import { shortDateTime } from '../../i18n/format';
import { useLoad } from '../../state/load';
import { Private } from '../../ui/guard';
import { Failed } from '../../ui/failed';
import { ProblemNote } from '../../ui/notes';
import { Page } from '../../ui/page';
import { Poster } from '../../ui/poster';
import type { Order } from '../checkout/order-api';
import { OrderBadge } from './OrderBadge';
import './orders.css';

const t = texts('buy');

function ask(cursor?: string) {
  const query = { limit: 20, ...(cursor === undefined ? {} : { cursor }) };
  return answer(api.GET('/api/v1/orders', { params: { query } }));
}

export default function OrdersPage() {
  return <Private>{() => <Orders />}</Private>;
}

function Orders() {
  const { now, reload, set } = useLoad('orders', () => ask());
  const [problem, setProblem] = useState<Problem | null>(null);
  if (now.type === 'failed') {
    return (
      <Page title={t('orders.title')}>
        <Failed problem={now.problem} onRetry={() => void reload()} />
      </Page>
    );
  }
  const next = now.type === 'ready' ? (now.value.next ?? null) : null;
  const more = async () => {
    if (now.type !== 'ready' || next === null) return;
    const got = await ask(next);
    setProblem(got.ok ? null : got.problem);
    if (got.ok) set({ ...got.value, items: [...now.value.items, ...got.value.items] });
  };
  return (
    <Page title={t('orders.title')} class="narrow">
      <h1>{t('orders.title')}</h1>
      <ul class="orders" aria-busy={now.type === 'loading'}>
        {now.type === 'loading'
          ? [0, 1].map((i) => <li key={i} class="bone order-bone" />)
          : now.value.items.map((order) => <OrderCard key={order.id} order={order} />)}
      </ul>
      {now.type === 'ready' && now.value.items.length === 0 && (
        <section class="panel stack empty">
          <h2>{t('orders.empty')}</h2>
          <p class="soft">{t('orders.empty_text')}</p>
          <p>
            <a class="button button-main" href="/">
              {t('missing.home')}
            </a>
          </p>
        </section>
      )}
      <ProblemNote problem={problem} />
      {next !== null && (
        <p class="more">
          <button type="button" class="button" onClick={() => void more()}>
            {t('app.more')}
          </button>
        </p>
      )}
    </Page>
  );
}

function OrderCard({ order }: { order: Order }) {
  return (
    <li>
      <a class="panel order-card" href={`/orders/${order.id}`}>
        <Poster id={order.event.id} image={order.event.poster} class="order-art" />
        <span class="order-text">
          <OrderBadge state={order.state} />
          <b class="order-name">{order.event.title}</b>
          <span class="soft small">
            {shortDateTime(order.event.starts_at)} · {order.event.venue}
          </span>
          <span class="small num">
            {t('orders.count', { n: order.items.length })} ·{' '}
            {money(order.total_minor, order.currency, order.currency_decimals)}
          </span>
        </span>
      </a>
    </li>
  );
}
