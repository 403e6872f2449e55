/** Where to look from to see something: cameras for sections, seats and what keys have moved to. */
import { centreOf, centred, fitted, toScreen, type Camera, type View } from './camera';
import { grown, type Point } from './geometry';
import type { Layout } from './layout';
import { seatShare } from './scene';
import { middleOf, type Target } from './target';

/** A section that is entered has seats at least this far apart, in CSS pixels. */
const SECTION_PITCH_PX = 9;
/** Seats that keys move among are at least this far apart. */
const KEY_PITCH_PX = 20;
/** What is focused is this far from the edge. */
const EDGE_PX = 56;

/** Near to a point, with seats so many pixels apart or more. */
export function closeUp(
  { pitch }: Layout,
  point: Point,
  pitchPx: number,
  camera: Camera,
  view: View,
): Camera {
  return centred(point, Math.max(camera.scale, pitchPx / pitch), view);
}

/** All of a section; null if the camera is in it already. */
export function sightOfSection(
  layout: Layout,
  index: number,
  camera: Camera,
  view: View,
): Camera | null {
  const section = layout.sections[index];
  if (section === undefined) return null;
  const whole = fitted(grown(section.box, layout.pitch), view);
  if (camera.scale >= whole.scale * 0.99 && seatShare(layout, camera) === 1) return null;
  return closeUp(layout, centreOf(whole, view), SECTION_PITCH_PX, whole, view);
}

/** Where the focus is seen; null if it is seen well. */
export function sightOfFocus(
  layout: Layout,
  target: Target,
  camera: Camera,
  view: View,
): Camera | null {
  const point = middleOf(layout, target);
  const isSmall = target.type === 'seat' || target.type === 'table';
  if (isSmall && camera.scale * layout.pitch < KEY_PITCH_PX) {
    return closeUp(layout, point, KEY_PITCH_PX * 1.2, camera, view);
  }
  const { x, y } = toScreen(camera, point);
  const isSeen =
    Math.min(x, view.width - x) >= EDGE_PX && Math.min(y, view.height - y) >= EDGE_PX;
  return isSeen ? null : centred(point, camera.scale, view);
}
