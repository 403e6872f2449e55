/** Choosing seats: the live map, what to look for, and what is held. */
import { useRoute } from 'preact-iso';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { answer, api } from '../../api/client';
import { intend } from '../../api/intention';
import type { Problem } from '../../api/problem';
import { locale, texts } from '../../i18n';
import { money } from '../../i18n/dates';
import { askEvent, type EventView } from '../../state/event';
import { useFan, type Fan } from '../../state/fan';
import { useLoad } from '../../state/load';
import { confirmSession, lostSession, reconfirm, session } from '../../state/session';
import { useServerNow } from '../../state/time';
import { ConnectionBadge } from '../../ui/connection';
import { Countdown } from '../../ui/countdown';
import { Icon, PAUSE } from '../../ui/icon';
import { Failed } from '../../ui/failed';
import { useGo } from '../../ui/go';
import { Note, ProblemNote } from '../../ui/notes';
import { Loaded } from '../../ui/loaded';
import { LoadingPage, Page, announce } from '../../ui/page';
import { BACK } from '../../ui/signs';
import { SeatMap, type PickTarget } from '../seatmap/SeatMap';
import { AreaDialog } from './AreaDialog';
import { BestForm } from './BestForm';
import { CartBar, CartPanel } from './CartPanel';
import { minePlaces } from './cart';
import { labelOf, type ChartView } from './chart';
import { CategoryFilter } from './CategoryFilter';
import { mapStrings } from './map-strings';
import { wishOf } from './pick';
import { priceAs } from './prices';
import { TypePicker } from './TypePicker';
import { useCart, type CartAtWork } from './useCart';
import './seats.css';

const t = texts('seats');

export default function SeatsPage() {
  const id = useRoute().params['id'] ?? '';
  const now = session.value;
  useEffect(() => {
    if (now.type === 'unknown') void confirmSession();
  }, [now.type]);
  switch (now.type) {
    case 'unknown':
      return <LoadingPage />;
    case 'failed':
      return (
        <Page title={t('seats.title')}>
          <Failed problem={now.problem} onRetry={() => void reconfirm()} />
        </Page>
      );
    case 'in':
    case 'out':
      // Anybody may look; who signs in or out is somebody else.
      return <Loader key={`${id} ${now.type}`} id={id} />;
    default:
      return now satisfies never;
  }
}

function askChart(hash: string) {
  return answer(api.GET('/api/v1/charts/{hash}', { params: { path: { hash } } }));
}

async function askAll(id: string) {
  const event = await askEvent(id);
  if (!event.ok) return event;
  const chart = await askChart(event.value.chart);
  return chart.ok
    ? { ok: true as const, value: { event: event.value, chart: chart.value } }
    : chart;
}

function Loader({ id }: { id: string }) {
  const load = useLoad(id, () => askAll(id));
  return (
    <Loaded load={load} title={t('seats.title')}>
      {(value) => <Choosing event={value.event} chart={value.chart} />}
    </Loaded>
  );
}

const NOTHING_HIDDEN: ReadonlySet<number> = new Set();

