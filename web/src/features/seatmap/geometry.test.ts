import { describe, expect, it } from 'vitest';
import { seeded } from '../../model/testing';
import {
  boxAround,
  cornersOf,
  distanceToSides,
  hullAround,
  innerPoint,
  leastBy,
  meanOf,
  polygonHas,
  type Point,
} from './geometry';

const SQUARE = [0, 0, 10, 0, 10, 10, 0, 10];
/** A square of 10 without its upper right quarter. */
const BENT = [0, 0, 5, 0, 5, 5, 10, 5, 10, 10, 0, 10];

describe('a polygon', () => {
  it('has what is inside of it', () => {
    expect(polygonHas(SQUARE, 5, 5)).toBe(true);
    expect(polygonHas(SQUARE, 11, 5)).toBe(false);
    expect(polygonHas(SQUARE, 5, -1)).toBe(false);
    expect(polygonHas(BENT, 7, 3)).toBe(false);
    expect(polygonHas(BENT, 7, 7)).toBe(true);
    expect(polygonHas([], 0, 0)).toBe(false);
  });

  it('agrees with a half-plane test on random triangles', () => {
    const random = seeded(3);
    for (let round = 0; round < 2_000; round += 1) {
      const [ax = 0, ay = 0, bx = 0, by = 0, cx = 0, cy = 0, x = 0, y = 0] = Array.from(
        { length: 8 },
        () => random() * 10,
      );
      const side = (px: number, py: number, qx: number, qy: number): number =>
        Math.sign((qx - px) * (y - py) - (qy - py) * (x - px));
      const sides = new Set([side(ax, ay, bx, by), side(bx, by, cx, cy), side(cx, cy, ax, ay)]);
      expect(polygonHas([ax, ay, bx, by, cx, cy], x, y)).toBe(sides.size === 1);
    }
  });

  it('tells how far its sides are', () => {
    expect(distanceToSides(SQUARE, 5, 3)).toBe(3);
    expect(distanceToSides(SQUARE, 13, 14)).toBe(5);
  });
});

describe('the point for a label', () => {
  it('is the centroid where that is inside', () => {
    expect(innerPoint(SQUARE, [])).toEqual({ x: 5, y: 5, clearance: 5 });
  });

  it('is a point of the section where the centroid is outside', () => {
    // A thin L: its centroid lies in the open corner.
    const thin = [0, 0, 1, 0, 1, 99, 100, 99, 100, 100, 0, 100];
    const points = [
      { x: 0.5, y: 10 },
      { x: 0.5, y: 80 },
      { x: 90, y: 99.5 },
    ];
    expect(innerPoint(thin, points)).toMatchObject({ x: 0.5, y: 80 });
  });
});

describe('a hull', () => {
  it('has all of its points, with room around', () => {
    const random = seeded(4);
    for (const count of [1, 2, 3, 50]) {
      const points: Point[] = Array.from({ length: count }, () => ({
        x: random() * 100,
        y: random() * 100,
      }));
      const outline = hullAround(points, 8);
      for (const { x, y } of points) {
        expect(polygonHas(outline, x, y)).toBe(true);
        expect(distanceToSides(outline, x, y)).toBeGreaterThan(7.5);
      }
      const [inner, outer] = [boxAround(points, 8.001), boxAround(cornersOf(outline), 0)];
      expect(outer.left).toBeGreaterThanOrEqual(inner.left);
      expect(outer.bottom).toBeLessThanOrEqual(inner.bottom);
    }
  });
});

describe('points', () => {
  it('have a mean and a least', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 4, y: 2 },
    ];
    expect(meanOf(points)).toEqual({ x: 2, y: 1 });
    expect(leastBy(points, ({ x }) => -x)).toBe(points[1]);
    expect(leastBy(points, () => Infinity)).toBeNull();
  });
});
