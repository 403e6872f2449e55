import { describe, expect, it } from 'vitest';
import golden from '../../../engine/tests/golden/frames.json';
import { MalformedFrame, decodeServerFrame, encodeClientFrame } from './frames';
import type { ClientFrame, ServerFrame } from './frames';
import { marksAhead } from './line';
import { Reader, putNumber } from './varint';

type Golden = (typeof golden.server)[number];

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A frame with the names and shapes of the golden file. */
function asGolden(frame: ServerFrame | null, hex: string): unknown {
  if (frame === null) return null;
  switch (frame.type) {
    case 'snapshot':
      return { ...frame, hex, states: Array.from(frame.states) };
    case 'delta':
      return { ...frame, hex, changed: frame.changed.map(({ place, state }) => [place, state]) };
    case 'room': {
      const { atMs: at, nextNumber: next_number, perMinute: per_minute, ...rest } = frame;
      return { ...rest, hex, at, next_number, per_minute };
    }
    case 'hello':
    case 'pong': {
      const { atMs: at, ...rest } = frame;
      return { ...rest, hex, at };
    }
    case 'yours':
      return { ...frame, hex };
    default:
      return frame satisfies never;
  }
}

const vectors: [string, Golden][] = golden.server.map((vector) => [vector.hex, vector]);
const telling: [string, Golden][] = golden.telling_rooms.map((vector) => [vector.hex, vector]);
/** A room without rate and notice ends before them: what is appended to it would be those. */
const whole = [...vectors.filter(([, vector]) => vector.type !== 'room'), ...telling];

describe('server frames', () => {
  it.each([...vectors, ...telling])('reads %s as the engine wrote it', (hex, vector) => {
    expect(asGolden(decodeServerFrame(bytesOf(hex)), hex)).toEqual(vector);
  });

  it.each(vectors)('refuses %s cut off at any byte', (hex) => {
    const bytes = bytesOf(hex);
    for (let end = 0; end < bytes.length; end += 1) {
      expect(() => decodeServerFrame(bytes.subarray(0, end)), `cut at ${end}`).toThrow(
        MalformedFrame,
      );
    }
  });

  it.each(telling)('refuses %s cut off, but before its rate and notice', (hex, { marks }) => {
    const bytes = bytesOf(hex);
    const read: (ServerFrame | null)[] = [];
    for (let end = 0; end < bytes.length; end += 1) {
      try {
        read.push(decodeServerFrame(bytes.subarray(0, end)));
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedFrame);
      }
    }
    expect(read).toMatchObject([{ marks, perMinute: 0, notice: '' }]);
  });

  it.each(whole)('ignores what a later version appends to %s', (hex, vector) => {
    const frame = decodeServerFrame(bytesOf(`${hex}00ff80`));
    expect(asGolden(frame, hex)).toEqual(vector);
  });

  it('covers every type of frame', () => {
    const types = new Set(golden.server.map((vector) => vector.type));
    expect([...types].sort()).toEqual(['delta', 'hello', 'pong', 'room', 'snapshot', 'yours']);
  });

  it('skips a type that it does not know', () => {
    expect(decodeServerFrame(Uint8Array.of(0x07, 0xff))).toBeNull();
    expect(decodeServerFrame(Uint8Array.of(0x81, 0, 0))).toBeNull();
  });

  it.each([
    ['a place that comes twice', '0302000102' + '0400'],
    ['an unknown status', '0403f0a20400' + '03' + '00000000'],
    ['more places than bytes', '0201ac02' + 'ffffffff0f' + '00'],
    ['a number of 2^53', '05' + '80'.repeat(7) + '10'],
    ['a number of eleven bytes', '05' + '80'.repeat(10) + '00'],
  ])('refuses %s', (_, hex) => {
    expect(() => decodeServerFrame(bytesOf(hex))).toThrow(MalformedFrame);
  });
});

describe('client frames', () => {
  it.each(golden.client)('writes $type as $hex', (vector) => {
    const { epoch = NaN, seq = NaN, echo = NaN } = vector;
    const frame: ClientFrame =
      vector.type === 'resume' ? { type: 'resume', epoch, seq } : { type: 'ping', echo };
    expect(hexOf(encodeClientFrame(frame))).toBe(vector.hex);
  });

  it('refuses numbers that the wire cannot carry', () => {
    for (const echo of [-1, 0.5, 2 ** 53, NaN]) {
      expect(() => encodeClientFrame({ type: 'ping', echo })).toThrow(RangeError);
    }
  });
});

describe('numbers', () => {
  it('come back as they were written, at every length', () => {
    for (let bits = 0; bits <= 53; bits += 1) {
      for (const number of [2 ** bits - 1, 2 ** bits, 2 ** bits + 1]) {
        if (!Number.isSafeInteger(number)) continue;
        const out: number[] = [];
        putNumber(out, number);
        expect(new Reader(Uint8Array.from(out)).number()).toBe(number);
      }
    }
  });
});

describe('marks', () => {
  it('stand where the engine puts them', () => {
    expect(marksAhead(golden.marks.length).slice(0, golden.marks.length)).toEqual(golden.marks);
  });
});
