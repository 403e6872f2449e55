import { describe, expect, it } from 'vitest';
import { aheadOf, placeInLine, type Bounds } from './line';
import { below, roomOf, seeded } from './testing';

/** A line in which everybody knows the truth. */
class Line {
  waiting: number[] = [];
  next = 1;

  join(count: number): void {
    for (let index = 0; index < count; index += 1) this.waiting.push(this.next++);
  }

  call(count: number): void {
    this.waiting.splice(0, count);
  }

  lose(share: number, random: () => number): void {
    this.waiting = this.waiting.filter(() => random() >= share);
  }
}

function holds({ min, max }: Bounds, value: number): boolean {
  return min <= value && value <= max;
}

describe('a place in line', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))('holds for everybody, seed %i', (seed) => {
    const random = seeded(seed);
    const line = new Line();
    let exact = 0;
    for (let step = 0; step < 8; step += 1) {
      line.join(below(random, 1_500));
      line.call(below(random, 400));
      if (random() < 0.7) line.lose(random() * 0.4, random);
      const room = roomOf(line.waiting, line.next);
      line.waiting.forEach((number, ahead) => {
        const place = placeInLine(number, room);
        const behind = line.waiting.length - 1 - ahead;
        // Not one `expect` for each of a million places: that takes half a minute.
        const right =
          place.type === 'exact'
            ? place.ahead === ahead && place.behind === behind
            : place.type === 'about' &&
              holds(place.ahead, ahead) &&
              holds(place.behind, behind) &&
              place.ahead.max - place.ahead.min < ahead / 20;
        if (!right) expect({ ahead, behind }, `the place of ${number}`).toEqual(place);
        if (place.type === 'exact') exact += 1;
      });
    }
    expect(exact).toBeGreaterThan(100);
  });

  it('is exact for the first 64, whoever has left', () => {
    const line = new Line();
    line.join(500);
    line.lose(0.5, seeded(1));
    const room = roomOf(line.waiting, line.next);
    for (const [ahead, number] of line.waiting.slice(0, 65).entries()) {
      expect(placeInLine(number, room)).toMatchObject({ type: 'exact', ahead });
    }
  });

  it('is exact however far back, as long as nobody has left', () => {
    const line = new Line();
    line.join(30_000);
    const room = roomOf(line.waiting, line.next);
    expect(placeInLine(25_001, room)).toEqual({ type: 'exact', ahead: 25_000, behind: 4_999 });
  });

  it('is gone below the first mark, and when nobody waits', () => {
    expect(placeInLine(4, roomOf([5, 6], 9))).toEqual({ type: 'gone' });
    expect(placeInLine(4, roomOf([], 9))).toEqual({ type: 'gone' });
  });

  it('of a newcomer is at the end of what the frame knows', () => {
    const room = roomOf([5, 6], 9);
    expect(placeInLine(9, room)).toEqual({ type: 'exact', ahead: 2, behind: 0 });
    const later = { type: 'about', ahead: { min: 2, max: 5 }, behind: { min: 0, max: 0 } };
    expect(placeInLine(12, room)).toEqual(later);
    expect(placeInLine(1, roomOf([], 1))).toEqual({ type: 'exact', ahead: 0, behind: 0 });
  });
});

describe('how many wait before a number', () => {
  it.each([1, 2, 3, 4])('holds for numbers of those who left too, seed %i', (seed) => {
    const random = seeded(seed);
    const line = new Line();
    line.join(2_000);
    line.call(100);
    line.lose(0.3, random);
    const room = roomOf(line.waiting, line.next);
    let ahead = 0;
    for (let number = 1; number <= line.next; number += 1) {
      expect(holds(aheadOf(number, room), ahead), `before ${number}`).toBe(true);
      if (line.waiting[ahead] === number) ahead += 1;
    }
    expect(ahead).toBe(line.waiting.length);
  });
});
