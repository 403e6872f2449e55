import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { until } from './browser';
import { PASSWORD, newEvent, newFan } from './server';
import { stage } from './stage';

const set = stage();

/** What has the focus, in the words that a screen reader would begin with. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    // A part of the page that the focus was put on is no stop of the Tab key.
    if (element === null || element === document.body || element.matches('[tabindex="-1"]'))
      return '';
    const label = element.getAttribute('aria-label');
    if (label !== null) return label;
    const named = element instanceof HTMLInputElement ? (element.labels?.[0] ?? element) : element;
    return named.textContent.trim();
  });
}

/** Presses Tab until something with these words has the focus. */
async function tabTo(page: Page, words: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 120; presses += 1) {
    const now = await focused(page);
    if (words.test(now)) return;
    passed.push(now);
    await page.keyboard.press('Tab');
  }
  throw new Error(
    `${words.source} is not reached by Tab, only ${[...new Set(passed)].join(' | ')}`,
  );
}

async function press(page: Page, words: RegExp): Promise<void> {
  await page
    .getByRole('link', { name: words })
    .or(page.getByRole('button', { name: words }))
    .first()
    .waitFor();
  await tabTo(page, words);
  await page.keyboard.press('Enter');
}

test('a whole purchase by keyboard alone', async () => {
  await newEvent(set.operator, { title: '열쇠로 여는 밤' });
  const account = await newFan(set.server);
  const visitor = await set.visitor({ stranger: true });
  visitor.expectRefusals(401);
  const { page } = visitor;
  await visitor.open('/');
  await page.locator('.card-body').first().waitFor();

  // The first Tab offers to skip the menu.
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('본문으로 바로가기');
  await page.keyboard.press('Enter');
  await press(page, /열쇠로 여는 밤/);
  await page.waitForURL('**/events/evt_*');
  await press(page, /^대기실 입장$/);

  await page.waitForURL('**/sign-in*');
  await page.getByRole('heading', { name: '로그인' }).waitFor();
  await tabTo(page, /^이메일$/);
  await page.keyboard.type(account.email);
  await tabTo(page, /^비밀번호$/);
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');

  await page.waitForURL('**/seats');
  await page.locator('.seatmap-pane').waitFor();
  await page.getByText('실시간 연결됨').waitFor();
  await tabTo(page, /^좌석 배치도$/);
  // On the map: to a seat by arrows, and take it.
  await until('a seat is held', async () => {
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    return (await page.locator('.cart-items li').count()) > 0;
  });
  await press(page, /^결제하러 가기$/);
  await page.waitForURL('**/checkout/ord_*');
  await press(page, /결제하기$/);
  await page.waitForURL('**/window*');
  await press(page, /^Pay$/);
  await page.waitForURL('**/checkout/return*');
  await press(page, /^티켓 보기$/);
  await page.waitForURL(/\/(tickets|orders)\//);
  if (page.url().includes('/orders/')) await press(page, /QR 보기/);
  await page.locator('.qr').waitFor();
});

test('the turn takes the focus, and gives it to the button that takes it', async () => {
  const event = await newEvent(set.operator, { admitted_max: 1 });
  const other = await newFan(set.server);
  await other.ask('POST', `/api/v1/events/${event}/queue`);
  await other.ask('POST', `/api/v1/events/${event}/queue/claim`);
  const { page, open } = await set
    .visitor()
    .then((visitor) => ({ page: visitor.page, open: visitor.open.bind(visitor) }));
  await open(`/events/${event}/queue?join=1`);
  await page.getByText('다음이 내 차례예요').waitFor();
  await other.ask('DELETE', `/api/v1/events/${event}/queue`);
  await page.getByRole('alertdialog').waitFor();
  expect(await focused(page)).toBe('입장하기');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/seats');
});
