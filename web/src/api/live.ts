/**
 * The live connection of one event: a socket that comes back by itself.
 *
 * It moves bytes and wakes timers; what frames mean is decided in `model/live.ts`. Start reading at
 * {@link openLive}. A hidden page is throttled to a timer a minute, so nothing here counts timers:
 * every decision compares times of a clock that does not jump.
 */
import { batch, signal, type ReadonlySignal } from '@preact/signals';
import { NUDGE_MS_MAX, STABLE_MS, retryDelayMs } from '../model/backoff';
import {
  UNKNOWN_CLOCK,
  doubted,
  hinted,
  sampled,
  serverTime,
  type ClockState,
} from '../model/clock';
import { MalformedFrame, decodeServerFrame, encodeClientFrame } from '../model/frames';
import type { ClientFrame, RoomFrame, ServerFrame } from '../model/frames';
import { INITIAL_LIVE, reduceLive } from '../model/live';
import type { Connection, LiveAction, LiveEffect, LiveState } from '../model/live';
import { browserEnv, type LiveEnv, type LiveSocket } from './live-env';

/** Two and a half of the server's intervals, as the server does it. */
const SILENCE_MS_MAX = 62_500;
/** The server's own pings are invisible to a page, so it sends some of its own. */
const PING_EVERY_MS = 25_000;
/** Pings at the start: the best of them sets the clock. */
const FIRST_PINGS = 5;
/** A socket that slept with its device is asked whether it lives, and has this long to answer. */
const PROBE_MS = 5_000;

export interface LiveHandlers {
  /**
   * Called before every try to connect, which waits for it: renews the session, as the server
   * looks at it when a socket is opened and never again. Must not reject.
   */
  beforeConnect?(): Promise<void>;
  /** Something of the fan's own changed: ask for it. */
  onYours(seq: number): void;
}

export interface Live {
  readonly connection: ReadonlySignal<Connection>;
  /** A `PlaceState` for each place; empty until the first snapshot. */
  readonly states: ReadonlySignal<Uint8Array>;
  /** Grows whenever `states` changes. */
  readonly version: ReadonlySignal<number>;
  readonly room: ReadonlySignal<RoomFrame | null>;
  readonly clock: ReadonlySignal<ClockState>;
  /** The server's clock now, in milliseconds since 1970. */
  serverNow(): number;
  /** Tries at once, for a button beside "reconnecting in 20 s". */
  retryNow(): void;
  close(): void;
}

/** Follows an event until it is closed. */
export function openLive(
  event: string,
  handlers: LiveHandlers,
  env: LiveEnv = browserEnv(),
): Live {
  return new LiveConnection(`/api/v1/events/${encodeURIComponent(event)}/live`, handlers, env);
}

type Timer = 'retry' | 'silence' | 'ping' | 'probe';

class LiveConnection implements Live {
  readonly connection = signal<Connection>(INITIAL_LIVE.connection);
  readonly states = signal(INITIAL_LIVE.states);
  readonly version = signal(0);
  readonly room = signal<RoomFrame | null>(null);
  readonly clock = signal(UNKNOWN_CLOCK);

  readonly #path: string;
  readonly #handlers: LiveHandlers;
  readonly #env: LiveEnv;
  readonly #endPage: () => void;
  readonly #timers = new Map<Timer, () => void>();
  /** When each ping that is not answered yet was sent, by its echo. */
  readonly #pings = new Map<number, number>();
  #state: LiveState = INITIAL_LIVE;
  #socket: LiveSocket | null = null;
  #attempt = 0;
  #liveSinceMs = Infinity;
  #heardMs = 0;
  #echo = 0;
  #pingsLeft = 0;
  #closed = false;
  /** Counts tries to connect; what belongs to an earlier one has no say any more. */
  #try = 0;

