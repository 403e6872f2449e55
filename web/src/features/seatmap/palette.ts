/**
 * Colours of the map. The theme's come from custom properties, the categories' from the chart and
 * are made darker or lighter until they stand out from the floor: a chart does not know the theme.
 */

/** Red, green and blue, each from 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Each is the custom property `--map-…` of the map's element. */
const NAMES = [
  'paper',
  'floor',
  'line',
  'ink',
  'soft',
  'held',
  'sold',
  'off',
  'mine',
  'on-mine',
  'stage',
  'on-stage',
  'focus',
] as const;

type ThemeName = (typeof NAMES)[number];

export interface Ink {
  readonly rgb: Rgb;
  readonly css: string;
}

export interface CategoryInk extends Ink {
  /** For text on it. */
  readonly on: string;
}

export interface Palette {
  readonly theme: Readonly<Record<ThemeName, Ink>>;
  readonly categories: readonly CategoryInk[];
  readonly font: string;
}

/** For categories without a colour of their own: the research palette's first. */
const NO_COLOR = '#0072b2';
/** WCAG 2.2, 1.4.11: what is needed to understand a graphic. */
const CONTRAST_MIN = 3;

/** Reads the theme from an element below which `--map-…` are set. */
export function readPalette(element: HTMLElement, colors: readonly string[]): Palette {
  // A custom property is text that may name other functions; a real property is worked out.
  const probe = document.createElement('span');
  element.append(probe);
  const style = getComputedStyle(probe);
  const read = (color: string): Rgb => {
    probe.style.color = color;
    return parseRgb(style.color);
  };
  const entries = NAMES.map((name) => [name, ink(read(`var(--map-${name})`))]);
  const theme = Object.fromEntries(entries) as Palette['theme'];
  const floor = theme.floor.rgb;
  const categories = colors.map((color) => categoryInk(read(color || NO_COLOR), floor));
  const font = style.fontFamily;
  probe.remove();
  return { theme, font, categories };
}

function categoryInk(color: Rgb, floor: Rgb): CategoryInk {
  const rgb = legible(color, floor, CONTRAST_MIN);
  const white: Rgb = [255, 255, 255];
  const black: Rgb = [17, 17, 17];
  return { ...ink(rgb), on: css(contrast(rgb, white) >= contrast(rgb, black) ? white : black) };
}

function ink(rgb: Rgb): Ink {
  return { rgb, css: css(rgb) };
}

/** Reads what browsers make of any colour: `rgb(1, 2, 3)`. */
export function parseRgb(text: string): Rgb {
  const [red = 128, green = 128, blue = 128] = text.match(/[\d.]+/g)?.map(Number) ?? [];
  return [red, green, blue];
}

export function css(color: Rgb): string {
  return `rgb(${color.map(Math.round).join(' ')})`;
}

/** So much of `b` in `a`. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const channel = (at: 0 | 1 | 2): number => a[at] + (b[at] - a[at]) * share;
  return [channel(0), channel(1), channel(2)];
}

/** The contrast of two colours, from 1 to 21 (WCAG 2.2). */
export function contrast(a: Rgb, b: Rgb): number {
  const [one, other] = [luminance(a), luminance(b)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** A colour, moved away from the ground as far as its contrast needs and no further. */
export function legible(color: Rgb, ground: Rgb, least: number): Rgb {
  const away: Rgb = luminance(ground) > 0.18 ? [0, 0, 0] : [255, 255, 255];
  for (let share = 0; share < 1; share += 0.04) {
    const moved = mix(color, away, share);
    if (contrast(moved, ground) >= least) return moved;
  }
  return away;
}

function luminance(color: Rgb): number {
  const linear = (at: 0 | 1 | 2): number => {
    const part = color[at] / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(0) + 0.7152 * linear(1) + 0.0722 * linear(2);
}
