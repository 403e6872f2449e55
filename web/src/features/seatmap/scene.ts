/**
 * Paints what lies still: the chart at one camera, from tiles where seats are seen one by one.
 *
 * Work that is not finished within its budget is left for the next frame; until then there are
 * floors without seats, or the seats of another zoom. Start reading at {@link Scene.paint}.
 */
import { paintBlocks, writeAreas, writeBacks, writeBlocks, type MapTexts } from './blocks';
import type { Brush, Context } from './brush';
import { visibleBox, type Camera, type View } from './camera';
import { around, type Box } from './geometry';
import { paintGround } from './ground';
import { pointOf, type Layout } from './layout';
import type { Palette } from './palette';
import type { Tally } from './tally';
import { SEAT_REACH, TilePainter } from './tile-painter';
import { Tiles, tileKey, type Level, type Tile } from './tiles';

/** Seats appear between these pitches, in CSS pixels. */
const BLOCKS_UNTIL = 4;
const SEATS_FROM = 5.2;
/** Width of a tile in CSS pixels. */
const TILE_PX = 256;
/** Painting of tiles takes no longer than this in a frame, give or take one tile. */
const SLICE_MS = 5;
/** Tiles take no more than this, or than so many screens, whichever is more. */
const BYTES_MAX = 48 * 2 ** 20;
const SCREENS_MAX = 1.7;

/** 0 if only blocks are seen, 1 if only seats are. */
export function seatShare(layout: Layout, camera: Camera): number {
  const pitch = layout.pitch * camera.scale;
  return Math.min(1, Math.max(0, (pitch - BLOCKS_UNTIL) / (SEATS_FROM - BLOCKS_UNTIL)));
}

/** What a scene is painted of and on; another one needs another scene. */
export interface Setting {
  readonly layout: Layout;
  readonly tally: Tally;
  /** In the language of now. */
  readonly texts: () => MapTexts;
  readonly palette: Palette;
  readonly ctx: CanvasRenderingContext2D;
  readonly view: View;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

/** A tile and where on the screen it belongs, in device pixels. */
interface Part extends Box {
  readonly column: number;
  readonly line: number;
  tile: Tile | null;
}

export class Scene {
  readonly #setting: Setting;
  readonly #tiles: Tiles;
  readonly #painter: TilePainter;
  #shown: Level;
  /** What was shown before: better than nothing until tiles of this zoom are there. */
  #before: Level;

  constructor(setting: Setting) {
    const { layout, tally, palette, view, ratio } = setting;
    this.#setting = setting;
    const size = Math.round(TILE_PX * ratio);
    const across = Math.ceil((view.width * ratio) / size) + 1;
    const down = Math.ceil((view.height * ratio) / size) + 1;
    const screenBytes = across * down * size * size * 4;
    this.#tiles = new Tiles(size, Math.max(BYTES_MAX, SCREENS_MAX * screenBytes));
    this.#painter = new TilePainter(layout, tally, palette, size, ratio);
    this.#shown = this.#before = this.#tiles.level(1);
  }

  /** Notes that places have changed. */
  touch(places: readonly number[]): void {
    const { layout } = this.#setting;
    for (const place of places) {
      const box = around(pointOf(layout, place), layout.radius * SEAT_REACH);
      this.#tiles.touch(place, box, this.#shown);
    }
  }

  /** Notes that all seats look different. */
  touchAll(): void {
    this.#tiles.spoil(this.#shown);
  }

