/** Moving by arrow keys: to what lies that way on the screen, whatever row or section it is in. */
import { around, distance, leastBy, type Point } from './geometry';
import { pointOf, type Layout } from './layout';
import { middleOf, targetOfSeat, type PickTarget, type Target } from './target';

export type Direction = 'left' | 'right' | 'up' | 'down';

const WAYS: Readonly<Record<Direction, Point>> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
};

/** Straight ahead is so much better than aside. */
const ASIDE_COST = 1.8;
/** What is further aside than this share of the way ahead lies another way. */
const ASIDE_SHARE_MAX = 1.4;

/** How far something is if one goes that way; infinite if it does not lie there. */
function cost(from: Point, to: Point, way: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const ahead = dx * way.x + dy * way.y;
  const aside = Math.abs(dx * way.y - dy * way.x);
  return ahead <= 0 || aside > ahead * ASIDE_SHARE_MAX ? Infinity : ahead + ASIDE_COST * aside;
}

/** The next seat, or whole table, that way; null at the edge. */
export function nextSeat(
  layout: Layout,
  from: PickTarget,
  direction: Direction,
): PickTarget | null {
  const start = middleOf(layout, from);
  const way = WAYS[direction];
  const own = from.type === 'seat' ? -1 : from.block;
  const extent = Math.hypot(
    layout.box.right - layout.box.left,
    layout.box.bottom - layout.box.top,
  );
  let best = -1;
  let least = Infinity;
  // No way is shorter than the straight line, so a cost below the reach cannot be beaten outside.
  for (let reach = layout.pitch * 3; least > reach && reach < extent * 4; reach *= 3) {
    layout.grid.within(around(start, reach), (place) => {
      if (layout.blockOf[place] === own) return;
      const costs = cost(start, pointOf(layout, place), way);
      if (costs < least || (costs === least && place < best)) {
        least = costs;
        best = place;
      }
    });
  }
  return best < 0 ? null : targetOfSeat(layout, best);
}

/** The next section or area that way; null at the edge. */
export function nextSection(layout: Layout, from: Target, direction: Direction): Target | null {
  const start = middleOf(layout, from);
  const way = WAYS[direction];
  return leastBy(sectionTargets(layout), (target) => cost(start, middleOf(layout, target), way));
}

/** Where the keyboard begins: the section or area nearest to the stage. */
export function firstSection(layout: Layout): Target | null {
  const [x = 0, y = 0] = layout.chart.focal_point;
  return leastBy(sectionTargets(layout), (target) => distance(middleOf(layout, target), { x, y }));
}

/** The seat of a section that is nearest to the stage, one that passes if there is any. */
export function firstSeat(
  layout: Layout,
  section: number,
  passes: (target: PickTarget) => boolean,
): PickTarget | null {
  const [x = 0, y = 0] = layout.chart.focal_point;
  const rows = layout.sections[section]?.rows ?? [];
  const places = rows.flatMap((row) => {
    const { first = 0, count = 0 } = layout.chart.blocks[row] ?? {};
    return Array.from({ length: count }, (_, at) => first + at);
  });
  const nearest = (from: readonly number[]): number | null =>
    leastBy(from, (place) => distance(pointOf(layout, place), { x, y }));
  const passing = places.filter((place) => passes(targetOfSeat(layout, place)));
  const place = nearest(passing) ?? nearest(places);
  return place === null ? null : targetOfSeat(layout, place);
}

function* sectionTargets(layout: Layout): Generator<Target> {
  for (const [section, { outline }] of layout.sections.entries()) {
    if (outline.length > 0) yield { type: 'section', section };
  }
  for (const { block } of layout.areas) yield { type: 'area', block };
}
