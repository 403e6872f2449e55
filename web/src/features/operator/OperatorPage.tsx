/** Every sale with its numbers of now, and the three levers: pause, end, how many are let in. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import type { Answer, Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { timeOfDay } from '../../i18n/dates';
import { number, shortDateTime } from '../../i18n/format';
import { useLoad } from '../../state/load';
import { lostSession } from '../../state/session';
import { serverNow } from '../../state/time';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { Private } from '../../ui/guard';
import { CHECK, CROSS, Icon, PAUSE } from '../../ui/icon';
import { Failed } from '../../ui/failed';
import { Note, ProblemNote } from '../../ui/notes';
import { Page, announce } from '../../ui/page';
import './operator.css';

const t = texts('operator');

type Card = Schemas['EventCard'];
type Overview = Schemas['OverviewView'];
type Status = Schemas['StatusView'];

/** How often the numbers are asked for while somebody looks. */
const EVERY_MS = 2_000;

export default function OperatorPage() {
  return <Private role="operator">{() => <Sales />}</Private>;
}

function ask(cursor?: string) {
  const query = { limit: 20, ...(cursor === undefined ? {} : { cursor }) };
  return answer(api.GET('/api/v1/events', { params: { query } }));
}

function Sales() {
  const { now, reload, set } = useLoad('sales', () => ask());
  if (now.type === 'failed') {
    return (
      <Page title={t('operator.title')}>
        <Failed problem={now.problem} onRetry={() => void reload()} />
      </Page>
    );
  }
  const next = now.type === 'ready' ? (now.value.next ?? null) : null;
  const more = async () => {
    if (now.type !== 'ready' || next === null) return;
    const got = await ask(next);
    if (got.ok) set({ ...got.value, items: [...now.value.items, ...got.value.items] });
  };
  return (
    <Page title={t('operator.title')}>
      <div class="row spread">
        <h1>{t('operator.title')}</h1>
        <span class="row">
          <a class="button" href="/docs/" target="_blank">
            {t('operator.docs')}
          </a>
          <a class="button button-main" href="/operator/gate">
            {t('operator.gate')}
          </a>
        </span>
      </div>
      <ul class="sales" aria-busy={now.type === 'loading'}>
        {now.type === 'loading'
          ? [0, 1].map((i) => <li key={i} class="bone sale-bone" />)
          : now.value.items.map((card) => <Sale key={card.id} card={card} />)}
      </ul>
      {now.type === 'ready' && now.value.items.length === 0 && <Note>{t('operator.empty')}</Note>}
      {next !== null && (
        <p class="more">
          <button type="button" class="button" onClick={() => void more()}>
            {t('app.more')}
          </button>
        </p>
      )}
    </Page>
  );
}

function askOverview(event: string): Promise<Answer<Overview>> {
  return answer(api.GET('/api/v1/operator/events/{event}', { params: { path: { event } } }));
}

interface Numbers {
  readonly overview: Overview | null;
  /** When they came; 0 if never. */
  readonly atMs: number;
  readonly problem: Problem | null;
}

const NONE: Numbers = { overview: null, atMs: 0, problem: null };

/** Numbers that are renewed while the page is shown. */
function useOverview(event: string): [Numbers, (overview: Overview) => void] {
  const [numbers, setNumbers] = useState<Numbers>(NONE);
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

function Sale({ card }: { card: Card }) {
  const [{ overview, atMs, problem }, take] = useOverview(card.id);
  const [asking, setAsking] = useState<'pause' | 'close' | null>(null);
  const [failed, setFailed] = useState<Problem | null>(null);

  const operate = async (body: Schemas['OperateBody'], said: string) => {
    const params = { path: { event: card.id } };
    const got = await answer(api.PATCH('/api/v1/operator/events/{event}', { params, body }));
    setAsking(null);
    setFailed(got.ok ? null : got.problem);
    if (!got.ok) return;
    take(got.value);
    announce(said);
  };
  const setStatus = (status: Status) =>
    operate({ status }, t('operator.status_done', { event: card.title, status: t(`status.${status}`) }));

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
          <Bar overview={overview} />
          <dl class="sale-numbers num">
            <Figure label={t('operator.sold')} value={number(overview.sold)} />
            <Figure label={t('operator.held')} value={number(overview.held)} />
            <Figure label={t('operator.free')} value={number(overview.free)} />
            <Figure
              label={t('operator.inside')}
              value={t('operator.of_max', { n: overview.inside, max: overview.admitted_max })}
            />
            <Figure label={t('operator.waiting')} value={number(overview.waiting)} />
          </dl>
          <ProblemNote problem={failed} />
          <div class="row spread sale-levers">
            <Limit
              key={overview.admitted_max}
              now={overview.admitted_max}
              disabled={overview.status === 'closed'}
              onSet={(n) => operate({ admitted_max: n }, t('operator.set_done', { n }))}
            />
            <div class="row">
              {overview.status === 'open' && (
                <button type="button" class="button" onClick={() => setAsking('pause')}>
                  {t('operator.pause')}
                </button>
              )}
              {overview.status === 'paused' && (
                <button type="button" class="button button-main" onClick={() => void setStatus('open')}>
                  {t('operator.resume')}
                </button>
              )}
              {overview.status !== 'closed' && (
                <button type="button" class="button button-bad" onClick={() => setAsking('close')}>
                  {t('operator.close')}
                </button>
              )}
            </div>
          </div>
          <p class="soft small num" data-stale={problem !== null}>
            {problem === null
              ? t('operator.fresh', { at: timeOfDay(atMs) })
              : t('operator.stale', { at: timeOfDay(atMs) })}{' '}
            · {t('operator.journal', { seq: overview.seq, fence: overview.fence })}
          </p>
        </>
      )}
      {asking === 'pause' && (
        <Dialog title={t('operator.pause_title', { event: card.title })} onClose={() => setAsking(null)}>
          <p>{t('operator.pause_text')}</p>
          <div class="actions">
            <button type="button" class="button button-main" onClick={() => void setStatus('paused')}>
              {t('operator.pause')}
            </button>
            <button type="button" class="button" onClick={() => setAsking(null)}>
              {t('app.cancel')}
            </button>
          </div>
        </Dialog>
      )}
      {asking === 'close' && (
        <CloseDialog
          title={card.title}
          onClose={() => setAsking(null)}
          onYes={() => void setStatus('closed')}
        />
      )}
    </li>
  );
}

/** Ending a sale cannot be undone: a word has to be typed. */
function CloseDialog(props: { title: string; onClose: () => void; onYes: () => void }) {
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
  const form = useRef<HTMLFormElement>(null);
  const n = Number(typed);
  const lawful = Number.isInteger(n) && n >= 1 && n !== props.now;
  return (
    <form
      ref={form}
      class="sale-limit"
      onSubmit={(event) => {
        event.preventDefault();
        if (lawful) void props.onSet(n);
      }}
    >
      <Field label={t('operator.admitted_max')} name="admitted_max" type="number" value={typed} onValue={setTyped}>
        <button type="submit" class="button" disabled={!lawful || props.disabled}>
          {t('operator.set')}
        </button>
      </Field>
    </form>
  );
}
