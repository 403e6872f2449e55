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
  const event = await newEvent(set.operator);
  const places = ['nodes', 'actors', 'streams', `actors/${event}?seq=1`, `sales/${event}`, 'audit', 'settings'];
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

test('one actor is shown as it is, and as it was after any record', async () => {
  const event = await newEvent(set.operator, { title: 'A night to look back at' });
  const fan = await newFan(set.server);
  await fan.ask('POST', `/api/v1/events/${event}/queue`);
  await fan.ask('POST', `/api/v1/events/${event}/queue/claim`);
  const best = { type: 'best_available', quantity: 3, ticket_type: 'adult' };
  await fan.ask('POST', `/api/v1/events/${event}/holds`, best);
  const viewer = await set.visitor({ account: await newStaff(set.operator, 'viewer'), locale: 'en' });
  const { page } = viewer;
  await viewer.open('/ops/actors?text=look+back');
  await page.getByRole('link', { name: 'A night to look back at' }).click();
  await page.getByRole('heading', { name: 'A night to look back at' }).waitFor();
  const slider = page.getByRole('slider', { name: 'Record' });
  const held = async () =>
    page
      .locator('.ops-state div', { has: page.getByText('Held', { exact: true }) })
      .locator('dd')
      .innerText();
  const shows = (seats: number) => async () => (await held()) === String(seats);
  await until('the last record', shows(3));
  const last = Number(await slider.inputValue());
  expect(last).toBeGreaterThan(3);
  expect(new URL(page.url()).search).toBe('');

  await slider.focus();
  await slider.press('Home');
  await until('nothing is held', shows(0));
  await until('the address says so', () => Promise.resolve(page.url().endsWith('?seq=1')));
  expect(await slider.evaluate((input) => input === document.activeElement)).toBe(true);
  await page.locator('.ops-journal tr[aria-current] th', { hasText: /^1$/ }).waitFor();
  await slider.press('ArrowRight');
  await page.getByText(`After record 2 of ${last}`).waitFor();
  await until('the address follows', () => Promise.resolve(page.url().endsWith('?seq=2')));
  await page.reload();
  await page.getByText(`After record 2 of ${last}`).waitFor();
  expect(await page.getByRole('slider').inputValue()).toBe('2');

  const late = await newFan(set.server);
  await late.ask('POST', `/api/v1/events/${event}/queue`);
  await page.getByRole('button', { name: /^Show \d+ new records?$/ }).click();
  await until('the last record again', shows(3));
  expect(new URL(page.url()).search).toBe('');
  expect(Number(await page.getByRole('slider').inputValue())).toBeGreaterThan(last);
  const painted = () =>
    page.locator('canvas.ops-heat').evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      // A canvas that is read back is another kind: the page's own is not touched.
      const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
      copy?.drawImage(canvas as HTMLCanvasElement, 0, 0);
      const data = copy?.getImageData(0, 0, width, height).data;
      return data === undefined ? 0 : new Set(new Uint32Array(data.buffer)).size;
    });
  await until('free and held seats are painted', async () => (await painted()) >= 3);
  await page.getByRole('combobox', { name: 'What is shown' }).selectOption('times');
  await page.getByText(/^Counted over records 1 to \d+\.$/).waitFor();
  await until('held once and never are painted', async () => (await painted()) >= 3);
  await page.locator('.ops-past summary').click();
  const times = await page.locator('.ops-past details td:last-child').allInnerTexts();
  expect(times.reduce((sum, text) => sum + Number(text), 0)).toBe(3);
});

test('an actor that says no says with which codes', async () => {
  const event = await newEvent(set.operator, { title: 'A night of refusals' });
  const fan = await newFan(set.server);
  await fan.ask('POST', `/api/v1/events/${event}/queue/claim`).catch(() => undefined);
  const viewer = await set.visitor({ account: await newStaff(set.operator, 'viewer'), locale: 'en' });
  const { page } = viewer;
  await viewer.open(`/ops/actors/${event}`);
  const row = page.locator('.ops-sums tr', { hasText: 'not_in_line' });
  await until('one refusal', async () => (await row.locator('td').innerText()) === '1');
  viewer.expectRefusals(404);
  await viewer.open(`/ops/actors/${event}?seq=999`);
  await page.getByText('There is no such record yet.').waitFor();
  await page.getByRole('link', { name: 'Latest' }).click();
  await page.getByText('After record 1 of 1').waitFor();
});

test('streams say how far records have got', async () => {
  const viewer = await set.visitor({ account: await newStaff(set.operator, 'viewer'), locale: 'en' });
  const { page } = viewer;
  await viewer.open('/ops/streams');
  const togo = page.locator('dl div', { has: page.getByText('Records to go') }).locator('dd');
  await until('all is relayed', async () => (await togo.innerText()) === '0');
  await page.getByText('There are none.').waitFor();
  await page.getByText('A server that runs alone keeps this list in memory only').waitFor();
});

test('who did it and why stands beside a record, for those who may read the log', async () => {
  const event = await newEvent(set.operator, { title: 'A night that was paused' });
  const path = `/api/v1/ops/events/${event}/actions`;
  await set.operator.ask('POST', path, { action: 'pause', reason: 'the gates are not open' });
  const viewer = await set.visitor({ account: await newStaff(set.operator, 'viewer'), locale: 'en' });
  const operator = await set.visitor({ account: set.operator, locale: 'en' });
  const paused = (page: typeof viewer.page) =>
    page.locator('.ops-journal tbody tr', { hasText: 'operator' }).first();
  for (const visitor of [viewer, operator]) {
    await visitor.open(`/ops/actors/${event}`);
    await paused(visitor.page).waitFor();
  }
  await paused(operator.page).getByText(`${set.operator.email}: the gates are not open`).waitFor();
  expect(await viewer.page.getByText('the gates are not open').count()).toBe(0);
  await operator.open(`/ops/audit?event=${event}&action=pause`);
  await operator.page.getByRole('link', { name: 'Record', exact: true }).click();
  await operator.page.waitForURL(/\?seq=2$/);
  await operator.page.getByText('After record 2 of 2').waitFor();
});
