import { expect, test } from 'vitest';
import { enter, goToPay, take } from './seats';
import { newEvent, type Schemas } from './server';
import { stage } from './stage';

const set = stage();

test('a declined payment keeps the seats, and another attempt pays them', async () => {
  const event = await newEvent(set.operator);
  const fan = await set.visitor();
  await enter(fan, event);
  await take(fan, 'Stalls Centre', 'A', '1');
  await goToPay(fan);
  await fan.page.locator('#fail').click();
  await fan.page.getByRole('heading', { name: '결제가 되지 않았어요' }).waitFor();
  await fan.page.getByText('카드사가 거절했어요').waitFor();
  await expect
    .poll(() => fan.page.locator('[role=timer] time').textContent())
    .toMatch(/^\d+:\d\d$/);
  // What confirmed the payment does not stay in the history.
  await expect.poll(() => new URL(fan.page.url()).searchParams.has('paymentKey')).toBe(false);

  await fan.page.getByRole('button', { name: '다시 결제하기' }).click();
  await fan.page.locator('#succeed').click();
  await fan.page.getByRole('heading', { name: '예매가 끝났어요!' }).waitFor();
});

test('coming back without paying keeps the seats', async () => {
  const event = await newEvent(set.operator);
  const fan = await set.visitor();
  await enter(fan, event);
  await take(fan, 'Stalls Centre', 'B', '1');
  await goToPay(fan);
  await fan.page.locator('#give_up').click();
  await fan.page.getByText('결제하지 않고 돌아오셨어요').waitFor();
  await fan.page.goto(`${set.server.url}/events/${event}/seats`);
  await fan.page.locator('.cart-items li', { hasText: 'B · 1' }).waitFor();
});

test('going back from the payment page finds the payment under way, to be resumed or dropped', async () => {
  const event = await newEvent(set.operator);
  const fan = await set.visitor();
  await enter(fan, event);
  await take(fan, 'Stalls Centre', 'B', '3');
  await goToPay(fan);
  await fan.page.goBack();
  await fan.page.getByText('진행 중인 결제가 있어요').waitFor();
  await fan.page.getByRole('button', { name: '결제 창으로 돌아가기' }).click();
  await fan.page.locator('#succeed').waitFor();
  await fan.page.goBack();
  await fan.page.getByRole('button', { name: '그 결제는 하지 않을래요' }).click();
  await fan.page.getByRole('button', { name: /결제하기/ }).waitFor();
});

test('a payment whose answer is lost ends in one ticket', async () => {
  const event = await newEvent(set.operator);
  const fan = await set.visitor();
  await enter(fan, event);
  await take(fan, 'Stalls Centre', 'C', '1');
  await goToPay(fan);
  await fan.page.locator('#time_out').click();
  await fan.page.getByRole('heading', { name: '결제사의 답을 기다리고 있어요' }).waitFor();
  await fan.page.getByRole('heading', { name: '예매가 끝났어요!' }).waitFor();
  const id = new URL(fan.page.url()).searchParams.get('order') ?? '';
  const order = await fan.page.evaluate(async (path) => {
    const response = await fetch(path);
    return (await response.json()) as unknown;
  }, `/api/v1/orders/${id}`);
  const { state, tickets, payments } = order as Schemas['OrderView'];
  expect(state).toBe('paid');
  expect(tickets).toHaveLength(1);
  expect(payments.filter((payment) => payment.state === 'captured')).toHaveLength(1);
});
