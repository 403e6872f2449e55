import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { until } from './browser';
import { holdOf } from './buying';
import { agree, rowOf } from './deeds';
import { newEvent, newFan, newStaff, type Schemas } from './server';
import { stage } from './stage';

const set = stage();

const rowsOf = (page: Page, section: string) =>
  page.locator(`section[aria-labelledby="${section}"] tbody tr`);

test('an operator releases a hold and cancels an order, with the keyboard', async () => {
  const event = await newEvent(set.operator, { title: 'A held night' });
  const [first, second] = [await newFan(set.server), await newFan(set.server)];
  const hold = await holdOf(first, event);
  const ordered = await holdOf(second, event);
  await second.ask('POST', `/api/v1/holds/${ordered.id}/order`);
  const operator = await set.visitor({ account: set.operator, locale: 'en' });
  const { page } = operator;
  await operator.open(`/ops/sales/${event}`);
  await rowsOf(page, 'holds').nth(1).waitFor();
  expect(await rowsOf(page, 'ages').first().innerText()).toMatch(/Under 1 minute\s+2\s+4/);
  await page.getByText('Ordered', { exact: true }).waitFor();

  await page.getByRole('button', { name: `Release a hold: ${hold.id}` }).press('Enter');
  await page.getByText('2 held seats go back on sale.').waitFor();
  await agree(page, 'Release a hold', 'asked for by phone');
  await page.getByText('Release a hold: done.').first().waitFor();
  await until('one hold is left', async () => (await rowsOf(page, 'holds').count()) === 1);

  await rowsOf(page, 'unpaid').getByRole('button').press('Enter');
  await page.getByText(/^The unpaid order of .+ ends, and its 2 seats/).waitFor();
  await page.getByRole('dialog').press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await rowsOf(page, 'unpaid').getByRole('button').press('Enter');
  await agree(page, 'Cancel an order', 'asked for by mail');
  await until('no hold is left', async () => (await rowsOf(page, 'holds').count()) === 0);
  await until('the order is cancelled', async () =>
    (await rowsOf(page, 'orders').first().innerText()).startsWith('Cancelled'),
  );
  await expect(first.ask('POST', `/api/v1/holds/${hold.id}/order`)).rejects.toThrow('404');
});

