/**
 * A fan's place in line, worked out from the room frame that everybody gets.
 *
 * A mark is the number of the waiting fan with exactly {@link marksAhead}`(i)` others before. Every
 * answer is a bound that holds for certain at the time of the frame; most of them are exact.
 */
import type { RoomFrame } from './frames';

/** Marks up to this many ahead are consecutive. */
const EXACT_MARKS = 64;
/** Beyond, each mark is this much further, so that the error stays below 1 in 20. */
const MARK_STEP_DIVISOR = 20;

export type LinePlace =
  /** Called or gone from the line; asking tells which. */
  | { readonly type: 'gone' }
  | { readonly type: 'exact'; readonly ahead: number; readonly behind: number }
  | { readonly type: 'about'; readonly ahead: Bounds; readonly behind: Bounds };

/** Both ends belong to it. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** How many wait before the fan of each mark: 0, 1, 2 … 64, 67 … */
export function marksAhead(count: number): readonly number[] {
  for (let index = AHEAD.length; index < count; index += 1) {
    const before = AHEAD[index - 1] ?? 0;
    AHEAD.push(before + (before < EXACT_MARKS ? 1 : Math.floor(before / MARK_STEP_DIVISOR)));
  }
  return AHEAD;
}

const AHEAD: number[] = [0];

/** Where the fan with a number stands, if that fan still waits. */
export function placeInLine(number: number, room: RoomFrame): LinePlace {
  const { marks, nextNumber, waiting } = room;
  if (number >= nextNumber) {
    // The fan joined after the frame was made, behind all of its fans.
    return place({ min: waiting, max: waiting + (number - nextNumber) }, { min: 0, max: 0 });
  }
  const first = marks[0];
  if (first === undefined || number < first) return { type: 'gone' };
  const ahead = between(number, room, 1);
  const others = waiting - 1;
  return place(ahead, { min: others - ahead.max, max: others - ahead.min });
}

/**
 * Bounds of how many of those waiting have a number below this one, whether or not the fan with
 * this number is one of them.
 */
export function aheadOf(number: number, room: RoomFrame): Bounds {
  const first = room.marks[0];
  if (first === undefined || number <= first) return { min: 0, max: 0 };
  if (number >= room.nextNumber) return { min: room.waiting, max: room.waiting };
  return between(number, room, 0);
}

/** `own` is how many are known to wait with the number itself. */
function between(number: number, room: RoomFrame, own: 0 | 1): Bounds {
  const { marks, waiting, nextNumber } = room;
  const index = lastNotAbove(marks, number);
  const aheads = marksAhead(marks.length);
  const low = marks[index] ?? 0;
  const lowAhead = aheads[index] ?? 0;
  if (low === number) return { min: lowAhead, max: lowAhead };
  // Behind the last mark the end of the line is as good as a mark.
  const high = marks[index + 1] ?? nextNumber;
  const highAhead = index + 1 < marks.length ? (aheads[index + 1] ?? waiting) : waiting;
  // Numbers are given once, so between two of them there are at most as many fans.
  return {
    min: Math.max(lowAhead + 1, highAhead - (high - number)),
    max: Math.min(highAhead - own, lowAhead + (number - low)),
  };
}

function place(ahead: Bounds, behind: Bounds): LinePlace {
  if (ahead.min === ahead.max) return { type: 'exact', ahead: ahead.min, behind: behind.min };
  return { type: 'about', ahead, behind };
}

/** The index of the last mark that is not above a number; the first mark is not. */
function lastNotAbove(marks: readonly number[], number: number): number {
  let low = 0;
  let high = marks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((marks[middle] ?? Infinity) <= number) low = middle;
    else high = middle - 1;
  }
  return low;
}