function Choosing({ event, chart }: { event: EventView; chart: ChartView }) {
  const fan = useFan(event.id);
  const work = useCart(event.id, fan.setHold);
  const { cart } = work;
  const [ticketType, setTicketType] = useState(event.ticket_types[0]?.key ?? '');
  const [hidden, setHidden] = useState(NOTHING_HIDDEN);
  const [area, setArea] = useState<number | null>(null);
  const { inside, untilMs } = useSession(fan);
  const expired = useHeld(fan, work);
  const order = useOrdering();
  const mine = useMemo(() => minePlaces(cart), [cart]);
  const strings = useMemo(() => mapStrings(), [locale.value]);
  useSaidChanges(chart, mine);
  const ordered = cart.hold?.ordered === true;
  const canChange = inside && !ordered;
  const mayChange = fan.me.value.type === 'loading' && session.value.type === 'in';

  const pick = (target: PickTarget) => {
    if (!canChange) return;
    if (target.type === 'area') setArea(target.block);
    else work.wish(wishOf(event, chart, mine, ticketType, target));
  };
  const priceOf = usePriceOf(event, ticketType);
  const proceed = () => {
    if (cart.hold !== null) void order.place(cart.hold.id);
  };
  const shared = { event, chart, hidden, priceOf, work, live: fan.live };

  return (
    <Page title={`${t('seats.title')} · ${event.title}`} class="seats">
      <Head event={event} fan={fan} untilMs={inside ? untilMs : null} />
      <div class="seats-grid">
        <div class="seats-map">
          <Notices event={event} fan={fan} inside={inside} expired={expired} />
          <Lost chart={chart} work={work} />
          <SeatMap
            chart={chart}
            states={fan.live.states}
            version={fan.live.version}
            mine={mine}
            selectable={canChange}
            priceOf={priceOf}
            hiddenCategories={hidden}
            onPick={pick}
            strings={strings}
          />
        </div>
        <aside class="seats-side">
          <CartPanel
            {...shared}
            busy={order.busy}
            problem={order.problem ?? cart.problem}
            canChange={canChange}
            onHold={fan.setHold}
            onEnd={() => void fan.ask()}
            onPay={proceed}
            onArea={setArea}
          />
          {(canChange || mayChange) && (
            <>
              <TypePicker event={event} value={ticketType} onChange={setTicketType} />
              <BestForm {...shared} ticketType={ticketType} />
            </>
          )}
          <CategoryFilter {...shared} onChange={setHidden} />
        </aside>
      </div>
      <CartBar event={event} cart={cart} busy={order.busy} onPay={proceed} />
      {area !== null && (
        <AreaDialog
          {...shared}
          block={area}
          ticketType={ticketType}
          onClose={() => setArea(null)}
        />
      )}
    </Page>
  );
}

/** What a place of a category costs as the ticket type that is chosen. */
function usePriceOf(event: EventView, ticketType: string): (category: number) => string | null {
  return useCallback(
    (category: number) => {
      const price = priceAs(event, category, ticketType);
      if (price === null) return null;
      return money(price.amount_minor, event.currency, event.currency_decimals);
    },
    [event, ticketType],
  );
}

/** Whether the fan may choose seats, and until when. */
function useSession(fan: Fan): { inside: boolean; untilMs: number | null } {
  const me = fan.me.value;
  const nowMs = useServerNow();
  const standing = me.type === 'ready' ? me.value.standing : null;
  const untilMs = standing?.type === 'admitted' ? standing.until_ms : null;
  return { inside: untilMs !== null && nowMs < untilMs, untilMs };
}

/** Keeps the cart to what the server says is held; whether that has just run out. */
function useHeld(fan: Fan, { cart, setHold }: CartAtWork): boolean {
  const [expired, setExpired] = useState(false);
  const me = fan.me.value;
  useEffect(() => {
    if (me.type === 'ready') setHold(me.value.hold ?? null);
  }, [me, setHold]);
  const had = useRef(cart.hold);
  useEffect(() => {
    const before = had.current;
    had.current = cart.hold;
    if (cart.hold !== null) setExpired(false);
    else if (before !== null && before.expires_at_ms <= fan.live.serverNow() + 1000)
      setExpired(true);
  }, [cart.hold, fan]);
  useEffect(() => {
    // What the server refuses for its state may mean that this page knows an old one.
    if (cart.problem !== null) void fan.ask();
  }, [cart.problem, fan]);
  return expired;
}

function Head({ event, fan, untilMs }: { event: EventView; fan: Fan; untilMs: number | null }) {
  return (
    <header class="seats-head">
      <a class="icon-button" href={`/events/${event.id}`} aria-label={t('seats.back')}>
        <Icon path={BACK} />
      </a>
      <div class="seats-title">
        <h1>{event.title}</h1>
        <ConnectionBadge live={fan.live} />
      </div>
      {untilMs !== null && (
        <Countdown
          label={t('seats.session_left')}
          untilMs={untilMs}
          cautious
          shortMs={60_000}
          spoken
        />
      )}
    </header>
  );
}

