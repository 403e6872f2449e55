/** What is on sale, soonest first. */
import { useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import { locale, texts } from '../../i18n';
import { clock, monthAndDay, shortDateTime } from '../../i18n/format';
import { explain } from '../../i18n/problems';
import { useLoad } from '../../state/load';
import { useServerNow } from '../../state/time';
import { Failed } from '../../ui/failed';
import { Page } from '../../ui/page';
import { Poster } from '../../ui/poster';
import { SaleBadge, saleState } from '../../ui/sale';
import type { Problem } from '../../api/problem';

const t = texts();

type Card = Schemas['EventCard'];

const PAGE = 12;
const DAY_MS = 86_400_000;

function ask(cursor?: string) {
  const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
  return answer(api.GET('/api/v1/events', { params: { query } }));
}

export function EventsPage() {
  const { now, reload, set } = useLoad('events', () => ask());
  const [problem, setProblem] = useState<Problem | null>(null);
  const more = async () => {
    if (now.type !== 'ready' || now.value.next === null || now.value.next === undefined) return;
    const got = await ask(now.value.next);
    setProblem(got.ok ? null : got.problem);
    if (got.ok) set({ ...got.value, items: [...now.value.items, ...got.value.items] });
  };
  return (
    <Page title="">
      {now.type === 'failed' ? (
        <Failed problem={now.problem} onRetry={() => void reload()} />
      ) : (
        <>
          <header class="hero">
            <h1>{t('events.title')}</h1>
            <p class="lead">{t('events.lead')}</p>
          </header>
          <ul class="cards" aria-busy={now.type === 'loading'}>
            {now.type === 'loading'
              ? [0, 1, 2].map((i) => <li key={i} class="card card-bone bone" />)
              : now.value.items.map((card) => <EventCard key={card.id} card={card} />)}
          </ul>
          {now.type === 'ready' && now.value.items.length === 0 && (
            <section class="panel stack-s empty">
              <h2>{t('events.empty')}</h2>
              <p class="soft">{t('events.empty_text')}</p>
            </section>
          )}
          {problem !== null && <p role="alert">{explain(problem)}</p>}
          {now.type === 'ready' && now.value.next !== undefined && now.value.next !== null && (
            <p class="more">
              <button type="button" class="button" onClick={() => void more()}>
                {t('app.more')}
              </button>
            </p>
          )}
        </>
      )}
    </Page>
  );
}

function EventCard({ card }: { card: Card }) {
  const nowMs = useServerNow();
  const state = saleState(card.sale, nowMs);
  const leaf = monthAndDay(card.starts_at);
  return (
    <li>
      <a class="card" href={`/events/${card.id}`}>
        <div class="card-art">
          <Poster id={card.id} image={card.poster} />
          <p class="leaf" aria-hidden="true">
            <span>{leaf.month}</span>
            <b class="num">{leaf.day}</b>
            <span>{leaf.weekday}</span>
          </p>
        </div>
        <div class="card-body">
          <SaleBadge state={state} />
          <h2>{card.title}</h2>
          <p class="soft small">
            <time dateTime={card.starts_at}>{shortDateTime(card.starts_at)}</time>
            <br />
            {card.venue_name[locale.value]}
          </p>
          <p class="card-foot small">
            <Foot card={card} state={state} nowMs={nowMs} />
          </p>
        </div>
      </a>
    </li>
  );
}

function Foot({ card, state, nowMs }: { card: Card; state: Schemas['SaleState']; nowMs: number }) {
  const { sale } = card;
  if (state === 'scheduled' || state === 'lobby') {
    const left = Date.parse(sale.opens_at) - nowMs;
    return left < DAY_MS ? (
      <span class="num">{t('events.opens_in', { left: clock(left) })}</span>
    ) : (
      <span>{t('events.opens_at', { at: shortDateTime(sale.opens_at) })}</span>
    );
  }
  if (state === 'closed' || state === 'sold_out')
    return <span class="soft">{t(`sale.${state}`)}</span>;
  const left = Math.max(0, sale.for_sale - sale.taken);
  return (
    <>
      <meter class="meter" min={0} max={sale.for_sale} value={left} aria-hidden="true" />
      <b class="num">{t('events.left', { n: left })}</b>{' '}
      <span class="soft num">{t('events.of', { n: sale.for_sale })}</span>
    </>
  );
}
