/** A chart as fans will see it, every place free. */
import { useSignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { Schemas } from '../../api/client';
import { loadArea } from '../../i18n';
import { FREE } from '../../model/frames';

type Seats = typeof import('../seats');

const NONE: ReadonlySet<number> = new Set();

export function Preview({ chart }: { chart: Schemas['ChartView'] }) {
  const [seats, setSeats] = useState<Seats | null>(null);
  const states = useSignal(new Uint8Array());
  const version = useSignal(0);
  useEffect(() => {
    states.value = new Uint8Array(chart.places).fill(FREE);
    version.value += 1;
  }, [chart, states, version]);
  useEffect(() => {
    // The map is loaded as it is for fans, and only by those who look at one. Without a connection
    // the place stays empty; the facts beside it are there all the same.
    const loading = Promise.all([import('../seats'), loadArea('seats')]);
    void loading.then(([loaded]) => setSeats(loaded)).catch(() => undefined);
  }, []);
  if (seats === null) return <span class="bone organise-map" />;
  return (
    <div class="organise-map">
      <seats.SeatMap
        chart={chart}
        states={states}
        version={version}
        mine={NONE}
        selectable={false}
        priceOf={() => null}
        hiddenCategories={NONE}
        onPick={() => undefined}
        strings={seats.mapStrings()}
      />
    </div>
  );
}
