/** Rehearsals: made of an event, bought from by bots, wiped. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import type { Answer, Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { useLoad } from '../../state/load';
import type { Session } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { ProblemNote } from '../../ui/notes';
import { announce } from '../../ui/page';
import { Desk } from './Desk';
import { Listing } from './Listing';
import { Section } from './Section';
import { Why } from './Why';
import { moment } from './labels';

const t = texts('operator');

type Rehearsal = Schemas['RehearsalView'];

type Asking =
  | { readonly type: 'start'; readonly of: string }
  | { readonly type: 'wipe' | 'bots'; readonly rehearsal: Rehearsal };

/** `of` is the event that one is to be made of, or empty. */
export function RehearsalsPage({ who, of }: { who: Session; of: string }) {
  const load = useLoad('rehearsals', () =>
    answer(api.GET('/api/v1/operator/rehearsals')),
  );
  const [asking, setAsking] = useState<Asking | null>(of === '' ? null : { type: 'start', of });
  const done = (said: string) => {
    setAsking(null);
    announce(said);
    void load.reload();
  };
  const close = () => setAsking(null);
  return (
    <Desk who={who} title={t('rehearse.title')}>
      <p class="soft">{t('rehearse.about')}</p>
      <Section load={load}>
        {(rehearsals) => <Rehearsals rehearsals={rehearsals} onAsk={setAsking} />}
      </Section>
      {asking?.type === 'start' && <Start of={asking.of} onClose={close} onDone={done} />}
      {asking?.type === 'wipe' && (
        <Wipe rehearsal={asking.rehearsal} onClose={close} onDone={done} />
      )}
      {asking?.type === 'bots' && <Bots rehearsal={asking.rehearsal} onClose={close} />}
    </Desk>
  );
}

function Rehearsals(props: {
  rehearsals: readonly Rehearsal[];
  onAsk: (asking: Asking) => void;
}) {
  return (
    <div class="organise-after">
      <Listing
        label={t('rehearse.title')}
        heads={[
          t('organise.title'),
          t('organise.state'),
          t('rehearse.made_at'),
          t('rehearse.held'),
          t('rehearse.sold'),
        ]}
        acts={t('rehearse.acts')}
        rows={props.rehearsals}
        none={t('rehearse.none')}
      >
        {(rehearsal) => <Row key={rehearsal.id} rehearsal={rehearsal} onAsk={props.onAsk} />}
      </Listing>
    </div>
  );
}

/** It is called what its original is. */
function titleOf({ title }: Rehearsal): string {
  return t('rehearse.titled', { title });
}

function Row(props: { rehearsal: Rehearsal; onAsk: (asking: Asking) => void }) {
  const { rehearsal, onAsk } = props;
  const { id, state } = rehearsal;
  const title = titleOf(rehearsal);
  const sale = rehearsal.sale ?? null;
  return (
    <tr>
      <th scope="row">{state === 'made' ? <a href={`/events/${id}`}>{title}</a> : title}</th>
      <td>
        <span class={state === 'made' ? 'badge badge-good' : 'badge'}>
          {t(`rehearse.state.${state}`)}
        </span>
      </td>
      <td>{moment(rehearsal.made_at)}</td>
      <td>{rehearsal.held ?? '–'}</td>
      <td>
        {sale === null ? '–' : t('rehearse.of', { sold: rehearsal.sold ?? 0, all: sale.for_sale })}
      </td>
      <td>
        <div class="row organise-acts">
          {state === 'made' && (
            <>
              <button
                type="button"
                class="button"
                aria-label={t('rehearse.bots_of', { title })}
                onClick={() => onAsk({ type: 'bots', rehearsal })}
              >
                {t('rehearse.bots')}
              </button>
              <a class="button" href={`/ops/sales/${id}`}>
                {t('rehearse.watch')}
              </a>
            </>
          )}
          {state !== 'wiped' && (
            <button
              type="button"
              class="button button-bad"
              aria-label={t('rehearse.wipe_of', { title })}
              onClick={() => onAsk({ type: 'wipe', rehearsal })}
            >
              {t('rehearse.wipe')}
            </button>
          )}
        </div>
      </td>
    </tr>
  );
}

