import { expect, test } from 'vitest';
import type { components } from '../api/schema';
import { deedOf, lastDeed, mayBeRecorded } from './deeds';

type Entry = components['schemas']['AuditEntryView'];
type JournalRecord = components['schemas']['JournalRecordView'];

function record(seq: number, deed: number | null): JournalRecord {
  const figures = { places: 0, fans: 0, amount_minor: null, batch: 1, fence: 1 };
  const at = '2027-01-15T08:00:00Z';
  return { seq, at, by: 'operator', kind: 'status_changed', subject: null, deed, ...figures };
}

function entry(number: number, change: Partial<Entry> = {}): Entry {
  return {
    number,
    at: '2027-01-15T08:00:00Z',
    by: 'acc_1',
    email: 'op@example.com',
    event: 'evt_1',
    action: 'pause',
    target: '',
    reason: `for reason ${number}`,
    outcome: 'asked',
    hash: '',
    ...change,
  };
}

test('a record came of the entry that it names, whatever else was done at that moment', () => {
  const log = [entry(9), entry(8, { outcome: 'done' }), entry(7, { email: null }), entry(6)];
  expect(deedOf(record(1, 9), log)).toEqual({ who: 'op@example.com', why: 'for reason 9' });
  expect(deedOf(record(1, 7), log)).toEqual({ who: 'acc_1', why: 'for reason 7' });
  expect(deedOf(record(1, 5), log)).toBeNull();
  expect(deedOf(record(1, null), log)).toBeNull();
});

test('the last deed of some records is known if there is one', () => {
  expect(lastDeed([record(1, null), record(2, 12), record(3, 30), record(4, null)])).toBe(30);
  expect(lastDeed([record(1, null)])).toBeNull();
});

test('what changes a sale may be recorded, once it was asked for', () => {
  expect(mayBeRecorded(entry(1))).toBe(true);
  for (const action of ['set_terms', 'free_places', 'return_order']) {
    expect(mayBeRecorded(entry(1, { action }))).toBe(true);
  }
  expect(mayBeRecorded(entry(1, { outcome: 'done' }))).toBe(false);
  for (const action of ['hand_over', 'drain_node', 'publish_draft', 'unpause']) {
    expect(mayBeRecorded(entry(1, { action }))).toBe(false);
  }
  expect(mayBeRecorded(entry(1, { event: '' }))).toBe(false);
});
