import { describe, expect, test } from 'vitest';
import { addressOf, line, questionOf, readFrame, remember, tableOf, type FrameOf } from './ops';

const overview = (at: string, holds: number | null): FrameOf<'overview'> =>
  ({
    type: 'overview',
    at,
    rates: holds === null ? null : { commands: 1, holds, tickets: 2 },
  }) as FrameOf<'overview'>;

describe('a frame', () => {
  test('is taken only if it is of the kind that the page is about', () => {
    const text = JSON.stringify(overview('2030-01-01T00:00:00Z', 1));
    expect(readFrame(text, 'overview')?.at).toBe('2030-01-01T00:00:00Z');
    expect(readFrame(text, 'nodes')).toBeNull();
    expect(readFrame('{', 'overview')).toBeNull();
    expect(readFrame(new ArrayBuffer(1), 'overview')).toBeNull();
  });

  test('is remembered once, and not without rates', () => {
    const one = remember([], overview('1', 5));
    expect(one).toEqual([{ at: '1', holds: 5, tickets: 2 }]);
    expect(remember(one, overview('1', 5))).toBe(one);
    expect(remember(one, overview('2', null))).toBe(one);
    let many = one;
    for (let at = 2; at < 300; at += 1) many = remember(many, overview(String(at), at));
    expect(many.length).toBe(120);
    expect(many.at(-1)?.holds).toBe(299);
  });
});

test('a line goes from left to right and up to its highest point', () => {
  expect(line([0, 5, 10], 60, 20)).toBe('0,20 30,10 60,0');
  expect(line([0, 0], 60, 20)).toBe('0,20 60,20');
  expect(line([], 60, 20)).toBe('');
});

describe('a table', () => {
  test('is what its address says, and the other way round', () => {
    const addresses = [
      '/ops/actors',
      '/ops/actors?sort=title',
      '/ops/actors?sort=depth&order=up&text=%EB%B0%A4&status=paused&node=00ff&page=3',
    ];
    for (const address of addresses) {
      const query = Object.fromEntries(new URL(address, 'http://x').searchParams);
      expect(addressOf(tableOf(query))).toBe(address);
    }
  });

  test('is asked for by rows, not by pages', () => {
    expect(questionOf(tableOf({ page: '3' }))).toBe(
      'topic=actors&sort=rate&descending=true&offset=50&limit=25',
    );
  });

  test('ignores what is not lawful', () => {
    const odd = tableOf({ sort: 'x', status: 'y', node: 'zz', page: '-1' });
    expect(odd).toEqual(tableOf({}));
  });
});
