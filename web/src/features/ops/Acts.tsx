/** What can be done to one sale, each with a reason; and the way back, where there is one. */
import { useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import { texts } from '../../i18n';
import { money } from '../../i18n/dates';
import { Field } from '../../ui/field';
import { Note } from '../../ui/notes';
import { announce } from '../../ui/page';
import { ReasonDialog } from './ReasonDialog';

const t = texts('operator');

export type Books = Schemas['SaleBooksView'];

/** Something to do, to something that there may be. */
export interface Act {
  readonly action: Schemas['ActionName'];
  /** The hold or the order that it is done to. */
  readonly target?: string;
  readonly admitted_max?: number;
  /** 0 for any number. */
  readonly admission_rate?: number;
  /** Empty for nothing. */
  readonly notice?: string;
  /** The places that it is done to, by their labels. */
  readonly places?: string;
}

interface Sale {
  event: string;
  /** What it is called. */
  title: string;
  books: Books;
}

/** The dialog of an act; afterwards the way back, if there is one. */
export function useActs({ event, title, books }: Sale) {
  const [asking, setAsking] = useState<Act | null>(null);
  const [back, setBack] = useState<{ done: string; act: Act | null } | null>(null);
  const done = (act: Act, effect: Schemas['EffectView']) => {
    const said = t('effect.done', { action: t(`action.${act.action}`) });
    setAsking(null);
    setBack({ done: said, act: undoOf(act, effect) });
    announce(said);
  };
  const dialog = asking !== null && (
    <ReasonDialog<Schemas['EffectView']>
      key={`${asking.action} ${asking.target ?? asking.places ?? ''}`}
      title={t('effect.title', { action: t(`action.${asking.action}`), name: asking.target ?? title })}
      yes={t(`action.${asking.action}`)}
      final={asking.action === 'close'}
      ask={(asked) =>
        answer(
          api.POST('/api/v1/ops/events/{event}/actions', {
            params: { path: { event } },
            body: { ...asking, ...asked },
          }),
        )
      }
      show={(effect) => (
        <>
          <p>{effectText(asking, effect, books)}</p>
          {effect.order !== null && effect.order !== undefined && (
            <p>{t('effect.order', { state: t(`order_state.${effect.order}`) })}</p>
          )}
          {effect.unfit.length > 0 && (
            <Note tone="warn">{t('effect.unfit', { names: effect.unfit.join(', ') })}</Note>
          )}
        </>
      )}
      onClose={() => setAsking(null)}
      onDone={(effect) => done(asking, effect)}
    />
  );
  const note = back !== null && (
    <Note tone="good" live="polite">
      <div class="row spread">
        <p>{back.done}</p>
        {back.act !== null && (
          <button type="button" class="button" onClick={() => setAsking(back.act)}>
            {t('effect.undo')}
          </button>
        )}
      </div>
    </Note>
  );
  return { ask: setAsking, dialog, note };
}

/** What takes an act back; null if nothing does. */
function undoOf(act: Act, before: Schemas['EffectView']): Act | null {
  switch (act.action) {
    case 'pause':
      return before.status === 'open' ? { action: 'resume' } : null;
    case 'resume':
      return before.status === 'paused' ? { action: 'pause' } : null;
    case 'set_admitted_max':
      return { action: act.action, admitted_max: before.admitted_max };
    case 'set_admission_rate':
      return { action: act.action, admission_rate: before.admission_rate ?? 0 };
    case 'set_notice':
      return { action: act.action, notice: before.notice ?? '' };
    case 'block_places':
      return { ...act, action: 'free_places' };
    case 'free_places':
      return { ...act, action: 'block_places' };
    case 'close':
    case 'hand_over':
    case 'release_hold':
    case 'cancel_order':
    case 'return_order':
      return null;
    default:
      return act.action satisfies never;
  }
}

function effectText(act: Act, effect: Schemas['EffectView'], books: Books): string {
  if (act.action === 'set_admission_rate') {
    const { inside, waiting } = effect;
    const [before, after] = [rateText(effect.admission_rate), rateText(act.admission_rate)];
    return t('effect.set_admission_rate', { before, after, inside, waiting });
  }
  if (act.action === 'set_notice') {
    const [before, after] = [noticeText(effect.notice), noticeText(act.notice)];
    return t('effect.set_notice', { before, after, waiting: effect.waiting });
  }
  return t(`effect.${act.action}`, {
    waiting: effect.waiting,
    inside: effect.inside,
    held: effect.held,
    places: effect.places ?? 0,
    amount: money(effect.amount_minor ?? 0, books.currency, books.currency_decimals),
    before: effect.admitted_max,
    after: act.admitted_max ?? effect.admitted_max,
  });
}

/** How many a minute, in words. */
export function rateText(rate: number | null | undefined): string {
  return rate ? t('control.per_minute', { n: rate }) : t('control.any_rate');
}

function noticeText(notice: string | null | undefined): string {
  return notice ? `“${notice}”` : t('control.none');
}

/** Acts on the sale as a whole, and on what somebody names by its id. */
export function Acts({ books, ask }: { books: Books; ask: (act: Act) => void }) {
  const { status, admitted_max } = books.overview;
  const rate = books.admission_rate ?? 0;
  const button = (action: 'pause' | 'resume' | 'close' | 'hand_over', tone = '') => (
    <button type="button" class={`button ${tone}`} onClick={() => ask({ action })}>
      {t(`action.${action}`)}
    </button>
  );
  return (
    <section class="panel stack" aria-labelledby="acts">
      <h2 id="acts">{t('control.actions')}</h2>
      <div class="row">
        {status === 'open' && button('pause')}
        {status === 'paused' && button('resume', 'button-main')}
        {button('hand_over')}
        {status !== 'closed' && button('close', 'button-bad')}
      </div>
      <div class="acts-forms">
        <Limit
          key={admitted_max}
          label={t('control.limit')}
          name="admitted_max"
          from={1}
          to={0xffffffff}
          now={admitted_max}
          ask={(n) => ask({ action: 'set_admitted_max', admitted_max: n })}
        />
        <Limit
          key={`rate ${rate}`}
          label={t('control.rate')}
          hint={t('control.rate_hint')}
          name="admission_rate"
          from={0}
          to={60_000}
          now={rate}
          ask={(n) => ask({ action: 'set_admission_rate', admission_rate: n })}
        />
        <Told key={`notice ${books.notice ?? ''}`} now={books.notice ?? ''} ask={ask} />
        <ById ask={ask} />
        <Places ask={ask} />
      </div>
    </section>
  );
}

function Limit(props: {
  label: string;
  hint?: string;
  name: string;
  from: number;
  to: number;
  now: number;
  ask: (n: number) => void;
}) {
  const { label, hint, name, from, to, now } = props;
  const [typed, setTyped] = useState(String(now));
  const n = Number(typed);
  const lawful = typed !== '' && Number.isInteger(n) && n >= from && n <= to && n !== now;
  return (
    <form
      class="acts-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (lawful) props.ask(n);
      }}
    >
      <Field
        label={label}
        name={name}
        type="number"
        value={typed}
        onValue={setTyped}
        {...(hint === undefined ? {} : { hint })}
      >
        <button type="submit" class="button" disabled={!lawful}>
          {t('control.set')}
        </button>
      </Field>
    </form>
  );
}

