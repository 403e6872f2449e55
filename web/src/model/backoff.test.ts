import { expect, it } from 'vitest';
import { retryDelayMs } from './backoff';

it('doubles the bound up to half a minute and waits anything below it', () => {
  const bounds = Array.from({ length: 9 }, (_, attempt) => retryDelayMs(attempt, 1));
  expect(bounds).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  expect(retryDelayMs(5, 0)).toBe(0);
  expect(retryDelayMs(2_000, 0.5)).toBe(15_000);
});
