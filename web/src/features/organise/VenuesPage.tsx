/** Venues: where events are. */
import { answer, api, type Schemas } from '../../api/client';
import type { Answer } from '../../api/problem';
import { texts } from '../../i18n';
import { faultsAt, type Fault } from '../../model/programme';
import { useLoad } from '../../state/load';
import type { Session } from '../../state/session';
import { TextInput } from './Input';
import { askCharts } from './PlansPage';
import { RosterPage, type Kept } from './RosterPage';
import { askVenues, type Venue } from './roster';

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
  return (
    <RosterPage
      who={who}
      title={t('organise.venues')}
      add={t('organise.add_venue')}
      none={t('organise.no_venues')}
      load={useLoad('venues', askAll)}
      rows={({ venues }) => venues}
      bodyOf={({ venue }) => venue}
      blank={BLANK}
      heads={[t('organise.city'), t('organise.time_zone'), t('organise.plans')]}
      cells={(one, { charts }) => <Cells of={one} charts={charts} />}
      told={{ save, remove }}
    >
      {(venue, faults, change) => <Fields venue={venue} faults={faults} change={change} />}
    </RosterPage>
  );
}

function Cells({ of, charts }: { of: Venue; charts: readonly Chart[] }) {
  const { city, country, time_zone } = of.venue;
  const own = charts.filter(({ venue }) => venue === of.id);
  return (
    <>
      <td>{[city, country].filter(Boolean).join(', ') || '–'}</td>
      <td>{time_zone || '–'}</td>
      <td>{own.map(({ name }) => name).join(', ') || '–'}</td>
    </>
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
    </>
  );
}
