/** Money, dates and lengths of time in full, for the pages that show them. */
import { instant, kept, language } from './format';

/** An amount in the currency's smallest unit, as people write it. */
export function money(amountMinor: number, currency: string, decimals: number): string {
  const format = kept(
    `${currency} ${decimals}`,
    (of) =>
      new Intl.NumberFormat(of, {
        style: 'currency',
        currency,
        currencyDisplay: 'narrowSymbol',
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }),
  );
  return format.format(amountMinor / 10 ** decimals);
}

/** A share of 1, in whole percent. */
export function percent(share: number): string {
  return kept('percent', (of) => new Intl.NumberFormat(of, { style: 'percent' })).format(share);
}

/** Whether the browser is somewhere where the time of an event needs a zone beside it. */
function elsewhere(): boolean {
  return (
    new Intl.DateTimeFormat().resolvedOptions().timeZone !== 'Asia/Seoul' || language.value !== 'ko'
  );
}

/** Day and time, with the zone for whoever may be in another one. */
export function dateTime(at: string | number): string {
  const zone: Intl.DateTimeFormatOptions = elsewhere() ? { timeZoneName: 'short' } : {};
  return kept(
    'dateTime',
    (of) =>
      new Intl.DateTimeFormat(of, {
        year: 'numeric',
        month: 'long',
        day: 'numeric',
        weekday: 'long',
        hour: 'numeric',
        minute: '2-digit',
        ...zone,
      }),
  ).format(instant(at));
}

/** The same by the clocks of a time zone; null if they say what clocks here say. */
export function dateTimeIn(at: string | number, timeZone: string): string | null {
  if (timeZone === '') return null;
  const format = (zone?: string) =>
    kept(
      `dateTime ${zone ?? ''}`,
      (of) =>
        new Intl.DateTimeFormat(of, {
          dateStyle: 'medium',
          timeStyle: 'short',
          ...(zone === undefined ? {} : { timeZone: zone }),
        }),
    ).format(instant(at));
  try {
    const there = format(timeZone);
    return there === format() ? null : there;
  } catch {
    // A browser with older zones than the server has.
    return null;
  }
}

/** The time of day to the second. */
export function timeOfDay(at: string | number): string {
  return kept('timeOfDay', (of) => new Intl.DateTimeFormat(of, { timeStyle: 'medium' })).format(
    instant(at),
  );
}

/** A length of time in words, in the two largest units. */
export function duration(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor(seconds / 3600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [Math.floor(seconds) % 60, 'second'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  const chosen =
    first < 0 ? parts.slice(3) : parts.slice(first, first + 2).filter(([value]) => value > 0);
  return chosen
    .map(([value, unit]) =>
      kept(
        `unit ${unit}`,
        (of) => new Intl.NumberFormat(of, { style: 'unit', unit, unitDisplay: 'long' }),
      ).format(value),
    )
    .join(' ');
}

/** A number as short as possible: `1.2K`, `1.2천`. */
export function compact(value: number): string {
  return kept(
    'compact',
    (of) => new Intl.NumberFormat(of, { notation: 'compact', maximumFractionDigits: 1 }),
  ).format(value);
}
