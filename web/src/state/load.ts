/** Something that is asked of the server for a page: loading, there, or failed with a way back. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Answer, Problem } from '../api/problem';

export type Loaded<T> =
  | { readonly type: 'loading' }
  | { readonly type: 'ready'; readonly value: T }
  | { readonly type: 'failed'; readonly problem: Problem };

export interface Load<T> {
  readonly now: Loaded<T>;
  /** Asks again; what is there stays until the answer has come. */
  readonly reload: () => Promise<Answer<T>>;
  /** Puts in what another request answered. */
  readonly set: (value: T) => void;
}

const LOADING = { type: 'loading' } as const;

/** Asks when the page is shown and whenever `name`, which says what is asked for, changes. */
export function useLoad<T>(name: string, ask: () => Promise<Answer<T>>): Load<T> {
  const [now, put] = useState<Loaded<T>>(LOADING);
  const latest = useRef({ name, ask });
  latest.current = { name, ask };
  const reload = useCallback(async () => {
    const asked = latest.current;
    const answer = await asked.ask();
    // The page may be about something else by now.
    if (latest.current.name !== asked.name) return answer;
    if (answer.ok) put({ type: 'ready', value: answer.value });
    else put((old) => (old.type === 'ready' ? old : { type: 'failed', problem: answer.problem }));
    return answer;
  }, []);
  useEffect(() => {
    put(LOADING);
    void reload();
  }, [name, reload]);
  const set = useCallback((value: T) => put({ type: 'ready', value }), []);
  return { now, reload, set };
}
