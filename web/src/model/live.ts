/**
 * What a browser knows of a sale, as a pure reducer over frames.
 *
 * Every state shown on a seat map or in the waiting room comes from here. What the world has to do
 * about it (ask again, reload the page) is returned as {@link LiveEffect}s, never done here.
 */
import type { DeltaFrame, HelloFrame, RoomFrame, ServerFrame, SnapshotFrame } from './frames';
import { PROTOCOL_VERSION } from './frames';

export type Connection =
  /** On the way: nothing has been heard on this socket. */
  | { readonly type: 'connecting' }
  | { readonly type: 'live' }
  /** Lost; the next try is at this time of the time source. */
  | { readonly type: 'retrying'; readonly atMs: number }
  /** Given up on purpose, while the page is not shown. */
  | { readonly type: 'suspended' }
  /** The server speaks a newer protocol: only a reload of the page helps. */
  | { readonly type: 'outdated' };

export interface LiveState {
  readonly connection: Connection;
  /** The owner's fence and the last record that are in `states`; 0 if nothing is known. */
  readonly epoch: number;
  readonly seq: number;
  /** A `PlaceState` for each place; empty until the first snapshot. */
  readonly states: Uint8Array;
  /** Grows whenever `states` changes. */
  readonly version: number;
  readonly room: RoomFrame | null;
  /** Deltas that did not fit since a resume was asked for. */
  readonly missed: number;
}

export type LiveAction =
  | { readonly type: 'connection'; readonly connection: Connection }
  | { readonly type: 'frame'; readonly frame: ServerFrame };

export type LiveEffect =
  /** A frame is missing: send a resume with the state's epoch and seq. */
  | { readonly type: 'resync' }
  /** Something of the fan's own changed. */
  | { readonly type: 'yours'; readonly seq: number }
  | { readonly type: 'pong'; readonly echo: number; readonly atMs: number }
  /** The protocol is not ours: close and stay closed. */
  | { readonly type: 'stop' };

export interface LiveStep {
  readonly state: LiveState;
  readonly effect: LiveEffect | null;
}

/**
 * Deltas arrive ten times a second, so an answer to a resume is long there after this many. Then
 * it is asked for again rather than never.
 */
const MISSED_BEFORE_ASKING_AGAIN = 64;

export const INITIAL_LIVE: LiveState = {
  connection: { type: 'connecting' },
  epoch: 0,
  seq: 0,
  states: new Uint8Array(0),
  version: 0,
  room: null,
  missed: 0,
};

export function reduceLive(state: LiveState, action: LiveAction): LiveStep {
  switch (action.type) {
    case 'connection':
      // A new socket begins with a resume, so nothing is outstanding from the old one.
      return only({ ...state, connection: action.connection, missed: 0 });
    case 'frame':
      return reduceFrame(state, action.frame);
    default:
      return action satisfies never;
  }
}

function reduceFrame(state: LiveState, frame: ServerFrame): LiveStep {
  switch (frame.type) {
    case 'hello':
      return reduceHello(state, frame);
    case 'snapshot':
      return only(reduceSnapshot(state, frame));
    case 'delta':
      return reduceDelta(state, frame);
    case 'room':
      return only(reduceRoom(state, frame));
    case 'yours':
      return { state, effect: { type: 'yours', seq: frame.seq } };
    case 'pong':
      return { state, effect: { type: 'pong', echo: frame.echo, atMs: frame.atMs } };
    default:
      return frame satisfies never;
  }
}

/** What the server has is not what the browser has: epoch and seq wait for the states. */
function reduceHello(state: LiveState, frame: HelloFrame): LiveStep {
  if (frame.version !== PROTOCOL_VERSION) {
    return { state: { ...state, connection: { type: 'outdated' } }, effect: { type: 'stop' } };
  }
  return only({ ...state, connection: { type: 'live' } });
}

function reduceSnapshot(state: LiveState, frame: SnapshotFrame): LiveState {
  if (frame.epoch < state.epoch) return state;
  const { epoch, seq, states } = frame;
  return { ...state, epoch, seq, states, version: state.version + 1, missed: 0 };
}

function reduceDelta(state: LiveState, frame: DeltaFrame): LiveStep {
  const { epoch, before, after, changed } = frame;
  if (epoch < state.epoch) return only(state);
  if (epoch === state.epoch && after <= state.seq) return only(state);
  if (epoch !== state.epoch || before !== state.seq) return miss(state);
  const last = changed.at(-1);
  if (last !== undefined && last.place >= state.states.length) {
    // These are the states of another chart: nothing of them can be kept.
    return miss({ ...state, epoch: 0, seq: 0 });
  }
  if (changed.length === 0) return only({ ...state, seq: after, missed: 0 });
  // Copied, so that the reducer stays pure: 100 KB ten times a second costs nothing.
  const states = state.states.slice();
  for (const { place, state: next } of changed) states[place] = next;
  return only({ ...state, seq: after, states, version: state.version + 1, missed: 0 });
}

function miss(state: LiveState): LiveStep {
  const ask = state.missed % MISSED_BEFORE_ASKING_AGAIN === 0;
  const effect: LiveEffect | null = ask ? { type: 'resync' } : null;
  return { state: { ...state, missed: state.missed + 1 }, effect };
}

/** A room frame stands by itself: it needs no place of the ones before it. */
function reduceRoom(state: LiveState, frame: RoomFrame): LiveState {
  if (frame.epoch < state.epoch) return state;
  const { room } = state;
  if (room !== null && frame.epoch < room.epoch) return state;
  if (room !== null && frame.epoch === room.epoch && frame.seq < room.seq) return state;
  return { ...state, room: frame };
}

function only(state: LiveState): LiveStep {
  return { state, effect: null };
}
