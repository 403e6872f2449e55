import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { until } from './browser';
import { looksRight } from './looks';
import { png } from './png';
import { newEvent, newStaff, type Schemas } from './server';
import { stage } from './stage';

const set = stage();

async function outcomes(action: string): Promise<string[]> {
  const path = `/api/v1/ops/audit?action=${action}`;
  const { entries } = await set.operator.ask<Schemas['AuditPageView']>('GET', path);
  return entries.map((entry) => entry.outcome).reverse();
}

/** For whoever looks at the pages: SHOTS=folder keeps pictures of them. */
async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['SHOTS'];
  if (folder === undefined) return;
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: `${folder}/${name}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** Whether every image on the page has been decoded. */
function decoded(page: Page): Promise<boolean> {
  return page.evaluate(() =>
    [...document.images].every((image) => image.complete && image.naturalWidth > 0),
  );
}

async function choose(page: Page, name: string, buffer: Buffer): Promise<void> {
  const file = { name, mimeType: 'image/png', buffer };
  await page.getByLabel('Choose an image').setInputFiles(file);
}

test('a venue and an artist are added with images, and nothing that is no image', async () => {
  const account = await newStaff(set.operator, 'operator');
  const operator = await set.visitor({ account, locale: 'en' });
  operator.expectRefusals(422, 409);
  const { page } = operator;
  await operator.open('/ops/organise/venues');
  await page.getByRole('button', { name: 'Add a venue' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name (Korean)').fill('달빛홀');
  await dialog.getByLabel('Time zone').fill('Asia/Atlantis');
  await choose(page, 'photo.png', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'));
  await dialog.getByText('SVG can carry scripts').waitFor();
  await choose(page, 'photo.png', Buffer.alloc(1024 * 1024 + 1));
  await dialog.getByText('larger than 1 MiB').waitFor();
  await choose(page, 'photo.png', png(320, 200, [30, 60, 120]));
  await dialog.getByLabel('What it shows (Korean)').fill('달빛홀의 무대');
  const save = dialog.getByRole('button', { name: 'Save' });
  expect(await save.isDisabled(), 'without a reason').toBe(true);
  await dialog.getByLabel('Reason').fill('for the season');
  await save.click();
  await dialog.getByText('does not exist.').waitFor();
  await looksRight(page);
  await shot(page, 'venue');
  await dialog.getByLabel('Name (English)').fill('Moonlight Hall');
  await dialog.getByLabel('Time zone').fill('Asia/Tokyo');
  await dialog.getByLabel('What it shows (English)').fill('The stage of Moonlight Hall');
  await save.click();
  await page.getByRole('row', { name: 'Moonlight Hall' }).getByText('Asia/Tokyo').waitFor();
  await until('the images are there', () => decoded(page));
  await looksRight(page);
  await shot(page, 'venues');
  expect(await outcomes('add_venue')).toEqual(['asked', 'done']);

  // The demo's own: an event is there.
  await page.getByRole('button', { name: 'Change Namsan Arena' }).click();
  await dialog.getByLabel('Reason').fill('it is closed');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await dialog.getByText('An event needs it').waitFor();
  expect(await outcomes('remove_venue')).toEqual(['asked', 'in_use']);
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: 'Artists' }).click();
  await page.getByRole('button', { name: 'Add an artist' }).click();
  await dialog.getByLabel('Name (Korean)').fill('달무리');
  await dialog.getByLabel('Name (English)').fill('Halo');
  await dialog.getByLabel('About (English)').fill('Three voices and a piano.');
  await dialog.getByLabel('Reason').fill('for the season');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('row', { name: 'Halo' }).getByText('Three voices').waitFor();
  await looksRight(page);
  await shot(page, 'artists');

  await page.getByRole('link', { name: 'Seating plans' }).click();
  await page.getByRole('button', { name: 'Change the venue of Hangang Theatre' }).click();
  await dialog.getByLabel('Venue').selectOption({ label: 'Moonlight Hall' });
  await dialog.getByLabel('Reason').fill('it moved');
  await dialog.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('row', { name: 'Hangang Theatre' }).getByText('Moonlight Hall').waitFor();
  expect(await outcomes('set_chart_venue')).toEqual(['asked', 'done']);
  await looksRight(page);
});

test('a published event is given artists and a poster, and fans see them', async () => {
  const account = await newStaff(set.operator, 'operator');
  const event = await newEvent(set.operator, { title: 'A night with a poster' });
  const operator = await set.visitor({ account, locale: 'en' });
  const { page } = operator;
  await operator.open(`/ops/organise/events/${event}`);
  await page.getByLabel('Add an artist to it').selectOption({ label: 'Halo' });
  await page.getByLabel('Add an artist to it').selectOption({ label: 'Aurora Lines' });
  await page.getByRole('button', { name: 'Aurora Lines sooner' }).click();
  await choose(page, 'poster.png', png(640, 400, [120, 30, 60]));
  await page.getByLabel('What it shows (Korean)').fill('붉은 밤');
  await page.getByLabel('What it shows (English)').fill('A red night');
  await until('the images are there', () => decoded(page));
  await looksRight(page);
  await shot(page, 'event-form');
  await page.getByRole('button', { name: 'Save' }).click();
  await until('it is kept', async () => (await outcomes('set_terms')).includes('done'));

  const fan = await set.visitor({ stranger: true, locale: 'en' });
  const shown = async () => {
    await fan.open(`/events/${event}`);
    await fan.page.locator('.enter').waitFor();
    return (await fan.page.getByRole('img', { name: 'A red night' }).count()) === 1;
  };
  await until('fans see the poster', shown);
  const names = await fan.page.locator('.on-stage h3').allInnerTexts();
  expect(names).toEqual(['Aurora Lines', 'Halo']);
  await until('the images are there', () => decoded(fan.page));
  await looksRight(fan.page);
  await shot(fan.page, 'fan-event');
  await fan.open('/');
  const poster = fan.page.getByRole('img', { name: 'A red night' });
  await poster.waitFor();
  await until('the images are there', () => decoded(fan.page));
  const box = await poster.boundingBox();
  expect((box?.width ?? 0) / (box?.height ?? 1), 'as wide as every other').toBeCloseTo(1.6, 1);
  await looksRight(fan.page);
  await shot(fan.page, 'fan-list');
});
