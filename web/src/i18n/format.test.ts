import { beforeEach, describe, expect, test } from 'vitest';
import { compact, dateTime, duration, money, percent, timeOfDay } from './dates';
import { clock, monthAndDay, number, setFormatLocale, shortDateTime } from './format';
import { fill } from './index';

// ICU puts narrow no-break spaces where people put spaces.
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('money', () => {
  test.each([
    ['ko', 154_000, 'KRW', 0, '₩154,000'],
    ['en', 154_000, 'KRW', 0, '₩154,000'],
    ['en', 123_456, 'USD', 2, '$1,234.56'],
    ['ko', 5, 'USD', 2, '$0.05'],
    ['en', 1_234_567, 'KWD', 3, 'KWD 1,234.567'],
    ['en', 0, 'JPY', 0, '¥0'],
  ])('in %s: %d of %s', (locale, amount, currency, decimals, text) => {
    setFormatLocale(locale);
    expect(plain(money(amount, currency, decimals))).toBe(text);
  });
});

describe('time', () => {
  beforeEach(() => setFormatLocale('en'));

  test('a clock counts up to the last second, and not below zero', () => {
    expect(clock(61_000)).toBe('1:01');
    expect(clock(60_001)).toBe('1:01');
    expect(clock(60_000)).toBe('1:00');
    expect(clock(1)).toBe('0:01');
    expect(clock(0)).toBe('0:00');
    expect(clock(-5_000)).toBe('0:00');
    expect(clock(3_600_000 + 62_000)).toBe('1:01:02');
  });

  test('a length of time is said in its two largest units', () => {
    expect(duration(420)).toBe('7 minutes');
    expect(duration(90)).toBe('1 minute 30 seconds');
    expect(duration(90_061)).toBe('1 day 1 hour');
    expect(duration(0)).toBe('0 seconds');
    setFormatLocale('ko');
    expect(plain(duration(420))).toBe('7분');
  });

  test('a date has its zone wherever the reader may be in another', () => {
    expect(dateTime('2026-12-16T10:30:00Z')).toMatch(/(GMT|UTC|KST)/);
    expect(shortDateTime('2026-12-16T10:30:00Z')).toMatch(/Dec/);
    expect(monthAndDay('2026-12-16T10:30:00Z').day).toBe('16');
    expect(timeOfDay('2026-12-16T10:30:15Z')).toContain(':30:15');
  });
});

test('numbers, shares and short numbers follow the language', () => {
  setFormatLocale('en');
  expect(number(20_000)).toBe('20,000');
  expect(percent(0.425)).toBe('43%');
  expect(compact(1_234)).toBe('1.2K');
  setFormatLocale('ko');
  expect(compact(12_340)).toBe('1.2만');
});

test('values go into messages, numbers as the language writes them', () => {
  setFormatLocale('en');
  expect(fill('{n} of {max}', { n: 1_500, max: '2000' }, 'en')).toBe('1,500 of 2000');
  expect(fill({ one: '{n} seat', other: '{n} seats' }, { n: 1 }, 'en')).toBe('1 seat');
  expect(fill({ one: '{n} seat', other: '{n} seats' }, { n: 2 }, 'en')).toBe('2 seats');
  expect(fill('{n} of {max}', { n: 1 }, 'en')).toBe('1 of {max}');
});
