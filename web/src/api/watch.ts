/**
 * The socket of a page that watches: it only listens, and comes back by itself.
 *
 * Before every try the session is asked for, which renews it if need be: the server looks at it when
 * a socket is opened, and ends the socket when it would be over.
 */
import { STABLE_MS, retryDelayMs } from '../model/backoff';
import { answer, api } from './client';
import type { Problem } from './problem';

export type WatchState = 'connecting' | 'live' | 'lost';

export interface Watcher {
  readonly onText: (data: unknown) => void;
  readonly onState: (state: WatchState) => void;
  /** The session is over, or does not allow it: there is no use in trying again. */
  readonly onRefused: (problem: Problem) => void;
}

/** Watches until the answer is called. */
export function watch(path: string, watcher: Watcher): () => void {
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  let attempt = 0;

  async function connect(): Promise<void> {
    watcher.onState('connecting');
    const session = await answer(api.GET('/api/v1/session'));
    if (ended) return;
    if (session.ok) open();
    else if (session.problem.status === 401) watcher.onRefused(session.problem);
    else later();
  }

  function open(): void {
    const openedAt = performance.now();
    socket = new WebSocket(path);
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      watcher.onState('live');
      watcher.onText(data);
    };
    socket.onclose = () => {
      if (performance.now() - openedAt >= STABLE_MS) attempt = 0;
      later();
    };
  }

  function later(): void {
    socket = null;
    if (ended) return;
    watcher.onState('lost');
    timer = setTimeout(() => void connect(), retryDelayMs(attempt, Math.random()));
    attempt += 1;
  }

  void connect();
  return () => {
    ended = true;
    clearTimeout(timer);
    if (socket === null) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
  };
}
