import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { until } from './browser';
import { looksRight } from './looks';
import { newEvent, newStaff, type Account, type Schemas } from './server';
import { stage } from './stage';

const set = stage();
const ROOT = new URL('../..', import.meta.url).pathname;
const BINARY = process.env['TIKETI_BIN'] ?? join(ROOT, 'target/debug/tiketi');

async function comeAs(account: Account, width = 1280) {
  return set.visitor({ account, locale: 'en', width });
}

async function outcomes(action: string): Promise<string[]> {
  const path = `/api/v1/ops/audit?action=${action}`;
  const { entries } = await set.operator.ask<Schemas['AuditPageView']>('GET', path);
  return entries.map((entry) => entry.outcome).reverse();
}

/** Runs the line that a page shows, with the program that was built beside the server, small. */
async function run(line: string): Promise<string> {
  const [, token, rest] = /^BENCH_BOTS=(\S+) target\/release\/tiketi-bench (.*)$/.exec(line) ?? [];
  if (token === undefined || rest === undefined) throw new Error(`not a command: ${line}`);
  const out = mkdtempSync(join(tmpdir(), 'tiketi-rehearsal-'));
  const shown = rest.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'));
  const small = ['--smoke', '--users', '6', '--duration', '1s', '--out', out];
  const options = { cwd: ROOT, env: { BENCH_BOTS: token }, timeout: 60_000 };
  const bench = BINARY.replace(/tiketi$/, 'tiketi-bench');
  const ended = await promisify(execFile)(bench, [...shown, ...small], options);
  rmSync(out, { recursive: true, force: true });
  return ended.stdout;
}

test('an event is rehearsed with the bots that the page names, unseen by fans, and wiped', async () => {
  const event = await newEvent(set.operator, { title: 'A night to rehearse' });
  const account = await newStaff(set.operator, 'operator');
  const operator = await comeAs(account);
  const { page } = operator;
  await operator.open(`/ops/organise/events/${event}`);
  await page.getByRole('link', { name: 'Rehearse', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('480 places, 100 inside at most').waitFor();
  await dialog.getByText('Payments go to the payment company’s sandbox alone.').waitFor();
  await looksRight(page);
  const start = dialog.getByRole('button', { name: 'Rehearse' });
  expect(await start.isDisabled(), 'without a reason').toBe(true);
  await dialog.getByLabel('Reason').fill('before the on-sale of Friday');
  await start.click();
  const row = page.getByRole('row', { name: 'Rehearsal: A night to rehearse' });
  await row.getByText('Running').waitFor();
  await row.getByText('0 / 480').waitFor();
  await looksRight(page);
  expect(await outcomes('rehearse')).toEqual(['asked', 'done']);

  await row.getByRole('button', { name: 'Let bots into' }).click();
  const line = await dialog.locator('code').innerText();
  await looksRight(page);
  const said = await run(line);
  expect(said).toMatch(/acknowledgements audited, 0 findings/);
  await page.keyboard.press('Escape');
  expect(await outcomes('let_bots_in')).toEqual(['asked', 'done']);

  const [rehearsal] = await account.ask<Schemas['RehearsalView'][]>(
    'GET',
    '/api/v1/operator/rehearsals',
  );
  const fan = await set.visitor({ locale: 'en' });
  fan.expectRefusals(404);
  await fan.open('/');
  await fan.page.getByText('A night to rehearse').first().waitFor();
  const shown = fan.page.getByRole('heading', { name: 'A night to rehearse' });
  expect(await shown.count(), 'the original alone').toBe(1);
  await fan.open(`/events/${rehearsal?.id}`);
  await fan.page.getByText('There is no such event.').waitFor();

  // The dashboard tells it from its original, whose name it has.
  expect(rehearsal?.title).toBe('A night to rehearse');
  await operator.open('/ops/actors?text=night+to+rehearse');
  await page.getByRole('link', { name: 'Rehearsal: A night to rehearse' }).click();
  await page.getByRole('heading', { name: 'Rehearsal: A night to rehearse' }).waitFor();
  await operator.open(`/ops/sales/${rehearsal?.id}`);
  await page.getByRole('heading', { name: 'Rehearsal: A night to rehearse' }).waitFor();
  await operator.open('/ops/organise/rehearsals');

  await row.getByRole('button', { name: 'Wipe' }).click();
  await dialog.getByText(/\d+ records, 0 orders, 0 payments and 0 tickets/).waitFor();
  await dialog.getByLabel('Reason').fill('it went well');
  await dialog.getByRole('button', { name: 'Wipe', exact: true }).click();
  await row.getByText('Wiped').waitFor();
  expect(await row.getByRole('button').count()).toBe(0);
  expect(await outcomes('wipe_rehearsal')).toEqual(['asked', 'done']);
  const gone = async () => {
    const shown = account.ask('GET', `/api/v1/events/${rehearsal?.id}`);
    return shown.then(() => false, (error: unknown) => String(error).includes('404'));
  };
  await until('nobody finds it', gone);
  await looksRight(page);
});
