import { describe, expect, it } from 'vitest';
import { centreOf, clamped, fitted, limitsOf, toScreen, type Camera } from './camera';
import { layoutOf, pointOf } from './layout';
import { Navigator, type Tip, type Viewer } from './navigator';
import type { PickTarget, Target } from './target';
import { hall, knowledge } from './testing';

const VIEW = { width: 800, height: 600 };

/** A map without a picture: flights arrive at once. */
class Desk {
  readonly layout = layoutOf(hall());
  readonly known = knowledge(this.layout);
  readonly picks: PickTarget[] = [];
  readonly said: string[] = [];
  readonly limits = limitsOf(this.layout.box, this.layout.pitch, VIEW);
  camera: Camera = fitted(this.layout.box, VIEW);
  focus: Target | null = null;
  hover: Target | null = null;
  tip: Tip | null = null;
  selectable = true;
  readonly navigator: Navigator;

  constructor() {
    const look = (camera: Camera): void => {
      this.camera = clamped(camera, VIEW, this.limits);
    };
    const camera = (): Camera => this.camera;
    const renderer: Viewer = {
      view: VIEW,
      limits: this.limits,
      get camera() {
        return camera();
      },
      get destination() {
        return camera();
      },
      look,
      fly: look,
      highlight: ({ focus, hover }) => {
        if (focus !== undefined) this.focus = focus;
        if (hover !== undefined) this.hover = hover;
      },
    };
    this.navigator = new Navigator({
      renderer,
      known: () => ({
        ...this.known,
        selectable: this.selectable,
        onPick: (target: PickTarget) => void this.picks.push(target),
      }),
      onSay: (text) => this.said.push(text),
      onTip: (tip) => (this.tip = tip),
    });
  }

  /** Pixels from seat to seat. */
  get pitchPx(): number {
    return this.layout.pitch * this.camera.scale;
  }

  at(place: number): { x: number; y: number } {
    return toScreen(this.camera, pointOf(this.layout, place));
  }

  zoomTo(place: number, pitchPx: number): void {
    const { x, y } = pointOf(this.layout, place);
    const scale = pitchPx / this.layout.pitch;
    this.camera = { x: x - VIEW.width / 2 / scale, y: y - VIEW.height / 2 / scale, scale };
  }

  keys(...keys: string[]): void {
    for (const key of keys) this.navigator.key(key);
  }
}

describe('a tap', () => {
  it('picks a seat that is large enough', () => {
    const desk = new Desk();
    desk.zoomTo(12, 30);
    desk.navigator.tap(desk.at(12), 'mouse');
    desk.navigator.tap(desk.at(13), 'touch');
    expect(desk.picks).toEqual([
      { type: 'seat', place: 12 },
      { type: 'seat', place: 13 },
    ]);
  });

  it('zooms to seats that are too small for a finger', () => {
    const desk = new Desk();
    desk.zoomTo(12, 12);
    desk.navigator.tap(desk.at(12), 'touch');
    expect(desk.picks).toEqual([]);
    expect(desk.pitchPx).toBeGreaterThan(24);
    desk.navigator.tap(desk.at(12), 'touch');
    expect(desk.picks).toEqual([{ type: 'seat', place: 12 }]);
  });

  it('does not pick what is taken, hidden or not to be picked', () => {
    const desk = new Desk();
    desk.zoomTo(12, 30);
    desk.known.tally.update(new Uint8Array(164).fill(2, 12, 13));
    desk.navigator.tap(desk.at(12), 'touch');
    expect(desk.tip?.description.details, 'but tells why').toContain('sold');
    desk.selectable = false;
    desk.navigator.tap(desk.at(13), 'mouse');
    expect(desk.picks).toEqual([]);
  });

  it('picks whole tables and areas', () => {
    const desk = new Desk();
    desk.zoomTo(160, 30);
    desk.navigator.tap(desk.at(161), 'mouse');
    desk.zoomTo(60, 20);
    desk.navigator.tap(desk.at(60), 'mouse');
    expect(desk.picks).toEqual([
      { type: 'table', block: 7 },
      { type: 'area', block: 6 },
    ]);
  });

  it('enters a section from far away', () => {
    const desk = new Desk();
    desk.zoomTo(14, 2);
    desk.navigator.tap(desk.at(14), 'mouse');
    expect(desk.pitchPx).toBeGreaterThan(9);
    const { x } = centreOf(desk.camera, VIEW);
    expect(x).toBeCloseTo(desk.layout.sections[0]?.middle.x ?? 0, 0);
  });

  it('that is double zooms in, unless it is on a seat', () => {
    const desk = new Desk();
    desk.zoomTo(12, 20);
    desk.navigator.doubleTap({ x: 400, y: 20 }, 'mouse');
    expect(desk.pitchPx).toBeCloseTo(40);
    desk.navigator.doubleTap(desk.at(12), 'mouse');
    expect(desk.picks).toHaveLength(1);
  });
});

