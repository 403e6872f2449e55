import { createPublicKey, verify } from 'node:crypto';
import { encode } from 'uqr';
import { expect, test } from 'vitest';
import { pathOf } from '../src/features/tickets/path';
import { buy } from './seats';
import { newEvent, type Schemas } from './server';
import { stage } from './stage';

const set = stage();

/** Whether one of the server's keys signed a ticket's code: its last 64 bytes are the signature. */
function isSigned(code: string, keys: readonly string[]): boolean {
  const bytes = Buffer.from(code.replace(/^TKT1\./, ''), 'base64url');
  const [claim, signature] = [bytes.subarray(0, -64), bytes.subarray(-64)];
  return keys.some((x) => {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, claim, key, signature);
  });
}

test('a ticket shows a code that the server signed, and lets one person in once', async () => {
  const event = await newEvent(set.operator);
  const fan = await set.visitor({ width: 390, height: 844 });
  await buy(fan, event, '4');
  await fan.page.getByRole('link', { name: '티켓 보기' }).click();
  const qr = fan.page.getByRole('img', { name: '입장 QR 코드' });
  await qr.waitFor();
  const code = (await fan.page.getByTestId('code').textContent()) ?? '';

  // What is drawn is this code and nothing else.
  const drawn = await qr.locator('path').getAttribute('d');
  expect(drawn).toBe(pathOf(encode(code, { ecc: 'M', border: 0 }).data));
  const { keys } = await set.operator.ask<Schemas['TicketKeysView']>('GET', '/api/v1/ticket-keys');
  expect(isSigned(code, keys)).toBe(true);
  expect(
    isSigned(
      code.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      keys,
    ),
  ).toBe(false);

  const gate = await set.visitor({ account: set.operator });
  gate.expectRefusals(409, 422);
  await gate.open('/operator/gate');
  await gate.page.getByLabel('게이트 이름').fill('북문 1');
  const field = gate.page.getByLabel('티켓 코드');
  await field.fill(code);
  await field.press('Enter');
  await gate.page.locator('.gate-verdict[data-tone=good]', { hasText: 'D · 4' }).waitFor();

  // A scanner types the next code at once: the field is empty and has the focus.
  expect(await field.inputValue()).toBe('');
  await gate.page.keyboard.type(code);
  await gate.page.keyboard.press('Enter');
  const refused = gate.page.locator('.gate-verdict[data-code=ticket_used]');
  await refused.waitFor();
  expect(await refused.textContent()).toMatch(/\d+월 \d+일.*북문 1에서 입장한 티켓/);

  await field.fill('TKT1.forged');
  await field.press('Enter');
  await gate.page.locator('.gate-verdict[data-code=bad_ticket_code]').waitFor();

  await fan.page.reload();
  await fan.page.getByText('북문 1에서 입장했어요').waitFor();
});

test('an order is returned after a question, and its tickets are void', async () => {
  const event = await newEvent(set.operator);
  const fan = await set.visitor();
  const order = await buy(fan, event, '6');
  await fan.open(`/orders/${order}`);
  const ticket = await fan.page.locator('.ticket-link').getAttribute('href');
  await fan.page.getByRole('button', { name: '취소하고 환불받기' }).click();
  await fan.page.getByRole('dialog').getByRole('button', { name: '그대로 두기' }).click();
  await fan.page.getByRole('button', { name: '취소하고 환불받기' }).click();
  await fan.page.getByRole('dialog').getByRole('button', { name: '취소하고 환불받기' }).click();
  await fan.page.getByText('취소했어요. 환불이 진행되고 있어요.').waitFor();
  await fan.page.getByText('환불함').waitFor();
  await fan.open(ticket ?? '');
  await fan.page.getByText('이 티켓은 취소되어').waitFor();
  expect(await fan.page.locator('.qr').count()).toBe(0);
});
