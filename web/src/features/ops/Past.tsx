/** An event as it was after a record of its journal, with a slider over all of them. */
import { useRoute } from 'preact-iso';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import type { Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { duration, money } from '../../i18n/dates';
import { number } from '../../i18n/format';
import { actorAddress, deedIn, recordOf } from '../../model/past';
import { useGo } from '../../ui/go';
import { Note, ProblemNote } from '../../ui/notes';
import { Figure } from './Figure';
import { momentText } from './figures';
import { Heat } from './Heat';
import { Journal } from './Journal';

const t = texts('operator');

type PastView = Schemas['PastView'];

/** How long somebody who moves the slider has to rest before the server is asked. */
const RESTED_MS = 150;

export function Past(props: { event: string; live: number | null; may: boolean }) {
  const { event, live } = props;
  const { query } = useRoute();
  const record = recordOf(query);
  const { past, problem, ask } = usePast(event, record);
  const unrecorded = useDeed(event, deedIn(query));
  return (
    <>
      <section class="panel stack ops-past" aria-busy={past === null && problem === null}>
        <h2>{t('ops.past')}</h2>
        <ProblemNote problem={problem} onRetry={ask} />
        {unrecorded && (
          <Note>
            <p>{t('ops.unrecorded')}</p>
          </Note>
        )}
        {problem !== null && record !== null && (
          <p>
            <a href={actorAddress(event)}>{t('ops.latest')}</a>
          </p>
        )}
        {past !== null && (
          <>
            <Slider event={event} past={past} live={live} record={record} ask={ask} />
            <State past={past} />
            <Heat event={event} past={past} />
          </>
        )}
      </section>
      {past !== null && <Journal event={event} past={past} may={props.may} />}
    </>
  );
}

interface Asked {
  readonly past: PastView | null;
  readonly problem: Problem | null;
}

/** What is shown stays until the next has come. */
function usePast(event: string, record: number | null): Asked & { ask: () => void } {
  const [asked, setAsked] = useState<Asked>({ past: null, problem: null });
  const [times, setTimes] = useState(0);
  useEffect(() => {
    let wanted = true;
    const params = { path: { event }, query: record === null ? {} : { seq: record } };
    void answer(api.GET('/api/v1/ops/events/{event}/state', { params })).then((got) => {
      if (!wanted) return;
      if (got.ok) setAsked({ past: got.value, problem: null });
      else setAsked(({ past }) => ({ past, problem: got.problem }));
    });
    return () => void (wanted = false);
  }, [event, record, times]);
  return { ...asked, ask: () => setTimes((old) => old + 1) };
}

/** Goes on to the record that came of a deed; true if there is none. */
function useDeed(event: string, deed: number | null): boolean {
  const go = useGo();
  const [none, setNone] = useState<number | null>(null);
  useEffect(() => {
    if (deed === null) return;
    let wanted = true;
    const params = { path: { event }, query: { deed, limit: 1 } };
    void answer(api.GET('/api/v1/ops/events/{event}/journal', { params })).then((got) => {
      if (!wanted) return;
      const record = got.ok ? got.value.records[0] : undefined;
      if (record === undefined) setNone(deed);
      else go(actorAddress(event, record.seq), 'replace');
    });
    return () => void (wanted = false);
  }, [event, deed]);
  return deed !== null && none === deed;
}

function Slider(props: {
  event: string;
  past: PastView;
  live: number | null;
  /** Null if the last one is shown, whichever that is. */
  record: number | null;
  ask: () => void;
}) {
  const { event, past, live, record, ask } = props;
  const go = useGo();
  const [moved, setMoved] = useState<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  // The slider goes by the address again once what it asked for is there.
  useEffect(() => setMoved((to) => (to === past.seq ? null : to)), [past]);
  const shown = moved ?? past.seq;
  const move = (to: number) => {
    const next = Math.min(past.last, Math.max(1, Math.round(to)));
    setMoved(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => go(actorAddress(event, next), 'replace'), RESTED_MS);
  };
  const latest = () => {
    clearTimeout(timer.current);
    setMoved(null);
    if (record === null) ask();
    else go(actorAddress(event), 'replace');
  };
  const said = t('ops.record_of', { seq: shown, last: past.last });
  const newer = (live ?? 0) - past.last;
  return (
    <div class="stack-s">
      <p class="num">
        {said} · {momentText(past.at)}
      </p>
      <input
        type="range"
        class="ops-slider"
        min={1}
        max={past.last}
        value={shown}
        aria-label={t('ops.record')}
        aria-valuetext={said}
        onInput={(input) => move(input.currentTarget.valueAsNumber)}
      />
      <div class="row">
        <Step to={1} shown={shown} move={move} text={t('ops.first')} />
        <Step to={shown - 1} shown={shown} move={move} text={t('ops.one_back')} past={past} />
        <Step to={shown + 1} shown={shown} move={move} text={t('ops.one_on')} past={past} />
        <button type="button" class="button" onClick={latest}>
          {newer > 0 ? t('ops.newer', { n: newer }) : t('ops.latest')}
        </button>
      </div>
    </div>
  );
}

function Step(props: {
  to: number;
  shown: number;
  move: (to: number) => void;
  text: string;
  past?: PastView;
}) {
  const { to, shown, move, text, past } = props;
  const there = to >= 1 && to <= (past?.last ?? to) && to !== shown;
  return (
    <button type="button" class="button" disabled={!there} onClick={() => move(to)}>
      {text}
    </button>
  );
}

function State({ past }: { past: PastView }) {
  const { orders, money: of } = past;
  const amount = (minor: number) => money(minor, of.currency, of.decimals);
  const all = past.free + past.held + past.sold + past.blocked;
  return (
    <>
      <dl class="ops-figures ops-state num">
        <Figure label={t('ops.status')}>{t(`status.${past.status}`)}</Figure>
        <Figure label={t('ops.free')}>{number(past.free)}</Figure>
        <Figure label={t('ops.held')}>{number(past.held)}</Figure>
        <Figure label={t('ops.sold')}>{t('ops.of', { n: past.sold, all })}</Figure>
        <Figure label={t('column.line')}>{number(past.waiting)}</Figure>
        <Figure label={t('ops.called')}>{number(past.called)}</Figure>
        <Figure label={t('ops.admitted')}>
          {t('ops.of', { n: past.admitted, all: past.admitted_max })}
        </Figure>
      </dl>
      <div class="ops-thirds num">
        <Table head={t('ops.holds_by_age')} count={t('ops.count')}>
          {past.holds.map(({ from_s, holds, places }, index) => (
            <Line key={from_s} name={ageText(from_s, past.holds[index + 1]?.from_s)}>
              {t('ops.holds_places', { holds, places })}
            </Line>
          ))}
        </Table>
        <Table head={t('ops.orders')} count={t('ops.count')}>
          <Line name={t('ops.order_awaiting')}>{number(orders.awaiting_payment)}</Line>
          <Line name={t('ops.order_paid')}>{number(orders.paid)}</Line>
          <Line name={t('ops.order_expired')}>{number(orders.expired)}</Line>
          <Line name={t('ops.order_cancelled')}>{number(orders.cancelled)}</Line>
          <Line name={t('ops.order_returned')}>{number(orders.returned)}</Line>
        </Table>
        <Table head={t('ops.money')} count={t('ops.amount')}>
          <Line name={t('ops.captured')}>{amount(of.captured_minor)}</Line>
          <Line name={t('ops.refund_due')}>{amount(of.refund_due_minor)}</Line>
          <Line name={t('ops.refunded')}>{amount(of.refunded_minor)}</Line>
          <Line name={t('ops.payments_open')}>{number(of.open)}</Line>
          <Line name={t('ops.payments_declined')}>{number(of.declined)}</Line>
        </Table>
      </div>
    </>
  );
}

function ageText(from: number, to: number | undefined): string {
  if (to === undefined) return t('ops.age_over', { from: duration(from) });
  return from === 0
    ? t('ops.age_under', { to: duration(to) })
    : t('ops.age_between', { from: duration(from), to: duration(to) });
}

function Table(props: { head: string; count: string; children: ComponentChildren }) {
  return (
    <table class="ops-table ops-sums num">
      <thead>
        <tr>
          <th scope="col">{props.head}</th>
          <th scope="col">{props.count}</th>
        </tr>
      </thead>
      <tbody>{props.children}</tbody>
    </table>
  );
}

function Line(props: { name: string; children: ComponentChildren }) {
  return (
    <tr>
      <th scope="row">{props.name}</th>
      <td>{props.children}</td>
    </tr>
  );
}
