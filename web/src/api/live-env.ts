/** The world around a live connection: sockets, timers, the page. Replaced in tests. */
import { MONOTONIC, type TimeSource } from '../model/clock';

/** What of a WebSocket is used. */
export type LiveSocket = Pick<
  WebSocket,
  'binaryType' | 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose'
>;

/** What a page tells about itself. */
export type PageMoment =
  /** Shown again, online again, or restored from the back-forward cache. */
  | 'back'
  /** Left, perhaps to be restored: an open socket would prevent that. */
  | 'left';

/** The world outside, replaceable in tests. */
export interface LiveEnv {
  readonly time: TimeSource;
  open(path: string): LiveSocket;
  /** Calls once after a while; the answer cancels that. */
  after(ms: number, call: () => void): () => void;
  /** From 0 to 1. */
  random(): number;
  /** The answer ends it. */
  onPage(call: (moment: PageMoment) => void): () => void;
}

/** The browser's. */
export function browserEnv(): LiveEnv {
  return {
    time: MONOTONIC,
    open: (path) => new WebSocket(new URL(path, location.href.replace(/^http/, 'ws'))),
    after: (ms, call) => {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
    random: Math.random,
    onPage: (call) => {
      const ending = new AbortController();
      const { signal } = ending;
      const back = (): void => {
        if (document.visibilityState === 'visible') call('back');
      };
      document.addEventListener('visibilitychange', back, { signal });
      addEventListener('online', back, { signal });
      addEventListener('pageshow', back, { signal });
      addEventListener('pagehide', () => call('left'), { signal });
      return () => ending.abort();
    },
  };
}
