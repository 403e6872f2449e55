import { expect, test } from 'vitest';
import { until } from './browser';
import { newEvent, newFan, newStaff } from './server';
import { stage } from './stage';

const set = stage();

test('fans do not get in, and load nothing of it', async () => {
  const fan = await set.visitor({ locale: 'en' });
  const loaded: string[] = [];
  fan.page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  await fan.open('/');
  await fan.page.locator('.card-body').first().waitFor();
  expect(loaded.filter((path) => path.includes('ops'))).toEqual([]);
  const places = ['nodes', 'actors', 'sales/evt_0000000000001', 'audit', 'settings'];
  for (const path of ['/ops', ...places.map((place) => `/ops/${place}`)]) {
    await fan.open(path);
    await fan.page.getByRole('alert').waitFor();
    expect(loaded.filter((asked) => asked.includes('/api/v1/ops'))).toEqual([]);
  }
});

test('a viewer sees figures change by themselves, until they are frozen', async () => {
  const event = await newEvent(set.operator, { title: '움직이는 밤', admitted_max: 1 });
  const viewer = await set.visitor({ account: await newStaff(set.operator, 'viewer'), locale: 'en' });
  await viewer.open('/ops');
  const { page } = viewer;
  const figure = (name: string) =>
    page.locator('.ops-figures div', { has: page.getByText(name, { exact: true }) }).locator('dd');
  await page.getByText('Live', { exact: true }).waitFor();
  expect(await figure('Double sales stopped').innerText()).toBe('0');
  const waiting = Number(await figure('Waiting').innerText());
  for (let n = 0; n < 3; n += 1) {
    const fan = await newFan(set.server);
    await fan.ask('POST', `/api/v1/events/${event}/queue`);
  }
  const shows = (n: number) => async () => Number(await figure('Waiting').innerText()) === n;
  await until('two more wait', shows(waiting + 2));
  await page.getByRole('button', { name: 'Freeze' }).click();
  await page.getByText(/^Frozen at/).waitFor();
  const late = await newFan(set.server);
  await late.ask('POST', `/api/v1/events/${event}/queue`);
  expect(Number(await figure('Waiting').innerText())).toBe(waiting + 2);
  await page.getByRole('button', { name: 'Back to live' }).click();
  await until('one more waits', shows(waiting + 3));
});

test('the table of actors is sorted, filtered and paged by its address', async () => {
  for (let n = 0; n < 30; n += 1) {
    const event = await newEvent(set.operator, { title: `Row ${String(n).padStart(2, '0')}` });
    await set.operator.ask('GET', `/api/v1/operator/events/${event}`);
  }
  const viewer = await set.visitor({ account: await newStaff(set.operator, 'viewer'), locale: 'en' });
  const { page } = viewer;
  await viewer.open('/ops/actors?sort=title&text=row');
  const titles = () => page.locator('.ops-table tbody th a').allInnerTexts();
  const first = (title: string) => async () => (await titles())[0] === title;
  await until('in order', first('Row 00'));
  expect((await titles()).length).toBe(25);
  await page.getByText('1–25 of 30').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await until('the second page', first('Row 25'));
  expect(new URL(page.url()).search).toBe('?sort=title&text=row&page=2');
  await page.getByRole('columnheader', { name: 'Event' }).getByRole('button').press('Enter');
  await until('the other way round', first('Row 29'));
  await page.getByRole('searchbox').fill('row 07');
  await until('filtered', async () => (await titles()).join() === 'Row 07');
  await page.getByRole('combobox').selectOption('paused');
  await page.getByText('0–0 of 0').waitFor();
  await page.reload();
  await page.getByText('0–0 of 0').waitFor();
  expect(await page.getByRole('combobox').inputValue()).toBe('paused');
});

test('from a node to what it owns', async () => {
  const viewer = await set.visitor({ account: await newStaff(set.operator, 'viewer'), locale: 'en' });
  const { page } = viewer;
  await viewer.open('/ops/nodes');
  await page.getByText('Up', { exact: true }).waitFor();
  await page.locator('.ops-table tbody a').click();
  await page.getByText(/^Only node /).waitFor();
  await page.locator('.ops-table tbody tr').first().waitFor();
});
