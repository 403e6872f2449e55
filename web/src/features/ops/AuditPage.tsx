/** What operators did, and why; the address says which entries are shown. */
import { useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import { texts } from '../../i18n';
import { number, shortDateTime } from '../../i18n/format';
import {
  ALL,
  auditAddress,
  auditFilterOf,
  auditQuery,
  auditText,
  type AuditFilter,
} from '../../model/audit';
import { mayBeRecorded } from '../../model/deeds';
import { deedAddress } from '../../model/past';
import { useLoad } from '../../state/load';
import { lostSession, type Session } from '../../state/session';
import { Failed } from '../../ui/failed';
import { useGo } from '../../ui/go';
import { Private } from '../../ui/guard';
import { Note, ProblemNote } from '../../ui/notes';
import { Frame } from './Frame';

const t = texts('operator');

/** What this page knows by name; the log may have more. */
const ACTIONS = [
  'pause',
  'resume',
  'close',
  'set_admitted_max',
  'set_admission_rate',
  'set_notice',
  'block_places',
  'free_places',
  'hand_over',
  'release_hold',
  'cancel_order',
  'return_order',
  'drain_node',
  'rejoin_node',
  'rebalance',
  'replay_dead_letter',
  'begin_draft',
  'change_draft',
  'remove_draft',
  'publish_draft',
  'create_event',
  'set_terms',
  'keep_plan',
  'set_chart_venue',
  'keep_image',
  'add_venue',
  'change_venue',
  'remove_venue',
  'add_artist',
  'change_artist',
  'remove_artist',
  'set_role',
  'make_setup_link',
  'rehearse',
  'let_bots_in',
  'wipe_rehearsal',
] as const;

function nameOf(action: string): string {
  const known = ACTIONS.find((one) => one === action);
  return known === undefined ? action : t(`action.${known}`);
}

export default function AuditPage() {
  return <Private role="operator">{(who) => <Shown who={who} />}</Private>;
}

function Shown({ who }: { who: Session }) {
  const filter = auditFilterOf(useRoute().query);
  const address = auditAddress(filter);
  const { now, reload } = useLoad(address, () =>
    answer(api.GET('/api/v1/ops/audit', { params: { query: { ...auditQuery(filter), limit: 25 } } })),
  );
  return (
    <Frame who={who} title={t('audit.title')}>
      <div class="row spread audit-head">
        <Whole />
        <Export filter={filter} />
      </div>
      <Filter key={address} filter={filter} />
      {now.type === 'failed' ? (
        <Failed problem={now.problem} onRetry={() => void reload()} />
      ) : now.type === 'loading' ? (
        <span class="bone ops-bone" />
      ) : now.value.entries.length === 0 ? (
        <p class="soft">{t('audit.none')}</p>
      ) : (
        <Entries entries={now.value.entries} />
      )}
      <nav class="row ops-pages" aria-label={t('audit.title')}>
        {filter.before !== '' && (
          <a class="button" href={auditAddress({ ...filter, before: '' })}>
            {t('audit.newest')}
          </a>
        )}
        {now.type === 'ready' && now.value.next !== null && now.value.next !== undefined && (
          <a class="button" href={auditAddress({ ...filter, before: String(now.value.next) })}>
            {t('audit.older')}
          </a>
        )}
      </nav>
    </Frame>
  );
}

/** Whether nobody has altered the log. */
function Whole() {
  const { now } = useLoad('whole', () => answer(api.GET('/api/v1/ops/audit/check')));
  if (now.type === 'failed') return <ProblemNote problem={now.problem} />;
  if (now.type === 'loading') return <span class="bone audit-bone" />;
  const { entries, broken_at } = now.value;
  const broken = broken_at !== null && broken_at !== undefined;
  return (
    <Note tone={broken ? 'bad' : 'good'} live={broken ? 'alert' : 'polite'}>
      <p>{broken ? t('audit.broken', { n: broken_at }) : t('audit.whole', { n: entries })}</p>
    </Note>
  );
}

function Export({ filter }: { filter: AuditFilter }) {
  const query = auditText({ ...filter, before: '' });
  const href = `/api/v1/ops/audit/export${query === '' ? '' : `?${query}`}`;
  const fetchIt = async () => {
    // A link is not asked again with a new session; this renews the old one if it has to be.
    const session = await answer(api.GET('/api/v1/session'));
    if (session.ok) location.assign(href);
    else lostSession(session.problem);
  };
  return (
    <a
      class="button"
      href={href}
      download
      onClick={(event) => {
        event.preventDefault();
        void fetchIt();
      }}
    >
      {t('audit.export')}
    </a>
  );
}

function Filter({ filter }: { filter: AuditFilter }) {
  const go = useGo();
  const [typed, setTyped] = useState(filter);
  const change = (part: Partial<AuditFilter>) => setTyped((old) => ({ ...old, ...part }));
  const other = filter.action !== '' && !ACTIONS.some((one) => one === filter.action);
  return (
    <form
      class="row ops-filter"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        go(auditAddress(auditFilterOf({ ...typed, before: '' })));
      }}
    >
      <label>
        <span class="small soft">{t('audit.event')}</span>
        <input
          name="event"
          value={typed.event}
          maxLength={30}
          autocomplete="off"
          onInput={(event) => change({ event: event.currentTarget.value })}
        />
      </label>
      <label>
        <span class="small soft">{t('audit.by')}</span>
        <input
          name="by"
          value={typed.by}
          maxLength={254}
          autocomplete="off"
          onInput={(event) => change({ by: event.currentTarget.value })}
        />
      </label>
      <label>
        <span class="small soft">{t('audit.action')}</span>
        <select
          name="action"
          value={typed.action}
          onChange={(event) => change({ action: event.currentTarget.value })}
        >
          <option value="">{t('audit.any')}</option>
          {other && <option value={filter.action}>{filter.action}</option>}
          {ACTIONS.map((action) => (
            <option key={action} value={action}>
              {t(`action.${action}`)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="button button-main">
        {t('audit.show')}
      </button>
      {auditAddress(filter) !== auditAddress(ALL) && (
        <a class="button" href={auditAddress(ALL)}>
          {t('audit.clear')}
        </a>
      )}
    </form>
  );
}

type Entry = Schemas['AuditEntryView'];

function Entries({ entries }: { entries: readonly Entry[] }) {
  return (
    <div class="scroll" role="region" aria-label={t('audit.title')} tabIndex={0}>
      <table class="ops-table audit-table num">
        <thead>
          <tr>
            <th scope="col">{t('audit.number')}</th>
            <th scope="col">{t('audit.at')}</th>
            <th scope="col">{t('audit.who')}</th>
            <th scope="col">{t('audit.action')}</th>
            <th scope="col">{t('audit.outcome')}</th>
            <th scope="col">{t('audit.reason')}</th>
            <th scope="col">{t('audit.target')}</th>
            <th scope="col">{t('audit.what_event')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.number}>
              <th scope="row" title={entry.hash}>
                {number(entry.number)}
              </th>
              <td>{shortDateTime(entry.at)}</td>
              <td>
                <a href={auditAddress({ ...ALL, by: entry.by })}>{entry.email ?? entry.by}</a>
              </td>
              <td>{nameOf(entry.action)}</td>
              <td>
                <Outcome outcome={entry.outcome} />
                {mayBeRecorded(entry) && (
                  <>
                    {' '}
                    <a href={deedAddress(entry.event, entry.number)}>{t('audit.record')}</a>
                  </>
                )}
              </td>
              <td class="audit-long">{entry.reason}</td>
              <td class="audit-long">{entry.target === '' ? '–' : <code>{entry.target}</code>}</td>
              <td>
                <EventOf event={entry.event} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Outcome({ outcome }: { outcome: string }) {
  if (outcome === 'asked') return <span class="badge">{t('audit.asked')}</span>;
  if (outcome === 'done') return <span class="badge badge-good">{t('audit.done')}</span>;
  return <span class="badge badge-bad">{outcome}</span>;
}

function EventOf({ event }: { event: string }) {
  if (event === '') return <>–</>;
  return (
    <a href={`/ops/sales/${event}`}>
      <code>{event}</code>
    </a>
  );
}
