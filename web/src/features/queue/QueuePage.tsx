/** The waiting room: a place in line that is kept, and the turn when it comes. */
import type { ComponentChildren } from 'preact';
import { useRoute } from 'preact-iso';
import { useCallback, useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { answer, api, own } from '../../api/client';
import { intend } from '../../api/intention';
import type { Problem } from '../../api/problem';
import { loadArea, texts } from '../../i18n';
import { duration, percent } from '../../i18n/dates';
import { shortDateTime } from '../../i18n/format';
import { placeInLine, type LinePlace } from '../../model/line';
import { observe, waitFor, type Pace } from '../../model/pace';
import { askEvent, type EventView } from '../../state/event';
import { useFan, type Fan, type Standing } from '../../state/fan';
import { useLoad } from '../../state/load';
import { lostSession } from '../../state/session';
import { serverNow, useServerNow } from '../../state/time';
import { ConnectionBadge } from '../../ui/connection';
import { Countdown } from '../../ui/countdown';
import { Dialog } from '../../ui/dialog';
import { useGo } from '../../ui/go';
import { Private } from '../../ui/guard';
import { Icon, PAUSE, TICKET } from '../../ui/icon';
import { SHIELD } from '../../ui/signs';
import { Failed } from '../../ui/failed';
import { Note, ProblemNote } from '../../ui/notes';
import { LoadingPage, Page, announce } from '../../ui/page';
import { saleState } from '../../ui/sale';
import './queue.css';
import { FIRST_STAGE, progress, reduceStage, worthSaying, type Stage } from './stage';

const t = texts('fan');

export default function QueuePage() {
  return <Private>{() => <Room />}</Private>;
}

function Room() {
  const id = useRoute().params['id'] ?? '';
  const { now, reload } = useLoad(id, () => askEvent(id));
  switch (now.type) {
    case 'loading':
      return <LoadingPage />;
    case 'failed':
      return (
        <Page title={t('queue.title')}>
          <Failed problem={now.problem} onRetry={() => void reload()} />
        </Page>
      );
    case 'ready':
      return <InRoom key={id} event={now.value} />;
    default:
      return now satisfies never;
  }
}

function askStanding(path: 'join' | 'claim' | 'leave', event: string, key?: string) {
  const params = { path: { event } };
  switch (path) {
    case 'join': {
      const header = key === undefined ? {} : { 'Idempotency-Key': key };
      return answer(api.POST('/api/v1/events/{event}/queue', { params: { ...params, header } }));
    }
    case 'claim':
      return answer(api.POST('/api/v1/events/{event}/queue/claim', { params }));
    case 'leave':
      return answer(api.DELETE('/api/v1/events/{event}/queue', { params }));
    default:
      return path satisfies never;
  }
}

function InRoom({ event }: { event: EventView }) {
  const { query } = useRoute();
  const go = useGo();
  const fan = useFan(event.id);
  const [stage, act] = useReducer(reduceStage, FIRST_STAGE);
  const [problem, setProblem] = useState<Problem | null>(null);
  // While a place is asked for, what was known before says nothing.
  const wantsIn = useRef(query['join'] !== undefined);
  const joining = useRef(wantsIn.current);
  const me = fan.me.value;

  const take = useCallback(
    (standing: Standing) => {
      act({ type: 'standing', standing });
      fan.setStanding(standing);
    },
    [fan],
  );
  const refuse = useCallback((why: Problem) => {
    if (!lostSession(why)) setProblem(why);
  }, []);

  const claim = useCallback(async () => {
    const got = await askStanding('claim', event.id);
    if (got.ok) take(got.value);
    else {
      refuse(got.problem);
      void fan.ask();
    }
  }, [event.id, fan, take, refuse]);

  const join = useCallback(async () => {
    setProblem(null);
    joining.current = true;
    act({ type: 'join' });
    const got = await intend(`join ${event.id}`, (key) => askStanding('join', event.id, key));
    joining.current = false;
    if (!got.ok) {
      refuse(got.problem);
      act({ type: 'refused' });
    } else if (got.value.type === 'called') {
      // Nobody waits: whoever has just pressed the button is there, and need not say so again.
      await claim();
    } else take(got.value);
  }, [event.id, claim, take, refuse]);

  useEffect(() => {
    if (!wantsIn.current) return;
    wantsIn.current = false;
    // A reload shows the place that was given, and does not ask for another one.
    go(`/events/${event.id}/queue`, 'replace');
    void join();
  }, [event.id, join, go]);

  useEffect(() => {
    if (me.type === 'ready' && !joining.current) {
      act({ type: 'standing', standing: me.value.standing });
    }
  }, [me]);

  useEffect(() => {
    if (stage.type === 'admitted') go(`/events/${event.id}/seats`, 'replace');
  }, [stage.type, event.id, go]);

  usePreparedSeats(stage.type);

  const leave = useCallback(async () => {
    const got = await askStanding('leave', event.id);
    if (!got.ok && got.problem.code !== 'not_in_line') { refuse(got.problem); return; }
    act({ type: 'left' });
    fan.setStanding({ type: 'outside' });
  }, [event.id, fan, refuse]);

  return (
    <Page title={t('queue.title')} class="queue">
      <p class="queue-event">
        <a href={`/events/${event.id}`}>{event.title}</a>
      </p>
      <h1 class="visually-hidden">{t('queue.title')}</h1>
      <ProblemNote problem={problem} />
      {me.type === 'failed' && <ProblemNote problem={me.problem} onRetry={() => void fan.ask()} />}
      {stage.type === 'outside' ? (
        <Outside why={stage.why} onJoin={() => void join()} />
      ) : (
        <Waiting
          event={event}
          fan={fan}
          number={stage.type === 'waiting' ? stage.number : null}
          ahead={stage.type === 'waiting' ? stage.ahead : null}
          onLeave={leave}
        />
      )}
      {stage.type === 'called' && (
        <Turn event={event} claimByMs={stage.claimByMs} onClaim={claim} onEnd={() => void fan.ask()} />
      )}
    </Page>
  );
}

/** The longest that a waiting fan's browser puts off fetching the seat map's code. */
const PREPARE_MS_MAX = 45_000;

/**
 * Fetches what comes next while the fan waits: each at a moment of its own, so that a crowd that
 * joined together does not fetch together; at once when the turn comes.
 */
function usePreparedSeats(stage: Stage['type']): void {
  const called = stage === 'called';
  const waits = stage === 'waiting';
  useEffect(() => {
    if (!called && !waits) return;
    const prepare = () => void Promise.all([import('../seats'), loadArea('seats'), loadArea('sale')]).catch(() => null);
    const timer = setTimeout(prepare, called ? 0 : Math.random() * PREPARE_MS_MAX);
    return () => clearTimeout(timer);
  }, [called, waits]);
}

function Outside({ why, onJoin }: { why: 'new' | 'left' | 'lapsed'; onJoin: () => void }) {
  const [title, text] =
    why === 'lapsed'
      ? [t('queue.lapsed_title'), t('queue.lapsed_text')]
      : why === 'left'
        ? [t('queue.left_title'), t('queue.outside_text')]
        : [t('queue.outside_title'), t('queue.outside_text')];
  return (
    <section class="panel stack queue-card" role="status">
      <h2>{title}</h2>
      <p class="soft">{text}</p>
      <p>
        <button type="button" class="button button-main" onClick={onJoin}>
          {t('queue.join')}
        </button>
      </p>
    </section>
  );
}

interface WaitingProps {
  event: EventView;
  fan: Fan;
  /** `null` while there is no place yet. */
  number: number | null;
  ahead: number | null;
  onLeave: () => Promise<void>;
}

function Waiting({ event, fan, number, ahead, onLeave }: WaitingProps) {
  const [leaving, setLeaving] = useState(false);
  const room = fan.live.room.value;
  const place = number === null || room === null ? null : placeInLine(number, room);
  const shown = number === null ? null : (aheadOf(place) ?? { n: ahead ?? 0, about: false });
  useTabTitle(event, shown);
  useSpoken(shown);
  useGoneCheck(fan, place);
  const opens = Date.parse(event.sale.opens_at);
  const early = useServerNow() < opens;
  return (
    <section class="panel queue-card" aria-busy={number === null}>
      <div class="row spread">
        <ConnectionBadge live={fan.live} />
        {number !== null && (
          <span class="badge num">
            {t('queue.number')} <b>{number}</b>
          </span>
        )}
      </div>
      <div class="queue-place">
        {shown === null ? (
          <p class="queue-joining">{t('queue.joining')}</p>
        ) : shown.n === 0 && !shown.about ? (
          <p class="queue-next">{t('queue.next')}</p>
        ) : (
          <>
            <p class="soft">{t('queue.ahead')}</p>
            <p class="queue-number num" data-testid="ahead">
              {people(shown)}
            </p>
          </>
        )}
      </div>
      <Progress id={`${event.id} ${number ?? 0}`} ahead={shown?.n ?? null} />
      <dl class="queue-facts">
        <Fact label={t('queue.behind')} value={behind(place)} />
        <Fact label={t('queue.inside')} value={room === null ? '–' : t('queue.people', { n: room.inside })} />
        <Fact label={t('queue.wait')} value={<Wait fan={fan} number={number} early={early} />} />
      </dl>
      {room?.status === 'paused' && <Note tone="warn" icon={PAUSE} live="polite">{t('queue.paused')}</Note>}
      {(room?.status === 'closed' || saleState(event.sale, serverNow()) === 'closed') && (
        <Note tone="bad" live="polite">{t('queue.closed')}</Note>
      )}
      {early && <Countdown label={t('event.opens_in')} untilMs={opens} spoken />}
      {early && <p class="soft small">{t('queue.lobby', { at: shortDateTime(event.sale.opens_at) })}</p>}
      <Note tone="good" icon={SHIELD}>
        <p>
          <b>{t('queue.safe_title')}</b>
        </p>
        <p class="small">{t('queue.safe')}</p>
      </Note>
      <p class="queue-leave">
        <button
          type="button"
          class="button button-quiet"
          disabled={number === null}
          onClick={() => setLeaving(true)}
        >
          {t('queue.leave')}
        </button>
      </p>
      {leaving && (
        <Dialog title={t('queue.leave_title')} onClose={() => setLeaving(false)}>
          <p class="soft">{t('queue.leave_text')}</p>
          <div class="actions">
            <button type="button" class="button button-main" onClick={() => setLeaving(false)}>
              {t('queue.stay')}
            </button>
            <button type="button" class="button button-bad" onClick={() => void onLeave()}>
              {t('queue.leave_yes')}
            </button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

function Fact({ label, value }: { label: string; value: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd class="num">{value}</dd>
    </div>
  );
}

interface Shown {
  readonly n: number;
  readonly about: boolean;
}

/** One number for the eye: exact where it is known, else the middle of the bounds. */
function aheadOf(place: LinePlace | null): Shown | null {
  if (place === null || place.type === 'gone') return null;
  if (place.type === 'exact') return { n: place.ahead, about: false };
  return { n: Math.round((place.ahead.min + place.ahead.max) / 2), about: true };
}

function people({ n, about }: Shown): string {
  return about ? t('queue.about_people', { n }) : t('queue.people', { n });
}

function behind(place: LinePlace | null): string {
  if (place === null || place.type === 'gone') return '–';
  if (place.type === 'exact') return t('queue.people', { n: place.behind });
  const n = Math.round((place.behind.min + place.behind.max) / 2);
  return people({ n, about: place.behind.min !== place.behind.max });
}

/** The expected wait, from how fast the line has moved while this page was open. */
function Wait({ fan, number, early }: { fan: Fan; number: number | null; early: boolean }) {
  const pace = useRef<Pace>([]);
  const room = fan.live.room.value;
  const nowMs = useServerNow();
  if (room !== null && pace.current.at(-1) !== room) pace.current = observe(pace.current, room);
  if (number === null || early) return <>–</>;
  const wait = waitFor(number, pace.current, nowMs);
  if (wait.type === 'unknown') return <span class="soft">{t('queue.wait_unknown')}</span>;
  const [min, max] = [Math.ceil(wait.minMs / 60_000), Math.ceil(wait.maxMs / 60_000)];
  if (max <= 1) return <>{t('queue.wait_soon')}</>;
  if (min === max) return <>{t('queue.wait_about_one', { time: t('queue.minutes', { n: max }) })}</>;
  return <>{t('queue.wait_about', { min: String(min), max: t('queue.minutes', { n: max }) })}</>;
}

/** How far the fan has come since joining, kept over reloads. */
function Progress({ id, ahead }: { id: string; ahead: number | null }) {
  const at = `tiketi.ahead ${id}`;
  const most = Math.max(ahead ?? 0, Number(own.getItem(at) ?? 0));
  useEffect(() => {
    if (ahead !== null) own.setItem(at, String(most));
  }, [at, ahead, most]);
  const share = ahead === null ? 0 : progress(ahead, most);
  return (
    <div
      class="queue-progress"
      role="progressbar"
      aria-label={t('queue.progress')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      aria-valuetext={percent(share)}
    >
      <span class="queue-bar" style={{ '--share': String(share) }} />
      <Icon path={TICKET} size={22} />
    </div>
  );
}

function useTabTitle(event: EventView, shown: Shown | null): void {
  const title =
    shown === null ? null : t('queue.tab_ahead', { ahead: people(shown), event: event.title });
  useEffect(() => {
    if (title !== null) document.title = title;
  }, [title]);
}

/** Says the place aloud when it changes by much, and once at first. */
function useSpoken(shown: Shown | null): void {
  const before = useRef<number | null>(null);
  useEffect(() => {
    if (shown === null) return;
    if (worthSaying(before.current, shown.n)) announce(t('queue.say_ahead', { ahead: people(shown) }));
    before.current = shown.n;
  }, [shown?.n, shown]);
}

/** The line says that the fan is not in it any more: asking tells whether it is the turn. */
function useGoneCheck(fan: Fan, place: LinePlace | null): void {
  const gone = place?.type === 'gone';
  useEffect(() => {
    if (gone) void fan.ask();
  }, [gone, fan]);
}

/**
 * The turn. It is taken by a button and never by itself: a tab that is open is no fan who is there,
 * and a session that nobody uses keeps others waiting. The time to press it is minutes, so nobody
 * loses anything by the press.
 */
function Turn(props: {
  event: EventView;
  claimByMs: number;
  onClaim: () => Promise<void>;
  onEnd: () => void;
}) {
  const { event, claimByMs } = props;
  const [claiming, setClaiming] = useState(false);
  const session = duration(event.rules.session_ttl_s);
  useEffect(() => {
    document.title = t('queue.tab_turn', { event: event.title });
  }, [event.title]);
  const claim = async () => {
    setClaiming(true);
    await props.onClaim();
    setClaiming(false);
  };
  return (
    <Dialog title={t('queue.turn_title')} alert onClose={() => undefined}>
      <p>{t('queue.turn_text', { time: session })}</p>
      <Countdown label={t('queue.turn_left')} untilMs={claimByMs} cautious big spoken shortMs={15_000} onEnd={props.onEnd} />
      <div class="actions">
        <button
          type="button"
          class="button button-main button-wide"
          disabled={claiming}
          onClick={() => void claim()}
        >
          {t('queue.claim')}
        </button>
      </div>
    </Dialog>
  );
}
