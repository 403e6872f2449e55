/** A ticket, as large as the screen allows, and on paper. */
import { useRoute } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import { texts } from '../../i18n';
import { dateTime } from '../../i18n/dates';
import { shortDateTime } from '../../i18n/format';
import { askEvent, namesOf } from '../../state/event';
import { useLoad } from '../../state/load';
import { Private } from '../../ui/guard';
import { CHECK, CROSS, Icon, TICKET } from '../../ui/icon';
import { Note } from '../../ui/notes';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import { PRINT } from '../../ui/signs';
import { Qr } from './Qr';
import './ticket.css';

const t = texts('buy');

type Ticket = Schemas['TicketView'];

export default function TicketPage() {
  return <Private>{() => <Loader />}</Private>;
}

function Loader() {
  const id = useRoute().params['ticket'] ?? '';
  const load = useLoad(id, () =>
    answer(api.GET('/api/v1/tickets/{ticket}', { params: { path: { ticket: id } } })),
  );
  useEffect(() => {
    // At the gate a ticket is looked at again and again: each look shows whether it was used.
    const again = () => {
      if (document.visibilityState === 'visible') void load.reload();
    };
    document.addEventListener('visibilitychange', again);
    return () => document.removeEventListener('visibilitychange', again);
  }, [load.reload]);
  return (
    <Loaded load={load} title={t('ticket.title')}>
      {(value) => <Shown ticket={value} />}
    </Loaded>
  );
}

const LOOKS: Record<Ticket['state'], [icon: string, tone: string]> = {
  valid: [TICKET, 'badge-good'],
  redeemed: [CHECK, ''],
  void: [CROSS, 'badge-bad'],
};

function Shown({ ticket }: { ticket: Ticket }) {
  const event = useLoad(ticket.event.id, () => askEvent(ticket.event.id));
  const names = namesOf(event.now.type === 'ready' ? event.now.value : null);
  const [icon, tone] = LOOKS[ticket.state];
  useWakeLock(ticket.state === 'valid');
  return (
    <Page title={`${t('ticket.title')} · ${ticket.event.title}`} class="ticket-page">
      <article class="ticket" data-state={ticket.state}>
        <header class="ticket-head">
          <div class="row spread">
            <span class={`badge ${tone}`}>
              <Icon path={icon} size={14} />
              {t(`ticket.${ticket.state}`)}
            </span>
            <span class="small soft num">
              {t('ticket.number')} {ticket.number}
            </span>
          </div>
          <h1>{ticket.event.title}</h1>
          <p class="soft">
            <time dateTime={ticket.event.starts_at}>{dateTime(ticket.event.starts_at)}</time>
            <br />
            {ticket.event.venue}
          </p>
        </header>
        <div class="ticket-code">
          {ticket.state === 'void' ? (
            <Note tone="bad">{t('ticket.void_text')}</Note>
          ) : (
            <Qr text={ticket.code} label={t('ticket.qr')} />
          )}
          {ticket.state === 'redeemed' && ticket.redeemed_at != null && (
            <Note tone="warn">
              {t('ticket.redeemed_text', {
                at: shortDateTime(ticket.redeemed_at),
                gate: ticket.gate ?? '',
              })}
            </Note>
          )}
          {ticket.state === 'valid' && <p class="small soft no-print">{t('ticket.hint')}</p>}
        </div>
        <dl class="ticket-facts">
          <Fact label={t('ticket.section')} value={ticket.section} />
          {ticket.seat === '' ? (
            <Fact
              label={t('ticket.area')}
              value={`${ticket.block} · ${t('ticket.free_seating')}`}
            />
          ) : (
            <>
              <Fact label={t('ticket.block')} value={ticket.block} />
              <Fact label={t('ticket.seat')} value={ticket.seat} />
            </>
          )}
          {ticket.entrance !== '' && <Fact label={t('ticket.entrance')} value={ticket.entrance} />}
          <Fact label={t('ticket.type')} value={names.type(ticket.ticket_type)} />
        </dl>
      </article>
      <details class="ticket-text no-print">
        <summary>{t('ticket.code')}</summary>
        <p class="order-id" data-testid="code">
          {ticket.code}
        </p>
      </details>
      <div class="row ticket-actions no-print">
        <button type="button" class="button" onClick={() => print()}>
          <Icon path={PRINT} />
          {t('ticket.print')}
        </button>
        <a class="button" href={`/orders/${ticket.order}`}>
          {t('ticket.to_order')}
        </a>
      </div>
    </Page>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Keeps the screen on while a ticket is shown, where the browser can. */
function useWakeLock(wanted: boolean): void {
  useEffect(() => {
    if (!wanted || !('wakeLock' in navigator)) return;
    const lock = navigator.wakeLock.request('screen').catch(() => null);
    return () => void lock.then((one) => one?.release());
  }, [wanted]);
}
