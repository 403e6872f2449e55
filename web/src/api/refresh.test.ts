import { expect, test } from 'vitest';
import { createRefresh } from './refresh';

/** Two tabs over one storage and one lock. */
function tabs(trade: () => Promise<boolean>) {
  let now = 1_000;
  let tradedAt = 0;
  let last = Promise.resolve();
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  };
  const world = {
    trade,
    exclusive,
    tradedAt: () => tradedAt,
    setTradedAt: (at: number) => void (tradedAt = at),
    now: () => (now += 1),
  };
  return [createRefresh(world), createRefresh(world)] as const;
}

test('requests of one tab that fail together trade once', async () => {
  let trades = 0;
  const [refresh] = tabs(() => {
    trades += 1;
    return Promise.resolve(true);
  });
  expect(await Promise.all([refresh(900), refresh(901), refresh(902)])).toEqual([true, true, true]);
  expect(trades).toBe(1);
});

test('a tab that waited for another does not trade its token again', async () => {
  let trades = 0;
  const [one, other] = tabs(() => {
    trades += 1;
    return Promise.resolve(true);
  });
  expect(await Promise.all([one(900), other(900)])).toEqual([true, true]);
  expect(trades).toBe(1);
  // What was refused was sent before the trade, and only its answer came after it.
  expect(await other(950)).toBe(true);
  expect(trades).toBe(1);
  // Later it is time for another.
  expect(await other(2_000)).toBe(true);
  expect(trades).toBe(2);
});

test('a session that is over stays over, and an outage is no end of it', async () => {
  const [over] = tabs(() => Promise.resolve(false));
  expect(await over(900)).toBe(false);
  let down = true;
  const [refresh] = tabs(() =>
    down ? Promise.reject(new TypeError('lost')) : Promise.resolve(true),
  );
  await expect(refresh(900)).rejects.toThrow('lost');
  down = false;
  expect(await refresh(900)).toBe(true);
});