function Told({ now, ask }: { now: string; ask: (act: Act) => void }) {
  const [typed, setTyped] = useState(now);
  const notice = typed.trim();
  const tell = (said: string) => ask({ action: 'set_notice', notice: said });
  const lawful = notice !== '' && notice !== now && Array.from(notice).length <= 200;
  return (
    <form
      class="acts-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (lawful) tell(notice);
      }}
    >
      <Field
        label={t('control.notice')}
        name="notice"
        type="text"
        value={typed}
        onValue={setTyped}
        hint={t('control.notice_hint')}
      />
      <div class="row">
        <button type="submit" class="button" disabled={!lawful}>
          {t('action.set_notice')}
        </button>
        <button type="button" class="button" disabled={now === ''} onClick={() => tell('')}>
          {t('control.untell')}
        </button>
      </div>
    </form>
  );
}

function ById({ ask }: { ask: (act: Act) => void }) {
  const [typed, setTyped] = useState('');
  const target = typed.trim();
  const order = /^ord_[0-9a-z]{26}$/.test(target);
  const hold = /^hld_[0-9a-z]{26}$/.test(target);
  const button = (action: 'release_hold' | 'cancel_order' | 'return_order', fits: boolean) => (
    <button type="button" class="button" disabled={!fits} onClick={() => ask({ action, target })}>
      {t(`action.${action}`)}
    </button>
  );
  return (
    <form class="acts-form" onSubmit={(event) => event.preventDefault()}>
      <Field
        label={t('control.id')}
        name="target"
        type="text"
        value={typed}
        onValue={setTyped}
      />
      <div class="row">
        {button('release_hold', hold)}
        {button('cancel_order', order)}
        {button('return_order', order)}
      </div>
    </form>
  );
}

function Places({ ask }: { ask: (act: Act) => void }) {
  const [typed, setTyped] = useState('');
  const places = typed.trim();
  const button = (action: 'block_places' | 'free_places') => (
    <button
      type="button"
      class="button"
      disabled={places === ''}
      onClick={() => ask({ action, places })}
    >
      {t(`action.${action}`)}
    </button>
  );
  return (
    <form class="acts-form" onSubmit={(event) => event.preventDefault()}>
      <Field
        label={t('control.named')}
        name="places"
        type="text"
        value={typed}
        onValue={setTyped}
        hint={t('control.named_hint')}
      />
      <div class="row">
        {button('block_places')}
        {button('free_places')}
      </div>
    </form>
  );
}
