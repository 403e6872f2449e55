/** Every event: drafts, and the schedule of those that are published. */
import { answer, api, type Schemas } from '../../api/client';
import { texts } from '../../i18n';
import { useLoad } from '../../state/load';
import type { Session } from '../../state/session';
import { serverNow } from '../../state/time';
import { Note } from '../../ui/notes';
import { SaleBadge, saleState } from '../../ui/sale';
import { Desk } from './Desk';
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
  if (drafts.length === 0) return <Note>{t('organise.no_drafts')}</Note>;
  return (
    <div class="scroll" role="region" aria-label={t('organise.drafts')} tabIndex={0}>
      <table class="organise-table num">
        <thead>
          <tr>
            <th scope="col">{t('organise.title')}</th>
            <th scope="col">{t('organise.venue')}</th>
            <th scope="col">{t('organise.opens_at')}</th>
            <th scope="col">{t('organise.starts_at')}</th>
            <th scope="col">{t('organise.changed_at')}</th>
          </tr>
        </thead>
        <tbody>
          {drafts.map((draft) => (
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
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Schedule({ events }: { events: readonly Card[] }) {
  if (events.length === 0) return <Note>{t('organise.no_events')}</Note>;
  return (
    <div class="scroll" role="region" aria-label={t('organise.schedule')} tabIndex={0}>
      <table class="organise-table num">
        <thead>
          <tr>
            <th scope="col">{t('organise.title')}</th>
            <th scope="col">{t('organise.state')}</th>
            <th scope="col">{t('organise.lobby_opens_at')}</th>
            <th scope="col">{t('organise.opens_at')}</th>
            <th scope="col">{t('organise.closes_at')}</th>
            <th scope="col">{t('organise.starts_at')}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
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
          ))}
        </tbody>
      </table>
    </div>
  );
}
