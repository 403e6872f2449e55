/** What the shapes on the map mean. */
import type { JSX } from 'preact';
import { ACCESSIBLE, COMPANION, RESTRICTED_VIEW } from './chart';
import type { Layout } from './layout';
import type { SeatMapStrings } from './strings';

interface LegendProps {
  readonly strings: SeatMapStrings;
  readonly layout: Layout;
}

export function Legend({ strings, layout }: LegendProps): JSX.Element {
  const traits = layout.traits.reduce((all, own) => all | own, 0);
  const { states } = strings;
  const entries: [mark: string, name: string][] = [
    ['free', states.free],
    ['mine', states.mine],
    ['held', states.held],
    ['sold', states.sold],
  ];
  if (traits & ACCESSIBLE) entries.push(['accessible', strings.accessible]);
  if (traits & COMPANION) entries.push(['companion', strings.companion]);
  if (traits & RESTRICTED_VIEW) entries.push(['restricted', strings.restrictedView]);
  return (
    <ul class="seatmap-legend" aria-label={strings.legend}>
      {entries.map(([mark, name]) => (
        <li key={mark} class={`seatmap-mark seatmap-mark-${mark}`}>
          {name}
        </li>
      ))}
    </ul>
  );
}
