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
import { Note, ProblemNote } from '../../ui/notes';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import { QR } from '../../ui/signs';
import { GiveUpDialog } from '../checkout/CheckoutPage';
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
  return (
    <Loaded load={load} title={t('order.title')}>
      {(value) => <Shown key={id} order={value} load={load} />}
    </Loaded>
  );
}

function Shown({ order, load }: { order: Order; load: Load<Order> }) {
  const event = useLoad(order.event.id, () => askEvent(order.event.id));
  const names = namesOf(event.now.type === 'ready' ? event.now.value : null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [done, setDone] = useState(false);
  return (
    <Page title={`${t('order.title')} · ${order.event.title}`}>
      <div class="row spread">
        <h1>{t('order.title')}</h1>
        <OrderBadge state={order.state} />
      </div>
      {done && (
        <Note tone="good" live="polite">
          {t('order.return_done')}
        </Note>
      )}
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
          <Actions
            order={order}
            load={load}
            onProblem={setProblem}
            onReturned={() => setDone(true)}
          />
        </aside>
      </div>
    </Page>
  );
}

/** What can still be done with an order: pay it, give it up, return it. */
function Actions(props: {
  order: Order;
  load: Load<Order>;
  onProblem: (problem: Problem | null) => void;
  onReturned: () => void;
}) {
  const { order, load, onProblem } = props;
  const [asking, setAsking] = useState<'cancel' | 'return' | null>(null);
  const [busy, setBusy] = useState(false);

  const act = async (what: 'cancel' | 'return') => {
    setBusy(true);
    const got = await (what === 'cancel' ? cancelOrder(order.id) : returnOrder(order.id));
    setBusy(false);
    setAsking(null);
    if (got.ok) {
      load.set(got.value);
      onProblem(null);
      if (what === 'return') props.onReturned();
    } else if (!lostSession(got.problem)) {
      onProblem(got.problem);
      void load.reload();
    }
  };
  const close = () => setAsking(null);
  return (
    <>
      {order.state === 'awaiting_payment' && (
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
      {asking === 'cancel' && (
        <GiveUpDialog busy={busy} onClose={close} onYes={() => void act('cancel')} />
      )}
      {asking === 'return' && (
        <ReturnDialog order={order} busy={busy} onClose={close} onYes={() => void act('return')} />
      )}
    </>
  );
}

function ReturnDialog(props: {
  order: Order;
  busy: boolean;
  onClose: () => void;
  onYes: () => void;
}) {
  const { order } = props;
  const amount = money(order.total_minor, order.currency, order.currency_decimals);
  return (
    <Dialog title={t('order.return_title')} onClose={props.onClose}>
      <p class="soft">{t('order.return_text', { amount })}</p>
      <div class="actions">
        <button type="button" class="button button-main" onClick={props.onClose}>
          {t('checkout.keep')}
        </button>
        <button type="button" class="button button-bad" disabled={props.busy} onClick={props.onYes}>
          {t('order.return_yes')}
        </button>
      </div>
    </Dialog>
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
              <span class="num">
                {money(payment.captured_minor, order.currency, order.currency_decimals)}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
