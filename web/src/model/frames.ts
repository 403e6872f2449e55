/**
 * The live frames between server and browser; engine/src/feed/PROTOCOL.md has them byte by byte.
 *
 * Start reading at {@link decodeServerFrame}. Nothing here knows a socket.
 */
import { MalformedFrame, Reader, putNumber } from './varint';

export { MalformedFrame } from './varint';

/** The version that {@link HelloFrame} announces and this module reads. */
export const PROTOCOL_VERSION = 1;

export const FREE = 0;
export const HELD = 1;
export const SOLD = 2;
export const NOT_FOR_SALE = 3;

/** What everybody may know of a place. */
export type PlaceState = typeof FREE | typeof HELD | typeof SOLD | typeof NOT_FOR_SALE;

export type SaleStatus = 'open' | 'paused' | 'closed';

const STATUSES: readonly SaleStatus[] = ['open', 'paused', 'closed'];

const HELLO = 0x01;
const SNAPSHOT = 0x02;
const DELTA = 0x03;
const ROOM = 0x04;
const YOURS = 0x05;
const PONG = 0x06;
const RESUME = 0x81;
const PING = 0x82;

/** The first frame on a socket. */
export interface HelloFrame {
  readonly type: 'hello';
  readonly version: number;
  readonly epoch: number;
  readonly seq: number;
  readonly atMs: number;
  readonly places: number;
}

/** Every place's state. */
export interface SnapshotFrame {
  readonly type: 'snapshot';
  readonly epoch: number;
  readonly seq: number;
  /** A {@link PlaceState} for each place. */
  readonly states: Uint8Array;
}

export interface PlaceChange {
  readonly place: number;
  readonly state: PlaceState;
}

/** What changed between two sequences; ascends by place and has each once. */
export interface DeltaFrame {
  readonly type: 'delta';
  readonly epoch: number;
  readonly before: number;
  readonly after: number;
  readonly changed: readonly PlaceChange[];
}

/** The state of the waiting room, the same for everybody. */
export interface RoomFrame {
  readonly type: 'room';
  readonly epoch: number;
  readonly seq: number;
  readonly atMs: number;
  readonly status: SaleStatus;
  /** Fans called or admitted. */
  readonly inside: number;
  /** Fans in line. */
  readonly waiting: number;
  /** The number that the next fan to join gets. */
  readonly nextNumber: number;
  /** Numbers of fans with a known count of others before them, see `line.ts`. */
  readonly marks: readonly number[];
  /** Fans called in a minute at most; 0 if any number. */
  readonly perMinute: number;
  /** What operators tell those in line, or nothing. */
  readonly notice: string;
}

/** Something of the receiver's own changed: ask for it. */
export interface YoursFrame {
  readonly type: 'yours';
  readonly seq: number;
}

/** The answer to a ping. */
export interface PongFrame {
  readonly type: 'pong';
  readonly echo: number;
  readonly atMs: number;
}

export type ServerFrame =
  | HelloFrame
  | SnapshotFrame
  | DeltaFrame
  | RoomFrame
  | YoursFrame
  | PongFrame;

export type ClientFrame =
  | { readonly type: 'resume'; readonly epoch: number; readonly seq: number }
  | { readonly type: 'ping'; readonly echo: number };

/**
 * Reads a server's frame; null if its type is unknown and it is to be skipped. Bytes after the
 * known ones are ignored. Throws {@link MalformedFrame} if the bytes end early or make no sense.
 */
export function decodeServerFrame(bytes: Uint8Array): ServerFrame | null {
  const reader = new Reader(bytes);
  switch (reader.byte()) {
    case HELLO:
      return {
        type: 'hello',
        version: reader.number(),
        epoch: reader.number(),
        seq: reader.number(),
        atMs: reader.number(),
        places: reader.number(),
      };
    case SNAPSHOT:
      return decodeSnapshot(reader);
    case DELTA:
      return decodeDelta(reader);
    case ROOM:
      return decodeRoom(reader);
    case YOURS:
      return { type: 'yours', seq: reader.number() };
    case PONG:
      return { type: 'pong', echo: reader.number(), atMs: reader.number() };
    default:
      return null;
  }
}

/** The bytes of a browser's frame. */
export function encodeClientFrame(frame: ClientFrame): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  switch (frame.type) {
    case 'resume':
      out.push(RESUME);
      putNumber(out, frame.epoch);
      putNumber(out, frame.seq);
      break;
    case 'ping':
      out.push(PING);
      putNumber(out, frame.echo);
      break;
    default:
      frame satisfies never;
  }
  return Uint8Array.from(out);
}

function decodeSnapshot(reader: Reader): SnapshotFrame {
  const epoch = reader.number();
  const seq = reader.number();
  const places = reader.number();
  // Taken before the states are allocated: a length that lies must not cost memory.
  const packed = reader.take(Math.ceil(places / 4));
  const states = new Uint8Array(places);
  for (let place = 0; place < places; place += 1) {
    states[place] = ((packed[place >> 2] ?? 0) >> (2 * (place & 3))) & 3;
  }
  return { type: 'snapshot', epoch, seq, states };
}

function decodeDelta(reader: Reader): DeltaFrame {
  const epoch = reader.number();
  const before = reader.number();
  const after = reader.number();
  const count = reader.number();
  const changed: PlaceChange[] = [];
  let place = -1;
  for (let index = 0; index < count; index += 1) {
    const word = reader.number();
    const gap = Math.floor(word / 4);
    if (gap === 0) throw new MalformedFrame('a place comes twice');
    place += gap;
    if (place > 0xffff_ffff) throw new MalformedFrame('no chart has that place');
    changed.push({ place, state: (word % 4) as PlaceState });
  }
  return { type: 'delta', epoch, before, after, changed };
}

function decodeRoom(reader: Reader): RoomFrame {
  const epoch = reader.number();
  const seq = reader.number();
  const atMs = reader.number();
  const status = STATUSES[reader.number()];
  if (status === undefined) throw new MalformedFrame('an unknown status of the sale');
  const inside = reader.number();
  const waiting = reader.number();
  const nextNumber = reader.number();
  const count = reader.number();
  const marks: number[] = [];
  let mark = 0;
  for (let index = 0; index < count; index += 1) {
    mark += reader.number();
    if (mark > Number.MAX_SAFE_INTEGER) throw new MalformedFrame('a mark is too large');
    marks.push(mark);
  }
  // A frame without both ends here.
  const plain = reader.done;
  const perMinute = plain ? 0 : reader.number();
  const notice = plain ? '' : new TextDecoder().decode(reader.take(reader.number()));
  return {
    type: 'room',
    epoch,
    seq,
    atMs,
    status,
    inside,
    waiting,
    nextNumber,
    marks,
    perMinute,
    notice,
  };
}
