/**
 * The gate: a code goes in, a large yes or no comes out. A scanner types like a keyboard and ends
 * with Enter, so the field for the code has the focus whenever nothing else needs it.
 */
import { useRef, useState } from 'preact/hooks';
import { answer, api, shared, type Schemas } from '../../api/client';
import { intend } from '../../api/intention';
import type { Problem } from '../../api/problem';
import { texts } from '../../i18n';
import { timeOfDay } from '../../i18n/dates';
import { shortDateTime } from '../../i18n/format';
import { explain } from '../../i18n/problems';
import { lostSession } from '../../state/session';
import { serverNow } from '../../state/time';
import { Field } from '../../ui/field';
import { Private } from '../../ui/guard';
import { CHECK, CROSS, Icon } from '../../ui/icon';
import { Note } from '../../ui/notes';
import { Page } from '../../ui/page';
import './operator.css';

const t = texts('operator');

type Ticket = Schemas['TicketView'];

type Checked =
  | { readonly type: 'ok'; readonly ticket: Ticket; readonly atMs: number }
  | { readonly type: 'no'; readonly text: string; readonly code: string; readonly atMs: number };

const KEPT_AS = 'tiketi.gate';
const LOG_MAX = 20;

export default function GatePage() {
  return <Private role="operator">{() => <Gate />}</Private>;
}

function redeem(code: string, gate: string) {
  return intend(`redeem ${gate} ${code}`, (key) =>
    answer(
      api.POST('/api/v1/gate/redeem', {
        params: { header: { 'Idempotency-Key': key } },
        body: { code, gate },
      }),
    ),
  );
}

function Gate() {
  const [gate, setGate] = useState(shared.getItem(KEPT_AS) ?? '');
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [unknown, setUnknown] = useState(false);
  const [log, setLog] = useState<readonly Checked[]>([]);
  const form = useRef<HTMLFormElement>(null);

  const check = async () => {
    const asked = code.trim();
    if (asked === '' || gate.trim() === '') return;
    setBusy(true);
    shared.setItem(KEPT_AS, gate);
    const got = await redeem(asked, gate.trim());
    setBusy(false);
    form.current?.querySelector<HTMLInputElement>('[name=code]')?.focus();
    if (!got.ok && lostSession(got.problem)) return;
    const open = !got.ok && (got.problem.status === 0 || got.problem.status >= 500);
    setUnknown(open);
    // What is unknown stays in the field: checking again carries on with the same request.
    if (open) return;
    setCode('');
    const atMs = serverNow();
    const checked: Checked = got.ok
      ? { type: 'ok', ticket: got.value, atMs }
      : { type: 'no', text: refusal(got.problem), code: got.problem.code, atMs };
    setLog((old) => [checked, ...old].slice(0, LOG_MAX));
  };

  const [latest] = log;
  return (
    <Page title={t('gate.title')} class="narrow">
      <h1>{t('gate.title')}</h1>
      <p class="soft">{t('gate.lead')}</p>
      <form
        ref={form}
        class="panel stack gate-form"
        onSubmit={(event) => {
          event.preventDefault();
          void check();
        }}
      >
        <Field label={t('gate.name')} name="gate" type="text" value={gate} onValue={setGate} />
        <Field label={t('gate.code')} name="code" type="text" value={code} onValue={setCode} />
        {gate.trim() === '' && <p class="small soft">{t('gate.name_needed')}</p>}
        {unknown && (
          <Note tone="warn" live="alert">
            {t('gate.again')}
          </Note>
        )}
        <button type="submit" class="button button-main button-wide" disabled={busy}>
          {t('gate.check')}
        </button>
      </form>
      <div class="gate-result" role="status" aria-live="assertive">
        {latest !== undefined && <Result checked={latest} />}
      </div>
      <section class="stack-s">
        <h2>{t('gate.log')}</h2>
        {log.length === 0 ? (
          <p class="soft">{t('gate.log_empty')}</p>
        ) : (
          <ol class="gate-log">
            {log.map((one) => (
              <li key={one.atMs} class="small">
                <Icon path={one.type === 'ok' ? CHECK : CROSS} size={16} />
                <span>
                  <b>{one.type === 'ok' ? t('gate.ok') : t('gate.no')}</b>{' '}
                  {one.type === 'ok' ? placeOf(one.ticket) : one.text}
                </span>
                <time class="soft num">{timeOfDay(one.atMs)}</time>
              </li>
            ))}
          </ol>
        )}
      </section>
    </Page>
  );
}

function refusal(problem: Problem): string {
  if (problem.code !== 'ticket_used') return explain(problem);
  const at = problem.used_at ?? null;
  return t('gate.used', { at: at === null ? '?' : shortDateTime(at), gate: problem.gate ?? '?' });
}

function placeOf(ticket: Ticket): string {
  const { section, block, seat } = ticket;
  return seat === ''
    ? t('gate.area', { section, block })
    : t('gate.place', { section, block, seat });
}

function Result({ checked }: { checked: Checked }) {
  if (checked.type === 'no') {
    return (
      <div class="gate-verdict" data-tone="bad" data-code={checked.code}>
        <Icon path={CROSS} size={48} />
        <div>
          <p class="gate-word">{t('gate.no')}</p>
          <p>{checked.text}</p>
        </div>
      </div>
    );
  }
  const { ticket } = checked;
  return (
    <div class="gate-verdict" data-tone="good">
      <Icon path={CHECK} size={48} />
      <div>
        <p class="gate-word">{t('gate.ok')}</p>
        <p>
          <b>{placeOf(ticket)}</b>
          {ticket.entrance !== '' && <> · {t('gate.entrance', { entrance: ticket.entrance })}</>}
        </p>
        <p class="small">{ticket.event.title}</p>
      </div>
    </div>
  );
}
