import { expect, test } from 'vitest';
import { createIntentions } from './intention';
import { memoryStore } from './keep';
import { offline, type Answer, type Problem } from './problem';

function wishes(store = memoryStore()) {
  let made = 0;
  return createIntentions(store, () => `key-${(made += 1)}`);
}

const refused = (code: string): Answer<never> => {
  const problem: Problem = { ...offline(), code, status: 409 };
  return { ok: false, problem };
};
const done: Answer<string> = { ok: true, value: 'done' };

test('a wish keeps its key until it is settled, and the next wish has another', async () => {
  const intend = wishes();
  const keys: string[] = [];
  const answers: Answer<string>[] = [
    { ok: false, problem: offline() },
    refused('timeout'),
    done,
    done,
  ];
  for (const answer of answers) {
    await intend('pay ord_1', (key) => {
      keys.push(key);
      return Promise.resolve(answer);
    });
  }
  expect(keys).toEqual(['key-1', 'key-1', 'key-1', 'key-2']);
});

test('a refusal settles a wish', async () => {
  const intend = wishes();
  const keys: string[] = [];
  for (const answer of [refused('taken'), done]) {
    await intend('hold 7', (key) => {
      keys.push(key);
      return Promise.resolve(answer);
    });
  }
  expect(keys).toEqual(['key-1', 'key-2']);
});

test('a second click while the first is under way is the same wish', async () => {
  const intend = wishes();
  const keys: string[] = [];
  let settle = (): void => undefined;
  const slow = new Promise<Answer<string>>((resolve) => (settle = () => resolve(done)));
  const attempt = (key: string) => {
    keys.push(key);
    return slow;
  };
  const both = [intend('pay ord_1', attempt), intend('pay ord_1', attempt)];
  settle();
  await Promise.all(both);
  expect(keys).toEqual(['key-1', 'key-1']);
});

test('a reload in the middle keeps the key, and another wish has its own', async () => {
  const store = memoryStore();
  const keys: string[] = [];
  const note = (key: string) => {
    keys.push(key);
    return Promise.resolve<Answer<string>>({ ok: false, problem: offline() });
  };
  const before = createIntentions(store, () => 'first');
  await before('order hold_1', note);
  const after = createIntentions(store, () => 'second');
  await after('order hold_1', note);
  await after('order hold_2', note);
  expect(keys).toEqual(['first', 'first', 'second']);
});
