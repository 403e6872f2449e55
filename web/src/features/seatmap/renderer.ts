/**
 * Owns the two canvases and decides when to paint: only when something has changed.
 *
 * The lower canvas has the chart, the upper one what is above it, so that pointing at seats does
 * not paint the chart. It knows neither gestures nor keys: those say where to look through
 * {@link Renderer.look} and {@link Renderer.fly}.
 */
import { FREE } from '../../model/frames';
import type { MapTexts } from './blocks';
import { between, centreOf, centred, clamped, fitted, limitsOf } from './camera';
import type { Camera, Limits, View } from './camera';
import { isSeat, type Layout } from './layout';
import { PULSE_MS, paintOverlay, paintPulses, type Highlights, type Pulse } from './overlay';
import { readPalette, type Palette } from './palette';
import { Scene, seatShare } from './scene';
import type { Tally } from './tally';

/** More pixels than this cost more than they show. */
const RATIO_MAX = 2;
const FLIGHT_MS = 340;
/** Tiles are painted for a new zoom once it has stood still for so long. */
const SETTLE_MS = 140;
/** Or once it has changed by so much. */
const SETTLE_ZOOM = 1.5;
/** More at once are not a seat given back but a new state of the sale. */
const PULSES_MAX = 40;

interface Flight {
  readonly from: Camera;
  readonly to: Camera;
  readonly startMs: number;
}

export interface RendererHost {
  readonly element: HTMLElement;
  readonly layout: Layout;
  readonly tally: Tally;
  readonly texts: () => MapTexts;
}

export class Renderer {
  readonly #host: RendererHost;
  readonly #base: CanvasRenderingContext2D;
  readonly #overlay: CanvasRenderingContext2D;
  #palette: Palette;
  #ratio = 1;
  #view: View = { width: 1, height: 1 };
  #limits: Limits;
  #camera: Camera;
  #settledScale = 0;
  #movedMs = 0;
  #flight: Flight | null = null;
  #scene: Scene | null = null;
  #highlights: Highlights = { mine: new Set(), focus: null, hover: null };
  #pulses: readonly Pulse[] = [];
  #frame = 0;
  #baseStale = true;
  #overlayStale = true;

  constructor(host: RendererHost, base: CanvasRenderingContext2D, overlay: CanvasRenderingContext2D) {
    this.#host = host;
    this.#base = base;
    this.#overlay = overlay;
    this.#palette = this.#readPalette();
    this.#camera = fitted(host.layout.box, this.#view);
    this.#limits = limitsOf(host.layout.box, host.layout.pitch, this.#view);
  }

  get camera(): Camera {
    return this.#camera;
  }

  /** Where the camera is, or will be once it has arrived. */
  get destination(): Camera {
    return this.#flight?.to ?? this.#camera;
  }

  get view(): View {
    return this.#view;
  }

  get limits(): Limits {
    return this.#limits;
  }

