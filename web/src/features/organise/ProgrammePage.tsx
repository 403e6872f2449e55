/** Every event: drafts, and the schedule of those that are published. */
import { answer, api, type Schemas } from '../../api/client';
import { texts } from '../../i18n';
import { useLoad } from '../../state/load';
import type { Session } from '../../state/session';
import { serverNow } from '../../state/time';
import { SaleBadge, saleState } from '../../ui/sale';
import { Desk } from './Desk';
import { Listing } from './Listing';
import { Section } from './Section';
import { moment } from './labels';

const t = texts('operator');

type Draft = Schemas['DraftEntryView'];
type Card = Schemas['EventCard'];

function askEvents(cursor?: string) {
  const query = { limit: 50, ...(cursor === undefined ? {} : { cursor }) };
  return answer(api.GET('/api/v1/events', { params: { query } }));
}

export function ProgrammePage({ who }: { who: Session }) {
  const drafts = useLoad('drafts', () => answer(api.GET('/api/v1/operator/drafts')));
  const published = useLoad('published', () => askEvents());
  const { now, set } = published;
  const next = now.type === 'ready' ? (now.value.next ?? null) : null;
  const more = async () => {
    if (now.type !== 'ready' || next === null) return;
    const got = await askEvents(next);
    if (got.ok) set({ ...got.value, items: [...now.value.items, ...got.value.items] });
  };
  const begin = (
    <a class="button button-main" href="/ops/organise/new">
      {t('organise.new')}
    </a>
  );
  return (
    <Desk who={who} title={t('organise.events')} tools={begin}>
      <h2 class="organise-head">{t('organise.drafts')}</h2>
      <Section load={drafts}>{(value) => <Drafts drafts={value} />}</Section>
      <h2 class="organise-head">{t('organise.schedule')}</h2>
      <Section load={published}>{(value) => <Schedule events={value.items} />}</Section>
      {next !== null && (
        <p class="more">
          <button type="button" class="button" onClick={() => void more()}>
            {t('app.more')}
          </button>
        </p>
      )}
    </Desk>
  );
}

function Drafts({ drafts }: { drafts: readonly Draft[] }) {
  return (
    <Listing
      label={t('organise.drafts')}
      heads={[
        t('organise.title'),
        t('organise.venue'),
        t('organise.opens_at'),
        t('organise.starts_at'),
        t('organise.changed_at'),
      ]}
      rows={drafts}
      none={t('organise.no_drafts')}
    >
      {(draft) => (
        <tr key={draft.id}>
          <th scope="row">
            <a href={`/ops/organise/drafts/${draft.id}`}>
              {draft.title === '' ? t('organise.untitled') : draft.title}
            </a>
          </th>
          <td>{draft.venue === '' ? '–' : draft.venue}</td>
          <td>{moment(draft.opens_at)}</td>
          <td>{moment(draft.starts_at)}</td>
          <td>{moment(draft.changed_at)}</td>
        </tr>
      )}
    </Listing>
  );
}

function Schedule({ events }: { events: readonly Card[] }) {
  return (
    <Listing
      label={t('organise.schedule')}
      heads={[
        t('organise.title'),
        t('organise.state'),
        t('organise.lobby_opens_at'),
        t('organise.opens_at'),
        t('organise.closes_at'),
        t('organise.starts_at'),
      ]}
      rows={events}
      none={t('organise.no_events')}
    >
      {(event) => (
        <tr key={event.id}>
          <th scope="row">
            <a href={`/ops/organise/events/${event.id}`}>{event.title}</a>
            <span class="small soft organise-under">{event.venue}</span>
          </th>
          <td>
            <SaleBadge state={saleState(event.sale, serverNow())} />
          </td>
          <td>{moment(event.sale.lobby_opens_at)}</td>
          <td>{moment(event.sale.opens_at)}</td>
          <td>{moment(event.sale.closes_at)}</td>
          <td>{moment(event.starts_at)}</td>
        </tr>
      )}
    </Listing>
  );
}
