/** A place in line: how many before, how many behind, how far, how long. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { own } from '../../api/client';
import { texts } from '../../i18n';
import { percent } from '../../i18n/dates';
import { shortDateTime } from '../../i18n/format';
import { placeInLine, type LinePlace } from '../../model/line';
import { observe, waitFor, type Pace } from '../../model/pace';
import type { EventView } from '../../state/event';
import type { Fan } from '../../state/fan';
import { serverNow, useServerNow } from '../../state/time';
import { ConnectionBadge } from '../../ui/connection';
import { Countdown } from '../../ui/countdown';
import { Dialog } from '../../ui/dialog';
import { Icon, PAUSE, TICKET } from '../../ui/icon';
import { Note } from '../../ui/notes';
import { announce } from '../../ui/page';
import { saleState } from '../../ui/sale';
import { SHIELD } from '../../ui/signs';
import { progress, worthSaying } from './stage';

const t = texts('fan');

interface WaitingProps {
  event: EventView;
  fan: Fan;
  /** `null` while there is no place yet. */
  number: number | null;
  ahead: number | null;
  onLeave: () => Promise<void>;
}

export function Waiting({ event, fan, number, ahead, onLeave }: WaitingProps) {
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
        <Fact
          label={t('queue.inside')}
          value={room === null ? '–' : t('queue.people', { n: room.inside })}
        />
        <Fact label={t('queue.wait')} value={<Wait fan={fan} number={number} early={early} />} />
      </dl>
      {room !== null && room.notice !== '' && (
        <Note live="polite">
          <p data-testid="notice">{room.notice}</p>
        </Note>
      )}
      {room?.status === 'paused' && (
        <Note tone="warn" icon={PAUSE} live="polite">
          {t('queue.paused')}
        </Note>
      )}
      {(room?.status === 'closed' || saleState(event.sale, serverNow()) === 'closed') && (
        <Note tone="bad" live="polite">
          {t('queue.closed')}
        </Note>
      )}
      {early && <Countdown label={t('event.opens_in')} untilMs={opens} spoken />}
      {early && (
        <p class="soft small">{t('queue.lobby', { at: shortDateTime(event.sale.opens_at) })}</p>
      )}
      <Note tone="good" icon={SHIELD}>
        <p>
          <b>{t('queue.safe_title')}</b>
        </p>
        <p class="small">{t('queue.safe')}</p>
      </Note>
      <Leave disabled={number === null} onLeave={onLeave} />
    </section>
  );
}

/** Leaving gives up the place: it is asked for twice. */
function Leave({ disabled, onLeave }: { disabled: boolean; onLeave: () => Promise<void> }) {
  const [leaving, setLeaving] = useState(false);
  return (
    <>
      <p class="queue-leave">
        <button
          type="button"
          class="button button-quiet"
          disabled={disabled}
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
    </>
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
  if (min === max)
    return <>{t('queue.wait_about_one', { time: t('queue.minutes', { n: max }) })}</>;
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
    if (worthSaying(before.current, shown.n))
      announce(t('queue.say_ahead', { ahead: people(shown) }));
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
