/** Plane geometry of outlines. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** `[x0, y0, x1, y1, …]`, the last corner joined to the first. */
export type Polygon = readonly number[];

export const EMPTY_BOX: Box = {
  left: Infinity,
  top: Infinity,
  right: -Infinity,
  bottom: -Infinity,
};

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Everything within `reach` of a point, and the corners. */
export function around({ x, y }: Point, reach: number): Box {
  return { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach };
}

export function meanOf(points: readonly Point[]): Point {
  const count = Math.max(1, points.length);
  let [x, y] = [0, 0];
  for (const point of points) {
    x += point.x / count;
    y += point.y / count;
  }
  return { x, y };
}

/** Around points, with so much room. */
export function boxAround(points: Iterable<Point>, room: number): Box {
  let box = EMPTY_BOX;
  for (const point of points) box = union(box, around(point, room));
  return box;
}

export function cornersOf(polygon: Polygon): Point[] {
  const corners: Point[] = [];
  for (let at = 0; at + 1 < polygon.length; at += 2) {
    corners.push({ x: polygon[at] ?? 0, y: polygon[at + 1] ?? 0 });
  }
  return corners;
}

export function union(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

export function grown(box: Box, by: number): Box {
  return {
    left: box.left - by,
    top: box.top - by,
    right: box.right + by,
    bottom: box.bottom + by,
  };
}

export function meets(a: Box, b: Box): boolean {
  return a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;
}

export function boxHas(box: Box, x: number, y: number): boolean {
  return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
}

/** Calls with both ends of each side. */
export function forEachSide(
  polygon: Polygon,
  call: (ax: number, ay: number, bx: number, by: number) => void,
): void {
  let ax = polygon.at(-2) ?? 0;
  let ay = polygon.at(-1) ?? 0;
  for (let at = 0; at + 1 < polygon.length; at += 2) {
    const [bx, by] = [polygon[at] ?? 0, polygon[at + 1] ?? 0];
    call(ax, ay, bx, by);
    ax = bx;
    ay = by;
  }
}

/** Whether a point lies inside (even-odd rule). */
export function polygonHas(polygon: Polygon, x: number, y: number): boolean {
  let inside = false;
  forEachSide(polygon, (ax, ay, bx, by) => {
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}

/** From a point to the nearest side. */
export function distanceToSides(polygon: Polygon, x: number, y: number): number {
  let least = Infinity;
  forEachSide(polygon, (ax, ay, bx, by) => {
    const [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy;
    const along = length === 0 ? 0 : ((x - ax) * dx + (y - ay) * dy) / length;
    const part = Math.min(1, Math.max(0, along));
    least = Math.min(least, Math.hypot(x - ax - part * dx, y - ay - part * dy));
  });
  return least;
}

export interface InnerPoint extends Point {
  /** How far the nearest side is. */
  readonly clearance: number;
}

/**
 * Where a label fits: the centroid, or the nearest of some points if that is outside, as it is in a
 * section that is bent around a corner.
 */
export function innerPoint(polygon: Polygon, points: readonly Point[]): InnerPoint {
  const centroid = centroidOf(polygon);
  const isInside = polygonHas(polygon, centroid.x, centroid.y);
  const { x, y } = (isInside ? null : leastBy(points, (point) => distance(point, centroid))) ?? centroid;
  return { x, y, clearance: distanceToSides(polygon, x, y) };
}

/** The first of those for which a measure is least; null if it is infinite for all. */
export function leastBy<T>(items: Iterable<T>, measure: (item: T) => number): T | null {
  let best: T | null = null;
  let least = Infinity;
  for (const item of items) {
    const measured = measure(item);
    if (measured < least) {
      least = measured;
      best = item;
    }
  }
  return best;
}

function centroidOf(polygon: Polygon): Point {
  let [area, x, y] = [0, 0, 0];
  forEachSide(polygon, (ax, ay, bx, by) => {
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  });
  return area === 0 ? { x: polygon[0] ?? 0, y: polygon[1] ?? 0 } : { x: x / area / 3, y: y / area / 3 };
}

/** The convex outline of points with a margin around, its corners round. */
export function hullAround(points: readonly Point[], margin: number): Polygon {
  const circle = Array.from({ length: 16 }, (_, turn) => (turn * Math.PI) / 8);
  const corners = hull(points).flatMap(({ x, y }) =>
    circle.map((angle) => ({ x: x + margin * Math.cos(angle), y: y + margin * Math.sin(angle) })),
  );
  return hull(corners).flatMap(({ x, y }) => [x, y]);
}

/** A. M. Andrew's monotone chain, 1979. */
function hull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  const chain = (from: readonly Point[]): Point[] => {
    const kept: Point[] = [];
    for (const point of from) {
      for (;;) {
        const [a, b] = [kept.at(-2), kept.at(-1)];
        if (a === undefined || b === undefined) break;
        if ((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) > 0) break;
        kept.pop();
      }
      kept.push(point);
    }
    kept.pop();
    return kept;
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}
