/** The README's pictures: a busy seat map on a desktop, the waiting room on a phone, the dashboard. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { until } from './browser';
import { goIn, pay, takeBest } from './buying';
import { UNBOUNDED, crowd } from './crowd';
import { enter } from './seats';
import { newEvent, newFan, serve, type Schemas } from './server';
import { stage } from './stage';

const data = mkdtempSync(join(tmpdir(), 'tiketi-e2e-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));
const set = stage(() => serve(['--demo'], { TIKETI_DATA_DIR: data, ...UNBOUNDED }));
/** A release build: `cargo build --release -p tiketi-bench`. */
const BENCH =
  process.env['TIKETI_BENCH'] ??
  new URL('../../target/release/tiketi-bench', import.meta.url).pathname;
const folder = new URL('../screenshots/', import.meta.url).pathname;
const BYTES_MAX = 200_000;

async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const path = `${folder}${name}.png`;
  await page.screenshot({ path });
  expect(statSync(path).size).toBeLessThan(BYTES_MAX);
}

/** Waits until the map is painted to the end: two looks at it are the same. */
async function stillness(page: Page): Promise<void> {
  const look = () =>
    page
      .locator('.seatmap-pane canvas')
      .evaluateAll((all) => all.map((one) => (one as HTMLCanvasElement).toDataURL()).join());
  let before = '';
  await until('the map is still', async () => {
    const now = await look();
    const still = now === before;
    before = now;
    if (!still) await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
    return still;
  });
}

test('the seat map while others buy', async () => {
  const charts = await set.operator.ask<Schemas['ChartEntryView'][]>(
    'GET',
    '/api/v1/operator/charts',
  );
  const theatre = charts.find((chart) => chart.places === 480);
  const event = await newEvent(set.operator, {
    title: '겨울 배 The Winter Boat',
    venue: '한강극장',
    ...(theatre === undefined ? {} : { chart: theatre.hash }),
    places_per_hold_max: 8,
  });
  // Parties that came before: two in three have paid, the others are about to.
  const sections = [
    'Stalls Left',
    'Stalls Centre',
    'Stalls Right',
    'Balcony Centre',
    'Lounge',
    'Balcony Right',
  ];
  for (const [party, fan] of (await crowd(set.server, 48)).entries()) {
    await goIn(fan, event);
    const section = sections[party % sections.length] ?? null;
    const quantity = 2 + ((party * 5) % 4);
    const hold = await takeBest(fan, event, quantity, section).catch(() => null);
    if (hold !== null && party % 3 !== 0) await pay(fan, hold.id);
  }
  const me = await set.visitor({ width: 1280, height: 760 });
  await enter(me, event);
  const { page } = me;
  await page
    .locator('.best')
    .getByRole('button', { name: /좋은 자리/ })
    .click();
  await page.locator('.cart-items li').nth(1).waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  await page.mouse.move(2, 2);
  await stillness(page);
  await picture(page, 'seat-map');
});

test('the waiting room on a phone', async () => {
  const event = await newEvent(set.operator, {
    title: '오로라 라인스: 서울의 밤',
    admitted_max: 1,
  });
  const inside = await newFan(set.server);
  await goIn(inside, event);
  const before = await crowd(set.server, 60);
  for (const fan of before) await fan.ask('POST', `/api/v1/events/${event}/queue`);
  const me = await set.visitor({ width: 390, height: 844, scale: 2 });
  await me.open(`/events/${event}/queue?join=1`);
  await expect.poll(() => me.page.getByTestId('ahead').textContent()).toBe('60명');
  for (const fan of before.slice(0, 13)) await fan.ask('DELETE', `/api/v1/events/${event}/queue`);
  const after = await crowd(set.server, 24);
  for (const fan of after) await fan.ask('POST', `/api/v1/events/${event}/queue`);
  await expect.poll(() => me.page.getByTestId('ahead').textContent()).toBe('47명');
  await me.page.getByText('24명').waitFor();
  await picture(me.page, 'waiting-room');
});

test('the dashboard while an arena is sold', async () => {
  const charts = await set.operator.ask<Schemas['ChartEntryView'][]>(
    'GET',
    '/api/v1/operator/charts',
  );
  const arena = charts.find((chart) => chart.places === 20_000);
  const event = await newEvent(set.operator, {
    title: 'Aurora Lines: A Night in Seoul',
    ...(arena === undefined ? {} : { chart: arena.hash }),
    admitted_max: 500,
  });
  const scenario = new URL('sellout.toml', import.meta.url).pathname;
  const where = ['--url', set.server.url, '--event', event];
  const key = ['--access-key', join(data, 'keys/access.key')];
  const bots = spawn(BENCH, ['run', scenario, ...where, ...key, '--out', data], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const over = new Promise((resolve) => bots.once('exit', resolve));
  const me = await set.visitor({ account: set.operator, locale: 'en', width: 1280, height: 860 });
  await me.open('/ops');
  const { page } = me;
  const sold = page
    .locator('.ops-figures div', { has: page.getByText('Sold', { exact: true }) })
    .locator('dd');
  const many = async () => Number((await sold.innerText()).replaceAll(',', '')) > 12_000;
  await until('a good part is sold', many, 180_000);
  await page.mouse.move(2, 2);
  await picture(page, 'dashboard');
  bots.kill('SIGINT');
  await over;
});
