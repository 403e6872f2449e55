import { expect, test } from 'vitest';
import { spokenBetween } from '../../ui/countdown';
import { warnsBetween } from './HoldClock';

test('a warning comes two minutes before the end, once', () => {
  expect(warnsBetween(121_000, 120_000)).toBe(true);
  expect(warnsBetween(120_000, 119_000)).toBe(false);
  // A tab that slept is warned late rather than never, but not after the end.
  expect(warnsBetween(300_000, 30_000)).toBe(true);
  expect(warnsBetween(300_000, -1)).toBe(false);
  // A hold that never had two minutes has a button, and no dialog.
  expect(warnsBetween(60_000, 59_000)).toBe(false);
});

test('a countdown speaks at a few moments, and at the latest of those that it slept over', () => {
  expect(spokenBetween(60_900, 60_000)).toBe(60);
  expect(spokenBetween(60_000, 59_000)).toBeNull();
  expect(spokenBetween(130_000, 20_000)).toBe(120);
});
