import { describe, expect, it } from 'vitest';
import { below, seeded } from '../../model/testing';
import { boxHas, type Box } from './geometry';
import { gridOf } from './grid';

describe('a grid', () => {
  it.each([1, 7, 30, 5_000])('with cells of %i finds every seat of a box', (size) => {
    const random = seeded(size);
    const points = Array.from({ length: 500 }, () => ({
      x: random() * 2_000 - 1_000,
      y: random() * 300 - 150,
    }));
    const at = (place: number) => points[place] ?? { x: NaN, y: NaN };
    const grid = gridOf(points.keys(), at, size);
    for (let round = 0; round < 60; round += 1) {
      const [left, top] = [random() * 2_400 - 1_200, random() * 400 - 200];
      const box: Box = {
        left,
        top,
        right: left + below(random, 900),
        bottom: top + below(random, 200),
      };
      const found: number[] = [];
      grid.within(box, (place) => found.push(place));
      expect(new Set(found).size, 'each once').toBe(found.length);
      points.forEach(({ x, y }, place) => {
        if (boxHas(box, x, y)) expect(found).toContain(place);
      });
    }
  });

  it('does not walk over a desert', () => {
    const grid = gridOf([0], () => ({ x: 0, y: 0 }), 1);
    const found: number[] = [];
    const far = 1e7;
    grid.within({ left: -far, top: -far, right: far, bottom: far }, (place) => found.push(place));
    expect(found).toEqual([0]);
  });
});