interface Asked {
  readonly reason: string;
  readonly preview: boolean;
}

/** What something does before it is done, and why it is done. */
function Ask<T>(props: {
  title: string;
  yes: string;
  bad?: boolean;
  ask: (asked: Asked) => Promise<Answer<T>>;
  show: (effect: T) => ComponentChildren;
  onClose: () => void;
  onDone: () => void;
}) {
  const { now } = useLoad('effect', () => props.ask({ reason: '', preview: true }));
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = async (reason: string) => {
    const got = await props.ask({ reason, preview: false });
    if (got.ok) props.onDone();
    else setProblem(got.problem);
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      {now.type === 'loading' && <p class="soft">{t('effect.loading')}</p>}
      {now.type === 'ready' && props.show(now.value)}
      <ProblemNote problem={now.type === 'failed' ? now.problem : problem} />
      <Why
        yes={props.yes}
        bad={props.bad === true}
        ready={now.type === 'ready'}
        onYes={run}
        onClose={props.onClose}
      />
    </Dialog>
  );
}

function Start(props: { of: string; onClose: () => void; onDone: (said: string) => void }) {
  return (
    <Ask<Schemas['RehearseView']>
      title={t('rehearse.start_title')}
      yes={t('rehearse.start')}
      ask={(asked) =>
        answer(api.POST('/api/v1/operator/rehearsals', { body: { of: props.of, ...asked } }))
      }
      show={({ title, places, admitted_max: inside, closes_at, paid }) => (
        <>
          <p>{t('rehearse.start_text', { title, places, inside, until: moment(closes_at) })}</p>
          <p>{t(paid ? 'rehearse.paid' : 'rehearse.unpaid')}</p>
        </>
      )}
      onClose={props.onClose}
      onDone={() => props.onDone(t('rehearse.made'))}
    />
  );
}

function Wipe(props: {
  rehearsal: Rehearsal;
  onClose: () => void;
  onDone: (said: string) => void;
}) {
  const params = { path: { rehearsal: props.rehearsal.id } };
  return (
    <Ask<Schemas['WipeView']>
      title={t('rehearse.wipe_of', { title: titleOf(props.rehearsal) })}
      yes={t('rehearse.wipe')}
      bad
      ask={(body) =>
        answer(api.POST('/api/v1/operator/rehearsals/{rehearsal}/wipe', { params, body }))
      }
      show={({ records, orders, payments, tickets }) => (
        <p>{t('rehearse.wipe_text', { records, orders, payments, tickets })}</p>
      )}
      onClose={props.onClose}
      onDone={() => props.onDone(t('rehearse.gone'))}
    />
  );
}

/** The one line that lets bots in; each time that it is opened it is another. */
function Bots(props: { rehearsal: Rehearsal; onClose: () => void }) {
  const { id } = props.rehearsal;
  const params = { path: { rehearsal: id } };
  const { now } = useLoad(`bots ${id}`, () =>
    answer(api.POST('/api/v1/operator/rehearsals/{rehearsal}/bots', { params })),
  );
  return (
    <Dialog title={t('rehearse.bots_of', { title: titleOf(props.rehearsal) })} onClose={props.onClose}>
      {now.type === 'loading' && <span class="bone" />}
      {now.type === 'failed' && <ProblemNote problem={now.problem} />}
      {now.type === 'ready' && (
        <>
          <p>{t('rehearse.command', { until: moment(now.value.expires_at) })}</p>
          <p class="organise-hash">
            <code>{commandOf(id, now.value)}</code>
          </p>
          <p>{t(typeof now.value.database === 'string' ? 'rehearse.audited' : 'rehearse.database')}</p>
        </>
      )}
      <div class="actions">
        <button type="button" class="button" onClick={props.onClose}>
          {t('app.close')}
        </button>
      </div>
    </Dialog>
  );
}

function commandOf(event: string, bots: Schemas['BotsView']): string {
  const { token, url, database } = bots;
  const run = `BENCH_BOTS=${token} target/release/tiketi-bench run bench/scenarios/hold.toml`;
  const audited = typeof database === 'string' ? ` --database '${database}'` : '';
  return `${run} --url ${url} --event ${event}${audited}`;
}
