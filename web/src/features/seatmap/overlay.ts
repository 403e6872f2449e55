/** Paints what moves above the chart: the fan's own places, the focus, what is pointed at. */
import { pixelOf, trace, type Brush } from './brush';
import { distance, type Point } from './geometry';
import { ACCESSIBLE } from './chart';
import { areaOf, pointOf, type Layout } from './layout';
import { paintMine } from './seat-art';
import { middleOf, seatsOfBlock, type Target } from './target';

/** The fan's own places are never smaller than this, in CSS pixels: they are what one looks for. */
const MINE_RADIUS_MIN = 6;
/** A ring around what is focused has at least this radius. */
const RING_RADIUS_MIN = 7;
/** How long a seat that was given back is to be seen as such. */
export const PULSE_MS = 900;

/** A seat that has just become free. */
export interface Pulse {
  readonly place: number;
  readonly startMs: number;
}

export interface Highlights {
  readonly mine: ReadonlySet<number>;
  readonly focus: Target | null;
  readonly hover: Target | null;
}

export function paintOverlay(
  brush: Brush,
  layout: Layout,
  { mine, focus, hover }: Highlights,
): void {
  const { ctx } = brush;
  ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  if (hover !== null) paintRing(brush, layout, hover, 1.5);
  const radius = Math.max(layout.radius * brush.scale, MINE_RADIUS_MIN * brush.ratio);
  for (const place of mine) paintMine(brush, markPoint(brush, layout, place), radius);
  if (focus !== null) paintRing(brush, layout, focus, 3);
}

/** On the seat; beside the name of an area. */
function markPoint(brush: Brush, layout: Layout, place: number): Point {
  const area = areaOf(layout, layout.blockOf[place] ?? 0);
  if (area === undefined) return pixelOf(brush, pointOf(layout, place));
  const { x, y } = pixelOf(brush, area.middle);
  return { x, y: y - Math.min(30 * brush.ratio, area.middle.clearance * brush.scale * 0.75) };
}

/** A ring, light within dark, so that it is seen on everything. */
function paintRing(brush: Brush, layout: Layout, target: Target, width: number): void {
  const { ctx, palette, ratio } = brush;
  ctx.beginPath();
  if (target.type === 'section') {
    trace(brush, layout.sections[target.section]?.outline ?? []);
  } else if (target.type === 'area') {
    trace(brush, areaOf(layout, target.block)?.outline ?? []);
  } else {
    const { x, y } = pixelOf(brush, middleOf(layout, target));
    const own = layout.radius * brush.scale + 3 * ratio;
    const reach = target.type === 'table' ? tableReach(brush, layout, target.block) : own;
    const radius = Math.max(reach, RING_RADIUS_MIN * ratio);
    if (target.type === 'seat' && (layout.traits[target.place] ?? 0) & ACCESSIBLE) {
      ctx.roundRect(x - radius, y - radius, 2 * radius, 2 * radius, radius * 0.4);
    } else {
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
    }
  }
  ctx.lineJoin = 'round';
  ctx.strokeStyle = palette.theme.floor.css;
  ctx.lineWidth = (width + 2) * ratio;
  ctx.stroke();
  ctx.strokeStyle = palette.theme.focus.css;
  ctx.lineWidth = width * ratio;
  ctx.stroke();
}

function tableReach(brush: Brush, layout: Layout, block: number): number {
  const middle = middleOf(layout, { type: 'table', block });
  const far = seatsOfBlock(layout, block).map((seat) => distance(middle, seat));
  return (Math.max(0, ...far) + layout.radius * 2.3) * brush.scale;
}

export function paintPulses(
  brush: Brush,
  layout: Layout,
  pulses: readonly Pulse[],
  nowMs: number,
): void {
  const { ctx, palette } = brush;
  for (const { place, startMs } of pulses) {
    const part = Math.min(1, Math.max(0, (nowMs - startMs) / PULSE_MS));
    const { x, y } = pixelOf(brush, pointOf(layout, place));
    ctx.globalAlpha = 1 - part;
    ctx.strokeStyle = palette.categories[layout.category[place] ?? 0]?.css ?? palette.theme.ink.css;
    ctx.lineWidth = 2 * brush.ratio;
    ctx.beginPath();
    ctx.arc(x, y, layout.radius * brush.scale * (1 + 1.3 * part), 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}
