/** Everything that is filled in for an event. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import type { Answer } from '../../api/problem';
import { texts } from '../../i18n';
import { number } from '../../i18n/format';
import { said } from '../../i18n/said';
import {
  CURRENCIES,
  cellsOf,
  decimalsOf,
  faultsAt,
  fromMinor,
  pricesOf,
  toMinor,
  type Cells,
  type EventBody,
  type Fault,
} from '../../model/programme';
import { useLoad } from '../../state/load';
import { Choice, CountInput, LongInput, TextInput, TimeInput } from './Input';
import { Preview } from './Preview';
import { OnStage } from './OnStage';
import { PictureInput } from './PictureInput';
import { Prices } from './Prices';
import type { Artist, Venue } from './roster';

const t = texts('operator');

/** What an event can be made of. */
export interface Known {
  readonly charts: readonly Schemas['ChartEntryView'][];
  readonly venues: readonly Venue[];
  readonly artists: readonly Artist[];
}

interface Part {
  readonly event: EventBody;
  readonly faults: readonly Fault[];
  /** Whether what is sold is settled. */
  readonly fixed: boolean;
  readonly change: (part: Partial<EventBody>) => void;
}

export function EventForm(props: {
  event: EventBody;
  faults: readonly Fault[];
  known: Known;
  fixed: boolean;
  /** How many ticket types have to stay. */
  typesKept: number;
  onEvent: (event: EventBody) => void;
  onSave: () => void;
  children: ComponentChildren;
}) {
  const { event, faults, fixed } = props;
  const change = (part: Partial<EventBody>) => props.onEvent({ ...event, ...part });
  const part = { event, faults, fixed, change };
  return (
    <form
      class="organise-form"
      noValidate
      onSubmit={(submitted) => {
        submitted.preventDefault();
        props.onSave();
      }}
    >
      <About {...part} known={props.known} />
      <Times {...part} />
      <Places {...part} charts={chartsOf(props.known.charts, event)} typesKept={props.typesKept} />
      <Limits {...part} />
      <p class="row organise-actions">
        <button type="submit" class="button button-main">
          {t('organise.save')}
        </button>
        {props.children}
      </p>
    </form>
  );
}

/** Plans of the venue that is chosen, and those that are nobody's. */
function chartsOf(charts: Known['charts'], event: EventBody): Known['charts'] {
  const venue = event.venue_id ?? '';
  if (venue === '') return charts;
  return charts.filter((chart) => chart.hash === event.chart || (chart.venue ?? venue) === venue);
}

function About({ event, faults, fixed, change, known }: Part & { known: Known }) {
  const inWords = event.venue === '' ? t('organise.choose') : event.venue;
  const venues = known.venues.map(({ id, venue }) => [id, said(venue.name)] as const);
  return (
    <fieldset class="panel organise-part">
      <legend>{t('organise.about')}</legend>
      <TextInput
        label={t('organise.title')}
        value={event.title}
        faults={faultsAt(faults, 'title')}
        fixed={fixed}
        onValue={(title) => change({ title })}
      />
      <Choice
        label={t('organise.venue')}
        value={event.venue_id ?? ''}
        options={[['', inWords], ...venues]}
        faults={[...faultsAt(faults, 'venue'), ...faultsAt(faults, 'venue_id')]}
        fixed={fixed}
        onValue={(venue_id) => change({ venue_id })}
      />
      <LongInput
        label={t('organise.description')}
        value={event.description}
        faults={faultsAt(faults, 'description')}
        fixed={fixed}
        onValue={(description) => change({ description })}
      />
      <OnStage
        artists={known.artists}
        chosen={event.artists ?? []}
        faults={faultsAt(faults, 'artists')}
        onChosen={(artists) => change({ artists })}
      />
      <PictureInput
        label={t('organise.poster')}
        value={event.poster ?? null}
        path="poster"
        faults={faults}
        onValue={(poster) => change({ poster })}
      />
      {fixed && <p class="small soft">{t('organise.fixed')}</p>}
    </fieldset>
  );
}

const TIMES = ['starts_at', 'lobby_opens_at', 'opens_at', 'closes_at', 'refunds_until'] as const;

