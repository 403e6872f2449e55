/** All of an on-sale at a glance, and what is wrong. */
import { useCallback, useState } from 'preact/hooks';
import { texts } from '../../i18n';
import { timeOfDay } from '../../i18n/dates';
import { number } from '../../i18n/format';
import { remember, type FrameOf, type Moment } from '../../model/ops';
import type { Session } from '../../state/session';
import { Private } from '../../ui/guard';
import { Note } from '../../ui/notes';
import { Figure } from './Figure';
import { Frame } from './Frame';
import { Line } from './Line';
import { useWatch } from './useWatch';

const t = texts('operator');

type Overview = FrameOf<'overview'>;

export default function OpsPage() {
  return <Private role="viewer">{(who) => <Glance who={who} />}</Private>;
}

function Glance({ who }: { who: Session }) {
  const [past, setPast] = useState<readonly Moment[]>([]);
  const keep = useCallback((frame: Overview) => setPast((old) => remember(old, frame)), []);
  const { frame, state } = useWatch('overview', 'topic=overview', keep);
  return (
    <Frame who={who} title={t('ops.overview')} at={frame?.at ?? null} state={state}>
      {frame === null ? (
        <span class="bone ops-bone" />
      ) : (
        <>
          <Troubles troubles={frame.troubles} />
          <Figures frame={frame} />
          <Charts past={past} />
        </>
      )}
    </Frame>
  );
}

function Troubles({ troubles }: { troubles: Overview['troubles'] }) {
  if (troubles.length === 0) {
    return (
      <Note tone="good">
        <p>{t('ops.all_well')}</p>
      </Note>
    );
  }
  return (
    <Note tone="bad">
      <h2>{t('ops.wrong')}</h2>
      <ul class="ops-troubles">
        {troubles.map(({ code, node, count }) => (
          <li key={`${code} ${node}`}>
            {troubleText(code)} <span class="num">× {number(count)}</span>{' '}
            <code class="small">{node}</code>
          </li>
        ))}
      </ul>
    </Note>
  );
}

const TROUBLES = [
  'silent',
  'sold_twice',
  'damaged',
  'panicked',
  'unowned',
  'append_failed',
  'in_doubt',
  'lease_lost',
  'overloaded',
  'slow_readers',
  'misplaced',
  'draining',
] as const;

function troubleText(code: string): string {
  const known = TROUBLES.find((one) => one === code);
  return known === undefined ? code : t(`trouble.${known}`);
}

const UNKNOWN = '–';
const tenth = (value: number) => number(Math.round(value * 10) / 10);

function Figures({ frame }: { frame: Overview }) {
  const { rates, hold_latency: latency } = frame;
  const ms = (value: number) => t('ops.ms', { n: Math.round(value * 10) / 10 });
  const heard = t('ops.of', { n: frame.nodes_heard, all: frame.nodes });
  return (
    <dl class="ops-figures num">
      <Figure label={t('ops.on_sale')}>{number(frame.on_sale)}</Figure>
      <Figure label={t('ops.owned')}>{number(frame.actors)}</Figure>
      <Figure label={t('ops.holds')}>{rates ? tenth(rates.holds) : UNKNOWN}</Figure>
      <Figure label={t('ops.tickets')}>{rates ? tenth(rates.tickets) : UNKNOWN}</Figure>
      <Figure label={t('ops.p50')}>{latency ? ms(latency.p50_ms) : UNKNOWN}</Figure>
      <Figure label={t('ops.p99')}>{latency ? ms(latency.p99_ms) : UNKNOWN}</Figure>
      <Figure label={t('ops.waiting')}>{number(frame.waiting)}</Figure>
      <Figure label={t('ops.inside')}>{number(frame.inside)}</Figure>
      <Figure label={t('ops.sockets')}>{number(frame.sockets)}</Figure>
      <Figure label={t('ops.sold')}>{number(frame.sold)}</Figure>
      <Figure label={t('ops.held')}>{number(frame.held)}</Figure>
      <Figure label={t('ops.free')}>{number(frame.free)}</Figure>
      <Figure label={t('ops.nodes_heard')} bad={frame.nodes_heard < frame.nodes}>
        {heard}
      </Figure>
      <Figure label={t('ops.sold_twice')} bad={frame.sold_twice > 0}>
        {number(frame.sold_twice)}
      </Figure>
    </dl>
  );
}

function Charts({ past }: { past: readonly Moment[] }) {
  const last = past.at(-1);
  return (
    <section class="panel stack-s ops-charts">
      <h2>{t('ops.last_minutes')}</h2>
      {(['holds', 'tickets'] as const).map((name) => {
        const values = past.map((moment) => moment[name]);
        const [now, most] = [tenth(last?.[name] ?? 0), tenth(Math.max(0, ...values))];
        return (
          <div key={name}>
            <p class="soft small num">{t('ops.line', { name: t(`ops.${name}`), now, most })}</p>
            <Line values={values} width={600} height={60} />
          </div>
        );
      })}
      <details>
        <summary>{t('ops.as_table')}</summary>
        <table class="ops-table num">
          <thead>
            <tr>
              <th scope="col">{t('ops.when')}</th>
              <th scope="col">{t('ops.holds')}</th>
              <th scope="col">{t('ops.tickets')}</th>
            </tr>
          </thead>
          <tbody>
            {past.toReversed().map((moment) => (
              <tr key={moment.at}>
                <th scope="row">{timeOfDay(moment.at)}</th>
                <td>{tenth(moment.holds)}</td>
                <td>{tenth(moment.tickets)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
