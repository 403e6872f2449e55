import { describe, expect, it } from 'vitest';
import { below, seeded } from '../../model/testing';
import { contrast, css, legible, mix, parseRgb, type Rgb } from './palette';

const WHITE: Rgb = [255, 255, 255];
const NIGHT: Rgb = [26, 28, 35];

describe('a colour', () => {
  it('is read as browsers write it and written as they read it', () => {
    expect(parseRgb('rgb(1, 20, 255)')).toEqual([1, 20, 255]);
    expect(parseRgb('rgba(1, 20, 255, 0.5)')).toEqual([1, 20, 255]);
    expect(css([1.4, 20, 255])).toBe('rgb(1 20 255)');
    expect(mix([0, 100, 0], [100, 0, 0], 0.25)).toEqual([25, 75, 0]);
  });

  it('has the contrast that WCAG computes', () => {
    expect(contrast(WHITE, [0, 0, 0])).toBeCloseTo(21);
    expect(contrast([0, 114, 178], WHITE)).toBeCloseTo(5.19, 1);
    expect(contrast([140, 140, 140], WHITE)).toBeCloseTo(3.36, 1);
  });

  it('becomes legible on any ground, and stays as it is where it can', () => {
    const random = seeded(11);
    for (let round = 0; round < 500; round += 1) {
      const color: Rgb = [below(random, 256), below(random, 256), below(random, 256)];
      for (const ground of [WHITE, NIGHT]) {
        const moved = legible(color, ground, 3);
        expect(contrast(moved, ground)).toBeGreaterThanOrEqual(3);
        if (contrast(color, ground) >= 3) expect(moved).toEqual(color);
      }
    }
  });
});
