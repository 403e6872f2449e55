/** What everything is painted with. */
import type { Point } from './geometry';
import type { Palette } from './palette';

/** What a canvas and an off-screen one have in common. */
export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Maps chart units to the pixels of one context. */
export interface Brush {
  readonly ctx: Context;
  readonly palette: Palette;
  /** Device pixels per chart unit. */
  readonly scale: number;
  /** The chart's pixel at the context's upper left corner; whole, so that text stays crisp. */
  readonly left: number;
  readonly top: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

export function pixelOf({ scale, left, top }: Brush, { x, y }: Point): Point {
  return { x: x * scale - left, y: y * scale - top };
}

/** Adds an outline to the current path. */
export function trace({ ctx, scale, left, top }: Brush, outline: readonly number[]): void {
  for (let at = 0; at + 1 < outline.length; at += 2) {
    const x = (outline[at] ?? 0) * scale - left;
    const y = (outline[at + 1] ?? 0) * scale - top;
    if (at === 0) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
  }
  ctx.closePath();
}

/** Writes around a point. The size is in device pixels. */
export function write(
  { ctx, palette }: Brush,
  text: string,
  { x, y }: Point,
  weight: number,
  size: number,
): void {
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.font = `${weight} ${size.toFixed(1)}px ${palette.font}`;
  // Capitals and digits stand on the base line: their middle is above that of the box.
  ctx.fillText(text, x, y + size * 0.06);
}
