import { expect, test } from 'vitest';
import {
  blank,
  cellsOf,
  decimalsOf,
  faultsAt,
  fromLocal,
  fromMinor,
  pricesOf,
  sooner,
  toLocal,
  toMinor,
  withType,
} from './programme';

test('amounts are exact in every currency', () => {
  expect(['KRW', 'JPY', 'USD', 'KWD'].map(decimalsOf)).toEqual([0, 0, 2, 3]);
  expect(toMinor('154,000', 0)).toBe(154_000);
  expect([toMinor('19.9', 2), toMinor('0.07', 2), toMinor('1.005', 3)]).toEqual([1990, 7, 1005]);
  for (const typed of ['', '-1', '1.5', 'ten', '1e3', '1.']) expect(toMinor(typed, 0)).toBe(null);
  for (const minor of [0, 7, 70, 1990, 123_456]) {
    for (const decimals of [0, 2, 3]) {
      expect(toMinor(fromMinor(minor, decimals), decimals)).toBe(minor);
    }
  }
});

test('local times come back as they went', () => {
  expect(fromLocal(toLocal('2030-01-01T11:00:00.000Z'))).toBe('2030-01-01T11:00:00.000Z');
  expect([toLocal(''), fromLocal(''), toLocal('soon'), fromLocal('soon')]).toEqual(['', '', '', '']);
});

test('a table of prices comes back as it went, and what is no amount is told', () => {
  const event = {
    ...blank('USD', 'Adult'),
    prices: [{ category: 'a', ticket_type: 'adult', amount_minor: 1990, fee_minor: 150 }],
  };
  const categories = [{ key: 'a' }, { key: 'b' }];
  const cells = cellsOf(event);
  expect(pricesOf(cells, categories, event.ticket_types, 'USD')).toEqual(event.prices);
  const typed = { ...cells, '["b","adult"]': { amount: 'much', fee: '' } };
  expect(pricesOf(typed, categories, event.ticket_types, 'USD')[1]?.amount_minor).toBe(-1);
});

test('an entry goes to the front one by one, and the first stays', () => {
  expect(sooner(['a', 'b', 'c'], 2)).toEqual(['a', 'c', 'b']);
  expect(sooner(['a', 'b'], 0)).toEqual(['a', 'b']);
});

test('ticket types have keys of their own, and faults belong to fields', () => {
  const one = withType([{ key: 'type-2', label: 'A' }], 'B');
  expect(one.map(({ key }) => key)).toEqual(['type-2', 'type-3']);
  const fault = (path: string) => ({ path, code: 'missing', message: '' });
  const all = ['prices[0]', 'prices.b', 'prices', 'price', 'title'].map(fault);
  expect(faultsAt(all, 'prices').length).toBe(3);
  expect(faultsAt(all, 'title').length).toBe(1);
});
