/** All of an on-sale at a glance, and what is wrong. */
import { useCallback, useState } from 'preact/hooks';
import { texts } from '../../i18n';
import { timeOfDay } from '../../i18n/dates';
import { number } from '../../i18n/format';
import { remember, type FrameOf, type Moment } from '../../model/ops';
import type { Session } from '../../state/session';
import { Private } from '../../ui/guard';
import { Note } from '../../ui/notes';
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
      <Figure label={t('ops.on_sale')} value={number(frame.on_sale)} />
      <Figure label={t('ops.owned')} value={number(frame.actors)} />
      <Figure label={t('ops.holds')} value={rates ? tenth(rates.holds) : UNKNOWN} />
      <Figure label={t('ops.tickets')} value={rates ? tenth(rates.tickets) : UNKNOWN} />
      <Figure label={t('ops.p50')} value={latency ? ms(latency.p50_ms) : UNKNOWN} />
      <Figure label={t('ops.p99')} value={latency ? ms(latency.p99_ms) : UNKNOWN} />
      <Figure label={t('ops.waiting')} value={number(frame.waiting)} />
      <Figure label={t('ops.inside')} value={number(frame.inside)} />
      <Figure label={t('ops.sockets')} value={number(frame.sockets)} />
      <Figure label={t('ops.sold')} value={number(frame.sold)} />
      <Figure label={t('ops.held')} value={number(frame.held)} />
      <Figure label={t('ops.free')} value={number(frame.free)} />
      <Figure label={t('ops.nodes_heard')} value={heard} bad={frame.nodes_heard < frame.nodes} />
      <Figure
        label={t('ops.sold_twice')}
        value={number(frame.sold_twice)}
        bad={frame.sold_twice > 0}
      />
    </dl>
  );
}

function Figure(props: { label: string; value: string; bad?: boolean }) {
  return (
    <div data-bad={props.bad === true}>
      <dt>{props.label}</dt>
      <dd>{props.value}</dd>
    </div>
  );
}

function Charts({ past }: { past: readonly Moment[] }) {
  const holds = past.map((moment) => moment.holds);
  const tickets = past.map((moment) => moment.tickets);
  const last = past.at(-1);
  const said = (name: string, now: number, most: number) =>
    t('ops.line', { name, now: tenth(now), most: tenth(most) });
  return (
    <section class="panel stack-s ops-charts">
      <h2>{t('ops.last_minutes')}</h2>
      <p class="soft small">{t('ops.holds')}</p>
      <Line
        values={holds}
        label={said(t('ops.holds'), last?.holds ?? 0, Math.max(0, ...holds))}
        width={600}
        height={60}
      />
      <p class="soft small">{t('ops.tickets')}</p>
      <Line
        values={tickets}
        label={said(t('ops.tickets'), last?.tickets ?? 0, Math.max(0, ...tickets))}
        width={600}
        height={60}
      />
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
