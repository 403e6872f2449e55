import { describe, expect, it } from 'vitest';
import { around } from './geometry';
import { Tiles, tileKey, type Level, type Tile } from './tiles';

const SIZE = 100;
const BYTES = SIZE * SIZE * 4;

function painted(tiles: Tiles, level: Level, column: number, line: number): Tile {
  const tile = tiles.add(level, column, line);
  tile.stale = false;
  return tile;
}

describe('tiles', () => {
  it('give way to newer ones, the least recently used first', () => {
    const tiles = new Tiles(SIZE, 3 * BYTES);
    const level = tiles.level(1);
    const [a, b, c] = [0, 1, 2].map((column) => painted(tiles, level, column, 0));
    if (a === undefined || b === undefined || c === undefined) throw new Error('three were made');
    tiles.use(a);
    tiles.add(level, 3, 0);
    expect(tiles.count).toBe(3);
    expect([...level.tiles.values()]).not.toContain(b);
    expect(level.tiles.get(tileKey(0, 0))).toBe(a);
  });

  it('are counted over all levels', () => {
    const tiles = new Tiles(SIZE, 2 * BYTES);
    const far = tiles.level(0.5);
    painted(tiles, far, 0, 0);
    const near = tiles.level(1);
    painted(tiles, near, 0, 0);
    painted(tiles, near, 1, 0);
    expect([far.tiles.size, near.tiles.size]).toEqual([0, 2]);
  });

  it('note the places that change, each tile its own', () => {
    const tiles = new Tiles(SIZE, 9 * BYTES);
    const level = tiles.level(2);
    const left = painted(tiles, level, 0, 0);
    const right = painted(tiles, level, 1, 0);
    tiles.touch(7, around({ x: 20, y: 20 }, 5), level);
    tiles.touch(8, around({ x: 49, y: 20 }, 5), level);
    expect(left.dirty).toEqual([7, 8]);
    expect(right.dirty).toEqual([8]);
  });

  it('of other zooms are dropped when a place of theirs changes', () => {
    const tiles = new Tiles(SIZE, 9 * BYTES);
    const other = tiles.level(1);
    painted(tiles, other, 0, 0);
    painted(tiles, other, 5, 5);
    const shown = tiles.level(2);
    tiles.touch(7, around({ x: 20, y: 20 }, 5), shown);
    expect([...other.tiles.keys()]).toEqual([tileKey(5, 5)]);
  });

  it('are painted anew after many changes', () => {
    const tiles = new Tiles(SIZE, 9 * BYTES);
    const level = tiles.level(1);
    const tile = painted(tiles, level, 0, 0);
    for (let place = 0; place < 400; place += 1) tiles.touch(place, around({ x: 5, y: 5 }, 1), level);
    expect(tile.stale).toBe(true);
    expect(tile.dirty.length).toBeLessThan(400);
  });

  it('are all painted anew when everything looks different', () => {
    const tiles = new Tiles(SIZE, 9 * BYTES);
    const other = tiles.level(1);
    painted(tiles, other, 0, 0);
    const shown = tiles.level(2);
    const tile = painted(tiles, shown, 0, 0);
    tiles.spoil(shown);
    expect(tile.stale).toBe(true);
    expect(tiles.level(1).tiles.size).toBe(0);
  });
});
