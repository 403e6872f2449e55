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
import { LoadingPage, Page, announce } from '../../ui/page';
import { BACK } from '../../ui/signs';
import { SeatMap, type PickTarget } from '../seatmap/SeatMap';
import { AreaDialog } from './AreaDialog';
import { BestForm } from './BestForm';
import { CartBar, CartPanel } from './CartPanel';
import { minePlaces, type Wanted } from './cart';
import { blockIndexOf, categoryOf, labelOf, placesOf, type ChartView } from './chart';
import { CategoryFilter } from './CategoryFilter';
import { mapStrings } from './map-strings';
import { priceAs } from './prices';
import { TypePicker } from './TypePicker';
import { useCart } from './useCart';
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
  return chart.ok ? { ok: true as const, value: { event: event.value, chart: chart.value } } : chart;
}

function Loader({ id }: { id: string }) {
  const { now, reload } = useLoad(id, () => askAll(id));
  switch (now.type) {
    case 'loading':
      return <LoadingPage />;
    case 'failed':
      return (
        <Page title={t('seats.title')}>
          <Failed problem={now.problem} onRetry={() => void reload()} />
        </Page>
      );
    case 'ready':
      return <Choosing event={now.value.event} chart={now.value.chart} />;
    default:
      return now satisfies never;
  }
}

const NOTHING_HIDDEN: ReadonlySet<number> = new Set();

function Choosing({ event, chart }: { event: EventView; chart: ChartView }) {
  const fan = useFan(event.id);
  const work = useCart(event.id, fan.setHold);
  const { cart, wish, setHold, seen } = work;
  const [ticketType, setTicketType] = useState(event.ticket_types[0]?.key ?? '');
  const [hidden, setHidden] = useState(NOTHING_HIDDEN);
  const [area, setArea] = useState<number | null>(null);
  const [expired, setExpired] = useState(false);
  const me = fan.me.value;
  const standing = me.type === 'ready' ? me.value.standing : null;
  const untilMs = standing?.type === 'admitted' ? standing.until_ms : null;
  const nowMs = useServerNow();
  const inside = untilMs !== null && nowMs < untilMs;
  const mine = useMemo(() => minePlaces(cart), [cart]);
  const strings = useMemo(() => mapStrings(), [locale.value]);
  const ordered = cart.hold?.ordered === true;

  const had = useRef(cart.hold);
  useEffect(() => {
    if (me.type === 'ready') setHold(me.value.hold ?? null);
  }, [me, setHold]);
  useEffect(() => {
    const before = had.current;
    had.current = cart.hold;
    if (cart.hold !== null) setExpired(false);
    else if (before !== null && before.expires_at_ms <= fan.live.serverNow() + 1000) setExpired(true);
  }, [cart.hold, fan]);
  useSaidChanges(chart, mine);

  useEffect(() => {
    // What the server refuses for its state may mean that this page knows an old one.
    if (cart.problem !== null) void fan.ask();
  }, [cart.problem, fan]);

  const pick = useCallback(
    (target: PickTarget) => {
      if (!inside || ordered) return;
      if (target.type === 'area') return setArea(target.block);
      const block = chart.blocks[target.type === 'seat' ? blockIndexOf(chart, target.place) : target.block];
      if (block === undefined) return;
      const places = target.type === 'seat' ? [target.place] : placesOf(block);
      if (places.some((place) => mine.has(place))) return wish({ type: 'remove', places });
      const [first] = places;
      if (first === undefined) return;
      const price = priceAs(event, categoryOf(chart, first), ticketType);
      const ticket_type = price?.ticket_type ?? ticketType;
      const wanted: Wanted =
        target.type === 'seat'
          ? { type: 'seat', place: target.place, ticket_type }
          : { type: 'table', block: target.block, ticket_type };
      wish({ type: 'add', wanted, places });
    },
    [chart, event, inside, ordered, mine, ticketType, wish],
  );

  const priceOf = useCallback(
    (category: number) => {
      const price = priceAs(event, category, ticketType);
      if (price === null) return null;
      return money(price.amount_minor, event.currency, event.currency_decimals);
    },
    [event, ticketType],
  );

  const order = useOrdering();
  const proceed = () => {
    if (cart.hold !== null) void order.place(cart.hold.id);
  };

  return (
    <Page title={`${t('seats.title')} · ${event.title}`} class="seats">
      <header class="seats-head">
        <a class="icon-button" href={`/events/${event.id}`} aria-label={t('seats.back')}>
          <Icon path={BACK} />
        </a>
        <div class="seats-title">
          <h1>{event.title}</h1>
          <ConnectionBadge live={fan.live} />
        </div>
        {inside && <Countdown label={t('seats.session_left')} untilMs={untilMs} cautious shortMs={60_000} spoken />}
      </header>
      <div class="seats-grid">
        <div class="seats-map">
          <Notices
            event={event}
            fan={fan}
            inside={inside}
            entered={standing !== null && standing.type !== 'outside'}
            expired={expired}
          />
          {cart.lost.length > 0 && (
            <Note tone="bad" live="alert">
              <p>
                <b>{t('seats.lost', { places: cart.lost.map((place) => nameOf(chart, place)).join(', ') })}</b>
              </p>
              <p class="small row spread">
                {t('seats.lost_hint')}
                <button type="button" class="button-text" onClick={seen}>
                  {t('app.close')}
                </button>
              </p>
            </Note>
          )}
          <SeatMap
            chart={chart}
            states={fan.live.states}
            version={fan.live.version}
            mine={mine}
            selectable={inside && !ordered}
            priceOf={priceOf}
            hiddenCategories={hidden}
            onPick={pick}
            strings={strings}
          />
        </div>
        <aside class="seats-side">
          <CartPanel
            event={event}
            chart={chart}
            work={work}
            busy={order.busy}
            problem={order.problem ?? cart.problem}
            canChange={inside && !ordered}
            onHold={fan.setHold}
            onEnd={() => void fan.ask()}
            onPay={proceed}
            onArea={setArea}
          />
          {(inside || (me.type === 'loading' && session.value.type === 'in')) && !ordered && (
            <>
              <TypePicker event={event} value={ticketType} onChange={setTicketType} />
              <BestForm event={event} chart={chart} hidden={hidden} ticketType={ticketType} work={work} />
            </>
          )}
          <CategoryFilter
            event={event}
            chart={chart}
            live={fan.live}
            hidden={hidden}
            priceOf={priceOf}
            onChange={setHidden}
          />
        </aside>
      </div>
      <CartBar event={event} cart={cart} busy={order.busy} onPay={proceed} />
      {area !== null && (
        <AreaDialog
          event={event}
          chart={chart}
          block={area}
          live={fan.live}
          cart={cart}
          ticketType={ticketType}
          onWish={wish}
          onClose={() => setArea(null)}
        />
      )}
    </Page>
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

function Notices(props: {
  event: EventView;
  fan: Fan;
  inside: boolean;
  /** Whether the fan stands anywhere in the waiting room. */
  entered: boolean;
  expired: boolean;
}) {
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
