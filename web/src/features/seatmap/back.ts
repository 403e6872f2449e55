/** The back of a section: where its name is written when its seats are seen one by one. */
import { distance, meanOf, polygonHas, type Point, type Polygon } from './geometry';
import { seatsOf, type BlockView } from './chart';

/** Behind the last row. */
export interface Back extends Point {
  /** How the row runs, from -90 to 90 degrees, in radians. */
  readonly angle: number;
  /** Away from the section, at a right angle to the row. */
  readonly out: Point;
}

/** Behind the row that is furthest from the stage, or behind the tables. */
export function backOf(
  outline: Polygon,
  blocks: readonly BlockView[],
  [fx = 0, fy = 0]: readonly number[],
  step: number,
): Back {
  const focus = { x: fx, y: fy };
  let start = meanOf(blocks.flatMap(seatsOf));
  let along = { x: start.y - fy, y: fx - start.x };
  let far = 0;
  for (const { kind, x, y } of blocks) {
    const middle = { x: x[x.length >> 1] ?? 0, y: y[y.length >> 1] ?? 0 };
    if (kind !== 'row' || x.length < 2 || distance(middle, focus) <= far) continue;
    far = distance(middle, focus);
    start = middle;
    along = { x: (x.at(-1) ?? 0) - (x[0] ?? 0), y: (y.at(-1) ?? 0) - (y[0] ?? 0) };
  }
  // Of the two ways that are at a right angle to the row, the one that leads away from the stage.
  const side = along.x * (start.y - fy) < along.y * (start.x - fx) ? -1 : 1;
  const length = Math.hypot(along.x, along.y) * side || 1;
  const out = { x: -along.y / length, y: along.x / length };
  let { x, y } = start;
  while (polygonHas(outline, x, y)) {
    x += out.x * step;
    y += out.y * step;
  }
  return { x, y, angle: Math.atan(along.y / along.x), out };
}