  constructor(path: string, handlers: LiveHandlers, env: LiveEnv) {
    this.#path = path;
    this.#handlers = handlers;
    this.#env = env;
    this.#endPage = env.onPage((moment) => {
      if (moment === 'left') this.#suspend();
      else this.#wake();
    });
    this.#connect();
  }

  serverNow(): number {
    return serverTime(this.clock.peek(), this.#env.time.now());
  }

  retryNow(): void {
    if (this.#state.connection.type === 'retrying') this.#connect();
  }

  close(): void {
    this.#closed = true;
    this.#endPage();
    this.#drop();
  }

  #connect(): void {
    this.#drop();
    this.#act({ type: 'connection', connection: { type: 'connecting' } });
    this.#heardMs = this.#env.time.now();
    this.#watchSilence();
    const ready = this.#handlers.beforeConnect?.();
    if (ready === undefined) {
      this.#open();
      return;
    }
    const mine = this.#try;
    void ready.then(() => {
      if (mine === this.#try) this.#open();
    });
  }

  #open(): void {
    const socket = this.#env.open(this.#path);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => {
      this.#resume();
      this.#pingsLeft = FIRST_PINGS;
      this.#ping();
    };
    socket.onmessage = (message: MessageEvent<unknown>) => this.#hear(message.data);
    socket.onclose = () => this.#lost();
  }

  /** Forgets the socket and everything that belongs to it. */
  #drop(): void {
    this.#try += 1;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#pings.clear();
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #lost(): void {
    this.#drop();
    if (this.#closed) return;
    const now = this.#env.time.now();
    if (now - this.#liveSinceMs >= STABLE_MS) this.#attempt = 0;
    this.#liveSinceMs = Infinity;
    const delay = retryDelayMs(this.#attempt, this.#env.random());
    this.#attempt += 1;
    this.#retryAfter(delay);
  }

  #retryAfter(delayMs: number): void {
    const atMs = this.#env.time.now() + delayMs;
    this.#act({ type: 'connection', connection: { type: 'retrying', atMs } });
    this.#start('retry', delayMs, () => this.#connect());
  }

  #suspend(): void {
    const { type } = this.#state.connection;
    if (this.#closed || type === 'outdated') return;
    this.#drop();
    this.#liveSinceMs = Infinity;
    this.#act({ type: 'connection', connection: { type: 'suspended' } });
  }

  #wake(): void {
    const { connection } = this.#state;
    const now = this.#env.time.now();
    switch (connection.type) {
      case 'outdated':
        return;
      case 'suspended':
        this.#retryAfter(this.#env.random() * NUDGE_MS_MAX);
        return;
      case 'retrying': {
        const delay = this.#env.random() * NUDGE_MS_MAX;
        if (now + delay < connection.atMs) this.#retryAfter(delay);
        return;
      }
      case 'connecting':
      case 'live':
        this.clock.value = doubted(this.clock.peek());
        if (now - this.#heardMs >= SILENCE_MS_MAX) this.#lost();
        else if (connection.type === 'live') this.#probe(now);
        return;
      default:
        connection satisfies never;
    }
  }

  #probe(nowMs: number): void {
    this.#pingsLeft = FIRST_PINGS;
    this.#ping();
    this.#start('probe', PROBE_MS, () => {
      if (this.#heardMs < nowMs) this.#lost();
    });
  }

  #watchSilence(): void {
    const left = this.#heardMs + SILENCE_MS_MAX - this.#env.time.now();
    if (left <= 0) this.#lost();
    else this.#start('silence', left, () => this.#watchSilence());
  }

  #ping(): void {
    this.#pingsLeft -= 1;
    this.#echo += 1;
    this.#pings.set(this.#echo, this.#env.time.now());
    this.#send({ type: 'ping', echo: this.#echo });
    this.#start('ping', PING_EVERY_MS, () => this.#ping());
  }

  #resume(): void {
    this.#send({ type: 'resume', epoch: this.#state.epoch, seq: this.#state.seq });
  }

  #send(frame: ClientFrame): void {
    this.#socket?.send(encodeClientFrame(frame));
  }

  #hear(data: unknown): void {
    this.#heardMs = this.#env.time.now();
    const frame = read(data);
    if (frame === null) return;
    if (frame === 'malformed') {
      this.#lost();
      return;
    }
    if (frame.type === 'hello') {
      this.#liveSinceMs = this.#heardMs;
      this.clock.value = hinted(this.clock.peek(), frame.atMs, this.#heardMs);
    }
    this.#act({ type: 'frame', frame });
  }

  #act(action: LiveAction): void {
    const { state, effect } = reduceLive(this.#state, action);
    this.#state = state;
    batch(() => {
      this.connection.value = state.connection;
      this.states.value = state.states;
      this.version.value = state.version;
      this.room.value = state.room;
    });
    if (effect !== null) this.#carryOut(effect);
  }

  #carryOut(effect: LiveEffect): void {
    switch (effect.type) {
      case 'resync':
        this.#resume();
        break;
      case 'yours':
        this.#handlers.onYours(effect.seq);
        break;
      case 'pong':
        this.#answered(effect.echo, effect.atMs);
        break;
      case 'stop':
        this.#drop();
        break;
      default:
        effect satisfies never;
    }
  }

  #answered(echo: number, serverMs: number): void {
    const sentMs = this.#pings.get(echo);
    if (sentMs === undefined) return;
    this.#pings.delete(echo);
    const sample = { sentMs, serverMs, receivedMs: this.#heardMs };
    this.clock.value = sampled(this.clock.peek(), sample);
    // One after the other: together they would only wait for each other.
    if (this.#pingsLeft > 0) this.#ping();
  }

  #start(timer: Timer, ms: number, call: () => void): void {
    this.#timers.get(timer)?.();
    const cancel = this.#env.after(ms, () => {
      this.#timers.delete(timer);
      call();
    });
    this.#timers.set(timer, cancel);
  }
}

/** Null for what is to be skipped. */
function read(data: unknown): ServerFrame | 'malformed' | null {
  if (!(data instanceof ArrayBuffer)) return 'malformed';
  try {
    return decodeServerFrame(new Uint8Array(data));
  } catch (error) {
    if (error instanceof MalformedFrame) return 'malformed';
    throw error;
  }
}
