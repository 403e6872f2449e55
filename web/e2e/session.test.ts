import { expect, test } from 'vitest';
import { newEvent, newFan } from './server';
import { stage } from './stage';

const set = stage();

test('an access token that is gone is renewed in two tabs at once, and the session goes on', async () => {
  const account = await newFan(set.server);
  const fan = await set.visitor({ account });
  fan.expectRefusals(401);
  await fan.open('/orders');
  await fan.page.getByText('아직 예매한 공연이 없어요').waitFor();
  const other = await fan.context.newPage();
  await other.goto(`${set.server.url}/orders`);
  await other.getByText('아직 예매한 공연이 없어요').waitFor();

  const refreshed: string[] = [];
  fan.context.on('request', (request) => {
    if (request.url().endsWith('/session/refresh')) refreshed.push(request.url());
  });
  await fan.context.clearCookies({ name: 'tiketi-access' });
  await Promise.all([fan.page.reload(), other.reload()]);
  await Promise.all(
    [fan.page, other].map((page) => page.getByText('아직 예매한 공연이 없어요').waitFor()),
  );
  // One after the other: a token that is traded twice would end the session.
  expect(refreshed.length).toBeGreaterThan(0);
  await fan.context.clearCookies({ name: 'tiketi-access' });
  await fan.page.reload();
  await fan.page.getByText('아직 예매한 공연이 없어요').waitFor();
});

test('signing out in one tab empties the other', async () => {
  const fan = await set.visitor();
  fan.expectRefusals(401);
  await fan.open('/orders');
  const other = await fan.context.newPage();
  await other.goto(`${set.server.url}/orders`);
  await other.getByText('아직 예매한 공연이 없어요').waitFor();
  await fan.page.getByRole('button', { name: /님의 계정/ }).click();
  await fan.page.getByRole('button', { name: '로그아웃' }).click();
  await other.waitForURL('**/sign-in*');
});

test('a busy server is waited for, and the fan is told', async () => {
  await newEvent(set.operator, { title: '붐비는 밤' });
  const fan = await set.visitor({ stranger: true });
  fan.expectRefusals(503);
  let refusals = 2;
  await fan.page.route('**/api/v1/events?*', async (route) => {
    if (refusals === 0) {
      await route.continue();
      return;
    }
    refusals -= 1;
    const problem = {
      type: '',
      title: '',
      status: 503,
      detail: '',
      code: 'overloaded',
      request_id: 'req_1',
      retry_after_ms: 700,
    };
    await route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify(problem),
    });
  });
  await fan.open('/');
  await fan.page.getByText('지금 접속이 몰려 있어요').waitFor();
  await fan.page.getByRole('heading', { name: '붐비는 밤' }).waitFor();
  expect(refusals).toBe(0);
});

test('a lost answer is asked for again with the same key', async () => {
  const event = await newEvent(set.operator);
  const fan = await set.visitor();
  fan.expectRefusals(0);
  const keys: (string | undefined)[] = [];
  await fan.page.route('**/queue', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    // The request reaches the server, its answer does not reach the page.
    if (keys.length === 1) await route.fetch();
    if (keys.length === 1) {
      await route.abort('connectionreset');
      return;
    }
    await route.continue();
  });
  await fan.open(`/events/${event}/queue?join=1`);
  await fan.page.waitForURL('**/seats');
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBeDefined();
  expect(keys[1]).toBe(keys[0]);
});

test('a page says that it is offline, and goes on when it is not', async () => {
  const event = await newEvent(set.operator);
  const fan = await set.visitor({ stranger: true });
  fan.expectRefusals(0);
  await fan.open(`/events/${event}`);
  await fan.page.locator('.enter').waitFor();
  await fan.context.setOffline(true);
  await fan.page.getByText('인터넷에 연결되어 있지 않아요').waitFor();
  await fan.context.setOffline(false);
  await expect.poll(() => fan.page.locator('.traffic').isVisible()).toBe(false);
});

test('a part of the app that cannot be loaded leaves a way on', async () => {
  const fan = await set.visitor({ stranger: true });
  fan.expectRefusals(0);
  await fan.page.route('**/assets/account-*.js', (route) => route.abort());
  await fan.open('/sign-in');
  await fan.page.getByRole('heading', { name: '화면을 그리다 문제가 생겼어요' }).waitFor();
  await fan.page.unroute('**/assets/account-*.js');
  await fan.page.getByRole('button', { name: '새로고침' }).click();
  await fan.page.getByRole('heading', { name: '로그인' }).waitFor();
});

test('the language and the theme that somebody chose are kept', async () => {
  const fan = await set.visitor({ stranger: true });
  await fan.open('/');
  await fan.page.getByRole('button', { name: 'Switch to English' }).click();
  await fan.page.getByRole('heading', { name: 'Events on sale' }).waitFor();
  await fan.page.getByRole('button', { name: 'Switch to the dark theme' }).click();
  await fan.page.reload();
  await fan.page.getByRole('heading', { name: 'Events on sale' }).waitFor();
  expect(await fan.page.locator('html').getAttribute('lang')).toBe('en');
  expect(await fan.page.locator('html').getAttribute('data-theme')).toBe('dark');
  await fan.page.getByRole('button', { name: '한국어로 보기' }).click();
  await fan.page.getByRole('heading', { name: '예매할 수 있는 공연' }).waitFor();
});

test('an address that leads nowhere, and an event that is none, say so', async () => {
  const fan = await set.visitor({ stranger: true });
  fan.expectRefusals(404);
  await fan.open('/nowhere/at/all');
  await fan.page.getByRole('heading', { name: '찾으시는 페이지가 없어요' }).waitFor();
  await fan.open('/events/evt_0000000000000');
  await fan.page.getByRole('heading', { name: '불러오지 못했어요' }).waitFor();
  await fan.page.getByText('없는 공연이에요').waitFor();
});