function Times({ event, faults, fixed, change }: Part) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <fieldset class="panel organise-part">
      <legend>{t('organise.times')}</legend>
      <p class="small soft">{t('organise.zone', { zone })}</p>
      <div class="organise-grid">
        {TIMES.map((field) => (
          <TimeInput
            key={field}
            label={t(`organise.${field}`)}
            {...(field === 'lobby_opens_at' ? { hint: t('organise.lobby_hint') } : {})}
            {...(field === 'refunds_until' ? { hint: t('organise.refunds_hint') } : {})}
            value={event[field]}
            faults={faultsAt(faults, field)}
            fixed={fixed && field === 'starts_at'}
            onValue={(at) => change({ [field]: at })}
          />
        ))}
      </div>
    </fieldset>
  );
}

async function askChart(hash: string): Promise<Answer<Schemas['ChartView'] | null>> {
  if (hash === '') return { ok: true, value: null };
  return answer(api.GET('/api/v1/charts/{hash}', { params: { path: { hash } } }));
}

/** Where they sit, and what that costs. */
function Places(
  props: Part & { charts: readonly Schemas['ChartEntryView'][]; typesKept: number },
) {
  const { event, faults, fixed, change } = props;
  const { now } = useLoad(`chart ${event.chart}`, () => askChart(event.chart));
  const chart = now.type === 'ready' ? now.value : null;
  const [cells, setCells] = useState<Cells>(() => cellsOf(event));
  const [fee, setFee] = useState(() => fromMinor(event.order_fee_minor, decimalsOf(event.currency)));
  /** What is typed stays as it is typed; what it comes to goes with the event. */
  const type = (part: Partial<EventBody>, typed: Cells = cells, typedFee: string = fee) => {
    const next = { ...event, ...part };
    const order_fee_minor = toMinor(typedFee, decimalsOf(next.currency)) ?? -1;
    const { ticket_types: types, currency } = next;
    const prices = chart === null ? next.prices : pricesOf(typed, chart.categories, types, currency);
    setCells(typed);
    setFee(typedFee);
    change({ ...part, prices, order_fee_minor });
  };
  const known = props.charts.map(
    ({ hash, name, places }) =>
      [hash, t('organise.chart_name', { name, places: number(places), hash: hash.slice(0, 8) })] as const,
  );
  return (
    <fieldset class="panel organise-part">
      <legend>{t('organise.seats')}</legend>
      <Choice
        label={t('organise.chart')}
        value={event.chart}
        options={[['', t('organise.choose')], ...known]}
        faults={faultsAt(faults, 'chart')}
        fixed={fixed}
        onValue={(hash) => {
          setCells({});
          change({ chart: hash, prices: [] });
        }}
      />
      {chart !== null && <Preview chart={chart} />}
      <div class="organise-grid">
        <Choice
          label={t('organise.currency')}
          value={event.currency}
          options={CURRENCIES.map((code) => [code, code])}
          faults={faultsAt(faults, 'currency')}
          fixed={fixed}
          onValue={(currency) => type({ currency })}
        />
        <TextInput
          numeric
          label={t('organise.order_fee_minor')}
          value={fee}
          faults={faultsAt(faults, 'order_fee_minor')}
          onValue={(typed) => type({}, cells, typed)}
        />
      </div>
      <Prices
        categories={chart?.categories ?? []}
        types={event.ticket_types}
        typesKept={props.typesKept}
        cells={cells}
        faults={faults}
        onTypes={(ticket_types) => type({ ticket_types })}
        onCells={(typed) => type({}, typed)}
      />
    </fieldset>
  );
}

const LIMITS = [
  'places_per_hold_max',
  'places_per_fan_max',
  'admitted_max',
  'hold_ttl_s',
  'hold_extension_s',
  'claim_ttl_s',
  'session_ttl_s',
] as const;

function Limits({ event, faults, change }: Part) {
  return (
    <fieldset class="panel organise-part">
      <legend>{t('organise.limits')}</legend>
      <div class="organise-grid">
        {LIMITS.map((field) => (
          <CountInput
            key={field}
            label={t(`organise.${field}`)}
            value={event[field]}
            faults={faultsAt(faults, field)}
            onValue={(value) => change({ [field]: value })}
          />
        ))}
      </div>
    </fieldset>
  );
}
