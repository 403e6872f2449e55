/** Where the stage is: a chart says only where its middle lies. */
import { forEachSide, polygonHas, type Box, type Polygon } from './geometry';

/** A stage is this much wider than deep. */
const ASPECT = 2.6;
/** What it leaves free before the first seat. */
const SHARE = 0.86;
/** The widest stage, as a part of the venue. */
const WIDTH_SHARE = 1 / 3;
/** Points at which a side of an outline is looked at. */
const STEPS = 8;

/** As large a stage around the focal point as nothing stands in its way; null if that is no room. */
export function stageOf(
  [fx = 0, fy = 0]: readonly number[],
  seats: { readonly x: Float32Array; readonly y: Float32Array; readonly seats: Uint32Array },
  outlines: readonly Polygon[],
  venue: Box,
  pitch: number,
): Box | null {
  const extent = Math.max(venue.right - venue.left, venue.bottom - venue.top);
  let half = (extent * WIDTH_SHARE) / 2 / ASPECT;
  const keepClear = (x: number, y: number): void => {
    half = Math.min(half, Math.max(Math.abs(x - fx) / ASPECT, Math.abs(y - fy)) * SHARE);
  };
  for (const place of seats.seats) keepClear(seats.x[place] ?? 0, seats.y[place] ?? 0);
  for (const outline of outlines) {
    if (polygonHas(outline, fx, fy)) return null;
    forEachSide(outline, (ax, ay, bx, by) => {
      for (let step = 0; step < STEPS; step += 1) {
        keepClear(ax + ((bx - ax) * step) / STEPS, ay + ((by - ay) * step) / STEPS);
      }
    });
  }
  if (half < pitch) return null;
  const width = half * ASPECT;
  return { left: fx - width, top: fy - half, right: fx + width, bottom: fy + half };
}
