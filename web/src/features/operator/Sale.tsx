/** One sale: its numbers, renewed while somebody looks, and the way to its controls. */
import { useEffect, useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import type { Answer, Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { timeOfDay } from '../../i18n/dates';
import { number, shortDateTime } from '../../i18n/format';
import { lostSession } from '../../state/session';
import { serverNow } from '../../state/time';
import { CHECK, CROSS, Icon, PAUSE } from '../../ui/icon';
import { ProblemNote } from '../../ui/notes';
import { SaleBadge, saleState } from '../../ui/sale';

const t = texts('operator');

type Card = Schemas['EventCard'];
type Overview = Schemas['OverviewView'];
type Status = Schemas['StatusView'];

/** How often the numbers are asked for while somebody looks. */
const EVERY_MS = 2_000;

/** A sale as an operator sees it. */
export function Sale({ card }: { card: Card }) {
  const { overview, atMs, problem } = useOverview(card.id);
  return (
    <li class="panel sale">
      <header class="row spread">
        <div>
          <h2>
            <a href={`/events/${card.id}`}>{card.title}</a>
          </h2>
          <p class="soft small">
            {shortDateTime(card.starts_at)} · {card.venue}
          </p>
        </div>
        {overview !== null && <Standing card={card} status={overview.status} />}
      </header>
      {overview === null ? (
        problem === null ? (
          <span class="bone sale-bone" />
        ) : (
          <ProblemNote problem={problem} />
        )
      ) : (
        <>
          <Numbers overview={overview} />
          <div class="row spread">
            <p class="soft small num" data-stale={problem !== null}>
              {problem === null
                ? t('operator.fresh', { at: timeOfDay(atMs) })
                : t('operator.stale', { at: timeOfDay(atMs) })}{' '}
              · {t('operator.journal', { seq: overview.seq, fence: overview.fence })}
            </p>
            <a class="button" href={`/ops/sales/${card.id}`}>
              {t('control.title')}
            </a>
          </div>
        </>
      )}
    </li>
  );
}

function Numbers({ overview }: { overview: Overview }) {
  const inside = t('operator.of_max', { n: overview.inside, max: overview.admitted_max });
  return (
    <>
      <Bar overview={overview} />
      <dl class="sale-numbers num">
        <Figure label={t('operator.sold')} value={number(overview.sold)} />
        <Figure label={t('operator.held')} value={number(overview.held)} />
        <Figure label={t('operator.free')} value={number(overview.free)} />
        <Figure label={t('operator.inside')} value={inside} />
        <Figure label={t('operator.waiting')} value={number(overview.waiting)} />
      </dl>
    </>
  );
}

function askOverview(event: string): Promise<Answer<Overview>> {
  return answer(api.GET('/api/v1/operator/events/{event}', { params: { path: { event } } }));
}

interface Seen {
  readonly overview: Overview | null;
  /** When they came; 0 if never. */
  readonly atMs: number;
  readonly problem: Problem | null;
}

const NONE: Seen = { overview: null, atMs: 0, problem: null };

/** Numbers that are renewed while the page is shown. */
function useOverview(event: string): Seen {
  const [numbers, setNumbers] = useState<Seen>(NONE);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let ended = false;
    const round = async () => {
      if (document.visibilityState === 'visible') {
        const got = await askOverview(event);
        if (ended) return;
        if (got.ok) setNumbers({ overview: got.value, atMs: serverNow(), problem: null });
        else if (!lostSession(got.problem)) setNumbers((old) => ({ ...old, problem: got.problem }));
      }
      timer = setTimeout(() => void round(), EVERY_MS);
    };
    void round();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [event]);
  return numbers;
}

/** Nobody buys of what is open before its time. */
function Standing({ card, status }: { card: Card; status: Status }) {
  const state = saleState(card.sale, serverNow());
  const early = state === 'scheduled' || state === 'lobby';
  return status === 'open' && early ? <SaleBadge state={state} /> : <StatusBadge status={status} />;
}

const STATUS_LOOKS: Record<Status, [icon: string, tone: string]> = {
  open: [CHECK, 'badge-good'],
  paused: [PAUSE, 'badge-warn'],
  closed: [CROSS, ''],
};

function StatusBadge({ status }: { status: Status }) {
  const [icon, tone] = STATUS_LOOKS[status];
  return (
    <span class={`badge ${tone}`}>
      <Icon path={icon} size={14} />
      {t(`status.${status}`)}
    </span>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Bar({ overview }: { overview: Overview }) {
  const { sold, held, free } = overview;
  const all = Math.max(1, sold + held + free);
  return (
    <div class="sale-bar" role="img" aria-label={t('operator.share', { sold, held, free })}>
      <span class="sale-sold" style={{ width: `${(sold / all) * 100}%` }} />
      <span class="sale-held" style={{ width: `${(held / all) * 100}%` }} />
    </div>
  );
}
