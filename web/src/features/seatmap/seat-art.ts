/**
 * How seats look. Every state has a shape of its own, so that no colour has to be told apart:
 * free is a filled disc, held a ring with a stroke, sold a small dot, not for sale a faint one.
 * Places for wheelchair users are square; a restricted view has a bite taken out.
 */
import { FREE, HELD, SOLD } from '../../model/frames';
import type { Brush, Context } from './brush';
import type { Point } from './geometry';
import { ACCESSIBLE, COMPANION, RESTRICTED_VIEW } from './chart';

export interface Seat extends Point {
  readonly state: number;
  readonly category: number;
  readonly traits: number;
  /** Its number, if that is to be drawn. */
  readonly label: string;
}

/** Below this radius, in CSS pixels, a seat is a small square. */
const TINY = 2.2;
/** From this radius on, marks of traits are drawn; companions have a plus before the number. */
const MARKED = 4;
/** From this radius on, numbers are drawn. */
const NUMBERED = 9;

const TURN = 2 * Math.PI;

/** Whether seats of this radius, in device pixels, show their numbers. */
export function isNumbered(radius: number, ratio: number): boolean {
  return radius >= NUMBERED * ratio;
}

/** Paints seats, which are in device pixels, one beside the other. */
export function paintSeats(brush: Brush, seats: readonly Seat[], radius: number): void {
  const looks = new Map<number, Seat[]>();
  // Seats of one look are one path: that costs half of a path for each.
  for (const seat of seats) {
    const look = seat.state * 256 + (seat.state === FREE ? seat.category : 0);
    const alike = looks.get(look);
    if (alike === undefined) looks.set(look, [seat]);
    else alike.push(seat);
  }
  const paint = radius < TINY * brush.ratio ? paintTiny : paintLook;
  for (const [look, alike] of looks) {
    brush.ctx.fillStyle = brush.ctx.strokeStyle = colorOf(brush, look);
    paint(brush.ctx, look >> 8, alike, radius);
  }
  if (radius >= MARKED * brush.ratio) paintMarks(brush, seats, radius);
  if (radius >= MARKED * brush.ratio) paintNumbers(brush, seats, radius);
}

/**
 * Takes a seat away, so that it can be painted anew. A little more than the seat, for the fringe
 * that smoothing leaves, but nothing of its neighbours, which are `pitch` away.
 */
export function eraseSeat({ ctx, palette }: Brush, seat: Seat, radius: number, pitch: number): void {
  ctx.fillStyle = palette.theme.floor.css;
  ctx.beginPath();
  shape(ctx, seat, radius + Math.min(1, pitch / 2 - radius));
  ctx.fill();
}

function colorOf({ palette: { theme, categories } }: Brush, look: number): string {
  switch (look >> 8) {
    case FREE:
      return categories[look & 255]?.css ?? theme.ink.css;
    case HELD:
      return theme.held.css;
    case SOLD:
      return theme.sold.css;
    default:
      return theme.off.css;
  }
}

function paintTiny(ctx: Context, state: number, seats: readonly Seat[], radius: number): void {
  const half = Math.max(0.5, radius * (state === FREE ? 0.95 : state === HELD ? 0.6 : 0.4));
  for (const { x, y } of seats) ctx.fillRect(x - half, y - half, 2 * half, 2 * half);
}

function paintLook(ctx: Context, state: number, seats: readonly Seat[], radius: number): void {
  ctx.beginPath();
  if (state === HELD) {
    for (const seat of seats) ring(ctx, seat, radius * 0.8);
    ctx.lineWidth = radius * 0.26;
    ctx.stroke();
    return;
  }
  const size = radius * (state === FREE ? 1 : state === SOLD ? 0.42 : 0.3);
  for (const seat of seats) shape(ctx, seat, size);
  ctx.fill();
}

