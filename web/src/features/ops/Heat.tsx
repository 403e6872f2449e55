/** The places of an event as they were: a picture, and the same by section as a table. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import { texts } from '../../i18n';
import { number } from '../../i18n/format';
import { bySection, bytesOf, shadeOf, shadeOfTimes, timesBySection } from '../../model/past';
import { paint } from './heat';

const t = texts('operator');

type ChartView = Schemas['ChartView'];
type Contention = Schemas['ContentionView'];

/** By shade. */
const STATES = ['free', 'sold', 'off', 'held_0', 'held_1', 'held_3', 'held_5'] as const;
const TIMES = ['never', 'once', 'twice', 'often', 'very_often'] as const;
/** Shades that say something of how often a place was held begin here. */
const TIMES_FROM = 2;

export function Heat({ event, past }: { event: string; past: Schemas['PastView'] }) {
  const chart = useChart(past.chart);
  const [isTimes, setTimes] = useState(false);
  const contention = useContention(event, past.seq, isTimes);
  const { free, held, sold } = past;
  const states = useMemo(() => bytesOf(past.places), [past]);
  const times = useMemo(() => (contention === null ? null : bytesOf(contention.places)), [contention]);
  const shown = isTimes && contention !== null && times !== null;
  const shades = useMemo(
    () => (shown ? states.map((_, place) => shadeOfTimes(times[place] ?? 0)) : states.map(shadeOf)),
    [states, times, shown],
  );
  return (
    <section class="stack-s">
      <div class="row spread">
        <h3>{t('ops.seats')}</h3>
        <select
          class="ops-choice"
          name="heat"
          aria-label={t('ops.shown')}
          onChange={(event) => setTimes(event.currentTarget.value === 'times')}
        >
          <option value="states">{t('ops.shown_states')}</option>
          <option value="times">{t('ops.shown_times')}</option>
        </select>
      </div>
      <Picture
        chart={chart}
        shades={shades}
        label={shown ? t('ops.shown_times') : t('operator.share', { sold, held, free })}
      />
      <ul class="ops-legend small">
        {shown
          ? TIMES.map((name, index) => (
              <li key={name}>
                <i class={`ops-shade ops-shade-${STATES[index + TIMES_FROM] ?? 'off'}`} />
                {t(`shade.${name}`)}
              </li>
            ))
          : STATES.map((name) => (
              <li key={name}>
                <i class={`ops-shade ops-shade-${name}`} />
                {t(`shade.${name}`)}
              </li>
            ))}
      </ul>
      {shown && (
        <p class="soft small num">
          {t('ops.counted_over', { from: contention.from, to: contention.to })}
        </p>
      )}
      {chart !== null && <Sections chart={chart} states={states} times={shown ? times : null} />}
    </section>
  );
}

function Picture(props: { chart: ChartView | null; shades: Uint8Array; label: string }) {
  const { chart, shades, label } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const swatches = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (element === null || chart === null) return undefined;
    const draw = () => {
      const all = Array.from(swatches.current?.children ?? []);
      const colours = all.map((one) => getComputedStyle(one).backgroundColor);
      paint(element, chart, shades, [...colours, getComputedStyle(element).color]);
    };
    return redrawn(element, draw);
  }, [chart, shades]);
  return (
    <>
      <canvas ref={canvas} class="ops-heat" role="img" aria-label={label} />
      <div ref={swatches} hidden>
        {STATES.map((name) => (
          <i key={name} class={`ops-shade-${name}`} />
        ))}
      </div>
    </>
  );
}

function Sections(props: { chart: ChartView; states: Uint8Array; times: Uint8Array | null }) {
  const { chart, states, times } = props;
  const held = times === null ? [] : timesBySection(chart, times);
  return (
    <details>
      <summary>{t('ops.as_table')}</summary>
      <div class="scroll" role="region" aria-label={t('ops.seats')} tabIndex={0}>
        <table class="ops-table ops-sums num">
          <thead>
            <tr>
              <th scope="col">{t('ops.section')}</th>
              <th scope="col">{t('ops.free')}</th>
              <th scope="col">{t('ops.held')}</th>
              <th scope="col">{t('ops.sold')}</th>
              {times !== null && <th scope="col">{t('ops.times')}</th>}
            </tr>
          </thead>
          <tbody>
            {bySection(chart, states).map((section, index) => (
              <tr key={index}>
                <th scope="row">{section.label}</th>
                <td>{number(section.free)}</td>
                <td>{number(section.held)}</td>
                <td>{number(section.sold)}</td>
                {times !== null && <td>{number(held[index]?.times ?? 0)}</td>}
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

/** How often places were held up to a record; asked for only while it is shown. */
function useContention(event: string, seq: number, shown: boolean): Contention | null {
  const [contention, setContention] = useState<Contention | null>(null);
  useEffect(() => {
    if (!shown) return undefined;
    let wanted = true;
    const params = { path: { event }, query: { seq } };
    void answer(api.GET('/api/v1/ops/events/{event}/contention', { params })).then((got) => {
      if (wanted && got.ok) setContention(got.value);
    });
    return () => void (wanted = false);
  }, [event, seq, shown]);
  return contention;
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
