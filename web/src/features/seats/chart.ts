/** Looking things up in a chart: which block a place belongs to, and what it is called. Pure. */
import type { Schemas } from '../../api/client';

export type ChartView = Schemas['ChartView'];
export type BlockView = Schemas['BlockView'];

/** The index of the block that a place belongs to; blocks follow on each other. */
export function blockIndexOf(chart: ChartView, place: number): number {
  let low = 0;
  let high = chart.blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((chart.blocks[middle]?.first ?? Infinity) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The index of a place's category. */
export function categoryOf(chart: ChartView, place: number): number {
  const block = chart.blocks[blockIndexOf(chart, place)];
  if (block === undefined) return 0;
  return block.categories[block.categories.length === 1 ? 0 : place - block.first] ?? 0;
}

export interface Label {
  readonly section: string;
  readonly block: string;
  /** Empty for a whole table and for general admission. */
  readonly seat: string;
}

/** What a place is called. */
export function labelOf(chart: ChartView, place: number): Label {
  const block = chart.blocks[blockIndexOf(chart, place)];
  if (block === undefined) return { section: '', block: '', seat: '' };
  const section = chart.sections[block.section]?.label ?? '';
  const single = block.kind === 'row' || block.kind === 'table';
  const seat = single ? (block.labels[place - block.first] ?? '') : '';
  return { section, block: block.label, seat };
}

/** Every place of a block. */
export function placesOf(block: BlockView): number[] {
  return Array.from({ length: block.count }, (_, at) => block.first + at);
}

/** Free places of each category. `free` is the state that means free. */
export function freeByCategory(chart: ChartView, states: Uint8Array, free: number): Uint32Array {
  const counts = new Uint32Array(Math.max(1, chart.categories.length));
  for (const block of chart.blocks) {
    const [only] = block.categories;
    const same = block.categories.length === 1;
    for (let at = 0; at < block.count; at += 1) {
      if (states[block.first + at] !== free) continue;
      const category = (same ? only : block.categories[at]) ?? 0;
      counts[category] = (counts[category] ?? 0) + 1;
    }
  }
  return counts;
}
