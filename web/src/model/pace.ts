/**
 * How long the line will take: from how fast it has moved lately, as a range, or not at all.
 *
 * A {@link Pace} is a thinned history of room frames. From two frames and a number it is known
 * within bounds how many fans before that number have left the line in between, be it because they
 * were called or because they gave up; what that makes per second is the pace.
 */
import type { RoomFrame } from './frames';
import { aheadOf, placeInLine, type Bounds } from './line';

/** Room frames, oldest first, the latest last. */
export type Pace = readonly RoomFrame[];

export type Wait =
  | { readonly type: 'unknown' }
  | { readonly type: 'about'; readonly minMs: number; readonly maxMs: number };

/** Frames closer than this to the one before add nothing. */
const SPACING_MS = 5_000;
/** How far back the past says something about the future. */
const HORIZON_MS = 300_000;
/** The stretches of the past that are looked at; where they differ, the range gets wider. */
const WINDOWS_MS = [60_000, HORIZON_MS];
/** Shorter observations say nothing. */
const OBSERVED_MS_MIN = 15_000;
/** Nor do fewer departures than this. */
const DEPARTED_MIN = 3;

/**
 * Of the departures seen some were of fans who gave up, and fewer will as the line gets shorter:
 * so much of the pace is sure to last.
 */
const LASTING = 0.85;

const UNKNOWN: Wait = { type: 'unknown' };

/** Takes a room frame into the history. */
export function observe(pace: Pace, room: RoomFrame): Pace {
  const latest = pace.at(-1);
  if (latest !== undefined && room.atMs < latest.atMs) return pace;
  const recent = pace.filter((frame) => frame.atMs >= room.atMs - HORIZON_MS - SPACING_MS);
  const before = recent.at(-2);
  // The latest is always kept; it gives way to the next if it came too soon after the one before.
  if (latest !== undefined && before !== undefined && latest.atMs - before.atMs < SPACING_MS) {
    recent.pop();
  }
  return [...recent, room];
}

/** How long the fan with a number will wait, at a time of the server's clock. */
export function waitFor(number: number, pace: Pace, nowMs: number): Wait {
  const latest = pace.at(-1);
  if (latest?.status !== 'open') return UNKNOWN;
  const place = placeInLine(number, latest);
  if (place.type === 'gone') return UNKNOWN;
  const ahead =
    place.type === 'exact' ? { min: place.ahead, max: place.ahead } : place.ahead;
  let slowest = Infinity;
  let fastest = 0;
  for (const window of WINDOWS_MS) {
    const rate = rateOver(window, number, pace, nowMs);
    if (rate === null) continue;
    slowest = Math.min(slowest, rate.min);
    fastest = Math.max(fastest, rate.max);
  }
  if (fastest === 0 || slowest <= 0) return UNKNOWN;
  const sinceMs = Math.max(0, nowMs - latest.atMs);
  // No more are called than may be, however fast it went before. Whoever gives up makes it shorter.
  const most = latest.perMinute > 0 ? latest.perMinute / 60_000 : Infinity;
  slowest = Math.min(slowest, most);
  fastest = Math.min(fastest, most);
  // The fan has to be called as well.
  const minMs = Math.max(0, (ahead.min + 1) / fastest - sinceMs);
  return { type: 'about', minMs, maxMs: Math.max(minMs, (ahead.max + 1) / slowest) };
}

/** Departures before a number, per millisecond; null if too little is known. */
function rateOver(
  windowMs: number,
  number: number,
  pace: Pace,
  nowMs: number,
): Bounds | null {
  const latest = pace.at(-1);
  // While paused nobody is called, which says nothing about the time after.
  const lastPause = pace.findLastIndex((frame) => frame.status !== 'open');
  const running = pace.slice(lastPause + 1);
  const oldest = running.find((frame) => frame.atMs >= nowMs - windowMs) ?? running.at(-1);
  if (latest === undefined || oldest === undefined) return null;
  const observedMs = nowMs - oldest.atMs;
  if (observedMs < OBSERVED_MS_MIN) return null;
  const { min, max } = departedBefore(number, oldest, latest);
  if (min < DEPARTED_MIN) return null;
  // Departures come by chance: twice the square root is about 95 in 100 of a Poisson count.
  return {
    min: (LASTING * (min - Math.min(min / 2, 2 * Math.sqrt(min)))) / observedMs,
    max: (max + 2 * Math.sqrt(max)) / observedMs,
  };
}

/** How many who stood before a number in the older frame do not in the newer one. */
export function departedBefore(number: number, older: RoomFrame, newer: RoomFrame): Bounds {
  // A fan who joined later: what stood before that end of the line moved the same way.
  const own = Math.min(number, older.nextNumber);
  const joined = newer.nextNumber - older.nextNumber;
  const departed = older.waiting + joined - newer.waiting;
  let { min, max } = between(own, older, newer);
  // Far back the place is known to one in twenty, which hides a thousand departures. But whoever
  // left before a mark further to the front left before this number too, and no more than all.
  for (const mark of older.marks) {
    if (mark >= own) break;
    min = Math.max(min, between(mark, older, newer).min);
  }
  max = Math.min(max, departed);
  return { min: Math.max(0, Math.min(min, max)), max: Math.max(0, max) };
}

function between(number: number, older: RoomFrame, newer: RoomFrame): Bounds {
  const before = aheadOf(number, older);
  const after = aheadOf(number, newer);
  return { min: before.min - after.max, max: before.max - after.min };
}
