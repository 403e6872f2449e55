/**
 * A chart as the map needs it: flat arrays by place, outlines and middles of sections, a grid.
 *
 * Made once for a chart, which never changes. Nothing here knows states or a screen.
 */
import {
  EMPTY_BOX,
  boxAround,
  cornersOf,
  grown,
  hullAround,
  innerPoint,
  union,
  type Box,
  type InnerPoint,
  type Point,
  type Polygon,
} from './geometry';
import { backOf, type Back } from './back';
import { ACCESSIBLE, COMPANION, RESTRICTED_VIEW, seatsOf } from './chart';
import type { BlockView, ChartView, SectionView } from './chart';
import { gridOf, type Grid } from './grid';
import { stageOf } from './stage';

export interface Shape {
  readonly outline: Polygon;
  readonly box: Box;
  /** Where a label fits, and how much room it has around. */
  readonly middle: InnerPoint;
}

/** Its outline is empty if it has neither a shape nor seats: then its areas are all there is. */
export interface Section extends Shape {
  readonly label: string;
  readonly entrance: string;
  readonly back: Back;
  /** Indices of its rows and tables. */
  readonly rows: readonly number[];
  readonly seats: number;
}

export interface Area extends Shape {
  readonly block: number;
}

export interface Layout {
  readonly chart: ChartView;
  /** By place. The places of an area all lie in its middle. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly blockOf: Uint32Array;
  readonly category: Uint8Array;
  readonly traits: Uint8Array;
  /** The places that are seats: all but those of areas. */
  readonly seats: Uint32Array;
  readonly grid: Grid;
  /** Around the seats of each block. */
  readonly boxes: readonly Box[];
  /** The usual distance from a seat to the nearest other. */
  readonly pitch: number;
  readonly radius: number;
  readonly sections: readonly Section[];
  readonly areas: readonly Area[];
  /** The room around the middle of all but the smallest quarter of the sections. */
  readonly clearance: number;
  /** The stage's box; null if there is no room for one. */
  readonly stage: Box | null;
  /** Around everything. */
  readonly box: Box;
}

/** How much of the pitch a seat takes: the gap keeps neighbours apart. */
const RADIUS_SHARE = 0.43;

export function layoutOf(chart: ChartView): Layout {
  const places = placesOf(chart);
  const { seats } = places;
  const pitch = pitchOf(chart);
  const grid = gridOf(seats, (place) => pointOf(places, place), 3 * pitch);
  const rows: number[][] = chart.sections.map(() => []);
  for (const [index, block] of chart.blocks.entries()) {
    if (block.kind !== 'area') rows[block.section]?.push(index);
  }
  const sections = chart.sections.map((section, index) =>
    sectionOf(chart, section, rows[index] ?? [], pitch),
  );
  const areas = chart.blocks.flatMap((block, index) => areasOf(block, index, pitch));
  const boxes = chart.blocks.map((block) => boxAround(seatsOf(block), 0));
  let box = boxes.reduce((all, own) => union(all, grown(own, pitch)), EMPTY_BOX);
  for (const shape of [...sections, ...areas]) box = union(box, shape.box);
  const outlines = [...sections, ...areas].map((shape) => shape.outline);
  const stage = stageOf(chart.focal_point, places, outlines, box, pitch);
  if (stage !== null) box = union(box, stage);
  const radius = pitch * RADIUS_SHARE;
  const clearances = sections.map(({ middle }) => middle.clearance).sort((a, b) => a - b);
  const clearance = clearances[clearances.length >> 2] ?? 0;
  return { chart, ...places, grid, boxes, pitch, radius, clearance, sections, areas, stage, box };
}

export function pointOf({ x, y }: Pick<Layout, 'x' | 'y'>, place: number): Point {
  return { x: x[place] ?? 0, y: y[place] ?? 0 };
}

/** The area that a block is. */
export function areaOf(layout: Layout, block: number): Area | undefined {
  return layout.areas.find((area) => area.block === block);
}

/** The row, table or area of a place. */
export function blockAt({ chart, blockOf }: Layout, place: number): BlockView | undefined {
  return chart.blocks[blockOf[place] ?? 0];
}

/** What a fan reads of a seat; empty in an area. */
export function seatLabel(layout: Layout, place: number): string {
  const block = blockAt(layout, place);
  return block?.labels[place - block.first] ?? '';
}

/** Whether a place is a seat: the places of an area are not drawn one by one. */
export function isSeat(layout: Layout, place: number): boolean {
  return blockAt(layout, place)?.kind !== 'area';
}

type Places = Pick<Layout, 'x' | 'y' | 'blockOf' | 'category' | 'traits' | 'seats'>;

function placesOf(chart: ChartView): Places {
  const count = chart.places;
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  const blockOf = new Uint32Array(count);
  const category = new Uint8Array(count);
  const traits = new Uint8Array(count);
  const seats: number[] = [];
  for (const [index, block] of chart.blocks.entries()) {
    const isArea = block.kind === 'area';
    for (let at = 0; at < block.count; at += 1) {
      const place = block.first + at;
      x[place] = block.x[isArea ? 0 : at] ?? 0;
      y[place] = block.y[isArea ? 0 : at] ?? 0;
      blockOf[place] = index;
      category[place] = block.categories[block.categories.length > 1 ? at : 0] ?? 0;
      if (!isArea) seats.push(place);
    }
    const mark = (marked: readonly number[] | undefined, trait: number): void => {
      for (const at of marked ?? []) {
        traits[block.first + at] = (traits[block.first + at] ?? 0) | trait;
      }
    };
    mark(block.accessible, ACCESSIBLE);
    mark(block.companion, COMPANION);
    mark(block.restricted_view, RESTRICTED_VIEW);
  }
  return { x, y, blockOf, category, traits, seats: Uint32Array.from(seats) };
}

/** Low among the distances of neighbours, so that seats do not overlap where it is tight. */
function pitchOf({ blocks }: ChartView): number {
  const pitches = blocks.flatMap(({ x, y }) => {
    const [ax = 0, bx = ax, ay = 0, by = ay] = [x[0], x[1], y[0], y[1]];
    // The places of an area, and tables that stand on each other, are at one point.
    return Math.hypot(bx - ax, by - ay) || [];
  });
  pitches.sort((a, b) => a - b);
  return pitches[pitches.length >> 3] ?? 50;
}

function sectionOf(
  chart: ChartView,
  { label, entrance, outline: own }: SectionView,
  rows: readonly number[],
  pitch: number,
): Section {
  const blocks = rows.flatMap((row) => chart.blocks[row] ?? []);
  const points = blocks.flatMap(seatsOf);
  const isDrawn = own.length >= 3 || points.length === 0;
  const outline = isDrawn ? own.flat() : hullAround(points, pitch * 0.9);
  const back = backOf(outline, blocks, chart.focal_point, pitch / 4);
  return { ...shapeOf(outline, points), label, entrance, back, rows, seats: points.length };
}

function areasOf(block: BlockView, index: number, pitch: number): Area[] {
  if (block.kind !== 'area') return [];
  const corners = (block.outline ?? []).flat();
  const at = { x: block.x[0] ?? 0, y: block.y[0] ?? 0 };
  // A place without a shape still has to be seen and hit.
  const outline = corners.length >= 6 ? corners : hullAround([at], pitch * 4);
  return [{ ...shapeOf(outline, [at]), block: index }];
}

function shapeOf(outline: Polygon, points: readonly Point[]): Shape {
  return { outline, box: boxAround(cornersOf(outline), 0), middle: innerPoint(outline, points) };
}
