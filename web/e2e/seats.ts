/** The seat map from a fan's side, through its list. */
import type { Locator, Page } from 'playwright-core';
import type { Visitor } from './browser';

/** Goes through the waiting room to the seats: nobody else waits. */
export async function enter(visitor: Visitor, event: string): Promise<void> {
  const { page } = visitor;
  await visitor.open(`/events/${event}/queue?join=1`);
  await page.waitForURL(`**/events/${event}/seats`);
  await page.locator('.seatmap-pane').waitFor();
  await page.locator('.badge-good', { hasText: /실시간|Live/ }).waitFor();
}

/** Opens a row of the list and gives its seats. */
export async function openRow(page: Page, section: string, row: string): Promise<Locator> {
  const list = page.locator('.seatmap-list');
  if (!(await list.isVisible()))
    await page.getByRole('button', { name: /목록으로 고르기|Choose from a list/ }).click();
  await list.locator('.seatmap-opener', { hasText: section }).first().click();
  await list
    .locator('.seatmap-rows .seatmap-opener', { hasText: new RegExp(`^(Row )?${row}(열)?`) })
    .click();
  return list.locator('.seatmap-seats');
}

/** A seat in an open row. */
export function seatIn(row: Locator, seat: string): Locator {
  return row.getByText(seat, { exact: true });
}

/** Takes a seat by way of the list. */
export async function take(
  visitor: Visitor,
  section: string,
  row: string,
  seat: string,
): Promise<void> {
  const seats = await openRow(visitor.page, section, row);
  await seatIn(seats, seat).click();
  await visitor.page.locator('.cart-items li').first().waitFor();
}

/** Takes the first seat of a row that nobody has. */
export async function takeAny(visitor: Visitor, section: string, row: string): Promise<void> {
  const seats = await openRow(visitor.page, section, row);
  await seats.locator('.seatmap-is-free').first().click();
  await visitor.page.locator('.cart-items li').first().waitFor();
}

/** From the held seats to the payment company's page. */
export async function goToPay({ page }: Visitor): Promise<void> {
  await page
    .getByRole('button', { name: /결제하러 가기|Go to payment/ })
    .first()
    .click();
  await page.waitForURL('**/checkout/ord_*');
  await page.getByRole('button', { name: /결제하기|^Pay / }).click();
  await page.locator('#succeed').waitFor();
}

/** All the way: in, a seat, paid; gives the address of the order. */
export async function buy(visitor: Visitor, event: string, seat: string): Promise<string> {
  await enter(visitor, event);
  await take(visitor, 'Stalls Centre', 'D', seat);
  await goToPay(visitor);
  await visitor.page.locator('#succeed').click();
  await visitor.page.locator('.verdict[data-tone=good]').waitFor();
  const order = new URL(visitor.page.url()).searchParams.get('order');
  if (order === null) throw new Error(`no order in ${visitor.page.url()}`);
  return order;
}
