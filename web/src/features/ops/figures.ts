/** How figures are written that may not be known. */
import { texts } from '../../i18n';
import { instant, kept, number } from '../../i18n/format';

const t = texts('operator');

/** A lease that nobody else could ask for is as good as none. */
export const LEASE_MS_MAX = 3_600_000;

export type Known = number | null | undefined;

export function figureText(value: Known): string {
  return value === null || value === undefined ? '–' : number(value);
}

export function timeText(us: Known): string {
  if (us === null || us === undefined) return '–';
  return us < 1000
    ? t('ops.us', { n: Math.round(us) })
    : t('ops.ms', { n: Math.round(us / 100) / 10 });
}

/** Day and time to the second. */
export function momentText(at: string): string {
  const make = (of: string) =>
    new Intl.DateTimeFormat(of, { dateStyle: 'medium', timeStyle: 'medium' });
  return kept('moment', make).format(instant(at));
}

/** What an event is called, as far as it is known; a rehearsal is called what its original is. */
export function titleText(of: { event: string; title: string; rehearsal: boolean }): string {
  const title = of.title === '' ? of.event : of.title;
  return of.rehearsal ? t('rehearse.titled', { title }) : title;
}
