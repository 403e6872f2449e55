import { describe, expect, it } from 'vitest';
import type { DeltaFrame, PlaceState, ServerFrame } from './frames';
import { INITIAL_LIVE, reduceLive, type LiveEffect, type LiveState } from './live';
import { below, roomOf, seeded } from './testing';

function frame(state: LiveState, next: ServerFrame): ReturnType<typeof reduceLive> {
  return reduceLive(state, { type: 'frame', frame: next });
}

function delta(epoch: number, before: number, after: number, place = 0, next = 1): DeltaFrame {
  return {
    type: 'delta',
    epoch,
    before,
    after,
    changed: [{ place, state: next as PlaceState }],
  };
}

const KNOWN: LiveState = {
  ...INITIAL_LIVE,
  connection: { type: 'live' },
  epoch: 5,
  seq: 10,
  states: Uint8Array.of(0, 0, 0, 0),
  version: 1,
};

describe('deltas', () => {
  it('apply if epoch and sequence fit', () => {
    const { state, effect } = frame(KNOWN, delta(5, 10, 12, 2, 2));
    expect(Array.from(state.states)).toEqual([0, 0, 2, 0]);
    expect([state.seq, state.version, effect]).toEqual([12, 2, null]);
    expect(Array.from(KNOWN.states), 'the old state is untouched').toEqual([0, 0, 0, 0]);
  });

  it('that touch no place move the sequence and draw nothing', () => {
    const { state } = frame(KNOWN, { ...delta(5, 10, 12), changed: [] });
    expect([state.seq, state.version]).toEqual([12, 1]);
    expect(state.states).toBe(KNOWN.states);
  });

  it('that are known already are dropped', () => {
    expect(frame(KNOWN, delta(5, 8, 10))).toEqual({ state: KNOWN, effect: null });
  });

  it('of a lower epoch are dropped', () => {
    expect(frame(KNOWN, delta(4, 10, 12))).toEqual({ state: KNOWN, effect: null });
  });

  it.each([
    ['after a gap', delta(5, 11, 12)],
    ['that overlap', delta(5, 9, 12)],
    ['of a new epoch', delta(6, 10, 12)],
  ])('%s ask for a resync', (_, next) => {
    const { state, effect } = frame(KNOWN, next);
    expect(effect).toEqual({ type: 'resync' });
    expect(state.states).toBe(KNOWN.states);
    expect([state.epoch, state.seq]).toEqual([5, 10]);
  });

  it('of a place that the chart does not have ask for everything', () => {
    const { state, effect } = frame(KNOWN, delta(5, 10, 12, 4));
    expect(effect).toEqual({ type: 'resync' });
    expect([state.epoch, state.seq]).toEqual([0, 0]);
  });

  it('ask once while the answer is under way, and again after a long while', () => {
    let state = KNOWN;
    const effects: (LiveEffect | null)[] = [];
    for (let seq = 11; seq < 11 + 65; seq += 1) {
      const step = frame(state, delta(5, seq, seq + 1));
      state = step.state;
      effects.push(step.effect);
    }
    expect(effects.filter((effect) => effect !== null)).toHaveLength(2);
    expect(effects[64]).toEqual({ type: 'resync' });
  });
});

describe('snapshots', () => {
  const states = Uint8Array.of(3, 3);

  it('replace everything', () => {
    const { state } = frame(KNOWN, { type: 'snapshot', epoch: 6, seq: 2, states });
    expect(state).toMatchObject({ epoch: 6, seq: 2, states, version: 2, missed: 0 });
  });

  it('of a lower epoch are dropped', () => {
    const stale: ServerFrame = { type: 'snapshot', epoch: 4, seq: 99, states };
    expect(frame(KNOWN, stale).state).toBe(KNOWN);
  });
});

describe('rooms', () => {
  const room = roomOf([1, 2], 3, { epoch: 5, seq: 11 });

  it('replace the one before, but not a later one', () => {
    const first = frame(KNOWN, room).state;
    expect(first.room).toBe(room);
    expect(frame(first, { ...room, seq: 9 }).state.room).toBe(room);
    expect(frame(first, { ...room, epoch: 4, seq: 99 }).state.room).toBe(room);
    const later = { ...room, epoch: 6, seq: 1 };
    expect(frame(first, later).state.room).toBe(later);
  });
});

