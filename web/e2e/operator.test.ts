import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { newEvent, newFan } from './server';
import { stage } from './stage';

const set = stage();

function saleOf(page: Page, title: string) {
  return page.locator('.sale', { has: page.getByRole('heading', { name: title }) });
}

test('what an operator does is seen in the waiting room at once', async () => {
  const event = await newEvent(set.operator, { title: '조종되는 밤', admitted_max: 1 });
  const inside = await newFan(set.server);
  await inside.ask('POST', `/api/v1/events/${event}/queue`);
  await inside.ask('POST', `/api/v1/events/${event}/queue/claim`);
  const fan = await set.visitor();
  await fan.open(`/events/${event}/queue?join=1`);
  await fan.page.getByText('다음이 내 차례예요').waitFor();

  const operator = await set.visitor({ account: set.operator });
  await operator.open('/operator');
  const sale = saleOf(operator.page, '조종되는 밤');
  await sale.getByText('1 / 1').waitFor();

  await sale.getByRole('button', { name: '일시 중단' }).click();
  await operator.page.getByRole('dialog').getByRole('button', { name: '일시 중단' }).click();
  await fan.page.getByText('운영자가 입장을 잠시 멈췄어요').waitFor();
  await sale.getByRole('button', { name: '다시 시작' }).click();
  await expect.poll(() => fan.page.getByText('운영자가 입장을 잠시 멈췄어요').count()).toBe(0);

  await sale.getByLabel('동시 입장 인원').fill('2');
  await sale.getByRole('button', { name: '바꾸기' }).click();
  await sale.getByText('2 / 2').waitFor();
  await fan.page.getByRole('alertdialog').getByRole('button', { name: '입장하기' }).click();
  await fan.page.waitForURL(`**/events/${event}/seats`);

  await sale.getByRole('button', { name: '판매 종료' }).click();
  const dialog = operator.page.getByRole('dialog');
  expect(await dialog.getByRole('button', { name: '판매 종료' }).isDisabled()).toBe(true);
  await dialog.getByRole('textbox').fill('종료');
  await dialog.getByRole('button', { name: '판매 종료' }).click();
  await fan.page.getByText('판매가 끝났어요. 잡아 둔 좌석은 결제할 수 있어요.').waitFor();
});

test('the link that the server prints makes the first operator, once', async () => {
  const visitor = await set.visitor({ stranger: true });
  visitor.expectRefusals(403);
  // The stage has used the link already.
  await visitor.page.goto(set.server.setupLink);
  await visitor.page.getByLabel('이메일').fill('second@example.com');
  await visitor.page.getByLabel('이름').fill('둘째');
  await visitor.page.getByLabel('비밀번호', { exact: true }).fill('a long and winding road');
  expect(new URL(visitor.page.url()).hash).toBe('');
  await visitor.page.getByRole('button', { name: '계정 만들기' }).click();
  await visitor.page.getByText('이미 쓴 링크이거나 시간이 지났어요').waitFor();
});
