/** Finds seats by where they are: a grid of cells, each with its seats. */
import type { Box, Point } from './geometry';

export interface Grid {
  /** Calls with every seat in a box, and a few around it. */
  within(box: Box, call: (place: number) => void): void;
}

/** Cells are told apart by one number, which is exact for as many of them in a line. */
const LINE = 2 ** 26;

/** Sorts seats into cells of a size. */
export function gridOf(seats: Iterable<number>, at: (place: number) => Point, size: number): Grid {
  const cells = new Map<number, number[]>();
  const cell = (value: number): number => Math.floor(value / size);
  for (const place of seats) {
    const { x, y } = at(place);
    const key = cell(y) * LINE + cell(x);
    const own = cells.get(key);
    if (own === undefined) cells.set(key, [place]);
    else own.push(place);
  }
  return {
    within({ left, top, right, bottom }, call) {
      // A box that is larger than the chart has more cells than there are.
      if (cell(right - left) * cell(bottom - top) > cells.size * 4) {
        for (const own of cells.values()) own.forEach(call);
        return;
      }
      for (let line = cell(top); line <= cell(bottom); line += 1) {
        for (let column = cell(left); column <= cell(right); column += 1) {
          cells.get(line * LINE + column)?.forEach(call);
        }
      }
    },
  };
}
