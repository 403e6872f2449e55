/** Numbers on the wire: unsigned LEB128, below 2^53 so that a JavaScript number holds them. */

/** The bytes are not a frame of the protocol; the connection cannot be trusted any more. */
export class MalformedFrame extends Error {
  override readonly name = 'MalformedFrame';
}

/** Reads one message from front to back. */
export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new MalformedFrame('the frame ends early');
    this.#at += 1;
    return byte;
  }

  number(): number {
    let value = 0;
    // Not shifts: those are of 32 bits.
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw new MalformedFrame('a number is too large');
      if (byte < 0x80) return value;
      if (scale >= 2 ** 63) throw new MalformedFrame('a number is too long');
    }
  }

  /** Whether nothing is left. */
  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The next `count` bytes, not copied. */
  take(count: number): Uint8Array {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw new MalformedFrame('the frame ends early');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

/** Appends a number below 2^53 to `out`. */
export function putNumber(out: number[], number: number): void {
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`cannot write ${number}`);
  let rest = number;
  while (rest >= 0x80) {
    out.push(0x80 + (rest % 0x80));
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
}