  /** From now on tiles are painted for this scale, in CSS pixels per unit. */
  settle(scale: number): void {
    const level = this.#tiles.level(scale * this.#setting.ratio);
    if (level === this.#shown) return;
    if (this.#shown.tiles.size > 0) this.#before = this.#shown;
    this.#shown = level;
  }

  /** For painting on a context that shows the same as the scene. */
  brush(ctx: Context, camera: Camera): Brush {
    const { palette, ratio } = this.#setting;
    const scale = camera.scale * ratio;
    const left = Math.round(camera.x * scale);
    const top = Math.round(camera.y * scale);
    return { ctx, palette, scale, left, top, ratio };
  }

  /** Paints a frame; true if there is more to do in the next one. `now` tells milliseconds. */
  paint(camera: Camera, now: () => number): boolean {
    const { ctx, view, layout, tally } = this.#setting;
    const texts = this.#setting.texts();
    const brush = this.brush(ctx, camera);
    const seen = visibleBox(camera, view);
    const share = seatShare(layout, camera);
    const parts = share > 0 ? this.#parts(brush) : [];
    const isDone = this.#work(parts, now() + SLICE_MS, now);
    if (share < 1 || parts.some(({ tile }) => tile === null)) this.#paintBelow(brush, seen, share);
    else this.#paintPaper(brush);
    ctx.globalAlpha = share;
    for (const part of parts) this.#copy(brush, part);
    ctx.globalAlpha = 1;
    // Not both, and none of them faint: that would be read by nobody.
    if (share < 0.5) writeBlocks(brush, layout, tally, seen, texts);
    else writeBacks(brush, layout, seen);
    writeAreas(brush, layout, tally, seen, texts);
    return !isDone;
  }

  #paintPaper({ ctx }: Brush): void {
    ctx.fillStyle = this.#setting.palette.theme.paper.css;
    ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  }

  /** What is seen where there is no tile. */
  #paintBelow(brush: Brush, seen: Box, share: number): void {
    const { layout, tally } = this.#setting;
    this.#paintPaper(brush);
    paintGround(brush, layout, seen);
    if (share < 1) paintBlocks(brush, layout, tally, seen);
  }

  /** The tiles that cover the chart on the screen, those in the middle first. */
  #parts({ ctx, scale, left, top }: Brush): Part[] {
    const { box } = this.#setting.layout;
    const { width, height } = ctx.canvas;
    const side = (this.#tiles.size * scale) / this.#shown.scale;
    const first = (seen: number, own: number): number => Math.floor(Math.max(seen, own * scale) / side);
    const last = (seen: number, own: number): number => Math.min(seen, own * scale) / side;
    const lastColumn = last(left + width, box.right);
    const lastLine = last(top + height, box.bottom);
    const parts: Part[] = [];
    for (let line = first(top, box.top); line < lastLine; line += 1) {
      for (let column = first(left, box.left); column < lastColumn; column += 1) {
        parts.push({
          column,
          line,
          tile: this.#shown.tiles.get(tileKey(column, line)) ?? null,
          left: Math.round(column * side) - left,
          top: Math.round(line * side) - top,
          right: Math.round((column + 1) * side) - left,
          bottom: Math.round((line + 1) * side) - top,
        });
      }
    }
    const away = (part: Part): number =>
      Math.abs(part.left + part.right - width) + Math.abs(part.top + part.bottom - height);
    return parts.sort((a, b) => away(a) - away(b));
  }

  /** Paints tiles until all are up to date or time is up; false in the latter case. */
  #work(parts: readonly Part[], until: number, now: () => number): boolean {
    for (const { tile } of parts) if (tile !== null) this.#tiles.use(tile);
    for (const part of parts) {
      const { tile } = part;
      if (tile !== null && !tile.stale && tile.dirty.length === 0) continue;
      if (now() >= until) return false;
      part.tile = tile ?? this.#tiles.add(this.#shown, part.column, part.line);
      this.#painter.paint(part.tile, this.#shown);
    }
    return true;
  }

  #copy(brush: Brush, part: Part): void {
    const { tile, left, top, right, bottom } = part;
    if (tile === null) this.#copyBefore(brush, part);
    else brush.ctx.drawImage(tile.canvas, left, top, right - left, bottom - top);
  }

  /** Fills a gap with what the zoom before has there. */
  #copyBefore({ ctx, scale, left, top }: Brush, gap: Box): void {
    const { size } = this.#tiles;
    const zoom = scale / this.#before.scale;
    for (const { canvas, column, line } of this.#before.tiles.values()) {
      const from = { x: column * size * zoom - left, y: line * size * zoom - top };
      const x = Math.max(gap.left, from.x);
      const y = Math.max(gap.top, from.y);
      const width = Math.min(gap.right, from.x + size * zoom) - x;
      const height = Math.min(gap.bottom, from.y + size * zoom) - y;
      if (width <= 0 || height <= 0) continue;
      const [sx, sy] = [(x - from.x) / zoom, (y - from.y) / zoom];
      ctx.drawImage(canvas, sx, sy, width / zoom, height / zoom, x, y, width, height);
    }
  }
}
