/** Which deed of the audit log a record of a journal came of, and the other way round: records have the
 * number of the entry that was made before the deed. */
import type { components } from '../api/schema';

type Entry = components['schemas']['AuditEntryView'];
type JournalRecord = components['schemas']['JournalRecordView'];

/** Who did something, and why. */
export interface Deed {
  /** Their e-mail address, or the id of an account that is gone. */
  readonly who: string;
  readonly why: string;
}

/** The deed that a record came of; null if it came of none, or its entry is not among these. */
export function deedOf(record: JournalRecord, entries: readonly Entry[]): Deed | null {
  const entry = entries.find(({ number }) => number === record.deed);
  return entry === undefined ? null : { who: entry.email ?? entry.by, why: entry.reason };
}

/** The last deed that some records came of; null if they came of none. */
export function lastDeed(records: readonly JournalRecord[]): number | null {
  const deeds = records.flatMap(({ deed }) => deed ?? []);
  return deeds.length === 0 ? null : Math.max(...deeds);
}

/** What changes a sale; the rest leaves no record. */
const RECORDED =
  /^(pause|resume|close|set_admitted_max|set_admission_rate|set_notice|set_terms|release_hold|cancel_order|return_order|(block|free)_places)$/;

/** Whether a record may have come of an entry, as far as the entry says. */
export function mayBeRecorded(entry: Pick<Entry, 'event' | 'action' | 'outcome'>): boolean {
  const { event, action, outcome } = entry;
  return event !== '' && outcome === 'asked' && RECORDED.test(action);
}
