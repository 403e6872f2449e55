import { expect, test } from 'vitest';
import { enter, openRow, seatIn, take } from './seats';
import { newEvent } from './server';
import { stage } from './stage';

const set = stage();

test('a hold that runs out gives the seat back on both screens', async () => {
  const event = await newEvent(set.operator, { hold_ttl_s: 5, hold_extension_s: 0 });
  const [one, other] = await Promise.all([set.visitor(), set.visitor({ locale: 'en' })]);
  await Promise.all([enter(one, event), enter(other, event)]);
  const seen = seatIn(await openRow(other.page, 'Stalls Right', 'B'), '3');
  await take(one, 'Stalls Right', 'B', '3');
  const own = one.page.locator('.seatmap-seats').getByText('3', { exact: true });
  await own.and(one.page.locator('.seatmap-is-mine')).waitFor();
  await seen.and(other.page.locator('.seatmap-is-held')).waitFor();
  expect(await seen.getAttribute('aria-label')).toMatch(/^Section Stalls Right, row B, seat 3/);

  await one.page.getByText('시간이 지나 잡아 둔 좌석이 풀렸어요').waitFor();
  await own.and(one.page.locator('.seatmap-is-free')).waitFor();
  await seen.and(other.page.locator('.seatmap-is-free')).waitFor();
  expect(await one.page.locator('.cart-items li').count()).toBe(0);
});

test('an extension gives the time that it says, once', async () => {
  const event = await newEvent(set.operator, { hold_ttl_s: 60, hold_extension_s: 120 });
  const fan = await set.visitor();
  await enter(fan, event);
  await take(fan, 'Stalls Left', 'A', '2');
  const left = fan.page.locator('.cart [role=timer] time');
  await expect.poll(() => left.textContent()).toMatch(/^0:5\d$/);
  await fan.page.getByRole('button', { name: '시간 연장 (+2분)' }).click();
  await expect.poll(() => left.textContent()).toMatch(/^2:5\d$/);
  await expect.poll(() => fan.page.getByRole('button', { name: /시간 연장/ }).count()).toBe(0);
});

test('an order whose hold runs out says so, where it was going to be paid', async () => {
  const event = await newEvent(set.operator, { hold_ttl_s: 4, hold_extension_s: 0 });
  const fan = await set.visitor();
  await enter(fan, event);
  await take(fan, 'Stalls Left', 'C', '3');
  await fan.page.getByRole('button', { name: '결제하러 가기' }).first().click();
  await fan.page.getByRole('button', { name: /결제하기/ }).waitFor();
  await fan.page.getByText('시간이 지나 좌석이 풀렸어요').waitFor();
  await fan.page.getByRole('link', { name: '좌석 다시 고르기' }).click();
  await fan.page.waitForURL(`**/events/${event}/seats`);
});
