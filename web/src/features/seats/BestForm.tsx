/** Has the server find the best seats for a party, in the categories that are shown. */
import { useState } from 'preact/hooks';
import type { Problem } from '../../api/problem';
import { texts } from '../../i18n';
import type { EventView } from '../../state/event';
import { Icon } from '../../ui/icon';
import { ProblemNote } from '../../ui/notes';
import { announce } from '../../ui/page';
import { SPARK } from '../../ui/signs';
import { Stepper } from './Stepper';
import { isBusy } from './cart';
import type { ChartView } from './chart';
import { wantedOf } from './rows';
import type { CartAtWork } from './useCart';

const t = texts('seats');

export function BestForm(props: {
  event: EventView;
  chart: ChartView;
  hidden: ReadonlySet<number>;
  ticketType: string;
  work: CartAtWork;
}) {
  const { event, chart, hidden, ticketType, work } = props;
  const [quantity, setQuantity] = useState(2);
  const [accessible, setAccessible] = useState(0);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const max = event.rules.places_per_hold_max;
  const n = Math.min(quantity, max);

  const submit = async (submitted: Event) => {
    submitted.preventDefault();
    setBusy(true);
    setProblem(null);
    const shown = event.categories.filter((_, index) => !hidden.has(index));
    const categories = hidden.size === 0 ? [] : shown.map((category) => category.key);
    const { hold } = work.cart;
    const party = {
      quantity: n,
      ticket_type: ticketType,
      accessible: Math.min(accessible, n),
      categories,
    };
    const got = await work.best(party, hold === null ? [] : wantedOf(hold, chart));
    setBusy(false);
    if (got.ok) announce(t('best.found', { n: got.value.items.length }));
    else setProblem(got.problem);
  };

  return (
    <form class="panel choice best" onSubmit={(submitted) => void submit(submitted)}>
      <h2>
        <Icon path={SPARK} />
        {t('best.title')}
      </h2>
      <Stepper label={t('best.quantity')} value={n} min={1} max={max} onChange={setQuantity} />
      <Stepper
        label={t('best.accessible')}
        value={Math.min(accessible, n)}
        min={0}
        max={n}
        onChange={setAccessible}
      />
      {work.cart.hold !== null && <p class="small soft">{t('best.replaces')}</p>}
      <ProblemNote problem={problem} />
      <button type="submit" class="button" disabled={busy || isBusy(work.cart)}>
        {t('best.submit', { n })}
      </button>
    </form>
  );
}
