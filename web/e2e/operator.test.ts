import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { newEvent, newFan } from './server';
import { stage } from './stage';

const set = stage();

function saleOf(page: Page, title: string) {
  return page.locator('.sale', { has: page.getByRole('heading', { name: title }) });
}

/** Gives the reason that a dialog asks for. */
async function agree(page: Page, action: string, reason: string) {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('이유').fill(reason);
  await dialog.getByRole('button', { name: action }).click();
  await dialog.waitFor({ state: 'detached' });
}

async function act(page: Page, action: string, reason: string) {
  await page.getByRole('button', { name: action, exact: true }).click();
  await agree(page, action, reason);
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

  await sale.getByRole('link', { name: '판매 제어' }).click();
  const { page } = operator;

  await act(page, '일시 중단', '입구가 아직 닫혀 있음');
  await fan.page.getByText('운영자가 입장을 잠시 멈췄어요').waitFor();
  await page.getByRole('button', { name: '되돌리기' }).click();
  await agree(page, '다시 시작', '입구가 열림');
  await expect.poll(() => fan.page.getByText('운영자가 입장을 잠시 멈췄어요').count()).toBe(0);

  await page.getByLabel('동시 입장 인원').fill('2');
  await page
    .locator('form', { has: page.getByLabel('동시 입장 인원') })
    .getByRole('button', { name: '바꾸기', exact: true })
    .click();
  await page.getByText('동시에 1명 대신 2명까지 입장해요.').waitFor();
  await agree(page, '동시 입장 인원 바꾸기', '자리가 남음');
  await page.getByText('2 / 2').waitFor();
  await fan.page.getByRole('alertdialog').getByRole('button', { name: '입장하기' }).click();
  await fan.page.waitForURL(`**/events/${event}/seats`);

  await page.getByRole('button', { name: '판매 종료' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('이유').fill('모두 팔림');
  expect(await dialog.getByRole('button', { name: '판매 종료' }).isDisabled()).toBe(true);
  await dialog.getByLabel('계속하려면').fill('종료');
  await dialog.getByRole('button', { name: '판매 종료' }).click();
  await fan.page.getByText('판매가 끝났어요. 잡아 둔 좌석은 결제할 수 있어요.').waitFor();

  await page.getByRole('link', { name: '이 공연의 감사 기록' }).click();
  await page.locator('.audit-table tbody tr').nth(7).waitFor();
  const rows = await page.locator('.audit-table tbody tr').allInnerTexts();
  const told = ['일시 중단', '다시 시작', '동시 입장 인원 바꾸기', '판매 종료'];
  for (const action of told) {
    expect(rows.filter((row) => row.includes(action)).length, action).toBe(2);
  }
  expect(rows.some((row) => row.includes('1 -> 2') && row.includes('자리가 남음'))).toBe(true);
  expect(rows.every((row) => row.includes(set.operator.email))).toBe(true);
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
