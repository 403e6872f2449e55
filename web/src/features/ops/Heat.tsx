/** The places of an event as they were: a picture, and the same by section as a table. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import { texts } from '../../i18n';
import { number } from '../../i18n/format';
import { bySection, bytesOf } from '../../model/past';
import { paint } from './heat';

const t = texts('operator');

type ChartView = Schemas['ChartView'];

/** By shade. */
const SHADES = ['free', 'sold', 'off', 'held_0', 'held_1', 'held_3', 'held_5'] as const;

export function Heat({ past }: { past: Schemas['PastView'] }) {
  const chart = useChart(past.chart);
  const canvas = useRef<HTMLCanvasElement>(null);
  const legend = useRef<HTMLUListElement>(null);
  const bytes = bytesOf(past.places);
  useEffect(() => {
    const element = canvas.current;
    if (element === null || chart === null) return undefined;
    const draw = () => {
      const swatches = legend.current?.querySelectorAll('i') ?? [];
      const colours = Array.from(swatches, (one) => getComputedStyle(one).backgroundColor);
      paint(element, chart, bytes, [...colours, getComputedStyle(element).color]);
    };
    return redrawn(element, draw);
  }, [chart, past]);
  const { free, held, sold } = past;
  return (
    <section class="stack-s">
      <h3>{t('ops.seats')}</h3>
      <canvas
        ref={canvas}
        class="ops-heat"
        role="img"
        aria-label={t('operator.share', { sold, held, free })}
      />
      <ul class="ops-legend small" ref={legend}>
        {SHADES.map((shade) => (
          <li key={shade}>
            <i class={`ops-shade ops-shade-${shade}`} />
            {t(`shade.${shade}`)}
          </li>
        ))}
      </ul>
      {chart !== null && <Sections chart={chart} bytes={bytes} />}
    </section>
  );
}

function Sections({ chart, bytes }: { chart: ChartView; bytes: Uint8Array }) {
  return (
    <details>
      <summary>{t('ops.as_table')}</summary>
      <div class="ops-scroll" role="region" aria-label={t('ops.seats')} tabIndex={0}>
        <table class="ops-table ops-sums num">
          <thead>
            <tr>
              <th scope="col">{t('ops.section')}</th>
              <th scope="col">{t('ops.free')}</th>
              <th scope="col">{t('ops.held')}</th>
              <th scope="col">{t('ops.sold')}</th>
            </tr>
          </thead>
          <tbody>
            {bySection(chart, bytes).map(({ label, free, held, sold }, index) => (
              <tr key={index}>
                <th scope="row">{label}</th>
                <td>{number(free)}</td>
                <td>{number(held)}</td>
                <td>{number(sold)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** A chart never changes; without it there is no picture, and the figures stay. */
function useChart(hash: string): ChartView | null {
  const [chart, setChart] = useState<ChartView | null>(null);
  useEffect(() => {
    let wanted = true;
    void answer(api.GET('/api/v1/charts/{hash}', { params: { path: { hash } } })).then((got) => {
      if (wanted && got.ok) setChart(got.value);
    });
    return () => void (wanted = false);
  }, [hash]);
  return chart;
}

/** Draws now, and again whenever the size or the theme changes. */
function redrawn(element: HTMLElement, draw: () => void): () => void {
  const ending = new AbortController();
  const sizes = new ResizeObserver(draw);
  sizes.observe(element);
  const themes = new MutationObserver(draw);
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', draw, { signal: ending.signal });
  return () => {
    sizes.disconnect();
    themes.disconnect();
    ending.abort();
  };
}
