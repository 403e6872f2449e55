/** Back from the payment company: confirm what the fan agreed to, and say what became of it. */
import type { ComponentChildren } from 'preact';
import { useRoute } from 'preact-iso';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { useFan } from '../../state/fan';
import { lostSession } from '../../state/session';
import { Countdown } from '../../ui/countdown';
import { useGo } from '../../ui/go';
import { Private } from '../../ui/guard';
import { ALERT, CHECK, CLOCK, Icon } from '../../ui/icon';
import { Note, ProblemNote } from '../../ui/notes';
import { Page } from '../../ui/page';
import { EventHead } from './Summary';
import {
  askOrder,
  confirmPayment,
  goToWindow,
  resolvePayment,
  startPayment,
  type Order,
} from './order-api';
import { outcomeOf, type Outcome } from './outcome';
import './return.css';

const t = texts('buy');
const c = texts('sale');

/** How often an open payment is asked about, while the page also listens. */
const POLL_MS = 2_000;

interface Asked {
  readonly order: string;
  readonly payment: string;
  /** What the provider gave to confirm with; `null` if the fan did not pay. */
  readonly given: { readonly key: string; readonly amountMinor: number } | null;
}

export default function ReturnPage() {
  const { path, query } = useRoute();
  const { order, payment, paymentKey, amount } = query;
  if (order === undefined || payment === undefined) {
    return (
      <Page title={t('return.title')}>
        <Note tone="bad">{t('return.no_order')}</Note>
      </Page>
    );
  }
  const agreed = path === '/checkout/return' && paymentKey !== undefined;
  const given = agreed ? { key: paymentKey, amountMinor: Number(amount) } : null;
  return <Private>{() => <Result key={payment} asked={{ order, payment, given }} />}</Private>;
}

/** The order after the provider was asked, as far as there is an answer. */
async function settle({ order, payment, given }: Asked) {
  if (given === null) return await resolvePayment(order, payment);
  return await confirmPayment(order, payment, given.key, given.amountMinor);
}

function Result(props: { asked: Asked }) {
  // The address forgets the provider's key once it has done its work; this page does not need to.
  const [asked] = useState(props.asked);
  const [order, setOrder] = useState<Order | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const settleNow = useCallback(async () => {
    setProblem(null);
    const got = await settle(asked);
    if (got.ok) setOrder(got.value);
    else if (!lostSession(got.problem)) {
      setProblem(got.problem);
      // The order says how it stands, whatever became of the question.
      const there = await askOrder(asked.order);
      if (there.ok) setOrder(there.value);
    }
  }, [asked]);
  useEffect(() => void settleNow(), [settleNow]);
  return (
    <Page title={t('return.title')} class="narrow">
      {order === null ? (
        <Verdict tone="plain" title={t('return.checking_title')} text={t('return.checking_text')}>
          <ProblemNote problem={problem} onRetry={() => void settleNow()} />
        </Verdict>
      ) : (
        <Settled order={order} payment={asked.payment} onOrder={setOrder} problem={problem} />
      )}
    </Page>
  );
}

function Settled(props: {
  order: Order;
  payment: string;
  problem: Problem | null;
  onOrder: (order: Order) => void;
}) {
  const { order, payment, onOrder } = props;
  const go = useGo();
  const fan = useFan(order.event.id);
  const me = fan.me.value;
  const hold = me.type === 'ready' && me.value.hold?.ordered === true ? me.value.hold : null;
  const held = me.type === 'ready' ? (hold?.expires_at_ms ?? null) : Infinity;
  const outcome = outcomeOf(order, payment, held);
  useReasking(order, outcome, me, onOrder);
  const settled = outcome.type !== 'unknown';
  useEffect(() => {
    // The provider's key has done its work: it need not stay in the history.
    if (settled) go(`/checkout/return?order=${order.id}&payment=${payment}`, 'replace');
  }, [settled, order.id, payment, go]);
  return (
    <Shown order={order} outcome={outcome} problem={props.problem} onEnd={() => void fan.ask()} />
  );
}

/** Asks for the order again: while its payment is open, and when something of the fan's changed. */
function useReasking(order: Order, outcome: Outcome, me: unknown, onOrder: (order: Order) => void) {
  const first = useRef(true);
  const ask = useCallback(async () => {
    const got = await askOrder(order.id);
    if (got.ok) onOrder(got.value);
    return got.ok;
  }, [order.id, onOrder]);
  useEffect(() => {
    if (!first.current) void ask();
    first.current = false;
  }, [me, ask]);
  const open = outcome.type === 'unknown' || outcome.type === 'refunding';
  useEffect(() => {
    if (!open) return;
    let timer: ReturnType<typeof setTimeout>;
    let rounds = 0;
    const next = () => {
      rounds += 1;
      // Slower with time, and never all fans at once.
      timer = setTimeout(
        () => void ask().then(next),
        Math.min(15_000, POLL_MS * 1.2 ** rounds) * (0.75 + Math.random() / 2),
      );
    };
    next();
    return () => clearTimeout(timer);
  }, [open, ask]);
}