function ring(ctx: Context, seat: Seat, radius: number): void {
  shape(ctx, seat, radius);
  const reach = radius * (seat.traits & ACCESSIBLE ? 0.95 : 0.68);
  ctx.moveTo(seat.x - reach, seat.y + reach);
  ctx.lineTo(seat.x + reach, seat.y - reach);
}

function shape(ctx: Context, { x, y, traits }: Seat, radius: number): void {
  if (traits & ACCESSIBLE) {
    ctx.roundRect(x - radius, y - radius, 2 * radius, 2 * radius, radius * 0.3);
    return;
  }
  ctx.moveTo(x + radius, y);
  ctx.arc(x, y, radius, 0, TURN);
}

function paintMarks(brush: Brush, seats: readonly Seat[], radius: number): void {
  const { ctx, palette } = brush;
  for (const { x, y, state, traits, category } of seats) {
    if (state !== FREE) continue;
    if (traits & RESTRICTED_VIEW) {
      ctx.fillStyle = palette.theme.floor.css;
      disc(ctx, x + radius * 0.72, y - radius * 0.72, radius * 0.52);
    }
    ctx.fillStyle = ctx.strokeStyle = palette.categories[category]?.on ?? palette.theme.floor.css;
    if (traits & ACCESSIBLE) paintWheelchair(ctx, x, y, radius * 0.82);
  }
}

/** Somebody in a wheelchair, seen from the side. */
function paintWheelchair(ctx: Context, x: number, y: number, size: number): void {
  disc(ctx, x - size * 0.16, y - size * 0.72, size * 0.2);
  ctx.lineWidth = size * 0.2;
  ctx.lineCap = ctx.lineJoin = 'round';
  ctx.beginPath();
  ctx.moveTo(x - size * 0.16, y - size * 0.4);
  ctx.lineTo(x - size * 0.12, y + size * 0.12);
  ctx.lineTo(x + size * 0.36, y + size * 0.14);
  ctx.lineTo(x + size * 0.6, y + size * 0.68);
  ctx.moveTo(x - size * 0.14, y - size * 0.14);
  ctx.lineTo(x + size * 0.3, y - size * 0.14);
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(x - size * 0.1, y + size * 0.34, size * 0.5, 0.08 * TURN, 0.66 * TURN);
  ctx.stroke();
}

function paintNumbers({ ctx, palette }: Brush, seats: readonly Seat[], radius: number): void {
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  let size = 0;
  for (const { x, y, state, traits, category, label } of seats) {
    if (state !== FREE || traits & ACCESSIBLE) continue;
    const text = traits & COMPANION ? `+${label}` : label;
    if (text === '') continue;
    const fits = radius * (label === '' ? 1.8 : text.length < 3 ? 0.95 : 2.3 / text.length);
    if (fits !== size) {
      size = fits;
      // Setting a font costs as much as the text.
      ctx.font = `600 ${size.toFixed(1)}px ${palette.font}`;
    }
    ctx.fillStyle = palette.categories[category]?.on ?? palette.theme.floor.css;
    ctx.fillText(text, x, y + radius * 0.06);
  }
}

/** The fan's own: a disc in the opposite of the floor, with a check. */
export function paintMine({ ctx, palette }: Brush, { x, y }: Point, radius: number): void {
  const { theme } = palette;
  ctx.fillStyle = theme.floor.css;
  disc(ctx, x, y, radius * 1.25);
  ctx.fillStyle = theme.mine.css;
  disc(ctx, x, y, radius * 1.06);
  ctx.strokeStyle = theme['on-mine'].css;
  ctx.lineWidth = radius * 0.26;
  ctx.lineCap = ctx.lineJoin = 'round';
  ctx.beginPath();
  ctx.moveTo(x - radius * 0.44, y + radius * 0.04);
  ctx.lineTo(x - radius * 0.1, y + radius * 0.38);
  ctx.lineTo(x + radius * 0.48, y - radius * 0.34);
  ctx.stroke();
}

function disc(ctx: Context, x: number, y: number, radius: number): void {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, TURN);
  ctx.fill();
}
