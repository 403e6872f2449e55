/** Pointers and wheel on an element, as what the fan means by them. Nothing here knows a map. */
import { distance, type Point } from './geometry';

export type PointerKind = 'mouse' | 'touch';

export interface GestureHandlers {
  pan(dx: number, dy: number): void;
  /** Zooms by a factor around a point; false if that is not possible any further. */
  zoom(factor: number, at: Point): boolean;
  tap(at: Point, kind: PointerKind): void;
  /** The second of two quick taps; the first one was a tap as well. */
  doubleTap(at: Point, kind: PointerKind): void;
  /** Where a mouse rests; null when it has left. */
  hover(at: Point | null): void;
  /** Let go while moving, in pixels per millisecond. */
  fling(vx: number, vy: number): void;
}

/** Less than this is a trembling hand. */
const SLACK_PX: Readonly<Record<PointerKind, number>> = { mouse: 4, touch: 10 };
const DOUBLE_TAP_MS = 300;
const DOUBLE_TAP_PX = 28;
/** Whoever rests longer than this before letting go does not fling. */
const FLING_MEMORY_MS = 60;
const WHEEL_LINE_PX = 16;
/** A notch of a mouse wheel, 100 pixels, zooms by a fifth. */
const WHEEL_ZOOM_PER_PX = 0.0018;
/** Trackpads report a pinch as a wheel with smaller steps. */
const PINCH_ZOOM_PER_PX = 0.01;

interface Trail {
  readonly kind: PointerKind;
  readonly start: Point;
  at: Point;
  ms: number;
  isDragged: boolean;
}

/** Listens until the signal is aborted. */
export function listen(element: HTMLElement, handlers: GestureHandlers, signal: AbortSignal): void {
  const gestures = new Gestures(element, handlers);
  const on = <K extends keyof HTMLElementEventMap>(
    type: K,
    call: (event: HTMLElementEventMap[K]) => void,
  ): void => element.addEventListener(type, call, { signal, passive: false });
  on('pointerdown', (event) => gestures.down(event));
  on('pointermove', (event) => gestures.move(event));
  on('pointerup', (event) => gestures.up(event));
  on('pointercancel', (event) => gestures.cancel(event));
  on('pointerleave', () => handlers.hover(null));
  on('wheel', (event) => gestures.wheel(event));
}

class Gestures {
  readonly #element: HTMLElement;
  readonly #handlers: GestureHandlers;
  readonly #trails = new Map<number, Trail>();
  #lastTap: { readonly at: Point; readonly ms: number } | null = null;
  /** How fast the last move was, in pixels per millisecond, and when. */
  #speed = { x: 0, y: 0, ms: 0 };

  constructor(element: HTMLElement, handlers: GestureHandlers) {
    this.#element = element;
    this.#handlers = handlers;
  }

  down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const kind = event.pointerType === 'mouse' ? 'mouse' : 'touch';
    const at = this.#at(event);
    // A second finger makes it a pinch: none of the two is a tap any more.
    const isDragged = this.#trails.size > 0;
    for (const trail of this.#trails.values()) trail.isDragged = true;
    this.#trails.set(event.pointerId, { kind, start: at, at, ms: event.timeStamp, isDragged });
    this.#element.setPointerCapture(event.pointerId);
  }

  move(event: PointerEvent): void {
    const at = this.#at(event);
    const trail = this.#trails.get(event.pointerId);
    if (trail === undefined) {
      if (event.pointerType === 'mouse') this.#handlers.hover(at);
      return;
    }
    const moved = distance(trail.start, at);
    if (!trail.isDragged && moved < SLACK_PX[trail.kind]) return;
    if (!trail.isDragged) this.#handlers.hover(null);
    trail.isDragged = true;
    const other = [...this.#trails.values()].find((candidate) => candidate !== trail);
    if (other === undefined) this.#handlers.pan(at.x - trail.at.x, at.y - trail.at.y);
    else this.#pinch(trail.at, at, other.at);
    const over = Math.max(1, event.timeStamp - trail.ms);
    this.#speed = {
      x: (at.x - trail.at.x) / over,
      y: (at.y - trail.at.y) / over,
      ms: event.timeStamp,
    };
    trail.at = at;
    trail.ms = event.timeStamp;
  }

  up(event: PointerEvent): void {
    const trail = this.#trails.get(event.pointerId);
    if (trail === undefined) return;
    this.#trails.delete(event.pointerId);
    if (!trail.isDragged) this.#tap(this.#at(event), trail.kind, event.timeStamp);
    else if (event.timeStamp - this.#speed.ms < FLING_MEMORY_MS) {
      this.#handlers.fling(this.#speed.x, this.#speed.y);
    }
  }

  cancel(event: PointerEvent): void {
    this.#trails.delete(event.pointerId);
  }

  wheel(event: WheelEvent): void {
    const line = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE_PX : 1;
    const speed = event.ctrlKey ? PINCH_ZOOM_PER_PX : WHEEL_ZOOM_PER_PX;
    const factor = Math.exp(-event.deltaY * line * speed);
    // At the end of the zoom the page may scroll on.
    if (this.#handlers.zoom(factor, this.#at(event)) || event.ctrlKey) event.preventDefault();
  }

  #pinch(from: Point, to: Point, other: Point): void {
    const before = Math.max(1, distance(from, other));
    const middle = { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 };
    this.#handlers.pan((to.x - from.x) / 2, (to.y - from.y) / 2);
    this.#handlers.zoom(Math.max(1, distance(to, other)) / before, middle);
  }

  #tap(at: Point, kind: PointerKind, ms: number): void {
    const last = this.#lastTap;
    const isDouble =
      last !== null && ms - last.ms < DOUBLE_TAP_MS && distance(last.at, at) < DOUBLE_TAP_PX;
    this.#lastTap = isDouble ? null : { at, ms };
    if (isDouble) this.#handlers.doubleTap(at, kind);
    else this.#handlers.tap(at, kind);
  }

  #at(event: MouseEvent): Point {
    const box = this.#element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}
