/** An order that waits to be paid: what, how much, how long, and the way to the payment company. */
import { useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import type { Answer, Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { money } from '../../i18n/dates';
import { shortDateTime } from '../../i18n/format';
import { askEvent, namesOf, type EventView } from '../../state/event';
import { useFan } from '../../state/fan';
import { useLoad, type Load } from '../../state/load';
import { lostSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { useGo } from '../../ui/go';
import { Private } from '../../ui/guard';
import { Note, ProblemNote } from '../../ui/notes';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import { HoldClock } from './HoldClock';
import { Summary } from './Summary';
import {
  askOrder,
  cancelOrder,
  goToWindow,
  resolvePayment,
  startPayment,
  type Order,
} from './order-api';
import { outcomeOf } from './outcome';

const t = texts('buy');

export default function CheckoutPage() {
  return <Private>{() => <Checkout />}</Private>;
}

function Checkout() {
  const id = useRoute().params['order'] ?? '';
  const load = useLoad(id, () => askOrder(id));
  return (
    <Loaded load={load} title={t('checkout.title')}>
      {(value) => <Shown key={id} order={value} load={load} />}
    </Loaded>
  );
}

/** Paying, dropping an attempt, giving up: one at a time. */
function usePaying(order: Order, load: Load<Order>, onGivenUp: () => void) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const { reload, set } = load;

  const refuse = (why: Problem) => {
    if (lostSession(why)) return;
    setProblem(why);
    void reload();
  };
  const run = async <T,>(ask: () => Promise<Answer<T>>, take: (value: T) => void) => {
    setBusy(true);
    setProblem(null);
    const got = await ask();
    setBusy(false);
    if (got.ok) take(got.value);
    else refuse(got.problem);
  };
  return {
    problem,
    busy,
    // The page is left by this, or shows why not.
    pay: () =>
      run(
        () => startPayment(order.id),
        (begun) => goToWindow(begun.window_url),
      ),
    drop: (payment: string) => run(() => resolvePayment(order.id, payment), set),
    giveUp: () =>
      run(
        () => cancelOrder(order.id),
        (cancelled) => {
          set(cancelled);
          onGivenUp();
        },
      ),
  };
}

type Paying = ReturnType<typeof usePaying>;

function Shown({ order, load }: { order: Order; load: Load<Order> }) {
  const go = useGo();
  const event = useLoad(order.event.id, () => askEvent(order.event.id));
  const fan = useFan(order.event.id);
  const paying = usePaying(order, load, () => fan.setHold(null));
  const me = fan.me.value;
  const eventView = event.now.type === 'ready' ? event.now.value : null;
  const hold = me.type === 'ready' && me.value.hold?.ordered === true ? me.value.hold : null;
  // As long as nothing is known of the hold the order's own word counts.
  const held = me.type === 'ready' ? (hold?.expires_at_ms ?? null) : Infinity;
  const outcome = outcomeOf(order, null, held);
  const open = order.payments.find((payment) => payment.state === 'started');
  const payable = outcome.type === 'payable' || outcome.type === 'declined';
  const { reload } = load;

  useEffect(() => {
    // Whatever happened to the hold happened to the order too: in another tab, or by its end.
    if (me.type === 'ready') void reload();
  }, [me, reload]);

  useEffect(() => {
    if (outcome.type === 'paid') go(`/orders/${order.id}`, 'replace');
  }, [outcome.type, order.id, go]);

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
          <ProblemNote problem={paying.problem} />
          {open !== undefined && <UnderWay payment={open.id} paying={paying} />}
          {payable && <Pay order={order} event={eventView} paying={paying} />}
          {!payable && open === undefined && <Ended order={order} type={outcome.type} />}
        </aside>
      </div>
    </Page>
  );
}

/** An attempt that has begun: the fan came back by the browser's own button. */
function UnderWay({ payment, paying }: { payment: string; paying: Paying }) {
  return (
    <>
      <Note tone="warn">
        <p>
          <b>{t('checkout.open_title')}</b>
        </p>
        <p class="small">{t('checkout.open_text')}</p>
      </Note>
      <button
        type="button"
        class="button button-main"
        disabled={paying.busy}
        onClick={() => void paying.pay()}
      >
        {t('checkout.open_resume')}
      </button>
      <button
        type="button"
        class="button"
        disabled={paying.busy}
        onClick={() => void paying.drop(payment)}
      >
        {t('checkout.open_stop')}
      </button>
    </>
  );
}

function Pay(props: { order: Order; event: EventView | null; paying: Paying }) {
  const { order, event, paying } = props;
  const [givingUp, setGivingUp] = useState(false);
  const price = money(order.total_minor, order.currency, order.currency_decimals);
  return (
    <>
      <button
        type="button"
        class="button button-main button-wide num"
        disabled={paying.busy}
        onClick={() => void paying.pay()}
      >
        {t('checkout.pay', { amount: price })}
      </button>
      <p class="small soft">{t('checkout.pay_text')}</p>
      {event !== null && (
        <p class="small soft">
          {t('checkout.refund_text', { at: shortDateTime(event.rules.refunds_until) })}
        </p>
      )}
      <button
        type="button"
        class="button button-quiet"
        disabled={paying.busy}
        onClick={() => setGivingUp(true)}
      >
        {t('checkout.give_up')}
      </button>
      {givingUp && (
        <GiveUpDialog
          busy={paying.busy}
          onClose={() => setGivingUp(false)}
          onYes={() => void paying.giveUp()}
        />
      )}
    </>
  );
}

/** Asks before an order that is not paid is given up. */
export function GiveUpDialog(props: { busy: boolean; onClose: () => void; onYes: () => void }) {
  return (
    <Dialog title={t('checkout.give_up_title')} onClose={props.onClose}>
      <p class="soft">{t('checkout.give_up_text')}</p>
      <div class="actions">
        <button type="button" class="button button-main" onClick={props.onClose}>
          {t('checkout.keep')}
        </button>
        <button type="button" class="button button-bad" disabled={props.busy} onClick={props.onYes}>
          {t('checkout.give_up_yes')}
        </button>
      </div>
    </Dialog>
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
