// @vitest-environment node
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Catalogue, Message } from '../src/i18n/catalogue';
import { keyOf } from '../src/i18n/problems';

const here = new URL('../src/i18n/', import.meta.url);
const areas = readdirSync(new URL('ko', here)).map((file) => file.replace(/\.ts$/, ''));

async function catalogue(locale: string, area: string): Promise<Catalogue> {
  const module = (await import(new URL(`${locale}/${area}.ts`, here).href)) as {
    default: Catalogue;
  };
  return module.default;
}

function textsOf(message: Message): string[] {
  return typeof message === 'string' ? [message] : [message.one, message.other];
}

test('there are areas, and the same ones in both languages', () => {
  expect(areas.length).toBeGreaterThan(5);
  expect(readdirSync(new URL('en', here)).sort()).toEqual(readdirSync(new URL('ko', here)).sort());
});

describe.each(areas)('the area %s', (area) => {
  test('has the same keys in both languages, and says something for each', async () => {
    const [ko, en] = [await catalogue('ko', area), await catalogue('en', area)];
    expect(Object.keys(en).sort()).toEqual(Object.keys(ko).sort());
    for (const [key, message] of [...Object.entries(ko), ...Object.entries(en)]) {
      for (const text of textsOf(message)) expect(text.trim(), key).not.toBe('');
    }
  });

  test('puts the same values into both languages', async () => {
    const [ko, en] = [await catalogue('ko', area), await catalogue('en', area)];
    // A singular may do without its number.
    const names = (text: string, singular: boolean) =>
      [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))]
        .filter((name) => !(singular && name === 'n'))
        .sort();
    for (const [key, message] of Object.entries(ko)) {
      const other = en[key];
      if (other === undefined) continue;
      for (const text of textsOf(other)) {
        const singular = typeof other === 'object' && text === other.one;
        expect(names(text, singular), key).toEqual(names(textsOf(message)[0] ?? '', singular));
      }
    }
  });

  test('is written in Korean on the Korean side', async () => {
    const ko = await catalogue('ko', area);
    for (const [key, message] of Object.entries(ko)) {
      const words = textsOf(message)
        .join(' ')
        .replace(/\{\w+\}/g, '');
      if (/[A-Za-z]{3}/.test(words)) expect(words, key).toMatch(/[가-힣]/);
    }
  });
});

/** Every stable code in the server's own source. */
function codesOfServer(): string[] {
  const root = new URL('../../', import.meta.url);
  const files = readdirSync(new URL('api/src/', root), { recursive: true, encoding: 'utf8' })
    .filter((file) => /^problem(\.rs|\/.*\.rs)$/.test(file))
    .map((file) => `api/src/${file}`);
  const source = [...files, 'engine/src/domain/rejection.rs']
    .map((file) => readFileSync(new URL(file, root), 'utf8'))
    .join('\n');
  const patterns = [
    // Where problems are made, listed, and named after a rejection.
    /StatusCode::\w+,\s*"([a-z_]+)"/g,
    /Self::new\(status, "([a-z_]+)"/g,
    /unavailable\(\s*"([a-z_]+)"/g,
    /\("(unknown_[a-z]+)",/g,
    /\bcode\(\d+, "([a-z_]+)"/g,
    /Self::\w+(?:\(_\)| \{ \.\. \})? => "([a-z_]+)"/g,
  ];
  const codes = patterns.flatMap((pattern) =>
    [...source.matchAll(pattern)].map(([, code]) => code ?? ''),
  );
  return [...new Set(codes)].sort();
}

test('every code of the server has its words, and no words are left without a code', async () => {
  const all = new Map<string, Message>();
  for (const area of areas) {
    for (const [key, message] of Object.entries(await catalogue('ko', area))) all.set(key, message);
  }
  const codes = codesOfServer();
  expect(codes.length).toBeGreaterThan(60);
  for (const code of codes) expect(all.has(keyOf(code)), code).toBe(true);

  const made = ['offline', 'unreadable', 'unexpected', 'our_fault'];
  const used = new Set([...codes.map(keyOf), ...made.map((code) => `error.${code}`)]);
  expect([...all.keys()].filter((key) => key.startsWith('error.') && !used.has(key))).toEqual([]);
});
