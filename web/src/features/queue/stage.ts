/** What the waiting room shows: follows from where the fan stands now and stood before. Pure. */
import type { Schemas } from '../../api/client';

type Standing = Schemas['StandingBody'];

export type Stage =
  /** Nothing is known yet, or a place is being asked for. */
  | { readonly type: 'joining' }
  | { readonly type: 'waiting'; readonly number: number; readonly ahead: number }
  | { readonly type: 'called'; readonly claimByMs: number }
  | { readonly type: 'admitted' }
  /** Nowhere; `why` says how it came to that. */
  | { readonly type: 'outside'; readonly why: 'new' | 'left' | 'lapsed' };

export type StageAction =
  | { readonly type: 'standing'; readonly standing: Standing }
  /** The fan gave up the place. */
  | { readonly type: 'left' }
  /** A place is being asked for. */
  | { readonly type: 'join' }
  /** It was refused. */
  | { readonly type: 'refused' };

export const FIRST_STAGE: Stage = { type: 'joining' };

export function reduceStage(stage: Stage, action: StageAction): Stage {
  switch (action.type) {
    case 'join':
      return FIRST_STAGE;
    case 'left':
      return { type: 'outside', why: 'left' };
    case 'refused':
      return { type: 'outside', why: 'new' };
    case 'standing':
      return stand(stage, action.standing);
    default:
      return action satisfies never;
  }
}

function stand(stage: Stage, standing: Standing): Stage {
  switch (standing.type) {
    case 'waiting':
      return { type: 'waiting', number: standing.number, ahead: standing.ahead };
    case 'called':
      return { type: 'called', claimByMs: standing.claim_by_ms };
    case 'admitted':
      return { type: 'admitted' };
    case 'outside':
      if (stage.type === 'outside') return stage;
      return { type: 'outside', why: whyOutside(stage) };
    default:
      return standing satisfies never;
  }
}

function whyOutside(stage: Stage): 'new' | 'left' | 'lapsed' {
  switch (stage.type) {
    case 'called':
      return 'lapsed';
    case 'waiting':
    case 'admitted':
      return 'left';
    case 'joining':
    case 'outside':
      return 'new';
    default:
      return stage satisfies never;
  }
}

/**
 * How much of the line lies behind, from 0 to 1. `most` is the largest number of people ahead that
 * this fan has seen.
 */
export function progress(ahead: number, most: number): number {
  return most <= 0 ? 1 : Math.min(1, Math.max(0, 1 - ahead / most));
}

/** Numbers of people ahead at which a screen reader is told: not at every step. */
const TOLD = [10_000, 5_000, 1_000, 500, 100, 50, 20, 10, 5, 3, 1, 0];

/** Whether something worth saying lies between two numbers of people ahead. */
export function worthSaying(before: number | null, now: number): boolean {
  if (before === null) return true;
  return TOLD.some((mark) => before > mark && now <= mark);
}
