/** How a sale stands: always a sign and a word, never a colour alone. */
import type { Schemas } from '../api/client';
import { texts } from '../i18n';
import { CLOCK, CROSS, Icon, PAUSE, PEOPLE, TICKET } from './icon';

const t = texts();

type State = Schemas['SaleState'];

const LOOKS: Record<State, [icon: string, tone: string]> = {
  scheduled: [CLOCK, ''],
  lobby: [PEOPLE, 'badge-accent'],
  open: [TICKET, 'badge-good'],
  paused: [PAUSE, 'badge-warn'],
  sold_out: [CROSS, 'badge-bad'],
  closed: [CROSS, ''],
};

export function SaleBadge({ state }: { state: State }) {
  const [icon, tone] = LOOKS[state];
  return (
    <span class={`badge ${tone}`}>
      <Icon path={icon} size={14} />
      {t(`sale.${state}`)}
    </span>
  );
}

/** What a sale is by the clock of now: a list that was loaded before the opening says so. */
export function saleState(sale: Schemas['SaleView'], nowMs: number): State {
  const opens = Date.parse(sale.opens_at);
  const lobby = Date.parse(sale.lobby_opens_at);
  if (sale.state !== 'closed' && nowMs >= Date.parse(sale.closes_at)) return 'closed';
  if (sale.state === 'scheduled' && nowMs >= lobby) return nowMs >= opens ? 'open' : 'lobby';
  if (sale.state === 'lobby' && nowMs >= opens) return 'open';
  return sale.state;
}
