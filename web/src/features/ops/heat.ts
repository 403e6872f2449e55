/** Paints the places of a chart as they were: a square for each seat, a stack for each area. */
import type { components } from '../../api/schema';
import { FREE, OFF } from '../../model/past';

type ChartView = components['schemas']['ChartView'];
type BlockView = components['schemas']['BlockView'];

/** Kept free around the chart, in CSS pixels. */
const MARGIN = 12;
/** A few seats do not fill the picture. */
const SEAT_PX_MAX = 28;

interface View {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
  /** How large a seat is drawn, in CSS pixels. */
  readonly seat: number;
}

/** `shades` by place; `colours` by shade, then that of the lines. */
export function paint(
  canvas: HTMLCanvasElement,
  chart: ChartView,
  shades: Uint8Array,
  colours: readonly string[],
): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const pen = canvas.getContext('2d');
  if (pen === null || width === 0 || height === 0) return;
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  const view = viewOf(chart, width, height);
  for (const block of chart.blocks) {
    if (block.kind === 'area') paintArea(pen, block, shades, view, colours);
    else paintSeats(pen, block, shades, view, colours);
  }
}

function paintSeats(
  pen: CanvasRenderingContext2D,
  block: BlockView,
  shades: Uint8Array,
  view: View,
  colours: readonly string[],
): void {
  for (let at = 0; at < block.count; at += 1) {
    const shade = shades[block.first + at] ?? OFF;
    // Its size says it too: who cannot tell the colours apart sees what is taken.
    const size = view.seat * (shade === FREE ? 0.6 : shade === OFF ? 0.3 : 1);
    const x = ((block.x[at] ?? 0) - view.left) * view.scale;
    const y = ((block.y[at] ?? 0) - view.top) * view.scale;
    pen.fillStyle = colours[shade] ?? '';
    pen.fillRect(x - size / 2, y - size / 2, size, size);
  }
}

function paintArea(
  pen: CanvasRenderingContext2D,
  block: BlockView,
  shades: Uint8Array,
  view: View,
  colours: readonly string[],
): void {
  const points = cornersOf(block, view).map(([x = 0, y = 0]): [number, number] => [
    (x - view.left) * view.scale,
    (y - view.top) * view.scale,
  ]);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, right, top, bottom] = [min(xs), max(xs), min(ys), max(ys)];
  pen.save();
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.closePath();
  pen.clip();
  const own = shades.subarray(block.first, block.first + block.count);
  let from = left;
  for (const [shade, colour] of colours.slice(0, -1).entries()) {
    const share = own.filter((one) => one === shade).length / Math.max(1, block.count);
    pen.fillStyle = colour;
    pen.fillRect(from, top, (right - left) * share, bottom - top);
    from += (right - left) * share;
  }
  pen.restore();
  pen.strokeStyle = colours.at(-1) ?? '';
  pen.stroke();
}

/** An area without a shape is a square around its middle. */
function cornersOf(block: BlockView, { seat, scale }: Pick<View, 'seat' | 'scale'>): number[][] {
  const outline = block.outline ?? [];
  if (outline.length >= 3) return outline;
  const [x, y, reach] = [block.x[0] ?? 0, block.y[0] ?? 0, (4 * seat) / scale];
  return [
    [x - reach, y - reach],
    [x + reach, y - reach],
    [x + reach, y + reach],
    [x - reach, y + reach],
  ];
}

function viewOf(chart: ChartView, width: number, height: number): View {
  const corners = chart.blocks.flatMap((block) => block.outline ?? []);
  const xs = [...chart.blocks.flatMap((block) => block.x), ...corners.map(([x]) => x)];
  const ys = [...chart.blocks.flatMap((block) => block.y), ...corners.map(([, y]) => y)];
  const pitch = pitchOf(chart);
  const [left, right] = [min(xs) - pitch, max(xs) + pitch];
  const [top, bottom] = [min(ys) - pitch, max(ys) + pitch];
  const fits = Math.min(
    (width - 2 * MARGIN) / (right - left),
    (height - 2 * MARGIN) / (bottom - top),
  );
  const scale = Math.min(fits, SEAT_PX_MAX / pitch);
  return {
    left: (left + right - width / scale) / 2,
    top: (top + bottom - height / scale) / 2,
    scale,
    seat: Math.max(1, pitch * scale * 0.86),
  };
}

/** Low among the distances of neighbours, so that seats do not overlap where it is tight. */
function pitchOf({ blocks }: ChartView): number {
  const pitches = blocks.flatMap(({ x: [ax = 0, bx = ax], y: [ay = 0, by = ay] }) => {
    return Math.hypot(bx - ax, by - ay) || [];
  });
  pitches.sort((a, b) => a - b);
  return pitches[pitches.length >> 3] ?? 50;
}

// A chart has more numbers than a call may have arguments.
function min(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((least, value) => Math.min(least, value ?? least), Infinity);
}

function max(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? most), -Infinity);
}
