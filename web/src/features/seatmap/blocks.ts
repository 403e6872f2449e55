/**
 * The map from far away, and what is written on it at any distance: sections as blocks that are
 * fuller the more places are free, with their names and counts. Painted every frame, as it changes
 * with every sale and costs a hundredth of the seats.
 */
import { pixelOf, trace, write, type Brush } from './brush';
import { meets, polygonHas, type Box, type InnerPoint } from './geometry';
import type { Area, Layout, Section } from './layout';
import { contrast, css, mix, type Rgb } from './palette';
import type { Tally } from './tally';

/** Names no smaller than this, in CSS pixels, and no larger. */
const NAME_PX_MIN = 9;
const NAME_PX_MAX = 22;
/** With this much room around, there is a count below. */
const COUNTED_PX_MIN = 23;
/** A section without a free place is that much greyer than the floor. */
const NOTHING_FREE_SHARE = 0.22;
/** A block whose last place is free is tinted this much, one that is all free that much. */
const TINT_MIN = 0.28;
const TINT_MAX = 0.92;

export interface MapTexts {
  readonly stage: string;
  readonly soldOut: string;
  /** A count of free places, as short as possible. */
  count(free: number): string;
}

/** Paints sections as blocks. */
export function paintBlocks(brush: Brush, layout: Layout, tally: Tally, seen: Box): void {
  const { ctx } = brush;
  ctx.lineWidth = brush.ratio;
  for (const [index, section] of layout.sections.entries()) {
    if (section.seats === 0 || !meets(section.box, seen)) continue;
    ctx.beginPath();
    trace(brush, section.outline);
    ctx.fillStyle = css(blockColor(brush, tally, index, section));
    ctx.fill();
    ctx.strokeStyle = brush.palette.theme.floor.css;
    ctx.stroke();
    if (tally.isComplete && tally.freeInSection[index] === 0) paintHatch(brush, section);
  }
}

function blockColor({ palette }: Brush, tally: Tally, index: number, section: Section): Rgb {
  const { theme, categories } = palette;
  const category = tally.mainCategory(index);
  if (category === null) return mix(theme.floor.rgb, theme.sold.rgb, NOTHING_FREE_SHARE);
  const share = Math.min(1, (tally.freeInSection[index] ?? 0) / section.seats);
  const ink = categories[category] ?? theme.ink;
  return mix(theme.floor.rgb, ink.rgb, TINT_MIN + (TINT_MAX - TINT_MIN) * share);
}

/** Lines across what is sold out, which is not to be told by its grey alone. */
function paintHatch(brush: Brush, { outline, box }: Section): void {
  const { ctx, ratio } = brush;
  const { x: left, y: top } = pixelOf(brush, { x: box.left, y: box.top });
  const { x: right, y: bottom } = pixelOf(brush, { x: box.right, y: box.bottom });
  ctx.save();
  ctx.beginPath();
  trace(brush, outline);
  ctx.clip();
  ctx.beginPath();
  const height = bottom - top;
  for (let x = left - height; x < right; x += 7 * ratio) {
    ctx.moveTo(x, bottom);
    ctx.lineTo(x + height, top);
  }
  const { floor, sold } = brush.palette.theme;
  ctx.strokeStyle = css(mix(floor.rgb, sold.rgb, 0.6));
  ctx.lineWidth = ratio;
  ctx.stroke();
  ctx.restore();
}

/** Writes names and counts into blocks. */
export function writeBlocks(
  brush: Brush,
  layout: Layout,
  tally: Tally,
  seen: Box,
  texts: MapTexts,
): void {
  const { theme } = brush.palette;
  // Counts for most or for none: here and there one would look as if it meant something.
  const hasCounts = layout.clearance * brush.scale >= COUNTED_PX_MIN * brush.ratio;
  for (const [index, section] of layout.sections.entries()) {
    if (section.seats === 0 || !meets(section.box, seen)) continue;
    const free = tally.freeInSection[index] ?? 0;
    const ground = blockColor(brush, tally, index, section);
    const onDark = contrast(ground, theme.floor.rgb) > contrast(ground, theme.ink.rgb);
    brush.ctx.fillStyle = onDark ? theme.floor.css : theme.ink.css;
    const count = hasCounts ? countText(tally, free, texts) : '';
    writeNamed(brush, section.label, count, section.middle);
  }
}

/** Writes the stage's name, and what areas are called and have left. */
export function writeAreas(
  brush: Brush,
  layout: Layout,
  tally: Tally,
  seen: Box,
  texts: MapTexts,
): void {
  const { ctx, palette } = brush;
  if (layout.stage !== null) {
    const { left, top, right, bottom } = layout.stage;
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2, clearance: (bottom - top) / 2 };
    ctx.fillStyle = palette.theme['on-stage'].css;
    writeNamed(brush, texts.stage, '', middle);
  }
  ctx.fillStyle = palette.theme.ink.css;
  for (const area of layout.areas) {
    const view = layout.chart.blocks[area.block];
    if (view === undefined || !meets(area.box, seen)) continue;
    const count = countText(tally, tally.freeInBlock[area.block] ?? 0, texts);
    writeNamed(brush, view.label, count, inView(area, seen));
  }
}

/** In the middle, or where an area that is larger than the view is seen. */
function inView({ outline, middle }: Area, seen: Box): InnerPoint {
  const within = (at: number, from: number, to: number): number => {
    if (at > from && at < to) return at;
    const edge = (to - from) / 6;
    return Math.min(to - edge, Math.max(from + edge, at));
  };
  const x = within(middle.x, seen.left, seen.right);
  const y = within(middle.y, seen.top, seen.bottom);
  return polygonHas(outline, x, y) ? { ...middle, x, y } : middle;
}

/** Nothing is called sold out before that is known, or because it is filtered out. */
function countText(tally: Tally, free: number, texts: MapTexts): string {
  if (free > 0) return texts.count(free);
  return tally.isComplete ? texts.soldOut : '';
}

/** Writes names of sections along their last rows, where seats are seen one by one. */
export function writeBacks(brush: Brush, layout: Layout, seen: Box): void {
  if (layout.sections.length < 2) return;
  const { ctx, palette, ratio } = brush;
  const size = Math.min(15 * ratio, Math.max(10.5 * ratio, layout.pitch * brush.scale));
  ctx.fillStyle = palette.theme.soft.css;
  for (const { seats, box, back, label } of layout.sections) {
    if (seats === 0 || !meets(box, seen)) continue;
    const { x, y } = pixelOf(brush, back);
    ctx.save();
    ctx.translate(x + back.out.x * size * 0.72, y + back.out.y * size * 0.72);
    ctx.rotate(back.angle);
    write(brush, label, { x: 0, y: 0 }, 700, size);
    ctx.restore();
  }
}

/** A name with a count below it, as far as there is room. */
function writeNamed(brush: Brush, name: string, count: string, middle: InnerPoint): void {
  const { ratio } = brush;
  const room = middle.clearance * brush.scale;
  const { x, y } = pixelOf(brush, middle);
  const size = Math.min(NAME_PX_MAX * ratio, room * 0.62, (room * 3) / Math.max(3, name.length));
  if (size < NAME_PX_MIN * ratio) return;
  if (count === '' || room < COUNTED_PX_MIN * ratio) {
    write(brush, name, { x, y }, 700, size);
    return;
  }
  const small = Math.max(NAME_PX_MIN * ratio, size * 0.66);
  write(brush, name, { x, y: y - small * 0.6 }, 700, size);
  write(brush, count, { x, y: y + size * 0.6 }, 500, small);
}
