/** One order: its tickets, its payments, and the way to give it back. */
import { useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import type { Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { dateTime, money } from '../../i18n/dates';
import { shortDateTime } from '../../i18n/format';
import { askEvent, namesOf, type Names } from '../../state/event';
import { useLoad, type Load } from '../../state/load';
import { lostSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { Private } from '../../ui/guard';
import { Icon } from '../../ui/icon';
import { Failed } from '../../ui/failed';
import { Note, ProblemNote } from '../../ui/notes';
import { LoadingPage, Page } from '../../ui/page';
import { QR } from '../../ui/signs';
import { declined } from '../checkout/ReturnPage';
import { Summary, placeName } from '../checkout/Summary';
import { askOrder, cancelOrder, returnOrder, type Order } from '../checkout/order-api';
import { OrderBadge } from './OrderBadge';
import './orders.css';

const t = texts('buy');

export default function OrderPage() {
  return <Private>{() => <Loader />}</Private>;
}

function Loader() {
  const id = useRoute().params['order'] ?? '';
  const load = useLoad(id, () => askOrder(id));
  switch (load.now.type) {
    case 'loading':
      return <LoadingPage />;
    case 'failed':
      return (
        <Page title={t('order.title')}>
          <Failed problem={load.now.problem} onRetry={() => void load.reload()} />
        </Page>
      );
    case 'ready':
      return <Shown key={id} order={load.now.value} load={load} />;
    default:
      return load.now satisfies never;
  }
}

type Asking = 'cancel' | 'return' | null;

function Shown({ order, load }: { order: Order; load: Load<Order> }) {
  const event = useLoad(order.event.id, () => askEvent(order.event.id));
  const names = namesOf(event.now.type === 'ready' ? event.now.value : null);
  const [asking, setAsking] = useState<Asking>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const price = (amount: number) => money(amount, order.currency, order.currency_decimals);

  const act = async (what: 'cancel' | 'return') => {
    setBusy(true);
    const got = await (what === 'cancel' ? cancelOrder(order.id) : returnOrder(order.id));
    setBusy(false);
    setAsking(null);
    if (got.ok) {
      load.set(got.value);
      setDone(what === 'return');
      setProblem(null);
    } else if (!lostSession(got.problem)) {
      setProblem(got.problem);
      void load.reload();
    }
  };

  const waits = order.state === 'awaiting_payment';
  return (
    <Page title={`${t('order.title')} · ${order.event.title}`}>
      <div class="row spread">
        <h1>{t('order.title')}</h1>
        <OrderBadge state={order.state} />
      </div>
      {done && <Note tone="good" live="polite">{t('order.return_done')}</Note>}
      <ProblemNote problem={problem} />
      <div class="two">
        <div class="stack">
          {order.state === 'paid' && <Tickets order={order} names={names} />}
          <Summary order={order} names={names} />
        </div>
        <aside class="panel stack">
          <dl class="order-facts">
            <div>
              <dt>{t('order.placed')}</dt>
              <dd>
                <time dateTime={order.placed_at}>{dateTime(order.placed_at)}</time>
              </dd>
            </div>
            <div>
              <dt>{t('order.number')}</dt>
              <dd class="order-id">{order.id}</dd>
            </div>
          </dl>
          <Payments order={order} />
          {waits && (
            <>
              <a class="button button-main" href={`/checkout/${order.id}`}>
                {t('order.pay')}
              </a>
              <button type="button" class="button button-bad" onClick={() => setAsking('cancel')}>
                {t('order.cancel')}
              </button>
            </>
          )}
          {order.returnable && (
            <button type="button" class="button button-bad" onClick={() => setAsking('return')}>
              {t('order.return')}
            </button>
          )}
        </aside>
      </div>
      {asking !== null && (
        <Dialog
          title={asking === 'return' ? t('order.return_title') : t('checkout.give_up_title')}
          onClose={() => setAsking(null)}
        >
          <p class="soft">
            {asking === 'return'
              ? t('order.return_text', { amount: price(order.total_minor) })
              : t('checkout.give_up_text')}
          </p>
          <div class="actions">
            <button type="button" class="button button-main" onClick={() => setAsking(null)}>
              {t('checkout.keep')}
            </button>
            <button type="button" class="button button-bad" disabled={busy} onClick={() => void act(asking)}>
              {asking === 'return' ? t('order.return_yes') : t('checkout.give_up_yes')}
            </button>
          </div>
        </Dialog>
      )}
    </Page>
  );
}

/** A ticket for each item, in the items' order. */
function Tickets({ order, names }: { order: Order; names: Names }) {
  return (
    <section class="stack-s">
      <h2>{t('order.tickets')}</h2>
      <ul class="ticket-list">
        {order.tickets.map((ticket, index) => {
          const item = order.items[index];
          return (
            <li key={ticket}>
              <a class="panel ticket-link" href={`/tickets/${ticket}`}>
                <span>
                  <b>{item === undefined ? ticket : placeName(item)}</b>
                  {item !== undefined && (
                    <span class="soft small">
                      {names.category(item.category)} · {names.type(item.ticket_type)}
                    </span>
                  )}
                </span>
                <span class="ticket-open">
                  <Icon path={QR} />
                  {t('order.open_ticket')}
                </span>
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Payments({ order }: { order: Order }) {
  if (order.payments.length === 0) return null;
  return (
    <section class="stack-s">
      <h2 class="order-sub">{t('order.payments')}</h2>
      <ul class="payments">
        {order.payments.map((payment) => (
          <li key={payment.id} class="small">
            <span class="row spread">
              <b>{t(`payment.${payment.state}`)}</b>
              <time class="soft" dateTime={payment.started_at}>
                {shortDateTime(payment.started_at)}
              </time>
            </span>
            {payment.state === 'declined' && payment.decline_code !== '' && (
              <span class="soft">{declined(payment.decline_code)}</span>
            )}
            {payment.captured_minor > 0 && (
              <span class="num">{money(payment.captured_minor, order.currency, order.currency_decimals)}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
