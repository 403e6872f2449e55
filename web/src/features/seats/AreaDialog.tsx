/** How many places of a general-admission area: what one has counts, and can be given back. */
import { useState } from 'preact/hooks';
import type { Live } from '../../api/live';
import { texts } from '../../i18n';
import { money } from '../../i18n/dates';
import { FREE } from '../../model/frames';
import type { EventView } from '../../state/event';
import { Dialog } from '../../ui/dialog';
import { Stepper } from './Stepper';
import { categoryOf, placesOf, type ChartView } from './chart';
import { priceAs } from './prices';
import type { CartAtWork } from './useCart';

const t = texts('seats');

export function AreaDialog(props: {
  event: EventView;
  chart: ChartView;
  block: number;
  live: Live;
  work: CartAtWork;
  ticketType: string;
  onClose: () => void;
}) {
  const { event, chart, block: index, live, work, onClose } = props;
  const block = chart.blocks[index];
  const items = work.cart.hold?.items ?? [];
  const own = items.filter(
    (item) =>
      block !== undefined && item.place >= block.first && item.place < block.first + block.count,
  );
  const [wanted, setWanted] = useState(Math.max(1, own.length));
  if (block === undefined) return null;
  const price = priceAs(event, categoryOf(chart, block.first), props.ticketType);
  const states = live.states.value;
  const left = placesOf(block).filter((place) => states[place] === FREE).length;
  const room = event.rules.places_per_hold_max - (items.length - own.length);
  const max = Math.max(0, Math.min(room, own.length + left));
  const n = Math.min(wanted, max);
  const type = event.ticket_types.find((one) => one.key === price?.ticket_type);

  const take = (quantity: number) => {
    const more = quantity - own.length;
    if (more > 0 && price !== null) {
      const units = {
        type: 'units' as const,
        block: index,
        quantity: more,
        ticket_type: price.ticket_type,
      };
      work.wish({ type: 'add', wanted: units, places: placesOf(block) });
    } else if (more < 0) {
      // The latest go first.
      work.wish({ type: 'remove', places: own.slice(more).map((item) => item.place) });
    }
    onClose();
  };

  return (
    <Dialog title={t('area.title', { area: block.label })} onClose={onClose}>
      <p>{t('area.text')}</p>
      <p class="row spread">
        <b class="num">
          {price !== null && money(price.amount_minor, event.currency, event.currency_decimals)}{' '}
          <span class="soft small">{type?.label}</span>
        </b>
        <span class="soft small num">{t('area.left', { n: left })}</span>
      </p>
      <Stepper
        label={t('best.quantity')}
        value={n}
        min={Math.min(1, max)}
        max={max}
        onChange={setWanted}
      />
      <div class="actions">
        <button
          type="button"
          class="button button-main"
          disabled={n === own.length || n === 0}
          onClick={() => take(n)}
        >
          {t('area.take', { n })}
        </button>
        {own.length > 0 && (
          <button type="button" class="button button-bad" onClick={() => take(0)}>
            {t('area.none')}
          </button>
        )}
        <button type="button" class="button" onClick={onClose}>
          {t('app.cancel')}
        </button>
      </div>
    </Dialog>
  );
}
