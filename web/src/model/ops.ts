/** What is read out of the frames of a page that watches an on-sale. */
import type { components } from '../api/schema';

export type OpsFrame = components['schemas']['OpsFrame'];
export type FrameOf<T extends OpsFrame['type']> = Extract<OpsFrame, { type: T }>;

/** Frames that a chart goes back: one a second. */
const REMEMBERED = 120;

export interface Moment {
  readonly at: string;
  readonly holds: number;
  readonly tickets: number;
}

/** A frame of the kind that a page is about; null if it is none. */
export function readFrame<T extends OpsFrame['type']>(text: unknown, type: T): FrameOf<T> | null {
  if (typeof text !== 'string') return null;
  try {
    const frame = JSON.parse(text) as OpsFrame;
    return frame.type === type ? (frame as FrameOf<T>) : null;
  } catch {
    return null;
  }
}

/** What a chart shows, with one more frame; without rates there is nothing to add. */
export function remember(past: readonly Moment[], frame: FrameOf<'overview'>): readonly Moment[] {
  const { rates, at } = frame;
  if (rates === null || rates === undefined || past.at(-1)?.at === at) return past;
  const moment = { at, holds: rates.holds, tickets: rates.tickets };
  return [...past.slice(1 - REMEMBERED), moment];
}

/** The points of a line from left to right, the latest at the right end, within a box. */
export function line(values: readonly number[], width: number, height: number): string {
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, values.length - 1);
  const point = (value: number, index: number) =>
    `${round(index * step)},${round(height - (value / most) * height)}`;
  return values.map(point).join(' ');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export const SORTS = [
  'title',
  'rate',
  'depth',
  'wait',
  'turn',
  'batch',
  'append',
  'rejections',
  'refusals',
  'take_overs',
  'unsnapped',
  'snapshot',
  'line',
  'sold',
] as const;

export type Sort = (typeof SORTS)[number];

export const PAGE_ROWS = 25;

/** What a table of actors shows; its address says it. */
export interface Table {
  readonly sort: Sort;
  readonly descending: boolean;
  readonly text: string;
  readonly status: string;
  readonly node: string;
  /** From 0. */
  readonly page: number;
}

/** A table as its address says it; what is not lawful is as if it were not there. */
export function tableOf(query: Readonly<Record<string, string | undefined>>): Table {
  const sort = SORTS.find((one) => one === query['sort']) ?? 'rate';
  const page = Number(query['page'] ?? '1') - 1;
  return {
    sort,
    descending: query['order'] === undefined ? sort !== 'title' : query['order'] === 'down',
    text: query['text'] ?? '',
    status: ['open', 'paused', 'closed'].find((one) => one === query['status']) ?? '',
    node: /^[0-9a-f]{1,16}$/.test(query['node'] ?? '') ? (query['node'] ?? '') : '',
    page: Number.isInteger(page) && page > 0 ? page : 0,
  };
}

/** The address of a table, without what needs no saying. */
export function addressOf(table: Table): string {
  const query = new URLSearchParams();
  if (table.sort !== 'rate') query.set('sort', table.sort);
  if (table.descending !== (table.sort !== 'title')) {
    query.set('order', table.descending ? 'down' : 'up');
  }
  if (table.text !== '') query.set('text', table.text);
  if (table.status !== '') query.set('status', table.status);
  if (table.node !== '') query.set('node', table.node);
  if (table.page > 0) query.set('page', String(table.page + 1));
  const text = query.toString();
  return text === '' ? '/ops/actors' : `/ops/actors?${text}`;
}

/** What the server is asked for to show a table. */
export function questionOf(table: Table): string {
  const query = new URLSearchParams({
    topic: 'actors',
    sort: table.sort,
    descending: String(table.descending),
    offset: String(table.page * PAGE_ROWS),
    limit: String(PAGE_ROWS),
  });
  if (table.text !== '') query.set('text', table.text);
  if (table.status !== '') query.set('status', table.status);
  if (table.node !== '') query.set('node', table.node);
  return query.toString();
}
