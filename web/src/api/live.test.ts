import { describe, expect, it } from 'vitest';
import { openLive, type Live } from './live';
import type { LiveEnv, LiveSocket, PageMoment } from './live-env';

class FakeSocket implements LiveSocket {
  binaryType: BinaryType = 'blob';
  onopen: LiveSocket['onopen'] = null;
  onmessage: LiveSocket['onmessage'] = null;
  onclose: LiveSocket['onclose'] = null;
  readonly sent: number[][] = [];
  closed = false;

  send(data: Parameters<LiveSocket['send']>[0]): void {
    this.sent.push(Array.from(data as Uint8Array));
  }

  close(): void {
    this.closed = true;
  }

  accept(): void {
    this.onopen?.call(this as unknown as WebSocket, new Event('open'));
  }

  say(...bytes: number[]): void {
    this.sayData(Uint8Array.from(bytes).buffer);
  }

  sayData(data: unknown): void {
    this.onmessage?.call(this as unknown as WebSocket, new MessageEvent('message', { data }));
  }

  /** Ends it from the other side. */
  break(): void {
    this.onclose?.call(this as unknown as WebSocket, new Event('close') as CloseEvent);
  }

  get pings(): number[][] {
    return this.sent.filter((bytes) => bytes[0] === 0x82);
  }

  get resumes(): number[][] {
    return this.sent.filter((bytes) => bytes[0] === 0x81);
  }
}

/** A browser whose time stands still unless it is told to pass. */
class World {
  nowMs = 1_000_000;
  luck = 0.5;
  readonly paths: string[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly yours: number[] = [];
  readonly live: Live;
  #timers: { atMs: number; call: () => void }[] = [];
  #page: ((moment: PageMoment) => void) | null = null;

  constructor(beforeConnect?: () => Promise<void>) {
    const env: LiveEnv = {
      time: { now: () => this.nowMs },
      open: (path) => {
        this.paths.push(path);
        const socket = new FakeSocket();
        this.sockets.push(socket);
        return socket;
      },
      after: (ms, call) => {
        const timer = { atMs: this.nowMs + ms, call };
        this.#timers.push(timer);
        return () => (this.#timers = this.#timers.filter((other) => other !== timer));
      },
      random: () => this.luck,
      onPage: (call) => {
        this.#page = call;
        return () => (this.#page = null);
      },
    };
    const handlers = { onYours: (seq: number): void => void this.yours.push(seq) };
    this.live = openLive('evt_1', beforeConnect ? { ...handlers, beforeConnect } : handlers, env);
  }

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  }

  get timers(): number {
    return this.#timers.length;
  }

  page(moment: PageMoment): void {
    this.#page?.(moment);
  }

  pass(ms: number): void {
    const end = this.nowMs + ms;
    for (;;) {
      const next = this.#timers.sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined || next.atMs > end) break;
      this.#timers.shift();
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.call();
    }
    this.nowMs = end;
  }

  /** Time passes and no timer fires. */
  sleep(ms: number): void {
    this.nowMs += ms;
  }

  connect(): FakeSocket {
    const { socket } = this;
    socket.accept();
    socket.say(...HELLO);
    return socket;
  }
}

/** Epoch 2, sequence 5, four places. */
const HELLO = [0x01, 1, 2, 5, 0x7f, 4];
const SNAPSHOT = [0x02, 2, 5, 4, 0b11_10_01_00];
const DELTA_5_6 = [0x03, 2, 5, 6, 1, (1 << 2) | 2];
const DELTA_7_8 = [0x03, 2, 7, 8, 1, (1 << 2) | 1];

function pongTo(ping: number[], serverMs: number): number[] {
  const out = [0x06, ...ping.slice(1)];
  for (let rest = serverMs; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...out, rest];
    out.push(128 + (rest % 128));
  }
}

describe('a live connection', () => {
  it('resumes from nothing first, and shows what it is told', () => {
    const world = new World();
    expect(world.paths).toEqual(['/api/v1/events/evt_1/live']);
    expect(world.socket.binaryType).toBe('arraybuffer');
    expect(world.live.connection.value).toEqual({ type: 'connecting' });
    const socket = world.connect();
    expect(socket.sent[0]).toEqual([0x81, 0, 0]);
    expect(world.live.connection.value).toEqual({ type: 'live' });
    socket.say(...SNAPSHOT);
    expect(Array.from(world.live.states.value)).toEqual([0, 1, 2, 3]);
    socket.say(...DELTA_5_6);
    expect(Array.from(world.live.states.value)).toEqual([2, 1, 2, 3]);
    expect(world.live.version.value).toBe(2);
    socket.say(0x05, 6);
    expect(world.yours).toEqual([6]);
  });

  it('asks again when a frame is missing', () => {
    const world = new World();
    const socket = world.connect();
    socket.say(...SNAPSHOT);
    socket.say(...DELTA_7_8);
    expect(socket.resumes).toEqual([
      [0x81, 0, 0],
      [0x81, 2, 5],
    ]);
  });

  it('comes back where it was', () => {
    const world = new World();
    world.connect().say(...SNAPSHOT);
    world.socket.break();
    expect(world.live.connection.value).toEqual({ type: 'retrying', atMs: 1_000_250 });
    expect(Array.from(world.live.states.value), 'what is known stays').toEqual([0, 1, 2, 3]);
    world.pass(250);
    expect(world.sockets).toHaveLength(2);
    world.socket.accept();
    expect(world.socket.sent[0]).toEqual([0x81, 2, 5]);
  });

  it('waits longer each time, until a connection has lasted', () => {
    const world = new World();
    const delays: number[] = [];
    const fail = (): void => {
      world.socket.break();
      const state = world.live.connection.value;
      if (state.type !== 'retrying') throw new Error(`it is ${state.type}`);
      delays.push(state.atMs - world.nowMs);
      world.pass(30_000);
    };
    for (let tries = 0; tries < 7; tries += 1) fail();
    world.connect();
    world.pass(9_000);
    fail();
    world.connect();
    world.pass(10_000);
    fail();
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 250]);
  });

