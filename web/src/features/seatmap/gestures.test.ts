import { describe, expect, it } from 'vitest';
import { listen, type GestureHandlers } from './gestures';

/** An element with a finger on it. */
class Pad {
  readonly element = document.createElement('div');
  readonly calls: unknown[][] = [];
  readonly ending = new AbortController();
  zoomable = true;
  #ms = 1_000;

  constructor() {
    this.element.setPointerCapture = () => undefined;
    const note =
      (name: string) =>
      (...args: unknown[]): void =>
        void this.calls.push([name, ...args]);
    const handlers: GestureHandlers = {
      pan: note('pan'),
      tap: note('tap'),
      doubleTap: note('doubleTap'),
      hover: note('hover'),
      fling: note('fling'),
      zoom: (...args) => {
        this.calls.push(['zoom', ...args]);
        return this.zoomable;
      },
    };
    listen(this.element, handlers, this.ending.signal);
  }

  wait(ms: number): this {
    this.#ms += ms;
    return this;
  }

  send(type: string, x: number, y: number, pointerId = 1, pointerType = 'touch'): this {
    const event = new PointerEvent(type, {
      pointerId,
      pointerType,
      clientX: x,
      clientY: y,
      button: 0,
    });
    Object.defineProperty(event, 'timeStamp', { value: this.#ms });
    this.element.dispatchEvent(event);
    return this;
  }

  take(): unknown[][] {
    return this.calls.splice(0);
  }
}

describe('one finger', () => {
  it('taps, even if it trembles', () => {
    const pad = new Pad().send('pointerdown', 10, 10).send('pointermove', 14, 12);
    pad.send('pointerup', 14, 12);
    expect(pad.take()).toEqual([['tap', { x: 14, y: 12 }, 'touch']]);
  });

  it('taps twice in quick succession, in one place', () => {
    const pad = new Pad();
    const tap = (x: number): Pad => pad.send('pointerdown', x, 10).send('pointerup', x, 10);
    tap(10);
    pad.wait(200);
    tap(15);
    expect(pad.take().map(([name]) => name)).toEqual(['tap', 'doubleTap']);
    pad.wait(200);
    tap(15);
    pad.wait(400);
    tap(15);
    pad.wait(100);
    tap(90);
    expect(pad.take().map(([name]) => name)).toEqual(['tap', 'tap', 'tap']);
  });

  it('drags, and lets go in motion or at rest', () => {
    const pad = new Pad().send('pointerdown', 0, 0).wait(10).send('pointermove', 20, 0);
    pad.wait(10).send('pointermove', 40, 10);
    expect(pad.take()).toEqual([
      ['hover', null],
      ['pan', 20, 0],
      ['pan', 20, 10],
    ]);
    pad.wait(10).send('pointerup', 40, 10);
    expect(pad.take()).toEqual([['fling', 2, 1]]);
    pad.send('pointerdown', 0, 0).wait(10).send('pointermove', 20, 0).wait(300);
    pad.take();
    pad.send('pointerup', 20, 0);
    expect(pad.take()).toEqual([]);
  });

  it('is forgotten when the browser takes it away', () => {
    const pad = new Pad().send('pointerdown', 0, 0).send('pointercancel', 0, 0);
    pad.send('pointermove', 90, 0).send('pointerup', 90, 0);
    expect(pad.take()).toEqual([]);
  });
});

describe('two fingers', () => {
  it('pinch around the point between them, and are no tap', () => {
    const pad = new Pad().send('pointerdown', 100, 100, 1).send('pointerdown', 200, 100, 2);
    pad.send('pointermove', 300, 100, 2);
    expect(pad.take()).toEqual([
      ['pan', 50, 0],
      ['zoom', 2, { x: 200, y: 100 }],
    ]);
    pad.send('pointerup', 100, 100, 1).wait(500).send('pointerup', 300, 100, 2);
    expect(pad.take().map(([name]) => name)).not.toContain('tap');
  });
});

describe('a mouse', () => {
  it('points, and leaves', () => {
    const pad = new Pad().send('pointermove', 5, 6, 1, 'mouse').send('pointerleave', 0, 0);
    expect(pad.take()).toEqual([
      ['hover', { x: 5, y: 6 }],
      ['hover', null],
    ]);
  });

  it('zooms with its wheel, and lets the page scroll at the end', () => {
    const pad = new Pad();
    const wheel = (deltaY: number): WheelEvent => {
      const event = new WheelEvent('wheel', { deltaY, cancelable: true });
      Object.assign(event, { clientX: 7, clientY: 8 });
      pad.element.dispatchEvent(event);
      return event;
    };
    expect(wheel(-100).defaultPrevented).toBe(true);
    const [[, factor, at] = []] = pad.take();
    expect(factor).toBeGreaterThan(1);
    expect(at).toEqual({ x: 7, y: 8 });
    pad.zoomable = false;
    expect(wheel(100).defaultPrevented).toBe(false);
  });
});

it('nothing is heard any more after the end', () => {
  const pad = new Pad();
  pad.ending.abort();
  pad.send('pointerdown', 1, 1).send('pointerup', 1, 1);
  expect(pad.take()).toEqual([]);
});
