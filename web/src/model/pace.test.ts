import { describe, expect, it } from 'vitest';
import type { RoomFrame } from './frames';
import { departedBefore, observe, waitFor, type Pace } from './pace';
import { below, roomOf, seeded } from './testing';

/** Runs a line second by second: how many are called and join in each. */
function run(
  seconds: number,
  waiting: number[],
  rates: { call: number; join?: number; leave?: number },
  random: () => number = () => 0.5,
): { pace: Pace; waiting: number[]; next: number; nowMs: number } {
  let pace: Pace = [];
  let line = waiting;
  let next = (waiting.at(-1) ?? 0) + 1;
  let due = 0;
  let nowMs = 0;
  for (let second = 0; second <= seconds; second += 1) {
    nowMs = second * 1_000;
    pace = observe(pace, roomOf(line, next, { atMs: nowMs }));
    due += rates.call * 2 * random();
    const called = Math.floor(due);
    due -= called;
    line = line.slice(called);
    for (let index = 0; index < (rates.join ?? 0); index += 1) line.push(next++);
    if (rates.leave !== undefined) {
      const share = rates.leave;
      line = line.filter(() => random() >= share);
    }
  }
  return { pace, waiting: line, next, nowMs };
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

describe('the pace', () => {
  it('keeps a bounded history that ends with the latest frame', () => {
    let pace: Pace = [];
    for (let at = 0; at < 3_600_000; at += 100) {
      pace = observe(pace, roomOf([1], 2, { atMs: at }));
      expect(pace.length).toBeLessThan(70);
      expect(pace.at(-1)?.atMs).toBe(at);
    }
    expect(pace[0]?.atMs).toBeGreaterThan(3_600_000 - 320_000);
    expect(pace[0]?.atMs).toBeLessThan(3_600_000 - 290_000);
  });

  it('ignores a frame from before', () => {
    const pace = observe([], roomOf([1], 2, { atMs: 50 }));
    expect(observe(pace, roomOf([1], 2, { atMs: 40 }))).toBe(pace);
  });
});

describe('departures', () => {
  it.each(Array.from({ length: 30 }, (_, seed) => seed))('are within bounds, seed %i', (seed) => {
    const random = seeded(seed);
    const first = upTo(50 + below(random, 5_000));
    const older = roomOf(first, first.length + 1);
    let later = first.slice(below(random, 60));
    if (random() < 0.5) later = later.filter(() => random() > 0.02);
    const next = first.length + 1 + below(random, 300);
    for (let number = first.length + 1; number < next; number += 1) later.push(number);
    const newer = roomOf(later, next);
    const rest = new Set(later);
    for (let number = 1; number <= first.length; number += 37) {
      const truth = first.filter((other) => other < number && !rest.has(other)).length;
      const bounds = departedBefore(number, older, newer);
      expect(bounds.min).toBeLessThanOrEqual(truth);
      expect(bounds.max).toBeGreaterThanOrEqual(truth);
    }
  });

  it('are known closely even far back, where the place is not', () => {
    const first = upTo(40_000).filter((number) => number % 3 > 0);
    const bounds = departedBefore(39_000, roomOf(first, 40_001), roomOf(first.slice(50), 40_001));
    expect(bounds).toEqual({ min: 50, max: 50 });
  });
});

describe('the wait', () => {
  it.each([
    [1, 100],
    [5, 3_000],
    [20, 3_000],
  ])('at %i a second holds what happens', (call, ahead) => {
    const { pace, waiting, nowMs } = run(120, upTo(20_000), { call, join: 2 });
    const wait = waitFor(waiting[ahead] ?? 0, pace, nowMs);
    if (wait.type !== 'about') throw new Error('not known');
    const truthMs = (ahead / call) * 1_000;
    expect(wait.minMs).toBeLessThan(truthMs);
    expect(wait.maxMs).toBeGreaterThan(truthMs);
    expect(wait.maxMs).toBeLessThan(truthMs * 2.5);
    expect(wait.minMs).toBeGreaterThan(truthMs / 2);
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'holds with leavers and chance, seed %i',
    (seed) => {
      const random = seeded(seed);
      const rates = { call: 4, join: 1, leave: 0.0005 };
      const { pace, waiting, nowMs } = run(200, upTo(8_000), rates, random);
      const ahead = 1_500;
      const number = waiting[ahead] ?? 0;
      const wait = waitFor(number, pace, nowMs);
      if (wait.type !== 'about') throw new Error('not known');
      let line = waiting;
      let seconds = 0;
      for (let due = 0; line.some((other) => other === number); seconds += 1) {
        due += 8 * random();
        const called = Math.floor(due);
        due -= called;
        line = line.slice(called).filter((other) => other === number || random() >= 0.0005);
      }
      expect(wait.minMs).toBeLessThan(seconds * 1_000);
      expect(wait.maxMs).toBeGreaterThan(seconds * 1_000);
    },
  );

  it('of a fan who has just joined is known from the time before', () => {
    const { pace, next, nowMs } = run(60, upTo(2_000), { call: 5 });
    expect(waitFor(next + 3, pace, nowMs).type).toBe('about');
  });

  it.each<[string, (latest: RoomFrame) => RoomFrame]>([
    ['paused', (latest) => ({ ...latest, atMs: latest.atMs + 1, status: 'paused' })],
    ['closed', (latest) => ({ ...latest, atMs: latest.atMs + 1, status: 'closed' })],
  ])('is unknown while %s', (_, change) => {
    const { pace, waiting, nowMs } = run(60, upTo(2_000), { call: 5 });
    const latest = pace.at(-1);
    if (latest === undefined) throw new Error('nothing was observed');
    const wait = waitFor(waiting[50] ?? 0, observe(pace, change(latest)), nowMs);
    expect(wait).toEqual({ type: 'unknown' });
  });

  it('is unknown at first, when nothing moves, and for whoever is gone', () => {
    const early = run(10, upTo(2_000), { call: 5 });
    expect(waitFor(1_000, early.pace, early.nowMs).type).toBe('unknown');
    const stuck = run(200, upTo(2_000), { call: 0 });
    expect(waitFor(1_000, stuck.pace, stuck.nowMs).type).toBe('unknown');
    const moving = run(60, upTo(2_000), { call: 5 });
    expect(waitFor(1, moving.pace, moving.nowMs).type).toBe('unknown');
    expect(waitFor(1, [], 0).type).toBe('unknown');
  });

  it('becomes unknown again when the line has stopped', () => {
    const { pace, waiting, nowMs } = run(60, upTo(2_000), { call: 5 });
    const number = waiting[50] ?? 0;
    expect(waitFor(number, pace, nowMs).type).toBe('about');
    expect(waitFor(number, pace, nowMs + 600_000).type).toBe('unknown');
  });
});

describe('a rate of admission', () => {
  it('is what the wait is worked out with once it is below what was seen', () => {
    const { pace, waiting, next, nowMs } = run(120, upTo(5_000), { call: 10 });
    const number = waiting[599] ?? 0;
    const at = (perMinute: number) =>
      waitFor(number, observe(pace, roomOf(waiting, next, { atMs: nowMs, perMinute })), nowMs);
    const free = at(0);
    expect(free.type).toBe('about');
    expect(at(60_000)).toEqual(free);
    // Six hundred at sixty a minute.
    expect(at(60)).toMatchObject({ type: 'about', minMs: 600_000, maxMs: 600_000 });
  });
});
