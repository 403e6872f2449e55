/** Plans: looked at with everything that is wrong with them, then kept. */
import { useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import type { Answer, Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { number } from '../../i18n/format';
import { said } from '../../i18n/said';
import { useLoad } from '../../state/load';
import type { Session } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { Note, ProblemNote } from '../../ui/notes';
import { announce } from '../../ui/page';
import { Desk } from './Desk';
import { Choice } from './Input';
import { Change, Listing } from './Listing';
import { moment } from './labels';
import { PlanFaults } from './PlanFaults';
import { Preview } from './Preview';
import { Section } from './Section';
import { Why } from './Why';
import { askVenues, type Venue } from './roster';

const t = texts('operator');

type Plan = Schemas['PlanView'];
type Chart = Schemas['ChartEntryView'];

/** As much as the server reads. */
const FILE_BYTES_MAX = 32 * 1024 * 1024;

type Looked =
  | { readonly type: 'nothing' }
  | { readonly type: 'reading'; readonly name: string }
  | { readonly type: 'faulty'; readonly text: string; readonly problem: Problem }
  | { readonly type: 'too_large'; readonly name: string }
  | { readonly type: 'shown'; readonly plan: Plan; readonly body: unknown };

export function askCharts(): Promise<Answer<Schemas['ChartEntryView'][]>> {
  return answer(api.GET('/api/v1/operator/charts'));
}

export function PlansPage({ who }: { who: Session }) {
  const load = useLoad('charts', askCharts);
  const asked = useLoad('venues', askVenues).now;
  const venues = asked.type === 'ready' ? asked.value : [];
  const [looked, setLooked] = useState<Looked>({ type: 'nothing' });
  const [chosen, setChosen] = useState<Chart | null>(null);
  const look = async (file: File) => {
    setLooked({ type: 'reading', name: file.name });
    setLooked(await lookInto(file));
  };
  const keep = async (body: unknown, name: string) => {
    const got = await answer(api.POST('/api/v1/operator/charts', { body }));
    if (!got.ok) {
      setLooked({ type: 'faulty', text: '', problem: got.problem });
      return;
    }
    setLooked({ type: 'nothing' });
    announce(t('organise.kept', { name }));
    await load.reload();
  };
  return (
    <Desk who={who} title={t('organise.plans')}>
      <section class="panel stack">
        <h2>{t('organise.upload')}</h2>
        <p class="soft">{t('organise.upload_about')}</p>
        <Chooser onFile={(file) => void look(file)} />
        <Result
          looked={looked}
          onKeep={(plan, body) => void keep(body, plan.chart.name)}
          onDiscard={() => setLooked({ type: 'nothing' })}
        />
      </section>
      <h2 class="organise-head">{t('organise.plans_kept')}</h2>
      <Section load={load}>
        {(charts) => <Kept charts={charts} venues={venues} onChoose={setChosen} />}
      </Section>
      {chosen !== null && (
        <Whose
          chart={chosen}
          venues={venues}
          onClose={() => setChosen(null)}
          onDone={() => {
            setChosen(null);
            announce(t('organise.saved'));
            void load.reload();
          }}
        />
      )}
    </Desk>
  );
}

/** Reads a file and has the server say what it comes to. */
async function lookInto(file: File): Promise<Looked> {
  if (file.size > FILE_BYTES_MAX) return { type: 'too_large', name: file.name };
  const text = await file.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    return { type: 'faulty', text, problem: notJson(message) };
  }
  const got = await answer(api.POST('/api/v1/operator/charts/check', { body }));
  if (got.ok) return { type: 'shown', plan: got.value, body };
  return { type: 'faulty', text, problem: got.problem };
}

/** What the server says of it; the browser had to read it first. */
function notJson(message: string): Problem {
  const faults = [{ path: '$', code: 'not_json', message }];
  const of = { type: 'about:blank', title: '', detail: '', request_id: '' };
  return { ...of, status: 422, code: 'faulty', faults, faults_total: 1 };
}

function Chooser({ onFile }: { onFile: (file: File) => void }) {
  return (
    <label class="organise-file">
      <span>{t('organise.file')}</span>
      <input
        type="file"
        accept=".json,application/json"
        onChange={({ currentTarget: input }) => {
          const file = input.files?.[0];
          // The same file can be chosen again once it is mended.
          input.value = '';
          if (file !== undefined) onFile(file);
        }}
      />
    </label>
  );
}

function Result(props: {
  looked: Looked;
  onKeep: (plan: Plan, body: unknown) => void;
  onDiscard: () => void;
}) {
  const { looked } = props;
  switch (looked.type) {
    case 'nothing':
      return null;
    case 'reading':
      return <p role="status">{t('organise.reading', { name: looked.name })}</p>;
    case 'too_large':
      return (
        <Note tone="bad" live="alert">
          {t('organise.too_large', { name: looked.name })}
        </Note>
      );
    case 'faulty':
      if (looked.problem.faults === undefined || looked.problem.faults === null) {
        return <ProblemNote problem={looked.problem} />;
      }
      return (
        <PlanFaults
          text={looked.text}
          faults={looked.problem.faults}
          total={looked.problem.faults_total ?? looked.problem.faults.length}
        />
      );
    case 'shown':
      return (
        <Shown
          plan={looked.plan}
          onKeep={() => props.onKeep(looked.plan, looked.body)}
          onDiscard={props.onDiscard}
        />
      );
    default:
      return looked satisfies never;
  }
}

function Shown(props: { plan: Plan; onKeep: () => void; onDiscard: () => void }) {
  const { chart, rows, tables, areas, hash } = props.plan;
  const places = number(chart.places);
  const sections = number(chart.sections.length);
  return (
    <section class="stack" aria-label={t('organise.preview')}>
      <Note tone="good" live="polite">
        <p>
          <b>{chart.name}</b>
        </p>
        <p class="num">
          {t('organise.facts', { places, sections, rows, tables, areas })} ·{' '}
          {chart.categories.map((category) => category.label).join(', ')}
        </p>
        <p class="small soft organise-hash">
          <code>{hash}</code>
        </p>
      </Note>
      <Preview chart={chart} />
      <p class="row">
        <button type="button" class="button button-main" onClick={props.onKeep}>
          {t('organise.keep')}
        </button>
        <button type="button" class="button" onClick={props.onDiscard}>
          {t('organise.discard')}
        </button>
      </p>
    </section>
  );
}

function Kept(props: {
  charts: readonly Chart[];
  venues: readonly Venue[];
  onChoose: (chart: Chart) => void;
}) {
  const nameOf = (id: string | null | undefined) => {
    const found = props.venues.find((venue) => venue.id === id);
    return found === undefined ? '–' : said(found.venue.name);
  };
  return (
    <Listing
      label={t('organise.plans_kept')}
      heads={[
        t('organise.name'),
        t('organise.places'),
        t('organise.since'),
        t('organise.hash'),
        t('organise.venue'),
      ]}
      acts={t('people.change')}
      rows={props.charts}
      none={t('organise.no_plans')}
    >
      {(chart) => (
        <tr key={chart.hash}>
          <th scope="row">{chart.name}</th>
          <td>{number(chart.places)}</td>
          <td>{moment(chart.created_at)}</td>
          <td>
            <code title={chart.hash}>{chart.hash.slice(0, 12)}</code>
          </td>
          <td>{nameOf(chart.venue)}</td>
          <Change
            label={t('organise.whose', { name: chart.name })}
            onClick={() => props.onChoose(chart)}
          />
        </tr>
      )}
    </Listing>
  );
}

/** Says whose plan a chart is. */
function Whose(props: {
  chart: Chart;
  venues: readonly Venue[];
  onClose: () => void;
  onDone: () => void;
}) {
  const { chart } = props;
  const [venue, setVenue] = useState(chart.venue ?? '');
  const [problem, setProblem] = useState<Problem | null>(null);
  const change = async (reason: string) => {
    const params = { path: { hash: chart.hash } };
    const body = { venue: venue === '' ? null : venue, reason };
    const got = await answer(api.PATCH('/api/v1/operator/charts/{hash}', { params, body }));
    if (got.ok) props.onDone();
    else setProblem(got.problem);
  };
  return (
    <Dialog title={t('organise.whose', { name: chart.name })} onClose={props.onClose}>
      <ProblemNote problem={problem} />
      <Why yes={t('people.change')} onYes={change} onClose={props.onClose}>
        <Choice
          label={t('organise.venue')}
          value={venue}
          options={[['', '–'], ...props.venues.map((one) => [one.id, said(one.venue.name)] as const)]}
          onValue={setVenue}
        />
      </Why>
    </Dialog>
  );
}
