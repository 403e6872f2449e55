/** What the tests of the model share. Not part of the app. */
import type { RoomFrame } from './frames';
import { marksAhead } from './line';

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number below `bound`. */
export function below(random: () => number, bound: number): number {
  return Math.floor(random() * bound);
}

/** The room frame of a line, made the way the server makes it. */
export function roomOf(
  waiting: readonly number[],
  nextNumber: number,
  rest: Partial<RoomFrame> = {},
): RoomFrame {
  const marks: number[] = [];
  const aheads = marksAhead(1_000);
  for (const ahead of aheads) {
    const number = waiting[ahead];
    if (number === undefined) break;
    marks.push(number);
  }
  return {
    type: 'room',
    epoch: 1,
    seq: 1,
    atMs: 0,
    status: 'open',
    inside: 0,
    waiting: waiting.length,
    nextNumber,
    marks,
    perMinute: 0,
    notice: '',
    ...rest,
  };
}
