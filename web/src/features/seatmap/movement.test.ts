import { describe, expect, it } from 'vitest';
import { seeded } from '../../model/testing';
import { layoutOf, pointOf } from './layout';
import { firstSeat, firstSection, nextSeat, nextSection, type Direction } from './movement';
import type { PickTarget, Target } from './target';
import { chartOf, hall, row } from './testing';

const layout = layoutOf(hall());

function go(from: PickTarget, ...directions: Direction[]): PickTarget | null {
  let at: PickTarget | null = from;
  for (const direction of directions) at = at === null ? null : nextSeat(layout, at, direction);
  return at;
}

function seat(place: number): PickTarget {
  return { type: 'seat', place };
}

describe('arrow keys among seats', () => {
  it('move along the row and between rows', () => {
    expect(go(seat(12), 'right')).toEqual(seat(13));
    expect(go(seat(12), 'left')).toEqual(seat(11));
    expect(go(seat(12), 'up')).toEqual(seat(2));
    expect(go(seat(12), 'down')).toEqual(seat(22));
  });

  it('cross aisles, whatever the distance', () => {
    expect(go(seat(19), 'right')).toEqual(seat(40));
    expect(go(seat(40), 'left')).toEqual(seat(19));
    expect(go(seat(54), 'down')).toEqual({ type: 'table', block: 7 });
    expect(go({ type: 'table', block: 7 }, 'up')).toEqual(seat(54));
  });

  it('stop at the edge', () => {
    expect(go(seat(0), 'left')).toBeNull();
    expect(go(seat(0), 'up')).toBeNull();
    expect(go(seat(39), 'right')).toBeNull();
  });

  it('come back the way they went inside of a section', () => {
    const back = { left: 'right', right: 'left', up: 'down', down: 'up' } as const;
    for (const place of [11, 14, 18]) {
      for (const direction of ['left', 'right', 'up', 'down'] as const) {
        expect(go(seat(place), direction, back[direction])).toEqual(seat(place));
      }
    }
  });

  it('reach every seat of a hall that is turned by any angle', () => {
    const random = seeded(2);
    for (let round = 0; round < 6; round += 1) {
      const angle = random() * 2 * Math.PI;
      const rows = Array.from({ length: 5 }, (_, line) => {
        const straight = row(String(line), 0, 7, [0, line * 90]);
        const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
        const turned = straight.x.map((x, at) => [
          Math.round(x * cos - (straight.y[at] ?? 0) * sin),
          Math.round(x * sin + (straight.y[at] ?? 0) * cos),
        ]);
        return { ...straight, x: turned.map(([x]) => x ?? 0), y: turned.map(([, y]) => y ?? 0) };
      });
      const hallTurned = layoutOf(chartOf(rows));
      const reached = new Set([0]);
      for (const place of reached) {
        for (const direction of ['left', 'right', 'up', 'down'] as const) {
          const next = nextSeat(hallTurned, seat(place), direction);
          if (next?.type === 'seat') reached.add(next.place);
        }
      }
      expect(reached.size, `turned by ${angle}`).toBe(35);
    }
  });

  it('always go the way of the arrow', () => {
    for (const place of layout.seats) {
      const next = nextSeat(layout, seat(place), 'right');
      if (next?.type === 'seat') {
        expect(pointOf(layout, next.place).x).toBeGreaterThan(pointOf(layout, place).x);
      }
    }
  });
});

describe('arrow keys among sections', () => {
  it('move between sections and areas', () => {
    const first: Target = { type: 'section', section: 0 };
    expect(firstSection(layout)).toEqual(first);
    expect(nextSection(layout, first, 'right')).toEqual({ type: 'section', section: 1 });
    expect(nextSection(layout, first, 'down')).toEqual({ type: 'area', block: 6 });
    expect(nextSection(layout, first, 'left')).toBeNull();
  });
});

describe('the first seat of a section', () => {
  it('is nearest to the stage, of those that pass', () => {
    expect(firstSeat(layout, 0, () => true)).toEqual(seat(5));
    expect(firstSeat(layout, 0, (target) => target.type === 'seat' && target.place > 12)).toEqual(
      seat(15),
    );
    expect(firstSeat(layout, 0, () => false), 'or the nearest of all').toEqual(seat(5));
    expect(firstSeat(layout, 2, () => true), 'an area has none').toBeNull();
  });
});
