import { expect, test } from 'vitest';
import { lineOf } from './locate';

const PLAN = {
  name: 'A "small" room, with [brackets] and {braces}',
  size: { width: 200, height: -1.5e3, none: null, yes: true },
  'a\\b': [],
  zones: [
    { name: 'one', rows: [] },
    { name: 'two', rows: [{ seats: [1, [2, 3], { label: 'x' }] }, 'last'] },
  ],
};

test('every value of a file is found on the line that it is on', () => {
  const text = JSON.stringify(PLAN, null, 2);
  const lines = text.split('\n');
  const look = (path: string) => lines[lineOf(text, path) - 1]?.trim();
  expect(look('$')).toBe('{');
  expect(look('$.size.height')).toBe('"height": -1500,');
  expect(look('$.size.yes')).toBe('"yes": true');
  expect(look('$.zones[1].name')).toBe('"name": "two",');
  expect(look('$.zones[1].rows[0].seats[0]')).toBe('1,');
  expect(look('$.zones[1].rows[0].seats[1][1]')).toBe('3');
  expect(look('$.zones[1].rows[0].seats[2].label')).toBe('"label": "x"');
  expect(look('$.zones[1].rows[1]')).toBe('"last"');
});

test('of what is missing, the line of what should have it is told', () => {
  const text = JSON.stringify(PLAN, null, 2);
  const lines = text.split('\n');
  const look = (path: string) => lines[lineOf(text, path) - 1]?.trim();
  expect(look('$.zones[0].label')).toBe('{');
  expect(lineOf(text, '$.zones[0].label')).toBe(lineOf(text, '$.zones[0]'));
  expect(lineOf(text, '$.zones[7].rows[0]')).toBe(lineOf(text, '$.zones'));
  expect(lineOf(text, '$.nothing')).toBe(1);
});

test('one line is one line, and a broken file ends the search', () => {
  expect(lineOf(JSON.stringify(PLAN), '$.zones[1].rows[0]')).toBe(1);
  expect(lineOf('\ufeff\n{"a":\n1}', '$.a')).toBe(3);
  for (const text of ['', '{', '{"a', '{"a":', '[1,', '{"a":[']) {
    expect(lineOf(text, '$.a[3].b')).toBe(1);
    expect(lineOf(text, '$[2]')).toBe(1);
  }
});
