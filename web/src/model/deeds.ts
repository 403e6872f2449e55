/** Which deed of the audit log a record of a journal came of. Neither names the other: a deed is in the
 * log before it is done and again after, and the record is of the time in between. */
import type { components } from '../api/schema';

type Entry = components['schemas']['AuditEntryView'];
type JournalRecord = components['schemas']['JournalRecordView'];

/** Who did something, and why. */
export interface Deed {
  /** Their e-mail address, or the id of an account that is gone. */
  readonly who: string;
  readonly why: string;
}

/** By how much the clocks of two nodes may differ. */
const SKEW_MS = 1_000;

const KINDS: Readonly<Record<string, string>> = {
  pause: 'status_changed',
  resume: 'status_changed',
  close: 'status_changed',
  release_hold: 'hold_released',
  cancel_order: 'order_cancelled',
  return_order: 'order_returned',
  block_places: 'places_blocked',
  free_places: 'places_freed',
  set_admission_rate: 'rate_changed',
  set_notice: 'notice_changed',
};

/** Records that no entry of the log is about. */
const UNLOGGED = ['answered', 'ticket_redeemed'];

function makes(action: string, kind: string): boolean {
  const known = KINDS[action];
  if (known !== undefined) return known === kind;
  if (action.startsWith('set_')) return kind === 'terms_changed';
  return kind !== 'terms_changed' && ![...Object.values(KINDS), ...UNLOGGED].includes(kind);
}

/** Whether an entry is about this hold or order, if the record is about one. */
function about(target: string, subject: string | null | undefined): boolean {
  return !/^(hld|ord)_/.test(target) || target === subject;
}

/** The deed of the latest entries, newest first, that a record came of; null if none of them fits. */
export function deedOf(record: JournalRecord, entries: readonly Entry[]): Deed | null {
  if (record.by !== 'operator') return null;
  const at = Date.parse(record.at);
  for (const [index, done] of entries.entries()) {
    if (done.outcome !== 'done' || Date.parse(done.at) + SKEW_MS < at) continue;
    if (!makes(done.action, record.kind) || !about(done.target, record.subject)) continue;
    const same = (entry: Entry) =>
      entry.outcome === 'asked' &&
      (['by', 'action', 'target', 'reason'] as const).every((name) => entry[name] === done[name]);
    const asked = entries.slice(index + 1).find(same);
    if (asked === undefined || Date.parse(asked.at) - SKEW_MS > at) continue;
    return { who: done.email ?? done.by, why: done.reason };
  }
  return null;
}
