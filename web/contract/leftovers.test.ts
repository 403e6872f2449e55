// @vitest-environment node
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../', import.meta.url);

/** Every source file of a folder, by path. */
function sources(folder: string, pattern: RegExp): Map<string, string> {
  const files = readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' });
  const chosen = files.filter((file) => pattern.test(file)).map((file) => `${folder}${file}`);
  return new Map(chosen.map((path) => [path, readFileSync(new URL(path, root), 'utf8')]));
}

const app = sources('src/', /\.(ts|tsx)$/);
const styles = sources('src/', /\.css$/);

test('every text is used', () => {
  const code = [...app].filter(
    ([path]) => !path.includes('/i18n/ko/') && !path.includes('/i18n/en/'),
  );
  const all = code.map(([, text]) => text).join('\n');
  const unused: string[] = [];
  for (const [path, text] of app) {
    if (!path.includes('/i18n/ko/')) continue;
    for (const [, key = ''] of text.matchAll(/^ {2}'([a-z_.A-Z]+)':/gm)) {
      // Some are put together from a state's name: `sale.${state}`.
      const family = key.replace(/\.[^.]+$/, '.');
      const composed = all.includes(`\`${family}\${`);
      if (!all.includes(`'${key}'`) && !composed) unused.push(key);
    }
  }
  expect(unused).toEqual([]);
});

test('every class in a style sheet is one that some page has', () => {
  const all = [...app.values()].join('\n');
  const unused: string[] = [];
  for (const [path, text] of styles) {
    const bare = text.replace(/\/\*[^]*?\*\/|url\([^)]*\)/g, '');
    for (const [, name = ''] of bare.matchAll(/\.([a-z][a-z0-9-]*[a-z0-9])(?=[\s,.:>+~{)[]|$)/g)) {
      // `note-good` is put together from a tone.
      const family = name.replace(/-[a-z_]+$/, '-');
      if (!all.includes(name) && !all.includes(`${family}\${`)) unused.push(`${path}: .${name}`);
    }
  }
  expect(unused).toEqual([]);
});

test('every file is reached from the entry, a test, or a tool', () => {
  const tests = [...app.keys()].filter((path) => /\.test\.tsx?$/.test(path));
  const reached = new Set(['src/main.tsx', ...tests]);
  const queue = [...reached];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const text = app.get(path) ?? '';
    for (const [, target = ''] of text.matchAll(/(?:from|import\(|import) ?'(\.[^']+)'/g)) {
      const at = new URL(target, new URL(path, root)).pathname.slice(root.pathname.length);
      const found = [at, `${at}.ts`, `${at}.tsx`, `${at}/index.ts`].find(
        (one) => app.has(one) || styles.has(one),
      );
      if (found === undefined || reached.has(found)) continue;
      reached.add(found);
      queue.push(found);
    }
  }
  const all = [...app.keys(), ...styles.keys()].filter((path) => !/\.test\.tsx?$/.test(path));
  expect(all.filter((path) => !reached.has(path))).toEqual([]);
});

test('nothing is hidden from the checks without a reason', () => {
  for (const [path, text] of [...app, ...sources('e2e/', /\.ts$/)]) {
    expect(text, path).not.toMatch(/@ts-(ignore|nocheck)/);
    for (const [line] of text.matchAll(/eslint-disable.*/g)) expect(line, path).toMatch(/ -- \S/);
  }
});
