/**
 * Every page of operators and organisers, of a sale that is going on, for whoever works on how they
 * look: light in Korean and dark in English, on a desktop and on a phone, into `web/pictures`. With the
 * services there are two nodes and a dead letter, without them a server that is alone.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { until } from './browser';
import { goIn, pay, takeBest } from './buying';
import { UNBOUNDED, crowd } from './crowd';
import { looksRight } from './looks';
import { publishNoise, startNodes } from './nodes';
import { LIMITS, newEvent, newStaff, serve, type Schemas } from './server';
import { stage } from './stage';

const clustered = (process.env['TIKETI_TEST_POSTGRES'] ?? '') !== '';
const data = mkdtempSync(join(tmpdir(), 'tiketi-e2e-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));
const set = stage(() =>
  clustered ? startNodes(UNBOUNDED) : serve(['--demo'], { TIKETI_DATA_DIR: data, ...UNBOUNDED }),
);
const folder = new URL('../pictures/', import.meta.url).pathname;

/** What the pages are about. */
const there = { play: '', night: '', draft: '', ticket: '' };

const act = (event: string, body: Partial<Schemas['ActionBody']>) =>
  set.operator.ask('POST', `/api/v1/ops/events/${event}/actions`, body);

/** A sale with everything that one can have: paid, unpaid, held, waiting, refused, blocked, told. */
async function sell(event: string): Promise<string> {
  const [first, ...fans] = await crowd(set.server, 22);
  if (first === undefined) throw new Error('nobody came');
  await goIn(first, event);
  const order = await pay(first, (await takeBest(first, event, 4)).id);
  for (const [party, fan] of fans.slice(0, 15).entries()) {
    await goIn(fan, event);
    const hold = await takeBest(fan, event, 2 + (party % 4));
    if (party % 3 === 0) await fan.ask('POST', `/api/v1/holds/${hold.id}/order`);
    else if (party % 3 === 1) await pay(fan, hold.id);
  }
  // Whoever has paid is inside no more: ten are.
  await act(event, { action: 'set_admitted_max', admitted_max: 10, reason: '입구가 좁아졌어요' });
  for (const fan of fans.slice(15)) {
    await fan.ask('POST', `/api/v1/events/${event}/queue`);
    await fan.ask('POST', `/api/v1/events/${event}/queue/claim`).catch(() => undefined);
  }
  const [ticket = ''] = (await first.ask<Schemas['OrderView']>('GET', `/api/v1/orders/${order}`)).tickets;
  return (await first.ask<Schemas['TicketView']>('GET', `/api/v1/tickets/${ticket}`)).code;
}

async function rehearse(of: string): Promise<string> {
  const body = { of, reason: '금요일 판매 시작 전에' };
  const { id } = await set.operator.ask<{ id: string }>('POST', '/api/v1/operator/rehearsals', body);
  return id;
}

beforeAll(async () => {
  const { operator } = set;
  const ask = <T>(path: string) => operator.ask<T>('GET', path);
  const charts = await ask<Schemas['ChartEntryView'][]>('/api/v1/operator/charts');
  const arena = charts.find((chart) => chart.places === 20_000);
  const hours = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString();
  there.play = await newEvent(operator, { title: '겨울 배 The Winter Boat', admitted_max: 200 });
  there.ticket = await sell(there.play);
  const { chart: hash } = await ask<Schemas['EventView']>(`/api/v1/events/${there.play}`);
  const chart = await ask<Schemas['ChartView']>(`/api/v1/charts/${hash}`);
  const row = chart.blocks.findLast((block) => block.kind === 'row');
  const places = `${chart.sections[row?.section ?? 0]?.label} / ${row?.label}`;
  await act(there.play, { action: 'block_places', places, reason: '카메라가 서요' });
  const notice = '문은 일곱 시에 열어요. Doors open at seven, from the north side of the park.';
  await act(there.play, { action: 'set_notice', notice, reason: 'the band is late' });
  await act(there.play, { action: 'set_admission_rate', admission_rate: 60, reason: 'the till is slow' });
  there.night = await newEvent(operator, {
    title: '오로라 라인스: 서울의 밤, 스무 해를 함께한 모두를 위한 앙코르 공연',
    venue: '남산아레나',
    ...(arena === undefined ? {} : { chart: arena.hash }),
  });
  await act(there.night, { action: 'pause', reason: 'the gates are not open yet; security asked for ten minutes' });
  await newEvent(operator, {
    title: 'Halo, unplugged',
    venue: 'Moonlight Hall',
    lobby_opens_at: hours(2),
    opens_at: hours(3),
    closes_at: hours(9),
  });
  const { id: draft } = await operator.ask<{ id: string }>('POST', '/api/v1/operator/drafts', {
    title: '여름밤의 작은 음악회',
    description: '공원에서 열려요.',
    venue: '',
    starts_at: hours(900),
    chart: hash,
    currency: 'KRW',
    order_fee_minor: 0,
    ticket_types: [
      { key: 'adult', label: '성인' },
      { key: 'child', label: '어린이' },
    ],
    prices: [],
    lobby_opens_at: '',
    opens_at: hours(300),
    closes_at: '',
    refunds_until: '',
    ...LIMITS,
  });
  there.draft = draft;
  await rehearse(there.play);
  const wiped = await rehearse(there.night);
  const why = { reason: 'it went well' };
  await operator.ask('POST', `/api/v1/operator/rehearsals/${wiped}/wipe`, why);
  for (const role of ['viewer', 'operator', 'operator'] as const) await newStaff(operator, role);
  if (clustered) await publishNoise(there.play);
}, 240_000);

