/** What can be pointed at on a map, and what is at a point. */
import { around, boxHas, distance, meanOf, polygonHas, type Point } from './geometry';
import { seatsOf } from './chart';
import { areaOf, pointOf, type Layout, type Shape } from './layout';

/** Something that can be bought. */
export type PickTarget =
  | { readonly type: 'seat'; readonly place: number }
  /** A table that is sold as a whole. */
  | { readonly type: 'table'; readonly block: number }
  /** A general-admission area. */
  | { readonly type: 'area'; readonly block: number };

export type Target = PickTarget | { readonly type: 'section'; readonly section: number };

/** How closely a point is looked at. */
export type Detail = 'sections' | 'seats';

/** A seat, or the whole table that it belongs to. */
export function targetOfSeat(layout: Layout, place: number): PickTarget {
  const block = layout.blockOf[place] ?? 0;
  const isWhole = layout.chart.blocks[block]?.kind === 'whole_table';
  return isWhole ? { type: 'table', block } : { type: 'seat', place };
}

/**
 * What lies at a point of the chart: a seat within `slack`, else the whole table, the area or the
 * section around it.
 */
export function targetAt(
  layout: Layout,
  at: Point,
  detail: Detail,
  slack: number,
): Target | null {
  if (detail === 'seats') {
    const seat = nearestSeat(layout, at, slack);
    if (seat !== null) return targetOfSeat(layout, seat);
    const block = layout.boxes.findIndex(
      (box, index) => layout.chart.blocks[index]?.kind === 'whole_table' && boxHas(box, at.x, at.y),
    );
    if (block >= 0) return { type: 'table', block };
  }
  const isAround = ({ box, outline }: Shape): boolean =>
    boxHas(box, at.x, at.y) && polygonHas(outline, at.x, at.y);
  const area = layout.areas.find(isAround);
  if (area !== undefined) return { type: 'area', block: area.block };
  const section = layout.sections.findIndex(isAround);
  return section < 0 ? null : { type: 'section', section };
}

/** The seat whose middle is nearest, if it is within reach. */
export function nearestSeat(layout: Layout, at: Point, reach: number): number | null {
  let best: number | null = null;
  let least = reach;
  layout.grid.within(around(at, reach), (place) => {
    const away = distance(at, pointOf(layout, place));
    if (away <= least) {
      least = away;
      best = place;
    }
  });
  return best;
}

/** Where a target is. */
export function middleOf(layout: Layout, target: Target): Point {
  switch (target.type) {
    case 'seat':
      return pointOf(layout, target.place);
    case 'table':
      return meanOf(seatsOfBlock(layout, target.block));
    case 'area':
      return areaOf(layout, target.block)?.middle ?? { x: 0, y: 0 };
    case 'section':
      return layout.sections[target.section]?.middle ?? { x: 0, y: 0 };
    default:
      return target satisfies never;
  }
}

export function seatsOfBlock({ chart }: Layout, block: number): Point[] {
  const view = chart.blocks[block];
  return view === undefined ? [] : seatsOf(view);
}

/** The place that stands for a target: its own or its block's first. */
export function placeOf({ chart }: Layout, target: PickTarget): number {
  return target.type === 'seat' ? target.place : (chart.blocks[target.block]?.first ?? 0);
}
