/** Which categories the map shows, with their price and what is left of them. */
import { useComputed } from '@preact/signals';
import type { Live } from '../../api/live';
import { texts } from '../../i18n';
import { FREE } from '../../model/frames';
import type { EventView } from '../../state/event';
import { Swatch } from '../../ui/swatch';
import { freeByCategory, type ChartView } from './chart';

const t = texts('seats');

export function CategoryFilter(props: {
  event: EventView;
  chart: ChartView;
  live: Live;
  hidden: ReadonlySet<number>;
  priceOf: (category: number) => string | null;
  onChange: (hidden: ReadonlySet<number>) => void;
}) {
  const { event, chart, live, hidden, priceOf, onChange } = props;
  const left = useComputed(() => freeByCategory(chart, live.states.value, FREE));
  const toggle = (index: number) => {
    const next = new Set(hidden);
    if (!next.delete(index)) next.add(index);
    onChange(next);
  };
  return (
    <fieldset class="panel choice">
      <legend>{t('filter.legend')}</legend>
      <ul class="filters">
        {event.categories.map((category, index) => {
          const price = priceOf(index);
          if (price === null) return null;
          return (
            <li key={category.key}>
              <label class="filter">
                <input
                  type="checkbox"
                  checked={!hidden.has(index)}
                  onChange={() => toggle(index)}
                />
                <Swatch color={category.color} />
                <span class="filter-name">{category.label}</span>
                <span class="num filter-price">{price}</span>
                <span class="small soft num">
                  {t('filter.left', { n: left.value[index] ?? 0 })}
                </span>
              </label>
            </li>
          );
        })}
      </ul>
      {hidden.size > 0 && (
        <button type="button" class="button button-quiet" onClick={() => onChange(new Set())}>
          {t('filter.all')}
        </button>
      )}
    </fieldset>
  );
}
