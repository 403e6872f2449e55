import { describe, expect, it } from 'vitest';
import { below, seeded } from '../../model/testing';
import {
  between,
  centreOf,
  centred,
  clamped,
  fitted,
  limitsOf,
  panned,
  toChart,
  toScreen,
  visibleBox,
  zoomed,
  type Camera,
} from './camera';

const BOX = { left: 100, top: 200, right: 4_100, bottom: 2_200 };
const VIEW = { width: 800, height: 600 };
const LIMITS = limitsOf(BOX, 50, VIEW);

describe('a camera', () => {
  it('shows all of a box', () => {
    const camera = fitted(BOX, VIEW);
    const seen = visibleBox(camera, VIEW);
    expect(seen.left).toBeLessThan(BOX.left);
    expect(seen.right).toBeGreaterThan(BOX.right);
    expect(seen.top).toBeLessThan(BOX.top);
    expect(seen.bottom).toBeGreaterThan(BOX.bottom);
    expect(centreOf(camera, VIEW)).toEqual({ x: 2_100, y: 1_200 });
  });

  it('maps to the screen and back', () => {
    const camera: Camera = { x: 30, y: -20, scale: 0.25 };
    const screen = toScreen(camera, { x: 130, y: 80 });
    expect(screen).toEqual({ x: 25, y: 25 });
    expect(toChart(camera, screen)).toEqual({ x: 130, y: 80 });
  });

  it('keeps the point under the pointer when it zooms, within limits', () => {
    const random = seeded(5);
    let camera = fitted(BOX, VIEW);
    for (let round = 0; round < 200; round += 1) {
      const at = { x: below(random, 800), y: below(random, 600) };
      const before = toChart(camera, at);
      camera = zoomed(camera, 0.5 + random(), at, LIMITS);
      const after = toChart(camera, at);
      expect(after.x).toBeCloseTo(before.x, 6);
      expect(after.y).toBeCloseTo(before.y, 6);
      expect(camera.scale).toBeGreaterThanOrEqual(LIMITS.scaleMin);
      expect(camera.scale).toBeLessThanOrEqual(LIMITS.scaleMax);
    }
  });

  it('follows a drag', () => {
    const camera = panned({ x: 0, y: 0, scale: 2 }, 10, -4);
    expect(camera).toEqual({ x: -5, y: 2, scale: 2 });
  });

  it('does not look past the chart', () => {
    for (const x of [-1e6, 0, 1e6]) {
      const camera = clamped({ x, y: x, scale: 1 }, VIEW, LIMITS);
      const seen = visibleBox(camera, VIEW);
      expect(seen.left).toBeLessThan(BOX.right);
      expect(seen.right).toBeGreaterThan(BOX.left);
      expect(seen.bottom).toBeGreaterThan(BOX.top);
    }
    const whole = clamped({ x: -900, y: 0, scale: 0.0001 }, VIEW, LIMITS);
    expect(centreOf(whole, VIEW).x).toBeCloseTo(2_100);
    expect(whole.scale).toBe(LIMITS.scaleMin);
  });

  it('does not blow a few seats up', () => {
    const tiny = limitsOf({ left: 0, top: 0, right: 100, bottom: 50 }, 50, VIEW);
    expect(tiny.scaleMin * 50).toBeLessThan(80);
  });
});

describe('a flight', () => {
  const from = centred({ x: 500, y: 500 }, 0.1, VIEW);
  const to = centred({ x: 3_000, y: 900 }, 2, VIEW);

  it('begins and ends where it should', () => {
    for (const [part, camera] of [[0, from] as const, [1, to] as const]) {
      const now = between(from, to, part, VIEW);
      expect(now.x).toBeCloseTo(camera.x);
      expect(now.y).toBeCloseTo(camera.y);
      expect(now.scale).toBeCloseTo(camera.scale);
    }
  });

  it('goes straight on without a zoom', () => {
    const aside = panned(from, -100, 0);
    const half = between(from, aside, 0.5, VIEW);
    expect(half.scale).toBe(from.scale);
    expect(half.y).toBeCloseTo(from.y);
    expect(half.x).toBeGreaterThan(from.x);
    expect(half.x).toBeLessThan(aside.x);
  });

  it('never turns back on the way', () => {
    let before = from;
    for (let step = 1; step <= 20; step += 1) {
      const now = between(from, to, step / 20, VIEW);
      expect(now.scale).toBeGreaterThan(before.scale);
      expect(centreOf(now, VIEW).x).toBeGreaterThanOrEqual(centreOf(before, VIEW).x);
      before = now;
    }
  });
});