test('an operator takes a row off sale and puts it back; a viewer cannot', async () => {
  const event = await newEvent(set.operator, { title: 'A night with a camera' });
  const { name, seats } = await rowOf(set.operator, event);
  const viewer = await newStaff(set.operator, 'viewer');
  const watching = await set.visitor({ account: viewer, locale: 'en' });
  await watching.open(`/ops/sales/${event}`);
  await watching.page.getByText('Off sale').waitFor();
  expect(await watching.page.getByLabel('Places', { exact: true }).count()).toBe(0);

  const operator = await set.visitor({ account: set.operator, locale: 'en' });
  const { page } = operator;
  await operator.open(`/ops/sales/${event}`);
  const off = page.locator('.acts-figures div', { hasText: 'Off sale' }).locator('dd');
  await page.getByLabel('Places', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Take places off sale' }).click();
  await page.getByText(`${seats} places go off sale, all or none.`).waitFor();
  await agree(page, 'Take places off sale', 'a camera stands there');
  await until('they are off sale', async () => (await off.innerText()) === String(seats));
  await watching.page.locator('.acts-figures', { hasText: String(seats) }).waitFor();

  await page.getByRole('button', { name: 'Take places off sale' }).click();
  await page.getByText(`This cannot be done to: ${name} / `).waitFor();
  await page.getByRole('dialog').press('Escape');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText(`${seats} places are on sale again, all or none.`).waitFor();
  await agree(page, 'Put places back on sale', 'the camera is gone');
  await until('they are back', async () => (await off.innerText()) === '0');
  await operator.open(`/ops/audit?event=${event}&action=block_places`);
  await page.getByRole('cell', { name }).first().waitFor();
  expect(await page.locator('.audit-table tbody tr').count()).toBe(2);
});

test('an operator lets fans in slowly, and then as fast as there is room', async () => {
  const event = await newEvent(set.operator, { title: 'A slow night' });
  const operator = await set.visitor({ account: set.operator, locale: 'en' });
  const { page } = operator;
  await operator.open(`/ops/sales/${event}`);
  const form = page.locator('form', { has: page.getByLabel('Let in per minute at most') });
  await form.getByRole('textbox').or(form.getByRole('spinbutton')).fill('1');
  await form.getByRole('button', { name: 'Set' }).click();
  await page.getByText('Fans are let in at this rate: 1 a minute.').waitFor();
  await agree(page, 'Change how fast fans are let in', 'the till is slow');
  await page.locator('.acts-figures', { hasText: '1 a minute' }).waitFor();

  const first = await newFan(set.server);
  await first.ask('POST', `/api/v1/events/${event}/queue`);
  const fan = await set.visitor({ locale: 'en' });
  await fan.open(`/events/${event}/queue?join=1`);
  await fan.page.getByText('You are next').waitFor();

  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Fans are let in at this rate: Any number.').waitFor();
  await agree(page, 'Change how fast fans are let in', 'the till is fast');
  await fan.page.getByRole('alertdialog').waitFor();
  await operator.open(`/ops/audit?event=${event}&action=set_admission_rate`);
  await page.getByText('any -> 1').first().waitFor();
  expect(await page.locator('.audit-table tbody tr').count()).toBe(4);
});

test('a fan in line reads what an operator says, also after a reload', async () => {
  const event = await newEvent(set.operator, { title: 'A late night', admitted_max: 1 });
  const inside = await newFan(set.server);
  await inside.ask('POST', `/api/v1/events/${event}/queue`);
  const fan = await set.visitor({ locale: 'en' });
  await fan.open(`/events/${event}/queue?join=1`);
  await fan.page.getByText('You are next').waitFor();
  const notice = (page: Page) => page.getByRole('status').getByTestId('notice');
  expect(await notice(fan.page).count()).toBe(0);

  const operator = await set.visitor({ account: set.operator, locale: 'en' });
  const { page } = operator;
  const said = 'Doors open at <b>seven</b>. 문은 일곱 시에 열어요.';
  await operator.open(`/ops/sales/${event}`);
  await page.getByLabel('What those in line read').fill(said);
  await page.getByRole('button', { name: 'Tell those in line' }).click();
  await page.getByText(`The 1 in line, and whoever joins, will read: “${said}”`).waitFor();
  await agree(page, 'Tell those in line', 'the band is late');
  await until('it is read', async () => (await notice(fan.page).textContent()) === said);
  await fan.page.reload();
  await until('it is still read', async () => (await notice(fan.page).textContent()) === said);

  await page.getByRole('button', { name: 'Undo' }).click();
  await agree(page, 'Tell those in line', 'the band is here');
  await notice(fan.page).waitFor({ state: 'detached' });
  await operator.open(`/ops/audit?event=${event}&action=set_notice`);
  await page.getByText(`nothing -> ${said}`).first().waitFor();
  expect(await page.locator('.audit-table tbody tr').count()).toBe(4);
});

test('what is refused is said, and logged as refused', async () => {
  const event = await newEvent(set.operator, { title: 'A paid night' });
  const fan = await newFan(set.server);
  const hold = await holdOf(fan, event);
  const order = await fan.ask<Schemas['OrderView']>('POST', `/api/v1/holds/${hold.id}/order`);
  const operator = await set.visitor({ account: set.operator, locale: 'en' });
  operator.expectRefusals(409, 422);
  const { page } = operator;
  await operator.open(`/ops/sales/${event}`);
  await page.getByLabel('Id of an order or a hold').fill(order.id);
  await page.getByRole('button', { name: 'Return an order', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/go back to the payer/).waitFor();
  await dialog.getByText('The order now: Awaiting payment').waitFor();
  await dialog.getByLabel('Reason').fill('the show is off');
  await dialog.getByRole('button', { name: 'Return an order' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await operator.open(`/ops/audit?event=${event}&action=return_order`);
  await page.getByText('not_returnable').waitFor();
  expect(await page.locator('.audit-table tbody tr').count()).toBe(2);

  // A node that is alone has nobody to hand over to.
  await operator.open('/ops/nodes');
  await page.getByRole('button', { name: /^Drain the node: / }).click();
  await page.getByRole('dialog').getByRole('alert').waitFor();
});

test('the log is filtered by its address, turned over, and exported', async () => {
  const event = await newEvent(set.operator, { title: 'A long night' });
  const path = `/api/v1/ops/events/${event}/actions`;
  for (let n = 1; n <= 14; n += 1) {
    const body = { action: 'set_admitted_max', admitted_max: n, reason: `step ${n}` };
    await set.operator.ask('POST', path, body);
  }
  const operator = await set.visitor({ account: set.operator, locale: 'en' });
  const { page } = operator;
  await operator.open('/ops/audit');
  await page.getByText(/^The log has \d+ entries, and all of them are whole\.$/).waitFor();
  await page.getByLabel('Id of the event').fill(event);
  await page.getByLabel('E-mail or id of the account').fill(set.operator.email);
  await page.getByLabel('Action').selectOption('set_admitted_max');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.waitForURL(/event=evt_.*by=.*action=set_admitted_max/);
  const rows = () => page.locator('.audit-table tbody tr').allInnerTexts();
  await until('the first page', async () => (await rows())[0]?.includes('step 14') === true);
  expect((await rows()).length).toBe(25);
  await page.getByRole('link', { name: 'Older' }).click();
  await until('the last page', async () => (await rows()).length === 3);
  expect((await rows())[2]).toContain('step 1');
  await page.reload();
  await until('the same page', async () => (await rows()).length === 3);

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('tiketi-audit.ndjson');
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString().trim().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as Schemas['AuditEntryView']);
  expect(entries.length).toBe(28);
  expect(entries.every((entry) => entry.event === event)).toBe(true);
  expect(entries.at(-1)?.target).toBe('13 -> 14');

  await page.getByRole('link', { name: 'Newest' }).click();
  await page.getByRole('link', { name: 'Show all' }).click();
  await page.waitForURL(/\/ops\/audit$/);
});

test('every setting says where it came from, and a secret is not shown', async () => {
  const operator = await set.visitor({ account: set.operator, locale: 'en' });
  const { page } = operator;
  await operator.open('/ops/settings');
  const row = (name: string) =>
    page.locator('.setting-table tbody tr', { has: page.getByText(name, { exact: true }) });
  await row('listen').waitFor();
  expect(await row('listen').innerText()).toContain('--listen');
  expect(await row('payments.timeout_ms').innerText()).toContain('TIKETI_PAYMENTS__TIMEOUT_MS');
  expect(await row('payments.secret_key').innerText()).toContain('Set (not shown)');
  expect(await row('engine.tick_ms').innerText()).toContain('Default');
  expect(await page.content()).not.toContain('test_sk_');
  await page.getByRole('checkbox').check();
  expect(await row('engine.tick_ms').count()).toBe(0);
  expect(await row('listen').count()).toBe(1);
});
