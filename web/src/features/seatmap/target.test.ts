import { describe, expect, it } from 'vitest';
import { seeded } from '../../model/testing';
import { distance } from './geometry';
import { layoutOf, pointOf } from './layout';
import { middleOf, nearestSeat, placeOf, targetAt, targetOfSeat } from './target';
import { hall } from './testing';

const layout = layoutOf(hall());

describe('what is at a point', () => {
  it.each([
    ['a seat', { x: 103, y: 88 }, { type: 'seat', place: 12 }],
    ['a seat of the other section', { x: 700, y: 0 }, { type: 'seat', place: 30 }],
    ['a seat of a whole table', { x: 842, y: 600 }, { type: 'table', block: 7 }],
    ['the top of a whole table', { x: 900, y: 610 }, { type: 'table', block: 7 }],
    ['an area', { x: 50, y: 700 }, { type: 'area', block: 6 }],
    ['a section between its rows', { x: 225, y: 45 }, { type: 'section', section: 0 }],
    ['nothing', { x: 600, y: 90 }, null],
  ])('is %s', (_, point, target) => {
    expect(targetAt(layout, point, 'seats', 20)).toEqual(target);
  });

  it('is the section from far away', () => {
    expect(targetAt(layout, { x: 103, y: 88 }, 'sections', 20)).toEqual({
      type: 'section',
      section: 0,
    });
    expect(targetAt(layout, { x: 842, y: 600 }, 'sections', 20)).toEqual({
      type: 'section',
      section: 3,
    });
  });

  it('is the nearest seat of all, if it is within reach', () => {
    const random = seeded(9);
    for (let round = 0; round < 500; round += 1) {
      const at = { x: random() * 1_400 - 100, y: random() * 900 - 100 };
      const reach = random() * 120;
      let best: number | null = null;
      let least = reach;
      for (const place of layout.seats) {
        const away = distance(at, pointOf(layout, place));
        if (away <= least) [least, best] = [away, place];
      }
      const found = nearestSeat(layout, at, reach);
      if (best === null || found === null) expect(found).toBe(best);
      else expect(distance(at, pointOf(layout, found))).toBe(least);
    }
  });
});

describe('a target', () => {
  it('has a middle and a place that stands for it', () => {
    expect(middleOf(layout, { type: 'table', block: 7 })).toEqual({ x: 900, y: 600 });
    expect(middleOf(layout, { type: 'area', block: 6 })).toMatchObject({ x: 200, y: 650 });
    expect(placeOf(layout, { type: 'area', block: 6 })).toBe(60);
    expect(targetOfSeat(layout, 161)).toEqual({ type: 'table', block: 7 });
  });
});
