import { expect, test } from 'vitest';
import { ownPath } from './next';

test('only a path of this site is a way back', () => {
  for (const path of ['/', '/orders', '/events/evt_1/queue?join=1'])
    expect(ownPath(path)).toBe(path);
  for (const path of [
    undefined,
    '',
    'orders',
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\tevil',
    'javascript:alert(1)',
  ]) {
    expect(ownPath(path), path).toBeNull();
  }
});
