/**
 * A picture for an event that has none: a house of seats, laid out by the event's id. The same event
 * looks the same everywhere; it carries no meaning and is hidden from screen readers.
 */
import { useMemo } from 'preact/hooks';

const HUES = [246, 12, 168, 38, 320, 205, 92, 278];

export function Poster({ id, class: named = '' }: { id: string; class?: string }) {
  const { lit, dark, hue } = useMemo(() => layOut(id), [id]);
  const light = `hsl(${(hue + 28) % 360} 92% 76%)`;
  return (
    <svg
      class={`poster ${named}`}
      viewBox="0 0 160 100"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      <rect width="160" height="100" fill={`hsl(${hue} 55% 17%)`} />
      <path d="M80 116 20 -10h120Z" fill={`hsl(${hue} 90% 75% / 0.1)`} />
      <g fill="none" stroke-width="4.8" stroke-linecap="round">
        <path d={dark} stroke={`hsl(${hue} 42% 36%)`} />
        <path d={lit} stroke={light} />
      </g>
      <rect x="56" y="90" width="48" height="20" rx="3" fill={light} />
    </svg>
  );
}

/** Rows around a stage, a dot for each seat; which of them are lit follows from the id. */
function layOut(id: string): { lit: string; dark: string; hue: number } {
  let state = 0;
  for (const char of id) state = (Math.imul(state, 31) + char.charCodeAt(0)) | 0;
  // A small generator is enough for a picture (mulberry32).
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const hue = HUES[Math.floor(random() * HUES.length)] ?? 246;
  const squash = 0.72 + random() * 0.3;
  const aisle = 0.06 + random() * 0.06;
  const share = 0.18 + random() * 0.2;
  let [lit, dark] = ['', ''];
  for (let row = 0; row < 7; row += 1) {
    const radius = 34 + row * 12;
    const seats = Math.floor((Math.PI * radius) / 8.4);
    for (let seat = 0; seat <= seats; seat += 1) {
      const turn = seat / seats;
      if (Math.abs(turn - 0.33) < aisle / 2 || Math.abs(turn - 0.67) < aisle / 2) continue;
      const angle = Math.PI * (1 + turn);
      const x = Math.round(80 + Math.cos(angle) * radius * 1.08);
      const y = Math.round(104 + Math.sin(angle) * radius * squash);
      if (random() < share) lit += `M${x} ${y}h0`;
      else dark += `M${x} ${y}h0`;
    }
  }
  return { lit, dark, hue };
}
