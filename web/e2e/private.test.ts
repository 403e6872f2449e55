import { expect, test } from 'vitest';
import { gate } from './browser';
import { buy } from './seats';
import { newEvent, newFan } from './server';
import { stage } from './stage';

const set = stage();

test('private pages show nothing, and ask for nothing, before the session is confirmed', async () => {
  const event = await newEvent(set.operator);
  const account = await newFan(set.server);
  const buyer = await set.visitor({ account });
  const order = await buy(buyer, event, '2');
  await buyer.open(`/orders/${order}`);
  const ticket = (await buyer.page.locator('.ticket-link').getAttribute('href')) ?? '';

  const pages: [path: string, shown: string][] = [
    ['/orders', '겨울 배'],
    [`/orders/${order}`, '주문 번호'],
    [ticket, 'Stalls Centre'],
    [`/checkout/return?order=${order}&payment=pay_none`, '예매가 끝났어요!'],
    [`/events/${event}/queue`, '아직 줄을 서지 않았어요'],
  ];
  for (const [path, shown] of pages) {
    const visitor = await set.visitor({ account });
    // The payment in the address is none of the order's.
    visitor.expectRefusals(404);
    const { page } = visitor;
    const confirmed = gate();
    const asked: string[] = [];
    await page.route('**/api/v1/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      asked.push(pathname);
      if (pathname === '/api/v1/session') await confirmed.opened;
      await route.continue();
    });
    await visitor.open(path);
    await page.locator('main').waitFor();
    await expect.poll(() => asked).toContain('/api/v1/session');
    expect(await page.locator('main').innerText(), path).toBe('불러오는 중');
    expect(await page.title(), path).not.toContain('겨울 배');
    expect(asked, path).toEqual(['/api/v1/session']);
    confirmed.open();
    await page.locator('main', { hasText: shown }).waitFor();
  }
});

test('operators’ pages are for operators', async () => {
  const fan = await set.visitor();
  for (const path of ['/operator', '/operator/gate']) {
    await fan.open(path);
    await fan.page.getByText('운영자만 볼 수 있어요.').waitFor();
    expect(await fan.page.locator('main form, main li').count()).toBe(0);
  }
  const operator = await set.visitor({ account: set.operator });
  await operator.open('/operator');
  await operator.page.locator('.sale-numbers').first().waitFor();
});

test('a stranger who registers on the way to the seats arrives there', async () => {
  const event = await newEvent(set.operator);
  const stranger = await set.visitor({ stranger: true });
  stranger.expectRefusals(401, 422);
  const { page } = stranger;
  // The page to go back to has to be loaded first, which must not lead anywhere else.
  await stranger.open(`/register?next=${encodeURIComponent(`/events/${event}/queue?join=1`)}`);
  await page.getByLabel('이메일').fill('on.the.way@example.com');
  await page.getByLabel('이름').fill('지나던 팬');
  await page.getByLabel('비밀번호', { exact: true }).fill('short');
  await page.getByRole('button', { name: '가입하고 시작하기' }).click();
  await page.getByText('비밀번호는 10~200자이고').waitFor();
  await page.getByLabel('비밀번호', { exact: true }).fill('a long and winding road');
  await page.getByRole('button', { name: '가입하고 시작하기' }).click();
  await page.waitForURL(`**/events/${event}/seats`);
  await page.getByText('좌석 선택 남은 시간').waitFor();
});

test('a stranger is asked to sign in, and comes back to where the way led', async () => {
  const stranger = await set.visitor({ stranger: true });
  stranger.expectRefusals(401);
  const { page } = stranger;
  await stranger.open('/orders');
  await page.waitForURL('**/sign-in?next=%2Forders');
  await page.getByRole('link', { name: '회원가입' }).click();
  await page.getByLabel('이메일').fill('new.fan@example.com');
  await page.getByLabel('이름').fill('새 팬');
  await page.getByLabel('비밀번호', { exact: true }).fill('a long and winding road');
  await page.getByRole('button', { name: '가입하고 시작하기' }).click();
  await page.waitForURL('**/orders');
  await page.getByText('아직 예매한 공연이 없어요').waitFor();
  await page.getByRole('button', { name: '새 팬 님의 계정' }).click();
  await page.getByRole('button', { name: '로그아웃' }).click();
  await page.waitForURL(`${set.server.url}/`);
  await page.getByRole('link', { name: '로그인' }).waitFor();
});
