/**
 * Money, dates and times as each language writes them.
 */
import { signal } from '@preact/signals';

/** The language of now. */
export const language = signal('ko');
const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

/** Called by the runtime when the language changes. */
export function setFormatLocale(next: string): void {
  language.value = next;
}

/** Formats are dear to make: each is made once. */
export function kept<F extends Intl.NumberFormat | Intl.DateTimeFormat>(
  name: string,
  make: (of: string) => F,
): F {
  const id = `${language.value} ${name}`;
  const known = cache.get(id) ?? make(language.value);
  cache.set(id, known);
  return known as F;
}

/** A number. */
export function number(value: number): string {
  return kept('number', (of) => new Intl.NumberFormat(of)).format(value);
}

export function instant(at: string | number): Date {
  return new Date(at);
}

/** A day in short, with the time. */
export function shortDateTime(at: string | number): string {
  return kept(
    'shortDateTime',
    (of) =>
      new Intl.DateTimeFormat(of, {
        month: 'short',
        day: 'numeric',
        weekday: 'short',
        hour: 'numeric',
        minute: '2-digit',
      }),
  ).format(instant(at));
}

/** Month and day for a calendar leaf. */
export function monthAndDay(at: string | number): { month: string; day: string; weekday: string } {
  const part = (name: string, options: Intl.DateTimeFormatOptions) =>
    kept(name, (of) => new Intl.DateTimeFormat(of, options)).format(instant(at));
  return {
    month: part('month', { month: 'short' }),
    day: String(instant(at).getDate()),
    weekday: part('weekday', { weekday: 'short' }),
  };
}

/** What is left, as a clock shows it: `m:ss`, or `h:mm:ss` from an hour on. Never below zero. */
export function clock(leftMs: number): string {
  const s = Math.max(0, Math.ceil(leftMs / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes, seconds] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