/** Which seats somebody else was faster with; everything else stays as it is. */
function Lost({ chart, work }: { chart: ChartView; work: CartAtWork }) {
  const { lost } = work.cart;
  if (lost.length === 0) return null;
  return (
    <Note tone="bad" live="alert">
      <p>
        <b>{t('seats.lost', { places: lost.map((place) => nameOf(chart, place)).join(', ') })}</b>
      </p>
      <p class="small row spread">
        {t('seats.lost_hint')}
        <button type="button" class="button-text" onClick={work.seen}>
          {t('app.close')}
        </button>
      </p>
    </Note>
  );
}

/** From the hold to its order; an order that exists already is the one that is shown. */
function useOrdering() {
  const go = useGo();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const place = async (hold: string) => {
    setBusy(true);
    const got = await intend(`order ${hold}`, (key) =>
      answer(
        api.POST('/api/v1/holds/{hold}/order', {
          params: { path: { hold }, header: { 'Idempotency-Key': key } },
        }),
      ),
    );
    setBusy(false);
    if (got.ok) go(`/checkout/${got.value.id}`);
    else if (!lostSession(got.problem)) setProblem(got.problem);
  };
  return { busy, problem, place };
}

/** What a place is called in a sentence. */
function nameOf(chart: ChartView, place: number): string {
  const { section, block, seat } = labelOf(chart, place);
  const strings = mapStrings();
  return seat === '' ? `${section} ${block}` : strings.seat(section, block, seat);
}

/** Says aloud what was taken and given back: the picture says it to the eye only. */
function useSaidChanges(chart: ChartView, mine: ReadonlySet<number>): void {
  const before = useRef<ReadonlySet<number> | null>(null);
  useEffect(() => {
    const known = before.current;
    before.current = mine;
    if (known === null) return;
    const added = [...mine].filter((place) => !known.has(place));
    const removed = [...known].filter((place) => !mine.has(place));
    const [one] = added.length > 0 ? added : removed;
    if (one === undefined) return;
    const place = nameOf(chart, one);
    announce(added.length > 0 ? t('cart.added', { place }) : t('cart.removed', { place }));
  }, [chart, mine]);
}

function Notices(props: { event: EventView; fan: Fan; inside: boolean; expired: boolean }) {
  const { event, fan, inside } = props;
  const was = useRef(false);
  if (inside) was.current = true;
  const status = fan.live.room.value?.status ?? 'open';
  const closed = status === 'closed' || event.sale.state === 'closed';
  const known = fan.me.value.type === 'ready' || session.value.type === 'out';
  const me = fan.me.value;
  return (
    <>
      {me.type === 'failed' && <ProblemNote problem={me.problem} onRetry={() => void fan.ask()} />}
      {props.expired && (
        <Note tone="warn" live="alert">
          {t('seats.expired')}
        </Note>
      )}
      {closed ? (
        <Note tone="bad" live="polite">
          {t('seats.closed')}
        </Note>
      ) : (
        status === 'paused' && (
          <Note tone="warn" icon={PAUSE} live="polite">
            {t('seats.paused')}
          </Note>
        )
      )}
      {known && !inside && !closed && (
        <Note tone={was.current ? 'warn' : 'plain'} live="polite">
          <p>
            <b>{was.current ? t('seats.over_title') : t('seats.watch_title')}</b>
          </p>
          <p class="small">{was.current ? t('seats.over_text') : t('seats.watch_text')}</p>
          <p>
            <a class="button button-main" href={`/events/${event.id}/queue?join=1`}>
              {t('seats.watch_enter')}
            </a>
          </p>
        </Note>
      )}
    </>
  );
}
