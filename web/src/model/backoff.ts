/** When to try again, so that a million browsers do not come back at once. */

const BASE_MS = 500;
const DELAY_MS_MAX = 30_000;
/** A connection that lasted this long was a good one. */
export const STABLE_MS = 10_000;
/** How far reconnects are spread that many browsers begin at the same moment. */
export const NUDGE_MS_MAX = 2_000;

/**
 * The wait before try number `attempt`, counted from 0: anything up to a bound that doubles ("full
 * jitter" of Amazon's architecture blog, 2015). `random` is from 0 to 1.
 */
export function retryDelayMs(attempt: number, random: number): number {
  return random * Math.min(DELAY_MS_MAX, BASE_MS * 2 ** attempt);
}
