/**
 * Two languages, a few hundred texts, no library.
 *
 * Texts are grouped in areas: `shell` comes with the first load, the others with the pages that
 * need them. Korean is written first and is the model that English is checked against by the
 * compiler. Start with {@link texts}.
 */
import { signal } from '@preact/signals';
import type { ArgsOf, Catalogue, Message } from './catalogue';
import { number, setFormatLocale } from './format';
import shell from './ko/shell';

export type Locale = 'ko' | 'en';

export const LOCALES: readonly Locale[] = ['ko', 'en'];

interface Areas {
  shell: typeof shell;
  fan: typeof import('./ko/fan').default;
  sale: typeof import('./ko/sale').default;
  account: typeof import('./ko/account').default;
  seats: typeof import('./ko/seats').default;
  buy: typeof import('./ko/buy').default;
  operator: typeof import('./ko/operator').default;
}

export type Area = keyof Areas;

type Loader = () => Promise<{ default: Catalogue }>;

/** Of all that is not there from the beginning. */
const SOURCES: { ko: Record<Exclude<Area, 'shell'>, Loader>; en: Record<Area, Loader> } = {
  ko: {
    fan: () => import('./ko/fan'),
    sale: () => import('./ko/sale'),
    account: () => import('./ko/account'),
    seats: () => import('./ko/seats'),
    buy: () => import('./ko/buy'),
    operator: () => import('./ko/operator'),
  },
  en: {
    shell: () => import('./en/shell'),
    fan: () => import('./en/fan'),
    sale: () => import('./en/sale'),
    account: () => import('./en/account'),
    seats: () => import('./en/seats'),
    buy: () => import('./en/buy'),
    operator: () => import('./en/operator'),
  },
};

const KEPT_AS = 'tiketi.locale';
const wanted = new Set<Area>(['shell']);
const loaded: Record<Locale, Map<Area, Catalogue>> = {
  ko: new Map([['shell', shell]]),
  en: new Map(),
};

/** The language that everything is shown in. Reading it in a component follows its changes. */
export const locale = signal<Locale>('ko');

/** Loads an area, in the language of now; pages wait for it before they render. */
export async function loadArea(area: Area): Promise<void> {
  wanted.add(area);
  await load(locale.peek(), area);
}

/** Shows everything in a language, once all of its texts that are in use have come. */
export async function setLocale(next: Locale): Promise<void> {
  await Promise.all([...wanted].map((area) => load(next, area)));
  setFormatLocale(next);
  locale.value = next;
  document.documentElement.lang = next;
}

/** The same, and remembers it as this browser's choice. */
export async function chooseLocale(next: Locale): Promise<void> {
  await setLocale(next);
  try {
    localStorage.setItem(KEPT_AS, next);
  } catch {
    // A browser that keeps nothing shows its own language again next time.
  }
}

/** The language to start with: what was chosen here before, or else the browser's, or Korean. */
export function firstLocale(languages: readonly string[] = navigator.languages): Locale {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEPT_AS);
  } catch {
    // As above.
  }
  const known = (text: string | null) => LOCALES.find((one) => text?.toLowerCase().startsWith(one));
  return known(kept) ?? languages.map(known).find((one) => one !== undefined) ?? 'ko';
}

async function load(of: Locale, area: Area): Promise<void> {
  if (loaded[of].has(area)) return;
  const source: Partial<Record<Area, Loader>> = SOURCES[of];
  const got = await source[area]?.();
  if (got !== undefined) loaded[of].set(area, got.default);
}

/** Gives the texts of an area; those of the shell are always there. */
export function texts<A extends Area = 'shell'>(area?: A) {
  type All = Areas['shell'] & Areas[A];
  return <K extends keyof All & string>(
    key: K,
    ...args: All[K] extends Message ? ArgsOf<All[K]> : never
  ): string => {
    const of = loaded[locale.value];
    const message = of.get(area ?? 'shell')?.[key] ?? of.get('shell')?.[key];
    return message === undefined ? key : fill(message, args[0], locale.value);
  };
}

/** The text of a key that is only known while running, from whichever area is there. */
export function textOf(key: string, values: Values): string | null {
  for (const catalogue of loaded[locale.value].values()) {
    const message = catalogue[key];
    if (message !== undefined) return fill(message, values, locale.value);
  }
  return null;
}

type Values = Readonly<Record<string, string | number>>;

/** Puts values into a message; numbers are written as the language writes them. */
export function fill(message: Message, values: Values | undefined, of: Locale): string {
  const n = values?.['n'];
  const text =
    typeof message === 'string'
      ? message
      : new Intl.PluralRules(of).select(Number(n)) === 'one'
        ? message.one
        : message.other;
  if (values === undefined) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? number(value) : (value ?? whole);
  });
}
