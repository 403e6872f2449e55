/**
 * What taps, keys and buttons do to the map: where it looks, what is focused, what is picked.
 *
 * Every gesture has a key and a button. Seats that are too small to be hit are zoomed to first.
 */
import { centreOf, fitted, panned, toChart, toScreen, zoomed, type Camera } from './camera';
import { describe, inWords, isPickable, type Description, type Knowledge } from './describe';
import type { Point } from './geometry';
import type { GestureHandlers, PointerKind } from './gestures';
import { blockAt } from './layout';
import { firstSeat, firstSection, nextSeat, nextSection, type Direction } from './movement';
import type { Renderer } from './renderer';
import { seatShare } from './scene';
import { closeUp, sightOfFocus, sightOfSection } from './sights';
import { middleOf, nearestSeat, placeOf, targetAt, targetOfSeat } from './target';
import type { Detail, PickTarget, Target } from './target';

/** Below this pitch, in CSS pixels, a tap zooms instead of picking: a finger needs 24 px. */
const PICK_PITCH_PX: Readonly<Record<PointerKind, number>> = { mouse: 9, touch: 24 };
/** And then to this. */
const ZOOM_PITCH_PX: Readonly<Record<PointerKind, number>> = { mouse: 26, touch: 34 };
/** How near to a seat is on it. */
const SLACK_PX: Readonly<Record<PointerKind, number>> = { mouse: 6, touch: 16 };
const STEP = Math.SQRT2;
/** A fling goes on for so long, in milliseconds, at the speed it was let go with. */
const FLING_MS = 160;

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** What the page says of picking. */
interface Choosing {
  readonly selectable: boolean;
  readonly onPick: (target: PickTarget) => void;
}

/** What of a renderer is needed to look around. */
export type Viewer = Pick<
  Renderer,
  'camera' | 'destination' | 'view' | 'limits' | 'look' | 'fly' | 'highlight'
>;

export interface NavigatorHost {
  readonly renderer: Viewer;
  /** As it is now: it changes with every sale. */
  known(): Knowledge & Choosing;
  /** What screen readers are told of the focus. */
  onSay(text: string): void;
  /** What is shown beside the pointer, or beside a place that was tapped. */
  onTip(tip: Tip | null): void;
}

export interface Tip {
  readonly at: Point;
  readonly description: Description;
}

export class Navigator implements GestureHandlers {
  readonly #host: NavigatorHost;
  #focus: Target | null = null;
  #tipped: Target | null = null;
  #tipAt: Point | null = null;

  constructor(host: NavigatorHost) {
    this.#host = host;
  }

  pan(dx: number, dy: number): void {
    this.#tip(null);
    this.#renderer.look(panned(this.#renderer.camera, dx, dy));
  }

  fling(vx: number, vy: number): void {
    if (Math.hypot(vx, vy) < 0.3) return;
    this.#renderer.fly(panned(this.#renderer.camera, vx * FLING_MS, vy * FLING_MS));
  }

  zoom(factor: number, at: Point): boolean {
    const { camera, limits } = this.#renderer;
    const next = zoomed(camera, factor, at, limits);
    if (next.scale === camera.scale) return false;
    this.#tip(null);
    this.#renderer.look(next);
    return true;
  }