interface Picture {
  readonly name: string;
  readonly path: () => string;
  /** What is there once the page is. */
  readonly shows: string;
  /** What is done before it is looked at. */
  readonly first?: (page: Page) => Promise<void>;
}

/** Presses the button of that many that say it, in either language. */
const press = (name: RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();

const PICTURES: readonly Picture[] = [
  { name: 'operator', path: () => '/operator', shows: '.sale-numbers' },
  {
    name: 'gate',
    path: () => '/operator/gate',
    shows: '.gate-form',
    first: async (page) => {
      await page.locator('[name=gate]').fill('북문 1');
      for (const code of [there.ticket, 'TKT1.forged', there.ticket]) {
        await page.locator('[name=code]').fill(code);
        await page.locator('[name=code]').press('Enter');
        await until('it was checked', async () => (await page.locator('[name=code]').inputValue()) === '');
      }
    },
  },
  { name: 'ops', path: () => '/ops', shows: '.ops-figures' },
  { name: 'nodes', path: () => '/ops/nodes', shows: '.ops-table tbody tr' },
  {
    name: 'nodes-drain',
    path: () => '/ops/nodes',
    shows: '.ops-table tbody tr',
    first: press(/노드 비우기|Drain the node/),
  },
  { name: 'actors', path: () => '/ops/actors', shows: '.ops-table tbody tr' },
  { name: 'actor', path: () => `/ops/actors/${there.play}`, shows: '.ops-journal tbody tr' },
  { name: 'streams', path: () => '/ops/streams', shows: '.ops-table tbody tr' },
  { name: 'sale', path: () => `/ops/sales/${there.play}`, shows: '.acts-tables tbody tr' },
  { name: 'sale-paused', path: () => `/ops/sales/${there.night}`, shows: '.acts-tables' },
  {
    name: 'sale-close',
    path: () => `/ops/sales/${there.play}`,
    shows: '.acts-tables tbody tr',
    first: press(/판매 종료|End the sale/),
  },
  { name: 'audit', path: () => '/ops/audit', shows: '.audit-table tbody tr' },
  { name: 'settings', path: () => '/ops/settings', shows: '.setting-table tr' },
  { name: 'events', path: () => '/ops/organise', shows: '.organise-table' },
  { name: 'event-new', path: () => '/ops/organise/new', shows: '.organise-form' },
  { name: 'event-draft', path: () => `/ops/organise/drafts/${there.draft}`, shows: '.organise-form' },
  { name: 'event', path: () => `/ops/organise/events/${there.play}`, shows: '.seatmap-pane' },
  { name: 'plans', path: () => '/ops/organise/plans', shows: '.organise-table' },
  {
    name: 'plans-faulty',
    path: () => '/ops/organise/plans',
    shows: '.organise-table',
    first: async (page) => {
      const plan = JSON.stringify({ name: 'A room', size: {}, categories: [], zones: [{ rows: 7 }] }, null, 2);
      const file = { name: 'room.json', mimeType: 'application/json', buffer: Buffer.from(plan) };
      await page.locator('input[type=file]').setInputFiles(file);
      await page.locator('.organise-plan-faults').waitFor();
    },
  },
  { name: 'venues', path: () => '/ops/organise/venues', shows: '.organise-table' },
  {
    name: 'venues-add',
    path: () => '/ops/organise/venues',
    shows: '.organise-table',
    first: press(/공연장 추가|Add a venue/),
  },
  { name: 'artists', path: () => '/ops/organise/artists', shows: '.organise-table' },
  { name: 'people', path: () => '/ops/organise/people', shows: '.organise-table' },
  {
    name: 'people-change',
    path: () => '/ops/organise/people',
    shows: '.organise-table',
    first: (page) => page.locator('.organise-table button').last().click(),
  },
  { name: 'rehearsals', path: () => '/ops/organise/rehearsals', shows: '.organise-table' },
  {
    name: 'rehearsals-bots',
    path: () => '/ops/organise/rehearsals',
    shows: '.organise-table',
    first: async (page) => {
      await page.locator('.organise-acts button').first().click();
      await page.getByRole('dialog').locator('code').waitFor();
    },
  },
  {
    name: 'rehearse',
    path: () => `/ops/organise/rehearsals?of=${there.play}`,
    shows: 'dialog[open] form p:not(.soft), dialog[open] p:not(.soft)',
  },
];

const LOOKS = [
  { locale: 'ko', width: 1280, dark: false },
  { locale: 'en', width: 390, dark: true },
  { locale: 'en', width: 1280, dark: true },
  { locale: 'ko', width: 390, dark: false },
] as const;

for (const look of LOOKS) {
  const { locale, width, dark } = look;
  describe(`${locale}-${width}`, () => {
    test.each(PICTURES)('$name', async ({ name, path, shows, first }) => {
      mkdirSync(folder, { recursive: true });
      const height = width < 400 ? 844 : 860;
      const me = await set.visitor({ account: set.operator, locale, width, height, dark });
      me.expectRefusals(404, 409, 422);
      const { page } = me;
      await me.open(path());
      await page.locator(shows).first().waitFor();
      if (first !== undefined) await first(page);
      await page.waitForLoadState('networkidle').catch(() => undefined);
      const fullPage = (await page.locator('dialog[open]').count()) === 0;
      await page.screenshot({ path: `${folder}${name}-${locale}-${width}.png`, fullPage });
      await looksRight(page);
    });
  });
}
