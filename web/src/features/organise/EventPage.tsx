/** One event: a draft until it is published, then its terms. */
import { useState } from 'preact/hooks';
import { answer, api } from '../../api/client';
import type { Answer, Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { blank, untimed, type EventBody, type Fault } from '../../model/programme';
import { useLoad } from '../../state/load';
import type { Session } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { useGo } from '../../ui/go';
import { Loaded } from '../../ui/loaded';
import { Note, ProblemNote } from '../../ui/notes';
import { announce } from '../../ui/page';
import { Desk } from './Desk';
import { EventForm, type Known } from './EventForm';
import { faultText, labelOf } from './labels';
import { askCharts } from './PlansPage';
import { askArtists, askVenues } from './roster';

const t = texts('operator');

export type Of =
  | {
      readonly type: 'new';
      /** The event that it begins as a copy of, or empty. */
      readonly from: string;
    }
  | { readonly type: 'draft'; readonly id: string }
  | { readonly type: 'published'; readonly id: string };

/** An event as it was loaded. */
interface Kept {
  /** Null of one that is not kept yet. */
  readonly id: string | null;
  /** Of a draft; 0 of a published event. */
  readonly version: number;
  readonly event: EventBody;
  readonly faults: readonly Fault[];
  readonly known: Known;
}

function askTerms(event: string): Promise<Answer<EventBody>> {
  const params = { path: { event } };
  return answer(api.GET('/api/v1/operator/events/{event}/terms', { params }));
}

async function load(of: Of): Promise<Answer<Kept>> {
  const all = await Promise.all([askCharts(), askVenues(), askArtists()]);
  const [charts, venues, artists] = all;
  if (!charts.ok) return charts;
  if (!venues.ok) return venues;
  if (!artists.ok) return artists;
  const known = { charts: charts.value, venues: venues.value, artists: artists.value };
  const made = (kept: Omit<Kept, 'known'>): Answer<Kept> => ({
    ok: true,
    value: { ...kept, known },
  });
  if (of.type === 'new') {
    if (of.from === '') {
      const event = blank('KRW', t('organise.adult'));
      return made({ id: null, version: 0, event, faults: [] });
    }
    const copied = await askTerms(of.from);
    if (!copied.ok) return copied;
    return made({ id: null, version: 0, event: untimed(copied.value), faults: [] });
  }
  if (of.type === 'draft') {
    const params = { path: { draft: of.id } };
    const got = await answer(api.GET('/api/v1/operator/drafts/{draft}', { params }));
    return got.ok ? made(got.value) : got;
  }
  const got = await askTerms(of.id);
  return got.ok ? made({ id: of.id, version: 0, event: got.value, faults: [] }) : got;
}

export function EventPage({ who, of }: { who: Session; of: Of }) {
  const name = `${of.type} ${of.type === 'new' ? of.from : of.id}`;
  const loaded = useLoad(name, () => load(of));
  return (
    <Loaded load={loaded} title={t('organise.events')}>
      {(kept) => (
        <Editor key={name} who={who} of={of} kept={kept} onKept={(next) => loaded.set(next)} />
      )}
    </Loaded>
  );
}

/** Keeps what is filled in, as what it is. */
async function save(of: Of, kept: Kept, event: EventBody): Promise<Answer<Omit<Kept, 'known'>>> {
  if (of.type === 'published') {
    const params = { path: { event: of.id } };
    const path = '/api/v1/operator/events/{event}/terms';
    const body = { seen: kept.event, event };
    const got = await answer(api.PATCH(path, { params, body }));
    if (!got.ok) return got;
    return { ok: true, value: { id: of.id, version: 0, event: got.value, faults: [] } };
  }
  if (kept.id === null) {
    return answer(api.POST('/api/v1/operator/drafts', { body: event }));
  }
  const params = { path: { draft: kept.id } };
  const body = { version: kept.version, event };
  return answer(api.PATCH('/api/v1/operator/drafts/{draft}', { params, body }));
}

interface Editing {
  readonly event: EventBody;
  readonly setEvent: (event: EventBody) => void;
  readonly faults: readonly Fault[];
  readonly problem: Problem | null;
  readonly keep: () => Promise<Kept | null>;
  readonly publish: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** What is filled in, and what can be done with it. */
function useEditing(of: Of, kept: Kept, onKept: (kept: Kept) => void): Editing {
  const go = useGo();
  const [event, setEvent] = useState(kept.event);
  const [faults, setFaults] = useState(kept.faults);
  const [problem, setProblem] = useState<Problem | null>(null);
  const failed = (why: Problem) => {
    setFaults(why.faults ?? []);
    setProblem(why.faults === undefined || why.faults === null ? why : null);
  };
  const keep = async (): Promise<Kept | null> => {
    const got = await save(of, kept, event);
    if (!got.ok) {
      failed(got.problem);
      return null;
    }
    const next = { ...got.value, known: kept.known };
    setProblem(null);
    setFaults(next.faults);
    announce(t('organise.saved'));
    onKept(next);
    if (of.type === 'new') go(`/ops/organise/drafts/${next.id}`, 'replace');
    return next;
  };
  const publish = async () => {
    const saved = await keep();
    if (saved === null || saved.id === null) return;
    const params = { path: { draft: saved.id } };
    const body = { version: saved.version };
    const path = '/api/v1/operator/drafts/{draft}/publish';
    const got = await answer(api.POST(path, { params, body }));
    if (!got.ok) {
      failed(got.problem);
      return;
    }
    announce(t('organise.published', { event: event.title }));
    go(`/ops/organise/events/${got.value.id}`);
  };
  const remove = async () => {
    if (kept.id === null) return;
    const params = { path: { draft: kept.id }, query: { version: kept.version } };
    const got = await answer(api.DELETE('/api/v1/operator/drafts/{draft}', { params }));
    if (!got.ok) {
      failed(got.problem);
      return;
    }
    announce(t('organise.removed'));
    go('/ops/organise');
  };
  return { event, setEvent, faults, problem, keep, publish, remove };
}

function Editor(props: { who: Session; of: Of; kept: Kept; onKept: (kept: Kept) => void }) {
  const { of, kept } = props;
  const editing = useEditing(of, kept, props.onKept);
  const { event, faults } = editing;
  const [asking, setAsking] = useState<'publish' | 'remove' | null>(null);
  const doing = (work: () => Promise<void>) => {
    setAsking(null);
    void work();
  };
  const title = event.title === '' ? t('organise.untitled') : event.title;
  return (
    <Desk who={props.who} title={title} tools={<State of={of} />}>
      <ProblemNote problem={editing.problem} />
      <Faults faults={faults} />
      <EventForm
        event={event}
        faults={faults}
        known={kept.known}
        fixed={of.type === 'published'}
        typesKept={of.type === 'published' ? kept.event.ticket_types.length : 0}
        onEvent={editing.setEvent}
        onSave={() => void editing.keep()}
      >
        {of.type === 'draft' && (
          <>
            <button type="button" class="button" onClick={() => setAsking('publish')}>
              {t('organise.publish')}
            </button>
            <button type="button" class="button button-bad" onClick={() => setAsking('remove')}>
              {t('organise.remove')}
            </button>
          </>
        )}
      </EventForm>
      <Asking
        asking={asking}
        title={title}
        onClose={() => setAsking(null)}
        onPublish={() => doing(editing.publish)}
        onRemove={() => doing(editing.remove)}
      />
    </Desk>
  );
}

function State({ of }: { of: Of }) {
  if (of.type === 'new') return <span class="badge">{t('organise.draft')}</span>;
  const rehearse = (
    <a class="button" href={`/ops/organise/rehearsals?of=${of.id}`}>
      {t('rehearse.start')}
    </a>
  );
  if (of.type === 'draft') {
    return (
      <span class="row">
        <span class="badge">{t('organise.draft')}</span>
        {rehearse}
      </span>
    );
  }
  return (
    <span class="row">
      <span class="badge badge-good">{t('organise.is_published')}</span>
      <a class="button" href={`/events/${of.id}`}>
        {t('organise.as_fans')}
      </a>
      <a class="button" href={`/ops/organise/new?from=${of.id}`}>
        {t('organise.copy')}
      </a>
      {rehearse}
    </span>
  );
}

function Faults({ faults }: { faults: readonly Fault[] }) {
  if (faults.length === 0) return null;
  return (
    <Note tone="warn" live="polite">
      <p>{t('organise.open', { n: faults.length })}</p>
      <ul class="organise-open">
        {faults.map((fault) => (
          <li key={`${fault.path} ${fault.code}`}>
            {t('organise.fault', { field: labelOf(fault.path), what: faultText(fault) })}
          </li>
        ))}
      </ul>
    </Note>
  );
}

function Asking(props: {
  asking: 'publish' | 'remove' | null;
  title: string;
  onClose: () => void;
  onPublish: () => void;
  onRemove: () => void;
}) {
  const { asking, title, onClose } = props;
  if (asking === null) return null;
  const publishes = asking === 'publish';
  const head = publishes ? 'organise.publish_title' : 'organise.remove_title';
  return (
    <Dialog title={t(head, { event: title })} onClose={onClose}>
      <p>{publishes ? t('organise.publish_text') : t('organise.remove_text')}</p>
      <div class="actions">
        <button
          type="button"
          class={publishes ? 'button button-main' : 'button button-bad'}
          onClick={publishes ? props.onPublish : props.onRemove}
        >
          {publishes ? t('organise.publish') : t('organise.remove')}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t('app.cancel')}
        </button>
      </div>
    </Dialog>
  );
}
