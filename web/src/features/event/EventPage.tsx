/** One event: what, when, where, for how much, and every rule before the line rather than in it. */
import { useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import { askEvent, type EventView } from '../../state/event';
import { texts } from '../../i18n';
import { dateTime, dateTimeIn, duration, money, timeOfDay } from '../../i18n/dates';
import { shortDateTime } from '../../i18n/format';
import { said } from '../../i18n/said';
import type { Standing } from '../../state/fan';
import { useLoad } from '../../state/load';
import { session } from '../../state/session';
import { useServerNow } from '../../state/time';
import { Countdown } from '../../ui/countdown';
import { CLOCK, PEOPLE, TICKET, Icon } from '../../ui/icon';
import { CALENDAR, CARD, INFO, PIN, SHIELD } from '../../ui/signs';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import { Poster } from '../../ui/poster';
import { SaleBadge, saleState } from '../../ui/sale';
import { Swatch } from '../../ui/swatch';
import './event.css';

const t = texts('fan');

export default function EventPage() {
  const id = useRoute().params['id'] ?? '';
  const load = useLoad(id, () => askEvent(id));
  return (
    <Loaded load={load} title={t('event.title')}>
      {(value) => <Shown event={value} />}
    </Loaded>
  );
}

function Shown({ event }: { event: EventView }) {
  const { place } = event;
  const local = dateTimeIn(event.starts_at, place?.time_zone ?? '');
  const address = [place?.address, place?.city].filter(Boolean).join(', ');
  return (
    <Page title={event.title} class="event">
      <header class="event-head">
        <Poster id={event.id} image={event.poster} class="event-art" />
        <div class="event-name">
          <h1>{event.title}</h1>
          <dl class="facts">
            <div>
              <dt>
                <Icon path={CALENDAR} />
                <span class="visually-hidden">{t('event.when')}</span>
              </dt>
              <dd>
                <time dateTime={event.starts_at}>{dateTime(event.starts_at)}</time>
                {local !== null && (
                  <small class="soft">{t('event.local_time', { at: local })}</small>
                )}
              </dd>
            </div>
            <div>
              <dt>
                <Icon path={PIN} />
                <span class="visually-hidden">{t('event.where')}</span>
              </dt>
              <dd>
                {said(event.venue_name)}
                {address !== '' && <small class="soft">{address}</small>}
              </dd>
            </div>
          </dl>
        </div>
      </header>
      <div class="event-grid">
        <Enter event={event} />
        <div class="stack event-text">
          {event.description !== '' && (
            <section class="stack-s">
              <h2>{t('event.about')}</h2>
              <p class="prose">{event.description}</p>
            </section>
          )}
          {event.artists.length > 0 && <OnStage artists={event.artists} />}
          <Prices event={event} />
          <Rules event={event} />
        </div>
      </div>
    </Page>
  );
}

function OnStage({ artists }: { artists: EventView['artists'] }) {
  return (
    <section class="stack-s">
      <h2>{t('event.on_stage')}</h2>
      <ul class="on-stage">
        {artists.map(({ name, about, image }, at) => (
          <li key={at}>
            {image && (
              <img src={image.url} width={image.width} height={image.height} alt={said(image.alt)} />
            )}
            <div>
              <h3>{said(name)}</h3>
              {said(about) !== '' && <p class="prose">{said(about)}</p>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Prices({ event }: { event: EventView }) {
  const price = (amount: number) => money(amount, event.currency, event.currency_decimals);
  const sold = event.categories.filter((category) => category.prices.length > 0);
  const fees = new Set(sold.flatMap((category) => category.prices.map((one) => one.fee_minor)));
  const [fee] = fees;
  return (
    <section class="stack-s">
      <h2>{t('event.prices')}</h2>
      <div class="table-box" role="region" tabIndex={0} aria-label={t('event.prices')}>
        <table class="prices">
          <thead>
            <tr>
              <th scope="col">{t('event.category')}</th>
              {event.ticket_types.map((type) => (
                <th key={type.key} scope="col">
                  {type.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sold.map((category) => (
              <tr key={category.key}>
                <th scope="row">
                  <span class="row swatch-row">
                    <Swatch color={category.color} />
                    {category.label}
                  </span>
                </th>
                {event.ticket_types.map((type) => {
                  const one = category.prices.find((entry) => entry.ticket_type === type.key);
                  return (
                    <td key={type.key} class="num">
                      {one === undefined ? '–' : price(one.amount_minor)}
                      {one !== undefined && fees.size > 1 && one.fee_minor > 0 && (
                        <small class="soft">
                          {t('event.price_fee', { fee: price(one.fee_minor) })}
                        </small>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {fees.size === 1 && fee !== undefined && fee > 0 && (
        <p class="small soft">{t('event.price_fee', { fee: price(fee) })}</p>
      )}
      {event.order_fee_minor > 0 && (
        <p class="small soft">{t('event.order_fee', { fee: price(event.order_fee_minor) })}</p>
      )}
    </section>
  );
}

function Rules({ event }: { event: EventView }) {
  const { rules } = event;
  return (
    <section class="stack-s">
      <h2>{t('event.rules')}</h2>
      <ul class="rules">
        <li>
          <Icon path={SHIELD} />
          {t('event.rule_fair')}
        </li>
        <li>
          <Icon path={PEOPLE} />
          {t('event.rule_claim', { time: duration(rules.claim_ttl_s) })}
        </li>
        <li>
          <Icon path={CLOCK} />
          {t('event.rule_session', { time: duration(rules.session_ttl_s) })}
        </li>
        <li>
          <Icon path={TICKET} />
          <span>
            {t('event.rule_hold', { time: duration(rules.hold_ttl_s) })}{' '}
            {rules.hold_extension_s > 0 &&
              t('event.rule_extend', { time: duration(rules.hold_extension_s) })}
          </span>
        </li>
        <li>
          <Icon path={INFO} />
          {t('event.rule_limit', {
            hold: rules.places_per_hold_max,
            fan: rules.places_per_fan_max,
          })}
        </li>
        <li>
          <Icon path={CARD} />
          {t('event.rule_refund', { at: shortDateTime(rules.refunds_until) })}
        </li>
      </ul>
    </section>
  );
}

/** The way in: what is possible now, and when it will be if it is not. */
function Enter({ event }: { event: EventView }) {
  const nowMs = useServerNow();
  const state = saleState(event.sale, nowMs);
  const standing = useStanding(event.id);
  const queue = `/events/${event.id}/queue?join=1`;
  const shut = state === 'scheduled' || state === 'closed';
  const inside = standing === 'admitted' || standing === 'called' || standing === 'waiting';
  const href = standing === 'admitted' ? `/events/${event.id}/seats` : queue;
  return (
    <aside class="panel stack enter">
      <div class="row spread">
        <SaleBadge state={state} />
        {state !== 'closed' && (
          <span class="small soft num">
            {t('event.left', { n: Math.max(0, event.sale.for_sale - event.sale.taken) })}
          </span>
        )}
      </div>
      {state === 'scheduled' && (
        <Countdown
          label={t('event.lobby_in')}
          untilMs={Date.parse(event.sale.lobby_opens_at)}
          big
        />
      )}
      {state === 'lobby' && (
        <Countdown label={t('event.opens_in')} untilMs={Date.parse(event.sale.opens_at)} big />
      )}
      <p>{stateText(event, state)}</p>
      {shut ? (
        <button type="button" class="button button-main button-wide" disabled>
          {t('event.enter')}
        </button>
      ) : (
        <a class="button button-main button-wide" href={href}>
          {inside
            ? t('event.back_in')
            : state === 'lobby'
              ? t('event.enter_lobby')
              : t('event.enter')}
        </a>
      )}
      <a class="button button-quiet" href={`/events/${event.id}/seats`}>
        {t('event.look')}
      </a>
      <p class="small soft num enter-foot">
        {state !== 'closed' && t('event.closes_at', { at: shortDateTime(event.sale.closes_at) })}
        <br />
        {t('app.server_time', { time: timeOfDay(nowMs) })}
      </p>
    </aside>
  );
}

function stateText(event: EventView, state: Schemas['SaleState']): string {
  switch (state) {
    case 'scheduled':
      return t('event.scheduled_text', { at: shortDateTime(event.sale.lobby_opens_at) });
    case 'lobby':
      return t('event.lobby_text', { at: shortDateTime(event.sale.opens_at) });
    case 'open':
      return t('event.open_text');
    case 'paused':
      return t('event.paused_text');
    case 'sold_out':
      return t('event.sold_out_text');
    case 'closed':
      return t('event.closed_text');
    default:
      return state satisfies never;
  }
}

/** Where the fan stands already, if somebody is signed in. */
function useStanding(id: string): Standing['type'] | null {
  const [standing, setStanding] = useState<Standing['type'] | null>(null);
  const signedIn = session.value.type === 'in';
  useEffect(() => {
    setStanding(null);
    if (!signedIn) return;
    const params = { path: { event: id } };
    void answer(api.GET('/api/v1/events/{event}/me', { params })).then((got) => {
      if (got.ok) setStanding(got.value.standing.type);
    });
  }, [id, signedIn]);
  return standing;
}
