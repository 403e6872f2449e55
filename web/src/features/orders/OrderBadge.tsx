/** Where an order stands: a sign and a word. */
import type { Schemas } from '../../api/client';
import { texts } from '../../i18n';
import { CHECK, CLOCK, CROSS, Icon } from '../../ui/icon';
import { BACK } from '../../ui/signs';

const t = texts('buy');

type State = Schemas['OrderStateView'];

const LOOKS: Record<State, [icon: string, tone: string]> = {
  awaiting_payment: [CLOCK, 'badge-warn'],
  paid: [CHECK, 'badge-good'],
  expired: [CROSS, ''],
  cancelled: [CROSS, ''],
  returned: [BACK, 'badge-accent'],
};

export function OrderBadge({ state }: { state: State }) {
  const [icon, tone] = LOOKS[state];
  return (
    <span class={`badge ${tone}`}>
      <Icon path={icon} size={14} />
      {t(`state.${state}`)}
    </span>
  );
}
