import { describe, expect, it } from 'vitest';
import { below, seeded } from '../../model/testing';
import { layoutOf } from './layout';
import { Tally } from './tally';
import { hall } from './testing';

const layout = layoutOf(hall());

describe('the tally', () => {
  it('knows nothing at first', () => {
    const tally = new Tally(layout);
    expect(tally.isComplete).toBe(false);
    expect(tally.stateOf(0)).toBe(3);
    expect(tally.mainCategory(0)).toBeNull();
  });

  it.each([1, 2, 3, 4, 5])('counts like one who counts everything, seed %i', (seed) => {
    const random = seeded(seed);
    const tally = new Tally(layout);
    let states = new Uint8Array(164);
    let hidden = new Set<number>();
    for (let round = 0; round < 40; round += 1) {
      const next = states.map((state) => (random() < 0.2 ? below(random, 4) : state));
      const differ = Array.from(next.keys()).filter(
        (place) => round === 0 ? next[place] !== 3 : next[place] !== states[place],
      );
      expect(tally.update(next)).toEqual(differ);
      states = next;
      if (random() < 0.3) {
        hidden = new Set([0, 1].filter(() => random() < 0.4));
        tally.hide(hidden);
      }
      const free = (from: number, to: number): number =>
        Array.from(states.subarray(from, to)).filter(
          (state, at) => state === 0 && !hidden.has(layout.category[from + at] ?? 0),
        ).length;
      expect(tally.freeInSection[0]).toBe(free(0, 30));
      expect(tally.freeInSection[2]).toBe(free(60, 160));
      expect(tally.freeInBlock[1]).toBe(free(10, 20));
      expect(tally.mainCategory(1)).toBe(free(30, 60) > 0 ? 1 : null);
      expect(tally.isHidden(0)).toBe(hidden.has(0));
      expect(tally.isComplete).toBe(hidden.size === 0);
    }
  });
});
