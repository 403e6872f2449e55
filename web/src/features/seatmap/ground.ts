/** What does not change while a sale runs: floors, areas, the stage, tables, letters of rows. */
import { pixelOf, trace, write, type Brush } from './brush';
import { distance, grown, hullAround, meanOf, meets, type Box } from './geometry';
import { seatsOf, type BlockView } from './chart';
import type { Layout } from './layout';
import { css, mix } from './palette';

/** Letters of rows appear when seats are this large, in CSS pixels. */
const ROW_LETTERS_FROM = 4.2;

/** Paints everything below the seats that meets a box of the chart. */
export function paintGround(brush: Brush, layout: Layout, seen: Box): void {
  const { ctx, palette } = brush;
  const { theme } = palette;
  ctx.fillStyle = theme.floor.css;
  ctx.strokeStyle = theme.line.css;
  ctx.lineWidth = brush.ratio;
  ctx.beginPath();
  for (const { outline, box } of layout.sections) {
    if (outline.length > 0 && meets(box, seen)) trace(brush, outline);
  }
  ctx.fill();
  ctx.stroke();
  paintAreas(brush, layout, seen);
  paintStage(brush, layout);
}

function paintAreas(brush: Brush, layout: Layout, seen: Box): void {
  const { ctx, palette } = brush;
  for (const { block, outline, box } of layout.areas) {
    if (!meets(box, seen)) continue;
    const category = layout.chart.blocks[block]?.categories[0] ?? 0;
    const ink = palette.categories[category] ?? palette.theme.ink;
    ctx.fillStyle = css(mix(palette.theme.floor.rgb, ink.rgb, 0.14));
    ctx.strokeStyle = ink.css;
    ctx.lineWidth = 1.5 * brush.ratio;
    ctx.beginPath();
    trace(brush, outline);
    ctx.fill();
    ctx.stroke();
  }
}

function paintStage(brush: Brush, { stage }: Layout): void {
  if (stage === null) return;
  const { ctx, scale } = brush;
  const { x, y } = pixelOf(brush, { x: stage.left, y: stage.top });
  const height = (stage.bottom - stage.top) * scale;
  ctx.fillStyle = brush.palette.theme.stage.css;
  ctx.beginPath();
  ctx.roundRect(x, y, (stage.right - stage.left) * scale, height, height * 0.14);
  ctx.fill();
}

/** Paints tops of tables and letters of rows, which are seen only together with seats. */
export function paintFurniture(brush: Brush, layout: Layout, seen: Box): void {
  const letters = layout.radius * brush.scale >= ROW_LETTERS_FROM * brush.ratio;
  const reach = grown(seen, layout.pitch * 4);
  for (const [index, block] of layout.chart.blocks.entries()) {
    const box = layout.boxes[index];
    if (block.kind === 'area' || box === undefined || !meets(box, reach)) continue;
    if (block.kind !== 'row') paintTable(brush, layout, block);
    else if (letters) paintRowLetters(brush, layout, block);
  }
}

/** At both ends, mostly beyond the section's edge. */
function paintRowLetters(brush: Brush, layout: Layout, { label, x, y }: BlockView): void {
  if (label === '' || x.length === 0) return;
  brush.ctx.fillStyle = brush.palette.theme.soft.css;
  const fits = layout.radius * brush.scale * 1.3;
  const size = Math.min(13 * brush.ratio, Math.max(8.5 * brush.ratio, fits));
  // Clear of the last seat, however long the label is.
  const half = (label.length * size * 0.3 + brush.ratio) / brush.scale;
  const reach = Math.max(layout.pitch * 1.4, layout.radius + half);
  const beyond = (end: number, before: number): void => {
    const [ex = 0, ey = 0] = [x.at(end), y.at(end)];
    const [dx, dy] = [ex - (x.at(before) ?? ex - 1), ey - (y.at(before) ?? ey)];
    const part = reach / Math.max(1e-9, Math.hypot(dx, dy));
    write(brush, label, pixelOf(brush, { x: ex + dx * part, y: ey + dy * part }), 600, size);
  };
  beyond(0, 1);
  beyond(-1, -2);
}

/** A top that reaches almost to the seats, whatever way they stand around it. */
function paintTable(brush: Brush, { radius }: Layout, block: BlockView): void {
  const { ctx, palette, scale, ratio } = brush;
  const seats = seatsOf(block);
  const middle = meanOf(seats);
  const far = Math.max(...seats.map((seat) => distance(seat, middle)));
  // Half of the way is margin, which makes a table round that its seats stand around in a circle.
  const reach = Math.max(radius, far - 1.7 * radius) / 2;
  const inner = seats.map(({ x, y }) => ({
    x: middle.x + ((x - middle.x) * reach) / far,
    y: middle.y + ((y - middle.y) * reach) / far,
  }));
  ctx.fillStyle = palette.theme.line.css;
  ctx.beginPath();
  trace(brush, hullAround(inner, reach));
  ctx.fill();
  if (block.kind === 'whole_table') {
    // What is sold together is tied together.
    const ink = palette.categories[block.categories[0] ?? 0] ?? palette.theme.ink;
    ctx.strokeStyle = ink.css;
    ctx.lineWidth = Math.max(ratio, radius * scale * 0.14);
    ctx.beginPath();
    trace(brush, hullAround(seats, radius * 1.75));
    ctx.stroke();
  }
  const size = Math.min(14 * ratio, radius * scale * 1.3);
  if (size < 7 * ratio) return;
  ctx.fillStyle = palette.theme.ink.css;
  write(brush, block.label, pixelOf(brush, middle), 650, size);
}
