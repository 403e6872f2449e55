import { expect, test } from 'vitest';
import { pathOf } from './path';

test('a run of dark modules is one rectangle', () => {
  expect(
    pathOf([
      [true, true, false, true],
      [false, false, false, false],
      [true, true, true, true],
    ]),
  ).toBe('M0 0h2v1H0zM3 0h1v1H3zM0 2h4v1H0z');
});
