/** A button for every gesture. */
import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Navigator } from './navigator';
import type { SeatMapStrings } from './strings';

interface ToolsProps {
  readonly strings: SeatMapStrings;
  readonly navigator: () => Navigator | null;
}

export function Tools({ strings, navigator }: ToolsProps): JSX.Element {
  return (
    <div class="seatmap-tools">
      {(['zoomIn', 'zoomOut', 'fit'] as const).map((tool) => (
        <button
          key={tool}
          type="button"
          class={`seatmap-tool seatmap-icon seatmap-icon-${tool}`}
          aria-label={strings[tool]}
          title={strings[tool]}
          onClick={() => navigator()?.[tool]()}
        />
      ))}
    </div>
  );
}

interface ListButtonProps {
  readonly strings: SeatMapStrings;
  readonly isListed: Signal<boolean>;
}

/** Opens and closes the list. */
export function ListButton({ strings, isListed }: ListButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class="seatmap-tool seatmap-icon seatmap-icon-list"
      aria-expanded={isListed.value}
      onClick={() => (isListed.value = !isListed.value)}
    >
      {isListed.value ? strings.closeList : strings.list}
    </button>
  );
}
