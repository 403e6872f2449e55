/** Paints one tile: everything that is seen where seats are seen one by one. */
import { pixelOf, type Brush } from './brush';
import { boxHas, grown, type Box } from './geometry';
import { paintFurniture, paintGround } from './ground';
import { pointOf, seatLabel, type Layout } from './layout';
import type { Palette } from './palette';
import { eraseSeat, isNumbered, paintSeats, type Seat } from './seat-art';
import type { Tally } from './tally';
import type { Level, Tile } from './tiles';
import { NOT_FOR_SALE } from '../../model/frames';

/** A seat's own marks reach this much further than its disc. */
export const SEAT_REACH = 1.2;

export class TilePainter {
  readonly #layout: Layout;
  readonly #tally: Tally;
  readonly #palette: Palette;
  readonly #size: number;
  readonly #ratio: number;

  constructor(layout: Layout, tally: Tally, palette: Palette, size: number, ratio: number) {
    this.#layout = layout;
    this.#tally = tally;
    this.#palette = palette;
    this.#size = size;
    this.#ratio = ratio;
  }

  /** Brings a tile up to date: all of it, or the seats that have changed. */
  paint(tile: Tile, level: Level): void {
    // Opaque, so that copying needs no blending.
    const ctx = tile.canvas.getContext('2d', { alpha: false });
    if (ctx === null) return;
    const brush: Brush = {
      ctx,
      palette: this.#palette,
      scale: level.scale,
      left: tile.column * this.#size,
      top: tile.line * this.#size,
      ratio: this.#ratio,
    };
    if (tile.stale) this.#paintAll(brush);
    else this.#repaint(brush, tile.dirty);
    tile.patches = tile.stale ? 0 : tile.patches + tile.dirty.length;
    tile.stale = false;
    tile.dirty = [];
  }

  #paintAll(brush: Brush): void {
    const layout = this.#layout;
    const { ctx, scale, left, top } = brush;
    const box: Box = {
      left: left / scale,
      top: top / scale,
      right: (left + this.#size) / scale,
      bottom: (top + this.#size) / scale,
    };
    ctx.fillStyle = this.#palette.theme.paper.css;
    ctx.fillRect(0, 0, this.#size, this.#size);
    paintGround(brush, layout, grown(box, 2 / scale));
    paintFurniture(brush, layout, box);
    const reach = grown(box, layout.radius * SEAT_REACH);
    const seats: Seat[] = [];
    layout.grid.within(reach, (place) => {
      const { x, y } = pointOf(layout, place);
      if (boxHas(reach, x, y)) {
        seats.push(this.#seat(brush, place));
      }
    });
    paintSeats(brush, seats, layout.radius * scale);
  }

  #repaint(brush: Brush, places: readonly number[]): void {
    const radius = this.#layout.radius * brush.scale;
    const seats = places.map((place) => this.#seat(brush, place));
    const pitch = this.#layout.pitch * brush.scale;
    for (const seat of seats) eraseSeat(brush, seat, radius, pitch);
    paintSeats(brush, seats, radius);
  }

  #seat(brush: Brush, place: number): Seat {
    const layout = this.#layout;
    const hasNumber = isNumbered(layout.radius * brush.scale, brush.ratio);
    return {
      ...pixelOf(brush, pointOf(layout, place)),
      // What is filtered out looks like what is not for sale.
      state: this.#tally.isHidden(place) ? NOT_FOR_SALE : this.#tally.stateOf(place),
      category: layout.category[place] ?? 0,
      traits: layout.traits[place] ?? 0,
      label: hasNumber ? seatLabel(layout, place) : '',
    };
  }
}
