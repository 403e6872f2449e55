/** Joining, claiming and leaving, and the stage that follows from it. */
import { useCallback, useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { answer, api } from '../../api/client';
import { intend } from '../../api/intention';
import type { Problem } from '../../api/problem';
import type { Fan, Standing } from '../../state/fan';
import { lostSession } from '../../state/session';
import { FIRST_STAGE, reduceStage, type Stage } from './stage';

function askStanding(path: 'join' | 'claim' | 'leave', event: string, key?: string) {
  const params = { path: { event } };
  switch (path) {
    case 'join': {
      const header = key === undefined ? {} : { 'Idempotency-Key': key };
      return answer(api.POST('/api/v1/events/{event}/queue', { params: { ...params, header } }));
    }
    case 'claim':
      return answer(api.POST('/api/v1/events/{event}/queue/claim', { params }));
    case 'leave':
      return answer(api.DELETE('/api/v1/events/{event}/queue', { params }));
    default:
      return path satisfies never;
  }
}

export interface RoomAtWork {
  readonly stage: Stage;
  readonly problem: Problem | null;
  readonly join: () => Promise<void>;
  readonly claim: () => Promise<void>;
  readonly leave: () => Promise<void>;
}

/** `wantsIn` says that the fan is about to join: what was known before says nothing then. */
export function useRoom(event: string, fan: Fan, wantsIn: boolean): RoomAtWork {
  const [stage, act] = useReducer(reduceStage, FIRST_STAGE);
  const [problem, setProblem] = useState<Problem | null>(null);
  const joining = useRef(wantsIn);
  const me = fan.me.value;

  const take = useCallback(
    (standing: Standing) => {
      act({ type: 'standing', standing });
      fan.setStanding(standing);
    },
    [fan],
  );
  const refuse = useCallback((why: Problem) => {
    if (!lostSession(why)) setProblem(why);
  }, []);

  const claim = useCallback(async () => {
    const got = await askStanding('claim', event);
    if (got.ok) {
      take(got.value);
    } else {
      refuse(got.problem);
      await fan.ask();
    }
  }, [event, fan, take, refuse]);

  const join = useCallback(async () => {
    setProblem(null);
    joining.current = true;
    act({ type: 'join' });
    const got = await intend(`join ${event}`, (key) => askStanding('join', event, key));
    joining.current = false;
    if (!got.ok) {
      refuse(got.problem);
      act({ type: 'refused' });
    } else if (got.value.type === 'called') {
      // Nobody waits: whoever has just pressed the button is there, and need not say so again.
      await claim();
    } else take(got.value);
  }, [event, claim, take, refuse]);

  const leave = useCallback(async () => {
    const got = await askStanding('leave', event);
    if (!got.ok && got.problem.code !== 'not_in_line') {
      refuse(got.problem);
    } else {
      act({ type: 'left' });
      fan.setStanding({ type: 'outside' });
    }
  }, [event, fan, refuse]);

  useEffect(() => {
    if (me.type === 'ready' && !joining.current) {
      act({ type: 'standing', standing: me.value.standing });
    }
  }, [me]);

  return { stage, problem, join, claim, leave };
}
