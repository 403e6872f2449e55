/** What part of the chart is seen: pure functions on a camera. Screen lengths are CSS pixels. */
import type { Box, Point } from './geometry';

export interface Camera {
  /** The point of the chart at the upper left corner of the view. */
  readonly x: number;
  readonly y: number;
  /** Pixels per chart unit. */
  readonly scale: number;
}

export interface View {
  readonly width: number;
  readonly height: number;
}

export interface Limits {
  readonly box: Box;
  readonly scaleMin: number;
  readonly scaleMax: number;
}

/** Kept free around what is fitted, for the buttons at the edge. */
const PADDING = 28;
/** A seat is never drawn larger than with this many pixels from one to the next. */
const PITCH_PX_MAX = 64;
/** So much of the view may be empty beside the chart. */
const EMPTY_SHARE_MAX = 0.4;

export function limitsOf(box: Box, pitch: number, view: View): Limits {
  const scaleMax = PITCH_PX_MAX / pitch;
  // A few seats do not have to fill the view.
  return { box, scaleMin: Math.min(fitted(box, view).scale, scaleMax), scaleMax };
}

/** Shows all of a box, as large as possible. */
export function fitted(box: Box, view: View): Camera {
  const width = Math.max(1, view.width - 2 * PADDING);
  const height = Math.max(1, view.height - 2 * PADDING);
  const across = Math.max(1e-9, box.right - box.left);
  const down = Math.max(1e-9, box.bottom - box.top);
  const scale = Math.min(width / across, height / down);
  return centred({ x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 }, scale, view);
}

/** Shows a point in the middle. */
export function centred(point: Point, scale: number, view: View): Camera {
  return { x: point.x - view.width / 2 / scale, y: point.y - view.height / 2 / scale, scale };
}

export function centreOf(camera: Camera, view: View): Point {
  return toChart(camera, { x: view.width / 2, y: view.height / 2 });
}

export function toChart(camera: Camera, screen: Point): Point {
  return { x: camera.x + screen.x / camera.scale, y: camera.y + screen.y / camera.scale };
}

export function toScreen(camera: Camera, point: Point): Point {
  return { x: (point.x - camera.x) * camera.scale, y: (point.y - camera.y) * camera.scale };
}

export function visibleBox(camera: Camera, view: View): Box {
  const { x, y, scale } = camera;
  return { left: x, top: y, right: x + view.width / scale, bottom: y + view.height / scale };
}

export function panned(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.scale, y: camera.y - dy / camera.scale };
}

/** Zooms so that the chart's point at `at` stays there. */
export function zoomed(camera: Camera, factor: number, at: Point, limits: Limits): Camera {
  const scale = Math.min(limits.scaleMax, Math.max(limits.scaleMin, camera.scale * factor));
  const fixed = toChart(camera, at);
  return { x: fixed.x - at.x / scale, y: fixed.y - at.y / scale, scale };
}

/** The nearest camera that does not look past the chart. */
export function clamped(camera: Camera, view: View, limits: Limits): Camera {
  const scale = Math.min(limits.scaleMax, Math.max(limits.scaleMin, camera.scale));
  const { left, top, right, bottom } = limits.box;
  return {
    x: clampAxis(camera.x, left, right, view.width / scale),
    y: clampAxis(camera.y, top, bottom, view.height / scale),
    scale,
  };
}

function clampAxis(start: number, from: number, to: number, seen: number): number {
  if (to - from <= seen) return (from + to - seen) / 2;
  const slack = seen * EMPTY_SHARE_MAX;
  return Math.min(to - seen + slack, Math.max(from - slack, start));
}

/** On the way from one camera to another; `part` runs from 0 to 1. */
export function between(from: Camera, to: Camera, part: number, view: View): Camera {
  const eased = 1 - (1 - part) ** 3;
  const scale = from.scale * (to.scale / from.scale) ** eased;
  // The centre moves as it would around a fixed point of the zoom; without a zoom straight on.
  const moved = (1 / from.scale - 1 / scale) / (1 / from.scale - 1 / to.scale) || eased;
  const [a, b] = [centreOf(from, view), centreOf(to, view)];
  return centred({ x: a.x + (b.x - a.x) * moved, y: a.y + (b.y - a.y) * moved }, scale, view);
}
