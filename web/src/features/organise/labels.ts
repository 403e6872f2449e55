/** What fields, faults and moments are called. */
import { texts } from '../../i18n';
import { instant, kept } from '../../i18n/format';
import type { Fault } from '../../model/programme';

const t = texts('operator');

const LABELS = [
  'title',
  'description',
  'venue',
  'venue_id',
  'artists',
  'poster',
  'starts_at',
  'chart',
  'currency',
  'order_fee_minor',
  'ticket_types',
  'prices',
  'lobby_opens_at',
  'opens_at',
  'closes_at',
  'refunds_until',
  'places_per_hold_max',
  'places_per_fan_max',
  'hold_ttl_s',
  'hold_extension_s',
  'admitted_max',
  'claim_ttl_s',
  'session_ttl_s',
] as const;

/** What the field of a fault is called; of a category, which one. */
export function labelOf(path: string): string {
  const [field = '', ...inside] = path.split(/[.[]/);
  const known = LABELS.find((one) => one === field);
  const label = known === undefined ? field : t(`organise.${known}`);
  return path.startsWith('prices.') ? `${label} ${inside.join('.')}` : label;
}

const CODES = [
  'missing',
  'malformed',
  'out_of_range',
  'unknown',
  'duplicate',
  'no_price',
  'order',
  'fixed',
  'svg',
  'image_kind',
  'image_header',
  'image_side',
] as const;

/** What a fault says, whatever it is about. */
export function faultText(fault: Fault): string {
  const known = CODES.find((code) => code === fault.code);
  return known === undefined ? fault.message : t(`fault.${known}`);
}

/** A moment as a table has room for it; a stroke if there is none yet. */
export function moment(at: string): string {
  if (at === '' || Number.isNaN(Date.parse(at))) return '–';
  const format = kept(
    'moment',
    (of) => new Intl.DateTimeFormat(of, { dateStyle: 'medium', timeStyle: 'short' }),
  );
  return format.format(instant(at));
}