  /** Takes the size of the element, in CSS pixels. */
  resize(view: View): void {
    const ratio = Math.min(RATIO_MAX, devicePixelRatio);
    const { layout } = this.#host;
    const middle = centreOf(this.#camera, this.#view);
    const wasFitted = this.#camera.scale <= this.#limits.scaleMin * 1.001;
    this.#ratio = ratio;
    this.#view = view;
    for (const { canvas } of [this.#base, this.#overlay]) {
      canvas.width = Math.round(view.width * ratio);
      canvas.height = Math.round(view.height * ratio);
    }
    this.#limits = limitsOf(layout.box, layout.pitch, view);
    this.#newScene();
    this.look(wasFitted ? fitted(layout.box, view) : centred(middle, this.#camera.scale, view));
    // What the browser shows until then would be stretched.
    this.#paint(performance.now());
  }

  /** Reads the theme's colours again. */
  retheme(): void {
    this.#palette = this.#readPalette();
    this.#newScene();
    this.invalidate();
  }

  /** Shows from here, at once. */
  look(camera: Camera): void {
    this.#flight = null;
    this.#moveTo(clamped(camera, this.#view, this.#limits));
  }

  /** Moves there, unless the fan prefers less motion. */
  fly(camera: Camera): void {
    const to = clamped(camera, this.#view, this.#limits);
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.look(to);
      return;
    }
    this.#flight = { from: this.#camera, to, startMs: performance.now() };
    // Painted on the way, so that it is there on arrival.
    this.#settle(to.scale);
    this.#request();
  }

  highlight(change: Partial<Highlights>): void {
    this.#highlights = { ...this.#highlights, ...change };
    this.#overlayStale = true;
    this.#request();
  }

  /** Paints places anew that have changed. */
  changed(places: readonly number[]): void {
    if (places.length === 0) return;
    const { layout, tally } = this.#host;
    const seats = places.filter((place) => isSeat(layout, place));
    this.#scene?.touch(seats);
    this.#baseStale = true;
    const freed = seats.filter((place) => tally.stateOf(place) === FREE);
    const isNews = freed.length <= Math.min(PULSES_MAX, layout.seats.length / 4);
    if (isNews && seatShare(layout, this.#camera) === 1) {
      const startMs = performance.now();
      this.#overlayStale = true;
      this.#pulses = [...this.#pulses, ...freed.map((place) => ({ place, startMs }))];
    }
    this.#request();
  }

  /** Paints everything anew. */
  invalidate(): void {
    this.#scene?.touchAll();
    this.#baseStale = this.#overlayStale = true;
    this.#request();
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.#scene = null;
  }

  #readPalette(): Palette {
    const { element, layout } = this.#host;
    return readPalette(element, layout.chart.categories.map(({ color }) => color));
  }

  #newScene(): void {
    const { layout, tally, texts } = this.#host;
    const [palette, view, ratio] = [this.#palette, this.#view, this.#ratio];
    this.#scene = new Scene({ layout, tally, texts, palette, ctx: this.#base, view, ratio });
    this.#settledScale = 0;
  }

  #moveTo(camera: Camera): void {
    this.#camera = camera;
    this.#movedMs = performance.now();
    this.#baseStale = this.#overlayStale = true;
    this.#request();
  }

  #settle(scale: number): void {
    this.#settledScale = scale;
    this.#scene?.settle(scale);
    this.#baseStale = true;
  }

  #request(): void {
    if (this.#frame !== 0 || this.#scene === null) return;
    this.#frame = requestAnimationFrame((nowMs) => {
      this.#frame = 0;
      this.#paint(nowMs);
    });
  }

  #paint(nowMs: number): void {
    const scene = this.#scene;
    if (scene === null) return;
    this.#advance(nowMs);
    const isSettling = this.#watchZoom(nowMs);
    if (this.#baseStale) {
      this.#baseStale = scene.paint(this.#camera, () => performance.now());
    }
    if (this.#overlayStale) {
      this.#pulses = this.#pulses.filter(({ startMs }) => nowMs - startMs < PULSE_MS);
      const brush = scene.brush(this.#overlay, this.#camera);
      paintOverlay(brush, this.#host.layout, this.#highlights);
      paintPulses(brush, this.#host.layout, this.#pulses, nowMs);
    }
    this.#overlayStale = this.#pulses.length > 0;
    if (this.#baseStale || this.#overlayStale || isSettling || this.#flight !== null) {
      this.#request();
    }
  }

  #advance(nowMs: number): void {
    if (this.#flight === null) return;
    const { from, to, startMs } = this.#flight;
    const part = Math.min(1, Math.max(0, (nowMs - startMs) / FLIGHT_MS));
    this.#moveTo(between(from, to, part, this.#view));
    if (part < 1) return;
    this.#flight = null;
    // Exactly, so that the tiles fit.
    this.#moveTo(to);
  }

  /** True while a zoom goes on for which no tiles are painted yet. */
  #watchZoom(nowMs: number): boolean {
    if (this.#flight !== null || this.#camera.scale === this.#settledScale) return false;
    const zoom = this.#camera.scale / this.#settledScale;
    const isFar = !(zoom < SETTLE_ZOOM && zoom > 1 / SETTLE_ZOOM);
    if (!isFar && nowMs - this.#movedMs < SETTLE_MS) return true;
    this.#settle(this.#camera.scale);
    return false;
  }
}
