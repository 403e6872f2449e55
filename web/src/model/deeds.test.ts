import { expect, test } from 'vitest';
import type { components } from '../api/schema';
import { deedOf } from './deeds';

type Entry = components['schemas']['AuditEntryView'];
type JournalRecord = components['schemas']['JournalRecordView'];

const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1_000).toISOString();

function record(kind: string, seconds: number, subject: string | null = null): JournalRecord {
  const figures = { places: 0, fans: 0, amount_minor: null, batch: 1, fence: 1 };
  return { seq: 1, at: at(seconds), by: 'operator', kind, subject, ...figures };
}

/** A deed that was asked for at one moment and done at another. */
function deed(action: string, from: number, to: number, change: Partial<Entry> = {}): Entry[] {
  const entry: Entry = {
    number: 1,
    at: at(to),
    by: 'acc_1',
    email: 'op@example.com',
    event: 'evt_1',
    action,
    target: '',
    reason: `${action} at ${from}`,
    outcome: 'done',
    hash: '',
    ...change,
  };
  return [entry, { ...entry, at: at(from), outcome: 'asked' }];
}

test('a record came of what was done around its time', () => {
  const log = [...deed('resume', 60, 60), ...deed('pause', 10, 12)];
  const paused = { who: 'op@example.com', why: 'pause at 10' };
  expect(deedOf(record('status_changed', 11), log)).toEqual(paused);
  expect(deedOf(record('status_changed', 60), log)?.why).toBe('resume at 60');
  expect(deedOf(record('status_changed', 30), log)).toBe(null);
  expect(deedOf({ ...record('status_changed', 11), by: 'clock' }, log)).toBe(null);
  expect(deedOf(record('terms_changed', 11), log)).toBe(null);
});

test('it is about the same hold or order', () => {
  const log = [
    ...deed('release_hold', 10, 10, { target: 'hld_2' }),
    ...deed('release_hold', 10, 10, { target: 'hld_1', email: null }),
  ];
  expect(deedOf(record('hold_released', 10, 'hld_1'), log)?.who).toBe('acc_1');
  expect(deedOf(record('hold_released', 10, 'hld_3'), log)).toBe(null);
});

test('what was refused made no record, and what is not logged came of none', () => {
  const refused = deed('pause', 10, 10).map((entry) =>
    entry.outcome === 'done' ? { ...entry, outcome: 'status_conflict' } : entry,
  );
  expect(deedOf(record('status_changed', 10), refused)).toBe(null);
  const log = deed('paint_it_black', 10, 10);
  expect(deedOf(record('ticket_redeemed', 10, 'tkt_1'), log)).toBe(null);
  expect(deedOf(record('painted', 10), log)?.why).toBe('paint_it_black at 10');
  expect(deedOf(record('terms_changed', 10), deed('set_admitted_max', 9, 10))).not.toBe(null);
  expect(deedOf(record('terms_changed', 10), deed('set_notice', 9, 10))).toBe(null);
  expect(deedOf(record('notice_changed', 10), deed('set_notice', 9, 10))).not.toBe(null);
});