describe('a mouse', () => {
  it('is told what it points at, until it moves away', () => {
    const desk = new Desk();
    desk.zoomTo(12, 30);
    desk.navigator.hover(desk.at(12));
    expect(desk.tip?.description.name).toBe('Section 101, row B, seat 3');
    expect(desk.hover).toEqual({ type: 'seat', place: 12 });
    desk.navigator.pan(5, 0);
    expect([desk.tip, desk.hover]).toEqual([null, null]);
    desk.navigator.hover(desk.at(12));
    desk.navigator.hover(null);
    expect([desk.tip, desk.hover]).toEqual([null, null]);
  });

  it('hears of changes meanwhile', () => {
    const desk = new Desk();
    desk.zoomTo(12, 30);
    desk.navigator.hover(desk.at(12));
    desk.known.tally.update(new Uint8Array(164).fill(1));
    desk.navigator.refresh();
    expect(desk.tip?.description.details).toContain('held');
  });
});

describe('keys', () => {
  it('lead from the sections to a seat, and pick it', () => {
    const desk = new Desk();
    desk.zoomTo(14, 2);
    desk.camera = clamped(desk.camera, VIEW, desk.limits);
    desk.keys('ArrowRight');
    expect(desk.focus?.type === 'section' || desk.focus?.type === 'seat').toBe(true);
    desk.navigator.focusOn({ type: 'section', section: 0 });
    expect(desk.said.at(-1)).toBe('Section 101, 30 left');
    desk.keys('ArrowRight');
    expect(desk.said.at(-1)).toBe('Section 102, 30 left');
    desk.keys('ArrowLeft', 'Enter');
    expect(desk.focus).toEqual({ type: 'seat', place: 5 });
    expect(desk.pitchPx, 'large enough to be seen').toBeGreaterThanOrEqual(20);
    desk.keys('ArrowDown', 'ArrowLeft', ' ');
    expect(desk.picks).toEqual([{ type: 'seat', place: 14 }]);
    expect(desk.said.at(-1)).toBe('Section 101, row B, seat 5, ₩1, free');
  });

  it('keep the focus in view', () => {
    const desk = new Desk();
    desk.zoomTo(0, 60);
    desk.navigator.focusOn({ type: 'seat', place: 0 });
    for (let step = 0; step < 20; step += 1) {
      desk.keys('ArrowRight');
      if (desk.focus?.type !== 'seat') throw new Error('the focus is lost');
      const { x } = desk.at(desk.focus.place);
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(VIEW.width);
    }
    expect(desk.focus).toEqual({ type: 'seat', place: 39 });
  });

  it('go to the ends of a row', () => {
    const desk = new Desk();
    desk.navigator.focusOn({ type: 'seat', place: 14 });
    desk.keys('End');
    expect(desk.focus).toEqual({ type: 'seat', place: 19 });
    desk.keys('Home');
    expect(desk.focus).toEqual({ type: 'seat', place: 10 });
  });

  it('go up by Escape, level by level, and then leave it to the page', () => {
    const desk = new Desk();
    desk.navigator.focusOn({ type: 'seat', place: 14 });
    expect(desk.navigator.key('Escape')).toBe(true);
    expect(desk.focus).toEqual({ type: 'section', section: 0 });
    expect(desk.camera.scale).toBe(desk.limits.scaleMin);
    expect(desk.navigator.key('Escape')).toBe(true);
    expect(desk.focus).toBeNull();
    expect(desk.navigator.key('Escape')).toBe(false);
  });

  it('zoom around the focus', () => {
    const desk = new Desk();
    desk.zoomTo(12, 44);
    desk.navigator.focusOn({ type: 'seat', place: 12 });
    const before = desk.at(12);
    const { scale } = desk.camera;
    desk.keys('+');
    expect(desk.camera.scale).toBeCloseTo(scale * Math.SQRT2);
    expect(desk.at(12).x).toBeCloseTo(before.x);
    desk.keys('-', '0');
    expect(desk.camera.scale).toBe(desk.limits.scaleMin);
  });

  it('that mean nothing are left to the page', () => {
    const desk = new Desk();
    expect(desk.navigator.key('a')).toBe(false);
    expect(desk.navigator.key('Tab')).toBe(false);
    expect(desk.navigator.key('Home')).toBe(false);
  });
});

describe('a zoom', () => {
  it('tells whether there was any', () => {
    const desk = new Desk();
    desk.camera = { ...desk.camera, scale: desk.limits.scaleMin };
    expect(desk.navigator.zoom(0.5, { x: 0, y: 0 })).toBe(false);
    expect(desk.navigator.zoom(2, { x: 0, y: 0 })).toBe(true);
  });
});
