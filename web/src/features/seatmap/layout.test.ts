import { describe, expect, it } from 'vitest';
import { ACCESSIBLE, COMPANION } from './chart';
import { polygonHas } from './geometry';
import { blockAt, isSeat, layoutOf, pointOf, seatLabel } from './layout';
import { area, chartOf, hall, row, table } from './testing';

describe('a layout', () => {
  const layout = layoutOf(hall());

  it('knows where each place is and what it is called', () => {
    expect(pointOf(layout, 12)).toEqual({ x: 100, y: 90 });
    expect(seatLabel(layout, 12)).toBe('3');
    expect(blockAt(layout, 12)?.label).toBe('B');
    expect(layout.category[12]).toBe(0);
    expect(layout.category[42]).toBe(1);
    expect([isSeat(layout, 59), isSeat(layout, 60), isSeat(layout, 160)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(seatLabel(layout, 60)).toBe('');
    expect(layout.seats).toHaveLength(64);
  });

  it('finds the pitch of seats', () => {
    expect(layout.pitch).toBe(50);
    // Charts have any unit, and tables may stand on each other.
    const other = layoutOf(chartOf([row('A', 0, 3, [0, 0], { x: [0, 7, 14] })]));
    expect(other.pitch).toBe(7);
    expect(layoutOf(chartOf([area('GA', 0, 10, 0, 0)])).pitch).toBeGreaterThan(0);
  });

  it('draws an outline around a section that has none', () => {
    const [first] = layout.sections;
    for (let place = 0; place < 30; place += 1) {
      const { x, y } = pointOf(layout, place);
      expect(polygonHas(first?.outline ?? [], x, y)).toBe(true);
    }
    const { x, y } = pointOf(layout, 30);
    expect(polygonHas(first?.outline ?? [], x, y)).toBe(false);
    expect(layout.sections[2]?.outline, 'an area has one itself').toEqual([]);
  });

  it('keeps categories and traits of single places', () => {
    const chart = chartOf([
      row('A', 0, 3, [0, 0], { categories: [0, 1, 0], accessible: [0], companion: [0, 1] }),
    ]);
    const { category, traits } = layoutOf(chart);
    expect(Array.from(category)).toEqual([0, 1, 0]);
    expect(Array.from(traits)).toEqual([ACCESSIBLE | COMPANION, COMPANION, 0]);
  });

  it('holds everything', () => {
    const { left, top, right, bottom } = layout.box;
    expect(left).toBeLessThan(0);
    expect(right).toBeGreaterThan(1_150);
    expect(bottom).toBeGreaterThanOrEqual(800);
    expect(top).toBeLessThanOrEqual(layout.stage?.top ?? Infinity);
  });
});

describe('a stage', () => {
  it('stands around the focal point and in nobody’s way', () => {
    const { stage } = layoutOf(hall());
    if (stage === null) throw new Error('there is room');
    expect((stage.left + stage.right) / 2).toBe(250);
    expect((stage.top + stage.bottom) / 2).toBe(-400);
    expect(stage.bottom).toBeLessThan(-45);
  });

  it('is left out where there is no room', () => {
    expect(layoutOf(chartOf([row('A', 0, 9, [0, 0])], { focal_point: [200, 10] })).stage).toBeNull();
    const inside = chartOf([area('GA', 0, 10, 0, 0)], { focal_point: [200, 150] });
    expect(layoutOf(inside).stage).toBeNull();
  });
});

describe('the back of a section', () => {
  it('is behind the row that is furthest from the stage, outside', () => {
    const { back, outline } = layoutOf(hall()).sections[0] ?? { outline: [] };
    expect(back?.out).toEqual({ x: -0, y: 1 });
    expect(back?.angle).toBeCloseTo(0);
    expect(back?.x).toBe(250);
    expect(back?.y).toBeGreaterThan(180);
    expect(polygonHas(outline, back?.x ?? 0, back?.y ?? 0)).toBe(false);
  });

  it('turns with the rows', () => {
    const straight = row('A', 0, 9, [-600, 0]);
    const side = { ...straight, x: straight.y.map(() => 900), y: straight.x };
    const { back } = layoutOf(chartOf([side])).sections[0] ?? {};
    expect(back?.out).toEqual({ x: 1, y: -0 });
    expect(Math.abs(back?.angle ?? 0)).toBeCloseTo(Math.PI / 2);
  });

  it('of tables is away from the stage', () => {
    const { back } = layoutOf(chartOf([table('T1', 0, 250, 300)])).sections[0] ?? {};
    expect(back?.x).toBeCloseTo(250);
    expect(back?.y).toBeGreaterThan(360);
  });
});
