/**
 * The seat map: a picture for those who see and point, keys for those who type, and a list of
 * sections, rows and seats for those who read. Start reading at {@link SeatMap}.
 */
import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import type { JSX, Ref } from 'preact';
import type { Knowledge } from './describe';
import { listen } from './gestures';
import type { ChartView } from './chart';
import { layoutOf } from './layout';
import { Legend } from './Legend';
import { Navigator, type Tip } from './navigator';
import { Renderer } from './renderer';
import { SeatList } from './SeatList';
import type { SeatMapStrings } from './strings';
import { Tally } from './tally';
import type { PickTarget } from './target';
import { TipView } from './TipView';
import { ListButton, Tools } from './Tools';
import './seatmap.css';

export type { PickTarget } from './target';
export type { SeatMapStrings } from './strings';

export interface SeatMapProps {
  readonly chart: ChartView;
  /** A `PlaceState` for each place; empty while nothing is known. */
  readonly states: ReadonlySignal<Uint8Array>;
  /** Changes whenever `states` does. */
  readonly version: ReadonlySignal<number>;
  /** Indices of the fan's own places. */
  readonly mine: ReadonlySet<number>;
  /** Whether places can be picked. */
  readonly selectable: boolean;
  readonly priceOf: (category: number) => string | null;
  /** Categories that are filtered out. */
  readonly hiddenCategories: ReadonlySet<number>;
  /** A free place to be taken, or one of the fan's own to be given back. */
  readonly onPick: (target: PickTarget) => void;
  readonly strings: SeatMapStrings;
}

export function SeatMap(props: SeatMapProps): JSX.Element {
  const { chart, strings } = props;
  const layout = useMemo(() => layoutOf(chart), [chart]);
  const tally = useMemo(() => new Tally(layout), [layout]);
  const isListed = useSignal(false);
  const help = useId();
  const known = { layout, tally, ...props };
  const { pane, navigator, said, tip } = usePicture(known);
  return (
    <div class="seatmap">
      <div
        class="seatmap-pane"
        ref={pane}
        role="application"
        tabIndex={0}
        aria-label={strings.map}
        aria-describedby={help}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (navigator()?.key(event.key)) event.preventDefault();
        }}
        onFocus={(event) => {
          if (event.currentTarget.matches(':focus-visible')) navigator()?.showFocus();
        }}
        onBlur={() => navigator()?.hideFocus()}
      >
        <canvas aria-hidden="true" />
        <canvas aria-hidden="true" />
        <TipView tip={tip} />
      </div>
      <Tools strings={strings} navigator={navigator} />
      <p id={help} class="seatmap-hidden">
        {strings.help}
      </p>
      <p class="seatmap-hidden" role="status" aria-live="polite">
        {said}
      </p>
      <div class="seatmap-foot">
        <Legend strings={strings} layout={layout} />
        <ListButton strings={strings} isListed={isListed} />
      </div>
      {isListed.value && (
        <SeatList
          known={known}
          version={props.version}
          selectable={props.selectable}
          onPick={props.onPick}
        />
      )}
    </div>
  );
}

interface Machine {
  readonly renderer: Renderer;
  readonly navigator: Navigator;
}

interface Picture {
  readonly pane: Ref<HTMLDivElement>;
  /** Null as long as there is no canvas to paint on. */
  readonly navigator: () => Navigator | null;
  readonly said: ReadonlySignal<string>;
  readonly tip: ReadonlySignal<Tip | null>;
}

/** The painted map in its element: made once for a chart, and told of every change. */
function usePicture(known: Knowledge & SeatMapProps): Picture {
  const { layout, tally, mine, hiddenCategories, strings, version } = known;
  const latest = useRef(known);
  latest.current = known;
  const pane = useRef<HTMLDivElement>(null);
  const machine = useRef<Machine | null>(null);
  const said = useSignal('');
  const tip = useSignal<Tip | null>(null);

  useEffect(() => {
    const element = pane.current;
    const [below, above] = element?.querySelectorAll('canvas') ?? [];
    const lower = below?.getContext('2d', { alpha: false });
    const upper = above?.getContext('2d');
    // Without a canvas there is still the list.
    if (!element || !lower || !upper) return undefined;
    const texts = (): SeatMapStrings => latest.current.strings;
    const renderer = new Renderer({ element, layout, tally, texts }, lower, upper);
    const navigator = new Navigator({
      renderer,
      known: () => latest.current,
      onSay: (text) => (said.value = text),
      onTip: (next) => (tip.value = next),
    });
    machine.current = { renderer, navigator };
    const ending = new AbortController();
    listen(element, navigator, ending.signal);
    watch(element, renderer, ending.signal);
    return () => {
      ending.abort();
      renderer.close();
      machine.current = null;
    };
  }, [layout, tally]);

  useEffect(() => {
    tally.hide(hiddenCategories);
    machine.current?.renderer.invalidate();
    // By content: a page may well make a new set each time.
  }, [tally, [...hiddenCategories].sort().join(), strings]);

  useEffect(() => {
    machine.current?.renderer.highlight({ mine });
    machine.current?.navigator.refresh();
  }, [tally, mine]);

  useEffect(
    () =>
      version.subscribe(() => {
        const changed = tally.update(latest.current.states.peek());
        machine.current?.renderer.changed(changed);
        machine.current?.navigator.refresh();
      }),
    [tally, version],
  );

  return { pane, navigator: () => machine.current?.navigator ?? null, said, tip };
}

/** Follows the size of the element and the theme of the page. */
function watch(element: HTMLElement, renderer: Renderer, signal: AbortSignal): void {
  const resize = (): void => {
    const { clientWidth: width, clientHeight: height } = element;
    if (width > 0 && height > 0) renderer.resize({ width, height });
  };
  resize();
  const sizes = new ResizeObserver(resize);
  sizes.observe(element);
  const retheme = (): void => renderer.retheme();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', retheme, { signal });
  const themes = new MutationObserver(retheme);
  themes.observe(document.documentElement, { attributeFilter: ['data-theme', 'class'] });
  signal.addEventListener('abort', () => {
    sizes.disconnect();
    themes.disconnect();
  });
}
