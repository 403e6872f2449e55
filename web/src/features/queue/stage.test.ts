import { describe, expect, test } from 'vitest';
import { FIRST_STAGE, progress, reduceStage, worthSaying, type Stage } from './stage';

const standing = (stage: Stage, type: 'outside' | 'called' | 'admitted') =>
  reduceStage(stage, {
    type: 'standing',
    standing: {
      outside: { type },
      called: { type, claim_by_ms: 1 },
      admitted: { type, until_ms: 1 },
    }[type] as never,
  });

const WAITING: Stage = { type: 'waiting', number: 7, ahead: 2 };
const CALLED: Stage = { type: 'called', claimByMs: 5 };

describe('a fan who is nowhere', () => {
  test('has never joined, has left, or has missed the turn', () => {
    expect(standing(FIRST_STAGE, 'outside')).toEqual({ type: 'outside', why: 'new' });
    expect(standing(WAITING, 'outside')).toEqual({ type: 'outside', why: 'left' });
    expect(standing(CALLED, 'outside')).toEqual({ type: 'outside', why: 'lapsed' });
    expect(reduceStage(CALLED, { type: 'left' })).toEqual({ type: 'outside', why: 'left' });
  });

  test('stays there for the same reason when asked again', () => {
    const lapsed: Stage = { type: 'outside', why: 'lapsed' };
    expect(standing(lapsed, 'outside')).toBe(lapsed);
  });
});

test('a standing becomes its stage', () => {
  const waiting = reduceStage(FIRST_STAGE, {
    type: 'standing',
    standing: { type: 'waiting', number: 7, ahead: 2 },
  });
  expect(waiting).toEqual(WAITING);
  expect(standing(waiting, 'called')).toEqual({ type: 'called', claimByMs: 1 });
  expect(standing(CALLED, 'admitted')).toEqual({ type: 'admitted' });
  expect(reduceStage(WAITING, { type: 'join' })).toEqual(FIRST_STAGE);
  expect(reduceStage(FIRST_STAGE, { type: 'refused' })).toEqual({ type: 'outside', why: 'new' });
});

test('progress begins at nothing and ends at everything', () => {
  expect(progress(99, 99)).toBe(0);
  expect(progress(50, 100)).toBe(0.5);
  expect(progress(0, 99)).toBe(1);
  expect(progress(0, 0)).toBe(1);
  expect(progress(200, 99)).toBe(0);
});

test('the place is said at first and when it passes a mark, not at every step', () => {
  expect(worthSaying(null, 4_321)).toBe(true);
  expect(worthSaying(4_321, 4_300)).toBe(false);
  expect(worthSaying(1_010, 990)).toBe(true);
  expect(worthSaying(1, 0)).toBe(true);
  expect(worthSaying(0, 0)).toBe(false);
});