  hover(at: Point | null): void {
    const found = at === null ? null : this.#at(at, 'mouse');
    // Inside a section there is nothing to say of all of it.
    const target = found?.type === 'section' && this.#detail() === 'seats' ? null : found;
    if (target === null && this.#tipped === null) return;
    this.#tip(target, at);
    if (target !== null) this.#renderer.highlight({ hover: target });
  }

  tap(at: Point, kind: PointerKind): void {
    const target = this.#at(at, kind);
    this.#focus = target ?? this.#focus;
    this.#renderer.highlight({ focus: null });
    if (kind === 'touch') this.#tip(null);
    if (target === null) return;
    if (target.type === 'section') {
      this.#enter(target.section);
      return;
    }
    const { layout } = this.#host.known();
    const pitch = layout.pitch * this.#renderer.camera.scale;
    if (target.type !== 'area' && pitch < PICK_PITCH_PX[kind]) {
      const { camera, view } = this.#renderer;
      const point = middleOf(layout, target);
      this.#renderer.fly(closeUp(layout, point, ZOOM_PITCH_PX[kind], camera, view));
      return;
    }
    if (kind === 'touch') this.#tip(target, at);
    this.#pick(target);
  }

  doubleTap(at: Point, kind: PointerKind): void {
    const target = this.#at(at, kind);
    if (target !== null && target.type !== 'section') this.tap(at, kind);
    else this.zoomBy(2, at);
  }

  /** Zooms around a point, or else the focus if that is seen, or the middle. */
  zoomBy(factor: number, at?: Point): void {
    const { destination, limits, view } = this.#renderer;
    const focus = this.#focus;
    const middle = { x: view.width / 2, y: view.height / 2 };
    const own = focus === null ? middle : toScreen(destination, this.#middle(focus));
    const isSeen = own.x > 0 && own.y > 0 && own.x < view.width && own.y < view.height;
    this.#tip(null);
    this.#renderer.fly(zoomed(destination, factor, at ?? (isSeen ? own : middle), limits));
  }

  zoomIn(): void {
    this.zoomBy(STEP);
  }

  zoomOut(): void {
    this.zoomBy(1 / STEP);
  }

  fit(): void {
    this.#tip(null);
    this.#renderer.fly(fitted(this.#host.known().layout.box, this.#renderer.view));
  }

  /** Does what a key means; false if it means nothing here. */
  key(key: string): boolean {
    const direction = ARROWS[key];
    if (direction !== undefined) {
      this.#move(direction);
      return true;
    }
    switch (key) {
      case '+':
      case '=':
        this.zoomIn();
        return true;
      case '-':
        this.zoomOut();
        return true;
      case '0':
        this.fit();
        return true;
      case 'Enter':
      case ' ':
        this.#activate();
        return true;
      case 'Home':
      case 'End':
        return this.#toRowEnd(key);
      case 'Escape':
        return this.#up();
      default:
        return false;
    }
  }

  /** Shows a target as the keyboard's focus; used by the list as well. */
  focusOn(target: Target): void {
    this.#focus = target;
    this.#renderer.highlight({ focus: target, hover: null });
    this.#tip(null);
    const { destination, view } = this.#renderer;
    this.#fly(sightOfFocus(this.#host.known().layout, target, destination, view));
    this.refresh();
  }

  /** The keyboard has come to the map, or has left it. */
  showFocus(): void {
    if (this.#focus !== null) this.focusOn(this.#focus);
  }

  hideFocus(): void {
    this.#renderer.highlight({ focus: null });
    this.#tip(null);
  }

  /** Says again what has changed meanwhile. */
  refresh(): void {
    const known = this.#host.known();
    if (this.#focus !== null) this.#host.onSay(inWords(describe(known, this.#focus)));
    if (this.#tipped !== null && this.#tipAt !== null) this.#tip(this.#tipped, this.#tipAt);
  }

  get #renderer(): Viewer {
    return this.#host.renderer;
  }

  #middle(target: Target): Point {
    return middleOf(this.#host.known().layout, target);
  }

  #at(at: Point, kind: PointerKind): Target | null {
    const { layout } = this.#host.known();
    const { camera } = this.#renderer;
    const slack = Math.max(layout.pitch * 0.6, SLACK_PX[kind] / camera.scale);
    return targetAt(layout, toChart(camera, at), this.#detail(), slack);
  }

  #detail(): Detail {
    return seatShare(this.#host.known().layout, this.#renderer.camera) > 0.5 ? 'seats' : 'sections';
  }

  #tip(target: Target | null, at: Point | null = null): void {
    if (target === null && this.#tipped !== null) this.#renderer.highlight({ hover: null });
    this.#tipped = target;
    this.#tipAt = at;
    if (target === null || at === null) this.#host.onTip(null);
    else this.#host.onTip({ at, description: describe(this.#host.known(), target) });
  }

  #pick(target: PickTarget): void {
    const known = this.#host.known();
    if (known.selectable && isPickable(known, target)) known.onPick(target);
  }

  #enter(index: number): void {
    const { camera, view } = this.#renderer;
    this.#tip(null);
    this.#fly(sightOfSection(this.#host.known().layout, index, camera, view));
  }

  #fly(camera: Camera | null): void {
    if (camera !== null) this.#renderer.fly(camera);
  }

  #move(direction: Direction): void {
    const { layout } = this.#host.known();
    const focus = this.#focus ?? this.#start();
    if (focus === null) return;
    if (this.#focus === null) {
      this.focusOn(focus);
      return;
    }
    const isInside = focus.type === 'seat' || focus.type === 'table';
    const next = isInside
      ? nextSeat(layout, focus, direction)
      : nextSection(layout, focus, direction);
    this.focusOn(next ?? focus);
  }

  /** Where keys begin: at what is in the middle of the view. */
  #start(): Target | null {
    const { layout } = this.#host.known();
    const { camera, view } = this.#renderer;
    if (seatShare(layout, camera) === 1) {
      const seat = nearestSeat(layout, centreOf(camera, view), view.width / camera.scale);
      if (seat !== null) return targetOfSeat(layout, seat);
    }
    return firstSection(layout);
  }

  #activate(): void {
    const focus = this.#focus ?? this.#start();
    if (focus === null) return;
    if (this.#focus === null) {
      this.focusOn(focus);
    } else if (focus.type === 'section') {
      const known = this.#host.known();
      const seat = firstSeat(known.layout, focus.section, (target) => isPickable(known, target));
      this.#enter(focus.section);
      if (seat !== null) this.focusOn(seat);
    } else {
      this.#pick(focus);
      this.refresh();
    }
  }

  #toRowEnd(key: 'Home' | 'End'): boolean {
    const { layout } = this.#host.known();
    if (this.#focus?.type !== 'seat') return false;
    const block = blockAt(layout, this.#focus.place);
    if (block === undefined) return false;
    const place = key === 'Home' ? block.first : block.first + block.count - 1;
    this.focusOn({ type: 'seat', place });
    return true;
  }

  /** From a seat to its section, from a section to the whole map. */
  #up(): boolean {
    const { layout } = this.#host.known();
    const focus = this.#focus;
    if (focus?.type === 'seat' || focus?.type === 'table') {
      this.fit();
      this.focusOn({ type: 'section', section: blockAt(layout, placeOf(layout, focus))?.section ?? 0 });
      return true;
    }
    const isFitted = this.#renderer.destination.scale <= this.#renderer.limits.scaleMin * 1.001;
    if (focus === null && isFitted) return false;
    this.#focus = null;
    this.hideFocus();
    this.fit();
    return true;
  }
}
