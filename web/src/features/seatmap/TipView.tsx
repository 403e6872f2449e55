/** What is said beside the pointer. Screen readers hear it elsewhere. */
import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Tip } from './navigator';

/** Nearer to the upper edge than this, the tip is below the pointer. */
const FLIP_PX = 120;

export function TipView({ tip }: { readonly tip: ReadonlySignal<Tip | null> }): JSX.Element | null {
  if (tip.value === null) return null;
  const { at, description } = tip.value;
  const down = at.y < FLIP_PX ? '1.5rem' : 'calc(-100% - 1rem)';
  const style = {
    // Half its width from the edges.
    left: `clamp(8.25rem, ${at.x}px, 100% - 8.25rem)`,
    top: `${at.y}px`,
    transform: `translate(-50%, ${down})`,
  };
  return (
    <div class="seatmap-tip" style={style} aria-hidden="true">
      <strong>{description.name}</strong>
      {description.details.map((detail) => (
        <span key={detail}>{detail}</span>
      ))}
    </div>
  );
}
