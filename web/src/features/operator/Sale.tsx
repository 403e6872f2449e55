/** One sale: its numbers, renewed while somebody looks, and what can be done about it. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import type { Answer, Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { timeOfDay } from '../../i18n/dates';
import { number, shortDateTime } from '../../i18n/format';
import { lostSession } from '../../state/session';
import { serverNow } from '../../state/time';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { CHECK, CROSS, Icon, PAUSE } from '../../ui/icon';
import { ProblemNote } from '../../ui/notes';
import { announce } from '../../ui/page';

const t = texts('operator');

type Card = Schemas['EventCard'];
type Overview = Schemas['OverviewView'];
type Status = Schemas['StatusView'];

/** How often the numbers are asked for while somebody looks. */
const EVERY_MS = 2_000;

/** A sale as an operator sees it, and the three levers: pause, end, how many are let in. */
export function Sale({ card }: { card: Card }) {
  const [{ overview, atMs, problem }, take] = useOverview(card.id);
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
        {overview !== null && <StatusBadge status={overview.status} />}
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
          <Levers card={card} overview={overview} onChange={take} />
          <p class="soft small num" data-stale={problem !== null}>
            {problem === null
              ? t('operator.fresh', { at: timeOfDay(atMs) })
              : t('operator.stale', { at: timeOfDay(atMs) })}{' '}
            · {t('operator.journal', { seq: overview.seq, fence: overview.fence })}
          </p>
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

function Levers(props: { card: Card; overview: Overview; onChange: (overview: Overview) => void }) {
  const { card, overview } = props;
  const [asking, setAsking] = useState<'pause' | 'close' | null>(null);
  const [failed, setFailed] = useState<Problem | null>(null);

  const operate = async (body: Schemas['OperateBody'], said: string) => {
    const params = { path: { event: card.id } };
    const got = await answer(api.PATCH('/api/v1/operator/events/{event}', { params, body }));
    setAsking(null);
    setFailed(got.ok ? null : got.problem);
    if (!got.ok) return;
    props.onChange(got.value);
    announce(said);
  };
  const setStatus = (status: Status) => {
    const said = t('operator.status_done', { event: card.title, status: t(`status.${status}`) });
    void operate({ status }, said);
  };
  const { status, admitted_max } = overview;
  return (
    <>
      <ProblemNote problem={failed} />
      <div class="row spread sale-levers">
        <Limit
          key={admitted_max}
          now={admitted_max}
          disabled={status === 'closed'}
          onSet={(n) => operate({ admitted_max: n }, t('operator.set_done', { n }))}
        />
        <div class="row">
          {status === 'open' && (
            <button type="button" class="button" onClick={() => setAsking('pause')}>
              {t('operator.pause')}
            </button>
          )}
          {status === 'paused' && (
            <button type="button" class="button button-main" onClick={() => setStatus('open')}>
              {t('operator.resume')}
            </button>
          )}
          {status !== 'closed' && (
            <button type="button" class="button button-bad" onClick={() => setAsking('close')}>
              {t('operator.close')}
            </button>
          )}
        </div>
      </div>
      {asking === 'pause' && (
        <PauseDialog
          title={card.title}
          onClose={() => setAsking(null)}
          onYes={() => setStatus('paused')}
        />
      )}
      {asking === 'close' && (
        <CloseDialog
          title={card.title}
          onClose={() => setAsking(null)}
          onYes={() => setStatus('closed')}
        />
      )}
    </>
  );
}

interface Question {
  title: string;
  onClose: () => void;
  onYes: () => void;
}

function PauseDialog({ title, onClose, onYes }: Question) {
  return (
    <Dialog title={t('operator.pause_title', { event: title })} onClose={onClose}>
      <p>{t('operator.pause_text')}</p>
      <div class="actions">
        <button type="button" class="button button-main" onClick={onYes}>
          {t('operator.pause')}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t('app.cancel')}
        </button>
      </div>
    </Dialog>
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
function useOverview(event: string): [Seen, (overview: Overview) => void] {
  const [numbers, setNumbers] = useState<Seen>(NONE);
  const take = useCallback(
    (overview: Overview) => setNumbers({ overview, atMs: serverNow(), problem: null }),
    [],
  );
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let ended = false;
    const round = async () => {
      if (document.visibilityState === 'visible') {
        const got = await askOverview(event);
        if (ended) return;
        if (got.ok) take(got.value);
        else if (!lostSession(got.problem)) setNumbers((old) => ({ ...old, problem: got.problem }));
      }
      timer = setTimeout(() => void round(), EVERY_MS);
    };
    void round();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [event, take]);
  return [numbers, take];
}

/** Ending a sale cannot be undone: a word has to be typed. */
function CloseDialog(props: Question) {
  const [typed, setTyped] = useState('');
  const word = t('operator.word');
  return (
    <Dialog title={t('operator.close_title', { event: props.title })} onClose={props.onClose}>
      <p>{t('operator.close_text')}</p>
      <Field
        label={t('operator.close_word', { word })}
        name="word"
        type="text"
        value={typed}
        onValue={setTyped}
      />
      <div class="actions">
        <button
          type="button"
          class="button button-bad"
          disabled={typed.trim() !== word}
          onClick={props.onYes}
        >
          {t('operator.close')}
        </button>
        <button type="button" class="button" onClick={props.onClose}>
          {t('app.cancel')}
        </button>
      </div>
    </Dialog>
  );
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

function Limit(props: { now: number; disabled: boolean; onSet: (n: number) => Promise<void> }) {
  const [typed, setTyped] = useState(String(props.now));
  const n = Number(typed);
  const lawful = Number.isInteger(n) && n >= 1 && n !== props.now;
  return (
    <form
      class="sale-limit"
      onSubmit={(event) => {
        event.preventDefault();
        if (lawful) void props.onSet(n);
      }}
    >
      <Field
        label={t('operator.admitted_max')}
        name="admitted_max"
        type="number"
        value={typed}
        onValue={setTyped}
      >
        <button type="submit" class="button" disabled={!lawful || props.disabled}>
          {t('operator.set')}
        </button>
      </Field>
    </form>
  );
}