  it('is dead after a silence, and not before', () => {
    const world = new World();
    const socket = world.connect();
    world.pass(62_000);
    socket.say(0x7f);
    world.pass(62_400);
    expect(socket.closed, 'even an unknown frame is a sign of life').toBe(false);
    world.pass(100);
    expect(socket.closed).toBe(true);
    expect(world.live.connection.value.type).toBe('retrying');
  });

  it('gives up on a socket that never opens', () => {
    const world = new World();
    world.pass(62_500);
    expect(world.sockets[0]?.closed).toBe(true);
    expect(world.live.connection.value.type).toBe('retrying');
  });

  it('starts again after bytes that are not a frame', () => {
    const world = new World();
    world.connect().say(0x03, 2);
    expect(world.live.connection.value.type).toBe('retrying');
    world.pass(1_000);
    world.connect().sayData('text');
    expect(world.live.connection.value.type).toBe('retrying');
  });

  it('stops for good when the protocol is not ours', () => {
    const world = new World();
    world.socket.accept();
    world.socket.say(0x01, 2, 2, 5, 0x7f, 4);
    expect(world.live.connection.value).toEqual({ type: 'outdated' });
    expect(world.socket.closed).toBe(true);
    world.page('left');
    world.page('back');
    world.pass(1_000_000);
    expect(world.sockets).toHaveLength(1);
  });

  it('leaves nothing behind when closed', () => {
    const world = new World();
    const socket = world.connect();
    world.live.close();
    expect(socket.closed).toBe(true);
    expect(world.timers).toBe(0);
    world.page('back');
    world.pass(1_000_000);
    expect(world.sockets).toHaveLength(1);
  });
});

