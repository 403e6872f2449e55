/** What the tests of the map share. Not part of the app. */
import type { BlockView, ChartView } from './chart';
import type { Knowledge } from './describe';
import { layoutOf, type Layout } from './layout';
import type { SeatMapStrings } from './strings';
import { Tally } from './tally';

/** A row of seats from left to right, 50 units apart. */
export function row(
  label: string,
  section: number,
  count: number,
  [x, y]: readonly [number, number],
  rest: Partial<BlockView> = {},
): BlockView {
  const seats = Array.from({ length: count }, (_, at) => at);
  return {
    kind: 'row',
    label,
    section,
    first: 0,
    count,
    categories: [0],
    x: seats.map((at) => x + at * 50),
    y: seats.map(() => y),
    labels: seats.map((at) => String(at + 1)),
    ...rest,
  };
}

/** Standing room, 400 units wide and 300 high. */
export function area(
  label: string,
  section: number,
  count: number,
  left: number,
  top: number,
): BlockView {
  return {
    ...row(label, section, 0, [0, 0]),
    kind: 'area',
    count,
    x: [left + 200],
    y: [top + 150],
    outline: [
      [left, top],
      [left + 400, top],
      [left + 400, top + 300],
      [left, top + 300],
    ],
  };
}

/** A table with seats to the left, the right, above and below. */
export function table(label: string, section: number, x: number, y: number): BlockView {
  return {
    ...row(label, section, 4, [0, 0]),
    kind: 'whole_table',
    x: [x - 60, x + 60, x, x],
    y: [y, y, y - 60, y + 60],
  };
}

/** A chart of blocks, whose places follow on each other. */
export function chartOf(blocks: readonly BlockView[], rest: Partial<ChartView> = {}): ChartView {
  let first = 0;
  const placed = blocks.map((block) => {
    const own = { ...block, first };
    first += block.count;
    return own;
  });
  const sections = 1 + Math.max(...blocks.map((block) => block.section));
  return {
    name: 'Hall',
    places: first,
    focal_point: [250, -400],
    categories: [
      { key: 'r', label: 'R', color: '#d55e00' },
      { key: 's', label: 'S', color: '#0072b2' },
    ],
    sections: Array.from({ length: sections }, (_, at) => ({
      label: String(101 + at),
      outline: [],
      entrance: '',
    })),
    blocks: placed,
    ...rest,
  };
}

/**
 * Two sections side by side with three rows of ten each, standing room behind the first and a table
 * behind the second. Seats 0 to 29 are in section 101, 30 to 59 in 102, the area has 60 to 159, the
 * table 160 to 163.
 */
export function hall(): ChartView {
  const rows = (section: number, left: number): BlockView[] =>
    ['A', 'B', 'C'].map((label, at) =>
      row(label, section, 10, [left, at * 90], { categories: [section % 2] }),
    );
  return chartOf([
    ...rows(0, 0),
    ...rows(1, 700),
    { ...area('Floor', 2, 100, 0, 500), accessible: [] },
    table('T1', 3, 900, 600),
  ]);
}

export const STRINGS: SeatMapStrings = {
  map: 'Seat map',
  help: 'Help',
  stage: 'Stage',
  soldOut: 'Sold out',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Show all',
  list: 'List',
  closeList: 'Close list',
  legend: 'Legend',
  states: { free: 'free', held: 'held', sold: 'sold', not_for_sale: 'not for sale', mine: 'yours' },
  accessible: 'wheelchair',
  companion: 'companion',
  restrictedView: 'restricted view',
  section: (label) => `Section ${label}`,
  row: (label) => `Row ${label}`,
  tableName: (label) => `Table ${label}`,
  seat: (section, block, seat) => `Section ${section}, row ${block}, seat ${seat}`,
  tableSeat: (section, block, seat) => `Section ${section}, table ${block}, seat ${seat}`,
  table: (section, block, seats) => `Section ${section}, table ${block} for ${seats}`,
  free: (count) => `${count} left`,
  count: (count) => String(count),
};

/** All of a layout free, and nothing the fan's own. */
export function knowledge(
  layout: Layout = layoutOf(hall()),
  rest: Partial<Knowledge> = {},
): Knowledge {
  const tally = new Tally(layout);
  tally.update(new Uint8Array(layout.chart.places));
  const mine = new Set<number>();
  return { layout, tally, strings: STRINGS, mine, priceOf: (at) => `₩${at + 1}`, ...rest };
}
