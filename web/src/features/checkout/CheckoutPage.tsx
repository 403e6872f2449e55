/** An order that waits to be paid: what, how much, how long, and the way to the payment company. */
import { useRoute } from 'preact-iso';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { money } from '../../i18n/dates';
import { shortDateTime } from '../../i18n/format';
import { askEvent, namesOf } from '../../state/event';
import { useFan } from '../../state/fan';
import { useLoad, type Load } from '../../state/load';
import { lostSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { useGo } from '../../ui/go';
import { Private } from '../../ui/guard';
import { Failed } from '../../ui/failed';
import { Note, ProblemNote } from '../../ui/notes';
import { LoadingPage, Page } from '../../ui/page';
import { HoldClock } from './HoldClock';
import { Summary } from './Summary';
import { askOrder, cancelOrder, goToWindow, resolvePayment, startPayment, type Order } from './order-api';
import { outcomeOf } from './outcome';

const t = texts('buy');

export default function CheckoutPage() {
  return <Private>{() => <Checkout />}</Private>;
}

function Checkout() {
  const id = useRoute().params['order'] ?? '';
  const load = useLoad(id, () => askOrder(id));
  switch (load.now.type) {
    case 'loading':
      return <LoadingPage />;
    case 'failed':
      return (
        <Page title={t('checkout.title')}>
          <Failed problem={load.now.problem} onRetry={() => void load.reload()} />
        </Page>
      );
    case 'ready':
      return <Paying key={id} order={load.now.value} load={load} />;
    default:
      return load.now satisfies never;
  }
}

function Paying({ order, load }: { order: Order; load: Load<Order> }) {
  const go = useGo();
  const event = useLoad(order.event.id, () => askEvent(order.event.id));
  const fan = useFan(order.event.id);
  const me = fan.me.value;
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [givingUp, setGivingUp] = useState(false);
  const eventView = event.now.type === 'ready' ? event.now.value : null;
  const hold = me.type === 'ready' && me.value.hold?.ordered === true ? me.value.hold : null;
  // As long as nothing is known of the hold the order's own word counts.
  const held = me.type === 'ready' ? (hold?.expires_at_ms ?? null) : Infinity;
  const outcome = outcomeOf(order, null, held);
  const price = money(order.total_minor, order.currency, order.currency_decimals);
  const { reload, set } = load;

  useEffect(() => {
    // Whatever happened to the hold happened to the order too: in another tab, or by its end.
    if (me.type === 'ready') void reload();
  }, [me, reload]);

  useEffect(() => {
    if (outcome.type === 'paid') go(`/orders/${order.id}`, 'replace');
  }, [outcome.type, order.id, go]);

  const refuse = useCallback(
    (why: Problem) => {
      if (lostSession(why)) return;
      setProblem(why);
      void reload();
    },
    [reload],
  );

  const pay = async () => {
    setBusy(true);
    setProblem(null);
    const got = await startPayment(order.id);
    // The page is left by this, or shows why not.
    if (got.ok) { goToWindow(got.value.window_url); return; }
    setBusy(false);
    refuse(got.problem);
  };

  const drop = async (payment: string) => {
    setBusy(true);
    const got = await resolvePayment(order.id, payment);
    setBusy(false);
    if (got.ok) set(got.value);
    else refuse(got.problem);
  };

  const giveUp = async () => {
    setBusy(true);
    const got = await cancelOrder(order.id);
    setBusy(false);
    setGivingUp(false);
    if (!got.ok) { refuse(got.problem); return; }
    set(got.value);
    fan.setHold(null);
  };

  const open = order.payments.find((payment) => payment.state === 'started');
  const payable = outcome.type === 'payable' || outcome.type === 'declined';
  return (
    <Page title={t('checkout.title')}>
      <h1>{t('checkout.title')}</h1>
      {payable && <p class="soft">{t('checkout.lead')}</p>}
      <div class="two">
        <Summary order={order} names={namesOf(eventView)} />
        <aside class="panel stack">
          {hold !== null && (payable || open !== undefined) && (
            <HoldClock
              hold={hold}
              extensionS={eventView?.rules.hold_extension_s ?? 0}
              big
              onChange={fan.setHold}
              onEnd={() => void fan.ask()}
            />
          )}
          <ProblemNote problem={problem} />
          {open !== undefined && (
            <>
              <Note tone="warn">
                <p>
                  <b>{t('checkout.open_title')}</b>
                </p>
                <p class="small">{t('checkout.open_text')}</p>
              </Note>
              <button type="button" class="button button-main" disabled={busy} onClick={() => void pay()}>
                {t('checkout.open_resume')}
              </button>
              <button type="button" class="button" disabled={busy} onClick={() => void drop(open.id)}>
                {t('checkout.open_stop')}
              </button>
            </>
          )}
          {payable && (
            <>
              <button
                type="button"
                class="button button-main button-wide num"
                disabled={busy}
                onClick={() => void pay()}
              >
                {t('checkout.pay', { amount: price })}
              </button>
              <p class="small soft">{t('checkout.pay_text')}</p>
              {eventView !== null && (
                <p class="small soft">
                  {t('checkout.refund_text', { at: shortDateTime(eventView.rules.refunds_until) })}
                </p>
              )}
              <button
                type="button"
                class="button button-quiet"
                disabled={busy}
                onClick={() => setGivingUp(true)}
              >
                {t('checkout.give_up')}
              </button>
            </>
          )}
          {!payable && open === undefined && <Ended order={order} type={outcome.type} />}
        </aside>
      </div>
      {givingUp && (
        <Dialog title={t('checkout.give_up_title')} onClose={() => setGivingUp(false)}>
          <p class="soft">{t('checkout.give_up_text')}</p>
          <div class="actions">
            <button type="button" class="button button-main" onClick={() => setGivingUp(false)}>
              {t('checkout.keep')}
            </button>
            <button type="button" class="button button-bad" disabled={busy} onClick={() => void giveUp()}>
              {t('checkout.give_up_yes')}
            </button>
          </div>
        </Dialog>
      )}
    </Page>
  );
}

function Ended({ order, type }: { order: Order; type: ReturnType<typeof outcomeOf>['type'] }) {
  const expired = type === 'expired';
  return (
    <div class="stack" role="status">
      <Note tone={expired ? 'bad' : 'plain'}>
        <p>
          <b>{expired ? t('return.expired_title') : t('return.cancelled_title')}</b>
        </p>
        <p class="small">{expired ? t('return.expired_text') : t('return.cancelled_text')}</p>
      </Note>
      <a class="button button-main" href={`/events/${order.event.id}/seats`}>
        {t('checkout.to_seats')}
      </a>
      <a class="button" href={`/orders/${order.id}`}>
        {t('checkout.to_order')}
      </a>
    </div>
  );
}
