/** A chart as the server sends it, and what a map reads of it. */
import type { components } from '../../api/schema';
import type { Point } from './geometry';

export type ChartView = components['schemas']['ChartView'];
export type SectionView = components['schemas']['SectionView'];
/** A row, a table or a general-admission area. */
export type BlockView = components['schemas']['BlockView'];

/** What is special about a place, as bits. */
export const ACCESSIBLE = 1;
export const COMPANION = 2;
export const RESTRICTED_VIEW = 4;

/** Where a block's seats are; of an area, its middle. */
export function seatsOf({ x, y }: BlockView): Point[] {
  return x.map((across, at) => ({ x: across, y: y[at] ?? 0 }));
}
