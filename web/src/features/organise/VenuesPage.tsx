/** Venues: where events are. */
import { useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import type { Answer } from '../../api/problem';
import { texts } from '../../i18n';
import { said } from '../../i18n/said';
import { faultsAt, type Fault } from '../../model/programme';
import { useLoad } from '../../state/load';
import type { Session } from '../../state/session';
import { Note } from '../../ui/notes';
import { announce } from '../../ui/page';
import { Desk } from './Desk';
import { Entry, type Kept } from './Entry';
import { TextInput } from './Input';
import { Both, PictureInput } from './PictureInput';
import { askCharts } from './PlansPage';
import { Section } from './Section';
import { askVenues, urlOf, type Venue } from './roster';

const t = texts('operator');

type Body = Schemas['VenueBody'];
type Chart = Schemas['ChartEntryView'];

const BLANK: Body = {
  name: { ko: '', en: '' },
  address: '',
  city: '',
  country: '',
  time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  picture: null,
};

interface All {
  readonly venues: readonly Venue[];
  readonly charts: readonly Chart[];
}

async function askAll(): Promise<Answer<All>> {
  const [venues, charts] = await Promise.all([askVenues(), askCharts()]);
  if (!venues.ok) return venues;
  if (!charts.ok) return charts;
  return { ok: true, value: { venues: venues.value, charts: charts.value } };
}

function save(kept: Kept | null, venue: Body, reason: string): Promise<Answer<Venue>> {
  if (kept === null) {
    return answer(api.POST('/api/v1/operator/venues', { body: { venue, reason } }));
  }
  const params = { path: { venue: kept.id } };
  const body = { version: kept.version, venue, reason };
  return answer(api.PATCH('/api/v1/operator/venues/{venue}', { params, body }));
}

function remove({ id, version }: Kept, reason: string): Promise<Answer<unknown>> {
  const params = { path: { venue: id }, query: { version, reason } };
  return answer(api.DELETE('/api/v1/operator/venues/{venue}', { params }));
}

export function VenuesPage({ who }: { who: Session }) {
  const load = useLoad('venues', askAll);
  const [chosen, setChosen] = useState<Venue | 'new' | null>(null);
  const kept = chosen === 'new' ? null : chosen;
  const add = (
    <button type="button" class="button button-main" onClick={() => setChosen('new')}>
      {t('organise.add_venue')}
    </button>
  );
  return (
    <Desk who={who} title={t('organise.venues')} tools={add}>
      <Section load={load}>{(all) => <Venues {...all} onChoose={setChosen} />}</Section>
      {chosen !== null && (
        <Entry
          title={kept === null ? t('organise.add_venue') : said(kept.venue.name)}
          body={kept?.venue ?? BLANK}
          kept={kept}
          save={(body, reason) => save(kept, body, reason)}
          remove={remove}
          onClose={() => setChosen(null)}
          onDone={() => {
            setChosen(null);
            announce(t('organise.saved'));
            void load.reload();
          }}
        >
          {(venue, faults, change) => <Fields venue={venue} faults={faults} change={change} />}
        </Entry>
      )}
    </Desk>
  );
}

const PLAIN = ['address', 'city', 'country'] as const;

function Fields(props: {
  venue: Body;
  faults: readonly Fault[];
  change: (part: Partial<Body>) => void;
}) {
  const { venue, faults, change } = props;
  return (
    <>
      <Both
        label={t('organise.name')}
        value={venue.name}
        path="name"
        faults={faults}
        onValue={(name) => change({ name })}
      />
      {PLAIN.map((field) => (
        <TextInput
          key={field}
          label={t(`organise.${field}`)}
          {...(field === 'country' ? { hint: t('organise.country_hint') } : {})}
          value={venue[field]}
          faults={faultsAt(faults, field)}
          onValue={(value) => change({ [field]: value })}
        />
      ))}
      <TextInput
        label={t('organise.time_zone')}
        value={venue.time_zone}
        faults={faultsAt(faults, 'time_zone')}
        list={Intl.supportedValuesOf('timeZone')}
        onValue={(time_zone) => change({ time_zone })}
      />
      <PictureInput
        label={t('organise.picture')}
        value={venue.picture ?? null}
        path="picture"
        faults={faults}
        onValue={(picture) => change({ picture })}
      />
    </>
  );
}

function Venues(props: All & { onChoose: (venue: Venue) => void }) {
  const { venues, charts } = props;
  if (venues.length === 0) return <Note>{t('organise.no_venues')}</Note>;
  return (
    <div class="scroll" role="region" aria-label={t('organise.venues')} tabIndex={0}>
      <table class="organise-table acts-rows">
        <thead>
          <tr>
            <th scope="col">{t('organise.name')}</th>
            <th scope="col">{t('organise.city')}</th>
            <th scope="col">{t('organise.time_zone')}</th>
            <th scope="col">{t('organise.plans')}</th>
            <th scope="col">
              <span class="visually-hidden">{t('people.change')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {venues.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <span class="organise-category">
                  {one.venue.picture && (
                    <img class="organise-thumb" src={urlOf(one.venue.picture.image)} alt="" />
                  )}
                  {said(one.venue.name)}
                </span>
              </th>
              <td>{[one.venue.city, one.venue.country].filter(Boolean).join(', ') || '–'}</td>
              <td>{one.venue.time_zone || '–'}</td>
              <td>
                {charts
                  .filter(({ venue }) => venue === one.id)
                  .map(({ name }) => name)
                  .join(', ') || '–'}
              </td>
              <td>
                <button
                  type="button"
                  class="button"
                  aria-label={t('organise.change_of', { name: said(one.venue.name) })}
                  onClick={() => props.onChoose(one)}
                >
                  {t('people.change')}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
