import { expect, test } from 'vitest';
import { until } from './browser';
import { looksRight } from './looks';
import { room, upload } from './plans';
import { enter, goToPay, take } from './seats';
import { newStaff, newVenue, type Account, type Schemas } from './server';
import { stage } from './stage';

const set = stage();

async function outcomes(action: string): Promise<string[]> {
  const path = `/api/v1/ops/audit?action=${action}`;
  const { entries } = await set.operator.ask<Schemas['AuditPageView']>('GET', path);
  return entries.map((entry) => entry.outcome).reverse();
}

async function comeAs(account: Account, width = 1280) {
  return set.visitor({ account, locale: 'en', width });
}

test('fans load nothing of preparing', async () => {
  const fan = await set.visitor({ locale: 'en' });
  const loaded: string[] = [];
  fan.page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  await fan.open('/');
  await fan.page.locator('.card-body').first().waitFor();
  expect(loaded.filter((path) => path.includes('organise'))).toEqual([]);
});

test('a plan with three faults shows three, and one without is kept when it is said', async () => {
  const operator = await comeAs(await newStaff(set.operator, 'operator'), 390);
  operator.expectRefusals(422);
  const { page } = operator;
  await operator.open('/ops/organise/plans');
  await upload(page, 'broken.json', '{\n  "name": "A room",\n  oops\n}');
  await page.getByText('Not JSON').waitFor();
  expect(await page.locator('.organise-plan-faults tbody td').first().innerText()).toBe('3');

  const broken = room('A broken room');
  const [front, back] = broken.zones[0]?.rows ?? [];
  if (front?.seats[1] === undefined || back?.seats[2] === undefined) throw new Error('no seats');
  front.seats[1].category = 'nowhere';
  back.seats[2].seat_number = '';
  (front.seats[3] as { position: unknown }).position = 'left';
  const text = JSON.stringify(broken, null, 2);
  await upload(page, 'broken.json', text);
  await page.getByText('3 things are wrong. Nothing was kept.').waitFor();
  const rows = page.locator('.organise-plan-faults tbody tr');
  expect(await rows.count()).toBe(3);
  const wrongType = rows.filter({ hasText: 'Of the wrong type' });
  expect(await wrongType.locator('code').first().innerText()).toBe(
    '$.zones[0].rows[0].seats[3].position',
  );
  const line = Number((await wrongType.locator('td').first().innerText()).replace(',', ''));
  expect(text.split('\n')[line - 1]).toContain('"position": "left"');
  await looksRight(page);
  expect(await outcomes('keep_plan')).toEqual([]);

  await upload(page, 'room.json', JSON.stringify(room('The small room')));
  await page.getByRole('application').waitFor();
  await page.getByText('12 places · 1 sections · 2 rows').waitFor();
  await looksRight(page);
  expect(await page.getByRole('rowheader', { name: 'The small room' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Keep this plan' }).click();
  await page.getByRole('rowheader', { name: 'The small room' }).waitFor();
  expect(await outcomes('keep_plan')).toEqual(['asked', 'done']);
});

test('an event is filled in, published, bought by a fan, and its prices change', async () => {
  const account = await newStaff(set.operator, 'operator');
  await account.ask('POST', '/api/v1/operator/charts', room('The room of the night'));
  await newVenue(account, 'The small room');
  const operator = await comeAs(account);
  operator.expectRefusals(422);
  const { page } = operator;
  await operator.open('/ops/organise');
  await page.getByRole('link', { name: 'New event' }).click();
  await page.getByLabel('Title').fill('A night to prepare');
  await page.getByRole('button', { name: 'Save' }).press('Enter');
  await page.waitForURL('**/ops/organise/drafts/evt_*');
  await page.getByText(/things keep it from being published/).waitFor();
  await looksRight(page);
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
  await page.getByText('Venue: is empty.').waitFor();

  await page.getByLabel('Venue').selectOption({ label: 'The small room' });
  for (const [label, at] of [
    ['Event starts', '2031-05-01T20:00'],
    ['Sale opens', '2026-01-01T10:00'],
    ['Sale ends', '2031-05-01T19:00'],
  ] as const) {
    await page.getByLabel(label).fill(at);
  }
  const chart = page.getByLabel('Seating plan');
  const option = await chart.locator('option', { hasText: 'The room of the night' }).innerText();
  await chart.selectOption({ label: option });
  await page.getByLabel('front, Adult: price').fill('50000');
  await page.getByLabel('front, Adult: fee').fill('1000');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('One thing keeps it from being published').waitFor();
  await page.getByText('Prices back: has no price.').first().waitFor();
  await page.getByLabel('back, Adult: price').fill('30000');
  await page.reload();
  await page.getByLabel('front, Adult: price').waitFor();
  expect(await page.getByLabel('front, Adult: price').inputValue()).toBe('50000');
  await page.getByLabel('back, Adult: price').fill('30000');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
  await page.waitForURL('**/ops/organise/events/evt_*');
  expect(await outcomes('publish_draft')).toEqual(['asked', 'done']);

  const event = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const fan = await set.visitor({ locale: 'en' });
  await enter(fan, event);
  await take(fan, 'Stalls', '1', '2');
  await goToPay(fan);
  await fan.page.locator('#succeed').click();
  await fan.page.locator('.verdict[data-tone=good]').waitFor();

  await page.getByText('Published', { exact: true }).waitFor();
  expect(await page.getByLabel('Title').isDisabled()).toBe(true);
  await page.getByLabel('back, Adult: price').fill('35000');
  await page.getByRole('button', { name: 'Add a ticket type' }).click();
  await page.getByLabel('Ticket type 2').fill('Child');
  await page.getByLabel('front, Child: price').fill('20000');
  await page.getByRole('button', { name: 'Save' }).click();
  const priced = async () => {
    const shown = await account.ask<Schemas['EventView']>('GET', `/api/v1/events/${event}`);
    const [front, back] = shown.categories;
    return back?.prices[0]?.amount_minor === 35_000 && front?.prices.length === 2;
  };
  await until('fans see the new price', priced);
  expect(await outcomes('set_terms')).toEqual(['asked', 'done']);
  await looksRight(page);
  await page.getByRole('link', { name: 'Copy' }).click();
  await page.waitForURL('**/ops/organise/new?from=evt_*');
  await page.getByText('Draft', { exact: true }).waitFor();
  expect(await page.getByLabel('Title').inputValue()).toBe('A night to prepare');
  expect(await page.getByLabel('Event starts').inputValue()).toBe('');
  await operator.open('/ops/organise');
  await page.getByRole('link', { name: 'A night to prepare' }).waitFor();
  await looksRight(page);
});

test('an administrator changes a role with a reason, but not the last administrator’s', async () => {
  const somebody = await newStaff(set.operator, 'viewer');
  const administrator = await comeAs(set.operator, 390);
  administrator.expectRefusals(409);
  const { page } = administrator;
  await administrator.open('/ops/organise/people');
  const rowOf = (email: string) => page.getByRole('row', { name: email });
  const change = async (email: string, role: string) => {
    await rowOf(email).getByRole('button').click();
    const dialog = page.getByRole('dialog');
    const button = dialog.getByRole('button', { name: 'Change', exact: true });
    await dialog.getByLabel('Role').selectOption(role);
    expect(await button.isDisabled(), 'without a reason').toBe(true);
    await dialog.getByLabel('Reason').fill('as agreed on Monday');
    await button.click();
  };
  await change(somebody.email, 'operator');
  await rowOf(somebody.email).getByText('Operator', { exact: true }).waitFor();
  await change(set.operator.email, 'fan');
  await page.getByRole('dialog').getByText('The only administrator’s role cannot be changed.').waitFor();
  await looksRight(page);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Make a link' }).click();
  await page.getByText('/setup#').waitFor();
  expect(await outcomes('set_role')).toEqual(['asked', 'done', 'asked', 'last_administrator']);
});
