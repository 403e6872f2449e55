import { expect, test } from 'vitest';
import type { components } from '../api/schema';
import type { FrameOf } from './ops';
import {
  actorAddress,
  bySection,
  bytesOf,
  deedAddress,
  deedIn,
  recordOf,
  rememberBeat,
  shadeOf,
  shadeOfTimes,
  timesBySection,
} from './past';

test('a byte is a shade: free, sold, not for sale, or held by age', () => {
  expect([...bytesOf(btoa('\x00\x01\x02\x03\x0f'))]).toEqual([0, 1, 2, 3, 15]);
  const minutes = [0, 1, 2, 3, 4, 5, 12];
  expect([0, 1, 2].map(shadeOf)).toEqual([0, 1, 2]);
  expect(minutes.map((minute) => shadeOf(3 + minute))).toEqual([3, 4, 4, 5, 5, 6, 6]);
});

test('a place that was held more often is of a later shade', () => {
  const times = [0, 1, 2, 3, 4, 7, 8, 255];
  expect(times.map(shadeOfTimes)).toEqual([2, 3, 4, 4, 5, 5, 6, 6]);
});

test('places are counted by section', () => {
  const chart = {
    sections: [{ label: 'Left' }, { label: 'Right' }],
    blocks: [
      { section: 0, first: 0, count: 3 },
      { section: 1, first: 3, count: 2 },
      { section: 0, first: 5, count: 1 },
    ],
  } as components['schemas']['ChartView'];
  expect(bySection(chart, Uint8Array.of(0, 1, 2, 9, 3, 1))).toEqual([
    { label: 'Left', free: 1, held: 0, sold: 2 },
    { label: 'Right', free: 0, held: 2, sold: 0 },
  ]);
  expect(timesBySection(chart, Uint8Array.of(1, 0, 2, 5))).toEqual([
    { label: 'Left', times: 3 },
    { label: 'Right', times: 5 },
  ]);
});

test('an address names a record or the last one', () => {
  expect(actorAddress('evt_1')).toBe('/ops/actors/evt_1');
  expect(actorAddress('evt_1', 12)).toBe('/ops/actors/evt_1?seq=12');
  expect(deedAddress('evt_1', 12)).toBe('/ops/actors/evt_1?deed=12');
  expect(recordOf({ seq: '12' })).toBe(12);
  expect([deedIn({ deed: '12' }), deedIn({ seq: '12' })]).toEqual([12, null]);
  for (const odd of [undefined, '', '0', '-1', '1.5', 'x', '1e99']) {
    expect(recordOf({ seq: odd })).toBeNull();
  }
});

test('a beat is remembered once, and not without an actor', () => {
  const frame = (at: string, rate: number | null) =>
    ({ type: 'actor', at, actor: rate === null ? null : { rate } }) as FrameOf<'actor'>;
  const one = rememberBeat([], frame('1', 5));
  expect(one).toEqual([{ at: '1', rate: 5, wait: null, append: null, batch: null }]);
  expect(rememberBeat(one, frame('1', 6))).toBe(one);
  expect(rememberBeat(one, frame('2', null))).toBe(one);
  let many = one;
  for (let at = 2; at < 300; at += 1) many = rememberBeat(many, frame(String(at), at));
  expect(many.length).toBe(120);
});