describe('the connection', () => {
  it('is live once the server says hello, which says nothing of the places', () => {
    const hello: ServerFrame = {
      type: 'hello',
      version: 1,
      epoch: 6,
      seq: 40,
      atMs: 1,
      places: 4,
    };
    const { state, effect } = frame({ ...KNOWN, connection: { type: 'connecting' } }, hello);
    expect(state).toEqual(KNOWN);
    expect(effect).toBeNull();
    const newer = frame(KNOWN, { ...hello, version: 2 });
    expect(newer.state.connection).toEqual({ type: 'outdated' });
    expect(newer.effect).toEqual({ type: 'stop' });
  });

  it('passes on what is for the fan and the clock', () => {
    expect(frame(KNOWN, { type: 'yours', seq: 3 }).effect).toEqual({ type: 'yours', seq: 3 });
    const pong: ServerFrame = { type: 'pong', echo: 3, atMs: 7 };
    expect(frame(KNOWN, pong).effect).toEqual(pong);
  });
});

/** A server with a history; owners come and go. */
class Server {
  epoch = 1;
  seq = 1;
  readonly states = new Uint8Array(40);
  readonly ring: DeltaFrame[] = [];

  change(random: () => number): DeltaFrame {
    const changed = [];
    for (let place = 0; place < this.states.length; place += 1) {
      if (random() > 0.1) continue;
      const state = below(random, 4) as PlaceState;
      this.states[place] = state;
      changed.push({ place, state });
    }
    const before = this.seq;
    this.seq += 1 + below(random, 3);
    const made: DeltaFrame = { type: 'delta', epoch: this.epoch, before, after: this.seq, changed };
    this.ring.push(made);
    if (this.ring.length > 6) this.ring.shift();
    return made;
  }

  takeOver(): void {
    this.epoch += 1;
    this.ring.length = 0;
  }

  snapshot(): ServerFrame {
    const states = this.states.slice();
    return { type: 'snapshot', epoch: this.epoch, seq: this.seq, states };
  }

  resume(epoch: number, seq: number): ServerFrame[] {
    if (epoch === this.epoch && seq === this.seq) return [];
    const known = this.ring.findIndex((kept) => kept.before === seq);
    return epoch === this.epoch && known >= 0 ? this.ring.slice(known) : [this.snapshot()];
  }
}

describe('any history', () => {
  it.each(Array.from({ length: 300 }, (_, seed) => seed))('converges with seed %i', (seed) => {
    const random = seeded(seed);
    const server = new Server();
    let state = INITIAL_LIVE;
    let wire: ServerFrame[] = server.resume(0, 0);
    const history = new Map<string, string>();
    const change = (): void => {
      wire.push(server.change(random));
      history.set(`${server.epoch}/${server.seq}`, String(server.states));
    };
    history.set('0/0', '').set('1/1', String(server.states));
    const deliver = (next: ServerFrame): void => {
      const step = frame(state, next);
      state = step.state;
      expect(String(state.states), 'never a mixture').toBe(
        history.get(`${state.epoch}/${state.seq}`),
      );
      if (step.effect?.type === 'resync') wire.push(...server.resume(state.epoch, state.seq));
    };
    for (let step = 0; step < 200; step += 1) {
      const luck = random();
      if (luck < 0.5) change();
      else if (luck < 0.53) {
        server.takeOver();
        history.set(`${server.epoch}/${server.seq}`, String(server.states));
      } else if (luck < 0.57) {
        state = reduceLive(state, { type: 'connection', connection: { type: 'connecting' } }).state;
        wire = server.resume(state.epoch, state.seq);
      }
      const next = wire[0];
      if (next === undefined) continue;
      const fate = random();
      if (fate < 0.6) deliver(next);
      else if (fate < 0.7) wire.push(next);
      else if (fate < 0.75) continue;
      wire.shift();
    }
    // Then nothing more goes wrong. What was lost before is noticed with one of the next changes.
    for (let more = 0; more < 70; more += 1) {
      change();
      for (let next = wire.shift(); next !== undefined; next = wire.shift()) deliver(next);
    }
    expect(state).toMatchObject({ epoch: server.epoch, seq: server.seq });
    expect(Array.from(state.states)).toEqual(Array.from(server.states));
    expect(state.version).toBeGreaterThan(3);
  });
});