function Shown(props: {
  order: Order;
  outcome: Outcome;
  problem: Problem | null;
  onEnd: () => void;
}) {
  const { order, outcome } = props;
  const { type } = outcome;
  const gone =
    type === 'expired' || type === 'refunding' || type === 'refunded' || type === 'cancelled';
  return (
    <Verdict {...wordsOf(outcome)} order={order}>
      {type === 'paid' && (
        <a class="button button-main button-wide" href={ticketsOf(order)}>
          {t('return.tickets')}
        </a>
      )}
      {type === 'unknown' && <ProblemNote problem={props.problem} />}
      {(type === 'declined' || type === 'payable') && (
        <>
          {type === 'declined' && <p>{declined(outcome.code)}</p>}
          <StillYours untilMs={outcome.untilMs} onEnd={props.onEnd} />
          <Retry order={order} />
        </>
      )}
      {gone && (
        <a class="button button-main" href={`/events/${order.event.id}/seats`}>
          {t('checkout.to_seats')}
        </a>
      )}
      <a class="button" href={`/orders/${order.id}`}>
        {t('checkout.to_order')}
      </a>
    </Verdict>
  );
}

type Tone = 'plain' | 'good' | 'bad';

/** What is said of each outcome. */
function wordsOf({ type }: Outcome): { tone: Tone; title: string; text: string } {
  switch (type) {
    case 'paid':
      return { tone: 'good', title: t('return.paid_title'), text: t('return.paid_text') };
    case 'unknown':
      return { tone: 'plain', title: t('return.unknown_title'), text: t('return.unknown_text') };
    case 'declined':
    case 'payable':
      return { tone: 'bad', title: t('return.declined_title'), text: t('return.declined_text') };
    case 'expired':
      return { tone: 'bad', title: t('return.expired_title'), text: t('return.expired_text') };
    case 'refunding':
    case 'refunded':
      return { tone: 'bad', title: t(`return.${type}_title`), text: t('return.refunding_text') };
    case 'cancelled':
      return {
        tone: 'plain',
        title: t('return.cancelled_title'),
        text: t('return.cancelled_text'),
      };
    case 'returned':
      return { tone: 'plain', title: t('return.returned_title'), text: '' };
    default:
      return type satisfies never;
  }
}

/** How long the seats are still held; nothing while that is not known. */
function StillYours({ untilMs, onEnd }: { untilMs: number; onEnd: () => void }) {
  if (untilMs === Infinity) return null;
  return (
    <Countdown
      label={c('hold.left')}
      untilMs={untilMs}
      cautious
      big
      spoken
      shortMs={60_000}
      onEnd={onEnd}
    />
  );
}

function ticketsOf(order: Order): string {
  const [ticket] = order.tickets;
  return order.tickets.length === 1 && ticket !== undefined
    ? `/tickets/${ticket}`
    : `/orders/${order.id}`;
}

/** Why, in words where there are some. */
export function declined(code: string): string {
  switch (code) {
    case 'REJECT_CARD_PAYMENT':
    case 'GIVEN_UP':
    case 'LAPSED':
      return t(`decline.${code}`);
    default:
      return t('decline.other', { code });
  }
}

/** Another attempt: a new wish, with a key of its own. */
function Retry({ order }: { order: Order }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const retry = async () => {
    setBusy(true);
    const got = await startPayment(order.id);
    if (got.ok) {
      goToWindow(got.value.window_url);
      return;
    }
    setBusy(false);
    if (!lostSession(got.problem)) setProblem(got.problem);
  };
  return (
    <>
      <ProblemNote problem={problem} />
      <button
        type="button"
        class="button button-main button-wide"
        disabled={busy}
        onClick={() => void retry()}
      >
        {t('return.retry')}
      </button>
    </>
  );
}

function Verdict(props: {
  tone: Tone;
  title: string;
  text: string;
  order?: Order;
  children: ComponentChildren;
}) {
  const icon = { plain: CLOCK, good: CHECK, bad: ALERT }[props.tone];
  return (
    <section class="panel verdict" data-tone={props.tone}>
      <span class="verdict-sign">
        <Icon path={icon} size={32} />
      </span>
      <div class="stack-s" role="status">
        <h1>{props.title}</h1>
        <p class="soft">{props.text}</p>
      </div>
      {props.order !== undefined && <EventHead event={props.order.event} />}
      <div class="verdict-actions">{props.children}</div>
    </section>
  );
}
