import { beforeAll, expect, test } from 'vitest';
import { enter, openRow, seatIn } from './seats';
import { newEvent, type Schemas } from './server';
import { stage } from './stage';

const set = stage();
let arena: string;

beforeAll(async () => {
  const charts = await set.operator.ask<Schemas['ChartEntryView'][]>(
    'GET',
    '/api/v1/operator/charts',
  );
  arena = charts.find((chart) => chart.places > 1_000)?.hash ?? '';
});

test('places of a standing area are taken by number, changed and given back', async () => {
  const event = await newEvent(set.operator, { chart: arena });
  const fan = await set.visitor();
  const { page } = fan;
  await enter(fan, event);
  await page.getByRole('button', { name: '목록으로 고르기' }).click();
  await page.locator('.seatmap-opener', { hasText: 'Floor' }).click();
  const area = page.locator('.seatmap-rows button', { hasText: 'Standing' });
  await area.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '인원: 하나 늘리기' }).click();
  await dialog.getByRole('button', { name: '인원: 하나 늘리기' }).click();
  await dialog.getByRole('button', { name: '3자리 잡기' }).click();
  const item = page.locator('.cart-items li');
  await item.getByText('Floor · Standing × 3').waitFor();

  await item.getByRole('combobox').selectOption({ label: '어린이' });
  await expect.poll(() => item.locator('.cart-price').textContent()).toBe('₩135,000');

  await item.getByRole('button', { name: '수량 바꾸기' }).click();
  await dialog.getByRole('button', { name: '인원: 하나 줄이기' }).click();
  await dialog.getByRole('button', { name: '2자리 잡기' }).click();
  await item.getByText('Floor · Standing × 2').waitFor();

  await item.getByRole('button', { name: '수량 바꾸기' }).click();
  await dialog.getByRole('button', { name: '모두 놓기' }).click();
  await page.getByText('아직 고른 좌석이 없어요').waitFor();
});

test('a table that is sold as a whole is taken as a whole', async () => {
  const event = await newEvent(set.operator);
  const fan = await set.visitor();
  const { page } = fan;
  await enter(fan, event);
  await page.getByRole('button', { name: '목록으로 고르기' }).click();
  await page.locator('.seatmap-opener', { hasText: 'Lounge' }).click();
  await page.locator('.seatmap-rows .seatmap-choice', { hasText: '전체' }).first().click();
  const item = page.locator('.cart-items li');
  await item.getByText(/테이블 전체/).waitFor();
  expect(await item.count()).toBe(1);
  await page.locator('.cart .badge', { hasText: '6석' }).waitFor();
  await item.getByRole('button', { name: /놓기$/ }).click();
  await page.getByText('아직 고른 좌석이 없어요').waitFor();
});

test('the best seats are found for a party, where and as what it wants', async () => {
  const event = await newEvent(set.operator);
  const fan = await set.visitor();
  fan.expectRefusals(409, 422);
  const { page } = fan;
  await enter(fan, event);
  // Only what is shown is searched.
  for (const shown of ['VIP', 'R', 'A', 'B'])
    await page.getByRole('checkbox', { name: new RegExp(`^${shown}`) }).uncheck();
  await page.getByRole('radio', { name: '어린이' }).check();
  const form = page.locator('.best');
  await form.getByRole('button', { name: '인원: 하나 늘리기' }).click();
  await form.getByRole('button', { name: '좋은 자리 3석 찾기' }).click();
  const items = page.locator('.cart-items li');
  await expect.poll(() => items.count()).toBe(3);
  for (const item of await items.all()) {
    expect(await item.locator('.cart-place').textContent()).toMatch(/S$/);
    expect(await item.getByRole('combobox').inputValue()).toBe('child');
  }

  const held = await items.allTextContents();
  // Wheelchair places are in another category: none fits, and the seats of before stay.
  await form.getByRole('button', { name: '그중 휠체어석: 하나 늘리기' }).click();
  await form.getByRole('button', { name: '좋은 자리 3석 찾기' }).click();
  await form.getByText('조건에 맞는 자리가 모자라요').waitFor();
  expect(await items.allTextContents()).toEqual(held);
  await page.getByRole('button', { name: '모두 보기' }).click();
  await form.getByRole('button', { name: '좋은 자리 3석 찾기' }).click();
  await expect.poll(() => items.count()).toBe(3);
});

test('a limit is said, and keeps what is held', async () => {
  const event = await newEvent(set.operator, { places_per_hold_max: 2, places_per_fan_max: 2 });
  const fan = await set.visitor({ locale: 'en' });
  fan.expectRefusals(422);
  await enter(fan, event);
  const row = await openRow(fan.page, 'Balcony Centre', 'A');
  for (const seat of ['1', '2']) await seatIn(row, seat).click();
  await expect.poll(() => fan.page.locator('.cart-items li').count()).toBe(2);
  await seatIn(row, '3').click();
  await fan.page.getByText('You can choose up to 2 seats at a time.').waitFor();
  expect(await fan.page.locator('.cart-items li').count()).toBe(2);
  await seatIn(row, '3').and(fan.page.locator('.seatmap-is-free')).waitFor();
});
