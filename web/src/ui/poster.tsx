/**
 * The picture of an event. For one that has none a house of seats, laid out by the event's id: the same
 * event looks the same everywhere, carries no meaning and is hidden from screen readers.
 */
import { useMemo } from 'preact/hooks';
import type { Schemas } from '../api/client';
import { locale } from '../i18n';

interface Of {
  id: string;
  image?: Schemas['ImageView'] | null | undefined;
  class?: string;
}

export function Poster({ id, image, class: named = '' }: Of) {
  if (!image) return <House id={id} class={named} />;
  const { url, width, height, alt } = image;
  return (
    <img class={`poster ${named}`} src={url} width={width} height={height} alt={alt[locale.value]} />
  );
}

function House({ id, class: named }: { id: string; class: string }) {
  const [hue, lit, dark] = useMemo(() => layOut(id), [id]);
  const light = `hsl(${hue + 28} 92% 76%)`;
  return (
    <svg
      class={`poster ${named}`}
      viewBox="0 0 160 100"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      <path d="M0 0h160v100H0z" fill={`hsl(${hue} 55% 17%)`} />
      <path d="M80 116 20-10h120z" fill={`hsl(${hue} 90% 75% / 0.1)`} />
      <g fill="none" stroke-width="4.8" stroke-linecap="round">
        <path d={dark} stroke={`hsl(${hue} 42% 36%)`} />
        <path d={lit} stroke={light} />
      </g>
      <path d="M56 100v-7q0-3 3-3h42q3 0 3 3v7z" fill={light} />
    </svg>
  );
}

/** Rows around a stage, a dot for each seat; how many, and which are lit, follows from the id. */
function layOut(id: string): [hue: number, lit: string, dark: string] {
  let state = 0;
  for (const char of id) state = (Math.imul(state, 31) + char.charCodeAt(0)) | 0;
  // A small generator is enough for a picture.
  const random = () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    return (state >>> 8) / 0x1000000;
  };
  // Away from the yellows, which are muddy when they are dark.
  const hue = Math.round(130 + random() * 260);
  const squash = 0.75 + random() * 0.25;
  const share = 0.18 + random() * 0.2;
  let [lit, dark] = ['', ''];
  for (let radius = 34; radius < 112; radius += 12) {
    const seats = Math.floor(radius / 2.7);
    for (let seat = 0; seat <= seats; seat += 1) {
      const turn = seat / seats;
      if (Math.abs(Math.abs(turn - 0.5) - 0.17) < 0.04) continue;
      const x = Math.round(80 - Math.cos(turn * Math.PI) * radius * 1.08);
      const y = Math.round(104 - Math.sin(turn * Math.PI) * radius * squash);
      if (random() < share) lit += `M${x} ${y}h0`;
      else dark += `M${x} ${y}h0`;
    }
  }
  return [hue, lit, dark];
}
