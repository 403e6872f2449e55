import { beforeAll, expect, test } from 'vitest';
import { gate, type Visitor } from './browser';
import { enter, openRow, seatIn } from './seats';
import { newEvent } from './server';
import { stage } from './stage';

const set = stage();
let event: string;

beforeAll(async () => {
  event = await newEvent(set.operator);
});

/** What is painted. */
function picture(visitor: Visitor): Promise<string> {
  return visitor.page
    .locator('.seatmap-pane canvas')
    .first()
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
}

test('two fans see each other take seats, and one seat goes to one of them', async () => {
  const [one, other] = await Promise.all([set.visitor(), set.visitor()]);
  await Promise.all([enter(one, event), enter(other, event)]);
  const [oneRow, otherRow] = await Promise.all([
    openRow(one.page, 'Stalls Centre', 'C'),
    openRow(other.page, 'Stalls Centre', 'C'),
  ]);

  const before = await picture(other);
  await seatIn(oneRow, '4').click();
  await one.page.locator('.cart-items li').waitFor();
  await seatIn(otherRow, '4').and(other.page.locator('.seatmap-is-held')).waitFor();
  await expect.poll(() => picture(other)).not.toBe(before);

  // Both reach for seat 6; the request of one of them is slower on its way.
  other.expectRefusals(409);
  const slow = gate();
  await other.page.route('**/holds', async (route) => {
    await slow.opened;
    await route.continue();
  });
  await seatIn(otherRow, '6').click();
  await seatIn(oneRow, '6').click();
  await one.page.locator('.cart-items li').nth(1).waitFor();
  slow.open();
  const lost = other.page.locator('[role=alert]', { hasText: '먼저 잡았어요' });
  await lost.waitFor();
  expect(await lost.textContent()).toContain('Stalls Centre 구역 C열 6번');
  expect(await other.page.locator('.cart-items li').count()).toBe(0);
  expect(new URL(other.page.url()).pathname).toBe(`/events/${event}/seats`);

  // What was not lost can still be had, without starting over.
  await seatIn(otherRow, '8').click();
  await other.page.locator('.cart-items li', { hasText: 'C · 8' }).waitFor();
  await seatIn(oneRow, '8').and(one.page.locator('.seatmap-is-held')).waitFor();

  // Giving a seat back frees it for the other.
  await seatIn(oneRow, '4').click();
  await seatIn(otherRow, '4').and(other.page.locator('.seatmap-is-free')).waitFor();
});

test('a ticket type changes without letting go of the seat', async () => {
  const fan = await set.visitor();
  await enter(fan, event);
  const row = await openRow(fan.page, 'Stalls Left', 'B');
  await seatIn(row, '2').click();
  const item = fan.page.locator('.cart-items li');
  await item.getByText('₩90,000').waitFor();
  await item.getByRole('combobox').selectOption({ label: '어린이' });
  await item.getByText('₩45,000').waitFor();
  await seatIn(row, '2').and(fan.page.locator('.seatmap-is-mine')).waitFor();
});
