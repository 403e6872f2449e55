/** What is read out of an event as it was, and of its actor as it goes. */
import type { components } from '../api/schema';
import type { FrameOf } from './ops';

type ChartView = components['schemas']['ChartView'];

/** What a byte says of a place; from `HELD` on it is held, for so many minutes more. */
export const FREE = 0;
export const SOLD = 1;
export const OFF = 2;
export const HELD = 3;

/** From how many minutes on a hold is of which age. */
const AGES_MIN = [0, 1, 3, 5] as const;

/** The bytes of all places. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** Which of the colours a place has: free, sold, off, then held by age. */
export function shadeOf(byte: number): number {
  if (byte < HELD) return byte;
  return HELD + AGES_MIN.findLastIndex((minutes) => minutes <= byte - HELD);
}

/** From how many times on a place was held how often. */
const TIMES = [1, 2, 4, 8] as const;

/** Which of the colours a place has that was held so often: the one for nothing, then more and more. */
export function shadeOfTimes(times: number): number {
  return times === 0 ? OFF : HELD + TIMES.findLastIndex((least) => least <= times);
}

/** How often the places of each section were held, together; places without a byte never were. */
export function timesBySection(
  chart: ChartView,
  times: Uint8Array,
): { readonly label: string; readonly times: number }[] {
  const counts = chart.sections.map(({ label }) => ({ label, times: 0 }));
  for (const { section, first, count } of chart.blocks) {
    const of = counts[section];
    if (of === undefined) continue;
    for (const byte of times.subarray(first, first + count)) of.times += byte;
  }
  return counts;
}

export interface SectionCount {
  readonly label: string;
  readonly free: number;
  readonly held: number;
  readonly sold: number;
}

/** How the places of each section are shared out; what is not for sale counts nowhere. */
export function bySection(chart: ChartView, bytes: Uint8Array): SectionCount[] {
  const counts = chart.sections.map(({ label }) => ({ label, free: 0, held: 0, sold: 0 }));
  for (const { section, first, count } of chart.blocks) {
    const of = counts[section];
    if (of === undefined) continue;
    for (const byte of bytes.subarray(first, first + count)) {
      if (byte === FREE) of.free += 1;
      else if (byte === SOLD) of.sold += 1;
      else if (byte >= HELD) of.held += 1;
    }
  }
  return counts;
}

type Query = Readonly<Record<string, string | undefined>>;

/** The record that an address names; null for the last. */
export function recordOf(query: Query): number | null {
  return numberOf(query['seq']);
}

/** The deed of the audit log whose record an address asks for; null if it asks for none. */
export function deedIn(query: Query): number | null {
  return numberOf(query['deed']);
}

function numberOf(text: string | undefined): number | null {
  const number = Number(text);
  return Number.isSafeInteger(number) && number > 0 ? number : null;
}

/** The address of an event's actor, at a record or as it is. */
export function actorAddress(event: string, record: number | null = null): string {
  const path = `/ops/actors/${event}`;
  return record === null ? path : `${path}?seq=${record}`;
}

/** The address of an event's actor at the record that came of a deed. */
export function deedAddress(event: string, deed: number): string {
  return `/ops/actors/${event}?deed=${deed}`;
}

/** Frames that a chart goes back: one a second. */
const REMEMBERED = 120;

/** How an actor did in one second; null is not known. */
export interface Beat {
  readonly at: string;
  readonly rate: number | null;
  readonly wait: number | null;
  readonly append: number | null;
  readonly batch: number | null;
}

/** What a chart shows, with one more frame. */
export function rememberBeat(past: readonly Beat[], frame: FrameOf<'actor'>): readonly Beat[] {
  const { at, actor } = frame;
  if (actor === null || actor === undefined || past.at(-1)?.at === at) return past;
  const beat = {
    at,
    rate: actor.rate ?? null,
    wait: actor.wait_us ?? null,
    append: actor.append_us ?? null,
    batch: actor.batch ?? null,
  };
  return [...past.slice(1 - REMEMBERED), beat];
}
