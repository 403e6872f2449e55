/**
 * The server's clock as a browser can tell it: the offset of the ping with the shortest way, as NTP
 * does it (RFC 5905 §10). Countdowns are drawn from it, never from the page's own clock, which
 * anybody may have set wrong.
 */

/** Milliseconds since 1970 that never jump; not necessarily right. */
export interface TimeSource {
  now(): number;
}

/** The page's monotonic clock: setting the wall clock does not move it. */
export const MONOTONIC: TimeSource = { now: () => performance.timeOrigin + performance.now() };

/** One ping and its answer. Sent and received by the local clock, answered by the server's. */
export interface PingSample {
  readonly sentMs: number;
  readonly serverMs: number;
  readonly receivedMs: number;
}

export interface ClockState {
  /** Recent samples, oldest first. */
  readonly samples: readonly PingSample[];
  /** Server's clock minus local clock. */
  readonly offsetMs: number;
  /** The offset is off by no more than this; infinite if nothing is known. */
  readonly errorMs: number;
}

/** As many as NTP's clock filter. */
const SAMPLES_MAX = 8;
/** Quartz drifts by a second a day at worst: 3.5 ms in this time. */
const SAMPLE_AGE_MS_MAX = 300_000;

export const UNKNOWN_CLOCK: ClockState = { samples: [], offsetMs: 0, errorMs: Infinity };

/** Takes a sample in. */
export function sampled(clock: ClockState, sample: PingSample): ClockState {
  const roundTrip = roundTripMs(sample);
  if (!(roundTrip >= 0)) return clock;
  const recent = clock.samples.filter(
    (old) => sample.receivedMs - old.receivedMs <= SAMPLE_AGE_MS_MAX,
  );
  const samples = [...recent, sample].slice(-SAMPLES_MAX);
  const best = samples.reduce((a, b) => (roundTripMs(b) <= roundTripMs(a) ? b : a));
  // The answer was made somewhere on the way there and back: at the middle the error is least.
  const middle = (best.sentMs + best.receivedMs) / 2;
  return { samples, offsetMs: best.serverMs - middle, errorMs: roundTripMs(best) / 2 };
}

/**
 * Forgets the samples but not the offset: after a sleep the local clock may have stood still, so
 * the next sample counts alone.
 */
export function doubted(clock: ClockState): ClockState {
  return { ...clock, samples: [] };
}

/** A first idea of the offset, from a frame that tells the time without having been asked for. */
export function hinted(clock: ClockState, serverMs: number, receivedMs: number): ClockState {
  if (clock.errorMs !== Infinity) return clock;
  return { ...clock, offsetMs: serverMs - receivedMs };
}

/** The server's time at a time of the local clock. */
export function serverTime(clock: ClockState, localMs: number): number {
  return localMs + clock.offsetMs;
}

function roundTripMs(sample: PingSample): number {
  return sample.receivedMs - sample.sentMs;
}