describe('what comes before a connection', () => {
  it('is waited for, each time', async () => {
    let done: () => void = () => undefined;
    const world = new World(() => new Promise((resolve) => (done = resolve)));
    expect(world.sockets).toHaveLength(0);
    expect(world.live.connection.value).toEqual({ type: 'connecting' });
    done();
    await Promise.resolve();
    world.connect().break();
    world.pass(250);
    expect(world.sockets).toHaveLength(1);
    done();
    await Promise.resolve();
    expect(world.sockets).toHaveLength(2);
  });

  it('is ignored if it ends too late', async () => {
    let done: () => void = () => undefined;
    const world = new World(() => new Promise((resolve) => (done = resolve)));
    world.live.close();
    done();
    await Promise.resolve();
    expect(world.sockets).toHaveLength(0);
  });

  it('is given up when it takes too long', () => {
    const world = new World(() => new Promise(() => undefined));
    world.pass(62_500);
    expect(world.live.connection.value.type).toBe('retrying');
  });
});

describe('its page', () => {
  it('closes the socket when it is left and comes back with a nudge', () => {
    const world = new World();
    const socket = world.connect();
    world.page('left');
    expect(socket.closed).toBe(true);
    expect(world.live.connection.value).toEqual({ type: 'suspended' });
    expect(world.timers).toBe(0);
    world.sleep(3_600_000);
    world.page('back');
    world.pass(1_000);
    expect(world.sockets).toHaveLength(2);
  });

  it('tries sooner when it is shown again, never later', () => {
    const world = new World();
    world.luck = 1;
    for (let tries = 0; tries < 6; tries += 1) {
      world.socket.break();
      world.pass(30_000);
    }
    world.socket.break();
    expect(world.live.connection.value).toMatchObject({ atMs: world.nowMs + 30_000 });
    world.luck = 0.25;
    world.page('back');
    expect(world.live.connection.value).toMatchObject({ atMs: world.nowMs + 500 });
    world.luck = 1;
    world.page('back');
    expect(world.live.connection.value).toMatchObject({ atMs: world.nowMs + 500 });
    world.pass(500);
    expect(world.sockets).toHaveLength(8);
  });

  it('finds out at once that the socket did not survive a long sleep', () => {
    const world = new World();
    world.connect();
    world.sleep(70_000);
    world.page('back');
    expect(world.live.connection.value.type).toBe('retrying');
  });

  it('asks a socket that slept a little whether it lives', () => {
    const world = new World();
    const socket = world.connect();
    world.sleep(40_000);
    world.page('back');
    world.pass(4_000);
    const ping = socket.pings.at(-1) ?? [];
    socket.say(...pongTo(ping, 5_000));
    world.pass(4_000);
    expect(socket.closed).toBe(false);
    world.page('back');
    world.pass(5_000);
    expect(socket.closed, 'no answer').toBe(true);
  });

  it('may ask to try at once', () => {
    const world = new World();
    world.socket.break();
    world.live.retryNow();
    expect(world.sockets).toHaveLength(2);
    world.live.retryNow();
    expect(world.sockets).toHaveLength(2);
  });
});

describe('its pings', () => {
  it('are five at the start, each after the answer to the one before, then one in 25 s', () => {
    const world = new World();
    const socket = world.connect();
    for (let round = 1; round <= 5; round += 1) {
      expect(socket.pings).toHaveLength(round);
      world.pass(20);
      socket.say(...pongTo(socket.pings.at(-1) ?? [], world.nowMs + 700));
    }
    expect(socket.pings).toHaveLength(5);
    world.pass(24_979);
    expect(socket.pings).toHaveLength(5);
    world.pass(1);
    expect(socket.pings).toHaveLength(6);
  });

  it('set the clock', () => {
    const world = new World();
    const socket = world.connect();
    expect(world.live.serverNow(), 'by the hello at first').toBe(0x7f);
    world.pass(40);
    socket.say(...pongTo(socket.pings.at(-1) ?? [], world.nowMs + 7_000 - 20));
    expect(world.live.clock.value).toMatchObject({ offsetMs: 7_000, errorMs: 20 });
    expect(world.live.serverNow()).toBe(world.nowMs + 7_000);
  });

  it('are not confused by answers that nobody asked for', () => {
    const world = new World();
    const socket = world.connect();
    socket.say(0x06, 0x55, 0x01);
    expect(world.live.clock.value.errorMs).toBe(Infinity);
  });
});
