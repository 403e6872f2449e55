/** The records of a journal up to one of them, the latest first. */
import { useEffect, useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import { texts } from '../../i18n';
import { money, timeOfDay } from '../../i18n/dates';
import { number } from '../../i18n/format';
import { deedOf, lastDeed } from '../../model/deeds';
import { actorAddress } from '../../model/past';

const t = texts('operator');

/** Records that are shown. */
const SHOWN = 20;

type Record = Schemas['JournalRecordView'];

interface Props {
  event: string;
  past: Schemas['PastView'];
  /** Whether the log of what operators did may be asked. */
  may: boolean;
}

export function Journal({ event, past, may }: Props) {
  const records = useRecords(event, past.seq);
  const entries = useEntries(event, may ? lastDeed(records) : null);
  return (
    <section class="panel stack-s">
      <h2>{t('ops.records')}</h2>
      <div class="scroll" role="region" aria-label={t('ops.records')} tabIndex={0}>
        <table class="ops-table ops-journal num">
          <thead>
            <tr>
              <th scope="col">{t('ops.record')}</th>
              <th scope="col">{t('ops.when')}</th>
              <th scope="col">{t('ops.asked_by')}</th>
              <th scope="col">{t('ops.what_changed')}</th>
              <th scope="col">{t('ops.places')}</th>
              <th scope="col">{t('ops.amount')}</th>
              <th scope="col">{t('ops.batch')}</th>
              <th scope="col">{t('ops.fence')}</th>
              <th scope="col">{t('ops.subject')}</th>
            </tr>
          </thead>
          <tbody>
            {records.map((record) => (
              <Row key={record.seq} event={event} record={record} past={past} entries={entries} />
            ))}
          </tbody>
        </table>
      </div>
      <p class="soft small">{t('ops.records_about')}</p>
    </section>
  );
}

function Row(props: {
  event: string;
  record: Record;
  past: Schemas['PastView'];
  entries: readonly Schemas['AuditEntryView'][];
}) {
  const { event, record, past } = props;
  const deed = deedOf(record, props.entries);
  const { currency, decimals } = past.money;
  const { amount_minor: amount } = record;
  const known = amount !== null && amount !== undefined;
  return (
    <tr aria-current={record.seq === past.seq ? 'true' : undefined}>
      <th scope="row">
        <a href={actorAddress(event, record.seq)}>{number(record.seq)}</a>
      </th>
      <td>{timeOfDay(record.at)}</td>
      <td>
        {t(`by.${record.by}`)}
        {deed !== null && (
          <span class="soft small ops-under ops-why">
            {deed.who}: {deed.why}
          </span>
        )}
      </td>
      <td>{kindText(record.kind)}</td>
      <td>{record.places === 0 ? '' : number(record.places)}</td>
      <td>{known && money(amount, currency, decimals)}</td>
      <td>{number(record.batch)}</td>
      <td>{number(record.fence)}</td>
      <td>
        <code>{record.subject}</code>
      </td>
    </tr>
  );
}

const KINDS = [
  'sale_opened',
  'terms_changed',
  'status_changed',
  'joined',
  'left',
  'called',
  'claimed',
  'claim_lapsed',
  'session_ended',
  'hold_placed',
  'hold_changed',
  'hold_extended',
  'hold_released',
  'hold_expired',
  'order_placed',
  'order_cancelled',
  'payment_started',
  'payment_declined',
  'order_paid',
  'payment_stranded',
  'order_returned',
  'payment_refunded',
  'ticket_redeemed',
  'answered',
  'places_blocked',
  'places_freed',
  'rate_changed',
  'notice_changed',
] as const;

function kindText(kind: string): string {
  const known = KINDS.find((one) => one === kind);
  return known === undefined ? kind : t(`kind.${known}`);
}

function useRecords(event: string, last: number): readonly Record[] {
  const [records, setRecords] = useState<readonly Record[]>([]);
  useEffect(() => {
    let wanted = true;
    const query = { from: Math.max(1, last - SHOWN + 1), limit: Math.min(SHOWN, last) };
    const params = { path: { event }, query };
    void answer(api.GET('/api/v1/ops/events/{event}/journal', { params })).then((got) => {
      if (wanted && got.ok) setRecords(got.value.records.toReversed());
    });
    return () => void (wanted = false);
  }, [event, last]);
  return records;
}

/** The entries of the audit log about an event up to one, if one is named. */
function useEntries(event: string, upTo: number | null) {
  const [entries, setEntries] = useState<readonly Schemas['AuditEntryView'][]>([]);
  useEffect(() => {
    if (upTo === null) return;
    let here = true;
    const params = { query: { event, before: upTo + 1, limit: 100 } };
    void answer(api.GET('/api/v1/ops/audit', { params })).then((got) => {
      if (here && got.ok) setEntries(got.value.entries);
    });
    return () => void (here = false);
  }, [event, upTo]);
  return entries;
}
