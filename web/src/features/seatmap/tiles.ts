/**
 * Pictures of the chart at some zooms, in tiles, so that moving the map only copies pixels.
 *
 * A tile is worth what it costs to paint: 2 ms of a thousand seats. Tiles of a level fit together
 * exactly. When places change, they are painted over in the tiles that are shown; other tiles that
 * have them are dropped. Nothing here knows how to paint.
 */

import type { Box } from './geometry';

export interface Tile {
  readonly canvas: HTMLCanvasElement | OffscreenCanvas;
  readonly column: number;
  readonly line: number;
  /** Places to be painted over. */
  dirty: number[];
  /** How many were, since all of it was painted. */
  patches: number;
  /** All of it is to be painted; until then it is shown as it is. */
  stale: boolean;
  used: number;
}

/** All tiles of one zoom. */
export interface Level {
  /** Device pixels per chart unit. */
  readonly scale: number;
  readonly tiles: Map<number, Tile>;
}

/** A number for each tile of a level: there are fewer columns than this. */
export function tileKey(column: number, line: number): number {
  return line * 2 ** 26 + column;
}

/**
 * More patches than this cost more than the tile, and each leaves a trace of itself where smoothed
 * edges of neighbours touch.
 */
const PATCHES_MAX = 250;

export class Tiles {
  /** Width and height of a tile, in device pixels. */
  readonly size: number;
  readonly #bytesMax: number;
  readonly #levels = new Map<number, Level>();
  #uses = 0;

  constructor(size: number, bytesMax: number) {
    this.size = size;
    this.#bytesMax = bytesMax;
  }

  get count(): number {
    let count = 0;
    for (const level of this.#levels.values()) count += level.tiles.size;
    return count;
  }

  level(scale: number): Level {
    let level = this.#levels.get(scale);
    if (level === undefined) {
      for (const [old, { tiles }] of this.#levels) if (tiles.size === 0) this.#levels.delete(old);
      level = { scale, tiles: new Map() };
      this.#levels.set(scale, level);
    }
    return level;
  }

  /** Notes that a tile was shown. */
  use(tile: Tile): void {
    this.#uses += 1;
    tile.used = this.#uses;
  }

  /** Makes an empty tile; the least recently used make room for it. */
  add(level: Level, column: number, line: number): Tile {
    const bytes = this.size * this.size * 4;
    while ((this.count + 1) * bytes > this.#bytesMax && this.#evict()) continue;
    const canvas = makeCanvas(this.size);
    const tile: Tile = { canvas, column, line, dirty: [], patches: 0, stale: true, used: 0 };
    this.use(tile);
    level.tiles.set(tileKey(column, line), tile);
    return tile;
  }

  /** Forgets every tile, or all that are not of one level. */
  clear(except?: Level): void {
    for (const [scale, level] of this.#levels) if (level !== except) this.#levels.delete(scale);
  }

  /** Paints everything anew, and shows what there is until then. */
  spoil(shown: Level): void {
    this.clear(shown);
    for (const tile of shown.tiles.values()) tile.stale = true;
  }

  /** Notes that a place has changed, which is drawn within a box of the chart. */
  touch(place: number, { left, top, right, bottom }: Box, shown: Level): void {
    for (const level of this.#levels.values()) {
      const at = (value: number): number => Math.floor((value * level.scale) / this.size);
      for (let column = at(left); column <= at(right); column += 1) {
        for (let line = at(top); line <= at(bottom); line += 1) {
          const tile = level.tiles.get(tileKey(column, line));
          if (tile === undefined || tile.stale) continue;
          if (level !== shown) level.tiles.delete(tileKey(column, line));
          else if (tile.patches + tile.dirty.length >= PATCHES_MAX) tile.stale = true;
          else tile.dirty.push(place);
        }
      }
    }
  }

  #evict(): boolean {
    let oldest: Tile | null = null;
    let owner: Level | null = null;
    for (const level of this.#levels.values()) {
      for (const tile of level.tiles.values()) {
        if (oldest !== null && tile.used >= oldest.used) continue;
        oldest = tile;
        owner = level;
      }
    }
    if (oldest === null || owner === null) return false;
    owner.tiles.delete(tileKey(oldest.column, oldest.line));
    return true;
  }
}

function makeCanvas(size: number): HTMLCanvasElement | OffscreenCanvas {
  if (typeof OffscreenCanvas === 'function') return new OffscreenCanvas(size, size);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  return canvas;
}
