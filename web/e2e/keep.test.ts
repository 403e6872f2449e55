import { expect, test } from 'vitest';
import { enter, take } from './seats';
import { newEvent, newFan } from './server';
import { stage } from './stage';

const set = stage();

test('a reload and another device keep the place in line, and a reload keeps the hold', async () => {
  const event = await newEvent(set.operator, { admitted_max: 1 });
  const inside = await set.visitor();
  await enter(inside, event);
  await take(inside, 'Stalls Centre', 'A', '1');

  const first = await set.visitor();
  await first.open(`/events/${event}/queue?join=1`);
  await first.page.getByText('다음이 내 차례예요').waitFor();

  const account = await newFan(set.server);
  const second = await set.visitor({ account });
  await second.open(`/events/${event}/queue?join=1`);
  const ahead = second.page.getByTestId('ahead');
  await expect.poll(() => ahead.textContent()).toBe('1명');
  const number = await second.page.locator('.queue-card .badge b').textContent();
  expect(new URL(second.page.url()).search).toBe('');

  await second.page.reload();
  await expect.poll(() => ahead.textContent()).toBe('1명');
  expect(await second.page.locator('.queue-card .badge b').textContent()).toBe(number);
  await expect.poll(() => second.page.title()).toContain('1명');

  const elsewhere = await set.visitor({ account, width: 390, height: 844 });
  await elsewhere.open(`/events/${event}/queue`);
  await expect.poll(() => elsewhere.page.getByTestId('ahead').textContent()).toBe('1명');
  expect(await elsewhere.page.locator('.queue-card .badge b').textContent()).toBe(number);

  await inside.page.reload();
  await inside.page.locator('.cart-items li', { hasText: 'A · 1' }).waitFor();
});

test('the turn comes to whoever is next, and is taken by a button', async () => {
  const event = await newEvent(set.operator, { admitted_max: 1 });
  const account = await newFan(set.server);
  await account.ask('POST', `/api/v1/events/${event}/queue`);
  await account.ask('POST', `/api/v1/events/${event}/queue/claim`);
  const [next, last] = await Promise.all([set.visitor(), set.visitor()]);
  await next.open(`/events/${event}/queue?join=1`);
  await next.page.getByText('다음이 내 차례예요').waitFor();
  await last.open(`/events/${event}/queue?join=1`);
  await expect.poll(() => last.page.getByTestId('ahead').textContent()).toBe('1명');

  await account.ask('DELETE', `/api/v1/events/${event}/queue`);
  const turn = next.page.getByRole('alertdialog', { name: '내 차례예요!' });
  await turn.waitFor();
  await expect.poll(() => next.page.title()).toMatch(/^입장하세요/);
  // The line moved up without a reload.
  await last.page.getByText('다음이 내 차례예요').waitFor();
  // Escape does not throw the turn away.
  await next.page.keyboard.press('Escape');
  await turn.getByRole('button', { name: '입장하기' }).click();
  await next.page.waitForURL(`**/events/${event}/seats`);
});

test('leaving asks first, and a turn that is missed can be stood in line for again', async () => {
  const event = await newEvent(set.operator, { admitted_max: 1, claim_ttl_s: 2 });
  const account = await newFan(set.server);
  await account.ask('POST', `/api/v1/events/${event}/queue`);
  await account.ask('POST', `/api/v1/events/${event}/queue/claim`);
  const fan = await set.visitor();
  await fan.open(`/events/${event}/queue?join=1`);
  await fan.page.getByText('다음이 내 차례예요').waitFor();

  await fan.page.getByRole('button', { name: '대기실 나가기' }).click();
  await fan.page.getByRole('button', { name: '계속 기다리기' }).click();
  await fan.page.getByText('다음이 내 차례예요').waitFor();

  await account.ask('DELETE', `/api/v1/events/${event}/queue`);
  await fan.page.getByRole('alertdialog').waitFor();
  await fan.page.getByRole('heading', { name: '차례가 지나갔어요' }).waitFor();

  await account.ask('POST', `/api/v1/events/${event}/queue`);
  await account.ask('POST', `/api/v1/events/${event}/queue/claim`);
  await fan.page.getByRole('button', { name: '줄 서기' }).click();
  await fan.page.getByText('다음이 내 차례예요').waitFor();
  await fan.page.getByRole('button', { name: '대기실 나가기' }).click();
  await fan.page.getByRole('button', { name: '순서를 포기하고 나가기' }).click();
  await fan.page.getByRole('heading', { name: '대기실에서 나왔어요' }).waitFor();
});
